// An event of Stripe's, made of event.json, and its signature.

import { createHmac } from 'node:crypto';

// order: one of club.sql's.
export function eventText(template, order, players) {
  const now = Math.floor(Date.now() / 1000);
  const values = {
    ORDER: order, PLAYER: 1 + (order - 1000001) % players, EVENT: `evt_1P${order}`, CREATED: now, EXPIRES: now + 86400,
  };
  return template.replace(/@([A-Z]+)@/g, (_, name) => values[name] ?? '');
}

// The value of the header Stripe-Signature.
export function signatureOf(secret, body) {
  const now = Math.floor(Date.now() / 1000);
  return `t=${now},v1=${createHmac('sha256', secret).update(`${now}.${body}`).digest('hex')}`;
}

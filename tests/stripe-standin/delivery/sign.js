// The Stripe-Signature header, as Stripe makes it: HMAC-SHA256 over `t.body` under the whole secret text.

import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';

export function readSecrets(settings) {
  const text = settings.webhookSecretFile
    ? readFileSync(settings.webhookSecretFile, 'utf8').replace(/\n$/, '')
    : settings.webhookSecret;
  const secrets = text
    .split(',')
    .map((s) => s.trim())
    .filter(Boolean);
  if (secrets.length === 0) throw new Error('no webhook secret is set');
  return secrets;
}

// Real time even when a test has moved the stand-in's clock: the receiver compares with its own.
// Several secrets, several v1: that is what a receiver sees while a secret is being rolled.
export function signatureHeader(body, secrets, t = Math.floor(Date.now() / 1000)) {
  const macs = secrets.map((secret) =>
    createHmac('sha256', secret).update(`${t}.`).update(body).digest('hex'),
  );
  return [`t=${t}`, ...macs.map((mac) => `v1=${mac}`)].join(',');
}

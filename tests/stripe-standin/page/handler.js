// GET shows the hosted page, POST does what the buyer chose.

import { decodePairs } from '../http/form.js';
import { readBody, send, sendHtml } from '../http/io.js';
import { declineCard, payByBank, payByCard, WrongState } from '../world/payment.js';
import { expireDue } from '../world/session.js';
import { missingPage, payPage, statePage } from './html.js';

// Stripe holds the buyer back this long for the webhook's answer to the completed session.
const WEBHOOK_WAIT_MS = 10000;

function redirect(res, url) {
  send(res, 303, { Location: url, 'Cache-Control': 'no-store' }, '');
}

const successUrl = (row) => row.object.success_url.replaceAll('{CHECKOUT_SESSION_ID}', row.object.id);

async function complete(standin, res, row, event) {
  await standin.deliveries.answered(event.object.id, WEBHOOK_WAIT_MS);
  redirect(res, successUrl(row));
}

function decline(standin, res, row, payer) {
  declineCard(standin.world, row, payer);
  sendHtml(res, 402, payPage(row, 'Your card was declined. Try another way to pay.'));
}

const ACTIONS = {
  pay: (standin, res, row, payer) => complete(standin, res, row, payByCard(standin.world, row, payer)),
  bank: (standin, res, row, payer) => complete(standin, res, row, payByBank(standin.world, row, payer)),
  decline,
  cancel: (standin, res, row) => redirect(res, row.object.cancel_url ?? row.object.url),
};

async function act(standin, req, res, row) {
  const form = Object.fromEntries(decodePairs((await readBody(req)).toString('utf8')));
  if (!Object.hasOwn(ACTIONS, form.action ?? ''))
    return sendHtml(res, 400, payPage(row, 'Choose one of the buttons.'));
  return ACTIONS[form.action](standin, res, row, { email: form.email, name: form.name });
}

export async function handlePage(standin, req, res, url) {
  expireDue(standin.world);
  const row = standin.world.sessions.row(url.pathname.slice('/c/pay/'.length));
  if (!row) return sendHtml(res, 404, missingPage());
  if (!['GET', 'HEAD', 'POST'].includes(req.method)) return send(res, 405, { Allow: 'GET, POST' }, '');
  if (row.object.status !== 'open')
    return sendHtml(res, req.method === 'POST' ? 409 : 200, statePage(row.object.status));
  if (req.method !== 'POST') return sendHtml(res, 200, payPage(row));
  try {
    return await act(standin, req, res, row);
  } catch (error) {
    if (!(error instanceof WrongState)) throw error;
    return sendHtml(res, 409, payPage(row, error.message));
  }
}

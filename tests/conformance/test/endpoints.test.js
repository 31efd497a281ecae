// Webhook endpoints that are made by a call: each has a secret of its own, and gets its events while it is enabled.

import assert from 'node:assert/strict';
import { after, before, beforeEach, afterEach, test } from 'node:test';
import { startReceiver, until } from '../../stripe-standin/harness.js';
import { sessionParams, startBench } from '../sdk.js';
import { validateResource } from '../validate.js';

const VERSION = '2026-07-29.dahlia';
let bench;
let stripe;
let receiver;

before(async () => {
  bench = await startBench();
  stripe = bench.client();
});
after(() => bench.finish());
beforeEach(async () => {
  await bench.standin.control('POST', '/reset');
  receiver = await startReceiver();
});
afterEach(() => receiver.stop());

const make = (enabled_events = ['checkout.session.completed']) =>
  stripe.webhookEndpoints.create({ url: receiver.url, enabled_events, api_version: VERSION });

async function pay() {
  const { id } = await stripe.checkout.sessions.create(sessionParams());
  await bench.standin.control('POST', `/sessions/${id}/pay`, {});
}

test('the answer to its making has the secret, and no later one does', async () => {
  const made = await make();
  assert.deepEqual(validateResource('webhook_endpoint', made), []);
  assert.match(made.secret, /^whsec_/);
  const [listed] = (await stripe.webhookEndpoints.list()).data;
  assert.deepEqual(validateResource('webhook_endpoint', listed), []);
  assert.equal(listed.id, made.id);
  assert.equal(listed.api_version, VERSION);
  assert.equal(listed.secret, undefined);
});

test('each gets what it wants, signed with its own secret, until it is disabled', async () => {
  const first = await make();
  const second = await make();
  await pay();
  await until(() => receiver.got.length === 2, 'a delivery to each');
  const fits = ({ body, headers }, secret) => {
    try {
      return Boolean(stripe.webhooks.constructEvent(body, headers['stripe-signature'], secret));
    } catch {
      return false;
    }
  };
  for (const { secret } of [first, second]) {
    assert.equal(receiver.got.filter((delivery) => fits(delivery, secret)).length, 1);
  }
  const disabled = await stripe.webhookEndpoints.update(first.id, { disabled: true });
  assert.equal(disabled.status, 'disabled');
  await pay();
  await until(() => receiver.got.length === 3, 'one delivery more');
  assert.ok(fits(receiver.got[2], second.secret));
});

test('what is missing or no address is refused', async () => {
  await assert.rejects(stripe.webhookEndpoints.create({ url: receiver.url }), { code: 'parameter_missing' });
  await assert.rejects(stripe.webhookEndpoints.create({ url: 'http://club.example/', enabled_events: ['*'] }), {
    type: 'StripeInvalidRequestError',
    param: 'url',
  });
  await assert.rejects(stripe.webhookEndpoints.update('we_unknown', { disabled: true }), {
    code: 'resource_missing',
  });
});

// Each refusal as the official SDK understands it: which class, which fields.

import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import Stripe from 'stripe';
import { RESTRICTED_KEY } from '../../stripe-standin/harness.js';
import { sessionParams, startBench } from '../sdk.js';

const { errors } = Stripe;
let bench;
let stripe;

before(async () => {
  bench = await startBench();
  stripe = bench.client();
});
beforeEach(() => bench.standin.control('DELETE', '/faults'));
after(() => bench.finish());

const create = (client = stripe) => client.checkout.sessions.create(sessionParams());
const fault = (more) =>
  bench.standin.control('POST', '/faults', { method: 'POST', path: '/v1/checkout/sessions', ...more });

test('a wrong key is an authentication error', async () => {
  await assert.rejects(create(bench.client('sk_test_nobody')), (error) => {
    assert.ok(error instanceof errors.StripeAuthenticationError);
    assert.equal(error.statusCode, 401);
    assert.equal(error.code, undefined);
    assert.match(error.requestId, /^req_/);
    return true;
  });
});

test('a revoked and an expired key are authentication errors', async () => {
  const restricted = bench.client(RESTRICTED_KEY);
  await bench.standin.control('POST', '/keys', { key: RESTRICTED_KEY, state: 'revoked' });
  await assert.rejects(create(restricted), errors.StripeAuthenticationError);
  await bench.standin.control('POST', '/keys', { key: RESTRICTED_KEY, state: 'expired' });
  await assert.rejects(create(restricted), { code: 'api_key_expired' });
  await bench.standin.control('POST', '/keys', { key: RESTRICTED_KEY, state: 'active' });
  assert.equal((await create(restricted)).status, 'open');
});

test('a right that a restricted key lacks is a permission error', async () => {
  const restricted = bench.client(RESTRICTED_KEY);
  await bench.standin.control('POST', '/keys', {
    key: RESTRICTED_KEY,
    denied: ['checkout_session_write', 'customer_*'],
  });
  await assert.rejects(
    create(restricted),
    (error) => error instanceof errors.StripePermissionError && error.statusCode === 403,
  );
  await assert.rejects(restricted.customers.list(), errors.StripePermissionError);
  assert.equal((await restricted.checkout.sessions.list()).object, 'list');
  await bench.standin.control('POST', '/keys', { key: RESTRICTED_KEY, denied: [] });
});

test('a missing object is an invalid request with 404', async () => {
  await assert.rejects(stripe.checkout.sessions.retrieve('cs_test_none'), (error) => {
    assert.ok(error instanceof errors.StripeInvalidRequestError);
    assert.deepEqual([error.statusCode, error.code, error.param], [404, 'resource_missing', 'session']);
    return true;
  });
  await assert.rejects(stripe.paymentIntents.retrieve('pi_none'), {
    code: 'resource_missing',
    param: 'intent',
  });
  await assert.rejects(stripe.charges.retrieve('ch_none'), { code: 'resource_missing', param: 'id' });
  await assert.rejects(stripe.refunds.retrieve('re_none'), { code: 'resource_missing', param: 'refund' });
  await assert.rejects(stripe.disputes.retrieve('du_none'), { code: 'resource_missing', param: 'dispute' });
  await assert.rejects(stripe.events.retrieve('evt_none'), { code: 'resource_missing', param: 'id' });
});

test("faults by status become the SDK's own classes", async () => {
  const classes = {
    401: errors.StripeAuthenticationError,
    402: errors.StripeCardError,
    403: errors.StripePermissionError,
    404: errors.StripeInvalidRequestError,
    409: errors.StripeIdempotencyError,
    429: errors.StripeRateLimitError,
    500: errors.StripeAPIError,
    503: errors.StripeAPIError,
  };
  for (const [status, kind] of Object.entries(classes)) {
    await fault({ status: Number(status) });
    await assert.rejects(create(), (error) => {
      assert.ok(error instanceof kind, `${status} became ${error.constructor.name}`);
      assert.equal(error.statusCode, Number(status));
      return true;
    });
  }
});

test('the SDK retries what it should, with the same key, until it works', async () => {
  await bench.standin.control('DELETE', '/requests');
  await fault({ status: 503, count: 2 });
  const patient = bench.client(undefined, { maxNetworkRetries: 2 });
  const session = await create(patient);
  assert.equal(session.status, 'open');
  const log = await bench.standin.control('GET', '/requests');
  assert.deepEqual(
    log.map((entry) => entry.status),
    [503, 503, 200],
  );
  assert.equal(new Set(log.map((entry) => entry.idempotency_key)).size, 1);
});

test('a dropped connection after execution is retried into the same session', async () => {
  await fault({ drop: 'after' });
  const before = await stripe.checkout.sessions.list({ limit: 100 });
  const session = await create(bench.client(undefined, { maxNetworkRetries: 1 }));
  const all = await stripe.checkout.sessions.list({ limit: 100 });
  assert.equal(all.data.length, before.data.length + 1);
  assert.equal(all.data[0].id, session.id);
});

test('a dropped connection without retries is a connection error', async () => {
  await fault({ drop: 'before' });
  await assert.rejects(create(), errors.StripeConnectionError);
});

test('a body cut short, or no JSON, is an API error', async () => {
  await fault({ status: 200, body: '<html>proxy</html>', headers: { 'Content-Type': 'text/html' } });
  await assert.rejects(create(), errors.StripeAPIError);
  await fault({ truncate: 100 });
  await assert.rejects(create());
});

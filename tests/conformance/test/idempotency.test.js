import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import Stripe from 'stripe';
import { LIVE_KEY, SESSION } from '../../stripe-standin/harness.js';
import { sessionParams, startBench } from '../sdk.js';

let bench;
let stripe;
let serial = 0;
let idempotencyKey;

before(async () => {
  bench = await startBench();
  stripe = bench.client();
});
beforeEach(async () => {
  await bench.standin.control('DELETE', '/faults');
  idempotencyKey = `key-${++serial}`;
});
after(() => bench.finish());

const create = (more, client = stripe) =>
  client.checkout.sessions.create(sessionParams(more), { idempotencyKey });
const fault = (more) =>
  bench.standin.control('POST', '/faults', { method: 'POST', path: '/v1/checkout/sessions', ...more });
const byHand = (form = SESSION) =>
  bench.standin.call('POST', '/v1/checkout/sessions', form, {
    headers: { 'Idempotency-Key': idempotencyKey },
  });

test('the same key and parameters give the same bytes, marked as replayed', async () => {
  const first = await byHand();
  const second = await byHand();
  assert.equal(second.text, first.text);
  assert.deepEqual(
    [first.headers.get('idempotent-replayed'), second.headers.get('idempotent-replayed')],
    [null, 'true'],
  );
  assert.equal(second.headers.get('idempotency-key'), idempotencyKey);
  const replayed = (await bench.standin.control('GET', '/requests')).filter(
    (e) => e.idempotency_key === idempotencyKey,
  );
  assert.deepEqual(
    replayed.map((e) => e.replayed),
    [false, true],
  );
});

test('a replay shows the session as it was born, not as it is', async () => {
  const born = await create();
  await bench.standin.control('POST', `/sessions/${born.id}/pay`, {});
  const again = await create();
  assert.deepEqual([again.id, again.status], [born.id, 'open']);
  assert.equal((await stripe.checkout.sessions.retrieve(born.id)).status, 'complete');
});

test('the same key with other parameters is an idempotency error', async () => {
  await create();
  await assert.rejects(create({ client_reference_id: '8' }), (error) => {
    assert.ok(error instanceof Stripe.errors.StripeIdempotencyError);
    assert.equal(error.statusCode, 400);
    return true;
  });
  await assert.rejects(
    stripe.customers.create({ name: 'x' }, { idempotencyKey }),
    Stripe.errors.StripeIdempotencyError,
  );
});

test('the same key while the first is under way is 409', async () => {
  await fault({ delay_ms: 300 });
  const first = create();
  await new Promise((resolve) => {
    setTimeout(resolve, 100);
  });
  await assert.rejects(create(), { statusCode: 409, code: 'idempotency_key_in_use' });
  const born = await first;
  assert.equal((await create()).id, born.id);
});

test('fifty at once end at one session', async () => {
  const retrying = bench.client(undefined, { maxNetworkRetries: 5 });
  const all = await Promise.all(Array.from({ length: 50 }, () => create({}, retrying)));
  assert.equal(new Set(all.map((s) => s.id)).size, 1);
});

test('a 500 is kept and replayed, though the fault is over', async () => {
  await fault({ status: 500 });
  await assert.rejects(create(), { statusCode: 500 });
  await assert.rejects(create(), { statusCode: 500 });
  const { headers } = await bench.standin.call('POST', '/v1/checkout/sessions', SESSION, {
    headers: { 'Idempotency-Key': 'other' },
  });
  assert.equal(headers.get('idempotent-replayed'), null);
});

test('nothing is kept for 401, 429, 503', async () => {
  for (const status of [401, 429, 503]) {
    await fault({ status });
    await assert.rejects(create(), { statusCode: status });
  }
  assert.equal((await create()).status, 'open');
});

test('nothing is kept when the parameters are refused', async () => {
  await assert.rejects(create({ mode: 'paid' }), { statusCode: 400 });
  assert.equal((await create()).status, 'open');
});

test('a refusal from inside the execution is replayed', async () => {
  const customer = await stripe.customers.create({ name: 'x' });
  await stripe.customers.del(customer.id);
  await assert.rejects(create({ customer: customer.id }), { code: 'resource_missing' });
  await assert.rejects(create({ customer: customer.id }), (error) => {
    assert.equal(error.headers['idempotent-replayed'], 'true');
    return true;
  });
  await assert.rejects(create(), Stripe.errors.StripeIdempotencyError);
});

test('a fault before execution leaves nothing behind, one after it leaves the session', async () => {
  await fault({ drop: 'before' });
  await assert.rejects(create());
  await bench.standin.control('DELETE', '/faults');
  await fault({ drop: 'after' });
  const before = (await bench.standin.control('GET', '/state')).sessions.length;
  await assert.rejects(create());
  await create();
  assert.equal((await bench.standin.control('GET', '/state')).sessions.length, before + 1);
});

test('modes do not share keys, and a key is forgotten after a day', async () => {
  const test1 = await create();
  const live = await create({}, bench.client(LIVE_KEY));
  assert.notEqual(live.id, test1.id);
  await bench.standin.control('POST', '/clock', { advance_seconds: 25 * 3600 });
  assert.notEqual((await create()).id, test1.id);
});

test('too long a key is refused, and GET takes no notice of one', async () => {
  idempotencyKey = 'x'.repeat(256);
  await assert.rejects(create(), { statusCode: 400 });
  const headers = { 'Idempotency-Key': 'read' };
  await bench.standin.call('GET', '/v1/customers', {}, { headers });
  const { status } = await bench.standin.call('GET', '/v1/events', {}, { headers });
  assert.equal(status, 200);
});

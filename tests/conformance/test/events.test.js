import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { LIVE_KEY } from '../../stripe-standin/harness.js';
import { paidSession, sessionParams, startBench } from '../sdk.js';
import { validateEvent } from '../validate.js';

let bench;
let stripe;

before(async () => {
  bench = await startBench();
  stripe = bench.client();
  for (let i = 0; i < 5; i++) await paidSession(bench, stripe);
});
after(() => bench.finish());

test('an event is an envelope around the whole resource, as it was', async () => {
  const { id, payment_intent: intent } = await paidSession(bench, stripe);
  await stripe.refunds.create({ payment_intent: intent.id });
  const [event] = (await stripe.events.list({ type: 'charge.succeeded', limit: 1 })).data;
  assert.deepEqual([event.object, event.api_version, event.livemode], ['event', '2026-07-29.dahlia', false]);
  assert.equal(event.data.object.refunded, false);
  assert.deepEqual(event.request, { id: null, idempotency_key: null });
  const [done] = (await stripe.events.list({ type: 'checkout.session.completed', limit: 1 })).data;
  assert.equal(done.data.object.id, id);
  assert.equal((await stripe.events.retrieve(done.id)).id, done.id);
});

test('an event that a request caused names the request and its key', async () => {
  const { id } = await stripe.checkout.sessions.create(sessionParams());
  const { lastResponse } = await stripe.checkout.sessions.expire(id, {}, { idempotencyKey: 'expire-1' });
  const [event] = (await stripe.events.list({ type: 'checkout.session.expired', limit: 1 })).data;
  assert.deepEqual(event.request, { id: lastResponse.requestId, idempotency_key: 'expire-1' });
});

test('the list is narrowed by type, by types, by wildcard, by time', async () => {
  const types = async (query) =>
    new Set((await stripe.events.list({ limit: 100, ...query })).data.map((e) => e.type));
  assert.deepEqual(await types({ type: 'charge.succeeded' }), new Set(['charge.succeeded']));
  assert.deepEqual(
    await types({ types: ['charge.succeeded', 'payment_intent.created'] }),
    new Set(['charge.succeeded', 'payment_intent.created']),
  );
  assert.deepEqual(await types({ type: 'charge.*' }), new Set(['charge.succeeded', 'charge.refunded']));
  assert.equal((await types({ created: { lt: 1000 } })).size, 0);
});

test('all pages together hold every event once, newest first', async () => {
  const seen = [];
  for await (const event of stripe.events.list({ limit: 3 })) seen.push(event);
  assert.equal(new Set(seen.map((event) => event.id)).size, seen.length);
  assert.ok(seen.length > 20);
  assert.ok(seen.every((event, i) => i === 0 || event.created <= seen[i - 1].created));
  const forward = await stripe.events.list({ ending_before: seen[10].id, limit: 100 });
  assert.deepEqual(
    forward.data.map((event) => event.id),
    seen.slice(0, 10).map((event) => event.id),
  );
});

test('modes keep their events apart', async () => {
  const live = bench.client(LIVE_KEY);
  assert.deepEqual((await live.events.list()).data, []);
  await live.customers.create({ name: 'x' });
  assert.equal((await live.events.list()).data[0].livemode, true);
});

test('an event made up by a test carries what Connect adds', async () => {
  const {
    data: [base],
  } = await stripe.events.list({ type: 'charge.succeeded', limit: 1 });
  const event = await bench.standin.control('POST', '/events', {
    type: 'charge.succeeded',
    object: base.data.object,
    account: 'acct_other',
  });
  assert.equal(event.account, 'acct_other');
  assert.deepEqual(validateEvent(event), []);
});

test('events vanish when wiped, and after 30 days', async () => {
  const all = (await stripe.events.list({ limit: 1 })).data;
  await bench.standin.control('POST', '/clock', { advance_seconds: 3600 });
  await stripe.customers.create({ name: 'late' });
  await bench.standin.control('POST', '/wipe_events', { older_than_seconds: 1800 });
  assert.deepEqual(
    (await stripe.events.list({ limit: 100 })).data.map((e) => e.type),
    ['customer.created'],
  );
  await assert.rejects(stripe.events.retrieve(all[0].id), { code: 'resource_missing' });
  await bench.standin.control('POST', '/clock', { advance_seconds: 31 * 24 * 3600 });
  assert.deepEqual(
    (await stripe.events.list({ limit: 100 })).data.filter((e) => e.type === 'customer.created'),
    [],
  );
});

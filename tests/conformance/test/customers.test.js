import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { LIVE_KEY } from '../../stripe-standin/harness.js';
import { sessionParams, startBench } from '../sdk.js';

let bench;
let stripe;

before(async () => {
  bench = await startBench();
  stripe = bench.client();
});
after(() => bench.finish());

test('a customer is created, read, changed and unset', async () => {
  const made = await stripe.customers.create({
    email: 'zoe@a.example',
    name: 'Zoë',
    phone: '+1 303',
    metadata: { parent_id: '3', k: 'v' },
  });
  assert.match(made.id, /^cus_/);
  assert.equal(made.livemode, false);
  const changed = await stripe.customers.update(made.id, { name: '', metadata: { k: '', more: 'x' } });
  assert.equal(changed.name, null);
  assert.deepEqual(changed.metadata, { parent_id: '3', more: 'x' });
  const read = await stripe.customers.retrieve(made.id);
  assert.equal(read.email, 'zoe@a.example');
  const emptied = await stripe.customers.update(made.id, { metadata: '' });
  assert.deepEqual(emptied.metadata, {});
});

test('the list by e-mail is exact and case-sensitive', async () => {
  await stripe.customers.create({ email: 'Lee@a.example' });
  assert.equal((await stripe.customers.list({ email: 'Lee@a.example' })).data.length, 1);
  assert.equal((await stripe.customers.list({ email: 'lee@a.example' })).data.length, 0);
});

test('the list is walked page by page, newest first, every customer once', async () => {
  const made = [];
  for (let i = 0; i < 23; i++)
    made.push((await stripe.customers.create({ email: 'walk@a.example', name: `N${i}` })).id);
  const seen = [];
  for await (const customer of stripe.customers.list({ email: 'walk@a.example', limit: 5 }))
    seen.push(customer.id);
  assert.deepEqual(seen, made.reverse());
});

test('a deleted customer reads as deleted and can be used for nothing', async () => {
  const { id } = await stripe.customers.create({ email: 'gone@a.example' });
  assert.deepEqual(
    (({ id: i, object, deleted }) => ({ i, object, deleted }))(await stripe.customers.del(id)),
    { i: id, object: 'customer', deleted: true },
  );
  const read = await stripe.customers.retrieve(id);
  assert.deepEqual([read.deleted, read.email], [true, undefined]);
  assert.equal((await stripe.customers.list({ email: 'gone@a.example' })).data.length, 0);
  await assert.rejects(stripe.customers.update(id, { name: 'x' }), {
    code: 'resource_missing',
    statusCode: 404,
  });
  await assert.rejects(stripe.customers.del(id), { code: 'resource_missing' });
  await assert.rejects(stripe.checkout.sessions.create(sessionParams({ customer: id })), {
    code: 'resource_missing',
    param: 'customer',
    statusCode: 400,
    type: 'StripeInvalidRequestError',
  });
});

test('a customer of the other mode is missing, and the message says why', async () => {
  const live = bench.client(LIVE_KEY);
  const { id, livemode } = await live.customers.create({ email: 'live@a.example' });
  assert.equal(livemode, true);
  await assert.rejects(stripe.customers.retrieve(id), (error) => {
    assert.equal(error.code, 'resource_missing');
    assert.equal(error.statusCode, 404);
    assert.match(error.message, /similar object exists in live mode, but a test mode key was used/);
    return true;
  });
  await assert.rejects(
    stripe.checkout.sessions.create(sessionParams({ customer: id })),
    /similar object exists in live mode/,
  );
});

test('bad e-mail, too long a name, too much metadata are refused', async () => {
  await assert.rejects(stripe.customers.create({ email: 'nobody' }), {
    code: 'email_invalid',
    param: 'email',
  });
  await assert.rejects(stripe.customers.create({ name: 'x'.repeat(257) }), {
    param: 'name',
    statusCode: 400,
  });
  const many = Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`k${i}`, 'v']));
  await assert.rejects(stripe.customers.create({ metadata: many }), { param: 'metadata' });
});

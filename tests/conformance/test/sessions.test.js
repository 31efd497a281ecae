import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { LIVE_KEY } from '../../stripe-standin/harness.js';
import { paidSession, sessionParams, startBench } from '../sdk.js';

let bench;
let stripe;

before(async () => {
  bench = await startBench();
  stripe = bench.client();
});
after(() => bench.finish());

const create = (more, options) => stripe.checkout.sessions.create(sessionParams(more), options);
const now = () => Math.floor(Date.now() / 1000);

test('a new session is open, unpaid, without an intent, for 24 hours', async () => {
  const session = await create({ locale: 'auto', adaptive_pricing: { enabled: false } });
  assert.match(session.id, /^cs_test_[A-Za-z0-9]{58,}$/);
  assert.deepEqual(
    [session.status, session.payment_status, session.payment_intent, session.mode, session.livemode],
    ['open', 'unpaid', null, 'payment', false],
  );
  assert.equal(session.amount_total, 15000);
  assert.equal(session.currency, 'usd');
  assert.equal(session.expires_at - session.created, 24 * 3600);
  assert.equal(session.url, `${bench.standin.base}/c/pay/${session.id}`);
  assert.deepEqual(session.metadata, { order_id: '7', teamdues: 'i1' });
  assert.equal(session.client_reference_id, '7');
  assert.equal(session.adaptive_pricing.enabled, false);
  assert.equal(session.line_items, undefined);
});

test('a paid one is complete: intent, charge, payer, metadata carried on', async () => {
  const customer = await stripe.customers.create({ email: 'kim@a.example', name: 'Kim' });
  const { id } = await create({ customer: customer.id });
  await bench.standin.control('POST', `/sessions/${id}/pay`, {});
  const session = await stripe.checkout.sessions.retrieve(id, {
    expand: ['payment_intent.latest_charge.balance_transaction', 'line_items.data.price.product', 'customer'],
  });
  assert.deepEqual([session.status, session.payment_status, session.url], ['complete', 'paid', null]);
  assert.equal(session.customer.id, customer.id);
  assert.equal(session.customer_details.email, 'kim@a.example');
  const intent = session.payment_intent;
  assert.equal(intent.status, 'succeeded');
  assert.equal(intent.amount_received, 15000);
  assert.equal(intent.customer, customer.id);
  assert.deepEqual(intent.metadata, { order_id: '7', teamdues: 'i1' });
  assert.deepEqual(intent.latest_charge.metadata, intent.metadata);
  assert.equal(intent.latest_charge.paid, true);
  assert.equal(
    intent.latest_charge.balance_transaction.net,
    15000 - intent.latest_charge.balance_transaction.fee,
  );
  assert.equal(session.line_items.data[0].price.product.name, 'Spring Tournament');
  assert.equal(intent.latest_charge.refunds, undefined);
});

test('line items have their own list', async () => {
  const { id } = await create({
    line_items: [1, 2, 3].map((n) => ({
      quantity: n,
      price_data: { currency: 'usd', unit_amount_decimal: '100.00', product_data: { name: `Item ${n}` } },
    })),
  });
  const items = await stripe.checkout.sessions.listLineItems(id, { limit: 2 });
  assert.equal(items.has_more, true);
  assert.deepEqual(
    items.data.map((item) => item.amount_total),
    [100, 200],
  );
  const rest = await stripe.checkout.sessions.listLineItems(id, { starting_after: items.data[1].id });
  assert.deepEqual(
    rest.data.map((item) => item.description),
    ['Item 3'],
  );
});

test('expire works while open, and only then', async () => {
  const open = await create();
  const expired = await stripe.checkout.sessions.expire(open.id);
  assert.deepEqual([expired.status, expired.url], ['expired', null]);
  await assert.rejects(stripe.checkout.sessions.expire(open.id), {
    statusCode: 400,
    type: 'StripeInvalidRequestError',
    code: undefined,
    message:
      'Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of `expired`.',
  });
  const paid = await paidSession(bench, stripe);
  await assert.rejects(stripe.checkout.sessions.expire(paid.id), /status of `complete`/);
});

test('a session dies at expires_at by itself, with its event', async () => {
  const session = await create({ expires_at: now() + 31 * 60 });
  await bench.standin.control('POST', '/clock', { advance_seconds: 32 * 60 });
  const read = await stripe.checkout.sessions.retrieve(session.id);
  assert.deepEqual([read.status, read.url], ['expired', null]);
  const events = await stripe.events.list({ type: 'checkout.session.expired', limit: 1 });
  assert.equal(events.data[0].data.object.id, session.id);
  await bench.standin.control('POST', '/clock', { advance_seconds: -32 * 60 });
});

test('expires_at is held to 30 minutes and 24 hours', async () => {
  await assert.rejects(create({ expires_at: now() + 29 * 60 }), { param: 'expires_at' });
  await assert.rejects(create({ expires_at: now() + 24 * 3600 + 60 }), { param: 'expires_at' });
  assert.equal((await create({ expires_at: now() + 3600 })).status, 'open');
});

test('a total of nothing needs no payment and no intent', async () => {
  const free = {
    quantity: 1,
    price_data: { currency: 'usd', unit_amount: 0, product_data: { name: 'Free' } },
  };
  const session = await paidSession(bench, stripe, { line_items: [free] });
  assert.deepEqual(
    [session.status, session.payment_status, session.payment_intent],
    ['complete', 'no_payment_required', null],
  );
});

test('customer_creation makes a customer from the payer', async () => {
  const { id } = await create({ customer_creation: 'always' });
  await bench.standin.control('POST', `/sessions/${id}/pay`, { email: 'new@a.example', name: 'New Payer' });
  const session = await stripe.checkout.sessions.retrieve(id, { expand: ['customer'] });
  assert.equal(session.customer.email, 'new@a.example');
  assert.equal((await paidSession(bench, stripe)).customer, null);
});

test('subscription and setup sessions exist for tests of foreign ones', async () => {
  const line = sessionParams().line_items[0];
  line.price_data.recurring = { interval: 'month' };
  const subscription = await create({
    mode: 'subscription',
    line_items: [line],
    payment_intent_data: undefined,
  });
  assert.equal(subscription.mode, 'subscription');
  const setup = await create({
    mode: 'setup',
    currency: 'usd',
    line_items: undefined,
    payment_intent_data: undefined,
  });
  assert.equal(setup.amount_total, null);
  await bench.standin.control('POST', `/sessions/${subscription.id}/pay`, {});
  const paid = await stripe.checkout.sessions.retrieve(subscription.id);
  assert.deepEqual([paid.payment_status, paid.payment_intent], ['paid', null]);
  assert.match(paid.subscription, /^sub_/);
});

test('the list filters, and walks every session once', async () => {
  const customer = await stripe.customers.create({ email: 'list@a.example' });
  const made = [];
  for (let i = 0; i < 12; i++) made.push((await create({ customer: customer.id })).id);
  await bench.standin.control('POST', `/sessions/${made[3]}/pay`, {});
  await stripe.checkout.sessions.expire(made[5]);
  const ids = async (query) => {
    const found = [];
    for await (const s of stripe.checkout.sessions.list({ customer: customer.id, limit: 5, ...query }))
      found.push(s.id);
    return found;
  };
  assert.deepEqual(await ids({}), [...made].reverse());
  assert.deepEqual(await ids({ status: 'complete' }), [made[3]]);
  assert.deepEqual(await ids({ status: 'expired' }), [made[5]]);
  assert.equal((await ids({ status: 'open' })).length, 10);
  assert.deepEqual(await ids({ created: { gt: now() + 5 } }), []);
  assert.equal((await ids({ created: { gte: now() - 60, lte: now() + 5 } })).length, 12);
  const paid = await stripe.checkout.sessions.retrieve(made[3]);
  const byIntent = await stripe.checkout.sessions.list({
    payment_intent: paid.payment_intent,
    expand: ['data.payment_intent.latest_charge'],
  });
  assert.deepEqual(
    byIntent.data.map((s) => s.id),
    [made[3]],
  );
  assert.equal(byIntent.data[0].payment_intent.latest_charge.amount, 15000);
  const back = await stripe.checkout.sessions.list({
    customer: customer.id,
    ending_before: made[2],
    limit: 3,
  });
  assert.deepEqual(
    back.data.map((s) => s.id),
    [made[5], made[4], made[3]],
  );
  assert.equal(back.has_more, true);
});

test('a session of the other mode is missing', async () => {
  const live = bench.client(LIVE_KEY);
  const session = await live.checkout.sessions.create(sessionParams());
  assert.match(session.id, /^cs_live_/);
  await assert.rejects(stripe.checkout.sessions.retrieve(session.id), {
    code: 'resource_missing',
    param: 'session',
    statusCode: 404,
    message: /No such checkout.session: cs_live_.*similar object exists in live mode/,
  });
});

test('live mode redirects to https only', async () => {
  const live = bench.client(LIVE_KEY);
  await assert.rejects(live.checkout.sessions.create(sessionParams({ success_url: 'http://a.example/' })), {
    param: 'success_url',
  });
  assert.equal((await create({ success_url: 'http://a.example/' })).status, 'open');
});

test('ui_mode is spelt as the version of the request spells it', async () => {
  assert.equal((await create({ ui_mode: 'hosted' }, { apiVersion: '2025-08-27.basil' })).ui_mode, 'hosted');
  assert.equal(
    (await create({ ui_mode: 'hosted_page' }, { apiVersion: '2026-07-29.dahlia' })).ui_mode,
    'hosted_page',
  );
  await assert.rejects(create({ ui_mode: 'hosted' }, { apiVersion: '2026-07-29.dahlia' }), {
    param: 'ui_mode',
  });
});

test('an empty value of metadata is no value', async () => {
  assert.deepEqual((await create({ metadata: { order_id: '7', note: '' } })).metadata, { order_id: '7' });
});

test('metadata can be changed afterwards', async () => {
  const { id } = await create();
  const changed = await stripe.checkout.sessions.update(id, { metadata: { order_id: '', note: 'n' } });
  assert.deepEqual(changed.metadata, { teamdues: 'i1', note: 'n' });
});

test('what cannot be expanded is refused, and so is a fifth level', async () => {
  const { id } = await create();
  await assert.rejects(stripe.checkout.sessions.retrieve(id, { expand: ['metadata'] }), {
    param: 'expand[0]',
  });
  await assert.rejects(stripe.checkout.sessions.list({ expand: ['payment_intent'] }), { param: 'expand[0]' });
  await assert.rejects(
    stripe.checkout.sessions.list({
      expand: ['data.payment_intent.latest_charge.balance_transaction.source'],
    }),
    { param: 'expand[0]' },
  );
});

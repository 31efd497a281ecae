// What happens at the bank: cards, debits, refunds, disputes; each with its events.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { paidSession, sessionParams, startBench } from '../sdk.js';

let bench;
let stripe;

before(async () => {
  bench = await startBench();
  stripe = bench.client();
});
after(() => bench.finish());

const control = (path, body = {}) => bench.standin.control('POST', path, body);

// The types of the events since `act` began, oldest first.
async function eventsOf(act) {
  const before = new Set((await stripe.events.list({ limit: 100 })).data.map((event) => event.id));
  await act();
  const after = (await stripe.events.list({ limit: 100 })).data.filter((event) => !before.has(event.id));
  return after.reverse();
}
const typesOf = async (act) => (await eventsOf(act)).map((event) => event.type);

async function openSession(more) {
  return (await stripe.checkout.sessions.create(sessionParams(more))).id;
}

test('a card payment makes its events in order', async () => {
  const id = await openSession();
  assert.deepEqual(await typesOf(() => control(`/sessions/${id}/pay`)), [
    'payment_intent.created',
    'charge.succeeded',
    'payment_intent.succeeded',
    'checkout.session.completed',
  ]);
});

test('a session is paid once', async () => {
  const id = await openSession();
  await control(`/sessions/${id}/pay`);
  await assert.rejects(control(`/sessions/${id}/pay`), { status: 409 });
  await assert.rejects(control(`/sessions/${id}/bank`), { status: 409 });
  await assert.rejects(control(`/sessions/${id}/settle`), { status: 409 });
});

test('a declined card leaves the session open, and the next try uses the same intent', async () => {
  const id = await openSession();
  const events = await eventsOf(() => control(`/sessions/${id}/decline`));
  assert.deepEqual(
    events.map((event) => event.type),
    ['payment_intent.created', 'charge.failed', 'payment_intent.payment_failed'],
  );
  const failed = events[2].data.object;
  assert.deepEqual(
    [failed.status, failed.last_payment_error.code, failed.metadata.order_id],
    ['requires_payment_method', 'card_declined', '7'],
  );
  const open = await stripe.checkout.sessions.retrieve(id);
  assert.deepEqual([open.status, open.payment_intent], ['open', null]);
  await control(`/sessions/${id}/pay`);
  const paid = await stripe.checkout.sessions.retrieve(id, { expand: ['payment_intent'] });
  assert.equal(paid.payment_intent.id, failed.id);
  assert.equal(paid.payment_intent.last_payment_error, null);
  const charges = await stripe.charges.list({ payment_intent: failed.id });
  assert.deepEqual(
    charges.data.map((charge) => charge.status),
    ['succeeded', 'failed'],
  );
});

test('a bank debit: complete and unpaid, then paid', async () => {
  const id = await openSession();
  assert.deepEqual(await typesOf(() => control(`/sessions/${id}/bank`)), [
    'payment_intent.created',
    'charge.pending',
    'payment_intent.processing',
    'checkout.session.completed',
  ]);
  const waiting = await stripe.checkout.sessions.retrieve(id, { expand: ['payment_intent.latest_charge'] });
  assert.deepEqual([waiting.status, waiting.payment_status], ['complete', 'unpaid']);
  assert.deepEqual(
    [waiting.payment_intent.status, waiting.payment_intent.latest_charge.status],
    ['processing', 'pending'],
  );
  assert.deepEqual(await typesOf(() => control(`/sessions/${id}/settle`)), [
    'charge.succeeded',
    'payment_intent.succeeded',
    'checkout.session.async_payment_succeeded',
  ]);
  assert.equal((await stripe.checkout.sessions.retrieve(id)).payment_status, 'paid');
});

test('a bank debit: complete and unpaid, then failed', async () => {
  const id = await openSession();
  await control(`/sessions/${id}/bank`);
  assert.deepEqual(await typesOf(() => control(`/sessions/${id}/fail`)), [
    'charge.failed',
    'payment_intent.payment_failed',
    'checkout.session.async_payment_failed',
  ]);
  const failed = await stripe.checkout.sessions.retrieve(id, { expand: ['payment_intent'] });
  assert.deepEqual(
    [failed.status, failed.payment_status, failed.payment_intent.status],
    ['complete', 'unpaid', 'requires_payment_method'],
  );
});

test('tests can make Stripe lie about what was paid', async () => {
  const id = await openSession();
  await control(`/sessions/${id}/pay`, {
    amount_lie: 100,
    alter: { metadata: {}, client_reference_id: null },
  });
  const session = await stripe.checkout.sessions.retrieve(id, { expand: ['payment_intent'] });
  assert.deepEqual(
    [session.amount_total, session.payment_intent.amount_received, session.client_reference_id],
    [100, 100, null],
  );
  assert.deepEqual(session.metadata, {});
});

test('refunds: in parts, then too much, then all, then none left', async () => {
  const {
    payment_intent: { id, latest_charge: charge },
  } = await paidSession(bench, stripe);
  const events = await eventsOf(() =>
    stripe.refunds.create({
      payment_intent: id,
      amount: 5000,
      reason: 'requested_by_customer',
      metadata: { why: 'x' },
    }),
  );
  assert.deepEqual(
    events.map((event) => event.type),
    ['refund.created', 'charge.refunded'],
  );
  assert.deepEqual([events[1].data.object.amount_refunded, events[1].data.object.refunded], [5000, false]);
  await assert.rejects(stripe.refunds.create({ payment_intent: id, amount: 10001 }), {
    param: 'amount',
    statusCode: 400,
  });
  const rest = await stripe.refunds.create({ charge: charge.id });
  assert.deepEqual([rest.amount, rest.status, rest.payment_intent], [10000, 'succeeded', id]);
  await assert.rejects(stripe.refunds.create({ charge: charge.id }), { code: 'charge_already_refunded' });
  const list = await stripe.refunds.list({ payment_intent: id });
  assert.deepEqual(
    list.data.map((refund) => refund.amount),
    [10000, 5000],
  );
  const read = await stripe.charges.retrieve(charge.id, { expand: ['refunds'] });
  assert.deepEqual([read.refunded, read.amount_refunded, read.refunds.data.length], [true, 15000, 2]);
  assert.deepEqual((await stripe.refunds.update(rest.id, { metadata: { a: 'b' } })).metadata, { a: 'b' });
});

test('a refund may be pending, succeed, and fail after that', async () => {
  const {
    payment_intent: { id, latest_charge: charge },
  } = await paidSession(bench, stripe);
  await control('/settings', { refund_status: 'pending' });
  const refund = await stripe.refunds.create({ payment_intent: id, amount: 5000 });
  await control('/settings', { refund_status: 'succeeded' });
  assert.equal(refund.status, 'pending');
  assert.deepEqual(await typesOf(() => control(`/refunds/${refund.id}/succeed`)), ['refund.updated']);
  assert.deepEqual(await typesOf(() => control(`/refunds/${refund.id}/fail`)), [
    'refund.updated',
    'refund.failed',
  ]);
  const failed = await stripe.refunds.retrieve(refund.id, { expand: ['charge', 'balance_transaction'] });
  assert.deepEqual([failed.status, failed.failure_reason], ['failed', 'expired_or_canceled_card']);
  assert.equal(failed.charge.amount_refunded, 0);
  assert.equal(failed.charge.id, charge.id);
  await assert.rejects(control(`/refunds/${refund.id}/fail`), { status: 409 });
});

test('what did not succeed cannot be refunded', async () => {
  const id = await openSession();
  await control(`/sessions/${id}/bank`);
  const { payment_intent: intent } = await stripe.checkout.sessions.retrieve(id);
  await assert.rejects(
    stripe.refunds.create({ payment_intent: intent }),
    /does not have a successful charge/,
  );
});

test('a dispute that is lost', async () => {
  const { payment_intent: intent } = await paidSession(bench, stripe);
  assert.deepEqual(
    await typesOf(() => control(`/payment_intents/${intent.id}/dispute`, { reason: 'product_not_received' })),
    ['charge.dispute.created', 'charge.dispute.funds_withdrawn'],
  );
  const [dispute] = (await stripe.disputes.list({ payment_intent: intent.id })).data;
  assert.deepEqual(
    [dispute.status, dispute.reason, dispute.amount],
    ['needs_response', 'product_not_received', 15000],
  );
  assert.equal(dispute.balance_transactions[0].amount, -15000);
  await assert.rejects(stripe.refunds.create({ payment_intent: intent.id }), {
    code: 'refund_disputed_payment',
  });
  assert.deepEqual(
    await typesOf(() => control(`/disputes/${dispute.id}/update`, { status: 'under_review' })),
    ['charge.dispute.updated'],
  );
  assert.deepEqual(await typesOf(() => control(`/disputes/${dispute.id}/close`, { status: 'lost' })), [
    'charge.dispute.closed',
  ]);
  assert.equal((await stripe.disputes.retrieve(dispute.id)).status, 'lost');
  assert.equal((await stripe.charges.retrieve(intent.latest_charge.id)).disputed, true);
});

test('a dispute that is won gives the money back', async () => {
  const { payment_intent: intent } = await paidSession(bench, stripe);
  const { id } = await control(`/payment_intents/${intent.id}/dispute`, { amount: 5000 });
  assert.deepEqual(await typesOf(() => control(`/disputes/${id}/close`, { status: 'won' })), [
    'charge.dispute.closed',
    'charge.dispute.funds_reinstated',
  ]);
  const dispute = await stripe.disputes.retrieve(id, { expand: ['charge', 'payment_intent'] });
  assert.deepEqual(
    dispute.balance_transactions.map((txn) => txn.amount),
    [-5000, 5000],
  );
  assert.equal(dispute.payment_intent.id, intent.id);
});

test('an inquiry moves no money and does not stop a refund', async () => {
  const { payment_intent: intent } = await paidSession(bench, stripe);
  assert.deepEqual(
    await typesOf(() =>
      control(`/payment_intents/${intent.id}/dispute`, { status: 'warning_needs_response' }),
    ),
    ['charge.dispute.created'],
  );
  const [dispute] = (await stripe.disputes.list({ charge: intent.latest_charge.id })).data;
  assert.equal(dispute.is_charge_refundable, true);
  assert.equal((await stripe.refunds.create({ payment_intent: intent.id })).status, 'succeeded');
  assert.equal(
    (await control(`/disputes/${dispute.id}/close`, { status: 'warning_closed' })).status,
    'warning_closed',
  );
  await assert.rejects(control(`/disputes/${dispute.id}/close`, { status: 'settled' }), { status: 409 });
});

test('intents and charges are listed, by customer too', async () => {
  const customer = await stripe.customers.create({ email: 'payer@a.example' });
  const { payment_intent: intent } = await paidSession(bench, stripe, { customer: customer.id });
  assert.deepEqual(
    (await stripe.paymentIntents.list({ customer: customer.id })).data.map((i) => i.id),
    [intent.id],
  );
  assert.deepEqual(
    (await stripe.charges.list({ customer: customer.id })).data.map((c) => c.id),
    [intent.latest_charge.id],
  );
  assert.equal(
    (await stripe.paymentIntents.retrieve(intent.id, { expand: ['latest_charge'] })).latest_charge.paid,
    true,
  );
});

test('account and balance can be asked for', async () => {
  assert.match((await stripe.accounts.retrieve()).id, /^acct_/);
  const balance = await stripe.balance.retrieve();
  assert.equal(balance.livemode, false);
  assert.equal(balance.pending[0].currency, 'usd');
});

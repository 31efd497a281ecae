// Refunds: money that goes back, at once, later, or not after all.

import { newId, randomText } from './ids.js';
import { changeCharge, WrongState } from './payment.js';

function addToCharge(charge, amount) {
  const amount_refunded = charge.object.amount_refunded + amount;
  changeCharge(charge, { amount_refunded, refunded: amount_refunded >= charge.object.amount });
}

const moves = (status) => status === 'succeeded' || status === 'pending';

function destination(charge, now) {
  const type = charge.object.payment_method_details.type;
  if (type !== 'card') return { type, [type]: {} };
  return {
    card: {
      reference: `${now}${randomText(4)}`,
      reference_status: 'available',
      reference_type: 'acquirer_reference_number',
      type: 'refund',
    },
    type: 'card',
  };
}

export function createRefund(world, charge, { amount, reason, metadata, status, instructionsEmail }) {
  const { object } = charge;
  const id = newId('re');
  const txn = moves(status)
    ? world.addTransaction(charge.live, {
        amount: -amount,
        fee: 0,
        currency: object.currency,
        type: 'refund',
        source: id,
      })
    : null;
  const refund = {
    id,
    object: 'refund',
    amount,
    balance_transaction: txn?.id ?? null,
    charge: object.id,
    created: world.now(),
    currency: object.currency,
    destination_details: destination(charge, world.now()),
    metadata: metadata ?? {},
    payment_intent: object.payment_intent,
    reason: reason ?? null,
    receipt_number: null,
    source_transfer_reversal: null,
    status,
    transfer_reversal: null,
    ...(instructionsEmail && { instructions_email: instructionsEmail }),
    ...(status === 'pending' && { pending_reason: 'processing' }),
  };
  const row = world.refunds.insert(refund, charge.live);
  addToCharge(charge, amount);
  world.emit('refund.created', row);
  world.emit('charge.refunded', charge);
  return row;
}

function change(world, row, fields) {
  const previous = Object.fromEntries(Object.keys(fields).map((name) => [name, row.object[name] ?? null]));
  const { pending_reason: dropped, ...rest } = row.object;
  row.object = { ...rest, ...fields };
  return world.emit('refund.updated', row, previous);
}

export function succeedRefund(world, row) {
  if (!['pending', 'requires_action'].includes(row.object.status))
    throw new WrongState(`refund is ${row.object.status}`);
  change(world, row, { status: 'succeeded' });
}

function giveBack(world, row) {
  addToCharge(world.charges.row(row.object.charge), -row.object.amount);
}

// May come long after `succeeded`: the bank sent the money back to Stripe.
export function failRefund(world, row, reason = 'expired_or_canceled_card') {
  if (['failed', 'canceled'].includes(row.object.status))
    throw new WrongState(`refund is ${row.object.status}`);
  const { amount, currency } = row.object;
  const txn = world.addTransaction(row.live, {
    amount,
    fee: 0,
    currency,
    type: 'refund_failure',
    source: row.object.id,
  });
  giveBack(world, row);
  change(world, row, { status: 'failed', failure_reason: reason, failure_balance_transaction: txn.id });
  world.emit('refund.failed', row);
}

export function cancelRefund(world, row) {
  if (!['pending', 'requires_action'].includes(row.object.status))
    throw new WrongState(`refund is ${row.object.status}`);
  giveBack(world, row);
  change(world, row, { status: 'canceled' });
}

export function updateRefund(world, row, metadata) {
  const before = row.object.metadata;
  row.object = { ...row.object, metadata };
  world.emit('refund.updated', row, { metadata: before });
}

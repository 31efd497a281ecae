// /v1/refunds

import { formatAmount } from '../world/currency.js';
import { mergeMetadata } from '../world/customer.js';
import { createRefund, updateRefund } from '../world/refund.js';
import { parameterMissing, parametersExclusive, refuseExecuted } from './errors.js';
import { find } from './lookup.js';
import { page } from './lists.js';

export function checkRefundForm({ values }) {
  if (values.charge !== undefined && values.payment_intent !== undefined) {
    throw parametersExclusive(['charge', 'payment_intent']);
  }
  if (values.charge === undefined && values.payment_intent === undefined) throw parameterMissing('charge');
}

function chargeOf(ctx) {
  const { charge, payment_intent: intentId } = ctx.values;
  if (charge !== undefined) return find(ctx, ctx.world.charges, charge, 'charge', 400);
  const intent = find(ctx, ctx.world.intents, intentId, 'payment_intent', 400);
  const row = ctx.world.charges.row(intent.object.latest_charge);
  if (row?.object.status === 'succeeded') return row;
  throw refuseExecuted(
    `This PaymentIntent (${intentId}) does not have a successful charge to refund.`,
    'payment_intent',
  );
}

// A lost or open dispute has the money already; an inquiry does not stop a refund.
function disputed(ctx, charge) {
  for (const { object } of ctx.world.disputes.all()) {
    if (object.charge === charge.object.id && !object.is_charge_refundable) return true;
  }
  return false;
}

function refundable(ctx, charge) {
  const { object } = charge;
  if (object.status !== 'succeeded') {
    throw refuseExecuted(`Charge ${object.id} did not succeed and cannot be refunded.`, 'charge');
  }
  if (object.refunded) {
    throw refuseExecuted(
      `Charge ${object.id} has already been refunded.`,
      undefined,
      'charge_already_refunded',
    );
  }
  if (disputed(ctx, charge)) {
    throw refuseExecuted(
      `Charge ${object.id} has been charged back; cannot issue a refund.`,
      undefined,
      'refund_disputed_payment',
    );
  }
  const left = object.amount - object.amount_refunded;
  const amount = ctx.values.amount ?? left;
  if (amount > left) {
    throw refuseExecuted(
      `Refund amount (${formatAmount(amount, object.currency)}) is greater than unrefunded amount on charge ` +
        `(${formatAmount(left, object.currency)})`,
      'amount',
    );
  }
  return amount;
}

export function create(ctx) {
  const charge = chargeOf(ctx);
  const amount = refundable(ctx, charge);
  return createRefund(ctx.world, charge, {
    amount,
    reason: ctx.values.reason,
    metadata: mergeMetadata({}, ctx.values.metadata),
    instructionsEmail: ctx.values.instructions_email,
    status: ctx.settings.refundStatus,
  }).object;
}

export const retrieve = (ctx) => find(ctx, ctx.world.refunds, ctx.id, 'refund').object;

export function update(ctx) {
  const row = find(ctx, ctx.world.refunds, ctx.id, 'refund');
  updateRefund(ctx.world, row, mergeMetadata(row.object.metadata, ctx.values.metadata));
  return row.object;
}

export function list(ctx) {
  const { charge, payment_intent: intent } = ctx.values;
  const wanted = ({ object }) =>
    (charge === undefined || object.charge === charge) &&
    (intent === undefined || object.payment_intent === intent);
  return page(ctx.world.refunds, ctx.live, ctx.values, { url: '/v1/refunds', wanted });
}

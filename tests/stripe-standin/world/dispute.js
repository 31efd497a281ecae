// Disputes: the payer's bank takes the money back, and sometimes returns it.

import { newId } from './ids.js';
import { changeCharge, WrongState } from './payment.js';

const DISPUTE_FEE = 1500;
const DAY_S = 24 * 3600;
export const OPEN_STATUSES = [
  'needs_response',
  'under_review',
  'warning_needs_response',
  'warning_under_review',
];
export const CLOSED_STATUSES = ['won', 'lost', 'warning_closed', 'charge_refunded', 'prevented'];

const isInquiry = (status) => status.startsWith('warning_');

const NO_EVIDENCE = Object.fromEntries(
  [
    'access_activity_log',
    'billing_address',
    'cancellation_policy',
    'cancellation_policy_disclosure',
    'cancellation_rebuttal',
    'customer_communication',
    'customer_email_address',
    'customer_name',
    'customer_purchase_ip',
    'customer_signature',
    'duplicate_charge_documentation',
    'duplicate_charge_explanation',
    'duplicate_charge_id',
    'product_description',
    'receipt',
    'refund_policy',
    'refund_policy_disclosure',
    'refund_refusal_explanation',
    'service_date',
    'service_documentation',
    'shipping_address',
    'shipping_carrier',
    'shipping_date',
    'shipping_documentation',
    'shipping_tracking_number',
    'uncategorized_file',
    'uncategorized_text',
  ].map((name) => [name, null]),
);

function makeDispute(world, charge, { amount, reason, status }) {
  const now = world.now();
  return {
    id: newId('du'),
    object: 'dispute',
    amount,
    balance_transactions: [],
    charge: charge.object.id,
    created: now,
    currency: charge.object.currency,
    enhanced_eligibility_types: [],
    evidence: { ...NO_EVIDENCE, enhanced_evidence: {} },
    evidence_details: {
      due_by: now + 9 * DAY_S,
      enhanced_eligibility: {},
      has_evidence: false,
      past_due: false,
      submission_count: 0,
    },
    is_charge_refundable: isInquiry(status),
    livemode: charge.live,
    metadata: {},
    payment_intent: charge.object.payment_intent,
    payment_method_details: {
      card: {
        brand: 'visa',
        case_type: isInquiry(status) ? 'inquiry' : 'chargeback',
        network_reason_code: '10.4',
      },
      type: 'card',
    },
    reason,
    status,
  };
}

export function openDispute(
  world,
  charge,
  { amount, reason = 'fraudulent', status = 'needs_response', funds = true },
) {
  if (charge?.object.status !== 'succeeded') throw new WrongState('there is no successful charge to dispute');
  if (!OPEN_STATUSES.includes(status))
    throw new WrongState(`a dispute is born as one of ${OPEN_STATUSES.join(', ')}`);
  const object = makeDispute(world, charge, { amount: amount ?? charge.object.amount, reason, status });
  const row = world.disputes.insert(object, charge.live);
  changeCharge(charge, { disputed: true });
  world.emit('charge.dispute.created', row);
  if (funds && !isInquiry(status)) withdrawFunds(world, row);
  return row;
}

function moveFunds(world, row, amount, fee, type) {
  const txn = world.addTransaction(row.live, {
    amount,
    fee,
    currency: row.object.currency,
    type: 'adjustment',
    source: row.object.id,
  });
  row.object = { ...row.object, balance_transactions: [...row.object.balance_transactions, txn] };
  return world.emit(type, row);
}

export function withdrawFunds(world, row) {
  return moveFunds(world, row, -row.object.amount, DISPUTE_FEE, 'charge.dispute.funds_withdrawn');
}

export function reinstateFunds(world, row) {
  return moveFunds(world, row, row.object.amount, 0, 'charge.dispute.funds_reinstated');
}

export function updateDispute(world, row, status) {
  if (!OPEN_STATUSES.includes(status))
    throw new WrongState(`status must be one of ${OPEN_STATUSES.join(', ')}`);
  const previous = { status: row.object.status, is_charge_refundable: row.object.is_charge_refundable };
  row.object = { ...row.object, status, is_charge_refundable: isInquiry(status) };
  return world.emit('charge.dispute.updated', row, previous);
}

// A dispute that is won returns the money, unless the test wants to send that event by itself.
export function closeDispute(world, row, { status, funds = true }) {
  if (!CLOSED_STATUSES.includes(status))
    throw new WrongState(`status must be one of ${CLOSED_STATUSES.join(', ')}`);
  row.object = { ...row.object, status, is_charge_refundable: isInquiry(status) };
  const event = world.emit('charge.dispute.closed', row);
  if (status === 'won' && funds) reinstateFunds(world, row);
  return event;
}

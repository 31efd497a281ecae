// What a buyer can do with an open session, and what a bank says days later.

import { newId, randomText } from './ids.js';
import { changeSession, completeSession, fillPayer } from './session.js';

// Stripe's list price for a domestic card; only there so that net and gross differ.
const cardFee = (amount) => Math.round(amount * 0.029) + 30;

export class WrongState extends Error {}

function makeIntent(world, row) {
  const { object, intentData: data } = row;
  const id = newId('pi');
  return {
    id,
    object: 'payment_intent',
    amount: object.amount_total,
    amount_capturable: 0,
    amount_details: { tip: {} },
    amount_received: 0,
    application: null,
    application_fee_amount: null,
    automatic_payment_methods: null,
    canceled_at: null,
    cancellation_reason: null,
    capture_method: data.capture_method ?? 'automatic_async',
    client_secret: `${id}_secret_${randomText(25)}`,
    confirmation_method: 'automatic',
    created: world.now(),
    currency: object.currency,
    customer: object.customer,
    customer_account: null,
    description: data.description ?? null,
    excluded_payment_method_types: null,
    last_payment_error: null,
    latest_charge: null,
    livemode: row.live,
    metadata: data.metadata ?? {},
    next_action: null,
    on_behalf_of: null,
    payment_method: null,
    payment_method_configuration_details: null,
    payment_method_options: {},
    payment_method_types: object.payment_method_types,
    processing: null,
    receipt_email: data.receipt_email ?? null,
    review: null,
    setup_future_usage: data.setup_future_usage ?? null,
    shipping: data.shipping ?? null,
    source: null,
    statement_descriptor: data.statement_descriptor ?? null,
    statement_descriptor_suffix: data.statement_descriptor_suffix ?? null,
    status: 'requires_payment_method',
    transfer_data: null,
    transfer_group: data.transfer_group ?? null,
  };
}

// The intent is born at the first attempt and serves every later one of the same session.
function intentOf(world, row) {
  if (row.intent) return world.intents.row(row.intent);
  const intent = world.intents.insert(makeIntent(world, row), row.live, { session: row.object.id });
  row.intent = intent.object.id;
  world.emit('payment_intent.created', intent);
  return intent;
}

function changeIntent(intent, fields) {
  intent.object = { ...intent.object, ...fields };
}

const CARD = {
  card: {
    amount_authorized: null,
    brand: 'visa',
    checks: { address_line1_check: null, address_postal_code_check: 'pass', cvc_check: 'pass' },
    country: 'US',
    exp_month: 12,
    exp_year: 2034,
    fingerprint: 'Xt5EWLLDS7FJjR1c',
    funding: 'credit',
    installments: null,
    last4: '4242',
    mandate: null,
    network: 'visa',
    network_token: { used: false },
    three_d_secure: null,
    wallet: null,
  },
  type: 'card',
};
const BANK = {
  type: 'us_bank_account',
  us_bank_account: {
    account_holder_type: 'individual',
    account_type: 'checking',
    bank_name: 'STRIPE TEST BANK',
    fingerprint: 'AbCdEf0123456789',
    last4: '6789',
    routing_number: '110000000',
  },
};

function outcome(declined) {
  return declined
    ? {
        advice_code: 'try_again_later',
        network_advice_code: null,
        network_decline_code: '01',
        network_status: 'declined_by_network',
        reason: 'generic_decline',
        risk_level: 'normal',
        risk_score: 20,
        seller_message: 'The bank did not return any further details with this decline.',
        type: 'issuer_declined',
      }
    : {
        advice_code: null,
        network_advice_code: null,
        network_decline_code: null,
        network_status: 'approved_by_network',
        reason: null,
        risk_level: 'normal',
        risk_score: 20,
        seller_message: 'Payment complete.',
        type: 'authorized',
      };
}

function makeCharge(world, intent, row, status, details) {
  const { email, name, address } = row.object.customer_details;
  const { object } = intent;
  return {
    id: newId('ch'),
    object: 'charge',
    amount: object.amount,
    amount_captured: status === 'failed' ? 0 : object.amount,
    amount_refunded: 0,
    application: null,
    application_fee: null,
    application_fee_amount: null,
    balance_transaction: null,
    billing_details: { address, email, name, phone: null, tax_id: null },
    calculated_statement_descriptor: 'STAND-IN',
    captured: status !== 'failed',
    created: world.now(),
    currency: object.currency,
    customer: object.customer,
    description: object.description,
    disputed: false,
    failure_balance_transaction: null,
    failure_code: null,
    failure_message: null,
    fraud_details: {},
    livemode: intent.live,
    metadata: object.metadata,
    on_behalf_of: null,
    outcome: outcome(status === 'failed'),
    paid: status !== 'failed',
    payment_intent: object.id,
    payment_method: newId('pm'),
    payment_method_details: details,
    radar_options: {},
    receipt_email: object.receipt_email,
    receipt_number: null,
    receipt_url: status === 'succeeded' ? `https://pay.stripe.com/receipts/${randomText(24)}` : null,
    refunded: false,
    review: null,
    shipping: object.shipping,
    source: null,
    source_transfer: null,
    statement_descriptor: object.statement_descriptor,
    statement_descriptor_suffix: object.statement_descriptor_suffix,
    status,
    transfer_data: null,
    transfer_group: object.transfer_group,
  };
}

export function changeCharge(charge, fields) {
  charge.object = { ...charge.object, ...fields };
}

function addCharge(world, intent, row, status, details) {
  const charge = world.charges.insert(makeCharge(world, intent, row, status, details), intent.live);
  changeIntent(intent, { latest_charge: charge.object.id, payment_method: charge.object.payment_method });
  return charge;
}

function receive(world, intent, charge) {
  const { amount, currency, id } = charge.object;
  const txn = world.addTransaction(intent.live, {
    amount,
    fee: cardFee(amount),
    currency,
    type: 'charge',
    source: id,
    pending: true,
  });
  changeCharge(charge, {
    status: 'succeeded',
    paid: true,
    balance_transaction: txn.id,
    outcome: outcome(false),
  });
  changeIntent(intent, {
    status: 'succeeded',
    amount_received: amount,
    last_payment_error: null,
    next_action: null,
    processing: null,
  });
  world.emit('charge.succeeded', charge);
  world.emit('payment_intent.succeeded', intent);
}

function requireOpen(row) {
  if (row.object.status !== 'open') throw new WrongState(`session is ${row.object.status}`);
}

// Nothing to pay, or nothing to pay yet: no intent is made.
function completeWithoutPayment(world, row) {
  const free = row.object.payment_status === 'no_payment_required' || row.object.mode === 'setup';
  const fields = { payment_status: free ? 'no_payment_required' : 'paid' };
  if (row.object.mode === 'subscription') fields.subscription = newId('sub');
  if (row.object.mode === 'setup') fields.setup_intent = newId('seti');
  return completeSession(world, row, fields);
}

// `amount` lets a test make Stripe take another amount than was asked for.
export function payByCard(world, row, { email, name, amount } = {}) {
  requireOpen(row);
  fillPayer(world, row, { email, name });
  if (amount !== undefined) changeSession(row, { amount_total: amount, amount_subtotal: amount });
  if (row.object.mode !== 'payment' || row.object.amount_total === 0)
    return completeWithoutPayment(world, row);
  const intent = intentOf(world, row);
  changeIntent(intent, { customer: row.object.customer, amount: row.object.amount_total });
  receive(world, intent, addCharge(world, intent, row, 'succeeded', CARD));
  return completeSession(world, row, { payment_status: 'paid', payment_intent: intent.object.id });
}

function failure(charge, intent) {
  return {
    advice_code: 'try_again_later',
    charge: charge.object.id,
    code: charge.object.failure_code,
    decline_code: 'generic_decline',
    doc_url: `https://stripe.com/docs/error-codes/${charge.object.failure_code.replaceAll('_', '-')}`,
    message: charge.object.failure_message,
    payment_method: {
      id: intent.object.payment_method,
      object: 'payment_method',
      type: charge.object.payment_method_details.type,
    },
    type: 'card_error',
  };
}

function failCharge(world, intent, charge, code, message) {
  changeCharge(charge, {
    status: 'failed',
    paid: false,
    captured: false,
    amount_captured: 0,
    failure_code: code,
    failure_message: message,
    outcome: outcome(true),
    receipt_url: null,
  });
  changeIntent(intent, {
    status: 'requires_payment_method',
    last_payment_error: failure(charge, intent),
    payment_method: null,
    processing: null,
  });
  world.emit('charge.failed', charge);
  world.emit('payment_intent.payment_failed', intent);
}

export function declineCard(world, row, { email, name } = {}) {
  requireOpen(row);
  if (row.object.mode !== 'payment' || row.object.amount_total === 0)
    throw new WrongState('nothing to charge');
  const prefill = row.object.customer_details;
  fillPayer(world, row, { email, name });
  const intent = intentOf(world, row);
  failCharge(
    world,
    intent,
    addCharge(world, intent, row, 'failed', CARD),
    'card_declined',
    'Your card was declined.',
  );
  // The session stays open for another try and shows nothing of this one.
  changeSession(row, { customer_details: prefill });
  return intent;
}

// A debit that takes days: the session is complete at once, its money is not there yet.
export function payByBank(world, row, { email, name } = {}) {
  requireOpen(row);
  if (row.object.mode !== 'payment' || row.object.amount_total === 0)
    throw new WrongState('nothing to charge');
  fillPayer(world, row, { email, name });
  const intent = intentOf(world, row);
  const charge = addCharge(world, intent, row, 'pending', BANK);
  changeCharge(charge, {
    paid: false,
    outcome: { ...outcome(false), type: 'authorized', seller_message: 'Payment pending.' },
  });
  changeIntent(intent, { status: 'processing', customer: row.object.customer });
  world.emit('charge.pending', charge);
  world.emit('payment_intent.processing', intent);
  return completeSession(world, row, { payment_status: 'unpaid', payment_intent: intent.object.id });
}

function pendingDebit(world, row) {
  const intent = world.intents.row(row.object.payment_intent);
  if (intent?.object.status !== 'processing')
    throw new WrongState('no bank debit is under way for this session');
  return { intent, charge: world.charges.row(intent.object.latest_charge) };
}

export function settleDebit(world, row) {
  const { intent, charge } = pendingDebit(world, row);
  receive(world, intent, charge);
  changeSession(row, { payment_status: 'paid' });
  return world.emit('checkout.session.async_payment_succeeded', row);
}

export function failDebit(world, row) {
  const { intent, charge } = pendingDebit(world, row);
  failCharge(world, intent, charge, 'insufficient_funds', 'The bank account has insufficient funds.');
  return world.emit('checkout.session.async_payment_failed', row);
}

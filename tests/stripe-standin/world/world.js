// Everything that exists at the pretended Stripe account: the tables, and the events that changes make.

import { render } from '../api/render.js';
import { newId, randomText } from './ids.js';
import { Table } from './table.js';

const AUTOMATIC = { id: null, idempotency_key: null };
// Stripe answers questions about events for this long.
export const EVENT_LIFE_S = 30 * 24 * 3600;

export class World {
  constructor(clock, settings) {
    this.clock = clock;
    this.settings = settings;
    this.account = `acct_${randomText(16)}`;
    this.customers = new Table('customer');
    this.sessions = new Table('checkout.session');
    this.intents = new Table('payment_intent');
    this.charges = new Table('charge');
    this.refunds = new Table('refund');
    this.disputes = new Table('dispute');
    this.warnings = new Table('radar.early_fraud_warning');
    this.transactions = new Table('balance_transaction');
    this.products = new Table('product');
    this.endpoints = new Table('webhook_endpoint');
    this.events = new Table('event');
    this.openSessions = new Set();
    this.onEvent = () => {};
    this.cause = AUTOMATIC;
  }

  now() {
    return this.clock.now();
  }

  // Run `change` in the name of an API request, which its events then carry.
  causedBy(cause, change) {
    this.cause = cause;
    try {
      return change();
    } finally {
      this.cause = AUTOMATIC;
    }
  }

  // The object is frozen as it is now: an event never changes later, whatever happens to its object.
  emit(type, row, previous) {
    return this.emitRaw(type, row.live, render(row.object, this.settings.apiVersion), { previous });
  }

  // `account` and `context` are what Connect puts on an event; tests of foreign events need them.
  emitRaw(type, live, data, { previous, envelope = {} } = {}) {
    const head = {
      id: `evt_${randomText(24)}`,
      object: 'event',
      ...envelope,
      api_version: this.settings.apiVersion,
      created: this.now(),
    };
    const tail = { livemode: live, pending_webhooks: 0, request: this.cause, type };
    // Kept as text: thousands of events are held, few are looked at.
    const text = JSON.stringify({ object: data, ...(previous && { previous_attributes: previous }) });
    const row = this.events.insert(head, live, { tail, text });
    this.onEvent(row);
    return row;
  }

  eventObject(row) {
    return { ...row.object, data: JSON.parse(row.text), ...row.tail };
  }

  wipeEvents(olderThanSeconds) {
    const before = this.now() - olderThanSeconds;
    const old = [...this.events.all()]
      .filter((row) => row.object.created < before)
      .map((row) => row.object.id);
    for (const id of old) this.events.remove(id);
    return old;
  }

  addTransaction(live, { amount, fee, currency, type, source, pending }) {
    const now = this.now();
    const object = {
      id: newId('txn'),
      object: 'balance_transaction',
      amount,
      available_on: now + 2 * 24 * 3600,
      created: now,
      currency,
      description: null,
      exchange_rate: null,
      fee,
      fee_details:
        fee === 0
          ? []
          : [
              {
                amount: fee,
                application: null,
                currency,
                description: 'Stripe processing fees',
                type: 'stripe_fee',
              },
            ],
      net: amount - fee,
      reporting_category: type === 'adjustment' ? 'dispute' : type,
      source,
      status: pending ? 'pending' : 'available',
      type,
    };
    this.transactions.insert(object, live);
    return object;
  }
}

// The validator itself: what is right passes, and each kind of wrong is found.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { SESSION } from '../../stripe-standin/harness.js';
import {
  validateEvent,
  validateOurs,
  validateRequest,
  validateResource,
  validateResponse,
} from '../validate.js';

const create = (more) =>
  validateRequest({ method: 'POST', path: '/v1/checkout/sessions', params: { ...SESSION, ...more } });
const PRICE = 'line_items[0][price_data]';

test('a good request has no problem, as object, as pairs and as text', () => {
  assert.deepEqual(create({}), []);
  const path = '/v1/checkout/sessions';
  assert.deepEqual(validateRequest({ method: 'POST', path, params: Object.entries(SESSION) }), []);
  assert.deepEqual(
    validateRequest({ method: 'POST', path, params: new URLSearchParams(SESSION).toString() }),
    [],
  );
});

const BAD = [
  [{ orderid: '7' }, 'orderid: unknown to Stripe'],
  [{ [`${PRICE}[unit_amount]`]: '1.5' }, `${PRICE}[unit_amount]: "1.5" is no integer`],
  [{ [`${PRICE}[unit_amount]`]: '49' }, 'line_items: 49 is under the minimum of 50'],
  [{ [`${PRICE}[product_data][color]`]: 'red' }, `${PRICE}[product_data][color]: unknown to Stripe`],
  [{ mode: 'pay' }, 'mode: "pay" is none of payment, setup, subscription'],
  [{ 'automatic_tax[enabled]': 'no' }, 'automatic_tax[enabled]: "no" is no boolean'],
  [{ 'automatic_tax[liability]': 'x' }, 'automatic_tax[enabled]: required'],
  [{ client_reference_id: 'x'.repeat(201) }, 'client_reference_id: longer than 200 characters'],
  [{ 'metadata[k]': 'v'.repeat(501) }, 'metadata[k]: longer than 500'],
  [
    { 'payment_intent_data[metadata][k]': 'v'.repeat(501) },
    'payment_intent_data[metadata][k]: longer than 500',
  ],
  [{ customer: 'cus_x', customer_email: 'a@b.example' }, 'customer, customer_email: at most one of these'],
  [{ success_url: '/paid' }, 'success_url: no URL'],
  [{ 'line_items[x][quantity]': '1' }, 'line_items[x]: not an index'],
  [{ 'metadata[a]b': '1' }, 'metadata[a]b: brackets do not match'],
  [{ mode: ['payment', 'payment'] }, 'mode: given twice'],
];

for (const [more, problem] of BAD) {
  test(`found: ${problem.slice(0, 70)}`, () => {
    const found = create(more);
    assert.ok(found.includes(problem), `${JSON.stringify(found)} lacks ${problem}`);
  });
}

test('an operation that Stripe does not have is found', () => {
  assert.deepEqual(validateRequest({ method: 'POST', path: '/v1/orders', params: {} }), [
    'POST /v1/orders: unknown to Stripe',
  ]);
  assert.deepEqual(validateRequest({ method: 'DELETE', path: '/v1/events/evt_1', params: {} }), [
    'DELETE /v1/events/evt_1: unknown to Stripe',
  ]);
});

test('live mode wants https', () => {
  const params = { ...SESSION, cancel_url: 'http://a.example/' };
  const found = validateRequest({ method: 'POST', path: '/v1/checkout/sessions', params, livemode: true });
  assert.equal(found.length, 1);
});

const CUSTOMER = {
  id: 'cus_1',
  object: 'customer',
  created: 1,
  livemode: false,
  email: 'a@b.example',
  metadata: {},
};

test('a resource: types, null, missing, removed', () => {
  assert.deepEqual(validateResource('customer', CUSTOMER), []);
  assert.deepEqual(validateResource('customer', { ...CUSTOMER, newer: 1 }), []);
  assert.deepEqual(validateResource('customer', { ...CUSTOMER, created: '1' }), [
    'created: "1" is no integer',
  ]);
  assert.deepEqual(validateResource('customer', { ...CUSTOMER, livemode: null }), ['livemode: null']);
  assert.deepEqual(validateResource('customer', { ...CUSTOMER, metadata: { a: 1 } }), [
    'metadata.a: 1 is no string',
  ]);
  const { id, ...rest } = CUSTOMER;
  assert.deepEqual(validateResource('customer', rest), ['id: missing']);
  assert.ok(
    validateResource('charge', { object: 'charge', invoice: null }).includes(
      'invoice: removed in 2025-03-31.basil',
    ),
  );
});

test('what stands in place of an id is checked too', () => {
  const refund = {
    id: 're_1',
    object: 'refund',
    amount: 5,
    created: 1,
    currency: 'usd',
    charge: { object: 'charge', id: 'ch_1' },
  };
  assert.ok(validateResource('refund', refund).includes('charge.amount: missing'));
  assert.ok(validateResource('refund', { ...refund, charge: { ...CUSTOMER } }).length > 0);
  const charge = (customer) =>
    validateResource('charge', { customer }).filter((problem) => problem.startsWith('customer'));
  assert.deepEqual(charge(CUSTOMER), []);
  assert.deepEqual(charge({ id: 'cus_1', object: 'customer', deleted: true }), []);
  assert.deepEqual(charge({ ...CUSTOMER, created: 'x' }), ['customer.created: "x" is no integer']);
  assert.deepEqual(charge({ object: 'refund' }), [
    'customer: a refund, not one of customer, deleted_customer',
  ]);
});

test('an event and the resource in it', () => {
  const event = {
    id: 'evt_1',
    object: 'event',
    created: 1,
    livemode: false,
    pending_webhooks: 0,
    type: 'customer.created',
    data: { object: CUSTOMER },
  };
  assert.deepEqual(validateEvent(event), []);
  assert.deepEqual(validateEvent({ ...event, data: { object: { ...CUSTOMER, created: 'x' } } }), [
    'data.object.created: "x" is no integer',
  ]);
  assert.ok(validateEvent({ ...event, type: undefined }).length > 0);
});

test('an error is checked as an error', () => {
  assert.deepEqual(
    validateResponse('GET', '/v1/customers', 400, { error: { type: 'invalid_request_error' } }),
    [],
  );
  assert.ok(validateResponse('GET', '/v1/customers', 400, { error: { type: 'oops' } }).length > 0);
  assert.ok(validateResponse('GET', '/v1/customers', 400, {}).length > 0);
});

test('our own promises: key, version, content type', () => {
  const good = {
    method: 'POST',
    idempotency_key: 'k',
    stripe_version: '2026-07-29.dahlia',
    content_type: 'application/x-www-form-urlencoded',
  };
  assert.deepEqual(validateOurs(good), []);
  assert.equal(validateOurs({ ...good, idempotency_key: null }).length, 1);
  assert.equal(validateOurs({ ...good, stripe_version: null }).length, 1);
  assert.equal(validateOurs({ ...good, content_type: 'application/json' }).length, 1);
});

const PROGRAM = fileURLToPath(new URL('../validate.js', import.meta.url));
const run = (args, input) => spawnSync(process.execPath, [PROGRAM, ...args], { input, encoding: 'utf8' });

test('as a program: a line per problem, counts, and the exit status', () => {
  const entry = { n: 4, method: 'POST', path: '/v1/checkout/sessions', params: SESSION };
  const good = run(['requests'], JSON.stringify([entry]));
  assert.deepEqual([good.status, good.stdout], [0, '1 requests, 0 problems\n']);
  const ours = run(['requests', '--ours'], JSON.stringify([entry]));
  assert.equal(ours.status, 1);
  assert.match(ours.stdout, /^#4 POST \/v1\/checkout\/sessions: POST without Idempotency-Key$/m);
  const bad = run(['requests'], JSON.stringify([{ ...entry, params: { ...SESSION, x: 'y' } }]));
  assert.deepEqual(
    [bad.status, bad.stdout],
    [1, '#4 POST /v1/checkout/sessions: x: unknown to Stripe\n1 requests, 1 problems\n'],
  );
  assert.equal(run([], '').status, 2);
});

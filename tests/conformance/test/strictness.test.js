// One broken parameter at a time: the code and the name that Stripe's error carries.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { LIVE_KEY, SESSION } from '../../stripe-standin/harness.js';
import { startBench } from '../sdk.js';
import { validateResponse } from '../validate.js';

let bench;

before(async () => {
  bench = await startBench();
});
after(async () => {
  bench.answers++;
  await bench.finish();
});

const PRICE = 'line_items[0][price_data]';
const without = (...names) =>
  Object.fromEntries(Object.entries(SESSION).filter(([name]) => !names.includes(name)));
const withSome = (more) => ({ ...SESSION, ...more });
const keys = (n) => Object.fromEntries(Array.from({ length: n }, (_, i) => [`metadata[k${i}]`, 'v']));

// [what, form, code, param]
const SESSION_CASES = [
  ['an unknown parameter', withSome({ amount: '5' }), 'parameter_unknown', 'amount'],
  [
    'an unknown nested one',
    withSome({ [`${PRICE}[product_data][nme]`]: 'x' }),
    'parameter_unknown',
    `${PRICE}[product_data][nme]`,
  ],
  ['no mode', without('mode'), 'parameter_missing', 'mode'],
  ['no success_url', without('success_url'), 'parameter_missing', 'success_url'],
  ['no line items', { mode: 'payment', success_url: SESSION.success_url }, 'parameter_missing', 'line_items'],
  ['no quantity', without('line_items[0][quantity]'), 'parameter_missing', 'line_items[0][quantity]'],
  ['no currency', without(`${PRICE}[currency]`), 'parameter_missing', `${PRICE}[currency]`],
  ['no product name', without(`${PRICE}[product_data][name]`), 'parameter_missing', `${PRICE}[product_data]`],
  ['no amount', without(`${PRICE}[unit_amount]`), 'parameter_missing', `${PRICE}[unit_amount]`],
  [
    'an amount in letters',
    withSome({ [`${PRICE}[unit_amount]`]: 'ten' }),
    'parameter_invalid_integer',
    `${PRICE}[unit_amount]`,
  ],
  [
    'an amount with a point',
    withSome({ [`${PRICE}[unit_amount]`]: '150.00' }),
    'parameter_invalid_integer',
    `${PRICE}[unit_amount]`,
  ],
  [
    'a negative amount',
    withSome({ [`${PRICE}[unit_amount]`]: '-5' }),
    'parameter_invalid_integer',
    `${PRICE}[unit_amount]`,
  ],
  [
    'a huge amount',
    withSome({ [`${PRICE}[unit_amount]`]: '100000000' }),
    'amount_too_large',
    `${PRICE}[unit_amount]`,
  ],
  ['a tiny amount', withSome({ [`${PRICE}[unit_amount]`]: '49' }), 'amount_too_small', 'line_items'],
  [
    'both amounts',
    withSome({ [`${PRICE}[unit_amount_decimal]`]: '5.5' }),
    'parameters_exclusive',
    `${PRICE}[unit_amount]`,
  ],
  [
    'a price and its data',
    withSome({ 'line_items[0][price]': 'price_x' }),
    'parameters_exclusive',
    'line_items[0][price_data]',
  ],
  [
    'an unknown price',
    {
      ...without(...Object.keys(SESSION).filter((n) => n.startsWith(PRICE))),
      'line_items[0][price]': 'price_x',
    },
    'resource_missing',
    'line_items[0][price]',
  ],
  [
    'quantity nothing',
    withSome({ 'line_items[0][quantity]': '0' }),
    'parameter_invalid_integer',
    'line_items[0][quantity]',
  ],
  ['an unknown currency', withSome({ [`${PRICE}[currency]`]: 'xyz' }), undefined, `${PRICE}[currency]`],
  ['an unknown mode', withSome({ mode: 'paid' }), undefined, 'mode'],
  ['a boolean in words', withSome({ allow_promotion_codes: 'yes' }), undefined, 'allow_promotion_codes'],
  [
    'a group for a value',
    withSome({ 'client_reference_id[x]': '1', client_reference_id: undefined }),
    undefined,
    'client_reference_id',
  ],
  ['an empty value', withSome({ client_reference_id: '' }), 'parameter_invalid_empty', 'client_reference_id'],
  [
    'too long a reference',
    withSome({ client_reference_id: 'x'.repeat(201) }),
    'parameter_invalid_string_too_long',
    'client_reference_id',
  ],
  [
    'customer and e-mail',
    withSome({ customer: 'cus_x', customer_email: 'a@b.example' }),
    'parameters_exclusive',
    'customer',
  ],
  ['an unknown customer', withSome({ customer: 'cus_x' }), 'resource_missing', 'customer'],
  ['a bad e-mail', withSome({ customer_email: 'nobody' }), 'email_invalid', 'customer_email'],
  ['a bad success_url', withSome({ success_url: 'paid.html' }), 'url_invalid', 'success_url'],
  ['a bad cancel_url', withSome({ cancel_url: 'javascript:alert(1)' }), 'url_invalid', 'cancel_url'],
  ['51 keys of metadata', { ...without('metadata[order_id]'), ...keys(51) }, undefined, 'metadata'],
  [
    'too long a key',
    withSome({ [`metadata[${'k'.repeat(41)}]`]: 'v' }),
    undefined,
    `metadata[${'k'.repeat(41)}]`,
  ],
  ['too long a value', withSome({ 'metadata[note]': 'v'.repeat(501) }), undefined, 'metadata[note]'],
  ['nested metadata', withSome({ 'metadata[a][b]': 'v' }), undefined, 'metadata[a]'],
  [
    'metadata of an intent',
    withSome({ 'payment_intent_data[metadata][note]': 'v'.repeat(501) }),
    undefined,
    'payment_intent_data[metadata][note]',
  ],
  [
    'an intent in setup mode',
    {
      mode: 'setup',
      currency: 'usd',
      success_url: SESSION.success_url,
      'payment_intent_data[description]': 'x',
    },
    undefined,
    'payment_intent_data',
  ],
  [
    'a recurring price',
    withSome({ [`${PRICE}[recurring][interval]`]: 'month' }),
    undefined,
    `${PRICE}[recurring]`,
  ],
  ['what is not imitated', withSome({ 'discounts[0][coupon]': 'c' }), 'standin_unsupported', 'discounts[0]'],
];

async function refusal(method, path, form, options) {
  const defined = Object.fromEntries(Object.entries(form).filter(([, value]) => value !== undefined));
  const { status, body, headers } = await bench.standin.call(method, path, defined, options);
  assert.deepEqual(validateResponse(method, path, status, body), []);
  assert.match(headers.get('request-id'), /^req_/);
  return {
    status,
    code: body.error?.code,
    param: body.error?.param,
    type: body.error?.type,
    message: body.error?.message,
  };
}

for (const [what, form, code, param] of SESSION_CASES) {
  test(`a session with ${what} is refused`, async () => {
    const got = await refusal('POST', '/v1/checkout/sessions', form);
    assert.deepEqual([got.status, got.code, got.type], [400, code, 'invalid_request_error']);
    // A whole missing group is named by its first missing member or by itself: both lead to the place.
    assert.ok(got.param === param || got.param.startsWith(param), `${got.param} is not ${param}`);
  });
}

test('just at the limits all is well', async () => {
  const edge = {
    ...without('metadata[order_id]'),
    ...keys(49),
    [`metadata[${'k'.repeat(40)}]`]: '€'.repeat(500),
    client_reference_id: 'x'.repeat(200),
    [`${PRICE}[unit_amount]`]: '50',
  };
  const { status, body } = await bench.standin.call('POST', '/v1/checkout/sessions', edge);
  assert.equal(status, 200);
  assert.equal(Object.keys(body.metadata).length, 50);
});

test('values arrive as they were sent: text of all kinds', async () => {
  const text = 'Zoë & Ünal = 100 % + {x} [y] "z" <b> €\t𝄞';
  const { body } = await bench.standin.call(
    'POST',
    '/v1/checkout/sessions',
    withSome({ 'metadata[note]': text, 'metadata[__proto__]': 'p' }),
  );
  assert.equal(body.metadata.note, text);
  assert.equal(Object.getOwnPropertyDescriptor(body.metadata, '__proto__').value, 'p');
});

const raw = (body, headers = {}) =>
  fetch(`${bench.standin.base}/v1/customers`, {
    method: 'POST',
    body,
    headers: {
      Authorization: 'Bearer sk_test_conformance1234',
      'Content-Type': 'application/x-www-form-urlencoded',
      ...headers,
    },
  });

test('broken encodings, doubled names and JSON are refused', async () => {
  assert.equal((await raw('name=%zz')).status, 400);
  assert.equal((await raw('name=%ff')).status, 400);
  assert.equal((await raw(Buffer.from([0x6e, 0x3d, 0xff]))).status, 400);
  assert.equal((await raw('name=a&name=b')).status, 400);
  assert.equal((await raw('metadata=a&metadata[b]=c')).status, 400);
  assert.equal((await raw('{"name":"a"}', { 'Content-Type': 'application/json' })).status, 400);
  assert.equal((await raw('name=a', { 'Content-Type': 'text/plain' })).status, 400);
  assert.equal((await raw('name=a')).status, 200);
  assert.equal((await raw(`name=${'a'.repeat(1024 * 1024)}`)).status, 413);
});

test('versions: a date and a name since acacia, a date before', async () => {
  const status = async (version) =>
    (await bench.standin.call('GET', '/v1/customers', {}, { headers: { 'Stripe-Version': version } })).status;
  assert.equal(await status('2026-07-29.dahlia'), 200);
  assert.equal(await status('2022-11-15'), 200);
  assert.equal(await status('2026-07-29'), 400);
  assert.equal(await status('2022-11-15.acacia'), 400);
  assert.equal(await status('latest'), 400);
});

test('keys: none, wrong, of the other mode, as Basic', async () => {
  const get = (options) => refusal('GET', '/v1/customers', {}, options);
  assert.deepEqual(
    [(await get({ key: null })).status, (await get({ key: 'sk_test_wrong' })).status],
    [401, 401],
  );
  assert.equal((await get({ key: null })).code, undefined);
  const basic = Buffer.from(`${LIVE_KEY}:`).toString('base64');
  assert.equal((await get({ key: null, headers: { Authorization: `Basic ${basic}` } })).status, 200);
});

const OTHER_CASES = [
  [
    'a limit of nothing',
    'GET',
    '/v1/checkout/sessions',
    { limit: '0' },
    'parameter_invalid_integer',
    'limit',
  ],
  ['a limit over 100', 'GET', '/v1/events', { limit: '101' }, 'parameter_invalid_integer', 'limit'],
  [
    'an unknown cursor',
    'GET',
    '/v1/checkout/sessions',
    { starting_after: 'cs_test_x' },
    'resource_missing',
    'starting_after',
  ],
  [
    'a bad range',
    'GET',
    '/v1/checkout/sessions',
    { 'created[since]': '5' },
    'parameter_unknown',
    'created[since]',
  ],
  [
    'a range in letters',
    'GET',
    '/v1/checkout/sessions',
    { 'created[gte]': 'x' },
    'parameter_invalid_integer',
    'created[gte]',
  ],
  ['a bad status', 'GET', '/v1/checkout/sessions', { status: 'paid' }, undefined, 'status'],
  ['type and types', 'GET', '/v1/events', { type: 'a', 'types[0]': 'b' }, 'parameters_exclusive', 'type'],
  ['a refund of nothing', 'POST', '/v1/refunds', { reason: 'duplicate' }, 'parameter_missing', 'charge'],
  [
    'a refund of both',
    'POST',
    '/v1/refunds',
    { charge: 'ch_x', payment_intent: 'pi_x' },
    'parameters_exclusive',
    'charge',
  ],
  [
    'a refund of an unknown intent',
    'POST',
    '/v1/refunds',
    { payment_intent: 'pi_x' },
    'resource_missing',
    'payment_intent',
  ],
  [
    'a refund for a bad reason',
    'POST',
    '/v1/refunds',
    { payment_intent: 'pi_x', reason: 'oops' },
    undefined,
    'reason',
  ],
  [
    'expire with a parameter',
    'POST',
    '/v1/checkout/sessions/cs_test_x/expire',
    { reason: 'x' },
    'parameter_unknown',
    'reason',
  ],
];

for (const [what, method, path, form, code, param] of OTHER_CASES) {
  test(`${what} is refused`, async () => {
    const got = await refusal(method, path, form);
    assert.deepEqual([got.status, got.code, got.param], [400, code, param]);
  });
}

test('an unknown path, and a known one with the wrong method, are 404', async () => {
  assert.equal((await refusal('GET', '/v1/nothing', {})).status, 404);
  assert.equal((await refusal('DELETE', '/v1/checkout/sessions', {})).status, 404);
});

import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { LIVE_KEY, SESSION, startStandin, until } from '../harness.js';

let standin;

before(async () => {
  standin = await startStandin();
});
after(() => standin.stop());
beforeEach(() => standin.control('POST', '/reset'));

const create = (more = {}, options) =>
  standin.call('POST', '/v1/checkout/sessions', { ...SESSION, ...more }, options);
const stateText = async () => (await fetch(`${standin.base}/_control/state`)).text();

test('two dumps of one state are the same bytes, reading in between or not', async () => {
  const {
    body: { id },
  } = await create();
  const first = await stateText();
  await standin.call('GET', `/v1/checkout/sessions/${id}`, { 'expand[]': 'line_items' });
  await standin.call('GET', '/v1/events', {});
  await create({ mode: 'nonsense' });
  assert.equal(await stateText(), first);
  await standin.control('POST', `/sessions/${id}/expire`);
  assert.notEqual(await stateText(), first);
});

test('expanding changes nothing that is stored', async () => {
  const {
    body: { id },
  } = await create();
  await standin.control('POST', `/sessions/${id}/pay`);
  const first = await stateText();
  const expand = {
    'expand[0]': 'payment_intent.latest_charge.balance_transaction',
    'expand[1]': 'line_items.data.price.product',
  };
  const { body } = await standin.call('GET', `/v1/checkout/sessions/${id}`, expand);
  assert.equal(body.payment_intent.latest_charge.balance_transaction.object, 'balance_transaction');
  assert.equal(body.line_items.data[0].price.product.object, 'product');
  assert.equal(await stateText(), first);
});

test('the request log tells what was asked, without keys', async () => {
  await create({}, { headers: { 'Idempotency-Key': 'k1', 'Stripe-Version': '2026-07-29.dahlia' } });
  await standin.call('GET', '/v1/customers', { email: 'a@b.example' }, { key: LIVE_KEY });
  await create({ nonsense: '1' });
  const log = await standin.control('GET', '/requests');
  const [post, get, bad] = log;
  assert.deepEqual(
    [post.method, post.path, post.status, post.idempotency_key, post.livemode, post.stripe_version],
    ['POST', '/v1/checkout/sessions', 200, 'k1', false, '2026-07-29.dahlia'],
  );
  assert.equal(post.params['metadata[order_id]'], '7');
  assert.deepEqual([get.params, get.livemode], [{ email: 'a@b.example' }, true]);
  assert.deepEqual([bad.status, bad.error], [400, 'parameter_unknown']);
  assert.doesNotMatch(JSON.stringify(log), /sk_(test|live)_/);
  await standin.control('DELETE', '/requests');
  assert.deepEqual(await standin.control('GET', '/requests'), []);
});

test('a warning is told, listed, and settled', async () => {
  const { body } = await create();
  const session = await standin.control('POST', `/sessions/${body.id}/pay`);
  const intent = session.payment_intent;
  const warning = await standin.control('POST', `/payment_intents/${intent}/warn`, { fraud_type: 'misc' });
  assert.deepEqual([warning.actionable, warning.payment_intent], [true, intent]);
  const listed = async () =>
    (await standin.call('GET', '/v1/radar/early_fraud_warnings', { payment_intent: intent })).body.data;
  assert.deepEqual(await listed(), [warning]);
  await standin.control('POST', `/warnings/${warning.id}/settle`);
  assert.equal((await listed())[0].actionable, false);
  const { body: events } = await standin.call('GET', '/v1/events', {});
  assert.deepEqual(
    events.data.map((event) => event.type).filter((type) => type.startsWith('radar.')),
    ['radar.early_fraud_warning.updated', 'radar.early_fraud_warning.created'],
  );
});

test('reset forgets everything', async () => {
  await create();
  await standin.control('POST', '/clock', { advance_seconds: 500 });
  await standin.control('POST', '/faults', { status: 500 });
  await standin.control('POST', '/reset');
  const state = JSON.parse(await stateText());
  assert.deepEqual([state.sessions, state.events, state.idempotency_keys], [[], [], []]);
  assert.deepEqual(await standin.control('GET', '/faults'), []);
  assert.equal((await standin.control('GET', '/clock')).offset_seconds, 0);
});

test('a forgotten session is missing', async () => {
  const {
    body: { id },
  } = await create();
  await standin.control('POST', `/sessions/${id}/forget`);
  const { status, body } = await standin.call('GET', `/v1/checkout/sessions/${id}`);
  assert.deepEqual([status, body.error.code], [404, 'resource_missing']);
  assert.deepEqual((await standin.call('GET', '/v1/checkout/sessions')).body.data, []);
});

test('what is misspelt is refused, what does not exist is not found', async () => {
  await assert.rejects(standin.control('POST', '/deliveries', { enable: true }), { status: 400 });
  await assert.rejects(standin.control('POST', '/deliveries', { url: 'http://club.example/' }), {
    status: 400,
  });
  await assert.rejects(standin.control('POST', '/clock', { advance_seconds: 'x' }), { status: 400 });
  await assert.rejects(standin.control('POST', '/settings', { refund_status: 'lost' }), { status: 400 });
  await assert.rejects(standin.control('POST', '/keys', { key: 'sk_test_unknown', state: 'revoked' }), {
    status: 400,
  });
  const {
    body: { id },
  } = await create();
  await assert.rejects(standin.control('POST', `/sessions/${id}/pay`, { amount: 5 }), { status: 400 });
  await standin.control('POST', `/sessions/${id}/expire`);
  await assert.rejects(standin.control('POST', `/sessions/${id}/expire`), { status: 409 });
  await assert.rejects(standin.control('POST', '/sessions/cs_test_none/pay'), { status: 404 });
  await assert.rejects(standin.control('POST', '/sessions/cs_test_none/steal'), { status: 404 });
  await assert.rejects(standin.control('GET', '/nothing'), { status: 404 });
  await assert.rejects(standin.control('POST', '/events/evt_none/deliver'), { status: 404 });
});

test('sessions expire by themselves within a second or two, asked or not', async () => {
  await standin.control('POST', '/deliveries', { url: 'http://127.0.0.1:9/', enabled: false });
  await create();
  await standin.control('POST', '/clock', { advance_seconds: 24 * 3600 - 1 });
  const types = async () => (await standin.control('GET', '/deliveries')).map((delivery) => delivery.type);
  assert.deepEqual(await types(), []);
  await until(async () => (await types()).includes('checkout.session.expired'), 'the expiry');
});

test('five thousand sessions, paid, stay within reason', async () => {
  for (let i = 0; i < 5000; i += 50) {
    await Promise.all(
      Array.from({ length: 50 }, async (_, n) => {
        const { body } = await create(
          { client_reference_id: String(i + n) },
          { headers: { 'Idempotency-Key': `k${i + n}` } },
        );
        await standin.control('POST', `/sessions/${body.id}/pay`);
      }),
    );
  }
  let pages = 0;
  let last;
  for (let more = true; more; pages++) {
    const { body } = await standin.call('GET', '/v1/checkout/sessions', {
      limit: '100',
      'expand[]': 'data.payment_intent.latest_charge',
      ...(last && { starting_after: last }),
    });
    more = body.has_more;
    last = body.data[body.data.length - 1].id;
  }
  assert.equal(pages, 50);
  const { rss_mb: rss } = await standin.control('GET', '/memory');
  assert.ok(rss < 400, `${rss} MB`);
});

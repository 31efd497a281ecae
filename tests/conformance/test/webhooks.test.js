// What the stand-in sends to a webhook, checked by the SDK's own verification.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { SECRET, startReceiver, until } from '../../stripe-standin/harness.js';
import { sessionParams, startBench } from '../sdk.js';
import { validateEvent } from '../validate.js';

let bench;
let stripe;
let receiver;

before(async () => {
  bench = await startBench();
  stripe = bench.client();
});
after(() => bench.finish());
afterEach(() => receiver.stop());
beforeEach(async () => {
  await bench.standin.control('POST', '/reset');
  await listen();
});

const pause = (ms) =>
  new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
const control = (path, body = {}) => bench.standin.control('POST', path, body);

async function listen(answer, settings = {}) {
  await receiver?.stop();
  receiver = await startReceiver(answer);
  await control('/deliveries', { url: receiver.url, first_retry_ms: 20, ...settings });
}

async function pay(more) {
  const { id } = await stripe.checkout.sessions.create(sessionParams());
  await control(`/sessions/${id}/pay`, more);
  return id;
}

const verify = ({ body, headers }, secret = SECRET) =>
  stripe.webhooks.constructEvent(body, headers['stripe-signature'], secret);
const deliveries = () => bench.standin.control('GET', '/deliveries');
const allDelivered = async () => (await deliveries()).every((d) => d.delivered);

test('every delivery verifies with the SDK and carries a valid event', async () => {
  await pay();
  await until(() => receiver.got.length === 4, 'four deliveries');
  for (const delivery of receiver.got) {
    const event = verify(delivery);
    assert.deepEqual(validateEvent(event), []);
    assert.equal(event.pending_webhooks, 1);
    assert.match(delivery.headers['content-type'], /^application\/json/);
  }
  await until(allDelivered, 'the end of deliveries');
  const [event] = (await stripe.events.list({ limit: 1 })).data;
  assert.equal(event.pending_webhooks, 0);
});

test('a changed byte, another secret and an old time do not verify', async () => {
  await pay();
  await until(() => receiver.got.length > 0, 'a delivery');
  const [{ body, headers }] = receiver.got;
  const changed = Buffer.from(body);
  changed[changed.length - 3] ^= 1;
  assert.throws(() => verify({ body: changed, headers }), /No signatures found matching/);
  assert.throws(() => verify({ body, headers }, 'whsec_other'), /No signatures found matching/);
  const later = Math.floor(Date.now() / 1000) + 301;
  assert.throws(
    () =>
      stripe.webhooks.signature.verifyHeader(
        body,
        headers['stripe-signature'],
        SECRET,
        300,
        undefined,
        later * 1000,
      ),
    /outside the tolerance/,
  );
});

test('failures are tried again with a fresh signature until a 2xx', async () => {
  await listen((n) => [500, 302, 404][n - 1] ?? 204, {
    events: ['checkout.session.completed'],
    first_retry_ms: 400,
  });
  await pay();
  await until(() => receiver.got.length === 4, 'four attempts', 10000);
  const signatures = receiver.got.map((delivery) => delivery.headers['stripe-signature']);
  assert.ok(new Set(signatures).size > 1, 'the time of signing moves on');
  receiver.got.forEach((delivery) => verify(delivery));
  assert.equal(new Set(receiver.got.map((d) => JSON.parse(d.body).id)).size, 1);
  await until(allDelivered, 'the end of deliveries');
  const [delivery] = await deliveries();
  assert.deepEqual([delivery.attempts, delivery.last_status, delivery.state], [4, 204, 'delivered']);
});

test('only the types that were subscribed are sent', async () => {
  await control('/deliveries', { events: ['checkout.session.completed'] });
  await pay();
  await until(() => receiver.got.length === 1, 'one delivery');
  assert.deepEqual(receiver.types(), ['checkout.session.completed']);
  assert.deepEqual((await stripe.webhookEndpoints.list()).data[0].enabled_events, [
    'checkout.session.completed',
  ]);
});

test('switched off, events are held; on again, they come', async () => {
  await control('/deliveries', { enabled: false });
  await pay();
  assert.deepEqual(
    (await deliveries()).map((d) => d.state),
    ['held', 'held', 'held', 'held'],
  );
  assert.equal((await stripe.events.list({ delivery_success: false })).data.length, 4);
  assert.equal(receiver.got.length, 0);
  await control('/deliveries', { enabled: true });
  await until(() => receiver.got.length === 4, 'four deliveries');
});

test('flush sends what waits and tells how it went', async () => {
  await control('/deliveries', { enabled: false });
  await pay();
  assert.deepEqual(await control('/deliveries/flush'), { attempted: 4, delivered: 4, pending: 0 });
  assert.equal(receiver.got.length, 4);
});

test('off and on again sends nothing twice, and a flush waits for what is under way', async () => {
  let release;
  const held = new Promise((resolve) => {
    release = resolve;
  });
  await listen(() => held.then(() => 200));
  await pay();
  await until(() => receiver.got.length === 4, 'four deliveries under way');
  await control('/deliveries', { enabled: false });
  await control('/deliveries', { enabled: true });
  const flushed = control('/deliveries/flush');
  setTimeout(release, 100);
  assert.deepEqual(await flushed, { attempted: 4, delivered: 4, pending: 0 });
  assert.equal(receiver.got.length, 4);
});

test('switched off, retries rest; on again, each goes out once', async () => {
  await listen((n) => (n <= 4 ? 500 : 200), { first_retry_ms: 50 });
  await pay();
  await until(() => receiver.got.length === 4, 'four failures');
  await control('/deliveries', { enabled: false });
  await pause(300);
  assert.equal(receiver.got.length, 4);
  await control('/deliveries', { enabled: true });
  await until(() => receiver.got.length === 8, 'four more');
  await pause(300);
  assert.equal(receiver.got.length, 8);
});

test('a reset leaves nothing of the old world on its way', async () => {
  await listen(() => 500, { first_retry_ms: 100 });
  await pay();
  await until(() => receiver.got.length === 4, 'four failures');
  await control('/reset');
  const before = receiver.got.length;
  await pause(400);
  assert.equal(receiver.got.length, before);
});

test('all doubled, shuffled and dropped by a seed', async () => {
  await control('/deliveries', { duplicate: true, shuffle: true });
  for (let i = 0; i < 5; i++) await pay();
  await until(() => receiver.got.length === 40, 'forty deliveries');
  const ids = receiver.got.map((d) => JSON.parse(d.body).id);
  assert.equal(new Set(ids).size, 20);
  const born = (await deliveries()).map((d) => d.event);
  assert.notDeepEqual([...new Set(ids)], born, 'not in the order of birth');
});

test('what was dropped never comes by itself, but can be sent by hand', async () => {
  await control('/deliveries', { drop_fraction: 0.5, seed: 7 });
  for (let i = 0; i < 10; i++) await pay();
  const dropped = (await deliveries()).filter((d) => d.state === 'dropped');
  assert.ok(dropped.length > 8 && dropped.length < 32, `${dropped.length} of 40`);
  await until(() => receiver.got.length === 40 - dropped.length, 'the others');
  await control(`/events/${dropped[0].event}/deliver`);
  assert.equal(verify(receiver.got[receiver.got.length - 1]).id, dropped[0].event);
  const { attempted } = await control('/deliveries/flush', { dropped: true });
  assert.equal(attempted, dropped.length - 1);
});

test('an event can be sent again', async () => {
  await control('/deliveries', { events: ['checkout.session.completed'] });
  await pay();
  await until(() => receiver.got.length === 1, 'the first');
  const { id } = JSON.parse(receiver.got[0].body);
  await control(`/events/${id}/deliver`);
  assert.equal(JSON.parse(receiver.got[1].body).id, id);
});

test('the secret is read from its file for each delivery, and several sign at once', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'standin-'));
  const file = join(dir, 'secret');
  try {
    writeFileSync(file, 'whsec_one\n');
    await control('/deliveries', { secret_file: file, events: ['checkout.session.completed'] });
    await pay();
    await until(() => receiver.got.length === 1, 'the first');
    verify(receiver.got[0], 'whsec_one');
    writeFileSync(file, 'whsec_two,whsec_one\n');
    await pay();
    await until(() => receiver.got.length === 2, 'the second');
    verify(receiver.got[1], 'whsec_one');
    verify(receiver.got[1], 'whsec_two');
  } finally {
    rmSync(dir, { recursive: true });
  }
});

test("the receiver's clock is what counts, wherever the stand-in's is", async () => {
  await control('/clock', { advance_seconds: 100000 });
  await pay();
  await until(() => receiver.got.length === 4, 'four deliveries');
  const event = verify(receiver.got[0]);
  assert.ok(event.created > Date.now() / 1000 + 90000);
});

// The hosted page as a browser and an HTTP client meet it.

import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { SESSION, startReceiver, startStandin, until } from '../harness.js';

let standin;
let receiver;

before(async () => {
  standin = await startStandin();
});
after(() => standin.stop());
beforeEach(() => standin.control('POST', '/reset'));
afterEach(async () => {
  await receiver?.stop();
  receiver = undefined;
});

async function newSession(more = {}) {
  return (await standin.call('POST', '/v1/checkout/sessions', { ...SESSION, ...more })).body;
}
const read = async (id) => (await standin.call('GET', `/v1/checkout/sessions/${id}`)).body;

function press(session, action, more = {}) {
  return fetch(session.url ?? session, {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams({ action, ...more }),
  });
}

test('the page shows product and amount, and escapes what it shows', async () => {
  const session = await newSession({
    'line_items[0][price_data][product_data][name]': '<b>Kings & "Queens"</b>',
    customer_email: 'a@b.example',
  });
  const res = await fetch(session.url);
  const html = await res.text();
  assert.equal(res.status, 200);
  assert.match(res.headers.get('content-type'), /text\/html/);
  assert.match(html, /&lt;b&gt;Kings &amp; &quot;Queens&quot;&lt;\/b&gt;/);
  assert.match(html, /150\.00 USD/);
  assert.match(html, /value="a@b\.example"/);
  for (const action of ['pay', 'decline', 'bank', 'cancel'])
    assert.match(html, new RegExp(`value="${action}"`));
});

test("paying redirects to success_url with the session's id", async () => {
  const session = await newSession();
  const res = await press(session, 'pay', { email: 'payer@a.example', name: 'Payer' });
  assert.equal(res.status, 303);
  assert.equal(res.headers.get('location'), `https://pay.club.example/paid.html?session_id=${session.id}`);
  const paid = await read(session.id);
  assert.deepEqual(
    [paid.payment_status, paid.customer_details.email, paid.customer_details.name],
    ['paid', 'payer@a.example', 'Payer'],
  );
});

test('a bank debit completes unpaid and redirects too', async () => {
  const session = await newSession();
  assert.equal((await press(session, 'bank')).status, 303);
  const complete = await read(session.id);
  assert.deepEqual([complete.status, complete.payment_status], ['complete', 'unpaid']);
});

test('a decline stays on the page and says so', async () => {
  const session = await newSession();
  const res = await press(session, 'decline');
  assert.equal(res.status, 402);
  assert.match(await res.text(), /Your card was declined/);
  assert.equal((await read(session.id)).status, 'open');
  assert.equal((await press(session, 'pay')).status, 303);
});

test('going back redirects to cancel_url and leaves the session open', async () => {
  const session = await newSession();
  const res = await press(session, 'cancel');
  assert.deepEqual(
    [res.status, res.headers.get('location')],
    [303, 'https://pay.club.example/cancelled.html'],
  );
  assert.equal((await read(session.id)).status, 'open');
});

test('complete and expired sessions say so and take no payment', async () => {
  const done = await newSession();
  await press(done, 'pay');
  assert.match(await (await fetch(done.url)).text(), /already complete/);
  assert.equal((await press(done, 'pay')).status, 409);
  const late = await newSession();
  await standin.control('POST', '/clock', { advance_seconds: 24 * 3600 });
  assert.match(await (await fetch(late.url)).text(), /expired/);
  assert.equal((await press(late, 'pay')).status, 409);
  assert.equal((await read(late.id)).status, 'expired');
});

test('an unknown session, a strange button and a strange method are refused', async () => {
  const session = await newSession();
  assert.equal((await fetch(`${standin.base}/c/pay/cs_test_none`)).status, 404);
  assert.equal((await press(session, 'steal')).status, 400);
  assert.equal((await fetch(session.url, { method: 'PUT' })).status, 405);
});

test('the buyer is held until the webhook has answered', async () => {
  let release;
  const held = new Promise((resolve) => {
    release = resolve;
  });
  receiver = await startReceiver(() => held.then(() => 200));
  await standin.control('POST', '/deliveries', { url: receiver.url, events: ['checkout.session.completed'] });
  const session = await newSession();
  let redirected = false;
  const paying = press(session, 'pay').then((res) => {
    redirected = true;
    return res;
  });
  await until(() => receiver.got.length === 1, 'the delivery');
  await new Promise((resolve) => {
    setTimeout(resolve, 200);
  });
  assert.equal(redirected, false);
  release();
  assert.equal((await paying).status, 303);
});

test('a webhook that fails does not stop the buyer', async () => {
  receiver = await startReceiver(() => 503);
  await standin.control('POST', '/deliveries', {
    url: receiver.url,
    events: ['checkout.session.completed'],
    first_retry_ms: 60000,
  });
  const begun = Date.now();
  assert.equal((await press(await newSession(), 'pay')).status, 303);
  assert.ok(Date.now() - begun < 3000);
});

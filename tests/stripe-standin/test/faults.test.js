import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { SESSION, startStandin, TEST_KEY } from '../harness.js';

let standin;

before(async () => {
  standin = await startStandin();
});
after(() => standin.stop());
beforeEach(() => standin.control('POST', '/reset'));

const fault = (more) => standin.control('POST', '/faults', more);
const create = (more = {}, options) =>
  standin.call('POST', '/v1/checkout/sessions', { ...SESSION, ...more }, options);
const count = async () => (await standin.control('GET', '/state')).sessions.length;

test('nth and count choose the requests', async () => {
  await fault({ method: 'POST', path: '/v1/checkout/sessions', nth: 2, count: 2, status: 500 });
  const statuses = [];
  for (let i = 0; i < 5; i++) statuses.push((await create()).status);
  assert.deepEqual(statuses, [200, 500, 500, 200, 200]);
  const [shown] = await standin.control('GET', '/faults');
  assert.deepEqual([shown.seen, shown.hits, shown.status], [5, 2, 500]);
});

test('count 0 is for ever, until the faults are cleared', async () => {
  await fault({ path: '/v1/checkout/sessions', count: 0, status: 429 });
  for (let i = 0; i < 3; i++) assert.equal((await create()).status, 429);
  await standin.control('DELETE', '/faults');
  assert.equal((await create()).status, 200);
});

test('a path may be exact, have a wildcard segment, be a prefix or a regular expression', async () => {
  const {
    body: { id },
  } = await create();
  const get = async (path) => (await standin.call('GET', path)).status;
  for (const choice of [
    { path: '/v1/checkout/sessions/:id' },
    { path: '/v1/checkout/*' },
    { path_regex: 'sessions/cs_' },
  ]) {
    await fault({ ...choice, method: 'GET', status: 503 });
    assert.equal(await get('/v1/customers'), 200);
    assert.equal(await get(`/v1/checkout/sessions/${id}`), 503);
  }
  await fault({ path: '/v1/checkout/sessions/:id', status: 503 });
  assert.equal(await get(`/v1/checkout/sessions/${id}/line_items`), 200);
});

test("params choose one order's request among many", async () => {
  await fault({ params: { 'metadata[order_id]': '8' }, status: 403 });
  assert.equal((await create()).status, 200);
  assert.equal((await create({ 'metadata[order_id]': '8' })).status, 403);
});

test('a status brings its own body and headers', async () => {
  await fault({
    status: 503,
    body: '<html>proxy</html>',
    headers: { 'Content-Type': 'text/html', 'Retry-After': '3' },
  });
  const res = await fetch(`${standin.base}/v1/customers`, {
    headers: { Authorization: `Bearer ${TEST_KEY}` },
  });
  assert.deepEqual(
    [res.status, res.headers.get('retry-after'), await res.text()],
    [503, '3', '<html>proxy</html>'],
  );
});

test('delay waits before executing', async () => {
  await fault({ delay_ms: 200 });
  const begun = Date.now();
  await create();
  assert.ok(Date.now() - begun >= 195);
});

test('drop before leaves nothing, drop after leaves the session', async () => {
  await fault({ drop: 'before' });
  await assert.rejects(create());
  assert.equal(await count(), 0);
  await fault({ drop: 'after' });
  await assert.rejects(create());
  assert.equal(await count(), 1);
  const log = await standin.control('GET', '/requests');
  assert.deepEqual(
    log.map((entry) => entry.status),
    [0, 0],
  );
});

test('truncate promises all and sends a part', async () => {
  const {
    body: { id },
  } = await create();
  await fault({ truncate: 50 });
  const got = await new Promise((resolve) => {
    http.get(
      `${standin.base}/v1/checkout/sessions/${id}`,
      { headers: { Authorization: `Bearer ${TEST_KEY}` } },
      (res) => {
        let size = 0;
        res.on('data', (chunk) => {
          size += chunk.length;
        });
        res.on('error', () => resolve({ size, promised: Number(res.headers['content-length']) }));
        res.on('end', () => resolve({ size, promised: 0 }));
      },
    );
  });
  assert.equal(got.size, 50);
  assert.ok(got.promised > 1000);
});

test('a lie changes the answer and not the state', async () => {
  await fault({
    path: '/v1/checkout/sessions/:id',
    lie: {
      amount_total: 1,
      'metadata.order_id': '99',
      currency: { $delete: true },
      'payment_intent.status': 'canceled',
      status: 'complete',
    },
  });
  const { body: born } = await create();
  const lied = (await standin.call('GET', `/v1/checkout/sessions/${born.id}`)).body;
  assert.deepEqual(
    [lied.amount_total, lied.metadata.order_id, 'currency' in lied, lied.payment_intent, lied.status],
    [1, '99', false, { status: 'canceled' }, 'complete'],
  );
  const truth = (await standin.call('GET', `/v1/checkout/sessions/${born.id}`)).body;
  assert.deepEqual(truth, born);
});

test('a lie reaches into lists', async () => {
  await create();
  await fault({ lie: { 'data.0.amount_total': 7 } });
  assert.equal((await standin.call('GET', '/v1/checkout/sessions')).body.data[0].amount_total, 7);
});

test('a command is run before or after the execution, and waited for', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'standin-'));
  const note = join(dir, 'note');
  // The command asks the stand-in itself how many sessions there are at that moment.
  const ask = `sleep 0.1; curl -s ${standin.base}/_control/state | grep -c '"object": "checkout.session"' >> ${note}`;
  try {
    await fault({ method: 'POST', command: { when: 'before', argv: ['/bin/sh', '-c', ask] } });
    await fault({ method: 'POST', command: { when: 'after', argv: ['/bin/sh', '-c', ask] } });
    assert.equal((await create()).status, 200);
    assert.equal(readFileSync(note, 'utf8'), '0\n1\n');
  } finally {
    rmSync(dir, { recursive: true });
  }
});

test('faults meet in one request', async () => {
  await fault({ delay_ms: 100 });
  await fault({ lie: { mode: 'x' } });
  const begun = Date.now();
  const { body } = await create();
  assert.equal(body.mode, 'x');
  assert.ok(Date.now() - begun >= 95);
  assert.deepEqual((await standin.control('GET', '/requests'))[0].faults, [1, 2]);
});

test('a misspelt fault is refused, not ignored', async () => {
  await assert.rejects(fault({ delay: 5 }), /unknown: delay/);
  await assert.rejects(fault({ path: '/v1/customers' }), /needs one of/);
  await assert.rejects(fault({ drop: 'during' }), /before or after/);
  await assert.rejects(fault({ path_regex: '(', status: 500 }), { status: 400 });
  await assert.rejects(fault({ command: { when: 'before', argv: 'kill' } }), { status: 400 });
});

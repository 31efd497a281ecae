import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startStandin } from '../harness.js';

const SERVER = fileURLToPath(new URL('../server.js', import.meta.url));

function runToEnd(env) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [SERVER], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    child.stderr.on('data', (chunk) => {
      text += chunk;
    });
    child.once('exit', (code) => resolve({ code, text }));
  });
}

test('all faults of the settings are named at once, and no key is shown', async () => {
  const { code, text } = await runToEnd({
    STANDIN_PORT: 'x',
    STANDIN_SECRET_KEYS: 'nonsense_key',
    STANDIN_WEBHOOK_URL: 'http://club.example/',
  });
  assert.equal(code, 2);
  for (const name of ['STANDIN_PORT', 'STANDIN_SECRET_KEYS', 'STANDIN_WEBHOOK_URL'])
    assert.match(text, new RegExp(name));
  assert.doesNotMatch(text, /nonsense_key/);
});

test('a port that is taken is said and ends it', async () => {
  const standin = await startStandin();
  const { code, text } = await runToEnd({
    STANDIN_PORT: new URL(standin.base).port,
    STANDIN_SECRET_KEYS: 'sk_test_a',
  });
  await standin.stop();
  assert.equal(code, 1);
  assert.match(text, /cannot listen/);
});

test('SIGTERM ends it at once, though a request is in hand', async () => {
  const standin = await startStandin();
  await standin.control('POST', '/faults', { delay_ms: 60000 });
  const call = standin.call('GET', '/v1/customers').catch(() => 'cut');
  await new Promise((resolve) => {
    setTimeout(resolve, 100);
  });
  const begun = Date.now();
  await standin.stop();
  assert.ok(Date.now() - begun < 1000);
  assert.equal(await call, 'cut');
});

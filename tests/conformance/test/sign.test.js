// sign.js against values that were computed without the SDK, by another program.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { signatureHeader } from '../../stripe-standin/delivery/sign.js';

const PROGRAM = fileURLToPath(new URL('../sign.js', import.meta.url));
const SECRET = 'whsec_test_secret';
const run = (args, input) => spawnSync(process.execPath, [PROGRAM, ...args], { input, encoding: 'utf8' });

const VECTORS = [
  [
    '{"id":"evt_test_webhook","object":"event"}',
    'd95c6b7477fbd7e9f90b1b0ef5f9c7ac25abca5382460e0d988c2b2a5b71b990',
  ],
  [
    '{\n  "id": "evt_test_webhook",\n  "object": "event"\n}',
    '4f1cd7feda9826e746b7d482c4badebb657398df1099e1046364f6196a230150',
  ],
  ['{"id":"evt_1","name":"Zoë €"}', '51e5973198627dc5a05645853a9eb6abf942f15721a67e5fbed3f6143c03771e'],
];

for (const [payload, mac] of VECTORS) {
  test(`the SDK and the stand-in sign ${JSON.stringify(payload).slice(0, 30)} alike`, () => {
    const { status, stdout } = run([SECRET, '1700000000'], payload);
    assert.deepEqual([status, stdout], [0, `t=1700000000,v1=${mac}\n`]);
    assert.equal(signatureHeader(Buffer.from(payload), [SECRET], 1700000000), `t=1700000000,v1=${mac}`);
  });
}

test('several files, a line each', () => {
  const dir = mkdtempSync(join(tmpdir(), 'sign-'));
  try {
    const files = VECTORS.map(([payload], i) => {
      writeFileSync(join(dir, `${i}`), payload);
      return join(dir, `${i}`);
    });
    assert.equal(
      run([SECRET, '1700000000', ...files]).stdout,
      VECTORS.map(([, mac]) => `t=1700000000,v1=${mac}\n`).join(''),
    );
  } finally {
    rmSync(dir, { recursive: true });
  }
});

test('what cannot be signed truly is refused', () => {
  assert.equal(run([SECRET, '0'], '{}').status, 2);
  assert.equal(run([SECRET, 'now'], '{}').status, 2);
  assert.equal(run([SECRET], '{}').status, 2);
  const bad = run([SECRET, '1700000000'], Buffer.from([0x7b, 0xff, 0x7d]));
  assert.equal(bad.status, 1);
  assert.match(bad.stderr, /not UTF-8/);
});

// Deliveries over TLS: the receiver's certificate is verified against the CA of the settings.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { lookup } from 'node:dns/promises';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import https from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { startStandin, until } from '../harness.js';

let dir;
let loopback;
let server;
const got = [];

const file = (name) => join(dir, name);
const openssl = (...args) => execFileSync('openssl', args, { stdio: ['ignore', 'ignore', 'pipe'] });

before(async () => {
  dir = mkdtempSync(join(tmpdir(), 'standin-'));
  openssl(
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-days',
    '2',
    '-keyout',
    file('key.pem'),
    '-out',
    file('cert.pem'),
    '-subj',
    '/CN=localhost',
    '-addext',
    'subjectAltName=DNS:localhost',
  );
  server = https.createServer(
    { key: readFileSync(file('key.pem')), cert: readFileSync(file('cert.pem')) },
    (req, res) => {
      got.push(req.headers['stripe-signature']);
      req.resume();
      res.writeHead(200).end();
    },
  );
  // What "localhost" means first is the machine's to say.
  loopback = await lookup('localhost');
  await new Promise((resolve) => {
    server.listen(0, loopback.address, resolve);
  });
});
after(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => {
    server.close(resolve);
  });
  rmSync(dir, { recursive: true });
});

async function deliverTo(host, env) {
  const url = `https://${host}:${server.address().port}/webhooks/stripe`;
  const standin = await startStandin({ STANDIN_WEBHOOK_URL: url, ...env });
  await standin.call('POST', '/v1/customers', { name: 'x' });
  let delivery;
  await until(async () => {
    [delivery] = await standin.control('GET', '/deliveries');
    return delivery.last_status !== null;
  }, 'an attempt');
  await standin.stop();
  return delivery;
}

test('with its CA the certificate is accepted', async () => {
  const delivery = await deliverTo('localhost', { STANDIN_CA_FILE: file('cert.pem') });
  assert.deepEqual([delivery.last_status, delivery.state], [200, 'delivered']);
  assert.match(got[0], /^t=\d+,v1=[0-9a-f]{64}$/);
});

test('an unknown CA, and a wrong host name, are refused', async () => {
  const before = got.length;
  const unknown = await deliverTo('localhost', {});
  assert.equal(unknown.last_status, 0);
  assert.match(unknown.last_error, /self-signed|SELF_SIGNED/);
  const address = loopback.family === 6 ? `[${loopback.address}]` : loopback.address;
  const other = await deliverTo(address, { STANDIN_CA_FILE: file('cert.pem') });
  assert.match(other.last_error, /ALTNAME/);
  assert.equal(got.length, before);
});

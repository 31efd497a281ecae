// A stateful stand-in for the parts of Stripe's API that teamdues calls. See README.md.

import http from 'node:http';
import { handleApi } from './api/pipeline.js';
import { ConfigError, readConfig } from './config.js';
import { handleControl } from './control/handler.js';
import { send } from './http/io.js';
import { handlePage } from './page/handler.js';
import { Standin } from './standin.js';
import { expireDue } from './world/session.js';

const DOORS = [
  ['/v1/', handleApi],
  ['/c/pay/', handlePage],
  ['/_control/', handleControl],
];

async function serve(standin, req, res) {
  const url = new URL(req.url, standin.baseUrl);
  const door = DOORS.find(([prefix]) => url.pathname.startsWith(prefix));
  if (!door) return send(res, 404, { 'Content-Type': 'text/plain' }, 'nothing here\n');
  return door[1](standin, req, res, url);
}

function listener(standin) {
  return (req, res) => {
    serve(standin, req, res).catch((error) => {
      process.stderr.write(`stand-in: ${error.stack}\n`);
      if (res.headersSent) res.destroy();
      else send(res, 500, { 'Content-Type': 'text/plain' }, `stand-in: ${error.message}\n`);
    });
  };
}

function start(config) {
  const standin = new Standin(config);
  const server = http.createServer(listener(standin));
  // Longer than a client's own idle time, so that it is never we who close under a request.
  server.keepAliveTimeout = 120000;
  setInterval(() => expireDue(standin.world), 1000).unref();
  server.once('error', (error) => {
    process.stderr.write(`stand-in: cannot listen: ${error.message}\n`);
    process.exit(1);
  });
  server.listen(config.port, '127.0.0.1', () => {
    standin.baseUrl = `http://127.0.0.1:${server.address().port}`;
    process.stdout.write(`stand-in listening on ${standin.baseUrl}\n`);
  });
  // Requests in hand are not waited for: a test that ends the stand-in is done with it.
  for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => process.exit(0));
}

try {
  start(readConfig(process.env));
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  process.stderr.write(`${error.message.replace(/^/gm, 'stand-in: ')}\n`);
  process.exitCode = 2;
}

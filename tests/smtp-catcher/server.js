// An SMTP server that keeps what it gets, byte by byte. See README.md.

import http from 'node:http';
import net from 'node:net';
import tls from 'node:tls';
import { makeCertificate } from './certificate.js';
import { ConfigError, readConfig } from './config.js';
import { handleControl } from './control.js';
import { Faults } from './faults.js';
import { Mailbox } from './mailbox.js';
import { Session } from './session.js';

function listen(server, port, name) {
  server.once('error', (error) => {
    process.stderr.write(`catcher: ${name} cannot listen: ${error.message}\n`);
    process.exit(1);
  });
  return new Promise((resolve) => {
    server.listen(port, '127.0.0.1', () => resolve(server.address().port));
  });
}

async function start(config) {
  const certificate = config.starttls || config.implicitTls ? makeCertificate() : null;
  const catcher = { config, certificate, mailbox: new Mailbox(), faults: new Faults() };
  const onSocket = (socket) => new Session(catcher, socket).begin();
  const smtp = config.implicitTls
    ? tls.createServer({ ...certificate.context }, onSocket)
    : net.createServer(onSocket);
  const control = http.createServer((req, res) => handleControl(catcher, req, res));

  process.on('exit', () => certificate?.remove());
  for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => process.exit(0));

  const controlPort = await listen(control, config.controlPort, 'the control port');
  const port = await listen(smtp, config.port, 'SMTP');
  const scheme = config.implicitTls ? 'smtps' : 'smtp';
  process.stdout.write(`control on http://127.0.0.1:${controlPort}\n`);
  if (certificate) process.stdout.write(`certificate ${certificate.path}\n`);
  process.stdout.write(`catcher listening on ${scheme}://127.0.0.1:${port}\n`);
}

try {
  await start(readConfig(process.env));
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  process.stderr.write(`catcher: ${error.message}\n`);
  process.exitCode = 2;
}

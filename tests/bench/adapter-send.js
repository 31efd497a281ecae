// adapter-send.js SOCKET ORDER: one signed event for that order over FastCGI, as
// nginx would hand it on; prints the status of the answer.  The settings are the
// adapter's (STRIPE_WEBHOOK_SECRET).

import { readFileSync } from 'node:fs';
import { connect } from 'node:net';

import { eventText, signatureOf } from './harness/event.js';

const [BEGIN, PARAMS, STDIN, STDOUT] = [1, 4, 5, 6];
const [socketPath, order] = process.argv.slice(2);

function record(type, content) {
  const head = Buffer.from([1, type, 0, 1, content.length >> 8, content.length & 255, 0, 0]);
  return Buffer.concat([head, content]);
}

function length(text) {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE((Buffer.byteLength(text) | 0x80000000) >>> 0);
  return bytes;
}

const pair = ([name, value]) => Buffer.concat([length(name), length(value), Buffer.from(name + value)]);

// An installation that knows nothing of this one's id sends none.
const template = readFileSync(new URL('event.json', import.meta.url), 'utf8')
  .replace(/,\n.*@TEAMDUES@.*/, '');

function request(body) {
  const variables = {
    REQUEST_METHOD: 'POST',
    SCRIPT_NAME: '/webhooks/stripe',
    DOCUMENT_URI: '/webhooks/stripe',
    QUERY_STRING: '',
    CONTENT_TYPE: 'application/json',
    CONTENT_LENGTH: String(Buffer.byteLength(body)),
    HTTP_STRIPE_SIGNATURE: signatureOf(process.env.STRIPE_WEBHOOK_SECRET, body),
  };
  return Buffer.concat([
    record(BEGIN, Buffer.from([0, 1, 0, 0, 0, 0, 0, 0])),
    record(PARAMS, Buffer.concat(Object.entries(variables).map(pair))),
    record(PARAMS, Buffer.alloc(0)),
    record(STDIN, Buffer.from(body)),
    record(STDIN, Buffer.alloc(0)),
  ]);
}

function answerText(bytes) {
  let text = '';
  for (let at = 0; at + 8 <= bytes.length; ) {
    const size = bytes.readUInt16BE(at + 4);
    if (bytes[at + 1] === STDOUT) text += bytes.toString('utf8', at + 8, at + 8 + size);
    at += 8 + size + bytes[at + 6];
  }
  return text;
}

const socket = connect(socketPath);
const chunks = [];
socket.on('data', (chunk) => chunks.push(chunk));
socket.on('close', () => {
  const text = answerText(Buffer.concat(chunks));
  console.log(/^Status: (\d+)/m.exec(text)?.[1] ?? (text === '' ? 'no answer' : '200'));
});
socket.write(request(eventText(template, Number(order), 1000)));

// Signs webhook payloads with the official SDK's own test generator, for tests of our webhook:
//
//     node sign.js SECRET TIMESTAMP < payload          prints the value of Stripe-Signature
//     node sign.js SECRET TIMESTAMP FILE...            a line per file, since starting Node costs more than signing
//
// A payload is signed as the bytes that it is; a last newline, if there is one, is part of it.

import { readFileSync } from 'node:fs';
import Stripe from 'stripe';

function sign(file, secret, timestamp) {
  const bytes = readFileSync(file);
  const payload = bytes.toString('utf8');
  // The SDK signs text: bytes that are no UTF-8 would be signed as something else.
  if (!Buffer.from(payload, 'utf8').equals(bytes))
    throw new Error(`sign.js: ${file === 0 ? 'the payload' : file} is not UTF-8`);
  return Stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp });
}

function main([secret, timestamp, ...files]) {
  // The generator takes 0 for "now", which nobody who writes 0 means.
  if (!secret || !/^[1-9]\d{0,11}$/.test(timestamp ?? '')) {
    process.stderr.write('usage: node sign.js SECRET TIMESTAMP [FILE...] < payload\n');
    return 2;
  }
  try {
    const headers = (files.length ? files : [0]).map((file) => sign(file, secret, Number(timestamp)));
    process.stdout.write(`${headers.join('\n')}\n`);
    return 0;
  } catch (error) {
    process.stderr.write(`${error.message}\n`);
    return 1;
  }
}

process.exitCode = main(process.argv.slice(2));

// What the programs weigh while nothing happens, and how soon they answer after
// their start.

import https from 'node:https';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { eventText, signatureOf } from '../harness/event.js';
import { family, median, pssOf, table } from '../harness/figures.js';
import { Stack } from '../harness/stack.js';

const STARTS = 5;
const OTHERS = ['postgresql', 'nginx', 'standin', 'catcher'];
// nginx lets ten requests a second through to some.
const PACE_MS = 250;

// Something to say to each program, so that it does its work once.
function requestTo(stack, name) {
  const targets = {
    index: '/',
    'checkout-status': '/checkout/status?session_id=cs_test_none',
    'admin-email': '/admin/batches/1',
  };
  if (name !== 'webhooks-stripe') return { path: targets[name] ?? `/${name.replace('-', '/')}` };
  const body = eventText(readFileSync(stack.template, 'utf8'), 1000001, 1000);
  const signature = signatureOf(stack.settings.STRIPE_WEBHOOK_SECRET, body);
  return { path: '/webhooks/stripe', method: 'POST', body, headers: { 'Stripe-Signature': signature } };
}

function ask(stack, agent, { body, ...request }) {
  return new Promise((resolve, reject) => {
    https.request({ host: 'localhost', port: stack.port, agent, ...request }, (answer) => {
      answer.resume();
      answer.once('end', () => resolve(answer.statusCode));
    }).once('error', reject).end(body);
  });
}

// The program under multiwatch: the last of its family.
const programOf = (stack, name) => family(stack.leader(name)).at(-1);

// The request waits in the socket while the program starts again.
async function coldStart(stack, agent, name) {
  const request = requestTo(stack, name);
  await ask(stack, agent, { path: '/style.css' });
  await sleep(PACE_MS);
  process.kill(programOf(stack, name), 'SIGKILL');
  const begun = process.hrtime.bigint();
  const status = await ask(stack, agent, request);
  if (status >= 500) throw new Error(`${name} answered ${status}`);
  return Number(process.hrtime.bigint() - begun) / 1e6;
}

export async function weight() {
  const stack = new Stack({ orders: 1000 });
  const agent = new https.Agent({
    keepAlive: true, maxSockets: 1, ca: readFileSync(path.join(stack.runDir, 'ca.pem')),
  });
  const names = stack.servers().filter((name) => !OTHERS.includes(name));
  const rows = [];
  for (const name of names) {
    const starts = [];
    for (let i = 0; name !== 'mailer' && i < STARTS; i++) starts.push(await coldStart(stack, agent, name));
    rows.push([name, NaN, median(starts)]);
  }
  for (const row of rows) row[1] = pssOf(programOf(stack, row[0])) / 1024;
  rows.push(['all together', rows.reduce((sum, row) => sum + row[1], 0), NaN]);
  agent.destroy();
  stack.down();
  return table(['program', 'PSS MB', 'cold start ms'], rows);
}

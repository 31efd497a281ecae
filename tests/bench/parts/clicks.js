// Families that follow their pay links all at once, while Stripe takes its time.

import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { cpuOf, median, table } from '../harness/figures.js';
import { Stack } from '../harness/stack.js';

const CLICKS = 300;
const STRIPE_MS = 300;

async function control(stack, method, target, body) {
  const answer = await fetch(`${stack.settings.STRIPE_API_BASE}/_control/${target}`,
    { method, ...(body && { body: JSON.stringify(body) }) });
  if (!answer.ok) throw new Error(`${target}: ${await answer.text()}`);
  return answer.json();
}

async function putTargets(stack) {
  const file = path.join(stack.runDir, 'targets');
  const targets = [];
  for (let n = 0; n < CLICKS; n++) targets.push(await stack.payLink(1000001 + n));
  writeFileSync(file, `${targets.join('\n')}\n`);
  return file;
}

// Milliseconds that the program itself logged of each request, without the wait
// for a free thread.
function durations(stack) {
  const text = readFileSync(path.join(stack.state, 'log/checkout-tournament.log'), 'utf8');
  return [...text.matchAll(/path=\/checkout\/tournament status=303 duration_ms=(\d+)/g)].map((match) => Number(match[1]));
}

async function click(stack, targets) {
  const seen = durations(stack).length;
  await control(stack, 'DELETE', 'requests');
  const roots = ['checkout-tournament', 'nginx', 'postgresql'].map((name) => stack.leader(name));
  const before = roots.map(cpuOf);
  const figures = stack.load('-c', CLICKS, '-g', targets);
  const cpu = roots.map((pid, i) => (cpuOf(pid) - before[i]) / CLICKS);
  const calls = (await control(stack, 'GET', 'requests')).length / CLICKS;
  return [figures.statuses[303] ?? 0, calls, figures.p50_us / 1000, figures.p99_us / 1000,
    median(durations(stack).slice(seen).map((ms) => ms % STRIPE_MS)), ...cpu];
}

export async function clicks() {
  const stack = new Stack({ players: CLICKS, orders: CLICKS }, { LOG_LEVEL: 'info' });
  // Neither customers nor sessions: all of it has to be asked of Stripe.
  stack.sql('set client_min_messages = warning; truncate teamdues.checkout_sessions, teamdues.stripe_customers cascade');
  const targets = await putTargets(stack);
  await control(stack, 'POST', 'faults', { path: '/v1/*', count: 0, delay_ms: STRIPE_MS });
  const first = await click(stack, targets);
  const second = await click(stack, targets);
  stack.down();
  return `${CLICKS} at once, each call of Stripe's takes ${STRIPE_MS} ms. Own: the program's time of one click\n`
    + `without Stripe's.\n\n${table(['click', 'answered', 'calls', 'p50 ms', 'p99 ms', 'own p50 ms', 'program µs',
      'nginx µs', 'PostgreSQL µs'], [['the first, which mints', ...first], ['again, to the same session', ...second]])}`;
}

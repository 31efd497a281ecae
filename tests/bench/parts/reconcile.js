// Reconciliation with a long list of Stripe's, of which all is known already.

import { spawn } from 'node:child_process';
import { once } from 'node:events';

import { cpuOf, table } from '../harness/figures.js';
import { Stack, bench } from '../harness/stack.js';

async function startList(stack, sessions) {
  const child = spawn(process.execPath, [`${bench}/harness/stripe-list.js`, stack.template, sessions],
    { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = await once(child.stdout, 'data');
  return { child, base: String(line).trim() };
}

export async function reconcile({ sessions }) {
  const stack = new Stack({ orders: sessions, paid: sessions });
  const list = await startList(stack, sessions);
  stack.settings.STRIPE_API_BASE = list.base;
  const postgresql = cpuOf(stack.leader('postgresql'));
  const run = await stack.command('reconcile', '--since', '400d', '--commit');
  if (run.code !== 0) throw new Error(`reconcile: ${run.said}`);
  const calls = Number(await (await fetch(`${list.base}/calls`)).text());
  const thousands = sessions / 1000;
  const rows = [[sessions.toLocaleString('en'), run.peak / 1024, calls / thousands, run.seconds / thousands,
    run.cpu / 1000 / thousands, (cpuOf(stack.leader('postgresql')) - postgresql) / 1000 / thousands]];
  list.child.kill();
  stack.down();
  return `Per 1,000 sessions, but for the memory.\n\n${table(['sessions', 'peak MB', 'calls', 'seconds',
    'own CPU ms', 'PostgreSQL ms'], rows)}`;
}

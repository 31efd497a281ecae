// Everything at size: what a club of 10,000 families, and one with a million
// orders, may wait for.  The endpoints are judged by what PostgreSQL takes for a
// request, the commands by the clock on the wall.

import https from 'node:https';
import { readFileSync } from 'node:fs';
import path from 'node:path';

import { median, table } from '../harness/figures.js';
import { Stack } from '../harness/stack.js';

const BIG_CLUB = { players: 12000, fees: 12000, orders: 24000, paid: 21600, ignored: 2, unmatched: 500 };
const MILLION = { players: 12000, fees: 12000, orders: 988000, paid: 949200, unmatched: 500 };

const WARM = 3;
const REQUESTS = 20;
const PEAK_MB = 16; // what a command that streams may take
const SLOW_S = 10; // such a command is run once, others three times

const STATUSES = ['pending', 'processing', 'paid', 'partially_refunded', 'refunded', 'disputed', 'charged_back',
  'cancelled'];
const FILTERS = ['', 'after=1012000', ...STATUSES.map((status) => `status=${status}`), 'product_id=7',
  'tournament_id=2', 'q=kid%2011999', 'q=PARENT99%40', 'q=nobody', 'q=kid&status=pending',
  'q=nobody&status=paid'];

function fetchWith(stack, agent, target) {
  const headers = { Authorization: `Bearer ${stack.settings.TEAMDUES_ADMIN_TOKEN}` };
  return new Promise((resolve, reject) => {
    https.get({ host: 'localhost', port: stack.port, agent, headers, path: target }, (answer) => {
      answer.resume();
      answer.once('end', () => resolve(answer.statusCode));
    }).once('error', reject);
  });
}

// Milliseconds of PostgreSQL's that a role's request takes.
async function endpointCost(stack, agent, role, targets, expected) {
  for (const target of targets.slice(0, WARM)) await fetchWith(stack, agent, target);
  stack.sql('select pg_stat_statements_reset()');
  const rest = targets.slice(WARM);
  for (const target of rest) {
    const status = await fetchWith(stack, agent, target);
    if (status !== expected) return { fault: `answers ${status}` };
  }
  const spent = stack.sql(`select sum(total_exec_time + total_plan_time) from pg_stat_statements s
    join pg_roles r on r.oid = s.userid where r.rolname = 'teamdues_${role}'`);
  return { ms: Number(spent) / rest.length };
}

async function endpoints(stack) {
  const agent = new https.Agent({
    keepAlive: true, maxSockets: 1, ca: readFileSync(path.join(stack.runDir, 'ca.pem')),
  });
  const { paid } = stack.club;
  const links = [];
  for (let n = 0; n < WARM + REQUESTS; n++) links.push(await stack.payLink(1000001 + paid + n));
  const pages = Array.from({ length: WARM + REQUESTS }, (_, n) =>
    `/checkout/status?session_id=cs_test_a1${1000001 + n * 1000}bQf3KzN8WmXc5VtR2yLpJdHs7GaUe9ZoTiMvC4B`);
  const rows = [
    ['a click', await endpointCost(stack, agent, 'checkout', links, 303), 3],
    ['the return page', await endpointCost(stack, agent, 'checkout', pages, 200), 3],
  ];
  for (const filter of FILTERS) {
    const targets = Array(WARM + 3).fill(`/admin/orders?${filter}`);
    rows.push([`/admin/orders?${filter}`, await endpointCost(stack, agent, 'admin', targets, 200), 50]);
  }
  agent.destroy();
  return rows;
}

// 3: it found work, which is no failure.
async function commandCost(stack, words, codes = [0, 3]) {
  const runs = [];
  do runs.push(await stack.command(...words));
  while (runs.length < 3 && runs[0].seconds < SLOW_S);
  const bad = runs.find((run) => !codes.includes(run.code));
  if (bad) return { fault: `exit ${bad.code}: ${bad.said.trim().split('\n').at(-1).slice(0, 60)}` };
  return { ms: median(runs.map((run) => run.seconds * 1000)), peak: Math.max(...runs.map((run) => run.peak)) / 1024 };
}

const STREAM = { peak: true };

async function commands(stack, auditMs) {
  const like = ['unmatched', 'dismiss', 'evt_shop1', '--reason', 'the shop', '--not-ours', '--like', 'metadata:shop_order'];
  const list = [
    ['unmatched list', ['unmatched', 'list'], 100],
    ['unmatched dismiss --like', like, 2000],
    ['email blast', ['email', 'blast'], 1000],
    ['email blast --tournament', ['email', 'blast', '--tournament', '2'], 1000],
    ['email remind --first-payment', ['email', 'remind', '--first-payment'], 1000],
    ['email remind --tournament', ['email', 'remind', '--tournament', '2'], 1000],
    ['metrics', ['metrics'], 300],
    ['doctor', ['doctor'], 2000, { codes: [0, 1, 3] }],
    ['orders --csv', ['orders', '--csv'], Infinity, STREAM],
    ['events list --csv', ['events', 'list', '--csv'], Infinity, STREAM],
    ['audit', ['audit'], auditMs, STREAM],
  ];
  const rows = [];
  for (const [name, words, limit, { peak, codes } = {}] of list) {
    rows.push([name, await commandCost(stack, words, codes), limit, peak]);
  }
  const { code, seconds, said } = await stack.command(...like, '--commit');
  const cost = code === 0 ? { ms: seconds * 1000 } : { fault: `exit ${code}: ${said.slice(0, 60)}` };
  rows.push(['unmatched dismiss --like --commit', cost, 2000]);
  return rows;
}

function verdict({ fault, ms, peak }, limit, streams) {
  if (fault) return `FAILS: ${fault}`;
  if (ms > limit) return 'OVER';
  return streams && peak > PEAK_MB ? `OVER ${PEAK_MB} MB` : 'ok';
}

async function measure(name, club, auditMs) {
  const stack = new Stack(club, { countsStatements: true });
  stack.end('mailer');
  const rows = [...await endpoints(stack), ...await commands(stack, auditMs)];
  stack.down();
  return `### ${name}\n\n${table(['what', 'ms', 'limit ms', 'peak MB', 'verdict'],
    rows.map(([what, cost, limit, streams]) => [what, cost.ms ?? NaN, limit, cost.peak ?? NaN,
      verdict(cost, limit, streams)]))}`;
}

export async function size({ hasMillion }) {
  const tables = [await measure('10,000 families, 36,000 orders, 98,000 events', BIG_CLUB, 10000)];
  if (hasMillion) tables.push(await measure('1,000,000 orders, 960,000 paid', MILLION, Infinity));
  return tables.join('\n');
}

// The treasurer's desk at the size of a big club: what each page takes from the
// request to the last byte, over one connection that is kept, and what it weighs.

import { createHash, randomBytes } from 'node:crypto';
import https from 'node:https';
import { readFileSync } from 'node:fs';
import path from 'node:path';

import { table } from '../harness/figures.js';
import { Stack } from '../harness/stack.js';

const CLUB = { players: 12000, fees: 12000, orders: 24000, paid: 21600, ignored: 2, unmatched: 500 };

const WARM = 5;
const REQUESTS = 40;
const PAUSE_MS = 55; // below the desk's limit of 20 requests a second
const P50_MS = 20;
const PAGE_KB = 40;

const PAGES = [
  '/desk/', '/desk/families', '/desk/families?q=kid%2011999', '/desk/families?q=PARENT99%40',
  '/desk/families?q=1023000', '/desk/families?q=4242', '/desk/families?owing=yes', '/desk/family?parent_id=77',
  '/desk/order?order_id=1000077', '/desk/order?order_id=1023999', '/desk/unmatched', '/desk/unmatched/handled',
  '/desk/mails', '/desk/mails/list', '/desk/mails/send', '/desk/payments', '/desk/tournaments',
  '/desk/tournament?tournament_id=2', '/desk/rosters', '/desk/products', '/desk/log',
];

// The cookie of a treasurer who is signed in.
function signIn(stack) {
  const key = randomBytes(32).toString('base64url');
  const hash = createHash('sha256').update(key).digest('hex');
  stack.sql(`with made as (insert into teamdues.desk_users (name, email, role, added_by)
    values ('Ruth Ames', 'ruth@desk.example', 'treasurer', 'bench') returning user_id)
    insert into teamdues.desk_sessions (session_hash, user_id, ends_at)
    select decode('${hash}', 'hex'), user_id, now() + interval '1 day' from made`);
  return `__Host-teamdues=${key}`;
}

function fetchPage(stack, agent, cookie, target) {
  return new Promise((resolve, reject) => {
    const began = performance.now();
    https.get({ host: 'localhost', port: stack.port, agent, headers: { Cookie: cookie }, path: target }, (answer) => {
      let bytes = 0;
      answer.on('data', (data) => { bytes += data.length; });
      answer.once('end', () => resolve({ status: answer.statusCode, bytes, ms: performance.now() - began }));
    }).once('error', reject);
  });
}

const pause = () => new Promise((resolve) => { setTimeout(resolve, PAUSE_MS); });

async function pageRow(stack, agent, cookie, target) {
  const answers = [];
  for (let n = 0; n < WARM + REQUESTS; n++) {
    answers.push(await fetchPage(stack, agent, cookie, target));
    await pause();
  }
  const bad = answers.find(({ status }) => status !== 200);
  if (bad) return [target, NaN, NaN, NaN, `FAILS: answers ${bad.status}`];
  const times = answers.slice(WARM).map(({ ms }) => ms).sort((a, b) => a - b);
  const p50 = times[times.length >> 1];
  const kilobytes = Math.max(...answers.map(({ bytes }) => bytes)) / 1024;
  return [target, p50, times[Math.floor(times.length * 0.99)], kilobytes,
    p50 > P50_MS || kilobytes > PAGE_KB ? 'OVER' : 'ok'];
}

export async function desk() {
  const stack = new Stack(CLUB);
  const agent = new https.Agent({
    keepAlive: true, maxSockets: 1, ca: readFileSync(path.join(stack.runDir, 'ca.pem')),
  });
  stack.end('mailer');
  stack.sql('analyze');
  const cookie = signIn(stack);
  const rows = [];
  for (const target of PAGES) rows.push(await pageRow(stack, agent, cookie, target));
  agent.destroy();
  stack.down();
  return table(['page', 'p50 ms', 'p99 ms', 'KB', 'verdict'], rows);
}

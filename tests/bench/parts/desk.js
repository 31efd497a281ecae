// The treasurer's desk at the size of a big club: what each page takes from the
// request to the last byte, over one connection that is kept, and what it weighs.

import { createHash, randomBytes } from 'node:crypto';
import https from 'node:https';
import { readFileSync } from 'node:fs';
import path from 'node:path';

import { table } from '../harness/figures.js';
import { Stack, bench } from '../harness/stack.js';

const CLUB = { players: 12000, fees: 12000, orders: 24000, paid: 21600, ignored: 2, unmatched: 500 };

const WARM = 5;
const REQUESTS = 40;
const PAUSE_MS = 55; // below the desk's limit of 20 requests a second
const P50_MS = 20;
const PAGE_KB = 40;

const YEAR = 'from=2000-01-01';
const CUP = 'tournament_id=2';

const PAGES = [
  '/desk/', '/desk/families', '/desk/families?q=kid%2011999', '/desk/families?q=PARENT99%40',
  '/desk/families?q=1023000', '/desk/families?q=4242', '/desk/families?owing=yes', '/desk/family?parent_id=77',
  '/desk/family?parent_id=10000',
  '/desk/order?order_id=1000077', '/desk/order?order_id=1023999', '/desk/unmatched', '/desk/unmatched/handled',
  '/desk/unmatched/payment?payment=cs_test_shop1', '/desk/unmatched/payment?payment=cs_test_shop1&q=kid%2011999',
  '/desk/mails', '/desk/mails/list', '/desk/mails/list?batch_id=1', '/desk/mails/send',
  '/desk/mails/send?what=first_payments', '/desk/mails/send?what=fee_reminders', '/desk/mails/send?team=U9',
  `/desk/mails/send?what=tournament&${CUP}`, `/desk/mails/send?what=tournament_reminders&${CUP}`,
  '/desk/payments', '/desk/payments?how=cash', '/desk/tournaments', `/desk/tournament?${CUP}`,
  `/desk/tournament?${CUP}&status=paid`, `/desk/tournament?${CUP}&status=pending`, `/desk/tournament/gate?${CUP}`,
  `/desk/tournament/enter?${CUP}`, '/desk/rosters', '/desk/products', '/desk/product?product_id=7', '/desk/log',
  '/desk/log?who=Ruth', '/desk/log?what=adjust',
  // What most of the club has, and what is added up of all there is.
  '/desk/families?q=kid', '/desk/families?q=a', '/desk/families?q=19', '/desk/families?q=150',
  '/desk/families?q=kid%20zzz', '/desk/families?q=kid%20parent',
  '/desk/unmatched/payment?payment=cs_test_shop1&q=150',
  '/desk/families?q=19.99', '/desk/families?q=555-0100', '/desk/families?q=a&owing=yes', `/desk/payments?${YEAR}`,
];

// What takes as long as it is long: shown, not judged.
const FILES = [
  '/desk/families.csv', `/desk/payments.csv?${YEAR}`, `/desk/tournament.csv?${CUP}`,
  '/desk/mails/send.csv?what=first_payments', '/desk/unmatched.csv', '/desk/log.csv',
];

// The page that says whom mails would go to, all of them weighed; all of this club were asked before.
const POSTS = ['what=first_payments&asked=again', `what=tournament_reminders&${CUP}`]
  .map((body) => ['/desk/mails/send', body]);

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

function fetchPage(stack, agent, cookie, target, body) {
  const headers = body === undefined ? { Cookie: cookie } : {
    Cookie: cookie, Origin: `https://localhost:${stack.port}`, 'Content-Type': 'application/x-www-form-urlencoded',
  };
  return new Promise((resolve, reject) => {
    const began = performance.now();
    https.request({
      host: 'localhost', port: stack.port, agent, headers, path: target, method: body === undefined ? 'GET' : 'POST',
    }, (answer) => {
      let bytes = 0;
      answer.on('data', (data) => { bytes += data.length; });
      answer.once('end', () => resolve({ status: answer.statusCode, bytes, ms: performance.now() - began }));
    }).once('error', reject).end(body);
  });
}

const pause = () => new Promise((resolve) => { setTimeout(resolve, PAUSE_MS); });

async function pageRow(stack, agent, cookie, target, { body, requests = REQUESTS, isJudged = true } = {}) {
  const name = body === undefined ? target : `POST ${target} ${body}`;
  const answers = [];
  for (let n = 0; n < WARM + requests; n++) {
    answers.push(await fetchPage(stack, agent, cookie, target, body));
    await pause();
  }
  const bad = answers.find(({ status }) => status !== 200);
  if (bad) return [name, NaN, NaN, NaN, NaN, `FAILS: answers ${bad.status}`];
  const times = answers.slice(WARM).map(({ ms }) => ms).sort((a, b) => a - b);
  const p50 = times[times.length >> 1];
  const kilobytes = Math.max(...answers.map(({ bytes }) => bytes)) / 1024;
  const verdict = p50 > P50_MS || kilobytes > PAGE_KB ? 'OVER' : 'ok';
  return [name, times[0], p50, times[Math.floor(times.length * 0.99)], kilobytes, isJudged ? verdict : ''];
}

export async function desk() {
  const stack = new Stack(CLUB);
  const agent = new https.Agent({
    keepAlive: true, maxSockets: 1, ca: readFileSync(path.join(stack.runDir, 'ca.pem')),
  });
  stack.end('mailer');
  stack.psql('-f', path.join(bench, 'desk.sql'));
  const cookie = signIn(stack);
  const rows = [];
  for (const target of PAGES) rows.push(await pageRow(stack, agent, cookie, target));
  const few = { requests: REQUESTS / 4, isJudged: false };
  for (const [target, body] of POSTS) rows.push(await pageRow(stack, agent, cookie, target, { ...few, body }));
  for (const target of FILES) rows.push(await pageRow(stack, agent, cookie, target, few));
  agent.destroy();
  stack.down();
  return table(['page', 'least ms', 'p50 ms', 'p99 ms', 'KB', 'verdict'], rows);
}

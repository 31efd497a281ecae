'use strict';
// load.js SITE STANDIN LINK STOP: 200 requests a second to a club until the file STOP is there: its first page, a pay
// link that it signed before, and an event of Stripe's, which the stand-in signs and delivers. Then says how many there
// were, and what failed: another answer than a page or a redirect, or an event that was not taken at the first attempt.

const fs = require('node:fs');
const https = require('node:https');
const http = require('node:http');

const [site, standin, link, stop] = process.argv.slice(2);
const EVERY_MS = 5;
const EVENT_EACH = 4;
const LINK_EACH = 20;
const agents = { 'https:': new https.Agent({ keepAlive: true, maxSockets: 50 }), 'http:': new http.Agent({ keepAlive: true }) };
const counts = {};
let sent = 0;
let open = 0;

function ask(address, body) {
  const url = new URL(address);
  const { request } = url.protocol === 'https:' ? https : http;
  return new Promise((resolve) => {
    const req = request(url, { method: body ? 'POST' : 'GET', agent: agents[url.protocol], timeout: 30000 }, (res) => {
      const parts = [];
      res.on('data', (part) => parts.push(part));
      res.on('end', () => resolve({ status: res.statusCode, text: Buffer.concat(parts).toString() }));
    });
    req.on('error', (error) => resolve({ status: error.code ?? 'error' }));
    req.on('timeout', () => req.destroy(new Error('time-out')));
    req.end(body);
  });
}

const event = (n) =>
  JSON.stringify({ type: 'payment_intent.payment_failed', object: { id: `pi_load${n}`, object: 'payment_intent', amount: 100, currency: 'usd', status: 'requires_payment_method', metadata: {} } });

async function one(n) {
  open += 1;
  const answer = n % EVENT_EACH === 0 ? await ask(`${standin}/_control/events`, event(n)) : await ask(n % LINK_EACH === 1 ? link : `${site}/`);
  const what = [200, 303].includes(answer.status) ? 'good' : `answered ${answer.status}`;
  counts[what] = (counts[what] ?? 0) + 1;
  open -= 1;
}

async function refusedEvents() {
  const { text } = await ask(`${standin}/_control/deliveries`);
  const ours = JSON.parse(text).filter(({ object }) => /^pi_load/.test(object));
  return { waiting: ours.filter(({ state }) => state === 'pending').length, again: ours.filter(({ attempts }) => attempts > 1).length };
}

async function finish() {
  let events;
  do {
    await new Promise((resolve) => { setTimeout(resolve, 100); });
    events = await refusedEvents();
  } while (open > 0 || events.waiting > 0);
  const { good = 0, ...bad } = counts;
  const failures = sent - good + events.again;
  console.log(`${sent} requests, ${failures} failures`);
  for (const [what, count] of Object.entries(bad)) console.log(`${count} ${what}`);
  if (events.again) console.log(`${events.again} events were not taken at once`);
  process.exit(failures === 0 ? 0 : 1);
}

const begun = Date.now();
const timer = setInterval(() => {
  if (fs.existsSync(stop)) {
    clearInterval(timer);
    finish();
    return;
  }
  for (; sent < (Date.now() - begun) / EVERY_MS; sent += 1) one(sent);
}, EVERY_MS);

'use strict';
// send.js EVENTS AT_ONCE CLUB...: so many signed events to each of these clubs, one club after the other in turn,
// so many at once, as Stripe would; what is refused is sent again. Says how many there were, how often
// one was refused, how long all took, and what an answer took.

const { createHmac } = require('node:crypto');
const https = require('node:https');

const [events, atOnce, ...clubs] = process.argv.slice(2);
const REFUSED_MS = 1000;
const agent = new https.Agent({ keepAlive: true });
const refused = {};
const tookMs = [];
let next = 0;

function post(club, body) {
  const t = Math.floor(Date.now() / 1000);
  const mac = createHmac('sha256', `whsec_${club}0123456789abcdef`).update(`${t}.${body}`).digest('hex');
  return new Promise((resolve) => {
    const headers = { 'Stripe-Signature': `t=${t},v1=${mac}`, 'Content-Type': 'application/json' };
    const options = { method: 'POST', agent, headers, timeout: 60000 };
    const req = https.request(`https://${club}.example/webhooks/stripe`, options, (res) => {
      res.resume();
      res.on('end', () => resolve(res.statusCode));
    });
    req.on('error', (error) => resolve(error.code ?? 'error'));
    req.on('timeout', () => req.destroy());
    req.end(body);
  });
}

function eventOf(n) {
  const club = clubs[n % clubs.length];
  const created = Math.floor(Date.now() / 1000);
  const object = { id: 'cus_1', object: 'customer' };
  const id = `evt_${club}n${Math.floor(n / clubs.length)}`;
  return [club, JSON.stringify({ id, object: 'event', type: 'customer.created', created, livemode: true, data: { object } })];
}

async function sendUntilTaken(club, body) {
  for (;;) {
    const begun = performance.now();
    const status = await post(club, body);
    tookMs.push(performance.now() - begun);
    if (status === 200) return;
    refused[status] = (refused[status] ?? 0) + 1;
    await new Promise((resolve) => { setTimeout(resolve, REFUSED_MS); });
  }
}

async function work() {
  while (next < events * clubs.length) {
    const n = next;
    next += 1;
    await sendUntilTaken(...eventOf(n));
  }
}

const begun = Date.now();
Promise.all(Array.from({ length: Number(atOnce) }, work)).then(() => {
  const seconds = ((Date.now() - begun) / 1000).toFixed(1);
  tookMs.sort((a, b) => a - b);
  const at = (part) => Math.round(tookMs[Math.floor((tookMs.length - 1) * part)]);
  console.log(`${events * clubs.length} events to ${clubs.length} clubs in ${seconds} s ${atOnce} at once; refused and sent again: ${JSON.stringify(refused)}`);
  console.log(`an answer took p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, at most ${at(1)} ms`);
  process.exit(0);
});

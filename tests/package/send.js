'use strict';
// send.js EVENTS CLUB...: so many signed events to each of these clubs at once, 8 at a time to each, as Stripe would;
// what is refused is sent again. Says how many there were, how often one was refused, and how long all took.

const { createHmac } = require('node:crypto');
const https = require('node:https');

const AT_ONCE = 8;
const [events, ...clubs] = process.argv.slice(2);
const agent = new https.Agent({ keepAlive: true, maxSockets: AT_ONCE });
const refused = {};

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

async function sendAll(club) {
  let next = 0;
  const worker = async () => {
    while (next < events) {
      next += 1;
      const created = Math.floor(Date.now() / 1000);
      const id = `evt_${club}${next}`;
      const object = { id: 'cus_1', object: 'customer' };
      const body = JSON.stringify({ id, object: 'event', type: 'customer.created', created, livemode: true, data: { object } });
      let status = await post(club, body);
      while (status !== 200) {
        refused[status] = (refused[status] ?? 0) + 1;
        status = await post(club, body);
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

const begun = Date.now();
Promise.all(clubs.map(sendAll)).then(() => {
  const seconds = ((Date.now() - begun) / 1000).toFixed(1);
  console.log(`${events * clubs.length} events to ${clubs.length} clubs in ${seconds} s; refused and sent again: ${JSON.stringify(refused)}`);
  process.exit(0);
});

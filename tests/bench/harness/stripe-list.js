// Stripe's list of sessions, as long as one wants: every order of a club that is
// paid, newest first.  stripe-list.js TEMPLATE ORDERS; prints its address.

import { readFileSync } from 'node:fs';
import http from 'node:http';

import { eventText } from './event.js';

const [template, orders] = [process.argv[2], Number(process.argv[3])];
const FIRST = 1000001;
const text = readFileSync(template, 'utf8');
let calls = 0;

function session(order) {
  const { object } = JSON.parse(eventText(text, order, 1000)).data;
  object.payment_intent = {
    id: object.payment_intent,
    object: 'payment_intent',
    status: 'succeeded',
    latest_charge: {
      id: `ch_bench${order}`, object: 'charge', payment_intent: object.payment_intent, amount: object.amount_total,
      amount_refunded: 0, currency: 'usd', disputed: false, paid: true, refunded: false, status: 'succeeded',
    },
  };
  return object;
}

function page(url) {
  const after = /^cs_test_a1(\d{7})/.exec(url.searchParams.get('starting_after') ?? '');
  const from = after ? Number(after[1]) - 1 : FIRST + orders - 1;
  const to = Math.max(FIRST, from - Number(url.searchParams.get('limit') ?? 10) + 1);
  const data = [];
  for (let order = from; order >= to; order--) data.push(session(order));
  return { object: 'list', url: '/v1/checkout/sessions', has_more: to > FIRST, data };
}

const server = http.createServer((request, answer) => {
  const url = new URL(request.url, 'http://127.0.0.1');
  calls++;
  if (url.pathname === '/calls') answer.end(String(calls - 1));
  else answer.setHeader('Content-Type', 'application/json').end(JSON.stringify(page(url)));
});
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`));

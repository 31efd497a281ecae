// Webhooks beside many orders and beside few.

import { median, table } from '../harness/figures.js';
import { Stack } from '../harness/stack.js';

const FIRST = 1000001;
const WARM = 500;
const EVENTS = 8000;
const FEW = 10000;

async function begin(club) {
  const stack = new Stack(club);
  stack.end('mailer'); // it would send the receipts meanwhile
  await stack.serve(stack.webhookProgram);
  const next = FIRST + club.paid;
  stack.loadEvents('-c', 16, '-n', WARM, '-t', 5, '-f', next);
  return { stack, next: next + WARM, end: FIRST + club.orders, rates: [] };
}

// Each takes the next orders that are pending; few begin anew when they run out.
function measure(system, seconds) {
  if (system.next + EVENTS > system.end) {
    system.stack.reset();
    system.next = FIRST;
  }
  const figures = system.stack.loadEvents('-c', 32, '-n', EVENTS, '-t', seconds, '-f', system.next);
  system.next += EVENTS;
  system.rates.push((figures.statuses[200] ?? 0) / figures.seconds);
}

export async function growth({ rounds, seconds, many }) {
  const clubs = [
    { orders: FEW, paid: 0 },
    { orders: many, paid: many - WARM - EVENTS * rounds },
  ];
  const systems = [];
  for (const club of clubs) systems.push(await begin(club));
  for (let round = 0; round < rounds; round++) {
    for (const system of round % 2 ? [...systems].reverse() : systems) measure(system, seconds * 2);
  }
  for (const { stack } of systems) stack.down();
  const rates = systems.map((system) => median(system.rates));
  return table(['orders present', 'of them paid', 'webhooks a second', 'of the first'],
    clubs.map((club, i) => [club.orders.toLocaleString('en'), club.paid.toLocaleString('en'),
      rates[i], rates[i] / rates[0]]));
}

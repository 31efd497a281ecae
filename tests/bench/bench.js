// bench.js [quick] [PART...]: measures, and prints a table a part.  All figures of
// a part are of one run, interleaved where they are compared; medians.

import { downAll } from './harness/stack.js';
import { clicks } from './parts/clicks.js';
import { desk } from './parts/desk.js';
import { growth } from './parts/growth.js';
import { instructions } from './parts/instructions.js';
import { reconcile } from './parts/reconcile.js';
import { size } from './parts/size.js';
import { webhooks } from './parts/webhooks.js';
import { weight } from './parts/weight.js';

const PARTS = {
  webhooks: ['Webhooks', webhooks],
  growth: ['Webhooks beside many orders', growth],
  instructions: ['Instructions of a webhook', instructions],
  clicks: ['Clicks', clicks],
  weight: ['Memory and cold start', weight],
  reconcile: ['Reconciliation', reconcile],
  size: ['Everything at size', size],
  desk: ['The desk at size', desk],
};

const FULL = { rounds: 3, seconds: 3, connections: [1, 8, 32, 64], many: 1000000, sessions: 100000, hasMillion: true };
const QUICK = { rounds: 1, seconds: 1, connections: [1, 32], many: 100000, sessions: 10000, hasMillion: false };

function chosen(words) {
  const unknown = words.filter((word) => word !== 'quick' && !(word in PARTS));
  if (unknown.length > 0) {
    console.error(`bench: no part ${unknown.join(', ')}; there are: quick ${Object.keys(PARTS).join(' ')}`);
    process.exit(2);
  }
  const names = words.filter((word) => word !== 'quick');
  return names.length > 0 ? names : Object.keys(PARTS);
}

const words = process.argv.slice(2).filter(Boolean);
const options = words.includes('quick') ? QUICK : FULL;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(1));
process.once('exit', downAll);
for (const name of chosen(words)) {
  const [title, measure] = PARTS[name];
  console.log(`## ${title}\n\n${await measure(options)}`);
}

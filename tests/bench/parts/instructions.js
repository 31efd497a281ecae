// How many instructions the program takes for a webhook, one at a time: the figure
// that repeats.  The profile is kept beside the build.

import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { table } from '../harness/figures.js';
import { Stack, build } from '../harness/stack.js';

const FEW = 100;
const MANY = 600;

async function collect(stack, events) {
  const out = path.join(stack.state, 'temporary/callgrind.out');
  stack.reset();
  await stack.serve(stack.webhookProgram, '/usr/bin/valgrind', '--tool=callgrind', `--callgrind-out-file=${out}`);
  const { statuses } = stack.loadEvents('-c', 1, '-n', events);
  await stack.stopServing();
  if (statuses[200] !== events) throw new Error(`instructions: ${JSON.stringify(statuses)}`);
  return { out, count: Number(/Collected : (\d+)/.exec(readFileSync(stack.log, 'utf8'))[1]) };
}

export async function instructions() {
  const stack = new Stack({ orders: 1000 });
  stack.end('mailer');
  const few = await collect(stack, FEW);
  const many = await collect(stack, MANY);
  mkdirSync(path.join(build, 'bench'), { recursive: true });
  copyFileSync(many.out, path.join(build, 'bench/callgrind.out'));
  stack.down();
  return table(['instructions', 'count'], [
    ['a webhook', (many.count - few.count) / (MANY - FEW)],
    ['the start and the first', few.count - ((many.count - few.count) / (MANY - FEW)) * FEW],
  ]);
}

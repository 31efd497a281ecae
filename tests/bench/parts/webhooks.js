// Webhooks: the program's beside a program that does nothing (what nginx, TLS and
// FastCGI take) and beside PostgreSQL alone, written to by one plain statement.

import { readFileSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';

import { cpuOf, idleMeter, median, table } from '../harness/figures.js';
import { Stack, bench, build } from '../harness/stack.js';

const WARM = ['-c', 16, '-t', 1];

// What a call costs each server: { seconds, answers, cpu: { ... } } and so on.
function metered(stack, roots, run) {
  const before = Object.fromEntries(Object.entries(roots).map(([name, pid]) => [name, cpuOf(pid)]));
  const idle = idleMeter();
  const figures = run();
  figures.idle = idle();
  figures.cpu = Object.fromEntries(Object.entries(roots)
    .map(([name, pid]) => [name, (cpuOf(pid) - before[name]) / Math.max(1, figures.answers)]));
  return figures;
}

const serversOf = (stack, program) => ({
  ...(program && { program }),
  nginx: stack.leader('nginx'),
  postgresql: stack.leader('postgresql'),
});

// Measures the program that serves now, at each number of connections; begin is
// called before each.
function measureServed(stack, program, connections, seconds, begin) {
  stack.loadEvents(...WARM);
  return connections.map((count) => {
    begin();
    const figures = metered(stack, serversOf(stack, program), () =>
      stack.loadEvents('-c', count, '-t', seconds, '-n', stack.club.orders));
    figures.perSecond = (figures.statuses[200] ?? 0) / figures.seconds;
    return figures;
  });
}

async function measureOurs(stack, connections, seconds) {
  stack.reset();
  const program = await stack.serve(stack.webhookProgram);
  const measured = measureServed(stack, program, connections, seconds, () => stack.reset());
  const fault = stack.fault(measured.at(-1).answers);
  if (fault) throw new Error(`webhooks: ${fault}`);
  return measured;
}

async function measureNull(stack, connections, seconds) {
  const program = await stack.serve(stack.install(path.join(build, 'tests/bench/null')));
  return measureServed(stack, program, connections, seconds, () => {});
}

// The file of latencies that each client of pgbench wrote; microseconds.
function latencies(folder) {
  const files = readdirSync(folder).filter((name) => name.startsWith('pgbench.'));
  const values = files.flatMap((name) => {
    const text = readFileSync(path.join(folder, name), 'utf8');
    rmSync(path.join(folder, name));
    return text.trim().split('\n').map((line) => Number(line.split(' ')[2]));
  });
  return values.sort((a, b) => a - b);
}

function runPgbench(stack, count, seconds) {
  const prefix = path.join(stack.runDir, 'pgbench');
  const said = stack.pgbench('-n', '-M', 'prepared', '-c', count, '-j', Math.min(2, count), '-T', Math.ceil(seconds),
    '-D', 'n=0', '-D', `clients=${count}`, '-D', `payload=${readFileSync(stack.template, 'utf8')}`,
    '-l', `--log-prefix=${prefix}`, '-f', path.join(bench, 'plain.sql'));
  const sorted = latencies(stack.runDir);
  return {
    answers: Number(/actually processed: (\d+)/.exec(said)[1]),
    perSecond: Number(/tps = ([\d.]+)/.exec(said)[1]),
    p50_us: sorted[Math.floor(sorted.length * 0.5)],
    p99_us: sorted[Math.floor(sorted.length * 0.99)],
  };
}

async function measurePlain(stack, connections, seconds) {
  return connections.map((count) => {
    stack.reset();
    return metered(stack, serversOf(stack), () => runPgbench(stack, count, seconds));
  });
}

const SUBJECTS = [
  ['teamdues', measureOurs],
  ['does nothing', measureNull],
  ['plain statement', measurePlain],
];

const of = (runs, read) => median(runs.map(read));

function report(results, connections) {
  const rows = [];
  connections.forEach((count, i) => {
    const rate = (name) => of(results.get(name), (round) => round[i].perSecond);
    for (const [name] of SUBJECTS) {
      const figure = (read) => of(results.get(name), (round) => read(round[i]));
      rows.push([name, String(count), rate(name), rate('teamdues') / rate(name),
        figure((f) => f.p50_us / 1000), figure((f) => f.p99_us / 1000),
        figure((f) => f.cpu.program), figure((f) => f.cpu.nginx), figure((f) => f.cpu.postgresql),
        figure((f) => f.idle)]);
    }
  });
  return table(['what', 'at once', 'a second', 'teamdues / it', 'p50 ms', 'p99 ms',
    'program µs', 'nginx µs', 'PostgreSQL µs', 'idle %'], rows);
}

export async function webhooks({ rounds, seconds, connections }) {
  const stack = new Stack({ orders: 100000 });
  stack.end('mailer'); // it would send the receipts meanwhile
  const results = new Map(SUBJECTS.map(([name]) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    const turn = [...SUBJECTS.slice(round % SUBJECTS.length), ...SUBJECTS.slice(0, round % SUBJECTS.length)];
    for (const [name, measure] of turn) results.get(name).push(await measure(stack, connections, seconds));
  }
  stack.down();
  return `Receipts on, 100,000 orders present. µs: processor time of each a webhook.\n\n${report(results, connections)}`;
}

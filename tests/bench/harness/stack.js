// A whole system of its own for a part of the benchmark, with a club in it.  It
// runs as in production: nginx with TLS before the programs, PostgreSQL flushing
// each commit.

import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { cpuOf, peakOf } from './figures.js';

export const bench = fileURLToPath(new URL('..', import.meta.url));
const project = path.resolve(bench, '../..');
export const build = path.resolve(process.env.BUILD || path.join(project, 'build'));

// So much may a club's database server take; the rest is PostgreSQL's default.
const POSTGRESQL = ['shared_buffers=256MB', 'max_wal_size=4GB'];
const STATEMENTS = ['shared_preload_libraries=pg_stat_statements', 'pg_stat_statements.track_planning=on'];

const WATCH_MS = 20;
const SAID_MAX = 1 << 16;

const running = new Set();

function must(command, args, options = {}) {
  const done = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 1 << 28, ...options });
  if (done.error) throw done.error;
  if (done.status !== 0) {
    throw new Error(`${command} ${args.join(' ')}: ${done.stdout.slice(-1000)}${done.stderr.slice(-1000)}`);
  }
  return done.stdout;
}

// Settings of the caller's own must not reach a stack.
function bareEnvironment(more) {
  const { PATH, HOME } = process.env;
  return { PATH, HOME, BUILD: build, ...more };
}

export class Stack {
  // club: the values of club.sql.  countsStatements: what each costs PostgreSQL.
  constructor(club, { countsStatements = false, ...settings } = {}) {
    this.club = { players: 1000, ...club };
    this.runDir = mkdtempSync(path.join(tmpdir(), 'teamdues-bench.'));
    this.environment = bareEnvironment({
      RUN_DIR: this.runDir,
      PORT: must(path.join(project, 'tests/stack/free-port.sh'), []).trim(),
      TEAMDUES_TEST_POSTGRESQL: [...POSTGRESQL, ...(countsStatements ? STATEMENTS : [])].join(' '),
      ...settings,
    });
    running.add(this);
    must(path.join(project, 'tests/stack/up.sh'), [], { env: this.environment });
    this.#readSettings();
    this.#load();
    if (countsStatements) this.sql('create extension pg_stat_statements');
  }

  #readSettings() {
    const text = must('bash', ['-c', '. "$0"; env -0', path.join(this.runDir, 'env')], { env: bareEnvironment() });
    this.settings = Object.fromEntries(text.split('\0').filter(Boolean).map((line) => {
      const at = line.indexOf('=');
      return [line.slice(0, at), line.slice(at + 1)];
    }));
    this.state = this.settings.TEAMDUES_STATE;
    this.port = new URL(this.settings.SITE_URL).port;
    const superuser = new URL(this.settings.OWNER_DATABASE_URL.replace('postgresql://', 'http://').replace('@/', '@host/'));
    this.libpq = {
      PGPASSWORD: decodeURIComponent(superuser.password),
      PGUSER: superuser.username,
      PGHOST: path.join(this.state, 'socket'),
      PGDATABASE: 'teamdues',
    };
  }

  #load() {
    const values = Object.entries(this.club).map(([name, value]) => `${name}=${value}`);
    must(path.join(bench, 'load-club.sh'), ['dbname=teamdues', ...values], {
      env: bareEnvironment({ ...this.libpq, PGOPTIONS: '-c session_replication_role=replica' }),
    });
    this.template = path.join(this.runDir, 'event');
    const installation = this.sql('select installation_id from teamdues.installation');
    writeFileSync(this.template,
      readFileSync(path.join(bench, 'event.json'), 'utf8').replace('@TEAMDUES@', installation));
  }

  psql(...args) {
    return must('psql', ['-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', ...args], {
      env: bareEnvironment(this.libpq),
    }).trim();
  }

  sql(text) {
    return this.psql('-c', text);
  }

  pgbench(...words) {
    const [bin] = must('bash', ['-c', '. "$0"; postgresql_bin', path.join(project, 'tests/stack/postgresql.sh')]).split('\n');
    return must(path.join(bin, 'pgbench'), words.map(String), { env: bareEnvironment(this.libpq) });
  }

  reset() {
    this.psql('-f', path.join(bench, 'adapter/reset.sql'));
  }

  // '' when the books hold exactly this many payments with their receipts.
  fault(answers) {
    const counts = this.psql('-f', path.join(bench, 'adapter/check.sql')).split('|').map(Number);
    return counts.every((count) => count === answers) ? '' : `${answers} answered, in the books ${counts.join('/')}`;
  }

  // The process that a server of the stack began as.
  leader(name) {
    const line = readFileSync(path.join(this.runDir, 'servers'), 'utf8').split('\n')
      .find((entry) => entry.startsWith(`${name} `));
    return Number(line.split(' ')[1]);
  }

  servers() {
    return readFileSync(path.join(this.runDir, 'servers'), 'utf8').trim().split('\n')
      .map((entry) => entry.split(' ')[0]);
  }

  // Ends a server of the stack that would work beside what is measured.
  end(name) {
    process.kill(this.leader(name), 'SIGTERM');
  }

  // Puts another program on the webhook's socket: words before it may wrap it.
  async serve(program, ...wrapper) {
    await this.stopServing();
    if (!this.isFreed) this.end('webhooks-stripe');
    this.isFreed = true;
    const socket = path.join(this.state, 'socket/webhooks-stripe.sock');
    rmSync(socket, { force: true });
    this.log = path.join(this.state, 'log/webhook-measured.log');
    const log = openSync(this.log, 'w');
    const words = [...this.#roleEnvironment('webhook'), 'spawn-fcgi', '-n', '-s', socket, '-M', '0600',
      '-b', '1024', '--', ...wrapper, program];
    this.child = spawn('bash', ['-c', '. "$0"; as_service env "$@"',
      path.join(project, 'tests/stack/place.sh'), ...words], {
      env: this.environment, stdio: ['ignore', log, log],
    });
    while (!existsSync(socket)) await sleep(2);
    return this.child.pid;
  }

  async stopServing() {
    if (!this.child || this.child.exitCode !== null) return;
    const ended = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    await ended;
  }

  #roleEnvironment(role) {
    const folder = path.join(this.state, 'settings', role);
    return must('ls', [folder]).trim().split('\n').map((name) => `${name}_FILE=${folder}/${name}`);
  }

  get webhookProgram() {
    return path.join(this.state, 'build/cgi-bin/webhooks/stripe');
  }

  // A program of the benchmark's, where the servers' user can reach it.
  install(program) {
    const copy = path.join(this.state, 'build', path.basename(program));
    must('install', ['-m', '755', program, copy]);
    return copy;
  }

  // What the load program says; its words are options of load.c.
  load(...words) {
    const done = spawnSync(path.join(build, 'tests/bench/load/load'),
      ['-p', this.port, '-a', path.join(this.runDir, 'ca.pem'), ...words.map(String)],
      { encoding: 'utf8', env: bareEnvironment({ STRIPE_WEBHOOK_SECRET: this.settings.STRIPE_WEBHOOK_SECRET }) });
    if (!done.stdout.startsWith('{')) throw new Error(`load: ${done.stderr}`);
    return JSON.parse(done.stdout);
  }

  loadEvents(...words) {
    return this.load('-e', this.template, '-k', this.club.players, ...words);
  }

  // The order's pay link, without its origin.
  async payLink(order) {
    const { said } = await this.command('link', 'tournament', '--order', order);
    const url = new URL(said.trim());
    return url.pathname + url.search;
  }

  // Runs a command as the operator does: how it ended, how long it took, how much
  // memory and processor time, and the begin of what it said.
  async command(...words) {
    const begun = process.hrtime.bigint();
    const child = spawn(path.join(build, 'teamdues'), words.map(String), {
      env: bareEnvironment(this.settings), stdio: ['ignore', 'pipe', 'pipe'],
    });
    const run = { peak: 0, cpu: 0, said: '' };
    const watch = () => {
      run.peak = Math.max(run.peak, peakOf(child.pid));
      run.cpu = Math.max(run.cpu, cpuOf(child.pid));
    };
    const timer = setInterval(watch, WATCH_MS);
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        if (run.said.length < SAID_MAX) run.said += chunk;
      });
    }
    [run.code] = await once(child, 'close');
    clearInterval(timer);
    return { ...run, seconds: Number(process.hrtime.bigint() - begun) / 1e9 };
  }

  down() {
    this.child?.kill('SIGKILL');
    spawnSync(path.join(project, 'tests/stack/down.sh'), [], { env: this.environment });
    rmSync(this.runDir, { recursive: true, force: true });
    running.delete(this);
  }

}

export function downAll() {
  for (const stack of running) stack.down();
}

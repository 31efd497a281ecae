// The stack beside which the tests run: its settings, its command, its
// pretended Stripe, and a club with families who have something to pay.

import { execFile } from 'node:child_process';
import { createHmac } from 'node:crypto';
import {
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const SETTING = /^export ([A-Z_]+)='((?:[^']|'\\'')*)'$/gm;

function settingsOf(runDir) {
  if (!runDir) throw new Error('TEAMDUES_RUN_DIR must name a running stack');
  const text = readFileSync(join(runDir, 'env'), 'utf8');
  const pairs = [...text.matchAll(SETTING)];
  return Object.fromEntries(
    pairs.map(([, name, value]) => [name, value.replaceAll("'\\''", "'")]),
  );
}

export class Stack {
  constructor() {
    this.settings = settingsOf(process.env.TEAMDUES_RUN_DIR);
    this.site = this.settings.SITE_URL;
    this.stripe = this.settings.STRIPE_API_BASE;
    this.state = this.settings.TEAMDUES_STATE;
    this.waiting = [];
  }

  // What `teamdues ...` prints.
  async command(...args) {
    const program = join(this.state, 'build', 'teamdues');
    const env = { ...process.env, ...this.settings };
    return (await run(program, args, { env })).stdout;
  }

  async rows(...args) {
    return JSON.parse(await this.command(...args, '--json'));
  }

  async order(id) {
    const rows = await this.rows('orders');
    return rows.find((row) => String(row.order_id) === String(id));
  }

  async control(method, path, body) {
    const res = await fetch(`${this.stripe}/_control${path}`, {
      method,
      body: body && JSON.stringify(body),
    });
    const answer = await res.json();
    if (!res.ok) throw new Error(`${method} ${path}: ${answer.error}`);
    return answer;
  }

  async importRoster(lines) {
    const folder = mkdtempSync(join(tmpdir(), 'roster-'));
    const file = join(folder, 'roster.csv');
    const columns =
      'parent_name,parent_email,parent_phone,player_name,team,monthly_fee';
    writeFileSync(file, `${[columns, ...lines].join('\n')}\n`);
    await this.command('import', 'roster', file, '--commit');
    rmSync(folder, { recursive: true });
  }

  // A club whose families owe a tournament's fee: `count` orders for takeOrder.
  async addClub(count) {
    const lines = Array.from(
      { length: count },
      (_, i) => `Parent ${i},p${i}@families.example,,Player ${i},U12,150.00`,
    );
    await this.importRoster(lines);
    const product = ['--kind', 'tournament', '--amount', '150.00'];
    const [{ product_id: sold }] = await this.rows(
      'product', 'add', '--name', 'Spring Cup entry', ...product,
    );
    const day = new Date(Date.now() + 30 * 86400e3).toISOString().slice(0, 10);
    const [{ tournament_id: cup }] = await this.rows(
      'tournament', 'add', '--name', 'Spring Cup', '--date', day,
      '--product', String(sold),
    );
    await this.command(
      'tournament', 'roster', String(cup), '--team', 'U12', '--commit',
    );
    const orders = await this.rows('orders', '--tournament-id', String(cup));
    this.waiting = orders.map((row) => row.order_id);
  }

  // The next order that nobody has touched, and its pay link.
  async takeOrder() {
    const id = String(this.waiting.shift());
    const link = await this.command('link', 'tournament', '--order', id);
    return { id, link: link.trim() };
  }

  // A link as the club signs it, for any address.
  sign(pathAndQuery) {
    const [secret] = this.settings.LINK_SECRET.split(',');
    const signature = createHmac('sha256', secret)
      .update(pathAndQuery)
      .digest('base64url');
    return `${this.site}${pathAndQuery}&signature=${signature}`;
  }

  // While `during` runs, nginx finds no such program.
  async without(program, during) {
    const socket = join(this.state, 'socket', `${program}.sock`);
    renameSync(socket, `${socket}.away`);
    try {
      await during();
    } finally {
      renameSync(`${socket}.away`, socket);
    }
  }
}

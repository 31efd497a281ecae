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
import https from 'node:https';
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
    this.players = [];
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
    return rows.find((row) => String(row.order_id) === id);
  }

  // The only order of this e-mail address.
  async orderOf(email) {
    const rows = await this.rows('orders');
    const found = rows.filter((row) => row.parent_email === email);
    if (found.length !== 1) throw new Error(`${found.length} of ${email}`);
    return found[0];
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
  // `name` tells its families, team and cup from another club's.
  async addClub(count, name = '') {
    const lines = Array.from(
      { length: count },
      (_, i) =>
        `${name}Parent ${i},${name}p${i}@families.example,,` +
        `${name}Player ${i},${name}U12,150.00`,
    );
    await this.importRoster(lines);
    const product = ['--kind', 'tournament', '--amount', '150.00'];
    const [{ product_id: sold }] = await this.rows(
      'product', 'add', '--name', `${name}Spring Cup entry`, ...product,
    );
    const day = new Date(Date.now() + 30 * 86400e3).toISOString().slice(0, 10);
    const [{ tournament_id: cup }] = await this.rows(
      'tournament', 'add', '--name', `${name}Spring Cup`, '--date', day,
      '--product', String(sold),
    );
    await this.command(
      'tournament', 'roster', String(cup), '--team', `${name}U12`, '--commit',
    );
    const orders = await this.rows('orders', '--tournament-id', String(cup));
    this.waiting = orders.map((row) => String(row.order_id));
    this.players = orders.map((row) => String(row.player_id));
    this.cup = { id: String(cup), name: `${name}Spring Cup` };
  }

  // What the club sells beside tournaments.
  async addShop() {
    const sold = [
      ['Home jersey', 'jersey', '45.00', '--sizes', 'YS,YM,YL,S,M,L'],
      ['Summer tryout', 'tryout', '25.00'],
    ];
    for (const [name, kind, amount, ...more] of sold)
      await this.command(
        'product', 'add', '--name', name, '--kind', kind, '--amount', amount,
        ...more,
      );
  }

  // The next order that nobody has touched, and its pay link.
  async takeOrder() {
    const id = this.waiting.shift();
    return { id, link: await this.link('tournament', '--order', id) };
  }

  // A player for whom no jersey was ordered, by its link.
  takeJersey() {
    return this.link('jersey', '--player', this.players.shift());
  }

  async link(...what) {
    return (await this.command('link', ...what)).trim();
  }

  // A link as the club signs it, for any address.
  sign(pathAndQuery) {
    const [secret] = this.settings.LINK_SECRET.split(',');
    const signature = createHmac('sha256', secret)
      .update(pathAndQuery)
      .digest('base64url');
    return `${this.site}${pathAndQuery}&signature=${signature}`;
  }

  // A payment that nothing ties to an order, as Stripe's webhook brings it.
  async bringPayment({ email, name, metadata = {}, cents = 15000 }) {
    this.payments = (this.payments ?? 0) + 1;
    const key = `${process.pid}x${Date.now()}x${this.payments}`;
    const created = Math.floor(Date.now() / 1000);
    const session = {
      id: `cs_test_${key}`, object: 'checkout.session', mode: 'payment',
      status: 'complete', payment_status: 'paid', payment_intent: `pi_${key}`,
      amount_subtotal: cents, amount_total: cents, currency: 'usd',
      livemode: false, created, expires_at: created + 86400, metadata,
      client_reference_id: null, customer: null, payment_link: null,
      customer_details: { email, name },
    };
    const event = JSON.stringify({
      id: `evt_${key}`, object: 'event', api_version: '2026-07-29.dahlia',
      created, livemode: false, type: 'checkout.session.completed',
      data: { object: session },
    });
    const [secret] = this.settings.STRIPE_WEBHOOK_SECRET.split(',');
    const signature = createHmac('sha256', secret)
      .update(`${created}.${event}`)
      .digest('hex');
    const status = await this.post('/webhooks/stripe', event, {
      'Content-Type': 'application/json',
      'Stripe-Signature': `t=${created},v1=${signature}`,
    });
    if (status !== 200) throw new Error(`the event was answered ${status}`);
  }

  // The status of what the site answers.
  post(path, body, headers) {
    const ca = readFileSync(this.settings.TEAMDUES_CA_FILE);
    return new Promise((resolve, reject) => {
      https
        .request(`${this.site}${path}`, { method: 'POST', ca, headers }, (res) => {
          res.resume();
          res.on('end', () => resolve(res.statusCode));
        })
        .on('error', reject)
        .end(body);
    });
  }

  // The link in the newest mail to an address, once it has come.
  async mailedLink(address) {
    const end = Date.now() + 20e3;
    for (;;) {
      const res = await fetch(`${this.settings.TEAMDUES_CATCHER}/messages`);
      const mails = await res.json();
      const mail = mails.filter(({ to }) => to.includes(address)).at(-1);
      if (mail) return mail.parts[0].body.match(/^https:.*$/m)[0];
      if (Date.now() > end) throw new Error(`no mail to ${address}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
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

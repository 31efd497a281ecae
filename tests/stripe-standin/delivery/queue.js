// Events on their way to the webhook: signed afresh for each attempt, tried until a 2xx, a few at a time.

import { Poster } from './post.js';
import { seededRandom } from './random.js';
import { readSecrets, signatureHeader } from './sign.js';

const CONCURRENCY = 8;
const TIMEOUT_MS = 10000;
const RETRY_MAX_MS = 60000;
const SHUFFLE_MS = 250;

// pending: to be tried (again); held: made while deliveries were off; dropped: never, unless asked for by hand.
const WAITING = ['pending', 'held'];
const isTaken = ({ status }) => status >= 200 && status < 300;

export class Deliveries {
  constructor(world, settings) {
    this.world = world;
    this.settings = settings;
    this.entries = new Map();
    this.ready = [];
    this.active = 0;
    this.waiters = new Map();
    this.closed = false;
    this.random = seededRandom(settings.seed);
    this.openPoster();
  }

  openPoster() {
    this.poster?.close();
    this.poster = new Poster({
      caFile: this.settings.caFile,
      timeoutMs: TIMEOUT_MS,
      concurrency: CONCURRENCY,
    });
  }

  // After a reset nothing of the old world may still arrive anywhere.
  close() {
    this.closed = true;
    for (const entry of this.entries.values()) clearTimeout(entry.timer);
    this.ready = [];
    this.poster.close();
  }

  // Where an event goes: to the address of the settings, and to each endpoint that was made by a call.
  targets(row) {
    const wants = (types) => types.includes('*') || types.includes(row.tail.type);
    const { webhookUrl, enabledEvents } = this.settings;
    const given = { id: '', url: webhookUrl, secrets: () => readSecrets(this.settings) };
    const made = [...this.world.endpoints.all()].filter(
      ({ object, live }) => live === row.live && object.status === 'enabled' && wants(object.enabled_events),
    );
    return [
      ...(webhookUrl && wants(enabledEvents) ? [given] : []),
      ...made.map(({ object, secret }) => ({ id: object.id, url: object.url, secrets: () => [secret] })),
    ];
  }

  add(row) {
    const targets = this.targets(row);
    if (targets.length === 0) return;
    const entry = {
      id: row.object.id,
      row,
      state: 'pending',
      attempts: 0,
      status: null,
      error: null,
      running: 0,
      timer: null,
      answered: 0,
      current: null,
      taken: new Set(),
    };
    this.entries.set(entry.id, entry);
    row.tail.pending_webhooks = targets.length;
    if (this.random() < this.settings.dropFraction) {
      entry.state = 'dropped';
      return;
    }
    if (!this.settings.deliveriesEnabled) {
      entry.state = 'held';
      return;
    }
    this.schedule(entry);
  }

  schedule(entry) {
    const copies = this.random() < this.settings.duplicateFraction ? 2 : 1;
    for (let i = 0; i < copies; i++) {
      if (this.settings.shuffle) setTimeout(() => this.enqueue(entry), this.random() * SHUFFLE_MS);
      else this.enqueue(entry);
    }
  }

  enqueue(entry) {
    this.ready.push(entry);
    this.pump();
  }

  pump() {
    while (
      this.active < CONCURRENCY &&
      this.ready.length &&
      this.settings.deliveriesEnabled &&
      !this.closed
    ) {
      const entry = this.ready.shift();
      this.active++;
      this.attempt(entry).finally(() => {
        this.active--;
        this.pump();
      });
    }
  }

  attempt(entry) {
    entry.current = this.tryOnce(entry);
    return entry.current;
  }

  async tryOnce(entry) {
    clearTimeout(entry.timer);
    entry.attempts++;
    entry.running++;
    const outcome = await this.send(entry);
    entry.running--;
    entry.status = outcome.status;
    entry.error = outcome.error ?? null;
    if (isTaken(outcome)) this.delivered(entry);
    else if (entry.state === 'pending') this.retryLater(entry);
    entry.answered++;
    this.wake(entry.id);
  }

  delivered(entry) {
    entry.state = 'delivered';
    clearTimeout(entry.timer);
    entry.row.tail.pending_webhooks = 0;
  }

  retryLater(entry) {
    const delay = Math.min(this.settings.firstRetryMs * 2 ** (entry.attempts - 1), RETRY_MAX_MS);
    clearTimeout(entry.timer);
    if (this.closed) return;
    entry.timer = setTimeout(() => this.enqueue(entry), delay);
    entry.timer.unref();
  }

  // To all that have not taken it; a copy goes to all. What one of them refused counts.
  async send(entry) {
    const body = Buffer.from(JSON.stringify(this.world.eventObject(entry.row), null, 2));
    const all = this.targets(entry.row);
    const left = all.filter(({ id }) => !entry.taken.has(id));
    const outcomes = await Promise.all(
      (left.length ? left : all).map(async (target) => {
        const outcome = await this.sendTo(target, body);
        if (isTaken(outcome)) entry.taken.add(target.id);
        return outcome;
      }),
    );
    // No endpoint wants it any more.
    return outcomes.find((outcome) => !isTaken(outcome)) ?? outcomes[0] ?? { status: 200 };
  }

  async sendTo(target, body) {
    let secrets;
    try {
      secrets = target.secrets();
    } catch (error) {
      return { status: 0, error: error.message };
    }
    return this.poster.post(
      target.url,
      {
        'Content-Type': 'application/json; charset=utf-8',
        Accept: '*/*; q=0.5, application/xml',
        'Cache-Control': 'no-cache',
        'User-Agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
        'Stripe-Signature': signatureHeader(body, secrets),
      },
      body,
    );
  }

  // Resolves when an attempt that is under way or still to come has ended, or after limitMs.
  answered(id, limitMs) {
    const entry = this.entries.get(id);
    if (!entry || entry.state !== 'pending' || entry.answered > 0) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, limitMs);
      const list = this.waiters.get(id) ?? [];
      list.push(() => {
        clearTimeout(timer);
        resolve();
      });
      this.waiters.set(id, list);
    });
  }

  wake(id) {
    for (const resolve of this.waiters.get(id) ?? []) resolve();
    this.waiters.delete(id);
  }

  isDelivered(id) {
    const entry = this.entries.get(id);
    return !entry || entry.state === 'delivered';
  }

  waiting() {
    return [...this.entries.values()].filter((entry) => WAITING.includes(entry.state));
  }

  // What was held while deliveries were off goes out when they are on again; retries go on too.
  resume() {
    this.ready = [];
    for (const entry of this.waiting()) {
      if (entry.running) continue;
      entry.state = 'pending';
      clearTimeout(entry.timer);
      this.schedule(entry);
    }
  }

  // By hand, whatever its state: the way to send an event twice, or one that was dropped.
  async deliver(id) {
    const entry = this.entries.get(id);
    if (!entry) return null;
    if (entry.state !== 'delivered') entry.state = 'pending';
    await this.attempt(entry);
    return this.show(entry);
  }

  // One attempt for each that waits; one that is under way already is waited for, not sent twice.
  async flush({ dropped = false }) {
    const wanted = [...this.entries.values()].filter(
      (entry) => WAITING.includes(entry.state) || (dropped && entry.state === 'dropped'),
    );
    for (const entry of wanted) entry.state = 'pending';
    const copies = this.ready;
    this.ready = [];
    const isCopy = new Set(copies);
    const jobs = [
      ...copies.map((entry) => () => this.attempt(entry)),
      ...wanted
        .filter((entry) => !isCopy.has(entry))
        .map((entry) => () => (entry.running ? entry.current : this.attempt(entry))),
    ];
    const worker = async () => {
      for (let job = jobs.shift(); job; job = jobs.shift()) await job();
    };
    await Promise.all(Array.from({ length: CONCURRENCY }, worker));
    const delivered = wanted.filter((entry) => entry.state === 'delivered').length;
    return { attempted: wanted.length, delivered, pending: this.waiting().length };
  }

  forget(ids) {
    for (const id of ids) {
      clearTimeout(this.entries.get(id)?.timer);
      this.entries.delete(id);
    }
    this.ready = this.ready.filter((entry) => this.entries.has(entry.id));
  }

  show(entry) {
    const object = JSON.parse(entry.row.text).object;
    return {
      event: entry.id,
      type: entry.row.tail.type,
      object: object.id ?? null,
      attempts: entry.attempts,
      last_status: entry.status,
      last_error: entry.error,
      state: entry.state,
      delivered: entry.state === 'delivered',
    };
  }

  all() {
    return [...this.entries.values()].map((entry) => this.show(entry));
  }
}

// Idempotency keys: the first execution's answer, kept for a day and given again.

import { keyInUse, keyReused, refuse } from './errors.js';

const LIFE_S = 24 * 3600;
const KEY_MAX = 255;

export class Idempotency {
  constructor(clock) {
    this.clock = clock;
    this.entries = new Map();
  }

  // null: no key, nothing to keep. Else an entry which is either fresh (to be settled) or has an answer.
  begin(key, live, print) {
    if (key === undefined) return null;
    if (key.length > KEY_MAX) throw refuse(`Idempotency keys can be at most ${KEY_MAX} characters long.`);
    const name = `${live ? 'live' : 'test'} ${key}`;
    const known = this.entries.get(name);
    if (known && known.expires > this.clock.now()) {
      if (known.print !== print) throw keyReused(key);
      if (!known.answer) throw keyInUse(key);
      return known;
    }
    const entry = { name, print, answer: null, expires: this.clock.now() + LIFE_S };
    this.entries.set(name, entry);
    return entry;
  }

  settle(entry, answer) {
    if (!entry) return;
    if (answer) entry.answer = answer;
    else this.entries.delete(entry.name);
  }
}

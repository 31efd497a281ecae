// Identifiers in Stripe's look: a prefix and opaque letters and digits.

import { randomBytes } from 'node:crypto';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

export function randomText(length) {
  // The modulo favours a few letters a little; ids must be unique here, not unguessable.
  return Array.from(randomBytes(length), (b) => ALPHABET[b % ALPHABET.length]).join('');
}

export const newId = (prefix, length = 24) => `${prefix}_${randomText(length)}`;

// Sessions carry their mode in the id and are much longer than other ids.
export const newSessionId = (live) => `cs_${live ? 'live' : 'test'}_a1${randomText(58)}`;

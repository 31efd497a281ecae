// Who is asking: the API key, its mode and its rights.

import { keyMode } from '../config.js';
import { badKey, expiredKey, noKey, noPermission } from './errors.js';

// Bearer, or Basic with the key as the user's name.
function keyOf(header) {
  if (!header) throw noKey();
  const [scheme, rest = ''] = header.split(/ +(.*)/s);
  if (/^bearer$/i.test(scheme)) return rest.trim();
  if (/^basic$/i.test(scheme)) return Buffer.from(rest, 'base64').toString().split(':')[0];
  throw noKey();
}

export class Keys {
  constructor(accepted) {
    this.byKey = new Map(accepted.map((key) => [key, { live: keyMode(key), state: 'active', denied: [] }]));
  }

  // For tests: revoke or expire a key, or take rights from it.
  change(key, { state, denied }) {
    const entry = this.byKey.get(key);
    if (!entry) return false;
    if (state !== undefined) entry.state = state;
    if (denied !== undefined) entry.denied = denied;
    return true;
  }

  authenticate(header) {
    const key = keyOf(header);
    const entry = this.byKey.get(key);
    if (key === '') throw noKey();
    if (!entry || entry.state === 'revoked') throw badKey(key);
    if (entry.state === 'expired') throw expiredKey();
    return entry;
  }
}

// "checkout_session_*" denies both reading and writing.
export function permit(entry, right) {
  const isDenied = entry.denied.some((name) =>
    name.endsWith('*') ? right.startsWith(name.slice(0, -1)) : right === name,
  );
  if (isDenied) throw noPermission(`rak_${right}`);
}

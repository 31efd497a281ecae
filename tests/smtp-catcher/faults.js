// What goes wrong on purpose: at which phase, from the nth time on, how often.

export const PHASES = ['connect', 'ehlo', 'starttls', 'auth', 'mail', 'rcpt', 'data', 'body', 'dot'];

const KINDS = {
  phase: 'string',
  to: 'string',
  nth: 'number',
  count: 'number',
  code: 'number',
  text: 'string',
  close: 'boolean',
  taken: 'boolean',
  after_bytes: 'number',
  no_starttls: 'boolean',
  delay_ms: 'number',
};

export class FaultError extends Error {}

function check(fault) {
  for (const [name, value] of Object.entries(fault)) {
    if (!Object.hasOwn(KINDS, name)) throw new FaultError(`no such member: ${name}`);
    if (typeof value !== KINDS[name]) throw new FaultError(`${name} must be a ${KINDS[name]}`);
  }
  if (!PHASES.includes(fault.phase)) throw new FaultError(`phase must be one of ${PHASES.join(', ')}`);
}

export class Faults {
  list = [];

  add(wish) {
    check(wish);
    this.list.push({ nth: 1, count: 1, ...wish, seen: 0, hits: 0 });
  }

  clear() {
    this.list = [];
  }

  // Every fault of the phase counts this time; the first that is due is what happens.
  at(phase, recipient) {
    let due = null;
    for (const fault of this.list) {
      if (fault.phase !== phase || (fault.to && fault.to !== recipient)) continue;
      fault.seen += 1;
      const isOver = fault.count > 0 && fault.hits >= fault.count;
      if (due || fault.seen < fault.nth || isOver) continue;
      fault.hits += 1;
      due = fault;
    }
    return due;
  }
}

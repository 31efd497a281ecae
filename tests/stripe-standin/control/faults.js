// Faults on demand: which requests they hit, and what they do to them.

import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { ApiError } from '../api/errors.js';

const COMMAND_LIMIT_MS = 30000;
const ACTIONS = ['status', 'delay_ms', 'drop', 'truncate', 'lie', 'command'];
const KNOWN = new Set([
  ...ACTIONS,
  'method',
  'path',
  'path_regex',
  'params',
  'nth',
  'count',
  'body',
  'headers',
  'store',
]);
// Answers of a gate before the execution, which Stripe does not keep under an idempotency key.
const NOT_STORED = new Set([401, 403, 404, 409, 429, 502, 503, 504]);

export class BadFault extends Error {}

// "/v1/a/:id" stands for one segment in place of ":id", "/v1/*" for a prefix.
function pathPattern(fault) {
  if (fault.path_regex) return new RegExp(fault.path_regex);
  if (!fault.path) return /^/;
  const escaped = fault.path.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replace(/:\w+/g, '[^/]+');
  return new RegExp(escaped.endsWith('*') ? `^${escaped.slice(0, -1)}` : `^${escaped}$`);
}

function checkFault(fault) {
  const unknown = Object.keys(fault).filter((name) => !KNOWN.has(name));
  if (unknown.length) throw new BadFault(`unknown: ${unknown.join(', ')}`);
  if (!ACTIONS.some((name) => fault[name] !== undefined))
    throw new BadFault(`needs one of ${ACTIONS.join(', ')}`);
  if (fault.drop !== undefined && !['before', 'after'].includes(fault.drop))
    throw new BadFault('drop: before or after');
  const { command } = fault;
  if (
    command &&
    !(['before', 'after'].includes(command.when) && Array.isArray(command.argv) && command.argv.length)
  ) {
    throw new BadFault('command: {"when": "before"|"after", "argv": [...]}');
  }
}

function runCommand(argv) {
  return new Promise((resolve) => {
    const child = spawn(argv[0], argv.slice(1), {
      stdio: ['ignore', 'inherit', 'inherit'],
      timeout: COMMAND_LIMIT_MS,
    });
    child.once('error', (error) => {
      process.stderr.write(`stand-in: fault command ${argv[0]}: ${error.message}\n`);
      resolve();
    });
    child.once('exit', resolve);
  });
}

const DEFAULT_ERRORS = {
  401: { message: 'Invalid API Key provided: ****' },
  402: { type: 'card_error', code: 'card_declined', message: 'Your card was declined.' },
  403: { message: 'The provided key does not have the required permissions for this endpoint.' },
  404: { message: 'Unrecognized request URL.' },
  409: {
    type: 'idempotency_error',
    code: 'idempotency_key_in_use',
    message: 'There is currently another in-progress request.',
  },
  429: { code: 'rate_limit', message: 'Request rate limit exceeded.' },
};

function defaultBody(status, requestId) {
  const fields =
    DEFAULT_ERRORS[status] ??
    (status >= 500
      ? { type: 'api_error', message: 'An unknown error occurred.' }
      : { message: 'Refused by a fault.' });
  return new ApiError(status, fields).body(requestId);
}

function lieAt(object, path, value) {
  const names = path.split('.');
  const last = names.pop();
  let node = object;
  for (const name of names) {
    if (typeof node[name] !== 'object' || node[name] === null) node[name] = {};
    node = node[name];
  }
  if (value && typeof value === 'object' && value.$delete) delete node[last];
  else node[last] = value;
}

// Also used to alter objects in the stand-in's own state.
export function applyLies(object, lies) {
  for (const [path, value] of Object.entries(lies)) lieAt(object, path, value);
  return object;
}

// All faults that hit one request, taken together; of two that set the same thing the later added wins.
class Hit {
  constructor(faults) {
    this.faults = faults;
    this.forged = faults.filter((f) => f.status !== undefined).pop();
    this.truncate = faults.filter((f) => f.truncate !== undefined).pop()?.truncate;
  }

  async commands(when) {
    for (const { command } of this.faults) if (command?.when === when) await runCommand(command.argv);
  }

  async before() {
    const delay = this.faults.reduce((sum, f) => sum + (f.delay_ms ?? 0), 0);
    if (delay) await sleep(delay);
    await this.commands('before');
  }

  async after() {
    await this.commands('after');
  }

  dropsBefore() {
    return this.faults.some((f) => f.drop === 'before');
  }

  dropsAfter() {
    return this.faults.some((f) => f.drop === 'after');
  }

  forge(requestId) {
    const { status, body, headers } = this.forged;
    const reason = status === 429 ? { 'Stripe-Rate-Limited-Reason': 'global-rate' } : {};
    return { status, value: body ?? defaultBody(status, requestId), headers: { ...reason, ...headers } };
  }

  storesForged() {
    return this.forged.store ?? !NOT_STORED.has(this.forged.status);
  }

  lie(body) {
    const lies = Object.assign({}, ...this.faults.map((f) => f.lie ?? {}));
    if (Object.keys(lies).length === 0) return body;
    return `${JSON.stringify(applyLies(JSON.parse(body), lies), null, 2)}\n`;
  }
}

export class Faults {
  constructor() {
    this.clear();
  }

  clear() {
    this.entries = [];
  }

  add(fault) {
    checkFault(fault);
    const entry = { id: this.entries.length + 1, fault, pattern: pathPattern(fault), seen: 0, hits: 0 };
    this.entries.push(entry);
    return this.show(entry);
  }

  show({ id, fault, seen, hits }) {
    return { id, ...fault, seen, hits };
  }

  all() {
    return this.entries.map((entry) => this.show(entry));
  }

  take(method, path, log) {
    const hits = this.entries.filter((entry) => this.hits(entry, method, path, log.params));
    log.faults = hits.map((entry) => entry.id);
    return new Hit(hits.map((entry) => entry.fault));
  }

  hits(entry, method, path, params) {
    const { fault } = entry;
    if (fault.method && fault.method !== method) return false;
    if (!entry.pattern.test(path)) return false;
    if (Object.entries(fault.params ?? {}).some(([name, value]) => params[name] !== value)) return false;
    entry.seen++;
    const count = fault.count ?? 1;
    if (entry.seen < (fault.nth ?? 1) || (count !== 0 && entry.hits >= count)) return false;
    entry.hits++;
    return true;
  }
}

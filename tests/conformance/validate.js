// Requests and answers held against Stripe's facts. As a program:
//
//     node validate.js requests [--ours] < requests.json     (what GET /_control/requests of the stand-in gives)
//
// prints a line per problem and the counts; exit 1 when there is one. --ours also demands what teamdues promises of
// its own requests: an idempotency key on every POST, a pinned version, a form content type.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { operationOf, resourceOf } from './check/facts.js';
import { BadForm, pairsOfBody, pairsOfLog, treeOf } from './check/form.js';
import { checkGroup } from './check/request.js';
import { checkValue } from './check/response.js';
import { ruleProblems } from './check/rules.js';

// params: pairs, an encoded text, or the flat object of the stand-in's log.
function toPairs(params) {
  if (typeof params === 'string') return pairsOfBody(params);
  return Array.isArray(params) ? params : pairsOfLog(params ?? {});
}

// The facts know the newest names of ui_mode; before this version it had others.
const UI_MODE_RENAMED = '2026-03-25';

// livemode and stripe_version, where they are known, sharpen some of the rules.
export function validateRequest({ method, path, params, livemode, stripe_version: version }) {
  const found = operationOf(method, path);
  if (!found) return [`${method} ${path}: unknown to Stripe`];
  if (!found.operation) return [];
  try {
    const tree = treeOf(toPairs(params));
    if (version && version < UI_MODE_RENAMED) tree.delete('ui_mode');
    return [...checkGroup(found.operation.takes, tree, ''), ...ruleProblems(found.name, tree, livemode)];
  } catch (error) {
    if (error instanceof BadForm) return [error.message];
    throw error;
  }
}

export function validateResource(name, object) {
  if (!resourceOf(name)) return [`no facts about ${name}`];
  return checkValue({ ref: name }, object);
}

// An event and, beyond the envelope, the resource in it.
export function validateEvent(event) {
  const data = event.data?.object;
  const inner =
    data && !data.deleted && resourceOf(data.object)
      ? validateResource(data.object, data).map((problem) => `data.object.${problem}`)
      : ['data.object: no resource'];
  return [...validateResource('event', event), ...inner];
}

export function validateResponse(method, path, status, body) {
  if (status >= 400) return validateResource('error', body);
  const found = operationOf(method, path);
  if (!found) return [`${method} ${path}: unknown to Stripe`];
  return found.operation ? checkValue(found.operation.answers, body) : [];
}

export function validateOurs(entry) {
  const problems = [];
  if (entry.method === 'POST' && !entry.idempotency_key) problems.push('POST without Idempotency-Key');
  if (!/^\d{4}-\d{2}-\d{2}\.[a-z]+$/.test(entry.stripe_version ?? ''))
    problems.push('Stripe-Version is not pinned');
  if (
    entry.method === 'POST' &&
    !/^application\/x-www-form-urlencoded\b/.test(entry.content_type ?? 'application/x-www-form-urlencoded')
  ) {
    problems.push(`Content-Type is ${entry.content_type}`);
  }
  return problems;
}

function problemsOf(entry, ours) {
  return [...validateRequest(entry), ...(ours ? validateOurs(entry) : [])];
}

function main([what, ...options]) {
  const unknown = options.filter((option) => option !== '--ours');
  if (what !== 'requests' || unknown.length) {
    process.stderr.write('usage: node validate.js requests [--ours] < requests.json\n');
    return 2;
  }
  const entries = JSON.parse(readFileSync(0, 'utf8'));
  let count = 0;
  for (const entry of entries) {
    for (const problem of problemsOf(entry, options.includes('--ours'))) {
      count++;
      process.stdout.write(`#${entry.n ?? '?'} ${entry.method} ${entry.path}: ${problem}\n`);
    }
  }
  process.stdout.write(`${entries.length} requests, ${count} problems\n`);
  return count ? 1 : 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = main(process.argv.slice(2));

// The stand-in's parameter tables were written by hand from the reference; the facts were derived from the OpenAPI.
// Each is held against the other, parameter by parameter.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ROUTES } from '../../stripe-standin/api/routes.js';
import { FACTS } from '../check/facts.js';

// Newer than the facts: Stripe has them, the OpenAPI subset says so in its list of known differences.
const NEWER = {
  'POST /v1/checkout/sessions': new Set([
    'branding_settings',
    'managed_payments',
    'name_collection',
    'optional_items',
    'payment_method_data',
    'permissions',
    'saved_payment_method_options',
    'wallet_options',
    'line_items[].metadata',
    'consent_collection.payment_method_reuse_agreement',
    'automatic_tax.liability',
    'tax_id_collection.required',
    'line_items[].price_data.product_data.unit_label',
  ]),
  'POST /v1/customers/{customer}': new Set(['business_name', 'individual_name']),
};

const KINDS = {
  string: ['string', 'email', 'enum'],
  integer: ['integer'],
  boolean: ['boolean'],
  decimal: ['decimal'],
  array: ['list'],
  map: ['metadata'],
  object: ['group'],
};
// These two carry no claim: whatever is sent is refused aloud, or taken and forgotten.
const isVague = (spec) => spec.type === 'anything' || spec.type === 'foreign';

function enumProblems(fact, spec, path) {
  if (!fact.enum) return [];
  const ours = new Set(spec.values ?? []);
  const same = fact.enum.length === ours.size && fact.enum.every((value) => ours.has(value));
  // A name that went through several versions is checked by rules, not by a list (ui_mode).
  return same || path === 'ui_mode' ? [] : [`${path}: ${[...ours]} is not ${fact.enum}`];
}

function lengthProblems(fact, spec, path) {
  if (!fact.max || spec.max === undefined || spec.max <= fact.max) return [];
  return [`${path}: up to ${spec.max}, Stripe takes ${fact.max}`];
}

function compare(fact, spec, path) {
  if (isVague(spec)) return [];
  if (spec.type === 'range') return fact.any ? [] : [`${path}: a range only here`];
  const kinds = KINDS[fact.t] ?? [];
  if (!kinds.includes(spec.type)) return [`${path}: ${spec.type} here, ${fact.t} at Stripe`];
  if (fact.empty && !spec.unset) return [`${path}: cannot be unset here`];
  if (fact.t === 'array') return compare(fact.of, spec.of, `${path}[]`);
  if (fact.t === 'object') return fact.open ? [] : compareFields(fact, spec.fields, path);
  return [...enumProblems(fact, spec, path), ...lengthProblems(fact, spec, path)];
}

function compareFields(fact, specs, path, newer = new Set()) {
  const at = (name) => (path ? `${path}.${name}` : name);
  const missing = Object.keys(fact.fields)
    .filter((name) => !specs[name])
    .map((name) => `${at(name)}: not here`);
  const added = Object.keys(specs)
    .filter((name) => !fact.fields[name])
    .map((name) => `${at(name)}: not at Stripe`);
  const lenient = (fact.required ?? [])
    .filter((name) => specs[name] && !specs[name].required)
    .map((name) => `${at(name)}: required at Stripe`);
  const inner = Object.entries(fact.fields).flatMap(([name, field]) =>
    specs[name] ? compare(field, specs[name], at(name), newer) : [],
  );
  return [...missing, ...added, ...lenient, ...inner];
}

function problemsOf(route) {
  const name = `${route.method} ${route.path}`;
  const newer = NEWER[name] ?? new Set();
  return compareFields(FACTS.operations[name].takes, route.params, '').filter(
    (problem) => !(problem.endsWith(': not at Stripe') && newer.has(problem.split(':')[0])),
  );
}

for (const route of ROUTES) {
  const name = `${route.method} ${route.path}`;
  if (FACTS.operations[name]) {
    test(`${name} takes what Stripe takes`, () => assert.deepEqual(problemsOf(route), []));
  } else {
    test(`${name} is known to have no facts`, () => assert.ok(FACTS.unchecked.includes(name)));
  }
}

test('every operation of the facts is imitated', () => {
  const ours = new Set(ROUTES.map((route) => `${route.method} ${route.path}`));
  assert.deepEqual(
    Object.keys(FACTS.operations).filter((name) => !ours.has(name)),
    [],
  );
});

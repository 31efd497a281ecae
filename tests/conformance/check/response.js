// An answer's object against the facts. Fields that the facts do not know are let pass: Stripe adds some all the time.

import { resourceOf } from './facts.js';

const at = (path, name) => (path ? `${path}.${name}` : name);

const SCALARS = {
  any: () => true,
  string: (value) => typeof value === 'string',
  decimal: (value) => typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value),
  integer: Number.isSafeInteger,
  number: Number.isFinite,
  boolean: (value) => typeof value === 'boolean',
};

const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
const show = (value) => JSON.stringify(value)?.slice(0, 60) ?? String(value);

// An id in place of which the object may stand: `expands` names what it may be.
function checkExpanded(fact, value, path) {
  const name = fact.expands.find((candidate) => candidate.replace('deleted_', '') === value.object);
  if (!name) return [`${path}: a ${value.object}, not one of ${fact.expands.join(', ')}`];
  return resourceOf(name)
    ? checkValue({ ref: value.deleted ? `deleted_${value.object}` : name }, value, path)
    : [];
}

function checkScalar(fact, value, path) {
  if (fact.expands && isObject(value)) return checkExpanded(fact, value, path);
  if (!SCALARS[fact.t](value)) return [`${path}: ${show(value)} is no ${fact.t}`];
  if (fact.enum && !fact.enum.includes(value))
    return [`${path}: ${show(value)} is none of ${fact.enum.join(', ')}`];
  if (fact.max && typeof value === 'string' && [...value].length > fact.max)
    return [`${path}: longer than ${fact.max}`];
  return [];
}

function checkArray(fact, value, path) {
  if (!Array.isArray(value)) return [`${path}: ${show(value)} is no array`];
  return value.flatMap((item, i) => checkValue(fact.of, item, at(path, i)));
}

function checkMap(fact, value, path) {
  if (!isObject(value)) return [`${path}: ${show(value)} is no object`];
  return Object.entries(value).flatMap(([key, item]) => checkValue(fact.of, item, at(path, key)));
}

function checkField(name, fact, object, path) {
  if (fact.removed) return name in object ? [`${at(path, name)}: removed in ${fact.removed}`] : [];
  return name in object ? checkValue(fact, object[name], at(path, name)) : [];
}

function checkObject(fact, value, path) {
  if (!isObject(value)) return [`${path}: ${show(value)} is no object`];
  if (fact.open) return [];
  const missing = (fact.required ?? [])
    .filter((name) => !(name in value))
    .map((name) => `${at(path, name)}: missing`);
  return [
    ...missing,
    ...Object.entries(fact.fields).flatMap(([name, field]) => checkField(name, field, value, path)),
  ];
}

// Of several branches the one that says the same `object` is meant; its problems are worth reading.
function checkAny(fact, value, path) {
  const tries = fact.any.map((branch) => checkValue(branch, value, path));
  if (tries.some((problems) => problems.length === 0)) return [];
  const named = isObject(value)
    ? fact.any.findIndex(
        (branch) => branch.ref === (value.deleted ? `deleted_${value.object}` : value.object),
      )
    : 0;
  return tries[Math.max(named, 0)];
}

const SHAPES = { array: checkArray, map: checkMap, object: checkObject };

export function checkValue(fact, value, path = '') {
  if (value === null) return fact.null ? [] : [`${path}: null`];
  if (fact.ref) {
    const resource = resourceOf(fact.ref);
    return resource ? checkValue(resource, value, path) : [`${path}: no facts about ${fact.ref}`];
  }
  if (fact.any) return checkAny(fact, value, path);
  return (SHAPES[fact.t] ?? checkScalar)(fact, value, path);
}

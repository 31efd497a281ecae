// Parameter tables and their check. A table says what an operation takes; `check` gives the converted
// values or throws the error that Stripe would answer.

import { parameterEmpty, parameterMissing, parameterUnknown, notImitated, refuse } from './errors.js';

export const str = (max = 5000, more = {}) => ({ type: 'string', max, ...more });
export const int = (more = {}) => ({ type: 'integer', ...more });
export const bool = () => ({ type: 'boolean' });
export const decimal = () => ({ type: 'decimal' });
export const oneOf = (...values) => ({ type: 'enum', values });
export const email = (max = 512, more = {}) => ({ type: 'email', max, ...more });
export const list = (of, max = 1000) => ({ type: 'list', of, max });
export const group = (fields, more = {}) => ({ type: 'group', fields, ...more });
// created=5 or created[gte]=5
export const range = () => ({ type: 'range' });
export const metadata = (more = {}) => ({ type: 'metadata', ...more });
// Known to Stripe in depth, of no consequence here: any form is taken and forgotten.
export const anything = () => ({ type: 'anything' });
// Known to Stripe, and using it would change what a session is: refused aloud.
export const foreign = () => ({ type: 'foreign' });
export const required = (spec) => ({ ...spec, required: true });
// An empty text unsets the field.
export const unsettable = (spec) => ({ ...spec, unset: true });

const METADATA_KEYS = 50;
const METADATA_KEY = 40;
const METADATA_VALUE = 500;

// Stripe counts characters, JavaScript's length counts UTF-16 units.
const characters = (text) => [...text].length;
const bracket = (path, name) => (path ? `${path}[${name}]` : name);
const isTree = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);

function scalar(value, path, what) {
  if (typeof value !== 'string') throw refuse(`Invalid ${what}: ${path} must not be nested`, path);
  return value;
}

function checkString(spec, value, path) {
  const text = scalar(value, path, 'string');
  if (characters(text) > spec.max) {
    throw refuse(
      `Invalid string: ${text.slice(0, 20)}…; must be at most ${spec.max} characters`,
      path,
      'parameter_invalid_string_too_long',
    );
  }
  return text;
}

function checkEmail(spec, value, path) {
  const text = checkString(spec, value, path);
  if (!/^[^\s@]+@[^\s@]+\.[^\s@.]+$/.test(text)) {
    throw refuse(`Invalid email address: ${text}`, path, 'email_invalid');
  }
  return text;
}

function checkInteger(spec, value, path) {
  const text = scalar(value, path, 'integer');
  const number = Number(text);
  if (!/^-?\d{1,16}$/.test(text) || !Number.isSafeInteger(number)) {
    throw refuse(`Invalid integer: ${text}`, path, 'parameter_invalid_integer');
  }
  if (spec.min !== undefined && number < spec.min) {
    throw refuse(
      `This value must be greater than or equal to ${spec.min}.`,
      path,
      'parameter_invalid_integer',
    );
  }
  if (spec.max !== undefined && number > spec.max) {
    throw refuse(
      `This value must be less than or equal to ${spec.max}.`,
      path,
      spec.maxCode ?? 'parameter_invalid_integer',
    );
  }
  return number;
}

function checkBoolean(spec, value, path) {
  const text = scalar(value, path, 'boolean');
  if (text !== 'true' && text !== 'false') throw refuse(`Invalid boolean: ${text}`, path);
  return text === 'true';
}

function checkDecimal(spec, value, path) {
  const text = scalar(value, path, 'decimal');
  if (!/^\d{1,12}(\.\d{1,12})?$/.test(text)) throw refuse(`Invalid decimal: ${text}`, path);
  return text;
}

function checkEnum(spec, value, path) {
  const text = scalar(value, path, 'string');
  if (!spec.values.includes(text)) {
    const all = spec.values.filter((v) => v !== '');
    const names = all.length > 1 ? `${all.slice(0, -1).join(', ')} or ${all[all.length - 1]}` : all[0];
    throw refuse(`Invalid ${path}: must be one of ${names}`, path);
  }
  return text;
}

// Three spellings are one list: a[]=x, a[0]=x, a[7]=x.
function listItems(value, path) {
  if (Array.isArray(value)) return value;
  if (!isTree(value) || Object.keys(value).some((k) => !/^\d+$/.test(k))) throw refuse('Invalid array', path);
  return Object.keys(value)
    .sort((a, b) => a - b)
    .map((k) => value[k]);
}

function checkList(spec, value, path) {
  const items = listItems(value, path);
  if (items.length > spec.max) throw refuse(`Invalid array: at most ${spec.max} items are allowed`, path);
  return items.map((item, i) => checkValue(spec.of, item, bracket(path, i)));
}

function checkGroup(spec, value, path) {
  if (!isTree(value)) throw refuse('Invalid object', path);
  return checkFields(spec.fields, value, path);
}

const RANGE = { gt: int(), gte: int(), lt: int(), lte: int() };

function checkRange(spec, value, path) {
  if (typeof value !== 'string') return checkGroup({ fields: RANGE }, value, path);
  const moment = checkInteger({}, value, path);
  return { gte: moment, lte: moment };
}

function checkMetadata(spec, value, path) {
  if (!isTree(value)) throw refuse('Invalid object', path);
  const keys = Object.keys(value);
  if (keys.length > METADATA_KEYS) {
    throw refuse(`You can specify up to ${METADATA_KEYS} metadata keys.`, path);
  }
  const checked = {};
  for (const key of keys) {
    const at = bracket(path, key);
    if (characters(key) > METADATA_KEY) {
      throw refuse(`Metadata keys can be at most ${METADATA_KEY} characters long.`, at);
    }
    const text = scalar(value[key], at, 'string');
    if (characters(text) > METADATA_VALUE) {
      throw refuse(`Metadata values can be at most ${METADATA_VALUE} characters long.`, at);
    }
    // defineProperty: a key called __proto__ is a key like any other.
    Object.defineProperty(checked, key, {
      value: text,
      enumerable: true,
      writable: true,
      configurable: true,
    });
  }
  return checked;
}

const CHECKS = {
  string: checkString,
  email: checkEmail,
  integer: checkInteger,
  boolean: checkBoolean,
  decimal: checkDecimal,
  enum: checkEnum,
  list: checkList,
  group: checkGroup,
  metadata: checkMetadata,
  range: checkRange,
  anything: (spec, value) => value,
  foreign: (spec, value, path) => {
    throw notImitated(path);
  },
};

function checkValue(spec, value, path) {
  if (value === '') {
    if (spec.unset) return null;
    if (!(spec.type === 'enum' && spec.values.includes(''))) throw parameterEmpty(path);
  }
  return CHECKS[spec.type](spec, value, path);
}

function unknownNames(fields, tree, path) {
  return Object.keys(tree)
    .filter((name) => !Object.hasOwn(fields, name))
    .map((name) => bracket(path, name));
}

function checkFields(fields, tree, path) {
  const unknown = unknownNames(fields, tree, path);
  if (unknown.length) throw parameterUnknown(unknown);
  const checked = {};
  for (const [name, spec] of Object.entries(fields)) {
    const value = tree[name];
    if (value !== undefined) checked[name] = checkValue(spec, value, bracket(path, name));
    else if (spec.required) throw parameterMissing(bracket(path, name));
  }
  return checked;
}

export const check = (fields, tree) => checkFields(fields, tree, '');

// application/x-www-form-urlencoded with brackets: a[b][0]=v, a[]=v.

const MAX_PAIRS = 2000;
const MAX_DEPTH = 10;

export class FormError extends Error {
  constructor(message, param) {
    super(message);
    this.param = param;
  }
}

function decode(text) {
  try {
    return decodeURIComponent(text.replace(/\+/g, ' '));
  } catch {
    throw new FormError('Invalid percent-encoding or UTF-8 in the request.');
  }
}

export function decodePairs(text) {
  if (text === '') return [];
  const parts = text.split('&').filter((p) => p !== '');
  if (parts.length > MAX_PAIRS) throw new FormError('Too many parameters.');
  return parts.map((part) => {
    const at = part.indexOf('=');
    if (at < 0) return [decode(part), ''];
    return [decode(part.slice(0, at)), decode(part.slice(at + 1))];
  });
}

// "a[b][]" -> ["a", "b", ""]. A key with stray brackets is one odd name, which no table knows.
function splitKey(key) {
  const match = /^([^[\]]+)((?:\[[^[\]]*\])*)$/.exec(key);
  if (!match) return [key];
  const inner = [...match[2].matchAll(/\[([^[\]]*)\]/g)].map((m) => m[1]);
  if (inner.length > MAX_DEPTH) throw new FormError('Parameters are nested too deeply.', key);
  return [match[1], ...inner];
}

function push(node, name, value, key) {
  const list = node[name] ?? (node[name] = []);
  if (!Array.isArray(list)) throw new FormError(`Invalid array: ${key}`, key);
  list.push(value);
}

function descend(node, name, key) {
  const child = node[name] ?? (node[name] = Object.create(null));
  if (typeof child !== 'object' || Array.isArray(child)) {
    throw new FormError(`Conflicting values for parameter: ${key}`, key);
  }
  return child;
}

function put(tree, key, value) {
  const path = splitKey(key);
  const isPush = path.length > 1 && path[path.length - 1] === '';
  if (isPush) path.pop();
  if (path.includes('')) throw new FormError(`Invalid array: ${key}`, key);
  const last = path.pop();
  const node = path.reduce((at, name) => descend(at, name, key), tree);
  if (isPush) return push(node, last, value, key);
  // Stripe would take one of the two silently; for us a doubled key is always our own mistake.
  if (node[last] !== undefined) throw new FormError(`Parameter given twice: ${key}`, key);
  node[last] = value;
}

// Objects have no prototype, so that a parameter called __proto__ is only a name. Keys of digits
// stay names here: whether they index an array is for the parameter's own schema to say.
export function nest(pairs) {
  const tree = Object.create(null);
  for (const [key, value] of pairs) put(tree, key, value);
  return tree;
}

// For the log: {"metadata[order_id]": "7"}; a repeated key becomes an array of its values.
export function flatten(pairs) {
  const flat = {};
  for (const [key, value] of pairs) {
    const before = Object.hasOwn(flat, key) ? flat[key] : undefined;
    if (before === undefined) Object.defineProperty(flat, key, { value, enumerable: true, writable: true });
    else flat[key] = [].concat(before, value);
  }
  return flat;
}

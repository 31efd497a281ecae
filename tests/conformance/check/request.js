// A request's parameters against the facts. Answers a list of problems, each naming its parameter.

const SCALARS = {
  string: () => true,
  any: () => true,
  integer: (text) => /^-?\d+$/.test(text) && Number.isSafeInteger(Number(text)),
  number: (text) => text.trim() !== '' && Number.isFinite(Number(text)),
  boolean: (text) => text === 'true' || text === 'false',
  decimal: (text) => /^-?\d+(\.\d{1,12})?$/.test(text),
};

const at = (path, name) => (path ? `${path}[${name}]` : name);

function checkScalar(fact, value, path) {
  if (value instanceof Map) return fact.t === 'any' ? [] : [`${path}: a ${fact.t}, not a group`];
  if (!SCALARS[fact.t]) return [`${path}: a group, not a value`];
  if (!SCALARS[fact.t](value)) return [`${path}: "${value}" is no ${fact.t}`];
  if (fact.enum && !fact.enum.includes(value))
    return [`${path}: "${value}" is none of ${fact.enum.join(', ')}`];
  if (fact.max && [...value].length > fact.max) return [`${path}: longer than ${fact.max} characters`];
  return [];
}

function checkArray(fact, value, path) {
  if (!(value instanceof Map)) return [`${path}: an array, not a value`];
  return [...value].flatMap(([index, item]) =>
    /^\d+$/.test(index) ? checkValue(fact.of, item, at(path, index)) : [`${at(path, index)}: not an index`],
  );
}

function checkMap(fact, value, path) {
  if (!(value instanceof Map)) return [`${path}: a group, not a value`];
  return [...value].flatMap(([key, item]) => checkValue(fact.of, item, at(path, key)));
}

export function checkGroup(fact, value, path) {
  if (!(value instanceof Map)) return [`${path}: a group, not a value`];
  if (fact.open) return [];
  const unknown = [...value.keys()]
    .filter((name) => !Object.hasOwn(fact.fields, name))
    .map((name) => `${at(path, name)}: unknown to Stripe`);
  const missing = (fact.required ?? [])
    .filter((name) => !value.has(name))
    .map((name) => `${at(path, name)}: required`);
  const inner = Object.entries(fact.fields).flatMap(([name, field]) =>
    value.has(name) ? checkValue(field, value.get(name), at(path, name)) : [],
  );
  return [...unknown, ...missing, ...inner];
}

function checkAny(fact, value, path) {
  const tries = fact.any.map((branch) => checkValue(branch, value, path));
  return tries.find((problems) => problems.length === 0) ?? tries[0];
}

const SHAPES = { array: checkArray, map: checkMap, object: checkGroup };

function checkValue(fact, value, path) {
  if (value === '' && (fact.empty || fact.enum?.includes(''))) return [];
  if (fact.any) return checkAny(fact, value, path);
  return (SHAPES[fact.t] ?? checkScalar)(fact, value, path);
}

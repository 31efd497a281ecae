// Bracketed names to a tree. Written apart from the stand-in's own reader, so that one cannot hide the other's error.

export class BadForm extends Error {}

export function pairsOfBody(body) {
  return [...new URLSearchParams(body)];
}

// The stand-in's log: {"a[b]": "v", "expand[]": ["x", "y"]}.
export function pairsOfLog(params) {
  return Object.entries(params).flatMap(([name, value]) =>
    Array.isArray(value) ? value.map((item) => [name, item]) : [[name, value]],
  );
}

function stepsOf(name) {
  const head = name.indexOf('[');
  if (head < 0) return [name];
  const rest = name.slice(head);
  const steps = rest.match(/\[[^\][]*\]/g) ?? [];
  if (head === 0 || steps.join('') !== rest) throw new BadForm(`${name}: brackets do not match`);
  return [name.slice(0, head), ...steps.map((step) => step.slice(1, -1))];
}

function insert(tree, name, value) {
  const steps = stepsOf(name);
  let node = tree;
  steps.forEach((raw, i) => {
    const step = raw === '' ? String(node.size) : raw;
    if (i === steps.length - 1) {
      if (node.has(step)) throw new BadForm(`${name}: given twice`);
      node.set(step, value);
      return;
    }
    if (!node.has(step)) node.set(step, new Map());
    node = node.get(step);
    if (!(node instanceof Map)) throw new BadForm(`${name}: both a value and a group`);
  });
}

// Maps, not objects: a parameter may be called anything.
export function treeOf(pairs) {
  const tree = new Map();
  for (const [name, value] of pairs) insert(tree, name, value);
  return tree;
}

// The table of facts, and finding the operation that a method and a path mean.

import { readFileSync } from 'node:fs';

export const FACTS = JSON.parse(readFileSync(new URL('../facts/stripe.json', import.meta.url), 'utf8'));

function patternOf(name) {
  const [method, path] = name.split(' ');
  return { name, method, pattern: new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`) };
}

const PATTERNS = [...Object.keys(FACTS.operations), ...FACTS.unchecked].map(patternOf);

// {name, operation}; operation is null for what the facts name without describing; null: unknown to Stripe.
export function operationOf(method, path) {
  const found = PATTERNS.find((p) => p.method === method && p.pattern.test(path));
  return found ? { name: found.name, operation: FACTS.operations[found.name] ?? null } : null;
}

export const resourceOf = (name) => FACTS.resources[name];

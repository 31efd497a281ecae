// What Stripe demands and its OpenAPI cannot say: one of several, bounds, metadata. From Stripe's documentation.

const METADATA = { keys: 50, key: 40, value: 500 };
const MINIMUM = { usd: 50, eur: 50, gbp: 30, cad: 50, aud: 50, chf: 50, nzd: 50 };

const isMap = (value) => value instanceof Map;

function metadataProblems(tree, path = '') {
  return [...tree].flatMap(([name, value]) => {
    const here = path ? `${path}[${name}]` : name;
    if (!isMap(value)) return [];
    return name === 'metadata' ? oneMetadata(value, here) : metadataProblems(value, here);
  });
}

function oneMetadata(map, path) {
  const problems = map.size > METADATA.keys ? [`${path}: more than ${METADATA.keys} keys`] : [];
  for (const [key, value] of map) {
    if ([...key].length > METADATA.key) problems.push(`${path}[${key}]: key longer than ${METADATA.key}`);
    if (!isMap(value) && [...value].length > METADATA.value)
      problems.push(`${path}[${key}]: longer than ${METADATA.value}`);
  }
  return problems;
}

function count(tree, names) {
  return names.filter((name) => tree.has(name)).length;
}

function atMostOne(tree, names, path = '') {
  return count(tree, names) > 1 ? [`${path}${names.join(', ')}: at most one of these`] : [];
}

function exactlyOne(tree, names, path = '') {
  return count(tree, names) === 1 ? [] : [`${path}${names.join(', ')}: exactly one of these`];
}

function priceProblems(price, path) {
  const amount = Number(price.get('unit_amount'));
  return [
    ...exactlyOne(price, ['unit_amount', 'unit_amount_decimal'], `${path}: `),
    ...exactlyOne(price, ['product', 'product_data'], `${path}: `),
    ...(amount < 0 ? [`${path}[unit_amount]: negative`] : []),
    ...(price.get('currency') !== price.get('currency')?.toLowerCase()
      ? [`${path}[currency]: not in lower case`]
      : []),
  ];
}

function lineProblems(line, path) {
  if (!isMap(line)) return [];
  const price = line.get('price_data');
  return [
    ...exactlyOne(line, ['price', 'price_data'], `${path}: `),
    ...(Number(line.get('quantity')) >= 1 ? [] : [`${path}[quantity]: at least 1`]),
    ...(isMap(price) ? priceProblems(price, `${path}[price_data]`) : []),
  ];
}

function totalProblems(lines) {
  let total = 0;
  for (const line of lines.values()) {
    const price = isMap(line) ? line.get('price_data') : null;
    if (!isMap(price) || !price.has('unit_amount')) return [];
    total += Number(price.get('unit_amount')) * Number(line.get('quantity'));
    const least = MINIMUM[price.get('currency')];
    if (least && total > 0 && total < least) return [`line_items: ${total} is under the minimum of ${least}`];
  }
  return [];
}

function urlProblems(tree, name, live) {
  const text = tree.get(name);
  if (text === undefined) return [];
  try {
    const { protocol } = new URL(text);
    return ['https:', ...(live ? [] : ['http:'])].includes(protocol)
      ? []
      : [`${name}: not http(s), or not https in live mode`];
  } catch {
    return [`${name}: no URL`];
  }
}

// Whatever is called an e-mail address, at any depth.
const EMAIL_NAMES = ['email', 'customer_email', 'receipt_email', 'instructions_email'];

function emailProblems(tree) {
  return [...tree].flatMap(([name, value]) => {
    if (isMap(value)) return name === 'metadata' ? [] : emailProblems(value);
    return EMAIL_NAMES.includes(name) && value !== '' && !/^\S+@\S+\.\S+$/.test(value)
      ? [`${name}: no e-mail address`]
      : [];
  });
}

// An empty text means "unset this", and in a session that is not made yet there is nothing to unset.
function emptyProblems(tree, path = '') {
  return [...tree].flatMap(([name, value]) => {
    const here = path ? `${path}[${name}]` : name;
    if (isMap(value)) return name === 'metadata' ? [] : emptyProblems(value, here);
    return value === '' ? [`${here}: empty`] : [];
  });
}

function sessionCreate(tree, live) {
  const lines = tree.get('line_items');
  const isPayment = tree.get('mode') === 'payment';
  return [
    ...(tree.has('mode') ? [] : ['mode: required']),
    ...emptyProblems(tree),
    ...(isPayment && !isMap(lines) ? ['line_items: required in payment mode'] : []),
    ...(isMap(lines) ? [...lines].flatMap(([i, line]) => lineProblems(line, `line_items[${i}]`)) : []),
    ...(isMap(lines) ? totalProblems(lines) : []),
    ...atMostOne(tree, ['customer', 'customer_email']),
    ...(tree.has('customer_update') && !tree.has('customer') ? ['customer_update: needs customer'] : []),
    ...(tree.has('success_url') ? [] : ['success_url: required by the hosted page']),
    ...urlProblems(tree, 'success_url', live),
    ...urlProblems(tree, 'cancel_url', live),
  ];
}

function listProblems(tree) {
  const limit = tree.get('limit');
  return [
    ...atMostOne(tree, ['starting_after', 'ending_before']),
    ...(limit !== undefined && !(Number(limit) >= 1 && Number(limit) <= 100) ? ['limit: 1 to 100'] : []),
    ...(isMap(tree.get('expand'))
      ? [...tree.get('expand').values()]
          .filter((p) => p.split('.').length > 4)
          .map((p) => `expand: ${p} is over 4 deep`)
      : []),
  ];
}

const OF_OPERATION = {
  'POST /v1/checkout/sessions': sessionCreate,
  'POST /v1/refunds': (tree) => exactlyOne(tree, ['charge', 'payment_intent']),
  'GET /v1/events': (tree) => atMostOne(tree, ['type', 'types']),
};

export function ruleProblems(operation, tree, live) {
  return [
    ...metadataProblems(tree),
    ...emailProblems(tree),
    ...listProblems(tree),
    ...(OF_OPERATION[operation]?.(tree, live) ?? []),
  ];
}

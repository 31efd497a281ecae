// What Stripe demands of a new Checkout Session beyond the types of its parameters.

import { currencyNames, formatAmount, isCurrency, minimumCharge } from '../world/currency.js';
import {
  notImitated,
  parameterMissing,
  parametersExclusive,
  refuse,
  refuseExecuted,
  resourceMissing,
} from './errors.js';
import { findCustomer } from './lookup.js';
import { usesNewUiNames } from './render.js';

const EXPIRY_MIN_S = 30 * 60;
const EXPIRY_MAX_S = 24 * 3600;

function onlyOne(values, names, prefix = '') {
  const given = names.filter((name) => values[name] !== undefined);
  const shown = names.map((name) => (prefix ? `${prefix}[${name}]` : name));
  if (given.length > 1) throw parametersExclusive(shown);
  return given[0];
}

function exactlyOne(values, names, prefix) {
  const name = onlyOne(values, names, prefix);
  if (!name) throw parameterMissing(`${prefix}[${names[0]}]`);
  return name;
}

function checkPriceData(ctx, data, at) {
  // Documented as lower case; whoever sends another case will compare it wrongly later.
  if (!isCurrency(data.currency)) {
    throw refuse(
      `Invalid currency: ${data.currency}. Supported currencies: ${currencyNames().join(', ')}`,
      `${at}[currency]`,
    );
  }
  exactlyOne(data, ['product_data', 'product'], at);
  exactlyOne(data, ['unit_amount', 'unit_amount_decimal'], at);
  if (data.product !== undefined) {
    throw resourceMissing({
      kind: 'product',
      id: data.product,
      param: `${at}[product]`,
      live: ctx.live,
      status: 400,
    });
  }
  if (data.recurring && ctx.values.mode !== 'subscription') {
    throw refuse('You specified `payment` mode but passed a recurring price.', `${at}[recurring]`);
  }
}

function checkLine(ctx, line, i) {
  const at = `line_items[${i}]`;
  if (exactlyOne(line, ['price_data', 'price'], at) === 'price') {
    throw resourceMissing({
      kind: 'price',
      id: line.price,
      param: `${at}[price]`,
      live: ctx.live,
      status: 400,
    });
  }
  if (line.quantity === undefined) throw parameterMissing(`${at}[quantity]`);
  if (line.adjustable_quantity?.enabled) throw notImitated(`${at}[adjustable_quantity][enabled]`);
  checkPriceData(ctx, line.price_data, `${at}[price_data]`);
}

function checkTotal(lines) {
  const currency = lines[0].price_data.currency;
  if (lines.some((line) => line.price_data.currency !== currency)) {
    throw refuseExecuted('All line items must have the same currency.', 'line_items');
  }
  const total = lines.reduce(
    (sum, { price_data: price, quantity }) =>
      sum + (price.unit_amount ?? Math.round(Number(price.unit_amount_decimal))) * quantity,
    0,
  );
  // A total of nothing is allowed: no payment is then required.
  if (total > 0 && total < minimumCharge(currency)) {
    throw refuseExecuted(
      `The Checkout Session's total amount due must add up to at least ${formatAmount(minimumCharge(currency), currency)}.`,
      'line_items',
      'amount_too_small',
    );
  }
}

function checkLines(ctx) {
  const { mode, line_items: lines } = ctx.values;
  if (mode === 'setup') {
    if (lines) throw refuse('You cannot pass `line_items` in `setup` mode.', 'line_items');
    return;
  }
  if (!lines || lines.length === 0) throw parameterMissing('line_items');
  lines.forEach((line, i) => checkLine(ctx, line, i));
  if (mode === 'subscription' && !lines.some((line) => line.price_data.recurring)) {
    throw refuse('You must provide at least one recurring price in `subscription` mode.', 'line_items');
  }
}

// The placeholder is not legal in a URL and is replaced before anyone visits it.
function checkUrl(ctx, name) {
  const text = ctx.values[name];
  if (text === undefined) return;
  let url;
  try {
    url = new URL(text.replaceAll('{CHECKOUT_SESSION_ID}', 'cs_test_x'));
  } catch {
    throw refuse('Not a valid URL', name, 'url_invalid');
  }
  if (!['http:', 'https:'].includes(url.protocol) || /\s/.test(text))
    throw refuse('Not a valid URL', name, 'url_invalid');
  if (ctx.live && url.protocol !== 'https:') {
    throw refuse(
      'In live mode redirects must go to https; use a test key to try redirects.',
      name,
      'url_invalid',
    );
  }
}

function checkMode(ctx) {
  const { mode } = ctx.values;
  const belongs = {
    payment_intent_data: 'payment',
    subscription_data: 'subscription',
    setup_intent_data: 'setup',
    submit_type: 'payment',
    invoice_creation: 'payment',
  };
  for (const [name, home] of Object.entries(belongs)) {
    if (ctx.values[name] !== undefined && mode !== home) {
      throw refuse(`You can not pass \`${name}\` in \`${mode}\` mode.`, name);
    }
  }
  if (mode === 'setup' && ctx.values.currency === undefined && !ctx.values.payment_method_types) {
    throw parameterMissing('currency');
  }
}

function checkUiMode(ctx) {
  const { ui_mode: mode } = ctx.values;
  if (mode === undefined) return;
  const names = usesNewUiNames(ctx.version)
    ? ['elements', 'embedded_page', 'form', 'hosted_page']
    : ['custom', 'embedded', 'hosted'];
  if (!names.includes(mode)) throw refuse(`Invalid ui_mode: must be one of ${names.join(', ')}`, 'ui_mode');
  if (!mode.startsWith('hosted')) throw notImitated('ui_mode');
}

function checkCustomer(ctx) {
  const { values } = ctx;
  onlyOne(values, ['customer', 'customer_email']);
  onlyOne(values, ['customer', 'customer_creation']);
  if (values.customer_creation && values.mode === 'subscription') {
    throw refuse('`customer_creation` can only be used in `payment` and `setup` mode.', 'customer_creation');
  }
  if (values.customer_update && !values.customer) {
    throw refuse('`customer_update` can only be used with `customer`.', 'customer_update');
  }
}

function checkMethods({ values }) {
  const types = values.payment_method_types;
  if (types && new Set(types).size !== types.length) {
    throw refuse('`payment_method_types` must not name a type twice.', 'payment_method_types');
  }
  if (values.return_url !== undefined) throw refuse('`return_url` is not for the hosted page.', 'return_url');
  if (values.invoice_creation?.enabled) throw notImitated('invoice_creation[enabled]');
  if (values.automatic_tax?.enabled) throw notImitated('automatic_tax[enabled]');
  if (values.payment_intent_data?.capture_method === 'manual')
    throw notImitated('payment_intent_data[capture_method]');
}

function checkExpiry(ctx) {
  const { expires_at: expires } = ctx.values;
  if (expires === undefined) return;
  const now = ctx.world.now();
  if (expires < now + EXPIRY_MIN_S) {
    throw refuseExecuted(
      '`expires_at` must be at least 30 minutes after the Session is created.',
      'expires_at',
    );
  }
  if (expires > now + EXPIRY_MAX_S) {
    throw refuseExecuted('`expires_at` must be at most 24 hours after the Session is created.', 'expires_at');
  }
}

// The shape of the request: refusals that leave nothing under its idempotency key.
export function checkSessionForm(ctx) {
  checkMode(ctx);
  checkUiMode(ctx);
  checkCustomer(ctx);
  checkMethods(ctx);
  if (ctx.values.success_url === undefined) throw parameterMissing('success_url');
  checkUrl(ctx, 'success_url');
  checkUrl(ctx, 'cancel_url');
  checkLines(ctx);
}

// Against what exists and what time it is: these refusals are part of the execution, and replayed.
export function checkSessionFacts(ctx) {
  const { values } = ctx;
  if (values.customer) findCustomer(ctx, values.customer, 'customer', 400);
  checkExpiry(ctx);
  if (values.line_items) checkTotal(values.line_items);
}

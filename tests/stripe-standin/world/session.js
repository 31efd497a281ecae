// Checkout Sessions: born open, complete when paid, expired by time or by request.

import { newId, newSessionId } from './ids.js';
import { createCustomer, updateCustomer } from './customer.js';

const DAY_S = 24 * 3600;

const NO_DETAILS = {
  address: null,
  business_name: null,
  individual_name: null,
  phone: null,
  tax_exempt: 'none',
  tax_ids: null,
};
const NO_TEXT = {
  after_submit: null,
  shipping_address: null,
  submit: null,
  terms_of_service_acceptance: null,
};

// Half up, as the decimal is of minor units and carries at most 12 places.
function unitAmount(price) {
  return price.unit_amount ?? Math.round(Number(price.unit_amount_decimal));
}

function makeProduct(world, live, data) {
  const now = world.now();
  const object = {
    id: newId('prod', 14),
    object: 'product',
    active: false,
    attributes: [],
    created: now,
    default_price: null,
    description: data.description ?? null,
    images: data.images ?? [],
    livemode: live,
    marketing_features: [],
    metadata: data.metadata ?? {},
    name: data.name,
    package_dimensions: null,
    shippable: null,
    statement_descriptor: null,
    tax_code: data.tax_code ?? null,
    type: 'service',
    unit_label: data.unit_label ?? null,
    updated: now,
    url: null,
  };
  world.products.insert(object, live);
  return object.id;
}

function makePrice(world, live, data) {
  const amount = unitAmount(data);
  return {
    id: newId('price'),
    object: 'price',
    active: false,
    billing_scheme: 'per_unit',
    created: world.now(),
    currency: data.currency,
    custom_unit_amount: null,
    livemode: live,
    lookup_key: null,
    metadata: {},
    nickname: null,
    product: data.product ?? makeProduct(world, live, data.product_data),
    recurring: data.recurring
      ? {
          interval: data.recurring.interval,
          interval_count: data.recurring.interval_count ?? 1,
          meter: null,
          trial_period_days: null,
          usage_type: 'licensed',
        }
      : null,
    tax_behavior: data.tax_behavior ?? 'unspecified',
    tiers_mode: null,
    transform_quantity: null,
    type: data.recurring ? 'recurring' : 'one_time',
    unit_amount: amount,
    unit_amount_decimal: data.unit_amount_decimal ?? String(amount),
  };
}

function makeItem(world, live, line) {
  const price = makePrice(world, live, line.price_data);
  const total = price.unit_amount * line.quantity;
  return {
    id: newId('li'),
    object: 'item',
    adjustable_quantity: null,
    amount_discount: 0,
    amount_subtotal: total,
    amount_tax: 0,
    amount_total: total,
    currency: price.currency,
    description: line.price_data.product_data?.name ?? null,
    metadata: line.metadata ?? {},
    price,
    quantity: line.quantity,
  };
}

function amounts(items) {
  if (items.length === 0)
    return { amount_subtotal: null, amount_total: null, currency: null, total_details: null };
  const total = items.reduce((sum, item) => sum + item.amount_total, 0);
  return {
    amount_subtotal: total,
    amount_total: total,
    currency: items[0].currency,
    total_details: { amount_discount: 0, amount_shipping: 0, amount_tax: 0 },
  };
}

function prefilled(world, values) {
  const email = values.customer_email ?? world.customers.get(values.customer)?.email;
  return email ? { ...NO_DETAILS, email, name: null } : null;
}

function fromRequest(values) {
  return {
    adaptive_pricing: { enabled: values.adaptive_pricing?.enabled ?? true },
    after_expiration: values.after_expiration?.recovery?.enabled
      ? {
          recovery: {
            allow_promotion_codes: false,
            expires_at: null,
            url: null,
            ...values.after_expiration.recovery,
          },
        }
      : null,
    allow_promotion_codes: values.allow_promotion_codes ?? null,
    automatic_tax: {
      enabled: values.automatic_tax?.enabled ?? false,
      liability: null,
      provider: null,
      status: null,
    },
    billing_address_collection: values.billing_address_collection ?? null,
    cancel_url: values.cancel_url ?? null,
    client_reference_id: values.client_reference_id ?? null,
    consent_collection: values.consent_collection ?? null,
    customer: values.customer ?? null,
    customer_creation:
      values.customer || values.mode === 'subscription' ? null : (values.customer_creation ?? 'if_required'),
    customer_email: values.customer_email ?? null,
    integration_identifier: values.integration_identifier ?? null,
    locale: values.locale ?? null,
    metadata: Object.fromEntries(Object.entries(values.metadata ?? {}).filter(([, v]) => v !== '')),
    mode: values.mode,
    origin_context: values.origin_context ?? null,
    payment_method_collection:
      values.payment_method_collection ?? (values.mode === 'payment' ? 'if_required' : 'always'),
    payment_method_types: values.payment_method_types ?? ['card', 'us_bank_account'],
    phone_number_collection: values.phone_number_collection ?? { enabled: false },
    shipping_address_collection: values.shipping_address_collection ?? null,
    submit_type: values.submit_type ?? null,
    success_url: values.success_url ?? null,
  };
}

export function createSession(world, live, values, baseUrl) {
  const now = world.now();
  const id = newSessionId(live);
  const items = (values.line_items ?? []).map((line) => makeItem(world, live, line));
  const object = {
    id,
    object: 'checkout.session',
    ...fromRequest(values),
    ...amounts(items),
    client_secret: null,
    collected_information: null,
    consent: null,
    created: now,
    currency_conversion: null,
    custom_fields: [],
    custom_text: NO_TEXT,
    customer_account: null,
    customer_details: prefilled(world, values),
    discounts: [],
    expires_at: values.expires_at ?? now + DAY_S,
    invoice: null,
    invoice_creation: values.mode === 'payment' ? { enabled: false, invoice_data: NO_INVOICE } : null,
    livemode: live,
    payment_intent: null,
    payment_link: null,
    payment_method_configuration_details: null,
    payment_method_options: {},
    payment_status: items.length && amounts(items).amount_total === 0 ? 'no_payment_required' : 'unpaid',
    permissions: null,
    recovered_from: null,
    saved_payment_method_options: null,
    setup_intent: null,
    shipping_cost: null,
    shipping_options: [],
    status: 'open',
    subscription: null,
    ui_mode: 'hosted_page',
    url: `${baseUrl}/c/pay/${id}`,
    wallet_options: null,
  };
  const row = world.sessions.insert(object, live, {
    items,
    intentData: values.payment_intent_data ?? {},
    intent: null,
  });
  world.openSessions.add(row);
  return row;
}

const NO_INVOICE = {
  account_tax_ids: null,
  custom_fields: null,
  description: null,
  footer: null,
  issuer: null,
  metadata: {},
  rendering_options: null,
};

export function changeSession(row, fields) {
  row.object = { ...row.object, ...fields };
}

export function expireSession(world, row) {
  world.openSessions.delete(row);
  changeSession(row, { status: 'expired', url: null });
  world.emit('checkout.session.expired', row);
}

// Sessions die by themselves; looked at before every request and once a second.
export function expireDue(world) {
  const now = world.now();
  for (const row of world.openSessions) if (row.object.expires_at <= now) expireSession(world, row);
}

function payerOf(world, row, payer) {
  const known = row.object.customer_details ?? {};
  const customer = world.customers.get(row.object.customer) ?? {};
  return {
    email: payer.email || customer.email || known.email || 'payer@example.com',
    name: payer.name || customer.name || known.name || 'Test Payer',
  };
}

// Checkout fills what the customer lacked, and makes one where the session asked for it.
function customerOf(world, row, { email, name }) {
  const id = row.object.customer;
  const existing = world.customers.row(id);
  if (existing && !existing.object.deleted && !existing.object.email)
    updateCustomer(world, existing, { email });
  const wanted = row.object.customer_creation === 'always' || row.object.mode === 'subscription';
  return id ?? (wanted ? createCustomer(world, row.live, { email, name }).object.id : null);
}

export function fillPayer(world, row, payer) {
  const { email, name } = payerOf(world, row, payer);
  const address = { city: null, country: 'US', line1: null, line2: null, postal_code: '80202', state: null };
  changeSession(row, {
    customer: customerOf(world, row, { email, name }),
    customer_details: { ...NO_DETAILS, address, email, name, tax_ids: [] },
  });
}

export function completeSession(world, row, fields) {
  world.openSessions.delete(row);
  changeSession(row, { status: 'complete', url: null, ...fields });
  return world.emit('checkout.session.completed', row);
}

// Customers: what Stripe remembers of a payer.

import { newId, randomText } from './ids.js';

const NO_ADDRESS = { city: null, country: null, line1: null, line2: null, postal_code: null, state: null };
const SIMPLE = ['description', 'email', 'name', 'phone', 'business_name', 'individual_name'];

function blank(world, live) {
  return {
    id: newId('cus', 14),
    object: 'customer',
    address: null,
    balance: 0,
    created: world.now(),
    currency: null,
    default_source: null,
    delinquent: false,
    description: null,
    discount: null,
    email: null,
    invoice_prefix: randomText(8).toUpperCase(),
    invoice_settings: {
      custom_fields: null,
      default_payment_method: null,
      footer: null,
      rendering_options: null,
    },
    livemode: live,
    metadata: {},
    name: null,
    next_invoice_sequence: 1,
    phone: null,
    preferred_locales: [],
    shipping: null,
    tax_exempt: 'none',
    test_clock: null,
  };
}

// An empty value removes its key; a null in place of the whole removes all.
export function mergeMetadata(before, change) {
  if (change === undefined) return before;
  if (change === null) return {};
  const merged = { ...before, ...change };
  return Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== ''));
}

function apply(customer, values) {
  for (const name of SIMPLE) if (values[name] !== undefined) customer[name] = values[name];
  if (values.address !== undefined) customer.address = values.address && { ...NO_ADDRESS, ...values.address };
  if (values.shipping !== undefined) {
    customer.shipping = values.shipping && {
      phone: null,
      ...values.shipping,
      address: { ...NO_ADDRESS, ...values.shipping.address },
    };
  }
  if (values.balance !== undefined) customer.balance = values.balance;
  if (values.preferred_locales) customer.preferred_locales = values.preferred_locales;
  if (values.tax_exempt !== undefined) customer.tax_exempt = values.tax_exempt || 'none';
  customer.metadata = mergeMetadata(customer.metadata, values.metadata);
}

export function createCustomer(world, live, values) {
  const customer = blank(world, live);
  apply(customer, values);
  const row = world.customers.insert(customer, live);
  world.emit('customer.created', row);
  return row;
}

export function updateCustomer(world, row, values) {
  const before = row.object;
  // A new object: events and replayed answers hold the old one.
  row.object = { ...before };
  apply(row.object, values);
  const changed = Object.keys(before).filter(
    (k) => JSON.stringify(before[k]) !== JSON.stringify(row.object[k]),
  );
  if (changed.length) {
    world.emit('customer.updated', row, Object.fromEntries(changed.map((k) => [k, before[k]])));
  }
}

export function deleteCustomer(world, row) {
  world.emit('customer.deleted', row);
  row.object = { id: row.object.id, object: 'customer', deleted: true };
}

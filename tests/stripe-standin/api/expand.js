// expand[]=a.b: in place of an id, the object.

import { refuse } from './errors.js';

const MAX_DEPTH = 4;

// Field -> table of the world. `null`: Stripe can expand it, here it is always null.
const LINKS = {
  'checkout.session': {
    customer: 'customers',
    payment_intent: 'intents',
    invoice: null,
    payment_link: null,
    setup_intent: null,
    subscription: null,
    consent: null,
  },
  payment_intent: {
    customer: 'customers',
    latest_charge: 'charges',
    application: null,
    on_behalf_of: null,
    payment_method: null,
    review: null,
  },
  charge: {
    balance_transaction: 'transactions',
    customer: 'customers',
    payment_intent: 'intents',
    application: null,
    application_fee: null,
    failure_balance_transaction: null,
    on_behalf_of: null,
    review: null,
    source_transfer: null,
  },
  refund: {
    balance_transaction: 'transactions',
    charge: 'charges',
    payment_intent: 'intents',
    failure_balance_transaction: 'transactions',
    source_transfer_reversal: null,
    transfer_reversal: null,
  },
  dispute: { charge: 'charges', payment_intent: 'intents' },
  'radar.early_fraud_warning': { charge: 'charges', payment_intent: 'intents' },
  price: { product: 'products' },
  customer: { default_source: null, test_clock: null },
};

function inlineList(data, url) {
  return { object: 'list', data: data.slice(0, 10), has_more: data.length > 10, url };
}

// Lists that an object carries only when asked for.
function ownList(world, object, name) {
  if (object.object === 'checkout.session' && name === 'line_items') {
    return inlineList(world.sessions.row(object.id).items, `/v1/checkout/sessions/${object.id}/line_items`);
  }
  if (object.object === 'charge' && name === 'refunds') {
    const own = [...world.refunds.all()].map((row) => row.object).filter((r) => r.charge === object.id);
    return inlineList(own.reverse(), `/v1/charges/${object.id}/refunds`);
  }
  return undefined;
}

function refuseExpansion(path, param) {
  return refuse(`This property cannot be expanded (${path}).`, param);
}

function fetchField(world, object, name, context) {
  const list = ownList(world, object, name);
  if (list) return typeof object[name] === 'object' && object[name] ? object[name] : list;
  const links = LINKS[object.object];
  if (!links || !Object.hasOwn(links, name)) {
    // A plain sub-object (line item -> price) is passed through on the way down.
    if (object[name] && typeof object[name] === 'object' && context.more) return { ...object[name] };
    throw refuseExpansion(context.path, context.param);
  }
  const value = object[name];
  if (value === null || value === undefined || links[name] === null) return value;
  return typeof value === 'object' ? value : { ...world[links[name]].get(value) };
}

function expandPath(world, object, segments, context) {
  const [name, ...rest] = segments;
  if (object.object === 'list') {
    if (name !== 'data') throw refuseExpansion(context.path, context.param);
    object.data = object.data.map((item) => ({ ...item }));
    if (rest.length) for (const item of object.data) expandPath(world, item, rest, context);
    return;
  }
  const value = fetchField(world, object, name, { ...context, more: rest.length > 0 });
  object[name] = value;
  if (rest.length && value && typeof value === 'object') expandPath(world, value, rest, context);
}

// Changes `object`, which must be a copy, down every path.
export function expandAll(world, object, paths = []) {
  paths.forEach((path, i) => {
    const segments = path.split('.');
    const param = `expand[${i}]`;
    if (segments.length > MAX_DEPTH) {
      throw refuse(`You cannot expand more than ${MAX_DEPTH} levels of a property: ${path}`, param);
    }
    expandPath(world, object, segments, { path, param });
  });
  return object;
}

// The whole state as one JSON value, the same bytes for the same state.

import { expireDue } from '../world/session.js';

function sorted(value) {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sorted(value[key])]),
  );
}

const objects = (table) => [...table.all()].map((row) => row.object);

// How far deliveries are is not part of it: that changes without anyone asking for anything.
function events(world) {
  return [...world.events.all()].map((row) => {
    const { pending_webhooks: moving, ...event } = world.eventObject(row);
    return event;
  });
}

export function dump(standin) {
  const { world } = standin;
  expireDue(world);
  return sorted({
    account: world.account,
    balance_transactions: objects(world.transactions),
    charges: objects(world.charges),
    customers: objects(world.customers),
    disputes: objects(world.disputes),
    events: events(world),
    idempotency_keys: [...standin.idempotency.entries.keys()],
    payment_intents: objects(world.intents),
    refunds: objects(world.refunds),
    warnings: objects(world.warnings),
    sessions: [...world.sessions.all()].map((row) => ({ ...row.object, line_items: row.items })),
  });
}

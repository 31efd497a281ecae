// Small read-only things: the account, its balance.

export function account({ world }) {
  return {
    id: world.account,
    object: 'account',
    business_profile: { name: 'Stand-in Club', support_email: null, url: null },
    business_type: 'non_profit',
    capabilities: { card_payments: 'active', transfers: 'active' },
    charges_enabled: true,
    country: 'US',
    created: 1700000000,
    default_currency: 'usd',
    details_submitted: true,
    email: 'club@example.com',
    metadata: {},
    payouts_enabled: true,
    settings: { dashboard: { display_name: 'Stand-in Club', timezone: 'America/Denver' } },
    type: 'standard',
  };
}

export function balance({ world, live }) {
  const sums = { available: {}, pending: {} };
  for (const { object } of world.transactions.newestFirst(live)) {
    const side = sums[object.status];
    side[object.currency] = (side[object.currency] ?? 0) + object.net;
  }
  const rows = (side) =>
    Object.entries(side).map(([currency, amount]) => ({ amount, currency, source_types: { card: amount } }));
  return { object: 'balance', available: rows(sums.available), livemode: live, pending: rows(sums.pending) };
}

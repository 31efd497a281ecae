// /v1/radar/early_fraud_warnings, for reading.

import { find } from './lookup.js';
import { page } from './lists.js';

export const retrieve = (ctx) => find(ctx, ctx.world.warnings, ctx.id, 'early_fraud_warning').object;

export function list(ctx) {
  const { charge, payment_intent: intent } = ctx.values;
  const wanted = ({ object }) =>
    (charge === undefined || object.charge === charge) &&
    (intent === undefined || object.payment_intent === intent);
  return page(ctx.world.warnings, ctx.live, ctx.values, { url: '/v1/radar/early_fraud_warnings', wanted });
}

// /v1/disputes, for reading.

import { find } from './lookup.js';
import { page } from './lists.js';

export const retrieve = (ctx) => find(ctx, ctx.world.disputes, ctx.id, 'dispute').object;

export function list(ctx) {
  const { charge, payment_intent: intent } = ctx.values;
  const wanted = ({ object }) =>
    (charge === undefined || object.charge === charge) &&
    (intent === undefined || object.payment_intent === intent);
  return page(ctx.world.disputes, ctx.live, ctx.values, { url: '/v1/disputes', wanted });
}

// /v1/payment_intents and /v1/charges, for reading.

import { find } from './lookup.js';
import { page } from './lists.js';

const sameAs =
  (values, names) =>
  ({ object }) =>
    names.every((name) => values[name] === undefined || object[name] === values[name]);

export const retrieveIntent = (ctx) => find(ctx, ctx.world.intents, ctx.id, 'intent').object;

export const listIntents = (ctx) =>
  page(ctx.world.intents, ctx.live, ctx.values, {
    url: '/v1/payment_intents',
    wanted: sameAs(ctx.values, ['customer']),
  });

export const retrieveCharge = (ctx) => find(ctx, ctx.world.charges, ctx.id, 'id').object;

export const listCharges = (ctx) =>
  page(ctx.world.charges, ctx.live, ctx.values, {
    url: '/v1/charges',
    wanted: sameAs(ctx.values, ['customer', 'payment_intent', 'transfer_group']),
  });

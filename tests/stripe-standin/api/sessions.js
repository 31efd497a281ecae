// /v1/checkout/sessions

import { mergeMetadata } from '../world/customer.js';
import { changeSession, createSession, expireSession } from '../world/session.js';
import { refuseExecuted } from './errors.js';
import { find } from './lookup.js';
import { page, pageOfArray } from './lists.js';
import { checkSessionFacts } from './session-rules.js';

const findSession = (ctx) => find(ctx, ctx.world.sessions, ctx.id, 'session');

export function create(ctx) {
  checkSessionFacts(ctx);
  return createSession(ctx.world, ctx.live, ctx.values, ctx.baseUrl).object;
}

export function retrieve(ctx) {
  return findSession(ctx).object;
}

export function update(ctx) {
  const row = findSession(ctx);
  changeSession(row, { metadata: mergeMetadata(row.object.metadata, ctx.values.metadata) });
  return row.object;
}

export function expire(ctx) {
  const row = findSession(ctx);
  if (row.object.status !== 'open') {
    throw refuseExecuted(
      'Only Checkout Sessions with a status in ["open"] can be expired. ' +
        `This Checkout Session has a status of \`${row.object.status}\`.`,
    );
  }
  expireSession(ctx.world, row);
  return row.object;
}

export function lineItems(ctx) {
  return pageOfArray(findSession(ctx).items, ctx.values, `/v1/checkout/sessions/${ctx.id}/line_items`);
}

export function list(ctx) {
  const { values } = ctx;
  const wanted = ({ object }) =>
    ['customer', 'customer_account', 'payment_intent', 'payment_link', 'status', 'subscription'].every(
      (name) => values[name] === undefined || object[name] === values[name],
    ) &&
    (!values.customer_details || object.customer_details?.email === values.customer_details.email);
  return page(ctx.world.sessions, ctx.live, values, { url: '/v1/checkout/sessions', wanted });
}

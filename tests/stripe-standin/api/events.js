// /v1/events: what happened in the last 30 days.

import { EVENT_LIFE_S } from '../world/world.js';
import { parametersExclusive } from './errors.js';
import { find } from './lookup.js';
import { page } from './lists.js';
import { resourceMissing } from './errors.js';

const isOld = (ctx, row) => row.object.created < ctx.world.now() - EVENT_LIFE_S;

export function retrieve(ctx) {
  const row = find(ctx, ctx.world.events, ctx.id, 'id');
  if (isOld(ctx, row)) throw resourceMissing({ kind: 'event', id: ctx.id, param: 'id', live: ctx.live });
  return ctx.world.eventObject(row);
}

export function checkEventForm({ values }) {
  if (values.type !== undefined && values.types !== undefined) throw parametersExclusive(['type', 'types']);
}

// "charge.*" stands for everything that begins with "charge.".
function typeMatches(type, wanted) {
  return wanted.endsWith('*') ? type.startsWith(wanted.slice(0, -1)) : type === wanted;
}

export function list(ctx) {
  const { type, types, delivery_success: success } = ctx.values;
  const names = types ?? (type === undefined ? null : [type]);
  const wanted = (row) =>
    !isOld(ctx, row) &&
    (!names || names.some((name) => typeMatches(row.tail.type, name))) &&
    (success === undefined || ctx.delivered(row.object.id) === success);
  return page(ctx.world.events, ctx.live, ctx.values, {
    url: '/v1/events',
    wanted,
    show: (row) => ctx.world.eventObject(row),
  });
}

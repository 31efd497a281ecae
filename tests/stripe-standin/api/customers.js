// /v1/customers

import { createCustomer, deleteCustomer, updateCustomer } from '../world/customer.js';
import { find, findCustomer } from './lookup.js';
import { page } from './lists.js';

export function create(ctx) {
  return createCustomer(ctx.world, ctx.live, ctx.values).object;
}

// A deleted customer can still be read, and says so.
export function retrieve(ctx) {
  return find(ctx, ctx.world.customers, ctx.id, 'id').object;
}

export function update(ctx) {
  const row = findCustomer(ctx, ctx.id, 'id');
  updateCustomer(ctx.world, row, ctx.values);
  return row.object;
}

export function remove(ctx) {
  const row = findCustomer(ctx, ctx.id, 'id');
  deleteCustomer(ctx.world, row);
  return row.object;
}

export function list(ctx) {
  const { email } = ctx.values;
  const wanted = ({ object }) => !object.deleted && (email === undefined || object.email === email);
  return page(ctx.world.customers, ctx.live, ctx.values, { url: '/v1/customers', wanted });
}

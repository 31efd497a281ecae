// Finding an object for a request: of the right kind, in the right mode, or Stripe's words for why not.

import { resourceMissing } from './errors.js';

// `status` 404 for the object in the path, 400 for one that a parameter names.
export function find(ctx, table, id, param, status = 404) {
  const row = table.row(id);
  if (row && row.live === ctx.live) return row;
  throw resourceMissing({ kind: table.kind, id, param, live: ctx.live, elsewhere: Boolean(row), status });
}

export function findCustomer(ctx, id, param, status) {
  const row = find(ctx, ctx.world.customers, id, param, status);
  if (!row.object.deleted) return row;
  throw resourceMissing({ kind: 'customer', id, param, live: ctx.live, status });
}

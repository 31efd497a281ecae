// Pages of a list: newest first, cursors by object id.

import { refuse, resourceMissing } from './errors.js';

const LIMIT_DEFAULT = 10;

function cursor(table, live, values, name) {
  const id = values[name];
  if (id === undefined) return undefined;
  const row = table.row(id);
  if (!row || row.live !== live) {
    throw resourceMissing({ kind: table.kind, id, param: name, live, elsewhere: Boolean(row), status: 400 });
  }
  return row.seq;
}

export function inRange(moment, range) {
  if (!range) return true;
  return (
    (range.gt === undefined || moment > range.gt) &&
    (range.gte === undefined || moment >= range.gte) &&
    (range.lt === undefined || moment < range.lt) &&
    (range.lte === undefined || moment <= range.lte)
  );
}

// One more than asked for tells whether there is another page.
function take(rows, wanted, count) {
  const found = [];
  for (const row of rows) {
    if (wanted(row)) found.push(row);
    if (found.length > count) break;
  }
  return found;
}

// Sublists without a table of their own (line items).
export function pageOfArray(items, values, url) {
  const limit = values.limit ?? LIMIT_DEFAULT;
  const after = values.starting_after ? items.findIndex((item) => item.id === values.starting_after) + 1 : 0;
  const data = items.slice(after, after + limit);
  return { object: 'list', data, has_more: items.length > after + limit, url };
}

export function page(table, live, values, { url, wanted = () => true, show = (row) => row.object }) {
  if (values.starting_after !== undefined && values.ending_before !== undefined) {
    throw refuse('Only one of starting_after and ending_before may be given.', 'starting_after');
  }
  const limit = values.limit ?? LIMIT_DEFAULT;
  const matches = (row) => inRange(row.object.created, values.created) && wanted(row);
  const before = cursor(table, live, values, 'ending_before');
  const rows =
    before === undefined
      ? take(table.newestFirst(live, cursor(table, live, values, 'starting_after')), matches, limit)
      : take(table.oldestFirst(live, before), matches, limit);
  const has_more = rows.length > limit;
  const shown = rows.slice(0, limit);
  if (before !== undefined) shown.reverse();
  return { object: 'list', data: shown.map(show), has_more, url };
}

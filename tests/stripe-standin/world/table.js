// One kind of resource: rows by id, in order of birth, of both modes.

export class Table {
  constructor(kind) {
    this.kind = kind;
    this.rows = new Map();
    this.births = [];
  }

  insert(object, live, extra = {}) {
    const row = { object, live, seq: this.births.length, ...extra };
    this.rows.set(object.id, row);
    this.births.push(row);
    return row;
  }

  row(id) {
    return this.rows.get(id);
  }

  get(id) {
    return this.rows.get(id)?.object;
  }

  *newestFirst(live, beforeSeq = this.births.length) {
    for (let seq = beforeSeq - 1; seq >= 0; seq--) {
      const row = this.births[seq];
      if (row && row.live === live) yield row;
    }
  }

  *oldestFirst(live, afterSeq = -1) {
    for (let seq = afterSeq + 1; seq < this.births.length; seq++) {
      const row = this.births[seq];
      if (row && row.live === live) yield row;
    }
  }

  // Both modes, oldest first.
  *all() {
    for (const row of this.births) if (row) yield row;
  }

  // The place in `births` stays as a hole, so that the numbers of later rows keep their meaning.
  remove(id) {
    const row = this.rows.get(id);
    if (!row) return;
    this.rows.delete(id);
    this.births[row.seq] = undefined;
  }
}

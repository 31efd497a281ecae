// What was asked of the stand-in, for tests to look at. Keys are never recorded.

const KEEP = 50000;

export class RequestLog {
  constructor() {
    this.clear();
  }

  clear() {
    this.entries = [];
    this.count = 0;
  }

  open(req, path) {
    const entry = {
      n: ++this.count,
      at: Date.now(),
      method: req.method,
      path,
      params: {},
      idempotency_key: req.headers['idempotency-key'] ?? null,
      stripe_version: req.headers['stripe-version'] ?? null,
      user_agent: req.headers['user-agent'] ?? null,
      content_type: req.headers['content-type'] ?? null,
      livemode: null,
      // 0 until answered, and for ever when the connection was dropped.
      status: 0,
      replayed: false,
      error: null,
      faults: [],
      ms: null,
    };
    this.entries.push(entry);
    if (this.entries.length > KEEP) this.entries.shift();
    return entry;
  }
}

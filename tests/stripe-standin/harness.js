// For tests: a stand-in of one's own on a free port, ways to talk to it, and a webhook to receive its events.

import { spawn } from 'node:child_process';
import http from 'node:http';
import { fileURLToPath } from 'node:url';

const SERVER = fileURLToPath(new URL('./server.js', import.meta.url));
export const TEST_KEY = 'sk_test_conformance1234';
export const LIVE_KEY = 'sk_live_conformance1234';
export const RESTRICTED_KEY = 'rk_test_conformance1234';
export const SECRET = 'whsec_conformance';

function firstLine(child) {
  return new Promise((resolve, reject) => {
    let text = '';
    child.stdout.on('data', (chunk) => {
      text += chunk;
      if (text.includes('\n')) resolve(text.split('\n')[0]);
    });
    child.once('exit', (code) => reject(new Error(`the stand-in ended with ${code}`)));
  });
}

export class Running {
  constructor(child, base) {
    this.child = child;
    this.base = base;
  }

  stop() {
    return new Promise((resolve) => {
      if (this.child.exitCode !== null) return resolve();
      this.child.once('exit', resolve);
      this.child.kill('SIGTERM');
    });
  }

  async control(method, path, body) {
    const res = await fetch(`${this.base}/_control${path}`, { method, body: body && JSON.stringify(body) });
    const answer = await res.json();
    if (!res.ok) throw Object.assign(new Error(`${res.status} ${answer.error}`), { status: res.status });
    return answer;
  }

  // An API call by hand: {status, headers, body}. `form` is an object of bracketed names.
  async call(method, path, form, { key = TEST_KEY, headers = {} } = {}) {
    const encoded = form && new URLSearchParams(form).toString();
    const hasBody = encoded !== undefined && method === 'POST';
    const res = await fetch(`${this.base}${path}${encoded && !hasBody ? `?${encoded}` : ''}`, {
      method,
      headers: {
        ...(key && { Authorization: `Bearer ${key}` }),
        ...(hasBody && { 'Content-Type': 'application/x-www-form-urlencoded' }),
        ...headers,
      },
      ...(hasBody && { body: encoded }),
    });
    const text = await res.text();
    return { status: res.status, headers: res.headers, body: JSON.parse(text), text };
  }
}

export async function startStandin(env = {}) {
  const child = spawn(process.execPath, [SERVER], {
    env: {
      STANDIN_SECRET_KEYS: `${TEST_KEY},${LIVE_KEY},${RESTRICTED_KEY}`,
      STANDIN_WEBHOOK_SECRET: SECRET,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const line = await firstLine(child);
  return new Running(child, line.replace('stand-in listening on ', ''));
}

export const SESSION = {
  mode: 'payment',
  'line_items[0][quantity]': '1',
  'line_items[0][price_data][currency]': 'usd',
  'line_items[0][price_data][unit_amount]': '15000',
  'line_items[0][price_data][product_data][name]': 'Spring Tournament',
  success_url: 'https://pay.club.example/paid.html?session_id={CHECKOUT_SESSION_ID}',
  cancel_url: 'https://pay.club.example/cancelled.html',
  client_reference_id: '7',
  'metadata[order_id]': '7',
  'payment_intent_data[metadata][order_id]': '7',
};

// A webhook that keeps what it got: {headers, body} as bytes. `answer(n)` gives the status of the n-th delivery.
export async function startReceiver(answer = () => 200) {
  const got = [];
  const server = http.createServer(async (req, res) => {
    const chunks = [];
    for await (const chunk of req) chunks.push(chunk);
    got.push({ headers: req.headers, body: Buffer.concat(chunks), at: Date.now() });
    res.writeHead(await answer(got.length), { Location: '/elsewhere' }).end();
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    got,
    url: `http://127.0.0.1:${server.address().port}/webhooks/stripe`,
    types: () => got.map((delivery) => JSON.parse(delivery.body).type),
    stop: () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  };
}

export async function until(condition, what, limitMs = 5000) {
  const end = Date.now() + limitMs;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => {
      setTimeout(resolve, 10);
    });
  }
}

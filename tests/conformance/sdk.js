// The official SDK as a client of a stand-in, each answer held against the facts as it comes in.

import assert from 'node:assert/strict';
import Stripe from 'stripe';
import { startStandin, TEST_KEY } from '../stripe-standin/harness.js';
import { validateEvent, validateRequest, validateResponse } from './validate.js';

const REFUSED_FORM = /^(parameter_|parameters_exclusive$|email_invalid$|url_invalid$)/;

function eventsIn(body) {
  if (body.object === 'event') return [body];
  return body.object === 'list' ? body.data.filter((item) => item.object === 'event') : [];
}

function answerProblems(method, url, status, body) {
  const found = validateResponse(method, new URL(url).pathname, status, body);
  return [...found, ...eventsIn(body).flatMap(validateEvent)].map(
    (problem) => `${method} ${url}: ${problem}`,
  );
}

export class Bench {
  constructor(standin) {
    this.standin = standin;
    this.problems = [];
    this.answers = 0;
  }

  client(key = TEST_KEY, options = {}) {
    const url = new URL(this.standin.base);
    return new Stripe(key, {
      host: url.hostname,
      port: Number(url.port),
      protocol: 'http',
      telemetry: false,
      maxNetworkRetries: 0,
      httpClient: Stripe.createFetchHttpClient((at, init) => this.fetch(at, init)),
      ...options,
    });
  }

  async fetch(url, init) {
    const res = await fetch(url, init);
    const copy = res.clone();
    try {
      this.problems.push(...answerProblems(init.method, String(url), res.status, await copy.json()));
      this.answers++;
    } catch (error) {
      // A body that a fault broke is the test's own business.
      if (!(error instanceof SyntaxError) && !(error instanceof TypeError)) throw error;
    }
    return res;
  }

  // Stand-in and facts must agree about every request that was made: what the one takes the other finds nothing in,
  // and what the one refuses for its form the other has a word about.
  async disagreements() {
    const log = await this.standin.control('GET', '/requests');
    return log.flatMap((entry) => {
      const found = validateRequest(entry);
      if (entry.status === 200 && found.length)
        return [`#${entry.n} taken by the stand-in: ${found.join('; ')}`];
      if (REFUSED_FORM.test(entry.error ?? '') && !found.length)
        return [`#${entry.n} ${entry.path}: only the stand-in refuses: ${entry.error}`];
      return [];
    });
  }

  async finish() {
    const disagreements = await this.disagreements();
    await this.standin.stop();
    assert.deepEqual(this.problems, [], 'answers against the facts');
    assert.deepEqual(disagreements, [], 'requests against the facts');
    assert.ok(this.answers > 0, 'some answer was checked');
  }
}

export async function startBench(env) {
  return new Bench(await startStandin(env));
}

export const sessionParams = (more = {}) => ({
  mode: 'payment',
  line_items: [
    {
      quantity: 1,
      price_data: { currency: 'usd', unit_amount: 15000, product_data: { name: 'Spring Tournament' } },
    },
  ],
  success_url: 'https://pay.club.example/paid.html?session_id={CHECKOUT_SESSION_ID}',
  cancel_url: 'https://pay.club.example/cancelled.html',
  client_reference_id: '7',
  metadata: { order_id: '7', teamdues: 'i1' },
  payment_intent_data: { description: 'Order 7', metadata: { order_id: '7', teamdues: 'i1' } },
  ...more,
});

// A session, paid by card, and its payment intent.
export async function paidSession(bench, stripe, more) {
  const { id } = await stripe.checkout.sessions.create(sessionParams(more));
  await bench.standin.control('POST', `/sessions/${id}/pay`, {});
  return stripe.checkout.sessions.retrieve(id, { expand: ['payment_intent.latest_charge'] });
}

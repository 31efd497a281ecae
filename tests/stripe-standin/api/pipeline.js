// One API request from its bytes to its answer: key, version, parameters, idempotency, faults, execution.

import { decodePairs, flatten, FormError, nest } from '../http/form.js';
import { BodyTooLarge, readBody, send, sendTruncated } from '../http/io.js';
import { randomText } from '../world/ids.js';
import { expireDue } from '../world/session.js';
import { ApiError, refuse, unknownUrl } from './errors.js';
import { expandAll } from './expand.js';
import { permit } from './keys.js';
import { render } from './render.js';
import { findRoute } from './routes.js';
import { check } from './schema.js';

const NAMED_SINCE = '2024-09-30';

// Dates alone until acacia, a date and a release name since.
function versionOf(header, standard) {
  if (header === undefined) return standard;
  const match = /^(\d{4}-\d{2}-\d{2})(\.[a-z]+)?$/.exec(header);
  if (!match || Boolean(match[2]) !== match[1] >= NAMED_SINCE)
    throw refuse(`Invalid Stripe API version: ${header}`);
  return header;
}

function checkContentType(req, text) {
  const type = (req.headers['content-type'] ?? '').split(';')[0].trim().toLowerCase();
  if (text === '' || type === 'application/x-www-form-urlencoded') return;
  throw refuse('Invalid request (check that your POST content type is application/x-www-form-urlencoded).');
}

function pairsOf(req, url, text) {
  const query = decodePairs(url.search.replace(/^\?/, ''));
  if (req.method === 'GET' && text !== '') throw refuse('A GET request must not carry a body.');
  checkContentType(req, text);
  return [...query, ...decodePairs(text)];
}

// Everything before execution. Throws what leaves no trace.
function prepare(standin, req, job) {
  const entry = standin.keys.authenticate(req.headers.authorization);
  job.live = entry.live;
  job.log.livemode = entry.live;
  job.version = versionOf(req.headers['stripe-version'], standin.settings.apiVersion);
  const found = findRoute(req.method, job.path);
  if (!found) throw unknownUrl(req.method, job.path);
  permit(entry, found.route.right);
  const pairs = pairsOf(req, job.url, job.text);
  const ctx = {
    world: standin.world,
    settings: standin.settings,
    live: job.live,
    version: job.version,
    id: found.id,
    baseUrl: standin.baseUrl,
    delivered: (id) => standin.deliveries.isDelivered(id),
    values: check(found.route.params, nest(pairs)),
  };
  found.route.form?.(ctx);
  const key = req.method === 'POST' ? req.headers['idempotency-key'] : undefined;
  const print = JSON.stringify([req.method, job.path, pairs]);
  return { ctx, route: found.route, entry: standin.idempotency.begin(key, job.live, print) };
}

function execute(standin, { ctx, route }, job) {
  const cause = { id: job.requestId, idempotency_key: job.log.idempotency_key };
  const object = standin.world.causedBy(cause, () => route.run(ctx));
  const copy = render(object, ctx.version);
  if (copy.object === 'list') copy.data = copy.data.map((item) => render(item, ctx.version));
  return { status: 200, value: expandAll(ctx.world, copy, ctx.values.expand) };
}

function refusal(error, job) {
  if (error instanceof FormError) return refusal(refuse(error.message, error.param), job);
  if (error instanceof BodyTooLarge) return refusal(new ApiError(413, { message: error.message }), job);
  if (error instanceof ApiError) {
    return {
      status: error.status,
      value: error.body(job.requestId),
      headers: error.headers,
      executed: error.executed,
    };
  }
  // A fault of the stand-in itself: loud, so that no test takes it for Stripe's.
  process.stderr.write(`stand-in: ${error.stack}\n`);
  return {
    status: 500,
    value: new ApiError(500, { type: 'api_error', message: `stand-in: ${error.message}` }).body(
      job.requestId,
    ),
  };
}

const toText = (value) => (typeof value === 'string' ? value : `${JSON.stringify(value, null, 2)}\n`);

function attempt(work, job) {
  try {
    return work();
  } catch (error) {
    return refusal(error, job);
  }
}

function finish(answer) {
  return {
    status: answer.status,
    headers: answer.headers ?? {},
    body: toText(answer.value),
    executed: answer.executed,
  };
}

// The answer as it will be stored, before lies and cuts are applied to what is sent.
async function answerOf(standin, req, job) {
  let ready;
  const early = attempt(() => {
    ready = prepare(standin, req, job);
  }, job);
  const { faults } = job;
  await faults.before();
  if (faults.dropsBefore()) {
    standin.idempotency.settle(ready?.entry?.answer ? null : ready?.entry, null);
    return null;
  }
  if (faults.forged) return forge(standin, job, ready);
  if (early) return finish(early);
  if (ready.entry?.answer) return { ...ready.entry.answer, replayed: true };
  return run(standin, ready, job);
}

function run(standin, ready, job) {
  expireDue(standin.world);
  const answer = finish(attempt(() => execute(standin, ready, job), job));
  // Kept: what was executed, good or bad. A refusal that found nothing to execute is not.
  const keep = answer.status === 200 || answer.status >= 500 || answer.executed;
  standin.idempotency.settle(ready.entry, keep ? answer : null);
  return answer;
}

// A status that a test asked for. Stored like Stripe's own where Stripe would have begun to execute.
function forge(standin, job, ready) {
  const answer = finish(job.faults.forge(job.requestId));
  if (ready?.entry && !ready.entry.answer)
    standin.idempotency.settle(ready.entry, job.faults.storesForged() ? answer : null);
  return answer;
}

function headersOf(job, req, answer) {
  return {
    'Content-Type': 'application/json',
    'Request-Id': job.requestId,
    'Stripe-Version': job.version ?? req.headers['stripe-version'] ?? 'none',
    ...(job.log.idempotency_key && { 'Idempotency-Key': job.log.idempotency_key }),
    ...(answer.replayed && { 'Idempotent-Replayed': 'true' }),
    ...answer.headers,
  };
}

function errorCode(body) {
  try {
    const { error } = JSON.parse(body);
    return error ? (error.code ?? error.type ?? null) : null;
  } catch {
    return null;
  }
}

function write(res, req, job, answer) {
  const { log, faults } = job;
  const body = faults.lie(answer.body);
  log.status = answer.status;
  log.replayed = Boolean(answer.replayed);
  if (answer.status >= 400) log.error = errorCode(body);
  const headers = headersOf(job, req, answer);
  if (faults.truncate !== undefined) return sendTruncated(res, answer.status, headers, body, faults.truncate);
  return send(res, answer.status, headers, body);
}

async function readInto(req, job) {
  const bytes = await readBody(req);
  try {
    job.text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw refuse('The request body is not UTF-8.');
  }
  try {
    job.log.params = flatten([...decodePairs(job.url.search.replace(/^\?/, '')), ...decodePairs(job.text)]);
  } catch {
    job.log.params = {};
  }
}

export async function handleApi(standin, req, res, url) {
  const log = standin.log.open(req, url.pathname);
  const job = { url, path: url.pathname, log, requestId: `req_${randomText(14)}`, text: '', version: null };
  res.once('close', () => {
    log.ms = Date.now() - log.at;
  });
  try {
    await readInto(req, job);
    job.faults = standin.faults.take(req.method, job.path, log);
    const answer = await answerOf(standin, req, job);
    if (answer) await job.faults.after();
    if (!answer || job.faults.dropsAfter()) return res.destroy();
    return write(res, req, job, answer);
  } catch (error) {
    // The client went away while it was still asking: nobody is there to be answered.
    if (error.code === 'ECONNRESET') return res.destroy();
    const { status, value, headers } = refusal(error, job);
    log.status = status;
    return send(
      res,
      status,
      { 'Content-Type': 'application/json', 'Request-Id': job.requestId, ...headers },
      toText(value),
    );
  }
}

// /_control/…: the tests' own door. JSON in, JSON out, no key; the server listens on loopback only.

import { readBody, sendJson } from '../http/io.js';
import { WrongState } from '../world/payment.js';
import { expireDue } from '../world/session.js';
import { act } from './actions.js';
import { BadFault } from './faults.js';
import { BadControl, only, setDeliveries, setKey, setSettings } from './settings.js';
import { dump } from './state.js';

async function bodyOf(req) {
  const text = (await readBody(req)).toString('utf8');
  if (text.trim() === '') return {};
  try {
    const value = JSON.parse(text);
    if (value && typeof value === 'object' && !Array.isArray(value)) return value;
  } catch {
    // Falls through to the refusal.
  }
  throw new BadControl('the body must be a JSON object');
}

function moveClock(standin, body) {
  only(body, ['advance_seconds']);
  if (!Number.isInteger(body.advance_seconds)) throw new BadControl('advance_seconds: a whole number');
  standin.clock.advance(body.advance_seconds);
  expireDue(standin.world);
  return { now: standin.clock.now(), offset_seconds: standin.clock.offset };
}

function wipeEvents(standin, body) {
  only(body, ['older_than_seconds']);
  const gone = standin.world.wipeEvents(Number(body.older_than_seconds ?? 0));
  standin.deliveries.forget(gone);
  return { wiped: gone.length };
}

// An event made up by a test: any type, any object, the Connect fields if wanted.
function makeEvent(standin, body) {
  only(body, ['type', 'object', 'livemode', 'account', 'context']);
  if (typeof body.type !== 'string' || typeof body.object !== 'object')
    throw new BadControl('needs type and object');
  const { account, context } = body;
  const envelope = { ...(account !== undefined && { account }), ...(context !== undefined && { context }) };
  const row = standin.world.emitRaw(body.type, Boolean(body.livemode), body.object, { envelope });
  return standin.world.eventObject(row);
}

// "METHOD /path" -> answer. What is not here is `act` on one object.
const TABLE = {
  'GET /state': (standin) => dump(standin),
  'GET /requests': (standin) => standin.log.entries,
  'DELETE /requests': (standin) => {
    standin.log.clear();
    return {};
  },
  'GET /faults': (standin) => standin.faults.all(),
  'POST /faults': (standin, body) => standin.faults.add(body),
  'DELETE /faults': (standin) => {
    standin.faults.clear();
    return {};
  },
  'GET /deliveries': (standin) => standin.deliveries.all(),
  'POST /deliveries': setDeliveries,
  'POST /deliveries/flush': (standin, body) => {
    only(body, ['dropped']);
    return standin.deliveries.flush(body);
  },
  'POST /settings': setSettings,
  'POST /keys': setKey,
  'GET /clock': (standin) => ({ now: standin.clock.now(), offset_seconds: standin.clock.offset }),
  'POST /clock': moveClock,
  'POST /wipe_events': wipeEvents,
  'POST /events': makeEvent,
  'GET /memory': () => ({ rss_mb: Math.round(process.memoryUsage().rss / 2 ** 20) }),
  'POST /reset': (standin) => {
    standin.reset();
    return {};
  },
};

function dispatch(standin, method, path, body) {
  const row = TABLE[`${method} ${path}`];
  if (row) return row(standin, body);
  const [, kind, id, verb, more] = path.split('/');
  if (method !== 'POST' || !verb || more !== undefined) return null;
  if (kind === 'events' && verb === 'deliver') return standin.deliveries.deliver(id);
  expireDue(standin.world);
  return act(standin.world, kind, id, verb, body);
}

export async function handleControl(standin, req, res, url) {
  try {
    const body = await bodyOf(req);
    const answer = await dispatch(standin, req.method, url.pathname.slice('/_control'.length), body);
    if (answer === null) return sendJson(res, 404, { error: `nothing at ${req.method} ${url.pathname}` });
    return sendJson(res, 200, answer);
  } catch (error) {
    if (error instanceof WrongState) return sendJson(res, 409, { error: error.message });
    if (error instanceof BadControl || error instanceof BadFault || error instanceof SyntaxError) {
      return sendJson(res, 400, { error: error.message });
    }
    throw error;
  }
}

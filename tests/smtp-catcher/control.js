// The tests' door: JSON over HTTP.

import { FaultError } from './faults.js';

const BODY_MAX = 64 * 1024;

async function readBody(req) {
  let text = '';
  for await (const chunk of req) {
    text += chunk;
    if (text.length > BODY_MAX) throw new FaultError('too much');
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new FaultError('the body is no JSON');
  }
}

const routes = {
  'GET /messages': ({ mailbox }) => mailbox.list(),
  'DELETE /messages': ({ mailbox }) => mailbox.clear(),
  'GET /count': ({ mailbox }) => ({ messages: mailbox.messages.length }),
  'GET /connections': ({ mailbox }) => mailbox.connections,
  'GET /faults': ({ faults }) => faults.list,
  'POST /faults': async ({ faults }, req) => {
    const wish = await readBody(req);
    for (const fault of Array.isArray(wish) ? wish : [wish]) faults.add(fault);
  },
  'DELETE /faults': ({ faults }) => faults.clear(),
};

function send(res, status, value) {
  const text = `${JSON.stringify(value ?? { ok: true })}\n`;
  res.writeHead(status, { 'Content-Type': 'application/json' });
  res.end(text);
}

export async function handleControl(catcher, req, res) {
  const route = routes[`${req.method} ${new URL(req.url, 'http://catcher').pathname}`];
  if (!route) return send(res, 404, { error: 'nothing here' });
  try {
    send(res, 200, await route(catcher, req));
  } catch (error) {
    if (!(error instanceof FaultError)) throw error;
    send(res, 400, { error: error.message });
  }
}

// The tests' door: JSON over HTTP; and a page for a person.

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

const escape = (text) => String(text ?? '').replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);

// For a person: every mail as its plain text, the newest first, links to follow.
function sendPage(res, { mailbox }) {
  const mails = mailbox.list().reverse().map(({ to, subject, parts }) => {
    const text = escape(parts[0]?.body).replace(/https:\/\/[^\s]+/g, '<a href="$&">$&</a>');
    return `<h2>${escape(subject)}</h2><p>to ${escape(to)}</p><pre>${text}</pre>`;
  });
  res.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' });
  res.end(`<!DOCTYPE html><html lang="en"><meta name="viewport" content="width=device-width">
<title>Mails</title><style>pre { white-space: pre-wrap; overflow-wrap: anywhere }</style>
<h1>${mails.length} mails were sent</h1>${mails.join('\n<hr>')}</html>\n`);
}

export async function handleControl(catcher, req, res) {
  if (req.method === 'GET' && req.url === '/') return sendPage(res, catcher);
  const route = routes[`${req.method} ${new URL(req.url, 'http://catcher').pathname}`];
  if (!route) return send(res, 404, { error: 'nothing here' });
  try {
    send(res, 200, await route(catcher, req));
  } catch (error) {
    if (!(error instanceof FaultError)) throw error;
    send(res, 400, { error: error.message });
  }
}

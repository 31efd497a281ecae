// Reading requests and writing answers, nothing of Stripe in it.

const BODY_MAX = 1024 * 1024;

export class BodyTooLarge extends Error {}

// Too large a body is read to its end all the same, unkept: a client that is still writing would see
// a broken connection in place of the answer.
export async function readBody(req) {
  const chunks = [];
  let size = 0;
  for await (const chunk of req) {
    size += chunk.length;
    if (size <= BODY_MAX) chunks.push(chunk);
  }
  if (size > BODY_MAX) throw new BodyTooLarge('request body over 1 MiB');
  return Buffer.concat(chunks);
}

export function send(res, status, headers, body) {
  const bytes = Buffer.from(body);
  res.writeHead(status, { ...headers, 'Content-Length': bytes.length });
  res.end(bytes);
}

export function sendJson(res, status, value, headers = {}) {
  send(
    res,
    status,
    { 'Content-Type': 'application/json', ...headers },
    `${JSON.stringify(value, null, 2)}\n`,
  );
}

export function sendHtml(res, status, html) {
  send(res, status, { 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-store' }, html);
}

// Promise the whole body, give a part of it, cut the line: what a client sees of a broken proxy.
export function sendTruncated(res, status, headers, body, bytes) {
  const full = Buffer.from(body);
  res.writeHead(status, { ...headers, 'Content-Length': full.length });
  res.write(full.subarray(0, bytes), () => res.destroy());
}

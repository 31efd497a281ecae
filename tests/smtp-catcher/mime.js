// Reads a mail as far as tests need it; what it makes of a malformed one is told in `faults`.

const decodeUtf8 = (bytes) => new TextDecoder('utf-8', { fatal: true }).decode(bytes);

// RFC 2047: encoded words beside each other belong together, the blanks between them do not.
function decodeWord(charset, encoding, text) {
  if (charset.toLowerCase() !== 'utf-8') throw new Error(`charset ${charset}`);
  return encoding.toUpperCase() === 'B'
    ? decodeUtf8(Buffer.from(text, 'base64'))
    : decodeUtf8(decodeQuotedPrintable(text.replaceAll('_', ' ')));
}

export function decodeHeader(value) {
  const word = '=\\?([^?\\s]+)\\?([BbQq])\\?([^?\\s]*)\\?=';
  return value
    .replace(new RegExp(`(?<=${word})\\s+(?=${word})`, 'g'), '')
    .replace(new RegExp(word, 'g'), (_, charset, encoding, text) =>
      decodeWord(charset, encoding, text),
    );
}

function decodeQuotedPrintable(text) {
  const bytes = text
    .replace(/[ \t]+(?=\r\n|$)/g, '')
    .replace(/=\r\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1');
}

function decodeBody(text, encoding) {
  if (encoding === 'quoted-printable') return decodeUtf8(decodeQuotedPrintable(text));
  if (encoding === 'base64') return decodeUtf8(Buffer.from(text, 'base64'));
  return decodeUtf8(Buffer.from(text, 'latin1'));
}

function readHeaders(block) {
  const headers = {};
  for (const line of block.replace(/\r\n(?=[ \t])/g, '').split('\r\n')) {
    const [, name, value] = /^([!-9;-~]+):[ \t]*(.*)$/s.exec(line) ?? [];
    if (!name) throw new Error(`not a header: ${line}`);
    headers[name.toLowerCase()] = [...(headers[name.toLowerCase()] ?? []), value];
  }
  return headers;
}

function split(text) {
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) throw new Error('no empty line behind the headers');
  return { headers: readHeaders(text.slice(0, end)), body: text.slice(end + 4) };
}

function readPart(text) {
  const { headers, body } = split(text);
  const encoding = headers['content-transfer-encoding']?.[0].toLowerCase();
  return {
    type: headers['content-type']?.[0] ?? 'text/plain',
    body: decodeBody(body, encoding).replaceAll('\r\n', '\n'),
  };
}

function readParts(headers, body) {
  const type = headers['content-type']?.[0] ?? '';
  const boundary = /;\s*boundary="([^"]+)"/.exec(type)?.[1];
  if (!type.startsWith('multipart/') || !boundary) return [];
  const pieces = `\r\n${body}`.split(`\r\n--${boundary}`);
  if (!pieces.at(-1).startsWith('--')) throw new Error('the last boundary is missing');
  return pieces.slice(1, -1).map((piece) => readPart(piece.replace(/^\r\n/, '')));
}

function lineFaults(text) {
  const faults = [];
  if (/(^|[^\r])\n|\r(?!\n)/.test(text)) faults.push('a bare CR or LF');
  if (/[^\x01-\x7f]/.test(text)) faults.push('bytes that are not ASCII');
  if (text.split('\r\n').some((line) => line.length > 998)) faults.push('a line over 998 bytes');
  return faults;
}

export function readMessage(raw) {
  const text = raw.toString('latin1');
  const message = { headers: {}, subject: null, parts: [], faults: lineFaults(text) };
  try {
    const { headers, body } = split(text);
    message.headers = headers;
    message.subject = decodeHeader(headers.subject?.[0] ?? '');
    message.parts = readParts(headers, body);
  } catch (error) {
    message.faults.push(error.message);
  }
  return message;
}

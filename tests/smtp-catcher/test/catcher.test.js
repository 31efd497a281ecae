// The catcher, spoken to over bare sockets.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import net from 'node:net';
import { after, before, beforeEach, test } from 'node:test';
import tls from 'node:tls';
import { fileURLToPath } from 'node:url';

const SERVER = fileURLToPath(new URL('../server.js', import.meta.url));

async function start(env = {}) {
  const child = spawn(process.execPath, [SERVER], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  for await (const chunk of child.stdout.iterator({ destroyOnReturn: false })) {
    said += chunk;
    if (said.includes('catcher listening on')) break;
  }
  const [, port] = /listening on smtps?:\/\/127\.0\.0\.1:(\d+)/.exec(said);
  const [, control] = /control on (\S+)/.exec(said);
  const certificate = /certificate (\S+)/.exec(said)?.[1];
  return { child, port: Number(port), control, certificate };
}

async function stop({ child }) {
  const ended = new Promise((resolve) => child.once('exit', (code) => resolve(code)));
  child.kill('SIGTERM');
  return ended;
}

// A client that waits for each answer; the answers, the last of several lines each.
class Client {
  constructor(socket) {
    this.socket = socket;
    this.text = '';
    this.wake = () => {};
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      this.text += chunk;
      this.wake();
    });
    socket.on('close', () => {
      this.isClosed = true;
      this.wake();
    });
  }

  static to(port) {
    return new Client(net.connect(port, '127.0.0.1'));
  }

  async answer() {
    for (;;) {
      const found = /^(?:\d{3}-.*\r\n)*(\d{3} .*)\r\n/.exec(this.text);
      if (found) {
        this.whole = found[0];
        this.text = this.text.slice(found[0].length);
        return found[1];
      }
      if (this.isClosed) return 'closed';
      await new Promise((resolve) => (this.wake = resolve));
    }
  }

  async say(line) {
    this.socket.write(`${line}\r\n`);
    return this.answer();
  }

  async mail(text, to = 'ann@example.com') {
    const answers = [];
    for (const line of ['MAIL FROM:<dues@club.example>', `RCPT TO:<${to}>`, 'DATA', `${text}\r\n.`]) {
      answers.push(await this.say(line));
      if (/^[45]/.test(answers.at(-1))) break;
    }
    return answers;
  }
}

let catcher;
const call = async (method, path, body) => {
  const answer = await fetch(catcher.control + path, { method, body: JSON.stringify(body) });
  return { status: answer.status, body: await answer.json() };
};
const messages = async () => (await call('GET', '/messages')).body;
const open = async () => {
  const client = Client.to(catcher.port);
  assert.match(await client.answer(), /^220 /);
  await client.say('EHLO test');
  return client;
};

before(async () => {
  catcher = await start();
});
after(async () => assert.equal(await stop(catcher), 0));
beforeEach(async () => {
  await call('DELETE', '/messages');
  await call('DELETE', '/faults');
});

test('keeps each byte of a mail, with its envelope', async () => {
  const client = await open();
  const codes = (await client.mail('Subject: =?UTF-8?B?Wm/Dqw==?=\r\n\r\n..dot\r\n\xe9')).map((a) =>
    a.slice(0, 3),
  );
  assert.deepEqual(codes, ['250', '250', '354', '250']);
  const [mail] = await messages();
  assert.deepEqual([mail.from, mail.to, mail.connection], ['dues@club.example', ['ann@example.com'], 1]);
  assert.equal(
    Buffer.from(mail.raw, 'base64').toString(),
    'Subject: =?UTF-8?B?Wm/Dqw==?=\r\n\r\n.dot\r\n\xe9\r\n',
  );
  assert.equal(mail.subject, 'Zoë');
  assert.deepEqual(mail.faults, ['bytes that are not ASCII']);
});

test('reads headers and parts', async () => {
  const client = await open();
  await client.mail(
    [
      'To: =?UTF-8?B?QQ==?=\r\n =?UTF-8?B?Qg==?=',
      'Content-Type: multipart/alternative;\r\n boundary="=_b"\r\n',
      '--=_b\r\nContent-Type: text/plain; charset=utf-8',
      'Content-Transfer-Encoding: quoted-printable\r\n\r\na=3Db =\r\nc\r\n',
      '--=_b\r\nContent-Type: text/html\r\n\r\n<p>\r\n\r\n--=_b--',
    ].join('\r\n'),
  );
  const [{ headers, parts, faults }] = await messages();
  assert.deepEqual(faults, []);
  assert.deepEqual(headers.to, ['=?UTF-8?B?QQ==?= =?UTF-8?B?Qg==?=']);
  assert.deepEqual(parts, [
    { type: 'text/plain; charset=utf-8', body: 'a=b c\n' },
    { type: 'text/html', body: '<p>\n' },
  ]);
});

test('says what is wrong with the form of a mail', async () => {
  const client = await open();
  await client.mail(`no header\r\n\r\na\nb\r\n${'x'.repeat(999)}`);
  assert.deepEqual((await messages())[0].faults, [
    'a bare CR or LF',
    'a line over 998 bytes',
    'not a header: no header',
  ]);
});

test('keeps the order of commands', async () => {
  const client = await open();
  assert.match(await client.say('RCPT TO:<a@b>'), /^503 /);
  assert.match(await client.say('DATA'), /^503 /);
  assert.match(await client.say('MAIL FROM: a@b'), /^501 /);
  assert.match(await client.say('MAIL FROM:<a@b> SIZE=7'), /^250 /);
  assert.match(await client.say('MAIL FROM:<a@b>'), /^503 /);
  assert.match(await client.say('RCPT TO:<a@b> <c@d>'), /^250 /);
  assert.match(await client.say('STARTTLS'), /^503 /);
  assert.match(await client.say('AUTH PLAIN'), /^503 /);
  assert.match(await client.say('BREW'), /^500 /);
  assert.match(await client.say('RSET'), /^250 /);
  assert.match(await client.say('QUIT'), /^221 /);
  assert.equal(await client.answer(), 'closed');
});

test('many mails and commands that arrive at once are taken in their order', async () => {
  const client = await open();
  const one = 'MAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\nX: y\r\n\r\nz\r\n.\r\n';
  client.socket.write(one.repeat(50));
  for (let i = 0; i < 200; i++) assert.match(await client.answer(), /^(250|354) /);
  assert.equal((await call('GET', '/count')).body.messages, 50);
});

test('faults answer at their phase, from the nth time, so often, for one recipient', async () => {
  const client = await open();
  await call('POST', '/faults', [
    { phase: 'rcpt', to: 'eve@example.com', code: 550, text: '5.1.1 nobody', nth: 2, count: 2 },
    { phase: 'dot', nth: 3, code: 451 },
  ]);
  const answers = [];
  for (const to of ['eve@example.com', 'ann@example.com', 'eve@example.com', 'eve@example.com']) {
    answers.push((await client.mail('X: y\r\n\r\n', to))[1]);
    await client.say('RSET');
  }
  assert.deepEqual(
    answers.map((a) => a.slice(0, 12)),
    ['250 2.1.5 re', '250 2.1.5 re', '550 5.1.1 no', '550 5.1.1 no'],
  );
  const [rcpt, dot] = (await call('GET', '/faults')).body;
  assert.deepEqual([rcpt.seen, rcpt.hits, dot.hits], [3, 2, 0]);
});

test('the connection is broken within the text, or behind the dot', async () => {
  await call('POST', '/faults', { phase: 'body', after_bytes: 10 });
  const within = await open();
  assert.equal((await within.mail('X: a line of more than ten\r\n\r\n')).at(-1), 'closed');
  for (const [taken, count] of [[false, 0], [true, 1]]) {
    await call('POST', '/faults', { phase: 'dot', close: true, taken });
    const behind = await open();
    assert.equal((await behind.mail('X: y\r\n\r\n')).at(-1), 'closed');
    assert.equal((await messages()).length, count);
  }
});

test('421 ends the connection', async () => {
  await call('POST', '/faults', { phase: 'connect', code: 421, text: 'busy' });
  const client = Client.to(catcher.port);
  assert.equal(await client.answer(), '421 busy');
  assert.equal(await client.answer(), 'closed');
});

test('a fault of the wrong form is refused', async () => {
  for (const wish of [{}, { phase: 'x' }, { phase: 'dot', cod: 1 }, { phase: 'dot', code: '1' }]) {
    assert.equal((await call('POST', '/faults', wish)).status, 400);
  }
  assert.equal((await call('GET', '/nothing')).status, 404);
});

test('AUTH PLAIN and LOGIN, and no mail without', async () => {
  const plain = catcher;
  catcher = await start({ CATCHER_AUTH: 'club:secret' });
  const encode = (text) => Buffer.from(text).toString('base64');
  const client = await open();
  assert.match(client.whole, /250.AUTH PLAIN LOGIN/);
  assert.match(await client.say('MAIL FROM:<a@b>'), /^530 /);
  assert.match(await client.say(`AUTH PLAIN ${encode('\0club\0wrong')}`), /^535 /);
  assert.match(await client.say('AUTH PLAIN'), /^334 /);
  assert.match(await client.say(encode('\0club\0secret')), /^235 /);
  assert.match(await client.say('AUTH LOGIN'), /^334 /);
  assert.match(await client.say(encode('club')), /^334 /);
  assert.match(await client.say(encode('secret')), /^235 /);
  await client.mail('X: y\r\n\r\n');
  assert.equal((await messages())[0].user, 'club');
  const [{ commands }] = (await call('GET', '/connections')).body;
  assert.ok(!JSON.stringify(commands).includes(encode('secret')));
  await stop(catcher);
  catcher = plain;
});

test('STARTTLS with a certificate that can be verified', async () => {
  const plain = catcher;
  catcher = await start({ CATCHER_STARTTLS: '1' });
  const client = await open();
  assert.match(client.whole, /250.STARTTLS/);
  assert.match(await client.say('STARTTLS'), /^220 /);
  client.socket.removeAllListeners();
  const socket = tls.connect({
    socket: client.socket,
    servername: 'localhost',
    ca: readFileSync(catcher.certificate),
  });
  const secure = new Client(socket);
  assert.match(await secure.say('EHLO test'), /^250 /);
  assert.doesNotMatch(secure.whole, /STARTTLS/);
  await secure.mail('X: y\r\n\r\n');
  assert.equal((await messages())[0].tls, true);
  await stop(catcher);
  assert.throws(() => readFileSync(catcher.certificate));
  catcher = plain;
});

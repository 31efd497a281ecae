// One connection: the commands of RFC 5321 with STARTTLS (3207) and AUTH (4954).

import { setTimeout as sleep } from 'node:timers/promises';
import tls from 'node:tls';

const SIZE_MAX = 10 * 1024 * 1024;
const base64 = (text) => Buffer.from(text, 'base64').toString('utf8');

export class Session {
  constructor(catcher, socket) {
    Object.assign(this, catcher);
    this.connection = this.mailbox.connect();
    this.waiting = Buffer.alloc(0);
    this.use(socket);
    this.connection.tls = Boolean(socket.encrypted);
    this.reset();
  }

  use(socket) {
    this.socket = socket;
    socket.on('error', () => socket.destroy());
    socket.on('data', (bytes) => {
      this.waiting = Buffer.concat([this.waiting, bytes]);
      this.work();
    });
  }

  reset() {
    this.envelope = { from: null, to: [] };
  }

  reply(code, ...lines) {
    const last = lines.length - 1;
    const text = lines.map((line, i) => `${code}${i < last ? '-' : ' '}${line}\r\n`).join('');
    if (!this.socket.destroyed) this.socket.write(text);
  }

  async begin() {
    if (!(await this.fails('connect'))) this.reply(220, 'smtp-catcher ESMTP');
  }

  // True when a fault has answered in our place, or closed the connection.
  async fails(phase) {
    const fault = this.faults.at(phase, this.envelope?.to[0]);
    if (!fault) return false;
    if (fault.delay_ms) await sleep(fault.delay_ms);
    if (fault.close) this.socket.destroy();
    else if (fault.code) this.reply(fault.code, fault.text ?? 'as the test wishes');
    if (fault.code === 421) this.socket.end();
    this.fault = fault;
    return Boolean(fault.close || fault.code);
  }

  // One command, or the text of one mail, after the other.
  async work() {
    if (this.busy) return;
    this.busy = true;
    while (!this.socket.destroyed && (this.reading ? await this.readBody() : await this.readLine()));
    this.busy = false;
  }

  async readLine() {
    const end = this.waiting.indexOf('\r\n');
    if (end < 0) return false;
    const line = this.waiting.subarray(0, end).toString('latin1');
    this.waiting = this.waiting.subarray(end + 2);
    if (this.answer) this.answer(line);
    else await this.command(line);
    return true;
  }

  async command(line) {
    const verb = line.split(' ', 1)[0].toUpperCase();
    this.connection.commands.push(verb === 'AUTH' ? 'AUTH' : line);
    const handler = { EHLO: 'ehlo', HELO: 'ehlo', STARTTLS: 'starttls', AUTH: 'auth', MAIL: 'mail' };
    const more = { RCPT: 'rcpt', DATA: 'data', RSET: 'rset', NOOP: 'noop', QUIT: 'quit' };
    const name = handler[verb] ?? more[verb];
    if (name) await this[name](line);
    else this.reply(500, 'unknown command');
  }

  async ehlo(line) {
    this.reset();
    this.fault = null;
    if (await this.fails('ehlo')) return;
    if (/^HELO/i.test(line)) return this.reply(250, 'smtp-catcher');
    const features = ['smtp-catcher', `SIZE ${SIZE_MAX}`, '8BITMIME', 'ENHANCEDSTATUSCODES'];
    const mayEncrypt = this.config.starttls && !this.connection.tls;
    if (mayEncrypt && !this.fault?.no_starttls) features.push('STARTTLS');
    if (this.config.auth) features.push('AUTH PLAIN LOGIN');
    this.reply(250, ...features);
  }

  async starttls() {
    if (!this.config.starttls || this.connection.tls) return this.reply(503, 'not offered');
    if (await this.fails('starttls')) return;
    this.reply(220, 'go ahead');
    this.socket.removeAllListeners('data');
    // What was sent before the handshake must not be taken for sent within it.
    this.waiting = Buffer.alloc(0);
    this.use(new tls.TLSSocket(this.socket, { isServer: true, ...this.certificate.context }));
    this.connection.tls = true;
    this.reset();
  }

  async auth(line) {
    if (!this.config.auth) return this.reply(503, 'not offered');
    if (await this.fails('auth')) return;
    const [, mechanism, initial] = line.split(' ');
    if (/^PLAIN$/i.test(mechanism)) return this.ask('', initial, (text) => this.plain(text));
    if (!/^LOGIN$/i.test(mechanism)) return this.reply(504, 'unknown mechanism');
    this.ask('VXNlcm5hbWU6', initial, (user) =>
      this.ask('UGFzc3dvcmQ6', undefined, (password) => this.judge(base64(user), base64(password))),
    );
  }

  ask(challenge, initial, then) {
    if (initial !== undefined) return then(initial);
    this.answer = (line) => {
      this.answer = null;
      then(line);
    };
    this.reply(334, challenge);
  }

  plain(text) {
    const [, user, password] = base64(text).split('\0');
    this.judge(user, password);
  }

  judge(user, password) {
    const { auth } = this.config;
    if (user !== auth.user || password !== auth.password) {
      return this.reply(535, '5.7.8 authentication failed');
    }
    this.connection.user = user;
    this.reply(235, '2.7.0 accepted');
  }

  async mail(line) {
    if (this.config.auth && !this.connection.user) {
      return this.reply(530, '5.7.0 authentication required');
    }
    const address = /^MAIL FROM:<([^<>\s]*)>/i.exec(line)?.[1];
    if (address === undefined) return this.reply(501, 'MAIL FROM:<address>');
    if (this.envelope.from !== null) return this.reply(503, 'one mail at a time');
    if (await this.fails('mail')) return;
    this.envelope.from = address;
    this.reply(250, '2.1.0 sender ok');
  }

  async rcpt(line) {
    if (this.envelope.from === null) return this.reply(503, 'MAIL comes first');
    const address = /^RCPT TO:<([^<>\s]+)>/i.exec(line)?.[1];
    if (address === undefined) return this.reply(501, 'RCPT TO:<address>');
    this.envelope.to.push(address);
    if (await this.fails('rcpt')) this.envelope.to.pop();
    else this.reply(250, '2.1.5 recipient ok');
  }

  async data() {
    if (this.envelope.to.length === 0) return this.reply(503, 'RCPT comes first');
    if (await this.fails('data')) return;
    const fault = this.faults.at('body', this.envelope.to[0]);
    this.closeAfter = fault ? (fault.after_bytes ?? 0) : Infinity;
    this.reading = true;
    this.reply(354, 'end with a dot');
  }

  async readBody() {
    if (this.waiting.length > this.closeAfter) {
      this.socket.destroy();
      return false;
    }
    const text = Buffer.concat([Buffer.from('\r\n'), this.waiting]);
    const end = text.indexOf('\r\n.\r\n');
    if (end < 0) return false;
    this.waiting = this.waiting.subarray(end + 3);
    this.reading = false;
    await this.dot(unstuff(text.subarray(2, end + 2)));
    return true;
  }

  async dot(raw) {
    const failed = await this.fails('dot');
    const isTaken = failed ? (this.fault.taken ?? this.fault.close === true) : true;
    if (isTaken) this.mailbox.take(this.connection, this.envelope, raw);
    this.reset();
    if (!failed) this.reply(250, `2.0.0 taken as ${this.mailbox.messages.length}`);
  }

  rset() {
    this.reset();
    this.reply(250, 'ok');
  }

  noop() {
    this.reply(250, 'ok');
  }

  quit() {
    this.reply(221, 'bye');
    this.socket.end();
  }
}

// RFC 5321, section 4.5.2.
function unstuff(text) {
  return Buffer.from(text.toString('latin1').replace(/(^|\r\n)\./g, '$1'), 'latin1');
}

// The mails that were taken, and the connections with the commands that came over them.

import { readMessage } from './mime.js';

export class Mailbox {
  constructor() {
    this.connectionCount = 0;
    this.clear();
  }

  clear() {
    this.messages = [];
    this.connections = [];
  }

  connect() {
    this.connectionCount += 1;
    const connection = { number: this.connectionCount, tls: false, user: null, commands: [] };
    this.connections.push(connection);
    return connection;
  }

  take(connection, envelope, raw) {
    this.messages.push({
      number: this.messages.length + 1,
      connection: connection.number,
      tls: connection.tls,
      user: connection.user,
      from: envelope.from,
      to: envelope.to,
      received_at: new Date().toISOString(),
      raw,
    });
  }

  list() {
    return this.messages.map(({ raw, ...rest }) => ({
      ...rest,
      raw: raw.toString('base64'),
      ...readMessage(raw),
    }));
  }
}

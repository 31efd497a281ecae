// One delivery attempt over HTTP(S). Never throws: the outcome is a status, or 0 and a reason.

import { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';

const IDLE_MS = 4000;

export class Poster {
  constructor({ caFile, timeoutMs, concurrency }) {
    this.timeoutMs = timeoutMs;
    const pool = { keepAlive: true, maxSockets: concurrency, maxFreeSockets: concurrency, timeout: IDLE_MS };
    this.httpAgent = new http.Agent(pool);
    // Without a CA file the system's own are used; the certificate is verified in any case.
    this.httpsAgent = new https.Agent({
      ...pool,
      minVersion: 'TLSv1.2',
      ...(caFile && { ca: readFileSync(caFile) }),
    });
  }

  close() {
    this.httpAgent.destroy();
    this.httpsAgent.destroy();
  }

  async post(url, headers, body) {
    const first = await this.once(url, headers, body);
    // A kept connection that the other side closed meanwhile says nothing about the receiver.
    return first.stale ? this.once(url, headers, body) : first;
  }

  once(url, headers, body) {
    return new Promise((resolve) => {
      const secure = url.startsWith('https:');
      const req = (secure ? https : http).request(url, {
        method: 'POST',
        headers: { ...headers, 'Content-Length': body.length },
        agent: secure ? this.httpsAgent : this.httpAgent,
      });
      const timer = setTimeout(() => req.destroy(new Error('timed out')), this.timeoutMs);
      const end = (outcome) => {
        clearTimeout(timer);
        resolve(outcome);
      };
      req.once('response', (res) => {
        res.resume();
        res.once('end', () => end({ status: res.statusCode }));
        res.once('error', (error) => end({ status: 0, error: error.message }));
      });
      req.on('error', (error) =>
        end({
          status: 0,
          error: error.code ? `${error.code} ${error.message}` : error.message,
          stale: req.reusedSocket && error.code === 'ECONNRESET',
        }),
      );
      req.end(body);
    });
  }
}

// A certificate of its own making, for localhost and 127.0.0.1, that a test can name as an authority.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export function makeCertificate() {
  const folder = mkdtempSync(join(tmpdir(), 'smtp-catcher-'));
  const key = join(folder, 'key.pem');
  const path = join(folder, 'certificate.pem');
  execFileSync(
    'openssl',
    [
      ...'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2'.split(' '),
      ...['-subj', '/CN=smtp-catcher', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'],
      ...['-keyout', key, '-out', path],
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  return {
    path,
    context: { key: readFileSync(key), cert: readFileSync(path) },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

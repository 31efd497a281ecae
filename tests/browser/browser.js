// Chromium as a family would have it, and what it says about our pages.

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { connect } from 'node:tls';
import { chromium } from 'playwright-core';

export const SCREENS = {
  phone: { width: 390, height: 844 },
  desktop: { width: 1280, height: 800 },
};

// Nothing of Chromium's own on the network, and no need of a graphics card.
const QUIET = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--no-proxy-server',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

// The SHA-256 of the server's public key, after Node has verified the
// certificate against the stack's authority and the host's name: Chromium knows
// that authority by this key alone.
function keyOf(site, caFile) {
  const { hostname, port } = new URL(site);
  return new Promise((resolve, reject) => {
    const socket = connect({
      host: hostname,
      port: port || 443,
      servername: hostname,
      ca: readFileSync(caFile),
    });
    socket.once('error', reject);
    socket.once('secureConnect', () => {
      const { publicKey } = socket.getPeerX509Certificate();
      const der = publicKey.export({ type: 'spki', format: 'der' });
      socket.end();
      resolve(createHash('sha256').update(der).digest('base64'));
    });
  });
}

// The shell without windows comes to a page for a third of what the whole browser
// takes.  Chromium refuses its sandbox to root.
export async function launch(stack) {
  const key = await keyOf(stack.site, stack.settings.TEAMDUES_CA_FILE);
  return chromium.launch({
    executablePath: '/usr/bin/chromium-headless-shell',
    chromiumSandbox: process.getuid() !== 0,
    args: [...QUIET, `--ignore-certificate-errors-spki-list=${key}`],
  });
}

// Chromium complains of every address that answers with an error, as a page that
// tells of one must; `refused` is another that this page may ask in vain.
const isRefusal = (message, { page, refused }) =>
  message.text().startsWith('Failed to load resource') &&
  [page.url(), refused].includes(message.location().url);

// A family with a browser that has never been here.  `faults` gathers what our
// pages must not do: complain, break the content policy, ask elsewhere.
export class Visit {
  static async start(browser, stack, screen, options = {}) {
    const visit = new Visit();
    visit.screen = screen;
    visit.site = stack.site;
    visit.elsewhere = [stack.site, stack.stripe];
    visit.faults = [];
    visit.requests = [];
    visit.context = await browser.newContext({
      viewport: SCREENS[screen],
      ...options,
    });
    visit.context.setDefaultTimeout(15e3);
    visit.page = await visit.context.newPage();
    visit.watch();
    return visit;
  }

  watch() {
    const { page, faults } = this;
    page.on('pageerror', (error) => faults.push(`script: ${error.message}`));
    page.on('console', (message) => {
      if (!['error', 'warning'].includes(message.type())) return;
      if (!page.url().startsWith(this.site) || isRefusal(message, this)) return;
      faults.push(`console: ${message.text()} (${message.location().url})`);
    });
    this.context.on('request', (request) => {
      this.requests.push(request);
      if (!this.elsewhere.some((origin) => request.url().startsWith(origin)))
        faults.push(`asked elsewhere: ${request.url()}`);
    });
  }

  heading(name, options = {}) {
    return this.page
      .getByRole('heading', { level: 1, name, exact: true })
      .waitFor(options);
  }

  press(name) {
    return this.page.getByRole('button', { name, exact: true }).click();
  }

  close() {
    return this.context.close();
  }
}

// What every page must stand: looked at on two grounds, read by axe, squeezed
// into 320 pixels, walked through by keyboard, and weighed.

import assert from 'node:assert/strict';
import { readFileSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const PAGE_BYTES_MAX = 30 * 1024;
const PAGE_REQUESTS_MAX = 5;
const NARROWEST = 320;

const project = fileURLToPath(new URL('../..', import.meta.url));
export const build = resolve(project, process.env.BUILD ?? 'build');
const pictures = join(build, 'test', 'screenshots');
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core'), 'utf8');

// `rules` of axe's, or all.
async function assertAccessible(page, name, rules) {
  const { found, passed } = await page.evaluate(async (only) => {
    const options = only ? { runOnly: only } : {};
    const { violations, passes } = await globalThis.axe.run(options);
    const said = ({ id, nodes }) =>
      `${id}: ${nodes.map((node) => node.html).join(' ')}`;
    return { found: violations.map(said), passed: passes.length };
  }, rules);
  assert.deepEqual(found, [], `axe on ${name}`);
  assert.ok(passed > 0, 'axe looked at something');
}

// On the dark ground only colours differ.
async function assertReadable(visit, name) {
  const { page } = visit;
  const colours = ['color-contrast', 'link-in-text-block'];
  await page.evaluate(axe);
  for (const [scheme, rules] of [['light', null], ['dark', colours]]) {
    await page.emulateMedia({ colorScheme: scheme });
    await takePicture(visit, name, scheme);
    await assertAccessible(page, `${name}, ${scheme}`, rules);
  }
  await page.emulateMedia({ colorScheme: 'light' });
}

async function assertFitsNarrow(visit, name) {
  const { page } = visit;
  const size = page.viewportSize();
  await page.setViewportSize({ ...size, width: NARROWEST });
  const width = await page.evaluate(() => document.scrollingElement.scrollWidth);
  assert.ok(width <= NARROWEST, `${name} is ${width} px wide`);
  await page.setViewportSize(size);
}

// The next element that Tab reaches; a date has a stop for each of its parts.
async function tab(page, from) {
  for (;;) {
    await page.keyboard.press('Tab');
    const at = await page.evaluate(() => ({
      id: document.activeElement.dataset.tab,
      outline: getComputedStyle(document.activeElement).outlineStyle,
    }));
    if (at.id === undefined || at.id !== from) return at;
  }
}

// Tab from the top reaches, in the order of the page, all that can be used, and
// shows where it is.
async function assertKeyboard(page, name) {
  const usable = [
    'a[href]', 'button', 'input', 'select', 'summary', 'textarea',
  ];
  const all = page.locator(usable.map((tag) => `${tag}:visible`).join());
  await all.evaluateAll((elements) => {
    elements.forEach((element, i) => (element.dataset.tab = i));
    document.body.tabIndex = -1;
    document.body.focus();
  });
  let at = {};
  for (let i = 0; i < (await all.count()); i++) {
    at = await tab(page, at.id);
    const place = { id: String(i), outline: 'solid' };
    assert.deepEqual(at, place, `Tab ${i + 1} on ${name}`);
  }
  await page.evaluate(() => document.activeElement.blur());
}

async function takePicture(visit, name, scheme) {
  mkdirSync(pictures, { recursive: true });
  const file = `${name}-${visit.screen}-${scheme}.png`;
  await visit.page.screenshot({
    path: join(pictures, file),
    fullPage: true,
    animations: 'disabled',
  });
}

export async function look(visit, name) {
  await assertReadable(visit, name);
  // What is narrow is a phone, and keys are at a desk.
  if (visit.screen === 'phone') await assertFitsNarrow(visit, name);
  else await assertKeyboard(visit.page, name);
}

// What it took to show the page to somebody who has never been here: requests
// to us, and bytes on the wire with their heads.  What its script asks later is
// not of the page.
export async function weigh(visit, t, name) {
  const ours = visit.requests.filter(
    (request) =>
      request.url().startsWith(visit.site) && request.resourceType() !== 'fetch',
  );
  let bytes = 0;
  for (const request of ours) {
    const { responseBodySize, responseHeadersSize } = await request.sizes();
    bytes += responseBodySize + responseHeadersSize;
  }
  t.diagnostic(`${name}: ${ours.length} requests, ${bytes} bytes`);
  assert.ok(bytes > 0 && bytes < PAGE_BYTES_MAX, `${name}: ${bytes} bytes`);
  assert.ok(ours.length <= PAGE_REQUESTS_MAX, `${name}: ${ours.length} requests`);
}

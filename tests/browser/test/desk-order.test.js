// An order at the desk: what is done to it, from the page that shows it to the
// one that says what came of it.

import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import jsQR from 'jsqr';
import { addUser, signIn } from '../desk.js';
import { look, weigh } from '../look.js';
import { Stage } from '../stage.js';

const stage = new Stage();
const { stack } = stage;

before(() => stack.addClub(12));

// A treasurer who looks at an order that nobody has touched; its number.
async function openOrder(visit, role = 'treasurer') {
  const { id } = await stack.takeOrder();
  await signIn(visit, stack, role);
  await visit.page.goto(`${stack.site}/desk/order?order_id=${id}`);
  return id;
}

// The form of an act, unfolded.
async function unfold({ page }, name) {
  const act = page.locator('details', { has: page.getByText(name).first() });
  await act.getByText(name).first().click();
  return act;
}

async function recordCash(visit, amount, day) {
  const act = await unfold(visit, 'Record a payment');
  await act.getByLabel('Amount').fill(amount);
  await act.getByLabel('How it was paid').selectOption('cash');
  await act.getByLabel('Reference').fill('envelope 7');
  // It is today's already.
  assert.match(await act.getByLabel('Day').inputValue(), /^20\d\d-\d\d-\d\d$/);
  if (day)
    await act.getByLabel('Day').fill(day);
  await act.getByRole('button').click();
}

stage.story('cash at the pitch, and back', async (visit, t) => {
  const { page } = visit;
  const id = await openOrder(visit);
  visit.requests.length = 0;
  await page.reload();
  await weigh(visit, t, 'desk-order');
  await look(visit, 'desk-order');
  const day = new Date(Date.now() - 10 * 86400e3).toISOString().slice(0, 10);
  await recordCash(visit, '50', day);
  await visit.heading('Record a payment?');
  await page.getByText('recorded as paid in cash (envelope 7) on ').waitFor();
  await look(visit, 'desk-act');
  await visit.press('Record it');
  await visit.heading('Done');
  await look(visit, 'desk-request');
  assert.equal((await stack.order(id)).status, 'pending');
  await visit.press(
    'Wrong amount or family? Take it back, then record it again',
  );
  await visit.press('Take it back');
  await page.getByRole('heading', { name: 'Record it again' }).waitFor();
  await look(visit, 'desk-request-again');
  assert.equal(await page.getByLabel('Reference').inputValue(), 'envelope 7');
  assert.equal(await page.getByLabel('Day').inputValue(), day);
  await page.getByLabel('Amount').fill('60');
  await visit.press('Next: check it');
  await page.getByText('$60.00 of $150.00 is recorded as paid').waitFor();
  await page.getByRole('link', { name: 'Back to the order' }).click();
  const last = page.locator('p', { hasText: 'Last: ' });
  await last.getByText('A recorded payment was taken back').waitFor();
});

stage.story('an amount that is none', async (visit) => {
  const { page } = visit;
  await openOrder(visit);
  await recordCash(visit, '1.500,00');
  const field = page.getByLabel('Amount');
  await page.getByText('Please enter an amount such as').waitFor();
  assert.equal(await field.inputValue(), '1.500,00');
  assert.equal(
    await page.evaluate(() => document.activeElement.name), 'amount',
  );
  await look(visit, 'desk-act-fault');
  await field.fill('1,500.00');
  await visit.press('Next: check it');
  await page.getByText('only $150.00 are left to pay').waitFor();
  await look(visit, 'desk-act-refused');
});

// The code as a camera sees it: what it says.
function scan(svg) {
  const side = 8 * Number(svg.getAttribute('viewBox').split(' ')[2]);
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = side;
  const context = canvas.getContext('2d');
  const colourOf = (part) => getComputedStyle(svg.querySelector(part)).fill;
  context.fillStyle = colourOf('rect');
  context.fillRect(0, 0, side, side);
  context.scale(8, 8);
  context.fillStyle = colourOf('path');
  context.fill(new Path2D(svg.querySelector('path').getAttribute('d')));
  const { data } = context.getImageData(0, 0, side, side);
  return { side, data: [...data].filter((_, i) => i % 4 === 0) };
}

stage.story('a pay link to copy and to scan', async (visit) => {
  const { page, context } = visit;
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const id = await openOrder(visit);
  const link = await page.getByRole('textbox', { name: 'Pay link' }).inputValue();
  assert.equal(link, await stack.link('tournament', '--order', id));
  await visit.press('Copy');
  await page.getByText('Copied').waitFor();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  assert.equal(copied, link);
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.getByText('QR code', { exact: true }).click();
  await look(visit, 'desk-qr');
  await page.emulateMedia({ colorScheme: 'dark' });
  const { side, data } = await page.locator('svg.qr').evaluate(scan);
  const pixels = Uint8ClampedArray.from(data.flatMap((v) => [v, v, v, 255]));
  assert.equal(jsQR(pixels, side, side).data, link);
});

// An order that its family has paid; its number.
async function takePaid() {
  const { id, link } = await stack.takeOrder();
  await stage.visit('phone', {}, async (visit) => {
    await visit.page.goto(link);
    await visit.press('Pay by card');
    await visit.heading('Paid. Thank you!');
  });
  return id;
}

// What Stripe has to do: the page that follows tells when it is done.
async function giveBack(visit) {
  const { page } = visit;
  const id = await takePaid();
  await signIn(visit, stack, 'treasurer');
  await page.goto(`${stack.site}/desk/order?order_id=${id}`);
  const act = await unfold(visit, 'Give money back');
  await act.getByLabel('Amount').fill('20');
  await act.getByLabel('Why').fill('a sibling');
  await act.getByRole('button').click();
  await visit.heading('Give money back?');
  await visit.press('Give it back');
  await visit.heading('Done');
  await page.getByText('$20.00 goes back the way it came').waitFor();
  return id;
}

stage.story('a refund', async (visit) => {
  const { page } = visit;
  await giveBack(visit);
  await page.getByRole('link', { name: 'Back to the order' }).click();
  await look(visit, 'desk-order-refunded');
  await visit.press('Ask Stripe');
  await visit.press('Ask now');
  await visit.heading('Done');
});

test('a refund without script', { timeout: 60e3 }, () =>
  stage.visit('phone', { javaScriptEnabled: false }, giveBack),
);

// What was typed waits for the user who signs in again in another tab.
test('a session that ends meanwhile', { timeout: 60e3 }, () =>
  stage.visit('phone', {}, async (visit) => {
    const { page, context } = visit;
    const id = await openOrder(visit);
    const act = await unfold(visit, 'Waive what is owed');
    await act.getByLabel('Why').fill('moved <away>');
    await context.clearCookies({ name: '__Host-teamdues' });
    await act.getByRole('button').click();
    await visit.heading('Sign in');
    await page.getByText('What you typed is kept').waitFor();
    const email = await addUser(stack, 'treasurer');
    await page.getByLabel('Email address').fill(email);
    await page.keyboard.press('Enter');
    await visit.heading('Look at your mail');
    const tab = await context.newPage();
    await tab.goto(await stack.mailedLink(email));
    await tab.getByRole('button', { name: 'Sign in' }).click();
    await tab.getByRole('heading', { name: 'Today' }).waitFor();
    await visit.press('Go on');
    await visit.heading('Waive what is owed?');
    await page.getByText('moved <away>').first().waitFor();
    await visit.press('Waive it');
    await visit.heading('Done');
    assert.equal((await stack.order(id)).status, 'waived');
  }),
);

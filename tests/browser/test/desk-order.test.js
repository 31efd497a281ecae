// An order at the desk: what is done to it, from the page that shows it to the
// one that says what came of it.

import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { signIn } from '../desk.js';
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

async function recordCash(visit, amount) {
  const act = await unfold(visit, 'Record a payment');
  await act.getByLabel('Amount').fill(amount);
  await act.getByLabel('How it was paid').selectOption('cash');
  await act.getByLabel('Reference').fill('envelope 7');
  await act.getByRole('button').click();
}

stage.story('cash at the pitch, and back', async (visit, t) => {
  const { page } = visit;
  const id = await openOrder(visit);
  visit.requests.length = 0;
  await page.reload();
  await weigh(visit, t, 'desk-order');
  await look(visit, 'desk-order');
  await recordCash(visit, '50');
  await visit.heading('Record a payment');
  await look(visit, 'desk-act');
  await visit.press('Record it');
  await visit.heading('Done');
  await look(visit, 'desk-request');
  assert.equal((await stack.order(id)).status, 'pending');
  await visit.press('Take the record back');
  await visit.press('Take it back');
  await visit.heading('Done');
  await page.getByRole('link', { name: 'Back to the order' }).click();
  await page.getByText('A recorded payment was taken back').waitFor();
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
  await visit.press('Record a payment');
  await page.getByText('only 150.00 usd are left to pay').waitFor();
  await look(visit, 'desk-act-refused');
});

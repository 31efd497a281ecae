// A family at the desk: found while one types, or without script; added, given a
// child, and what it says when the family calls.

import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { signIn } from '../desk.js';
import { look, weigh } from '../look.js';
import { Stage } from '../stage.js';

const stage = new Stage();
const { stack } = stage;

before(() => stack.addClub(60));

const searchOf = ({ page }) => page.getByRole('searchbox');

stage.story('a family is found while one types', async (visit, t) => {
  const { page } = visit;
  await signIn(visit, stack, 'viewer');
  await page.keyboard.press('/');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'search');
  await page.keyboard.press('Enter');
  await visit.heading('Families');
  visit.requests.length = 0;
  await page.reload();
  await weigh(visit, t, 'desk-families');
  await look(visit, 'desk-families');
  await page.getByRole('link', { name: 'Next page' }).click();
  await page.getByRole('link', { name: 'Back to the first' }).waitFor();
  assert.ok((await page.locator('#list tbody tr').count()) >= 10);
  await searchOf(visit).pressSequentially('pLayer 41');
  await page.getByRole('status').getByText('1 found').waitFor();
  assert.equal(new URL(page.url()).search, '?q=pLayer+41');
  assert.equal(await page.locator('#list tbody tr').count(), 1);
  assert.equal(await page.evaluate(() => document.activeElement.id), 'search');
  await look(visit, 'desk-families-found');
  await searchOf(visit).fill('Maxine p41@families');
  await page.getByText('Nobody has both Maxine and p41@families.').waitFor();
  await page.getByText('(Player 41)').waitFor();
  await look(visit, 'desk-families-near');
  await searchOf(visit).fill('pLayer 41');
  await page.getByRole('status').getByText('1 found').waitFor();
  await page.reload();
  assert.equal(await searchOf(visit).inputValue(), 'pLayer 41');
  await page.getByRole('link', { name: 'Parent 41' }).click();
  await visit.heading('Parent 41');
});

// The link on each page is followed by a browser that runs nothing.
test('a search without script', { timeout: 60e3 }, () =>
  stage.visit('phone', { javaScriptEnabled: false }, async (visit) => {
    const { page } = visit;
    await signIn(visit, stack, 'viewer');
    await searchOf(visit).fill('p17@families');
    await visit.press('Find');
    await visit.heading('Parent 17');
    await searchOf(visit).fill('Parent 1');
    await visit.press('Find');
    await visit.heading('Families');
    const saved = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Download as CSV' }).click();
    assert.equal((await saved).suggestedFilename(), 'families.csv');
  }),
);

// Unfolds a form of this name.
async function unfold({ page }, name) {
  await page.locator('summary', { hasText: name }).first().click();
  return page.locator('details[open]').last();
}

stage.story('a family joins the club', async (visit) => {
  const { page } = visit;
  const name = `Zoë O'Neil ${visit.screen}`;
  await signIn(visit, stack, 'treasurer');
  await page.getByRole('link', { name: 'Families' }).click();
  await page.getByRole('link', { name: 'Add a family' }).click();
  await page.getByLabel('Parent\'s name').fill(name);
  await page.getByLabel('Email address').fill('zoe at example');
  await page.getByLabel('First child').fill('Paul');
  await page.getByLabel('Team (optional)', { exact: true }).selectOption('U12');
  await visit.press('Next: check it');
  await page.getByText('Please enter an address such as').waitFor();
  await look(visit, 'desk-family-fault');
  await page.getByLabel('Email address').fill(`zoe.${visit.screen}@example.org`);
  await visit.press('Next: check it');
  await look(visit, 'desk-family-add');
  await visit.press('Add it');
  await visit.heading('Done');
  await page.getByText('Paul is added: U12').waitFor();
  await page.getByRole('link', { name: `Open ${name}` }).click();
  await visit.heading(name);
  const family = page.url();
  // Others may have tournaments of theirs, which she may enter as well.
  const choices = page.getByLabel('Enter in a tournament').locator('option');
  const chosen = await choices.nth(1).getAttribute('value');
  await page.getByLabel('Enter in a tournament').selectOption(chosen);
  await visit.press('Next: check it');
  await visit.press('Enter them');
  await visit.heading('Done');
  await page.goto(family);
  assert.equal(await page.locator(`option[value="${chosen}"]`).count(), 0);
  const child = await unfold(visit, 'Add a child');
  await child.getByLabel('Name').fill('Émile');
  await child.getByLabel('Another team').fill('U9');
  await child.getByLabel('Monthly fee').fill('120');
  await child.getByRole('button').click();
  await visit.press('Add it');
  await visit.heading('Done');
  await look(visit, 'desk-child-request');
  await page.getByRole('link', { name: 'To the family' }).click();
  await page.getByText('No bill of the fee sent yet.').first().waitFor();
});

// An order that is open at Stripe, and what its family's page says.
stage.story('a family says that it paid', async (visit, t) => {
  const { page } = visit;
  const { id, link } = await stack.takeOrder();
  await stage.visit('phone', {}, (family) => family.page.goto(link));
  await signIn(visit, stack, 'treasurer');
  await searchOf(visit).fill(`#${id}`);
  await page.keyboard.press('Enter');
  await page.getByText('is owed.').first().waitFor();
  visit.requests.length = 0;
  await page.reload();
  await weigh(visit, t, 'desk-family');
  await look(visit, 'desk-family');
  await page.locator('section').filter({ hasText: new RegExp(`Order ${id}\\b`) })
    .getByRole('button', { name: 'Says it is paid? Ask Stripe' }).click();
  await visit.press('Ask now');
  await visit.heading('Done');
});

// By the receipt of the card, once Stripe has told of it.
test('a payment is found by its card', { timeout: 60e3 }, () =>
  stage.visit('phone', {}, async (visit) => {
    const { page } = visit;
    const { id, link } = await stack.takeOrder();
    await page.goto(link);
    await visit.press('Pay by card');
    await visit.heading('Paid. Thank you!');
    await stack.command('reconcile', '--commit');
    await signIn(visit, stack, 'viewer');
    await searchOf(visit).fill('4242');
    await page.keyboard.press('Enter');
    await page.locator('main').getByText(`order ${id}`).first().waitFor();
  }),
);

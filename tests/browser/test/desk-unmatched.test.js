// Payments that wait, at the desk: given to an order, dismissed, closed with all
// that are like them, and each of it taken back.  And the log of it.

import assert from 'node:assert/strict';
import { before } from 'node:test';
import { signIn } from '../desk.js';
import { look, weigh } from '../look.js';
import { Stage } from '../stage.js';

const stage = new Stage();
const { stack } = stage;

before(() => stack.addClub(24, 'Stray'));

// Signed in, and a payment of somebody's that waits.
async function waiting(visit, payment, role = 'treasurer') {
  await stack.bringPayment(payment);
  await signIn(visit, stack, role);
  await visit.page.getByRole('link', { name: 'Unmatched' }).click();
  await visit.heading('Unmatched payments');
}

// The parent of an order that nobody has touched, as a payer.
async function payer() {
  const { id } = await stack.takeOrder();
  const { parent_email: email, player_name: player } = await stack.order(id);
  return { id, player, payment: { email, name: `Payer of ${player}` } };
}

stage.story('a candidate is given it, and back', async (visit, t) => {
  const { page } = visit;
  const { id, player, payment } = await payer();
  await waiting(visit, payment);
  visit.requests.length = 0;
  await page.reload();
  await weigh(visit, t, 'desk-unmatched');
  await look(visit, 'desk-unmatched');
  const row = page.getByRole('article').filter({ hasText: payment.name });
  await row.getByText(player, { exact: true }).waitFor();
  await row.getByRole('button', { name: 'Give it to this order' }).click();
  await visit.heading('Give it to an order?');
  await look(visit, 'desk-attach');
  await visit.press('Give it to the order');
  await visit.heading('Done');
  assert.equal((await stack.order(id)).status, 'paid');
  await visit.press('Undo');
  await visit.press('Undo it');
  await visit.heading('Done');
  assert.equal((await stack.order(id)).status, 'pending');
  await page.getByRole('link', { name: 'Back to the payment' }).click();
  await visit.heading(`$150.00 from ${payment.name}`);
  await look(visit, 'desk-payment');
  await dismiss(visit, 'tidied up');
});

async function unfold({ page }, name) {
  const act = page.locator('details', { has: page.getByText(name).first() });
  await act.getByText(name).first().click();
  return act;
}

async function dismiss(visit, why) {
  const act = await unfold(visit, 'Dismiss');
  await act.getByLabel('Why').fill(why);
  await act.getByRole('button').click();
  await visit.press('Dismiss it');
  await visit.heading('Done');
}

stage.story('whose it is, found on its page', async (visit) => {
  const { page } = visit;
  const { id, player } = await payer();
  const payment = {
    email: `aunt-${Date.now()}@payer.example`, name: `Aunt of ${player}`,
  };
  await waiting(visit, payment);
  const row = page.getByRole('article').filter({ hasText: payment.name });
  await row.getByRole('link', { name: /Choose an order/ }).click();
  await visit.heading(`$150.00 from ${payment.name}`);
  const find = page.getByRole('region', { name: 'Find what it is for' });
  await find.getByLabel('Child, parent or e-mail address').fill(player);
  await find.getByRole('button', { name: 'Find' }).click();
  const hit = find.getByRole('listitem').filter({
    has: page.getByText(player, { exact: true }),
  });
  await hit.waitFor();
  await look(visit, 'desk-payment-found');
  await hit.getByRole('button', { name: 'Give it to this order' }).click();
  await visit.heading('Give it to an order?');
  await page.getByText(`from ${payment.name} pays`).waitFor();
  await look(visit, 'desk-attach-found');
  await visit.press('Give it to the order');
  await visit.heading('Done');
  assert.equal((await stack.order(id)).status, 'paid');
});

stage.story('more than is owed', async (visit) => {
  const { page } = visit;
  const { payment } = await payer();
  await waiting(visit, { ...payment, cents: 22000 });
  const row = page.getByRole('article').filter({ hasText: payment.name });
  await row.getByText('Same family; the amount differs').first().waitFor();
  await row.getByRole('link', { name: /Choose an order/ }).click();
  await visit.heading(`$220.00 from ${payment.name}`);
  await page.getByText('Give $70.00 back, then use $150.00 for').first().waitFor();
  await look(visit, 'desk-payment-more');
  await page.getByRole('button', { name: 'Give $70.00 back' }).first().click();
  await visit.heading('Give money back?');
  await page.getByText('$70.00 goes back, and $150.00 stays').waitFor();
  await look(visit, 'desk-payment-give');
});

stage.story('somebody unknown: dismissed, and back', async (visit) => {
  const { page } = visit;
  const payment = {
    email: `stranger-${Date.now()}@payer.example`, name: 'Sam <b>Stranger',
  };
  await waiting(visit, payment);
  const row = page.getByRole('article').filter({ hasText: payment.email });
  await row.getByRole('link', { name: /Choose an order/ }).click();
  await visit.heading(`$150.00 from ${payment.name}`);
  await dismiss(visit, 'a gift');
  await page.getByRole('link', { name: /^Next that waits/ }).waitFor();
  await look(visit, 'desk-payment-next');
  await page.goto(`${stack.site}/desk/unmatched/handled`);
  await look(visit, 'desk-handled');
  await page.getByRole('link', { name: payment.name }).first().click();
  await page.getByText('Not the club\'s: dismissed by').waitFor();
  await look(visit, 'desk-dismissed');
  await unfold(visit, 'Open it again');
  await visit.press('Next: check it');
  await visit.press('Open it again');
  await visit.heading('Done');
  await page.getByRole('link', { name: 'Log' }).click();
  await visit.heading('Log');
  const log = page.locator('tbody');
  await log.getByText('Opened again what was closed').first().waitFor();
  await look(visit, 'desk-log');
});

stage.story('a shop on the same account', async (visit) => {
  const { page } = visit;
  const shop = `shop_${Date.now()}`;
  const payment = { email: 'buyer@shop.example', name: `Bo of ${shop}` };
  const metadata = { [shop]: '7' };
  await stack.bringPayment({ ...payment, metadata, cents: 4999 });
  await waiting(visit, { ...payment, metadata });
  const row = page.getByRole('article').filter({ hasText: payment.name });
  await row.first().getByRole('link', { name: /Choose an order/ }).click();
  const act = await unfold(visit, 'Not ours, and all like it');
  await act.getByRole('button').click();
  await page.getByText('with 1 more like it').waitFor();
  await look(visit, 'desk-not-ours');
  await visit.press('They are not ours');
  await visit.heading('Done');
  await page.goto(`${stack.site}/desk/unmatched`);
  assert.equal(await row.count(), 0);
  await page.goto(`${stack.site}/desk/unmatched/handled`);
  await visit.press('Remove the rule');
  await visit.press('Remove it');
  await visit.heading('Done');
});

stage.story('a viewer looks', async (visit) => {
  const { payment } = await payer();
  await waiting(visit, payment, 'viewer');
  const { page } = visit;
  const row = page.getByRole('article').filter({ hasText: payment.name });
  await row.waitFor();
  assert.equal(await page.getByRole('article').getByRole('button').count(), 0);
});

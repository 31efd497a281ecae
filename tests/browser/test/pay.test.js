// A family pays a tournament's fee: every way that can go, on a phone and at a
// desk.

import assert from 'node:assert/strict';
import { before } from 'node:test';
import { Stage } from '../stage.js';

const stage = new Stage();
const { stack } = stage;
before(() => stack.addClub(20));

// A story about an order of its own.
const story = (name, tell) =>
  stage.story(name, async (visit) => tell(visit, await stack.takeOrder()));

async function assertPaid(id) {
  const order = await stack.order(id);
  assert.equal(order.status, 'paid');
  assert.match(order.payment_intent_id, /^pi_/);
}

story('a family pays by card and sees it paid', async (visit, order) => {
  await visit.page.goto(order.link);
  await visit.press('Pay by card');
  await visit.heading('Paid. Thank you!');
  const receipt = await visit.page.locator('#receipt').innerText();
  assert.match(receipt, /Spring Cup\s+\$150\.00\s+for Player \d+/);
  await assertPaid(order.id);
});

story('who turns back is told so, and pays later', async (visit, order) => {
  await visit.page.goto(order.link);
  await visit.press('Go back without paying');
  await visit.heading('Nothing was charged');
  await visit.page.getByText('open the link in the club').waitFor();
  assert.equal((await stack.order(order.id)).status, 'pending');

  await visit.page.goto(order.link);
  await visit.press('Pay by card');
  await visit.heading('Paid. Thank you!');
  await assertPaid(order.id);
});

story('a declined card harms nothing', async (visit, order) => {
  await visit.page.goto(order.link);
  await visit.press('Pay by a card that is declined');
  await visit.page.getByRole('alert').waitFor();
  assert.equal((await stack.order(order.id)).status, 'pending');
  await visit.press('Pay by card');
  await visit.heading('Paid. Thank you!');
  await assertPaid(order.id);
});

story('a bank debit is on its way, then paid', async (visit, order) => {
  await visit.page.goto(order.link);
  await visit.press('Pay by bank debit (takes days)');
  await visit.heading('Your bank payment is on its way');
  const { session_id: session, status } = await stack.order(order.id);
  assert.equal(status, 'processing');

  // The link again: nothing to pay, and no second payment to be made.
  await visit.page.goto(order.link);
  await visit.heading('Your bank payment is on its way');
  assert.ok(visit.page.url().startsWith(stack.site));

  await stack.control('POST', `/sessions/${session}/settle`);
  await stack.control('POST', '/deliveries/flush');
  await visit.page.goto(order.link);
  await visit.page.waitForURL(`${stack.site}/paid.html`);
  await assertPaid(order.id);
});

story('a paid order cannot be paid again', async (visit, order) => {
  await visit.page.goto(order.link);
  await visit.press('Pay by card');
  await visit.heading('Paid. Thank you!');
  await visit.page.goto(order.link);
  await visit.heading('This is paid');
  assert.equal(visit.page.url(), `${stack.site}/paid.html`);
  const said = await visit.page.getByRole('main').innerText();
  assert.match(said, /Your payment came on \w+ \d+, \d{4}\./);
  assert.match(said, /Spring Cup\s+\$150\.00\s+for Player \d+/);
});

// No event of Stripe's arrives: checkout/status asks Stripe itself.
story('webhooks are blocked, yet paid is seen', async (visit, order) => {
  await stack.control('POST', '/deliveries', { enabled: false });
  try {
    await visit.page.goto(order.link);
    await visit.press('Pay by card');
    await visit.page.waitForURL('**/paid.html?*');
    await visit.heading('Paid. Thank you!', { timeout: 15e3 });
    await assertPaid(order.id);
    const events = await stack.rows('events', 'list');
    assert.ok(events.every((event) => String(event.order_id) !== order.id));
  } finally {
    await stack.control('POST', '/deliveries', { enabled: true });
  }
});

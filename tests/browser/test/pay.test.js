// A family pays a tournament's fee: every way that can go, on a phone and at a
// desk.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { SCREENS, Visit, launch } from '../browser.js';
import { Stack } from '../stack.js';

const stack = new Stack();
let browser;

before(async () => {
  await stack.addClub(40);
  browser = await launch(stack);
});
after(() => browser?.close());

// The story on each screen, by a browser of its own for an order of its own;
// a page of ours that complained on the way fails it.
function story(name, tell) {
  for (const screen of Object.keys(SCREENS))
    test(`${name} (${screen})`, async () => {
      const visit = await Visit.start(browser, stack, screen);
      try {
        await tell(visit, await stack.takeOrder());
        assert.deepEqual(visit.faults, []);
      } finally {
        await visit.close();
      }
    });
}

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
  assert.match(receipt, /Spring Cup\s+\$150\.00/);
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

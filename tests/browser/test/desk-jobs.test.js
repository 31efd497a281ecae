// What a treasurer comes to the desk for, from the sign-in to what the books say
// afterwards: each job on a phone and at a desk, and what it took.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { addUser, askForLink, signIn } from '../desk.js';
import { Stage } from '../stage.js';
import { Jobs } from '../work.js';

const stage = new Stage();
const { stack } = stage;
const jobs = new Jobs();

// On each screen a club of its own is worked on.
const clubs = {
  phone: { name: 'North', viewport: { width: 390, height: 844 } },
  desktop: { name: 'South', viewport: { width: 1280, height: 800 } },
};
const PLAYERS = 12;
const TAKE_BACK = 'Wrong amount or family? Take it back, then record it again';
const LIMIT = { timeout: 60e3 };

before(async () => {
  for (const club of Object.values(clubs)) {
    await stack.addClub(PLAYERS, club.name);
    club.waiting = stack.waiting;
    club.cup = `${club.name}Spring Cup`;
  }
});

after(() => jobs.keep(Object.keys(clubs)));

// A browser in which she has signed in is taken for all that she does there.
async function enter(screen) {
  const club = clubs[screen];
  const { viewport } = club;
  await stage.visit(screen, { viewport }, async (visit) => {
    const email = await addUser(stack, 'treasurer');
    await jobs.do(visit, 'sign in', async (work) => {
      await askForLink(visit, email);
      work.fields += 1;
      await visit.heading('Look at your mail');
      await visit.page.goto(await stack.mailedLink(email));
      await work.click('button', 'Sign in');
      await visit.heading('Today');
    });
    club.storageState = await visit.context.storageState();
  });
}

function story(name, tell) {
  for (const [screen, club] of Object.entries(clubs))
    test(`${name} (${screen})`, LIMIT, async () => {
      if (!club.storageState) await enter(screen);
      const { viewport, storageState } = club;
      await stage.visit(screen, { viewport, storageState }, (visit) =>
        tell(visit, club),
      );
    });
}

async function job(visit, name, tell) {
  await visit.page.goto(`${stack.site}/desk/`);
  await visit.heading('Today');
  await jobs.do(visit, name, tell);
}

// An order that nobody has touched.
const takeOrder = (club) => stack.order(club.waiting.shift());

const bringCheque = ({ order_id: id }) =>
  stack.command(
    'order', 'record-payment', String(id), '--source', 'cheque',
    '--reference', 'no. 31', '--amount', '40.00', '--commit',
  );

// What has the keyboard, as whoever looks at the page would call it.
const focused = (page) =>
  page.evaluate(() => {
    const { id, innerText } = document.activeElement;
    return id || innerText.trim();
  });

async function openFamily(work, order) {
  await work.find(order.parent_email);
  await work.visit.heading(order.parent_name);
}

const partOf = ({ page }, { order_id: id }) =>
  page.locator('section').filter({ hasText: new RegExp(`Order ${id}\\b`) });

async function openOrder(work, order, club) {
  await openFamily(work, order);
  await work.click('link', club.cup);
  await work.page.getByRole('heading', { name: 'What happened' }).waitFor();
}

// Its part of the family's page, where the acts stand that are wanted most.
async function openAct(work, order, name) {
  await openFamily(work, order);
  await work.click('link', name, partOf(work, order));
  await work.visit.heading(name);
}

// What the books say of an order, as far as it is expected.
async function assertBooks(order, expected) {
  const row = await stack.order(String(order.order_id));
  const said = Object.keys(expected).map((name) => [name, row[name]]);
  assert.deepEqual(Object.fromEntries(said), expected);
}

// `form`: the order's folded one, where none is told.
async function recordPayment(work, amount, source, reference, form) {
  const act = form ?? (await work.unfold('Record a payment'));
  await work.fill('Amount', amount, act);
  await work.choose('How it was paid', source, act);
  if (reference) await work.fill('Reference', reference, act);
  await work.click('button', 'Next: check it', act);
  await work.confirm('Record it');
}

const centsLeft = (orders) =>
  orders.reduce((sum, { left_cents: left }) => sum + left, 0);

// What stands at the foot of a list.
async function assertSum({ page }, cents) {
  const sums = (await page.locator('tfoot').innerText()).replaceAll(',', '');
  assert.ok(sums.includes(`$${(cents / 100).toFixed(2)}`), `${cents}: ${sums}`);
}

story('who owes what', async (visit, { name, cup }) => {
  const { page } = visit;
  const orders = await stack.rows('orders', '--q', `${name}p`);
  const owing = orders.filter(({ status }) => status === 'pending');
  await job(visit, 'who owes what: of the club', async (work) => {
    await work.click('link', 'Families');
    await work.click('link', 'Only those who owe');
    await page.locator('[aria-current=true]', { hasText: 'owe' }).waitFor();
  });
  const all = await stack.rows('orders', '--status', 'pending');
  await assertSum(visit, centsLeft(all));
  await job(visit, 'who owes what: of a tournament', async (work) => {
    await work.click('link', 'Tournaments');
    await work.click('link', cup);
    const sum = Math.floor(centsLeft(owing) / 100).toLocaleString('en-US');
    await work.click('link', `${owing.length} owe $${sum}.00`);
    await page.getByText(`${owing.length} found`).waitFor();
  });
  await assertSum(visit, centsLeft(owing));
});

story("a family's history", async (visit, club) => {
  const { page } = visit;
  const order = await takeOrder(club);
  await bringCheque(order);
  await job(visit, "a family's history", (work) => openFamily(work, order));
  const sums = await page.locator('.sums').innerText();
  assert.match(sums, /Owed\s+\$110\.00\s+Paid\s+\$40\.00/);
  await page.getByText('$40.00 of $150.00 by cheque').first().waitFor();
});

story('cash, cheque and transfer', async (visit, club) => {
  const order = await takeOrder(club);
  await job(visit, 'record cash, a part', async (work) => {
    await openAct(work, order, 'Record a payment');
    assert.match(await focused(work.page), /amount/);
    await recordPayment(work, '50', 'cash', '', work.page.locator('main'));
  });
  await assertBooks(order, { status: 'pending', left_cents: 10000 });
  await job(visit, 'record a cheque, the rest', async (work) => {
    await openOrder(work, order, club);
    await recordPayment(work, '100', 'cheque', 'no. 32');
  });
  await assertBooks(order, { status: 'paid', left_cents: 0 });
  await jobs.do(visit, 'take a record back', async (work) => {
    await work.click('button', TAKE_BACK);
    await work.confirm('Take it back');
  });
  await assertBooks(order, { status: 'pending', left_cents: 10000 });
  const other = await takeOrder(club);
  await job(visit, 'record a transfer, all', async (work) => {
    await openOrder(work, other, club);
    await recordPayment(work, '150', 'transfer', 'of 3 May');
  });
  await assertBooks(other, { status: 'paid', paid_cents: 15000 });
});

// A family pays by card on its own telephone.
async function pay(order) {
  const id = String(order.order_id);
  const link = await stack.link('tournament', '--order', id);
  await stage.visit('phone', {}, async ({ page }) => {
    await page.goto(link);
    await page.getByRole('button', { name: 'Pay by card' }).click();
    await page.waitForURL(`${stack.site}/**`);
  });
}

async function refund(work, order, amount) {
  await openAct(work, order, 'Give money back');
  if (amount) await work.fill('Amount', amount);
  await work.fill('Why', 'left the team');
  await work.click('button', 'Next: check it');
  await work.confirm('Give it back');
}

// Only what Stripe tells of a refund changes the order.
async function awaitBooks(order, expected) {
  const end = Date.now() + 20e3;
  for (;;) {
    const row = await stack.order(String(order.order_id));
    if (row.status === expected) return;
    if (Date.now() > end) throw new Error(`it is ${row.status} still`);
  }
}

story('a refund of a part, then of all', async (visit, club) => {
  const order = await takeOrder(club);
  await pay(order);
  await awaitBooks(order, 'paid');
  await job(visit, 'refund a part', (work) => refund(work, order, '20'));
  await awaitBooks(order, 'partially_refunded');
  await assertBooks(order, { refunded_cents: 2000 });
  await job(visit, 'refund all', (work) => refund(work, order));
  await awaitBooks(order, 'refunded');
  await assertBooks(order, { refunded_cents: 15000 });
});

story('a family that cannot pay', async (visit, club) => {
  const order = await takeOrder(club);
  await job(visit, 'change an amount', async (work) => {
    await openOrder(work, order, club);
    const act = await work.unfold('Change the amount');
    await work.fill('New amount', '90', act);
    await work.fill('Why', 'two children', act);
    await work.click('button', 'Next: check it', act);
    await work.confirm('Change it');
  });
  await assertBooks(order, { amount_cents: 9000, left_cents: 9000 });
  await jobs.do(visit, 'take the change back', async (work) => {
    await work.click('button', 'Undo');
    await work.confirm('Undo it');
  });
  await assertBooks(order, { amount_cents: 15000 });
  await job(visit, 'waive', async (work) => {
    await openOrder(work, order, club);
    const act = await work.unfold('Waive what is owed');
    await work.fill('Why', 'hardship', act);
    await work.click('button', 'Next: check it', act);
    await work.confirm('Waive it');
  });
  await assertBooks(order, { status: 'waived', left_cents: 0 });
  await jobs.do(visit, 'reopen', async (work) => {
    await work.click('button', 'Undo');
    await work.confirm('Undo it');
  });
  await assertBooks(order, { status: 'pending', left_cents: 15000 });
});

// The link in a mail is the one that the order has now.
async function assertAsked(order) {
  const id = String(order.order_id);
  const link = await stack.mailedLink(order.parent_email);
  assert.equal(link, await stack.link('tournament', '--order', id));
}

story('reminders', async (visit, club) => {
  const order = await takeOrder(club);
  await job(visit, 'remind one', async (work) => {
    await openOrder(work, order, club);
    const act = await work.unfold('Mail the bill');
    await work.click('button', 'Next: check it', act);
    await work.confirm('Mail it');
  });
  await assertAsked(order);
  await job(visit, 'remind all', async (work) => {
    await work.click('link', 'Tournaments');
    await work.click('link', club.cup);
    await work.click('link', 'Remind all who owe');
    await work.click('button', 'Next: check it');
    await work.confirm('Send them');
  });
  const rest = await stack.order(club.waiting.at(-1));
  await assertAsked(rest);
});

story('a family and a child', async (visit, { name }) => {
  const email = `zoe@${name}.example`;
  await job(visit, 'add a family and a child', async (work) => {
    await work.click('link', 'Families');
    await work.click('link', 'Add a family');
    await work.fill('Parent\'s name', `Zoë ${name}`);
    await work.fill('Email address', email);
    await work.fill('First child', `Émile ${name}`);
    await work.fill('Another team', 'U9');
    await work.click('button', 'Next: check it');
    await work.confirm('Add it');
  });
  const said = await stack.command('person', 'export', '--email', email);
  assert.ok(said.includes(`Émile ${name}`), said);
});

story('a tournament and who enters', async (visit, { name }) => {
  const cup = `${name} Autumn Cup`;
  await job(visit, 'add a tournament and enter a team', async (work) => {
    await work.click('link', 'Tournaments');
    const act = await work.unfold('Add a tournament');
    await work.fill('Name', cup, act);
    await work.fill('Day', '2031-10-05', act);
    await work.fill('Fee', '90.00', act);
    await work.choose('Team that plays', `${name}U12`, act);
    await work.click('button', 'Next: check it', act);
    await work.confirm('Add it');
  });
  const all = await stack.rows('tournament', 'list');
  const { tournament_id: id } = all.find((row) => row.name === cup);
  const orders = await stack.rows('orders', '--tournament-id', String(id));
  assert.equal(orders.length, PLAYERS);
});

story('a payment that belongs to no order', async (visit, club) => {
  const order = await takeOrder(club);
  const payer = `Grandma of ${order.parent_name}`;
  await stack.bringPayment({ email: order.parent_email, name: payer });
  await job(visit, 'attach a payment', async (work) => {
    await work.click('link', 'Unmatched');
    const row = work.page.getByRole('article').filter({ hasText: payer });
    const candidate = row.getByRole('listitem').filter({ hasText: club.cup });
    await work.click('button', 'Give it to this order', candidate);
    await work.confirm('Give it to the order');
  });
  await assertBooks(order, { status: 'paid', paid_cents: 15000 });
});

// Stripe's word of it has not come: the order is open while the family paid.
story('"I paid"', async (visit, club) => {
  const order = await takeOrder(club);
  const { order_id: id } = order;
  await stack.command(
    'order', 'adjust', String(id), '--amount', '137.31', '--reason', 'half a day',
    '--commit',
  );
  await stack.control('POST', '/deliveries', { enabled: false });
  await pay(order);
  await assertBooks(order, { status: 'pending' });
  await job(visit, '"I paid": by name, ask Stripe', async (work) => {
    await openFamily(work, order);
    await work.click(
      'button', 'Says it is paid? Ask Stripe', partOf(work, order),
    );
    await work.confirm('Ask now');
  });
  await assertBooks(order, { status: 'paid', paid_cents: 13731 });
  await stack.control('POST', '/deliveries', { enabled: true });
  for (const text of ['137.31', '4242'])
    await job(visit, `"I paid": by ${text}`, async (work) => {
      await work.find(text);
      await visit.page.locator('main').getByText(`order ${id}`).waitFor();
    });
});

// The lines of a file without quotes in it.
function readCsv(file) {
  const [head, ...lines] = readFileSync(file, 'utf8').trim().split('\r\n');
  const names = head.replace('\ufeff', '').split(',');
  return lines.map((line) => {
    const cells = line.split(',');
    return Object.fromEntries(names.map((name, i) => [name, cells[i]]));
  });
}

const centsOf = (text) => Math.round(100 * Number(text));

story('the bank and the accountant', async (visit, club) => {
  const { page } = visit;
  await bringCheque(await takeOrder(club));
  await job(visit, 'payments by days and way', async (work) => {
    await work.click('link', 'Payments');
    await work.fill('From', '2026-01-01');
    await work.choose('How', 'cheque');
    await work.click('button', 'Show');
    await page.locator('tbody').getByText('cheque').first().waitFor();
  });
  await job(visit, 'export for the accountant', async (work) => {
    await work.click('link', 'Payments');
    const saved = page.waitForEvent('download');
    await work.click('link', 'Download as CSV');
    const lines = readCsv(await (await saved).path());
    for (const order of await stack.rows('orders', '--q', `${club.name}p`)) {
      const its = lines.filter((line) => line.Order === String(order.order_id));
      const cents = its.reduce(
        (sum, line) => sum + centsOf(line.In) - centsOf(line.Out), 0,
      );
      const { paid_cents: paid, refunded_cents: back } = order;
      assert.equal(cents, paid - back, `order ${order.order_id}`);
    }
  });
});

// What a person who looks and clicks does is done without script as well.
test('without script', LIMIT, () =>
  stage.visit('phone', { javaScriptEnabled: false }, async (visit) => {
    const club = clubs.phone;
    const [order, paid] = [await takeOrder(club), await takeOrder(club)];
    await pay(paid);
    await signIn(visit, stack, 'treasurer');
    await job(visit, 'without script: record cash', async (work) => {
      await openOrder(work, order, club);
      await recordPayment(work, '150', 'cash');
    });
    await assertBooks(order, { status: 'paid' });
    await awaitBooks(paid, 'paid');
    await job(visit, 'without script: refund', (work) =>
      refund(work, paid),
    );
    await awaitBooks(paid, 'refunded');
  }),
);

// Tab, until what is called so has the keyboard.
async function tabTo(page, name) {
  for (let i = 0; (await focused(page)) !== name; i++) {
    assert.ok(i < 50, `Tab does not come to ${name}`);
    await page.keyboard.press('Tab');
  }
}

test('by keyboard alone', LIMIT, async () => {
  const club = clubs.desktop;
  const { viewport } = club;
  const order = await takeOrder(club);
  await stage.visit('desktop', { viewport }, async (visit) => {
    const { page } = visit;
    const { keyboard } = page;
    await signIn(visit, stack, 'treasurer');
    await keyboard.press('Tab');
    assert.equal(await focused(page), 'Skip to the page');
    await keyboard.press('Enter');
    assert.equal(await focused(page), 'main');
    await keyboard.press('/');
    await keyboard.type(order.parent_email);
    await keyboard.press('Enter');
    await visit.heading(order.parent_name);
    await tabTo(page, club.cup);
    await keyboard.press('Enter');
    await page.getByRole('heading', { name: 'What happened' }).waitFor();
    await tabTo(page, 'Record a payment');
    await keyboard.press('Enter');
    for (const text of ['150', 'Cash', 'envelope 9']) {
      await keyboard.press('Tab');
      await keyboard.type(text);
    }
    await keyboard.press('Enter');
    await visit.heading('Record a payment?');
    assert.equal(await focused(page), 'main');
    await tabTo(page, 'Record it');
    await keyboard.press('Enter');
    await visit.heading('Done');
    assert.equal(await focused(page), 'main');
    await keyboard.press('Tab');
    assert.equal(await focused(page), 'Back to the order');
  });
  await assertBooks(order, { status: 'paid', paid_cents: 15000 });
});

// The treasurer's desk: from the sign-in, by the link in her mail, to Today.

import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { addUser, askForLink, signIn } from '../desk.js';
import { look, weigh } from '../look.js';
import { Stage } from '../stage.js';

const stage = new Stage();
const { stack } = stage;

before(async () => {
  await stack.addClub(12, 'Cash');
  await stack.addShop();
  // Some paid in cash, in parts and whole.
  for (const [i, id] of stack.waiting.slice(0, 7).entries())
    await stack.command(
      'order', 'record-payment', id, '--source', 'cash',
      '--reference', `envelope ${i}`, '--commit',
    );
  // A cheque that was none.
  const id = stack.waiting[7];
  const words = ['--reference', '31', '--commit'];
  await stack.command('order', 'record-payment', id, '--source', 'cheque', ...words);
  await stack.command('order', 'unrecord-payment', id, ...words);
});

stage.story('the way in', async (visit, t) => {
  const email = await addUser(stack, 'treasurer');
  await visit.page.goto(`${stack.site}/desk/`);
  await visit.heading('Sign in');
  await weigh(visit, t, 'desk-sign-in');
  await look(visit, 'desk-sign-in');
  await askForLink(visit, email);
  await visit.heading('Look at your mail');
  await look(visit, 'desk-mailed');
  await visit.page.goto(await stack.mailedLink(email));
  await look(visit, 'desk-enter');
  await visit.press('Sign in');
  await visit.heading('Today');
});

stage.story('today, and the payments', async (visit, t) => {
  await signIn(visit, stack, 'viewer');
  visit.requests.length = 0;
  await visit.page.reload();
  await weigh(visit, t, 'desk-today');
  await visit.page.getByText('$1,050.00').first().waitFor();
  await look(visit, 'desk-today');
  visit.requests.length = 0;
  await visit.page.getByRole('link', { name: 'Payments' }).click();
  await visit.page.getByRole('row', { name: 'Taken back: ' }).waitFor();
  await weigh(visit, t, 'desk-payments');
  await look(visit, 'desk-payments');
});

// What a bar shows stands beside it in the same row.
stage.story('bars and their figures', async (visit) => {
  await signIn(visit, stack, 'viewer');
  const row = visit.page
    .getByRole('row')
    .filter({ has: visit.page.getByRole('rowheader', { name: stack.cup.name }) });
  const cells = await row.first().locator('td.money').allInnerTexts();
  const [owed, paid] = cells.map((text) =>
    Number(text.replace(/[^0-9.]/g, '')),
  );
  const widthOf = async (part) =>
    Number(await row.first().locator(`rect.${part}`).getAttribute('width'));
  const share = (await widthOf('owed')) / (await widthOf('paid'));
  assert.ok(Math.abs(share - owed / paid) < 0.02, `${share}: ${owed} ${paid}`);
});

stage.story('the way out', async (visit) => {
  await signIn(visit, stack, 'treasurer');
  await visit.page.getByText('Ruth Ames').click();
  await visit.press('Sign out');
  await visit.heading('Sign in');
  // Nothing of the desk is in the browser's memory.
  await visit.page.goBack();
  await visit.heading('Sign in');
});

stage.story('an address that is none', async (visit) => {
  await visit.page.goto(`${stack.site}/desk/`);
  await visit.page.getByLabel('Email address').fill('ruth@club');
  await visit.page.getByLabel('Email address').evaluate((field) => {
    field.type = 'text';
    field.value = 'ruth at club';
  });
  await visit.press('Mail me a link');
  const field = visit.page.getByLabel('Email address');
  await field.waitFor();
  assert.equal(await field.getAttribute('aria-invalid'), 'true');
  assert.equal(await field.inputValue(), 'ruth at club');
  await look(visit, 'desk-fault');
});

test('without script', { timeout: 60e3 }, () =>
  stage.visit('phone', { javaScriptEnabled: false }, async (visit) => {
    await signIn(visit, stack, 'treasurer');
    await visit.page.getByText('Ruth Ames').click();
    await visit.press('Sign out everywhere');
    await visit.heading('Sign in');
  }),
);

test('in another browser', { timeout: 60e3 }, async () => {
  const email = await addUser(stack, 'treasurer');
  let link;
  await stage.visit('phone', {}, async (visit) => {
    await askForLink(visit, email);
    link = await stack.mailedLink(email);
  });
  await stage.visit('desktop', {}, async (visit) => {
    await visit.page.goto(link);
    await visit.press('Sign in');
    await visit.heading('This is not the browser that asked');
    await look(visit, 'desk-elsewhere');
  });
});

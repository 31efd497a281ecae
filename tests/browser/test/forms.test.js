// The club's forms: a tryout, a jersey.

import assert from 'node:assert/strict';
import { before } from 'node:test';
import { look, weigh } from '../look.js';
import { Stage } from '../stage.js';

const stage = new Stage();
const { stack } = stage;

before(async () => {
  await stack.addClub(8);
  await stack.addShop();
});

let families = 0;

// A family that the club has never heard of.
async function register(visit, changes = {}) {
  const email = `new${families++}@families.example`;
  const typed = {
    'Player’s name': 'Zoë O’Neill',
    'Date of birth': '2014-05-06',
    'Parent’s name': 'Sam O’Neill',
    'Email address': email,
    'Phone number': '+1 303 555 0100',
    ...changes,
  };
  for (const [label, text] of Object.entries(typed))
    await visit.page.getByLabel(label).fill(text);
  await visit.page.getByRole('checkbox').check();
  await visit.press('Continue to payment');
  return email;
}

const paid = (visit) => visit.heading('Paid. Thank you!');

stage.story('a family registers for a tryout and pays', async (visit) => {
  await visit.page.goto(`${stack.site}/`);
  await visit.page.getByRole('link', { name: 'Register for the tryout' }).click();
  const email = await register(visit);
  await visit.press('Pay by card');
  await paid(visit);
  const order = await stack.orderOf(email);
  assert.equal(order.status, 'paid');
  assert.equal(order.product_name, 'Summer tryout');
});

stage.story('it abandons the tryout, returns and pays', async (visit) => {
  await visit.page.goto(`${stack.site}/tryouts/register`);
  const email = await register(visit);
  await visit.press('Go back without paying');
  await visit.heading('Nothing was charged');
  const { order_id: id, status } = await stack.orderOf(email);
  assert.equal(status, 'pending');
  await visit.page.goto(await stack.link('tryout', '--order', String(id)));
  await visit.press('Pay by card');
  await paid(visit);
  assert.equal((await stack.orderOf(email)).status, 'paid');
});

stage.story('it mistypes, is told beside the field, and goes on', async (visit) => {
  const { page } = visit;
  await page.goto(`${stack.site}/tryouts/register`);
  await register(visit, { 'Email address': 'nobody' });
  const field = page.getByLabel('Email address');
  await page.locator('[aria-invalid=true]').waitFor();
  assert.equal(await field.inputValue(), 'nobody');
  assert.equal(await field.getAttribute('aria-invalid'), 'true');
  assert.equal(await page.getByLabel('Player’s name').inputValue(), 'Zoë O’Neill');
  await look(visit, 'tryout-mistyped');
  await register(visit);
  await visit.press('Pay by card');
  await paid(visit);
});

stage.story('the form for a tryout', async (visit, t) => {
  await visit.page.goto(`${stack.site}/tryouts/register`);
  await visit.heading('Register for a tryout');
  await weigh(visit, t, 'tryout');
  await look(visit, 'tryout');
});

stage.story('a family orders a jersey and pays', async (visit, t) => {
  const { page } = visit;
  await page.goto(await stack.takeJersey());
  await visit.heading('Order a jersey');
  await weigh(visit, t, 'jersey');
  await look(visit, 'jersey');
  await page.getByLabel('Size').selectOption('YM');
  await page.getByLabel('Number').fill(visit.screen === 'phone' ? '7' : '00');
  await page.getByLabel('Name on the jersey').fill('ZOË');
  await visit.press('Continue to payment');
  await visit.press('Pay by card');
  await paid(visit);
  assert.match(await page.locator('#receipt').innerText(), /Home jersey.*\$45\.00/s);
});

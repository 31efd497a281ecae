// The club's list, what it sells and where its teams go, kept at the desk.

import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { signIn } from '../desk.js';
import { look, weigh } from '../look.js';
import { Stage } from '../stage.js';

const stage = new Stage();
const { stack } = stage;

const HEADER =
  'parent_name,parent_email,parent_phone,player_name,team,monthly_fee';

before(async () => {
  await stack.addClub(4);
  await stack.addShop();
});

async function choose({ page }, text) {
  const buffer = Buffer.from(text);
  await page
    .getByLabel("The club's list, as a CSV file")
    .setInputFiles({ name: 'U10 spring.csv', mimeType: 'text/csv', buffer });
  await page.getByRole('button', { name: 'Look at it' }).click();
}

// A parent of a new address is known by a child of the same name.
const linesOf = (team) => [
  `Ann Lee,ann@${team}.example,801-555-0101,Max Lee ${team},${team},150`,
  `Ann Lee,ann@${team}.example,801-555-0101,"Zoë ""Zo"" ${team}",${team},150`,
  `Sam Roe,sam@${team}.example,,Ida Roe ${team},${team},120.50`,
];

let teams = 0;

// From the file to the players in the books.
async function importTeam(visit, t) {
  const { page } = visit;
  const team = `T${(teams += 1)}-${visit.screen}`;
  const lines = linesOf(team);
  await signIn(visit, stack, 'treasurer');
  visit.requests.length = 0;
  await page.goto(`${stack.site}/desk/rosters`);
  if (t) {
    await weigh(visit, t, 'desk-rosters');
    await look(visit, 'desk-rosters');
  }
  await choose(visit, [HEADER, ...lines].join('\r\n'));
  await page.getByText('3 new, 0 changed, 0 the same').first().waitFor();
  await visit.press('Import it');
  await visit.heading('Done');
  await page.getByText('3 new, 0 changed, 0 the same').waitFor();
  await page.getByRole('link', { name: 'Back to the rosters' }).click();
  return { team, lines };
}

stage.story('a roster, twice', async (visit, t) => {
  const { page } = visit;
  const { team, lines } = await importTeam(visit, t);
  const changed = [
    lines[0].replace('801-555-0101', '801-555-0199').replace(',150', ',175'),
    lines[1].replace('801-555-0101', '801-555-0199'),
    `Sam Roe,sam@${team}.example,,Ben Roe,${team},100`,
  ];
  await choose(visit, [HEADER, ...changed].join('\n'));
  await page.getByText('1 new, 2 changed, 0 the same').first().waitFor();
  await page.getByText('monthly fee 150.00 → 175.00').waitFor();
  await page.getByText('Not in this file').waitFor();
  await look(visit, 'desk-roster-changed');
});

stage.story('a roster that is wrong', async (visit) => {
  const { page } = visit;
  await signIn(visit, stack, 'treasurer');
  await page.goto(`${stack.site}/desk/rosters`);
  await choose(visit, `${HEADER}\n,,,Max,U8,"150,00"\nA,a@b,,Zoe,U8,1\n,,,Ok,U8,1`);
  await page.getByText('Nothing can be imported yet').waitFor();
  await page.getByText('monthly_fee: an amount looks like').waitFor();
  await look(visit, 'desk-roster-wrong');
  await choose(visit, 'PK\x03\x04');
  const field = page.getByLabel("The club's list, as a CSV file");
  await page.getByText('This is a workbook').waitFor();
  assert.equal(await field.getAttribute('aria-invalid'), 'true');
});

test('a roster without script', { timeout: 60e3 }, () =>
  stage.visit('phone', { javaScriptEnabled: false }, (visit) =>
    importTeam(visit),
  ),
);

stage.story('a tournament, and a team that enters it', async (visit, t) => {
  const { page } = visit;
  const name = `Autumn Cup ${visit.screen}`;
  await signIn(visit, stack, 'treasurer');
  visit.requests.length = 0;
  await page.goto(`${stack.site}/desk/tournaments`);
  await weigh(visit, t, 'desk-tournaments');
  await page.getByText('Add a tournament').first().click();
  await look(visit, 'desk-tournaments');
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('Day').fill('2031-10-05');
  await visit.press('Next: check it');
  await page.getByText('Please fill in this or the next field.').waitFor();
  await page.getByLabel('Fee', { exact: true }).fill('150');
  await visit.press('Next: check it');
  await visit.press('Add it');
  await visit.heading('Done');
  await page.getByRole('link', { name: `Open ${name}` }).click();
  await page.getByRole('link', { name: 'Enter players' }).click();
  await visit.heading('Enter players');
  await look(visit, 'desk-tournament-enter');
  await page.getByLabel('All of a team').selectOption('U12');
  await visit.press('Next: check it');
  await page.getByText(', and each owes $150.00').waitFor();
  await look(visit, 'desk-tournament-entrants');
  await visit.press('Enter them');
  await visit.heading('Done');
  await page.getByRole('link', { name: 'Back to the tournament' }).click();
  await page.getByText('4 owe').waitFor();
});

stage.story('a product, changed and withdrawn', async (visit, t) => {
  const { page } = visit;
  const name = `Scarf ${visit.screen}`;
  await signIn(visit, stack, 'treasurer');
  visit.requests.length = 0;
  await page.goto(`${stack.site}/desk/products`);
  await weigh(visit, t, 'desk-products');
  await look(visit, 'desk-products');
  await page.getByText('Add a product').first().click();
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('What it is paid for').selectOption('jersey');
  await page.getByLabel('Price').fill('1e3');
  await visit.press('Next: check it');
  await page.getByText('Please enter an amount').waitFor();
  await page.getByLabel('Price').fill('12.50');
  await visit.press('Next: check it');
  await visit.press('Add it');
  await visit.heading('Done');
  await page.goto(`${stack.site}/desk/products`);
  await page.getByRole('link', { name }).click();
  await look(visit, 'desk-product');
  await page.getByText('Withdraw it').first().click();
  await visit.press('Next: check it');
  await visit.heading('Withdraw it?');
  await visit.press('Withdraw it');
  await visit.heading('Done');
  await visit.press('Undo');
  await visit.press('Undo it');
  await visit.heading('Done');
});

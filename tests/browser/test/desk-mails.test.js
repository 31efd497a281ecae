// Mails at the desk: chosen, seen as the family will read it, sent, looked after;
// and a tournament's roster, with its list for the gate.

import assert from 'node:assert/strict';
import { before } from 'node:test';
import { signIn } from '../desk.js';
import { look, weigh } from '../look.js';
import { Stage } from '../stage.js';

const stage = new Stage();
const { stack } = stage;
const catcher = stack.settings.TEAMDUES_CATCHER;

before(() => stack.addClub(12, 'Gate'));

// A team of its own for each visit: nobody is asked twice on one day.
let teams = 0;
async function addTeam(count) {
  teams += 1;
  const team = `Team ${teams}`;
  const emails = Array.from({ length: count }, (_, i) => `t${teams}-${i}@families.example`);
  await stack.importRoster(
    emails.map(
      (email, i) => `Parent ${teams}.${i},${email},,Child ${teams}.${i},${team},150.00`,
    ),
  );
  return { team, emails };
}

async function refuse(email) {
  const body = { phase: 'rcpt', to: email, code: 550, text: '5.1.1 no such user' };
  await fetch(`${catcher}/faults`, { method: 'POST', body: JSON.stringify(body) });
}

async function mailTo(address) {
  const mails = await (await fetch(`${catcher}/messages`)).json();
  return mails.find(({ to }) => to.includes(address));
}

// As it stands on the page, and as it came.
const words = (text) => text.replace(/\s+/g, ' ').trim();

stage.story('first payments of a team', async (visit, t) => {
  const { page } = visit;
  const { team, emails } = await addTeam(3);
  await refuse(emails[2]);
  await signIn(visit, stack, 'treasurer');
  await page.getByRole('link', { name: 'Mails', exact: true }).click();
  await visit.heading('Mails');
  await page.getByRole('link', { name: 'Send mails' }).click();
  await page.getByLabel('What').selectOption('First payments');
  await visit.press('Show');
  await page.getByLabel('Team').selectOption(team);
  visit.requests.length = 0;
  await visit.press('Show');
  await page.getByText(emails[0]).first().waitFor();
  await weigh(visit, t, 'desk-send');
  await look(visit, 'desk-send');
  await visit.press('Next: check it');
  await visit.heading('Send the mails?');
  await page.getByText('3 mails go out').waitFor();
  await look(visit, 'desk-send-act');
  const shown = await page.locator('.mail .text').innerText();
  await visit.press('Send them');
  await visit.heading(/^(Done|On their way)$/);
  await page.getByText('3 mails go out now').waitFor();
  await look(visit, 'desk-send-done');
  await page.getByRole('link', { name: 'Open First payments' }).click();
  await page.getByText('2 of 3 sent').waitFor({ timeout: 30e3 });
  await page.getByText('There is no such mailbox.').waitFor();
  const mail = await mailTo(emails[0]);
  assert.equal(words(shown), words(mail.parts[0].body));
  await look(visit, 'desk-batch');
  await page.getByRole('button', { name: 'Take back' }).first().click();
  await page.getByText('1 mail is taken back').waitFor();
  await visit.press('Take it back');
  await visit.heading('Done');
  await page.goto(`${stack.site}/desk/mails`);
  await look(visit, 'desk-mails');
});

stage.story('who has paid, at the desk and at the gate', async (visit, t) => {
  const { page } = visit;
  const { id } = await stack.takeOrder();
  await stack.command(
    'order', 'record-payment', id, '--source', 'cash', '--reference', id, '--commit',
  );
  await signIn(visit, stack, 'treasurer');
  visit.requests.length = 0;
  await page.goto(`${stack.site}/desk/tournament?tournament_id=${stack.cup.id}`);
  await visit.heading(stack.cup.name);
  await weigh(visit, t, 'desk-tournament');
  await look(visit, 'desk-tournament');
  await page.getByRole('link', { name: 'List for the gate' }).click();
  await page.getByText('12 players').waitFor();
  assert.ok((await page.getByText('Paid', { exact: true }).count()) >= 1);
  assert.equal(await page.getByText('$').count(), 0);
  await look(visit, 'desk-gate');
  await page.emulateMedia({ media: 'print' });
  assert.ok(await page.getByText('Not paid').first().isVisible());
  assert.equal(await page.getByRole('navigation').first().isVisible(), false);
  await page.emulateMedia({ media: 'screen' });
  await page.getByRole('link', { name: 'Back to the tournament' }).click();
  await page.getByRole('link', { name: 'Remind all who owe' }).click();
  await page.getByText(`Reminder: ${stack.cup.name}`).waitFor();
  assert.equal(await page.getByLabel('Team').count(), 0);
  await look(visit, 'desk-remind-all');
  const owed = await stack.takeOrder();
  await page.goto(`${stack.site}/desk/order?order_id=${owed.id}`);
  const act = page.locator('details', { hasText: 'Mail the bill' });
  await act.locator('summary').click();
  await act.getByRole('button').click();
  await visit.heading('Mail the bill?');
  await look(visit, 'desk-remind');
});

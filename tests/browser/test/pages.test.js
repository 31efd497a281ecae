// Every page that a family can meet, on its own: how it looks, what it weighs,
// whether it says what to do next.

import assert from 'node:assert/strict';
import https from 'node:https';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { SCREENS, Visit, launch } from '../browser.js';
import { look, weigh } from '../look.js';
import { Stack } from '../stack.js';

const stack = new Stack();
let browser;

before(async () => {
  await stack.addClub(20);
  browser = await launch(stack);
});
after(() => browser?.close());

// On each screen: `arrive` leads a new visitor to the page; then it must say
// `heading` and `advice`, name the club, and stand every look.
function page(name, { heading, advice, arrive }) {
  for (const screen of Object.keys(SCREENS))
    test(`${name} (${screen})`, async (t) => {
      const visit = await Visit.start(browser, stack, screen);
      try {
        await arrive(visit);
        await visit.heading(heading);
        await visit.page.getByText(advice).first().waitFor();
        await weigh(visit, t, name);
        await look(visit, name);
        const banner = await visit.page.getByRole('banner').innerText();
        assert.equal(banner.trim(), stack.settings.CLUB_NAME);
        assert.deepEqual(visit.faults, []);
      } finally {
        await visit.close();
      }
    });
}

const at = (path) => (visit) => visit.page.goto(stack.site + path);

page('home', {
  heading: `Payments of ${stack.settings.CLUB_NAME}`,
  advice: 'sends you a link by e-mail',
  arrive: at('/'),
});

page('cancelled', {
  heading: 'Nothing was charged',
  advice: 'Open the link in the club’s email again',
  arrive: at('/cancelled.html'),
});

page('not-found', {
  heading: 'There is no page here',
  advice: 'Open the link in the club’s email',
  arrive: at('/checkout/turnament?order_id=1'),
});

page('refused', {
  heading: 'That did not work',
  advice: 'open its link again',
  arrive: async (visit) => {
    const address = `${stack.site}/cancelled.html`;
    await visit.page.route(address, (route) =>
      route.continue({ method: 'POST' }),
    );
    const answer = await visit.page.goto(address);
    assert.equal(answer.status(), 405);
  },
});

page('trouble', {
  heading: 'We cannot do this just now',
  advice: 'open the link in the club’s email again',
  arrive: (visit) =>
    stack.without('checkout-tournament', async () => {
      const { link } = await stack.takeOrder();
      const answer = await visit.page.goto(link);
      assert.equal(answer.status(), 503);
      assert.equal(answer.headers()['retry-after'], '5');
    }),
});

// nginx counts by address: another of this machine's is refused, and what it
// was told is shown to the visitor.
function refusalOfMany() {
  const options = {
    localAddress: '127.0.0.9',
    ca: readFileSync(stack.settings.TEAMDUES_CA_FILE),
    headers: { Accept: 'text/html' },
  };
  const ask = () =>
    new Promise((resolve, reject) => {
      const url = new URL('/checkout/status', stack.site);
      url.hostname = '127.0.0.1';
      const request = https.get(url, options, (res) => {
        let body = '';
        res.setEncoding('utf8');
        res.on('data', (chunk) => (body += chunk));
        res.on('end', () =>
          resolve({ status: res.statusCode, headers: res.headers, body }),
        );
      });
      request.on('error', reject);
    });
  return Promise.all(Array.from({ length: 600 }, ask)).then((answers) =>
    answers.find(({ status }) => status === 429),
  );
}

page('busy', {
  heading: 'One moment, please',
  advice: 'Wait a few seconds',
  arrive: async (visit) => {
    const answer = await refusalOfMany();
    await visit.page.route('**/checkout/status', (route) => route.fulfill(answer));
    await visit.page.goto(`${stack.site}/checkout/status`);
  },
});

page('link-expired', {
  heading: 'This link does not work any more',
  advice: 'ask the club for a new link',
  arrive: async (visit) => {
    const { id } = await stack.takeOrder();
    const yesterday = Math.floor(Date.now() / 1000) - 86400;
    const path = `/checkout/tournament?order_id=${id}&expires=${yesterday}`;
    await visit.page.goto(stack.sign(path));
  },
});

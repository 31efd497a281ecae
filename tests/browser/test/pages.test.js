// Every page that a family can meet, on its own: how it looks, what it weighs,
// whether it says what to do next.

import assert from 'node:assert/strict';
import https from 'node:https';
import { readFileSync } from 'node:fs';
import { before, test } from 'node:test';
import { look, weigh } from '../look.js';
import { Stage } from '../stage.js';

const stage = new Stage();
const { stack } = stage;

before(async () => {
  await stack.addClub(30);
  await stack.addShop();
});

// `arrive` leads a new visitor to the page; then it must say `heading` and
// `advice`, name the club, and stand every look.
function page(name, { heading, advice, arrive }) {
  stage.story(name, async (visit, t) => {
    await arrive(visit);
    await visit.heading(heading);
    await visit.page.getByText(advice).first().waitFor();
    await weigh(visit, t, name);
    await look(visit, name);
    const banner = await visit.page.getByRole('banner').innerText();
    assert.equal(banner.trim(), stack.settings.CLUB_NAME);
  });
}

const at = (path) => (visit) => visit.page.goto(stack.site + path);

page('home', {
  heading: `Payments of ${stack.settings.CLUB_NAME}`,
  advice: 'sends you a link by email',
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

page('desk-not-found', {
  heading: 'There is no page here',
  advice: 'from where all pages are reached',
  arrive: async (visit) => {
    const answer = await visit.page.goto(`${stack.site}/desk/paymants`);
    assert.equal(answer.status(), 404);
  },
});

page('desk-no-order', {
  heading: 'There is nothing here',
  advice: 'This address names no order.',
  arrive: at('/desk/order?order_id='),
});

page('desk-trouble', {
  heading: 'We cannot do this just now',
  advice: 'look first whether it was done',
  arrive: (visit) =>
    stack.without('desk-index', async () => {
      const answer = await visit.page.goto(`${stack.site}/desk/`);
      assert.equal(answer.status(), 503);
    }),
});

// nginx counts by address: another of this machine's is refused, where no more
// than five a second are taken, and what it was told is shown to the visitor.
function refusalOfMany() {
  const options = {
    localAddress: '127.0.0.9',
    ca: readFileSync(stack.settings.TEAMDUES_CA_FILE),
    headers: { Accept: 'text/html' },
  };
  const ask = () =>
    new Promise((resolve, reject) => {
      const url = new URL('/checkout/create-session', stack.site);
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
  return Promise.all(Array.from({ length: 300 }, ask)).then((answers) =>
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
  heading: 'This link has expired',
  advice: 'ask the club for a new link',
  arrive: async (visit) => {
    const { id } = await stack.takeOrder();
    const yesterday = Math.floor(Date.now() / 1000) - 86400;
    const path = `/checkout/tournament?order_id=${id}&expires=${yesterday}`;
    await visit.page.goto(stack.sign(path));
  },
});

page('link-changed', {
  heading: 'This link is broken',
  advice: 'ask the club for a new link',
  arrive: async (visit) => {
    const { id, link } = await stack.takeOrder();
    const other = link.replace(`order_id=${id}`, `order_id=${Number(id) + 1}`);
    const answer = await visit.page.goto(other);
    assert.equal(answer.status(), 403);
  },
});

page('order-cancelled', {
  heading: 'This is over',
  advice: 'ask the club',
  arrive: async (visit) => {
    const { id, link } = await stack.takeOrder();
    const why = ['--reason', 'The team withdrew'];
    await stack.command('order', 'cancel', id, ...why, '--commit');
    const answer = await visit.page.goto(link);
    assert.equal(answer.status(), 410);
  },
});

page('order-processing', {
  heading: 'Your bank payment is on its way',
  advice: 'please do not pay again',
  arrive: async (visit) => {
    const { link } = await stack.takeOrder();
    await visit.page.goto(link);
    await visit.press('Pay by bank debit (takes days)');
    await visit.heading('Your bank payment is on its way');
    visit.requests.length = 0;
    await visit.page.goto(link);
  },
});

page('stripe-down', {
  heading: 'The payment service is busy',
  advice: 'Please try again in a minute',
  arrive: async (visit) => {
    const { link } = await stack.takeOrder();
    const fault = { path: '/v1/checkout/sessions', status: 503, count: 0 };
    await stack.control('POST', '/faults', fault);
    try {
      await visit.page.goto(link);
    } finally {
      await stack.control('DELETE', '/faults');
    }
  },
});

page('preview', {
  heading: 'A payment link',
  advice: 'Open this link in your browser to pay',
  arrive: async (visit) => {
    const { link } = await stack.takeOrder();
    await visit.context.setExtraHTTPHeaders({ 'User-Agent': 'WhatsApp/2' });
    await visit.page.goto(link);
    await visit.context.setExtraHTTPHeaders({});
  },
});

page('paid-without-session', {
  heading: 'Thank you',
  advice: 'If you have just paid, the club is told',
  arrive: at('/paid.html'),
});

page('paid-unknown', {
  heading: 'We do not know this payment',
  advice: 'reply to the club’s email',
  arrive: async (visit) => {
    visit.refused = `${stack.site}/checkout/status?session_id=cs_test_unknown`;
    await visit.page.goto(`${stack.site}/paid.html?session_id=cs_test_unknown`);
  },
});

// The states of paid.html that a test cannot hold still: the status is said
// for the program, the page is the real one.
const STATES = {
  pending: ['We are confirming your payment', 'you need not pay again'],
  processing: ['Your bank payment is on its way', 'nothing more for you to do'],
  paid: ['Paid. Thank you!', 'Your payment has arrived'],
  review: ['We have your payment', 'Please do not pay again'],
  expired: ['This payment is closed', 'Nothing is being charged'],
};

function say(visit, status) {
  return visit.page.route('**/checkout/status?*', (route) =>
    route.fulfill({
      json: {
        status,
        description: 'Spring Cup',
        amount_cents: 15000,
        currency: 'usd',
      },
    }),
  );
}

for (const [status, [heading, advice]] of Object.entries(STATES))
  page(`paid-${status}`, {
    heading,
    advice,
    arrive: async (visit) => {
      await say(visit, status);
      await visit.page.goto(`${stack.site}/paid.html?session_id=cs_test_1`);
    },
  });

// Orders that were paid before, in each of their states.
const EARLIER = {
  paid: ['This is paid', 'There is nothing to pay'],
  partially_refunded: ['This is paid', '$20.00 of it was given back'],
  disputed: ['A payment for this has come', 'Please do not pay again'],
};

for (const [status, [heading, advice]] of Object.entries(EARLIER))
  page(`paid-earlier-${status}`, {
    heading,
    advice,
    arrive: async (visit) => {
      const slip = new URLSearchParams({
        what: 'Spring Cup',
        who: 'Zoë Quux',
        status,
        cents: 15000,
        currency: 'usd',
        paid: 1795500000,
        back: status === 'paid' ? 0 : 2000,
      });
      await visit.context.addCookies([{
        name: '__Secure-teamdues',
        value: String(slip).replaceAll('+', '%20'),
        domain: new URL(stack.site).hostname,
        path: '/paid.html',
        secure: true,
      }]);
      await visit.page.goto(`${stack.site}/paid.html`);
      await visit.page.getByText('for Zoë Quux').waitFor();
      const text = await visit.page.locator('#text').innerText();
      assert.equal(
        text.includes('given back'), status === 'partially_refunded',
      );
    },
  });

page('paid-slow', {
  heading: 'Still confirming your payment',
  advice: 'You can close this page',
  arrive: async (visit) => {
    await visit.page.clock.install();
    await say(visit, 'pending');
    await visit.page.goto(`${stack.site}/paid.html?session_id=cs_test_1`);
    await visit.heading('We are confirming your payment');
    await visit.page.clock.fastForward('01:31');
  },
});

// A tick says that something is paid, and this page cannot know.
const markOf = (visit) => visit.page.locator('.mark').getAttribute('class');

test('without a payment in its address the page claims none', () =>
  stage.visit('phone', {}, async (visit) => {
    await visit.page.goto(`${stack.site}/paid.html`);
    assert.doesNotMatch(await markOf(visit), /good/);
  }));

test('without script the page after paying still helps', () =>
  stage.visit('phone', { javaScriptEnabled: false }, async (visit) => {
    const { link } = await stack.takeOrder();
    await visit.page.goto(link);
    await visit.press('Pay by card');
    await visit.heading('Thank you');
    await visit.page.getByText('you need not pay again').waitFor();
    assert.doesNotMatch(await markOf(visit), /good/);
  }));

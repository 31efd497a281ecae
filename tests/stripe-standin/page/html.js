// The hosted page: what a buyer would see at checkout.stripe.com, in plain.

import { formatAmount } from '../world/currency.js';

const ENTITIES = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escape = (text) => String(text).replace(/[&<>"']/g, (c) => ENTITIES[c]);

const STYLE = `body{font:16px/1.5 system-ui,sans-serif;max-width:28rem;margin:3rem auto;padding:0 1rem;color:#1a1f36}
h1{font-size:1.2rem}table{width:100%}td:last-child{text-align:right}.total{font-weight:600}
label{display:block;margin:.6rem 0}input{width:100%;box-sizing:border-box;padding:.5rem;font:inherit}
button{width:100%;padding:.7rem;margin:.3rem 0;font:inherit;cursor:pointer}
.pay{background:#1a56db;color:#fff;border:0;border-radius:4px}.error{color:#b42318}.note{color:#5b6478;font-size:.85rem}`;

function document(title, body) {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)}</title><style>${STYLE}</style></head><body>
<main>${body}</main>
<p class="note">A stand-in for Stripe Checkout. No money moves here.</p>
</body></html>
`;
}

function linesOf(row) {
  const lines = row.items.map(
    (item) =>
      `<tr><td>${escape(item.description ?? 'Item')} × ${item.quantity}</td>` +
      `<td>${escape(formatAmount(item.amount_total, item.currency))}</td></tr>`,
  );
  const { amount_total: total, currency } = row.object;
  if (total === null) return '';
  return (
    `<table>${lines.join('')}<tr class="total"><td>Total</td>` +
    `<td id="total">${escape(formatAmount(total, currency))}</td></tr></table>`
  );
}

export function payPage(row, error) {
  const { customer_details: known, cancel_url: cancelUrl } = row.object;
  const button = (action, text, kind = '') =>
    `<button class="${kind}" name="action" value="${action}">${text}</button>`;
  return document(
    'Checkout',
    `<h1>Checkout</h1>${linesOf(row)}
${error ? `<p class="error" role="alert">${escape(error)}</p>` : ''}
<form method="post">
<label>E-mail <input type="email" name="email" value="${escape(known?.email ?? '')}"></label>
<label>Name <input name="name" value="${escape(known?.name ?? '')}"></label>
${button('pay', 'Pay by card', 'pay')}
${button('decline', 'Pay by a card that is declined')}
${button('bank', 'Pay by bank debit (takes days)')}
${cancelUrl ? button('cancel', 'Go back without paying') : ''}
</form>`,
  );
}

export function statePage(status) {
  const text =
    status === 'complete'
      ? 'This payment is already complete. You can close this page.'
      : 'This checkout session has expired. Go back to the site and start again.';
  return document(
    'Checkout',
    `<h1>${status === 'complete' ? 'Payment complete' : 'Session expired'}</h1><p>${text}</p>`,
  );
}

export const missingPage = () =>
  document('Checkout', '<h1>Something went wrong</h1><p>There is no such checkout session.</p>');

// What tests can make happen at the pretended Stripe: payers, banks and time.

import { changeCharge } from '../world/payment.js';
import { closeDispute, openDispute, reinstateFunds, updateDispute, withdrawFunds } from '../world/dispute.js';
import { declineCard, failDebit, payByBank, payByCard, settleDebit } from '../world/payment.js';
import { cancelRefund, failRefund, succeedRefund } from '../world/refund.js';
import { expireSession } from '../world/session.js';
import { applyLies } from './faults.js';

const payer = (body) => ({ email: body.email, name: body.name });
const copy = (value) => JSON.parse(JSON.stringify(value));

// `alter` changes the session itself before it is paid, as a script would that made it wrongly.
function alter(row, lies) {
  if (lies) row.object = applyLies(copy(row.object), lies);
}

const SESSION = {
  pay(world, row, body) {
    alter(row, body.alter);
    payByCard(world, row, { ...payer(body), amount: body.amount_lie });
  },
  bank(world, row, body) {
    alter(row, body.alter);
    payByBank(world, row, payer(body));
  },
  decline: (world, row, body) => declineCard(world, row, payer(body)),
  settle: (world, row) => settleDebit(world, row),
  fail: (world, row) => failDebit(world, row),
  expire: (world, row) => row.object.status === 'open' && expireSession(world, row),
  alter: (world, row, body) => alter(row, body),
};

const REFUND = {
  succeed: succeedRefund,
  fail: (world, row, body) => failRefund(world, row, body.failure_reason),
  cancel: cancelRefund,
};

const DISPUTE = {
  update: (world, row, body) => updateDispute(world, row, body.status),
  close: (world, row, body) => closeDispute(world, row, body),
  funds_withdrawn: withdrawFunds,
  funds_reinstated: reinstateFunds,
};

const CHARGE = {
  alter(world, row, body) {
    changeCharge(row, applyLies(copy(row.object), body));
  },
};

const KINDS = {
  sessions: ['sessions', SESSION],
  refunds: ['refunds', REFUND],
  disputes: ['disputes', DISPUTE],
  charges: ['charges', CHARGE],
};

// /_control/KIND/ID/VERB -> the object afterwards, or null where there is none such.
export function act(world, kind, id, verb, body) {
  if (kind === 'payment_intents' && verb === 'dispute') return dispute(world, id, body);
  const [table, verbs] = KINDS[kind] ?? [];
  const row = table && world[table].row(id);
  if (!row || !Object.hasOwn(verbs, verb)) return null;
  verbs[verb](world, row, body);
  return row.object;
}

function dispute(world, id, body) {
  const intent = world.intents.row(id);
  if (!intent) return null;
  return openDispute(world, world.charges.row(intent.object.latest_charge), body).object;
}

// What tests can make happen at the pretended Stripe: payers, banks and time.

import { closeDispute, openDispute, reinstateFunds, updateDispute, withdrawFunds } from '../world/dispute.js';
import {
  changeCharge,
  declineCard,
  failDebit,
  payByBank,
  payByCard,
  settleDebit,
  WrongState,
} from '../world/payment.js';
import { settleWarning, warn } from '../world/warning.js';
import { cancelRefund, failRefund, succeedRefund } from '../world/refund.js';
import { expireSession } from '../world/session.js';
import { applyLies } from './faults.js';
import { only } from './settings.js';

const payer = (body) => ({ email: body.email, name: body.name });
const copy = (value) => JSON.parse(JSON.stringify(value));

// `alter` changes the session itself before it is paid, as a script would that made it wrongly.
function alter(row, lies) {
  if (lies) row.object = applyLies(copy(row.object), lies);
}

// Verb: [the members its body may have, what it does]. `null`: any, they are paths into the object.
const SESSION = {
  pay: [
    ['email', 'name', 'amount_lie', 'alter'],
    (world, row, body) => {
      alter(row, body.alter);
      payByCard(world, row, { ...payer(body), amount: body.amount_lie });
    },
  ],
  bank: [
    ['email', 'name', 'alter'],
    (world, row, body) => {
      alter(row, body.alter);
      payByBank(world, row, payer(body));
    },
  ],
  decline: [['email', 'name'], (world, row, body) => declineCard(world, row, payer(body))],
  settle: [[], settleDebit],
  fail: [[], failDebit],
  expire: [
    [],
    (world, row) => {
      if (row.object.status !== 'open') throw new WrongState(`session is ${row.object.status}`);
      expireSession(world, row);
    },
  ],
  alter: [null, (world, row, body) => alter(row, body)],
  // As if it had never been, or belonged to another account: 404 from now on.
  forget: [
    [],
    (world, row) => {
      world.openSessions.delete(row);
      world.sessions.remove(row.object.id);
    },
  ],
};

const REFUND = {
  succeed: [[], succeedRefund],
  fail: [['failure_reason'], (world, row, body) => failRefund(world, row, body.failure_reason)],
  cancel: [[], cancelRefund],
};

const INTENT = {
  dispute: [
    ['amount', 'reason', 'status', 'funds'],
    (world, row, body) => openDispute(world, world.charges.row(row.object.latest_charge), body).object,
  ],
  warn: [
    ['fraud_type'],
    (world, row, body) => warn(world, world.charges.row(row.object.latest_charge), body).object,
  ],
};

const DISPUTE = {
  update: [['status'], (world, row, body) => updateDispute(world, row, body.status)],
  close: [['status', 'funds'], closeDispute],
  funds_withdrawn: [[], withdrawFunds],
  funds_reinstated: [[], reinstateFunds],
};

const WARNING = { settle: [[], settleWarning] };

const CHARGE = {
  alter: [null, (world, row, body) => changeCharge(row, applyLies(copy(row.object), body))],
};

const KINDS = {
  sessions: ['sessions', SESSION],
  refunds: ['refunds', REFUND],
  payment_intents: ['intents', INTENT],
  disputes: ['disputes', DISPUTE],
  charges: ['charges', CHARGE],
  warnings: ['warnings', WARNING],
};

// /_control/KIND/ID/VERB -> the object afterwards (of a dispute or a warning that is made: that); null: there is none such.
export function act(world, kind, id, verb, body) {
  const [table, verbs] = KINDS[kind] ?? [];
  const row = table && world[table].row(id);
  if (!row || !Object.hasOwn(verbs, verb)) return null;
  const [names, run] = verbs[verb];
  if (names) only(body, names);
  const made = run(world, row, body);
  return kind === 'payment_intents' ? made : row.object;
}

// The operations that are imitated: method, path, parameters, the right a restricted key needs, and who answers.

import * as account from './account.js';
import * as customers from './customers.js';
import * as disputes from './disputes.js';
import * as endpoints from './endpoints.js';
import * as events from './events.js';
import * as payments from './payments.js';
import * as p from './params.js';
import * as refunds from './refunds.js';
import { checkSessionForm } from './session-rules.js';
import * as sessions from './sessions.js';
import * as warnings from './warnings.js';

const route = (method, path, right, params, run, form) => ({
  method,
  path,
  right,
  params,
  run,
  form,
  pattern: new RegExp(`^${path.replace(/\{\w+\}/, '([^/]+)')}$`),
});

export const ROUTES = [
  route('GET', '/v1/checkout/sessions', 'checkout_session_read', p.sessionList, sessions.list),
  route(
    'POST',
    '/v1/checkout/sessions',
    'checkout_session_write',
    p.sessionCreate,
    sessions.create,
    checkSessionForm,
  ),
  route('GET', '/v1/checkout/sessions/{session}', 'checkout_session_read', p.retrieve, sessions.retrieve),
  route(
    'POST',
    '/v1/checkout/sessions/{session}',
    'checkout_session_write',
    p.sessionUpdate,
    sessions.update,
  ),
  route(
    'POST',
    '/v1/checkout/sessions/{session}/expire',
    'checkout_session_write',
    p.retrieve,
    sessions.expire,
  ),
  route(
    'GET',
    '/v1/checkout/sessions/{session}/line_items',
    'checkout_session_read',
    p.lineItemList,
    sessions.lineItems,
  ),
  route('GET', '/v1/customers', 'customer_read', p.customerList, customers.list),
  route('POST', '/v1/customers', 'customer_write', p.customerCreate, customers.create),
  route('GET', '/v1/customers/{customer}', 'customer_read', p.retrieve, customers.retrieve),
  route('POST', '/v1/customers/{customer}', 'customer_write', p.customerUpdate, customers.update),
  route('DELETE', '/v1/customers/{customer}', 'customer_write', p.nothing, customers.remove),
  route('GET', '/v1/payment_intents', 'payment_intent_read', p.intentList, payments.listIntents),
  route(
    'GET',
    '/v1/payment_intents/{intent}',
    'payment_intent_read',
    p.intentRetrieve,
    payments.retrieveIntent,
  ),
  route('GET', '/v1/charges', 'charge_read', p.chargeList, payments.listCharges),
  route('GET', '/v1/charges/{charge}', 'charge_read', p.retrieve, payments.retrieveCharge),
  route('GET', '/v1/refunds', 'charge_read', p.refundList, refunds.list),
  route('POST', '/v1/refunds', 'charge_write', p.refundCreate, refunds.create, refunds.checkRefundForm),
  route('GET', '/v1/refunds/{refund}', 'charge_read', p.retrieve, refunds.retrieve),
  route('POST', '/v1/refunds/{refund}', 'charge_write', p.refundUpdate, refunds.update),
  route('GET', '/v1/disputes', 'dispute_read', p.disputeList, disputes.list),
  route('GET', '/v1/disputes/{dispute}', 'dispute_read', p.retrieve, disputes.retrieve),
  route(
    'GET',
    '/v1/radar/early_fraud_warnings',
    'early_fraud_warning_read',
    p.warningList,
    warnings.list,
  ),
  route(
    'GET',
    '/v1/radar/early_fraud_warnings/{warning}',
    'early_fraud_warning_read',
    p.retrieve,
    warnings.retrieve,
  ),
  route('GET', '/v1/events', 'event_read', p.eventList, events.list, events.checkEventForm),
  route('GET', '/v1/events/{id}', 'event_read', p.retrieve, events.retrieve),
  route('GET', '/v1/webhook_endpoints', 'webhook_read', p.endpointList, endpoints.list),
  route('POST', '/v1/webhook_endpoints', 'webhook_write', p.endpointCreate, endpoints.create),
  route(
    'POST',
    '/v1/webhook_endpoints/{webhook_endpoint}',
    'webhook_write',
    p.endpointUpdate,
    endpoints.update,
  ),
  route('GET', '/v1/account', 'accounts_read', p.retrieve, account.account),
  route('GET', '/v1/balance', 'balance_read', p.retrieve, account.balance),
];

export function findRoute(method, path) {
  for (const candidate of ROUTES) {
    const match = candidate.method === method && candidate.pattern.exec(path);
    if (match) return { route: candidate, id: match[1] };
  }
  return null;
}

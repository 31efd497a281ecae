// What tests may change while the stand-in runs: deliveries, refunds, keys.

import { checkWebhookUrl } from '../config.js';
import { seededRandom } from '../delivery/random.js';

export class BadControl extends Error {}

export function only(body, names) {
  const unknown = Object.keys(body).filter((name) => !names.includes(name));
  if (unknown.length) throw new BadControl(`unknown: ${unknown.join(', ')}; known: ${names.join(', ')}`);
}

function webhookUrl(text) {
  const fault = text && checkWebhookUrl(text);
  if (fault) throw new BadControl(`url ${fault}`);
  return text;
}

// true is all, false is none, a number between is a share.
function share(value) {
  const number = Number(value);
  if (!(number >= 0 && number <= 1)) throw new BadControl('a share is true, false or 0 to 1');
  return number;
}

function types(value) {
  if (!Array.isArray(value)) throw new BadControl('events: an array of types');
  return value;
}

// Name outside: [name inside, how it is read].
const DELIVERY = {
  url: ['webhookUrl', webhookUrl],
  secret: ['webhookSecret', String],
  secret_file: ['webhookSecretFile', String],
  ca_file: ['caFile', String],
  first_retry_ms: ['firstRetryMs', Number],
  duplicate: ['duplicateFraction', share],
  drop_fraction: ['dropFraction', share],
  shuffle: ['shuffle', Boolean],
  seed: ['seed', Number],
  events: ['enabledEvents', types],
  api_version: ['apiVersion', String],
  enabled: ['deliveriesEnabled', Boolean],
};
// Never shown: the secret, nor where things lie.
const SHOWN = [
  'enabled',
  'first_retry_ms',
  'url',
  'duplicate',
  'drop_fraction',
  'shuffle',
  'seed',
  'events',
  'api_version',
];

export function showDeliveries({ settings }) {
  return Object.fromEntries(SHOWN.map((name) => [name, settings[DELIVERY[name][0]]]));
}

export function setDeliveries(standin, body) {
  only(body, Object.keys(DELIVERY));
  const { settings, deliveries } = standin;
  const wasEnabled = settings.deliveriesEnabled;
  const changes = Object.entries(body).map(([name, value]) => [DELIVERY[name][0], DELIVERY[name][1](value)]);
  Object.assign(settings, Object.fromEntries(changes));
  // A secret given by value takes the place of the file.
  if (body.secret !== undefined) settings.webhookSecretFile = '';
  if (body.seed !== undefined) deliveries.random = seededRandom(settings.seed);
  if (body.ca_file !== undefined) deliveries.openPoster();
  if (settings.deliveriesEnabled && !wasEnabled) deliveries.resume();
  return showDeliveries(standin);
}

const REFUND_STATUSES = ['succeeded', 'pending', 'requires_action'];

export function setSettings(standin, body) {
  only(body, ['refund_status']);
  if (!REFUND_STATUSES.includes(body.refund_status)) {
    throw new BadControl(`refund_status: one of ${REFUND_STATUSES.join(', ')}`);
  }
  standin.settings.refundStatus = body.refund_status;
  return { refund_status: body.refund_status };
}

export function setKey(standin, body) {
  only(body, ['key', 'state', 'denied']);
  if (body.state !== undefined && !['active', 'revoked', 'expired'].includes(body.state)) {
    throw new BadControl('state: active, revoked or expired');
  }
  if (!standin.keys.change(body.key, body)) throw new BadControl('no such key');
  return { state: body.state ?? null, denied: body.denied ?? null };
}

// /v1/webhook_endpoints: the one that the settings name, and those that were made by a call.

import { checkWebhookUrl } from '../config.js';
import { newId, randomText } from '../world/ids.js';
import { refuse } from './errors.js';
import { page } from './lists.js';
import { find } from './lookup.js';

function ofSettings(settings, live) {
  return {
    id: 'we_standin0000000000000001',
    object: 'webhook_endpoint',
    api_version: settings.apiVersion,
    application: null,
    created: 1700000000,
    description: null,
    enabled_events: settings.enabledEvents,
    livemode: live,
    metadata: {},
    status: settings.deliveriesEnabled ? 'enabled' : 'disabled',
    url: settings.webhookUrl,
  };
}

export function list({ world, settings, live, values }) {
  const made = page(world.endpoints, live, values, { url: '/v1/webhook_endpoints' });
  if (settings.webhookUrl && !made.has_more) made.data.push(ofSettings(settings, live));
  return made;
}

// The secret is in this answer and never again.
export function create({ world, live, values }) {
  const fault = checkWebhookUrl(values.url);
  if (fault) throw refuse(`Invalid URL: ${fault}`, 'url');
  const secret = `whsec_${randomText(32)}`;
  const { object } = world.endpoints.insert(
    {
      id: newId('we'),
      object: 'webhook_endpoint',
      api_version: values.api_version ?? null,
      application: null,
      created: world.now(),
      description: values.description || null,
      enabled_events: values.enabled_events,
      livemode: live,
      metadata: values.metadata ?? {},
      status: 'enabled',
      url: values.url,
    },
    live,
    { secret },
  );
  return { ...object, secret };
}

export function update(ctx) {
  const row = find(ctx, ctx.world.endpoints, ctx.id, 'webhook_endpoint');
  const { disabled, enabled_events, url } = ctx.values;
  row.object = {
    ...row.object,
    ...(enabled_events && { enabled_events }),
    ...(url && { url }),
    ...(disabled !== undefined && { status: disabled ? 'disabled' : 'enabled' }),
  };
  return row.object;
}

// Settings of the stand-in, read from the environment once, all faults named at the same time.

const KEY = /^(sk|rk)_(test|live)_[A-Za-z0-9_]+$/;

export class ConfigError extends Error {}

function readKeys(env, faults) {
  const keys = (env.STANDIN_SECRET_KEYS || '')
    .split(',')
    .map((k) => k.trim())
    .filter(Boolean);
  if (keys.length === 0) faults.push('STANDIN_SECRET_KEYS is empty: name at least one key');
  // The key itself is never printed: a log of a test run may be shown to anyone.
  if (keys.some((k) => !KEY.test(k))) {
    faults.push('STANDIN_SECRET_KEYS: each must look like sk_test_… rk_test_… sk_live_… rk_live_…');
  }
  return keys;
}

function readPort(env, faults) {
  const text = env.STANDIN_PORT || '0';
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > 65535) faults.push('STANDIN_PORT is no port number');
  return port;
}

export function checkWebhookUrl(text) {
  let url;
  try {
    url = new URL(text);
  } catch {
    return 'is no URL';
  }
  const loopback = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
  if (url.protocol === 'https:' || (url.protocol === 'http:' && loopback)) return null;
  return 'must be https, or http to loopback';
}

export function readConfig(env) {
  const faults = [];
  const config = {
    port: readPort(env, faults),
    keys: readKeys(env, faults),
    webhookUrl: env.STANDIN_WEBHOOK_URL || '',
    webhookSecret: env.STANDIN_WEBHOOK_SECRET || '',
    webhookSecretFile: env.STANDIN_WEBHOOK_SECRET_FILE || '',
    caFile: env.STANDIN_CA_FILE || '',
    apiVersion: env.STANDIN_API_VERSION || '2026-07-29.dahlia',
  };
  if (config.webhookUrl) {
    const fault = checkWebhookUrl(config.webhookUrl);
    if (fault) faults.push(`STANDIN_WEBHOOK_URL ${fault}`);
  }
  if (faults.length) throw new ConfigError(faults.join('\n'));
  return config;
}

export function keyMode(key) {
  return KEY.exec(key)[2] === 'live';
}

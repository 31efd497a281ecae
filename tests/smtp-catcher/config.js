// The settings, all of them from the environment.

export class ConfigError extends Error {}

function readPort(env, name) {
  const text = env[name] ?? '0';
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > 65535) throw new ConfigError(`${name} is no port: ${text}`);
  return port;
}

function readSwitch(env, name) {
  const text = env[name] ?? '0';
  if (text !== '0' && text !== '1') throw new ConfigError(`${name} must be 0 or 1`);
  return text === '1';
}

function readAuth(env) {
  if (!env.CATCHER_AUTH) return null;
  const colon = env.CATCHER_AUTH.indexOf(':');
  if (colon < 1) throw new ConfigError('CATCHER_AUTH must be user:password');
  return {
    user: env.CATCHER_AUTH.slice(0, colon),
    password: env.CATCHER_AUTH.slice(colon + 1),
  };
}

export function readConfig(env) {
  return {
    port: readPort(env, 'CATCHER_PORT'),
    controlPort: readPort(env, 'CATCHER_CONTROL_PORT'),
    starttls: readSwitch(env, 'CATCHER_STARTTLS'),
    implicitTls: readSwitch(env, 'CATCHER_IMPLICIT_TLS'),
    auth: readAuth(env),
  };
}

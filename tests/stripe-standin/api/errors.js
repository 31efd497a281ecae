// Stripe's errors: status, type, code, and whether they belong to the execution of a request.

const DOC = 'https://stripe.com/docs/error-codes';

export class ApiError extends Error {
  constructor(status, fields, { executed = false, headers = {} } = {}) {
    super(fields.message);
    this.status = status;
    this.fields = fields;
    // A refusal before execution leaves no trace under the idempotency key; one made inside is replayed.
    this.executed = executed;
    this.headers = headers;
  }

  body(requestId) {
    const error = { type: 'invalid_request_error', ...this.fields };
    if (error.code) error.doc_url = `${DOC}/${error.code.replaceAll('_', '-')}`;
    error.request_log_url = `https://dashboard.stripe.com/logs/${requestId}`;
    return { error };
  }
}

export const refuse = (message, param, code) =>
  new ApiError(400, { message, ...(param && { param }), ...(code && { code }) });

export const refuseExecuted = (message, param, code) =>
  new ApiError(400, { message, ...(param && { param }), ...(code && { code }) }, { executed: true });

export function parameterUnknown(names) {
  const message = `Received unknown parameter${names.length > 1 ? 's' : ''}: ${names.join(', ')}`;
  return refuse(message, names[0], 'parameter_unknown');
}

export const parameterMissing = (param) =>
  refuse(`Missing required param: ${param}.`, param, 'parameter_missing');

export const parameterEmpty = (param) =>
  refuse(
    `You passed an empty string for '${param}'. We assume empty values are an attempt to unset a parameter; ` +
      `however '${param}' cannot be unset. You should remove '${param}' from your request or supply a non-empty value.`,
    param,
    'parameter_invalid_empty',
  );

export const parametersExclusive = (names) =>
  refuse(
    `You may only specify one of these parameters: ${names.join(', ')}.`,
    names[0],
    'parameters_exclusive',
  );

function otherMode(live) {
  return live
    ? 'a similar object exists in test mode, but a live mode key was used to make this request.'
    : 'a similar object exists in live mode, but a test mode key was used to make this request.';
}

function missingMessage(kind, id, live, existsInOtherMode) {
  const quoted = kind === 'checkout.session' ? id : `'${id}'`;
  const message = `No such ${kind}: ${quoted}`;
  return existsInOtherMode ? `${message}; ${otherMode(live)}` : message;
}

// In the path it is a 404; named by a parameter of a request that was understood, a 400.
export function resourceMissing({ kind, id, param, live, elsewhere = false, status = 404 }) {
  const message = missingMessage(kind, id, live, elsewhere);
  return new ApiError(status, { message, param, code: 'resource_missing' }, { executed: status === 400 });
}

export const noKey = () =>
  new ApiError(
    401,
    {
      message:
        'You did not provide an API key. You need to provide your API key in the Authorization header, ' +
        "using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY').",
    },
    { headers: { 'WWW-Authenticate': 'Bearer realm="Stripe"' } },
  );

export function badKey(key) {
  const shown = key.length > 12 ? `${key.slice(0, 8)}${'*'.repeat(8)}${key.slice(-4)}` : '****';
  return new ApiError(
    401,
    { message: `Invalid API Key provided: ${shown}` },
    { headers: { 'WWW-Authenticate': 'Bearer realm="Stripe"' } },
  );
}

export const expiredKey = () =>
  new ApiError(401, { message: 'Expired API Key provided.', code: 'api_key_expired' });

export const noPermission = (permission) =>
  new ApiError(403, {
    message:
      'The provided key does not have the required permissions for this endpoint. ' +
      `Having the '${permission}' permission would allow this request to continue.`,
  });

export const unknownUrl = (method, path) =>
  new ApiError(404, { message: `Unrecognized request URL (${method}: ${path}).` });

export const keyReused = (key) =>
  new ApiError(400, {
    type: 'idempotency_error',
    message:
      'Keys for idempotent requests can only be used with the same parameters they were first used with. ' +
      `Try using a key other than '${key}' if you meant to execute a different request.`,
  });

export const keyInUse = (key) =>
  new ApiError(
    409,
    {
      type: 'idempotency_error',
      code: 'idempotency_key_in_use',
      message: `There is currently another in-progress request using this Idempotent Key: ${key}. Please try again later.`,
    },
    { headers: { 'Stripe-Should-Retry': 'true' } },
  );

// Stripe knows it, the stand-in does not: said so, since a wrong imitation would prove nothing.
export const notImitated = (param) =>
  refuse(`The stand-in does not imitate '${param}'; Stripe may accept it.`, param, 'standin_unsupported');

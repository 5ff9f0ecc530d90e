'use strict';
// Stands in for the dead package `request`: see ../README.md.
module.exports = function request(options, callback) {
  exchange(options).then(
    ([response, body]) => callback(null, response, body),
    (error) => callback(error),
  );
};

async function exchange(options) {
  const url = new URL(options.uri);
  for (const [key, value] of Object.entries(options.qs ?? {}))
    for (const one of Array.isArray(value) ? value : [value]) if (one !== undefined && one !== null) url.searchParams.append(key, String(one));
  const signal = options.timeout ? AbortSignal.timeout(options.timeout) : undefined;
  const response = await fetch(url, { method: options.method, headers: options.headers, body: options.body, signal, redirect: 'manual' });
  const bytes = Buffer.from(await response.arrayBuffer());
  const body = options.encoding === null ? bytes : bytes.toString('utf8');
  return [{ statusCode: response.status, headers: Object.fromEntries(response.headers), body }, body];
}

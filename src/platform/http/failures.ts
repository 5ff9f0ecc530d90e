import { type Code, TocsinError } from '../../core/errors.ts';

const DNS = new Set([
  'ENOTFOUND',
  'EAI_AGAIN',
  'EAI_FAIL',
  'EAI_NODATA',
  'EAI_NONAME',
  'ENODATA',
  'ESERVFAIL',
  'ETIMEOUT',
]);
const TIMEOUT = new Set(['ETIMEDOUT', 'UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT']);
const PROXY = new Set(['UND_ERR_PRX_CONN', 'UND_ERR_PRX_TLS', 'UND_ERR_SOCKS5', 'UND_ERR_SOCKS5_AUTH']);
const TLS =
  /^(?:ERR_TLS|ERR_SSL|CERT_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|EPROTO|HOSTNAME_MISMATCH|INVALID_CA|CRL_|ERR_OSSL)/;

const SENTENCES: Record<string, string> = {
  fetch_dns: 'The name does not resolve: check the address and the DNS of this machine.',
  fetch_timeout: 'The server did not answer in time.',
  fetch_connection: 'The connection failed.',
  fetch_tls: 'The TLS certificate or handshake is not acceptable.',
  fetch_too_large: 'The answer is larger than allowed.',
  fetch_blocked_address:
    'The address is private or reserved: set network.allowPrivateAddresses to true if it is meant.',
  fetch_proxy: 'The proxy refused or failed: check network.proxy.',
};

/** A failure of the fetch itself. `host` names the server without path and query, which may hold secrets. */
export function fetchError(
  code: Code,
  host: string,
  facts: Record<string, string | number | null> = {},
  cause?: unknown,
): TocsinError {
  return new TocsinError(code, `${host}: ${SENTENCES[code] ?? code}`, { host, ...facts }, cause);
}

/** What undici, net, tls, dns or zlib threw, in our words. */
export function asFetchError(error: unknown, host: string, viaProxy: boolean): TocsinError {
  if (error instanceof TocsinError) return error;
  const reason = reasonOf(error);
  const code = codeFor(reason, error, viaProxy);
  return fetchError(code, host, { reason }, error);
}

function codeFor(reason: string, error: unknown, viaProxy: boolean): Code {
  if (reason === 'EBLOCKED') return 'fetch_blocked_address';
  if (PROXY.has(reason)) return 'fetch_proxy';
  const message = error instanceof Error ? error.message : '';
  if (viaProxy && /proxy|socks/i.test(message)) return 'fetch_proxy';
  // Behind a proxy the only name we resolve and the only port we call are the proxy's.
  if (viaProxy && (DNS.has(reason) || reason === 'ECONNREFUSED')) return 'fetch_proxy';
  if (DNS.has(reason)) return 'fetch_dns';
  if (TIMEOUT.has(reason)) return 'fetch_timeout';
  if (TLS.test(reason)) return 'fetch_tls';
  if (reason === 'UND_ERR_HEADERS_OVERFLOW' || reason === 'HPE_HEADER_OVERFLOW') return 'fetch_too_large';
  return 'fetch_connection';
}

/** The system's or library's code; that of the first attempt where several addresses were tried. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const own = (error as NodeJS.ErrnoException).code;
  const inner = error instanceof AggregateError ? error.errors[0] : error.cause;
  if (typeof own === 'string' && own !== 'UND_ERR_SOCKET') return own;
  const deeper = inner instanceof Error ? (inner as NodeJS.ErrnoException).code : undefined;
  return typeof deeper === 'string' ? deeper : (own ?? error.name);
}

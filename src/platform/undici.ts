import { createRequire } from 'node:module';
import type * as Undici from 'undici';
import { atEnd } from '../core/errors.ts';

/**
 * The parts of undici that this program uses, without the rest: `import 'undici'` also loads its fetch, WebSocket, cache and mocks,
 * 13 MB of resident memory that an idle bot would keep (docs/decisions/memory-and-start.md). The package declares no `exports`, so its files
 * can be asked for by name; the version is pinned, and `test/unit/http/undici.test.ts` fails when an update moves them.
 */
const load = createRequire(import.meta.url);

/** HTTP/2, which only trusted resolvers are asked by (`allowH2: true`): undici finds this in the place of its own part, and that is read when it is called. */
const HTTP2 = load.resolve('undici/lib/dispatcher/client-h2.js');
const standIn = { id: HTTP2, filename: HTTP2, loaded: true, exports: readHttp2 } as unknown as NodeJS.Module;
if (!load.cache[HTTP2]) load.cache[HTTP2] = standIn;

function readHttp2(...args: unknown[]): unknown {
  if (load.cache[HTTP2] === standIn) delete load.cache[HTTP2];
  return (load(HTTP2) as typeof readHttp2)(...args);
}

export const Client: typeof Undici.Client = load('undici/lib/dispatcher/client.js');
export const Agent: typeof Undici.Agent = load('undici/lib/dispatcher/agent.js');

const { request: dispatchRequest } = load('undici/lib/api/index.js') as {
  request: (
    this: Undici.Dispatcher,
    options: Omit<RequestOptions, 'dispatcher'> & { origin: string; path: string },
  ) => Promise<Undici.Dispatcher.ResponseData>;
};

type RequestOptions = Omit<Undici.Dispatcher.RequestOptions, 'origin' | 'path'> & {
  dispatcher: Undici.Dispatcher;
  /** To one host at a time; more wait. The agent of SOCKS5 proxies hears of it here alone. */
  connections?: number;
};

/** As undici's `request`: resolves with the status, the headers and a body still to be read; throws its errors. No redirect is followed. */
export function request(url: URL, options: RequestOptions): Promise<Undici.Dispatcher.ResponseData> {
  const { dispatcher, ...rest } = options;
  return dispatchRequest.call(dispatcher, { ...rest, origin: url.origin, path: url.pathname + url.search });
}

/** The whole: agents of proxies rest on methods that the index adds to all dispatchers. Loaded where there is a proxy. */
const whole = (): typeof Undici => load('undici') as typeof Undici;

/** Connections through the operator's HTTP proxy. Left to itself it counts none of those for plain `http:`. */
export function proxyAgent(options: Undici.ProxyAgent.Options): Undici.ProxyAgent {
  const { ProxyAgent, Pool } = whole();
  return new ProxyAgent({ ...options, factory: (origin, own) => new Pool(origin, { ...options, ...own }) });
}

/** Connections through the operator's SOCKS5 proxy. undici warns on stderr that this is experimental; the version is pinned and the path is tested. */
export function socksAgent(url: string, options: Undici.Socks5ProxyAgent.Options): Undici.Socks5ProxyAgent {
  const { Socks5ProxyAgent } = whole();
  const warn = process.emitWarning;
  process.emitWarning = () => {};
  using _ = atEnd(() => (process.emitWarning = warn));
  return new Socks5ProxyAgent(url, options);
}

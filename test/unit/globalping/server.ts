import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';

/** What probes of a country find, by the kind of test and the target. */
export type Finds = (ask: {
  type: 'http' | 'dns';
  target: string;
  resolver: string | null;
  country: string;
  i: number;
}) => object;

export const FINE_HTTP = { status: 'finished', statusCode: 403, statusCodeName: 'Forbidden', rawOutput: '' };
export const FAILED = { status: 'failed', failureSource: 'target', statusCode: null, rawOutput: 'Request timeout.' };
export const FINE_DNS = {
  status: 'finished',
  statusCode: 0,
  statusCodeName: 'NOERROR',
  answers: [{ name: 'x.', type: 'A', ttl: 60, class: 'IN', value: '192.0.2.1' }],
};
export const GONE = { status: 'finished', statusCode: 3, statusCodeName: 'NXDOMAIN', answers: [] };
export const fine: Finds = ({ type }) => (type === 'http' ? FINE_HTTP : FINE_DNS);

const readAll = async (request: IncomingMessage): Promise<string> => {
  let text = '';
  for await (const piece of request) text += String(piece);
  return text;
};

/** A Globalping on loopback: measurements are done when they are asked for the second time. Counts tests. */
export function globalping(finds: Finds, options: { remaining?: number; networks?: number } = {}) {
  const measurements = new Map<string, { body: object; looks: number }>();
  const told = { tests: 0, posts: [] as { type: string; target: string; measurementOptions: { resolver?: string } }[] };
  const json = (response: ServerResponse, status: number, value: object, headers: Record<string, string> = {}) =>
    void response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(value));
  const listener: RequestListener = async (request, response) => {
    if (request.url === '/v1/limits')
      return json(response, 200, {
        rateLimit: {
          measurements: { create: { type: 'ip', limit: 250, remaining: options.remaining ?? 250, reset: 60 } },
        },
      });
    const id = /^\/v1\/measurements\/([\w-]+)$/.exec(request.url ?? '')?.[1];
    if (id !== undefined) {
      const known = measurements.get(id);
      if (!known) return json(response, 404, { error: { type: 'not_found', message: '' } });
      return json(response, 200, { ...known.body, status: known.looks++ === 0 ? 'in-progress' : 'finished' });
    }
    const ask = JSON.parse(await readAll(request)) as {
      type: 'http' | 'dns';
      target: string;
      locations: { country: string; limit: number }[];
      measurementOptions: { resolver?: string };
    };
    told.posts.push(ask);
    const results = ask.locations.flatMap(({ country, limit }) =>
      Array.from({ length: limit }, (_, i) => ({
        probe: {
          country,
          asn: 64_500 + (i % (options.networks ?? 100)) + (country === 'RU' ? 0 : 1_000),
          city: 'X',
          network: 'N',
          tags: [],
        },
        result: finds({
          type: ask.type,
          target: ask.target,
          resolver: ask.measurementOptions.resolver ?? null,
          country,
          i,
        }),
      })),
    );
    told.tests += results.length;
    const made = `m${measurements.size}`;
    measurements.set(made, { body: { id: made, type: ask.type, results }, looks: 0 });
    return json(
      response,
      202,
      { id: made, probesCount: results.length },
      { 'x-ratelimit-remaining': '100', 'x-ratelimit-reset': '60' },
    );
  };
  return { listener, told };
}

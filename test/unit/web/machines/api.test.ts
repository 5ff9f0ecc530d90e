import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import DESCRIPTION from '../../../../config/openapi.json' with { type: 'json' };
import { incidentLine } from '../../../../src/cli/incidents.ts';
import { ACTIONS, CONFIDENCES, type Incident, METHODS } from '../../../../src/core/model/incident.ts';
import { openTestSite, type TestSite } from '../site/support.ts';
import { HOUR, put } from './world.ts';

let site: TestSite;
beforeEach(async () => {
  site = await openTestSite();
});
afterEach(() => site.close());

interface Page {
  items: { id: string }[];
  next: string | null;
}
const page = async (query = '') => {
  const { status, text, headers } = await site.get(`/api/v1/incidents${query}`);
  expect([status, headers.get('content-type')]).toEqual([200, 'application/json; charset=utf-8']);
  return { ...(JSON.parse(text) as Page), headers };
};
const STATES = ['threatened', 'active', 'easing', 'lifted', 'withdrawn'] as const;
const idsOf = async (query = '') => (await page(query)).items.map(({ id }) => id);
const problem = async (path: string) => {
  const { status, headers, text } = await site.get(path);
  expect(headers.get('content-type')).toBe('application/problem+json');
  return { answered: status, ...(JSON.parse(text) as Record<string, unknown>) } as Record<string, unknown>;
};
/** What is made stands for five seconds, and what the list is made of for two. */
const later = () => site.clock.pass(6_000);

test('an incident: exactly what the command line prints of it, in a list and by itself', async () => {
  const made = await put(site, {}, [{}, {}]);
  const line = JSON.parse(JSON.stringify(await incidentLine(site.store, made))) as object;
  expect((await page()).items).toEqual([line]);
  const { text, headers } = await site.get('/api/v1/incidents/RU-whatsapp-3f9k');
  expect(JSON.parse(text)).toEqual(line);
  expect(headers.get('access-control-allow-origin')).toBe('*');
  expect((await site.get('/api/v1/incidents', { 'if-none-match': (await page()).headers.get('etag')! })).status).toBe(
    304,
  );
});

test('filters: open, country, service, since; an empty one is none', async () => {
  const now = site.clock.now();
  await put(site);
  await put(site, { id: 'IR-telegram-aaaa', country: 'IR', service: 'telegram', openedAt: now - 48 * HOUR });
  await put(site, {
    id: 'RU-signal-bbbb',
    service: 'signal',
    open: false,
    state: 'lifted',
    closedAt: now,
    openedAt: now - 2 * HOUR,
  });
  await put(site, { id: 'XX-any-cccc', country: null, service: null, openedAt: now - 72 * HOUR });
  const all = ['RU-whatsapp-3f9k', 'RU-signal-bbbb', 'IR-telegram-aaaa', 'XX-any-cccc'];
  expect(await idsOf()).toEqual(all);
  expect(await idsOf('?open=true&country=RU&service=&cursor=')).toEqual(['RU-whatsapp-3f9k']);
  expect(await idsOf('?open=false')).toEqual(['RU-signal-bbbb']);
  expect(await idsOf('?service=telegram')).toEqual(['IR-telegram-aaaa']);
  expect(await idsOf(`?since=${new Date(now - 3 * HOUR).toISOString()}`)).toEqual(all.slice(0, 2));
  expect(await idsOf('?since=2026-11-24T00:00:00+00:00')).toEqual(all.slice(0, 2));
  expect(await idsOf('?country=DE')).toEqual([]);
});

describe('pages', () => {
  const put25 = async () => {
    const now = site.clock.now();
    // Five at a time began at one moment.
    for (let i = 0; i < 25; i++)
      await put(site, { id: `RU-x-${String(i).padStart(4, '0')}`, openedAt: now - Math.floor(i / 5) * HOUR });
  };
  const walk = async (query: string, between: () => Promise<void> = async () => undefined) => {
    const seen: string[] = [];
    for (let cursor = ''; ;) {
      const { items, next, headers } = await page(`?${query}&cursor=${cursor}`);
      seen.push(...items.map(({ id }) => id));
      expect(headers.get('link') === null).toBe(next === null);
      if (next === null) return seen;
      expect(headers.get('link')).toContain(`cursor=${next}`);
      cursor = next;
      await between();
    }
  };

  test.each([1, 3, 7, 25, 100])('of %i: each incident once', async (limit) => {
    await put25();
    const seen = await walk(`limit=${limit}`);
    expect(seen).toHaveLength(25);
    expect(new Set(seen).size).toBe(25);
  });

  test('while new ones come, and old ones change: none twice, none left out', async () => {
    await put25();
    let news = 0;
    const seen = await walk('limit=4', async () => {
      await later();
      await put(site, { id: `RU-new-${++news}`, openedAt: site.clock.now() });
      const old = (await site.store.incidents.get('RU-x-0024'))!;
      await site.store.incidents.update({ ...old, lastReportAt: site.clock.now(), version: old.version + 1 });
    });
    expect(seen).toHaveLength(25);
    expect(new Set(seen).size).toBe(25);
    await later();
    expect((await idsOf('?limit=3'))[0]).toBe(`RU-new-${news}`);
  });

  test('cursors that are none, that were changed, or are of another list', async () => {
    await put25();
    const { next } = await page('?limit=2&country=RU');
    for (const cursor of ['x', 'AAAA', `${next}AAAA`, next!.slice(0, -6), '../..', '%00', 'é'])
      expect(await problem(`/api/v1/incidents?limit=2&country=RU&cursor=${cursor}`)).toMatchObject({
        answered: 400,
        parameter: 'cursor',
      });
    expect(await problem(`/api/v1/incidents?cursor=${next}`)).toMatchObject({
      detail: expect.stringContaining('another list') as string,
    });
  });
});

test.each([
  ['?open=maybe', 'open'],
  ['?country=Russia', 'country'],
  ['?service=WhatsUp', 'service'],
  ['?limit=0', 'limit'],
  ['?limit=101', 'limit'],
  ['?limit=1e2', 'limit'],
  ['?since=yesterday', 'since'],
  ['?since=2026-13-45', 'since'],
  ['?opne=true', 'opne'],
  ['?open=true&open=false', 'open'],
])('%s: a problem that names it', async (query, parameter) => {
  const said = await problem(`/api/v1/incidents${query}`);
  expect(said).toMatchObject({ answered: 400, status: 400, parameter, type: 'about:blank' });
  expect(validators.Problem(Object.fromEntries(Object.entries(said).filter(([key]) => key !== 'answered')))).toBe(true);
});

test('an incident that does not exist, a path that does not exist: problems', async () => {
  expect(await problem('/api/v1/incidents/RU-nothing-0000')).toMatchObject({ answered: 404, parameter: 'id' });
  expect(await problem(`/api/v1/incidents/${'x'.repeat(1_000)}`)).toMatchObject({ answered: 404 });
  expect(await problem('/api/v2/incidents')).toMatchObject({
    answered: 404,
    detail: expect.stringContaining('openapi.json') as string,
  });
  expect((await fetch(`${site.url}/api/v1/incidents`, { method: 'POST', body: '{}' })).status).toBe(405);
});

test('nothing about chats: a chat that follows all, and a name of it, stand in no answer', async () => {
  const chat = await site.store.chats.ensure(
    { accountId: 'tg', chat: 'SECRETCHAT', thread: null },
    { platform: 'telegram', kind: 'private', lang: 'ru', now: site.clock.now() },
  );
  await site.store.subscriptions.add(chat.id, [{ country: '*', service: '*' }], site.clock.now());
  await put(site);
  for (const path of [
    '/feed.json',
    '/feed.atom',
    '/api/v1/incidents',
    '/api/v1/openapi.json',
    '/badge/ru-whatsapp.svg',
  ])
    expect((await site.get(path)).text).not.toMatch(/SECRETCHAT|telegram/);
});

const ajv = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true });
ajv.addFormat('date-time', /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z$/);
const SCHEMAS = DESCRIPTION.components.schemas;
ajv.addSchema({ $id: 'root', components: { schemas: SCHEMAS } } as object, 'root');
ajv.addKeyword('components');
const validator = (name: keyof typeof SCHEMAS) => ajv.compile({ $ref: `root#/components/schemas/${name}` });
const validators = {
  Incident: validator('Incident'),
  Incidents: validator('Incidents'),
  States: validator('States'),
  Problem: validator('Problem'),
};

describe('the description', () => {
  interface Description {
    openapi: string;
    paths: Record<
      string,
      { get: { operationId: string; parameters: { name: string; in: string }[]; responses: Record<string, unknown> } }
    >;
    components: { schemas: typeof SCHEMAS };
  }

  test('is OpenAPI 3.1: every reference leads somewhere, every parameter of a path is described, operations have names of their own', async () => {
    const { text } = await site.get('/api/v1/openapi.json');
    const described = JSON.parse(text) as Description;
    expect(described.openapi).toMatch(/^3\.1\./);
    expect(described.components.schemas).toEqual(SCHEMAS);
    for (const [, name] of text.matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g))
      expect(SCHEMAS).toHaveProperty(name!);
    const operations = Object.values(described.paths).map(({ get }) => get);
    expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length);
    for (const [path, { get }] of Object.entries(described.paths)) {
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      expect(get.parameters.filter((one) => one.in === 'path').map(({ name }) => name)).toEqual(inPath);
    }
  });

  test('its words are those of the record', () => {
    const { action, state, method, confidence } = SCHEMAS.Incident.properties;
    expect([action.enum, state.enum, method.anyOf[0]!.enum, confidence.enum]).toEqual([
      [...ACTIONS],
      [...STATES],
      [...METHODS],
      [...CONFIDENCES],
    ]);
  });

  test('every path that it names is answered as it says', async () => {
    await put(site);
    const described = JSON.parse((await site.get('/api/v1/openapi.json')).text) as Description;
    const stop = new AbortController();
    for (const [path, { get }] of Object.entries(described.paths)) {
      const real = path.replace('{id}', 'RU-whatsapp-3f9k').replace('{name}', 'ru-whatsapp.svg');
      const answer = await fetch(site.url + real, { signal: stop.signal });
      expect(get.responses).toHaveProperty(String(answer.status));
      const { content } = get.responses[String(answer.status)] as { content: Record<string, unknown> };
      expect(Object.keys(content)).toContain(answer.headers.get('content-type')!.split(';')[0]);
    }
    stop.abort();
  });

  const at = fc.integer({ min: Date.UTC(2015, 0), max: Date.UTC(2026, 10, 25) });
  const incidents = fc.uniqueArray(
    fc.record({
      id: fc.stringMatching(/^[A-Z]{2}-[a-z]{1,8}-[a-z0-9]{4}$/),
      country: fc.option(fc.constantFrom('RU', 'IR', 'EU')),
      service: fc.option(fc.constantFrom('whatsapp', 'internet', 'signal')),
      action: fc.constantFrom(...ACTIONS),
      state: fc.constantFrom(...STATES),
      confidence: fc.constantFrom(...CONFIDENCES),
      method: fc.option(fc.constantFrom(...METHODS)),
      openedAt: at,
      corroboratedAt: fc.option(at),
      closedAt: fc.option(at),
      open: fc.boolean(),
    }),
    { selector: ({ id }) => id, minLength: 1, maxLength: 6 },
  );

  test('whatever the incidents are: answers are as the schemas say, and a schema refuses what is none', async () => {
    await fc.assert(
      fc.asyncProperty(incidents, fc.integer({ min: 1, max: 4 }), async (all, limit) => {
        const own = await openTestSite();
        try {
          for (const one of all) await put(own, one as Partial<Incident>, [{}, { report: { itemId: null } }]);
          const states = JSON.parse((await own.get('/api/v1/states')).text) as object;
          expect(validators.States(states), JSON.stringify(validators.States.errors)).toBe(true);
          expect(validators.States({ ...states, more: 1 })).toBe(false);
          let count = 0;
          for (let cursor: string | null = ''; cursor !== null;) {
            const answered = JSON.parse(
              (await own.get(`/api/v1/incidents?limit=${limit}&cursor=${cursor}`)).text,
            ) as Page;
            expect(validators.Incidents(answered), JSON.stringify(validators.Incidents.errors)).toBe(true);
            expect(validators.Incidents({ ...answered, more: 1 })).toBe(false);
            for (const one of answered.items) {
              const alone = JSON.parse((await own.get(`/api/v1/incidents/${one.id}`)).text) as object;
              expect(validators.Incident(alone), JSON.stringify(validators.Incident.errors)).toBe(true);
              expect(validators.Incident({ ...alone, state: 'on fire' })).toBe(false);
            }
            count += answered.items.length;
            cursor = answered.next;
          }
          expect(count).toBe(all.length);
        } finally {
          await own.close();
        }
      }),
      { numRuns: 12 },
    );
  });
});

/** What others bring to the listener: when there is a door at all, and what goes through it. */
import { describe, expect, test } from 'vitest';
import { type IngestRelay, type IntakeDeps, openAgentIntake, openReports } from '../../src/app/intakes.ts';
import { bundledRegions } from '../../src/config/catalogue.ts';
import type { Config } from '../../src/config/schema.ts';
import type { Measurement } from '../../src/core/model/measurement.ts';
import type { Statement } from '../../src/core/model/report.ts';
import type { Store } from '../../src/core/ports/store.ts';
import type { Web } from '../../src/web/index.ts';
import type { Route } from '../../src/web/server.ts';
import { FakeClock } from '../fakes/fake-clock.ts';
import { quietLog as log } from '../fakes/fake-log.ts';

const AGENT = { id: 'tallinn', token: 'a-token-of-twenty-characters', country: 'RU', asn: 'AS64500' };
const PUSH = { id: 'newsroom', kind: 'push', token: 'newsroom-token-1', as: 'outlet', lang: 'en' };
const FEED = { id: 'bbc', kind: 'rss', url: 'https://bbc.example/', cron: '* * * * *', publisher: 'bbc' };

function door(parts: { agents?: object[]; sources?: object[]; listens?: boolean; stopped?: boolean }) {
  const routes = new Map<string, Route>();
  const kept = new Map<string, unknown>();
  const namespaces: string[] = [];
  const stated: { sourceId: string; statements: readonly Statement[] }[] = [];
  const measured: Measurement[][] = [];
  const web = { mount: (path: string, route: Route) => void routes.set(path, route) } as unknown as Web;
  const deps: IntakeDeps = {
    config: {
      agents: parts.agents ?? [],
      sources: parts.sources ?? [],
      vantage: null,
      catalogue: { services: [{ id: 'whatsapp', name: 'WhatsApp', aliases: [], category: 'messenger' }] },
    } as unknown as Config,
    store: {
      state(namespace: string) {
        namespaces.push(namespace);
        return {
          get: async (key: string) => kept.get(key),
          set: async (key: string, value: unknown) => void kept.set(key, value),
          delete: async (key: string) => void kept.delete(key),
        };
      },
    } as unknown as Store,
    clock: new FakeClock(),
    log,
    ingestRelay: {
      async statements(sourceId: string, statements: readonly Statement[]) {
        stated.push({ sourceId, statements });
        return statements.length;
      },
      async measurements(_agent: string, list: Measurement[]) {
        measured.push(list);
      },
    } as unknown as IngestRelay,
    web: parts.listens === false ? null : web,
    stopping: parts.stopped ? AbortSignal.abort() : new AbortController().signal,
  };
  const post = async (path: string, token: string, body: unknown) => {
    const answer = await routes.get(path)!.handle({
      method: 'POST',
      path: '',
      query: new URLSearchParams(),
      headers: { authorization: `Bearer ${token}` },
      client: '127.0.0.1',
      signal: new AbortController().signal,
      body: async () => new TextEncoder().encode(JSON.stringify(body)),
    });
    return { status: answer.status, body: answer.body ? (JSON.parse(String(answer.body)) as object) : null };
  };
  return { deps, routes, namespaces, stated, measured, post, kept };
}

describe('the desk of agents', () => {
  test('no agent: none, and no path is taken', async () => {
    const { deps, routes, namespaces } = door({});
    expect(await openAgentIntake(deps)).toBeNull();
    expect([routes.size, namespaces]).toEqual([0, []]);
  });

  test('nothing listens in this process: it knows the agents of the config, and no path is taken', async () => {
    const { deps, routes } = door({ agents: [AGENT], listens: false });
    expect((await openAgentIntake(deps))!.list().map(({ id }) => id)).toEqual(['tallinn']);
    expect(routes.size).toBe(0);
  });

  test('an agent of the config: its own path, its own namespace, and a stranger is turned away', async () => {
    const { deps, routes, namespaces, post, measured } = door({ agents: [AGENT] });
    const desk = await openAgentIntake(deps);
    expect(desk!.list().map(({ id, country, asn }) => [id, country, asn])).toEqual([['tallinn', 'RU', 'AS64500']]);
    expect([[...routes.keys()], namespaces]).toEqual([['/agents'], ['agents']]);
    const batch = { v: 1, epoch: 'abcdefgh', seq: 0, dropped: 0, measurements: [] };
    expect(await post('/agents', AGENT.token, batch)).toMatchObject({ status: 200, body: { acked: 0 } });
    expect((await post('/agents', 'another-token-of-twenty', batch)).status).toBe(401);
    expect(measured.flat()).toEqual([]);
  });

  test('stopped by an operator: the agent hears of it with its next post', async () => {
    const { deps, post } = door({ agents: [AGENT] });
    const desk = await openAgentIntake(deps);
    expect([await desk!.stop('tallinn', true), await desk!.stop('nobody', true)]).toEqual([true, false]);
    const batch = { v: 1, epoch: 'abcdefgh', seq: 0, dropped: 0, measurements: [] };
    expect((await post('/agents', AGENT.token, batch)).body).toMatchObject({ stop: true });
  });
});

describe('the desk of reports', () => {
  const report = {
    id: 'r1',
    country: 'RU',
    service: 'whatsapp',
    action: 'block',
    at: '2026-11-25T09:00:00Z',
    title: 'WhatsApp is gone from the national DNS',
    url: 'https://news.example/1',
  };

  test.each<[string, Parameters<typeof door>[0]]>([
    ['feeds alone', { sources: [FEED] }],
    ['nothing listens', { sources: [PUSH], listens: false }],
  ])('%s: none, and no path is taken', async (_name, parts) => {
    const { deps, routes } = door(parts);
    await openReports({ ...deps, gazetteer: bundledRegions() });
    expect(routes.size).toBe(0);
  });

  test('a post of a source: its statements reach the pipeline under its id, as pushed, never as a first poll', async () => {
    const { deps, post, stated } = door({ sources: [FEED, PUSH] });
    await openReports({ ...deps, gazetteer: bundledRegions() });
    expect((await post('/reports', PUSH.token, report)).status).toBe(202);
    expect(stated.map(({ sourceId }) => sourceId)).toEqual(['newsroom']);
    expect(stated[0]!.statements[0]).toMatchObject({ country: 'RU', service: 'whatsapp', action: 'block' });
  });

  test.each<[string, object, string]>([
    ['a service that the catalogue has not', { service: 'unheard-of' }, 'service'],
    ['a country that there is not', { country: 'XQ' }, 'country'],
    ['a region that nobody knows', { region: 'Atlantis' }, 'region'],
  ])('%s: refused with the name of the field, and nothing goes through', async (_name, over, field) => {
    const { deps, post, stated } = door({ sources: [PUSH] });
    await openReports({ ...deps, gazetteer: bundledRegions() });
    const { status, body } = await post('/reports', PUSH.token, { ...report, ...over });
    expect([status, JSON.stringify(body).includes(field), stated]).toEqual([400, true, []]);
  });

  test('while the program stops: try again, and nothing goes through', async () => {
    const { deps, post, stated } = door({ sources: [PUSH], stopped: true });
    await openReports({ ...deps, gazetteer: bundledRegions() });
    expect((await post('/reports', PUSH.token, report)).status).toBe(503);
    expect(stated).toEqual([]);
  });
});

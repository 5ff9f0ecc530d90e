import { expect, test } from 'vitest';
import type { HttpRequest, HttpResponse } from '../../../src/core/ports/runtime.ts';
import type { SourceDeps } from '../../../src/core/ports/source.ts';
import { createSource } from '../../../src/sources/ioda/index.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';
import { recordingLog } from '../../fakes/fake-log.ts';

const answer = (status: number, data: unknown[]): HttpResponse =>
  ({
    status,
    headers: {},
    body: new TextEncoder().encode(JSON.stringify({ error: null, data })),
  }) as unknown as HttpResponse;

test('regions of no country can be read: said once, and once when they can again; whole countries go on', async () => {
  const { log, said } = recordingLog();
  const broken = { regions: new Set(['RU', 'IR']) };
  const clock = new FakeClock();
  const http = async ({ url }: HttpRequest): Promise<HttpResponse> => {
    const country = new URL(url).searchParams.get('relatedTo')?.slice('country/'.length);
    return country !== undefined && broken.regions.has(country) ? answer(500, []) : answer(200, []);
  };
  const state = { get: async () => undefined, set: async () => undefined };
  const config = {
    id: 'ioda',
    kind: 'ioda',
    url: 'https://ioda.example',
    cron: '*/10 * * * *',
    countries: ['RU', 'IR'],
  };
  const source = createSource(config as never, { http, log, clock, state } as unknown as SourceDeps);
  const poll = () => source.poll({ now: clock.now(), firstPoll: false, signal: new AbortController().signal });
  const lines = (): string[] => said().filter((line) => !line.startsWith('debug'));

  expect(await poll()).toMatchObject({ measurements: [] });
  await poll();
  expect(lines()).toEqual(['warn The regions of no country can be read: only whole countries are watched']);
  broken.regions.delete('IR');
  await poll();
  expect(lines().slice(1)).toEqual(['info The regions of countries can be read again']);
  // One country of two: no more than that country is to blame.
  await poll();
  expect(lines()).toHaveLength(2);
});

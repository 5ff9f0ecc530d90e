/** What the program makes of the sources of its configuration: those that work, those that are off, and the manners that they share. */

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openSources } from '../../src/app/open-sources.ts';
import { loadConfig } from '../../src/config/load.ts';
import type { Http } from '../../src/core/ports/runtime.ts';
import { createIds } from '../../src/platform/ids.ts';
import { openStore } from '../../src/store/open.ts';
import { FakeClock } from '../fakes/fake-clock.ts';
import { recordingLog } from '../fakes/fake-log.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tocsin-open-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function open(sources: object[], env: Record<string, string> = {}) {
  const file = join(folder, 'tocsin.json');
  await writeFile(file, JSON.stringify({ database: ':memory:', sources }));
  const config = await loadConfig({ file, env, cwd: folder });
  const clock = new FakeClock();
  const { log, said, lines } = recordingLog();
  const ids = createIds(clock);
  const store = await openStore(':memory:', { clock, log, ids });
  const asked: { url: string; at: number }[] = [];
  const http: Http = async ({ url }) => {
    asked.push({ url, at: clock.monotonic() });
    return { status: 503, headers: {}, url, body: new Uint8Array() };
  };
  const made = await openSources({ config, store, clock, ids, log, http });
  return { ...made, clock, said, lines, asked, close: () => store.close() };
}
const radar = { id: 'my-radar', kind: 'radar', countries: ['SD'] };
const ioda = { id: 'ioda', kind: 'ioda', countries: ['SD'] };

describe('a source without the token that it needs', () => {
  test.each<[string, object]>([
    ['no key', radar],
    ['null', { ...radar, token: null }],
    ['an empty text', { ...radar, token: '' }],
    ['a variable that is not set', { ...radar, token: 'env:RADAR_TOKEN' }],
  ])('%s: off, said once by its id, and never made', async (_name, block) => {
    const { sources, off, said, close } = await open([ioda, block]);
    expect(sources.map(({ id }) => id)).toEqual(['ioda']);
    expect(off).toEqual([{ id: 'my-radar', kind: 'radar', why: 'no-token' }]);
    expect(said()).toEqual(['info Source my-radar is off: it has no token']);
    await close();
  });

  test('with its token: made, and nothing said', async () => {
    const { sources, off, said, close } = await open([{ ...radar, token: 'env:T' }], { T: 'secret' });
    expect([sources.length, off, said()]).toEqual([1, [], []]);
    await close();
  });

  test('one that does without: made, and the variable is named', async () => {
    const { sources, lines, close } = await open([{ id: 'gp', kind: 'globalping', token: 'env:GP_TOKEN' }]);
    expect(sources.map(({ id }) => id)).toEqual(['gp']);
    expect(lines).toMatchObject([{ level: 'info', fields: { source: 'gp', notSet: 'GP_TOKEN' } }]);
    await close();
  });
});

test('sources of different kinds at one host: one request at a time, two seconds apart', async () => {
  const url = 'http://127.0.0.1:9';
  const { sources, clock, asked, close } = await open([
    { ...ioda, url },
    { ...radar, url, token: 't' },
    { id: 'ooni', kind: 'ooni', url, countries: ['SD'], services: ['whatsapp'] },
    { id: 'reg', kind: 'registry', format: 'domains', country: 'RU', urls: [`${url}/list`] },
  ]);
  const signal = new AbortController().signal;
  const polls = sources.map((one) => one.poll({ now: clock.now(), firstPoll: true, signal }).catch(() => null));
  await clock.pass(60_000);
  await Promise.all(polls);
  expect(asked.length).toBeGreaterThanOrEqual(4);
  const gaps = asked.slice(1).map(({ at }, i) => at - asked[i]!.at);
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(2_000);
  await close();
});

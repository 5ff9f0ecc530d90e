import { writeFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checkDatabase, checkSources } from '../../../src/cli/check.ts';
import { loadConfig } from '../../../src/config/load.ts';
import { COUNTRIES } from '../../../src/core/commands/asking/country-names.ts';
import { WATCH_LIST } from '../../../src/core/poll/etiquette.ts';
import { systemClock } from '../../../src/platform/clock.ts';
import { createIds } from '../../../src/platform/ids.ts';
import { openStore } from '../../../src/store/open.ts';
import { quietLog } from '../../fakes/fake-log.ts';
import { serve } from '../http/servers.ts';
import { dump, row } from '../registry/harness.ts';

test('sources that yield nothing by themselves: said what they are, and the register is read', async () => {
  const server = await serve((_request, response) => void response.end(dump(row('whatsapp.com'))));
  const folder = await mkdtemp(join(tmpdir(), 'tocsin-check-'));
  const file = join(folder, 'tocsin.json');
  writeFileSync(
    file,
    JSON.stringify({
      network: { allowPrivateAddresses: true },
      web: { listen: '127.0.0.1:0' },
      sources: [
        { id: 'newsroom', kind: 'push', token: 'a-token-of-some-length' },
        { id: 'z-i', kind: 'registry', format: 'z-i', country: 'RU', urls: [`${server.url}/dump.csv`] },
        { id: 'globalping', kind: 'globalping', url: server.url },
        { id: 'radar', kind: 'radar', url: server.url, token: 'env:NOT_SET' },
      ],
    }),
  );
  const config = await loadConfig({ file, env: {}, cwd: folder });
  const log = { debug() {}, info() {}, warn() {}, error() {}, child: () => log };
  const rows = await checkSources({
    config,
    clock: systemClock,
    ids: createIds(systemClock),
    log,
  });
  await server.close();
  expect(rows.map(({ name, ok, detail }) => [name, ok, detail])).toEqual([
    ['newsroom', true, 'posts to us; there is nothing to read'],
    ['z-i', true, 'was read; from its first reading on, changes are told'],
    ['globalping', true, 'is asked when an incident turns'],
    ['radar', true, 'off: no token'],
  ]);
});

test('more is followed than observatories are asked for: said by the database, where one asks for what is followed', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tocsin-check-'));
  const ids = createIds(systemClock);
  const store = await openStore(join(folder, 'full.db'), { clock: systemClock, log: quietLog, ids });
  const address = { accountId: 'console', chat: 'c', thread: null };
  const made = { platform: 'console', kind: 'private' as const, lang: 'en', now: systemClock.now() };
  const { id } = await store.chats.ensure(address, made);
  const followed = COUNTRIES.slice(0, 80).map((country) => ({ country, service: '*' }));
  await store.subscriptions.add(id, followed, systemClock.now());
  await store.close();
  const rowOf = async (sources: object[]) => {
    const file = join(folder, 'tocsin.json');
    writeFileSync(file, JSON.stringify({ database: join(folder, 'full.db'), sources }));
    const config = await loadConfig({ file, env: {}, cwd: folder });
    return (await checkDatabase({ config, clock: systemClock, ids, log: quietLog }))[0]!.detail;
  };
  const left = 'readable; chats follow more than observatories are asked for: 20 countries and 0 services are left out';
  const watched = WATCH_LIST.countries.filter((one) => followed.some(({ country }) => country === one)).length;
  expect(await rowOf([{ id: 'ioda', kind: 'ioda' }])).toBe(left.replace('20', String(80 - 52 - watched)));
  expect(await rowOf([{ id: 'ioda', kind: 'ioda', countries: ['RU'] }])).toBe('readable');
});

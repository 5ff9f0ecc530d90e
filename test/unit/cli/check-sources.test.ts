import { writeFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checkSources } from '../../../src/cli/check/sources.ts';
import { loadConfig } from '../../../src/config/load.ts';
import { systemClock } from '../../../src/platform/clock.ts';
import { createIds } from '../../../src/platform/ids.ts';
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
    signal: new AbortController().signal,
  });
  await server.close();
  expect(rows.map(({ name, ok, detail }) => [name, ok, detail])).toEqual([
    ['newsroom', true, 'posts to us; there is nothing to read'],
    ['z-i', true, 'was read; from its first reading on, changes are told'],
    ['globalping', true, 'is asked when an incident turns'],
  ]);
});

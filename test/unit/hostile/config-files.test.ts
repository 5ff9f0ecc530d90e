import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { loadConfig } from '../../../src/config/load.ts';
import { expectAtMost } from '../../fakes/pace.ts';
import { testIf } from '../../fakes/shared.ts';

const folder = mkdtempSync(join(tmpdir(), 'tocsin-hostile-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const load = (config: object) => {
  const file = join(folder, 'config.json');
  writeFileSync(file, JSON.stringify(config));
  return loadConfig({ file, env: {}, cwd: folder });
};

describe('config files', () => {
  for (const [name, config, message] of [
    ['a secret', { accounts: [{ id: 'tg', platform: 'telegram', token: 'file:/dev/zero' }] }, 'too large for a secret'],
    ['an included file', { include: ['/dev/zero'] }, 'holds more than 2000000 bytes'],
  ] as const)
    testIf(existsSync('/dev/zero'), 'needs /dev/zero', `${name} without an end: refused at once`, async () => {
      const used = process.threadCpuUsage();
      await expect(load(config)).rejects.toThrow(message);
      const { user, system } = process.threadCpuUsage(used);
      expectAtMost((user + system) / 1_000, 2_000);
    });

  test('a key of control characters: named on one line, without them', async () => {
    const told = await load({ '\u001b[2J\r\n\u202ekey': 1 }).catch((error: Error) => error.message);
    expect(told).toMatch(/unknown key/);
    expect(told).not.toMatch(/[\u0000-\u001f\u202e]/);
  });

  test('passwords in addresses, right or wrong ones: not in messages, and hidden from then on', async () => {
    const url = 'https://ann:hunter2hunter2@news.example/feed';
    const source = { id: 'a', kind: 'rss', url, cron: '*/5 * * * *', publisher: 'a', name: 'A', lang: 'en' };
    expect((await load({ sources: [source] })).redactions).toContain('hunter2hunter2');
    const told = await load({ network: { proxy: 'http://me:hunter2hunter2@p:1/path' } }).catch(
      (error: Error) => error.message,
    );
    expect(told).toContain('http://me:***@p:1/path');
  });
});

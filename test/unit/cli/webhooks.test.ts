import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { main } from '../../../src/cli/index.ts';
import { ENDED, RESUME } from '../../../src/core/model/chat.ts';
import type { Store } from '../../../src/core/ports/store.ts';
import { openStore } from '../../../src/store/open.ts';
import { deps } from '../../contract/store/samples.ts';
import { capturedOutput } from '../../fakes/captured-output.ts';

const ENDED_AT = { at: Date.UTC(2026, 1, 1), detail: 'hooks.example answered 410: it wants nothing any more' };
let folder: string;
let store: Store;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tocsin-webhooks-'));
  const hook = (id: string) =>
    `{ id: ${id}, platform: webhook, url: "https://hooks.example/s3cret", preset: slack, follow: [ru] }`;
  writeFileSync(
    join(folder, 'tocsin.yaml'),
    `database: kept.db\nbaseline: null\nsources: []\naccounts: [${['hook', 'team'].map(hook).join(', ')}]\n`,
  );
  vi.spyOn(process, 'cwd').mockReturnValue(folder);
  // Open all the while, as a running bot has it.
  store = await openStore(join(folder, 'kept.db'), deps);
});
afterEach(async () => {
  vi.restoreAllMocks();
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

const own = (id = 'hook') => store.state(`account/${id}`);
const runs = () => store.state('app').set('heartbeat', { at: Date.now(), pid: 1 });

async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const { out, err } = capturedOutput();
  const code = await main(['webhooks', ...args, '--config', join(folder, 'tocsin.yaml')]);
  return { code, out: out.join(''), err: err.join('') };
}

describe('webhooks', () => {
  test('well, failing, ended: a line each, without the address', async () => {
    await own().set(ENDED, ENDED_AT);
    await own('team').set('failing', { since: ENDED_AT.at, last: ENDED_AT.at, tries: 3 });
    const { code, out } = await run();
    expect(code).toBe(0);
    expect(out.trim().split('\n')).toEqual([
      `${'hook'.padEnd(16)} slack at hooks.example: ended 2026-02-01T00:00:00.000Z: ${ENDED_AT.detail}`,
      `${'team'.padEnd(16)} slack at hooks.example: fails since 2026-02-01T00:00:00.000Z`,
    ]);
    await own().delete(ENDED);
    expect((await run()).out).toContain('slack at hooks.example: well');
  });

  test('for scripts: a line of JSON each', async () => {
    await own().set(ENDED, ENDED_AT);
    const [first] = (await run('--json')).out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(first).toEqual({
      id: 'hook',
      preset: 'slack',
      host: 'hooks.example',
      ended: ENDED_AT.detail,
      endedAt: '2026-02-01T00:00:00.000Z',
      failingSince: null,
      resumeAsked: false,
    });
  });
});

describe('webhooks resume', () => {
  test('ended, and the bot runs: the word is left for it, and shown', async () => {
    await own().set(ENDED, ENDED_AT);
    await runs();
    const { code, out } = await run('resume', 'hook');
    expect([code, out]).toEqual([0, expect.stringContaining('goes on within')]);
    expect(await own().get(RESUME)).toEqual({ at: expect.any(Number) });
    expect(await own('team').get(RESUME)).toBeUndefined();
    expect((await run()).out).toContain('is to go on');
  });

  test('the bot does not run: its start does it, and no word is left', async () => {
    await own().set(ENDED, ENDED_AT);
    expect((await run('resume', 'hook')).out).toContain('goes on when Tocsin starts');
    expect(await own().get(RESUME)).toBeUndefined();
  });

  test('it has not ended: nothing to do', async () => {
    await runs();
    const { code, out } = await run('resume', 'hook');
    expect([code, out]).toEqual([0, expect.stringContaining('has not ended')]);
    expect(await own().get(RESUME)).toBeUndefined();
  });

  test.each([
    [['resume', 'nope'], 'No webhook is called "nope"; there are: hook, team'],
    [['resume'], 'Usage: tocsin webhooks'],
    [['restart', 'hook'], 'Usage: tocsin webhooks'],
  ])('%j: wrong usage, and what there is', async (args, said) => {
    const { code, err } = await run(...args);
    expect([code, err]).toEqual([2, expect.stringContaining(said)]);
  });
});

/** Commands about one account (`tocsin matrix verify`): which account, which database, and what is said where it cannot be done. */
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { withAccount } from '../../../src/cli/account-command.ts';
import { main } from '../../../src/cli/index.ts';
import { loadConfig } from '../../../src/config/load.ts';
import { openStore } from '../../../src/store/open.ts';
import { deps } from '../../contract/store/samples.ts';
import { capturedOutput } from '../../fakes/captured-output.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tocsin-account-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
afterEach(() => vi.restoreAllMocks());

/** Nobody answers there. */
const NOWHERE = 'http://127.0.0.1:9';
const matrix = (more: object = {}) => ({
  id: 'mx',
  platform: 'matrix',
  homeserver: NOWHERE,
  accessToken: 'syt_abc',
  e2ee: true,
  ...more,
});
function written(accounts: object[], database = join(folder, 'bot.db')): string {
  const file = join(folder, 'tocsin.json');
  writeFileSync(file, JSON.stringify({ database, sources: [], accounts }));
  return file;
}

async function run(...args: string[]): Promise<{ code: number; said: string; out: string }> {
  const { out, err } = capturedOutput();
  const code = await main(args);
  return { code, said: err.join(''), out: out.join('') };
}
const verify = (accounts: object[], ...more: string[]) =>
  run('matrix', 'verify', '--config', written(accounts), ...more);

test('without its second word, or with a third: how it is used', async () => {
  for (const args of [[], ['look'], ['verify', 'now']]) {
    const { code, said } = await run('matrix', ...args);
    expect([code, said]).toEqual([2, expect.stringContaining('Usage: tocsin matrix verify')]);
  }
  expect((await run('matrix', 'verify', '--nonsense')).code).toBe(2);
  expect((await run('matrix', '--help')).out).toContain('--recovery-key-file FILE');
});

const CASES: [what: string, accounts: object[], args: string[], says: string][] = [
  ['no such account', [{ id: 'console', platform: 'console' }], [], 'has no account of matrix: tocsin setup makes one'],
  ['two of them', [matrix(), matrix({ id: 'mx2' })], [], 'which account? --account takes one of: mx, mx2'],
  ['another name', [matrix()], ['--account', 'mx9'], '--account takes one of: mx'],
  ['without e2ee', [matrix({ e2ee: false })], [], 'set e2ee: true there'],
];
test.each(CASES)('%s: code 2, and what to do', async (_, accounts, args, says) => {
  const { code, said } = await verify(accounts, ...args);
  expect([code, said]).toEqual([2, expect.stringContaining(says)]);
});

test('a database in memory keeps no keys: code 2', async () => {
  const { code, said } = await run('matrix', 'verify', '--config', written([matrix()], ':memory:'));
  expect([code, said]).toEqual([2, expect.stringContaining('needs one that lasts')]);
});

test('a bot runs on the database: nothing is touched, and what to do is said', async () => {
  const store = await openStore(join(folder, 'bot.db'), deps);
  try {
    const { code, said } = await verify([matrix()]);
    expect([code, said]).toEqual([1, expect.stringContaining('Stop it, run this again, and start it')]);
  } finally {
    await store.close();
  }
});

test('the homeserver does not answer: code 1, without the token', async () => {
  const { code, said } = await verify([matrix()]);
  expect([code, said]).toEqual([1, expect.stringContaining(`${NOWHERE} cannot be reached`)]);
  expect(said).not.toContain('syt_abc');
});

describe('the place of an account', () => {
  const config = () => loadConfig({ file: written([matrix()]), env: {}, cwd: folder });

  test('a secret goes to a new file for its owner alone; what is there stays', async () => {
    const file = join(folder, 'recovery');
    await withAccount(await config(), 'mx', async ({ keep }) => {
      keep(file, 'Es secret');
      expect(() => keep(file, 'another')).toThrow('is there already');
      expect(() => keep(join(folder, 'nowhere', 'x'), 'another')).toThrow('cannot be written (ENOENT)');
    });
    expect([readFileSync(file, 'utf8'), statSync(file).mode & 0o777]).toEqual(['Es secret\n', 0o600]);
    expect(existsSync(join(folder, 'nowhere'))).toBe(false);
  });

  test('what is kept there is what the bot finds, and tocsin status shows it', async () => {
    const before = await run('status', '--config', written([matrix()]));
    expect(before.out).toContain('mx: encrypted rooms on; its device has not begun yet.');
    await withAccount(await config(), 'mx', async ({ state, rows }) => {
      await state.set('encryption', { deviceId: 'ABC', fingerprint: 'abcdefghij', signed: false });
      await rows.write([{ bucket: 'b', key: 'k', value: Uint8Array.of(1) }]);
    });
    const after = await run('status', '--config', written([matrix()]));
    expect(after.out).toContain(
      'mx: encrypted rooms on; device ABC, fingerprint abcd efgh ij, NOT cross-signed: tocsin matrix verify.',
    );
    const asJson = await run('status', '--json', '--config', written([matrix()]));
    expect(JSON.parse(asJson.out).accounts).toEqual([{ id: 'mx', about: expect.stringContaining('device ABC') }]);
    const off = await run('status', '--config', written([matrix({ e2ee: false })]));
    expect(off.out).not.toContain('encrypted rooms');
    const store = await openStore(join(folder, 'bot.db'), deps);
    expect(await store.rows('account/mx').get('b', 'k')).toEqual(Buffer.of(1));
    await store.close();
  });
});

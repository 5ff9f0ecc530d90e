import { afterEach, expect, test, vi } from 'vitest';
import { type Crypto, type CryptoParts, openCrypto } from '../../../../src/adapters/matrix/crypto/machine.ts';
import { FakeClock } from '../../../fakes/fake-clock.ts';
import { quietLog } from '../../../fakes/fake-log.ts';
import { memoryRows } from './support.ts';

const identity = { userId: '@bot:example.org', deviceId: 'DEVICE' };
const opened: Crypto[] = [];

async function open(parts: Partial<CryptoParts> = {}): Promise<Crypto> {
  const crypto = await openCrypto({
    identity,
    rows: memoryRows(),
    ask: async () => ({}),
    count: async () => {},
    clock: new FakeClock(),
    log: quietLog,
    signal: new AbortController().signal,
    broken: () => {},
    ...parts,
  });
  opened.push(crypto);
  return crypto;
}

const fingerprint = (crypto: Crypto): Promise<string> =>
  crypto.run('identityKeys', (machine) => machine.identityKeys.ed25519.toBase64());

afterEach(() => {
  vi.restoreAllMocks();
  for (const crypto of opened.splice(0)) crypto.close();
});

test('opened again on the same rows: the same device with the same keys', async () => {
  const rows = memoryRows();
  const first = await open({ rows });
  const before = await fingerprint(first);
  first.close();
  const second = await open({ rows });
  expect([first.fresh, second.fresh]).toEqual([true, false]);
  expect(await fingerprint(second)).toBe(before);
});

test('another device than before (a new access token): the keys of the one before are gone', async () => {
  const rows = memoryRows();
  const before = await fingerprint(await open({ rows }));
  const second = await open({ rows, identity: { ...identity, deviceId: 'OTHER' } });
  expect(second.fresh).toBe(true);
  expect(await fingerprint(second)).not.toBe(before);
  const first = await open({ rows });
  expect(first.fresh).toBe(true);
});

test('rows that keep nothing: refused, since each start would be another device', async () => {
  const rows = { ...memoryRows(), write: async () => {} };
  await expect(open({ rows })).rejects.toThrow('do not reach the database');
});

test('a write that fails: the call fails, what broke is told once, and nothing more is done', async () => {
  const rows = memoryRows();
  const broken = vi.fn();
  const crypto = await open({ rows, broken });
  rows.fail(new Error('disk full'));
  await expect(
    crypto.run('updateTrackedUsers', (machine) =>
      machine.updateTrackedUsers([new crypto.sdk.UserId('@ann:example.org')]),
    ),
  ).rejects.toThrow('disk full');
  rows.fail(null);
  await expect(fingerprint(crypto)).rejects.toThrow('disk full');
  expect(broken).toHaveBeenCalledTimes(1);
  const again = await open({ rows });
  expect(again.fresh).toBe(false);
});

test('a panic of the Rust code: only this machine ends, another goes on', async () => {
  vi.spyOn(console, 'error').mockImplementation(() => {});
  const broken = vi.fn();
  const rows = memoryRows();
  const [one, other] = [await open({ rows, broken }), await open()];
  // Its key was not shared with anybody.
  await expect(one.encrypt('!room:example.org', 'm.room.message', '{}')).rejects.toThrow('broke');
  expect(broken).toHaveBeenCalledTimes(1);
  await expect(fingerprint(one)).rejects.toThrow('broke');
  expect(await fingerprint(other)).toBeTypeOf('string');
  expect(await fingerprint(await open({ rows }))).toBeTypeOf('string');
});

test('a call that does not end: it fails after two minutes, and nothing more is done', async () => {
  const clock = new FakeClock();
  const broken = vi.fn();
  const crypto = await open({ clock, broken });
  const call = crypto.run('stuck', () => new Promise(() => {}));
  call.catch(() => {});
  await clock.pass(121_000);
  await expect(call).rejects.toThrow('does not end a call (stuck)');
  expect(broken).toHaveBeenCalledTimes(1);
});

test('what the machine wants sent: each once, and what failed again at the next flush', async () => {
  const asked: string[] = [];
  let fails = true;
  const crypto = await open({
    ask: async ({ path }) => {
      asked.push(path);
      if (path.endsWith('keys/upload') && fails) throw new Error('no route');
      return path.endsWith('keys/upload') ? { one_time_key_counts: { signed_curve25519: 50 } } : { device_keys: {} };
    },
  });
  await expect(crypto.flush()).rejects.toThrow('no route');
  fails = false;
  asked.length = 0;
  await Promise.all([crypto.flush(), crypto.flush()]);
  expect(asked.filter((path) => path.endsWith('keys/upload'))).toHaveLength(1);
});

test('odd parts of a sync: what has no shape is left out, what is left is taken in', async () => {
  const crypto = await open();
  await crypto.receive({
    to_device: {
      events: [
        null,
        5,
        {},
        { type: 'm.dummy' },
        ...['@a:b.c', 'a', '@a:b_c'].map((sender) => ({ type: 'm.dummy', sender, content: {} })),
      ],
    },
    // The library is stricter than servers about the names of servers.
    device_lists: { changed: ['@ann:example.org', 'ann', 7, '@a b:c d', '@a:b_c', '@a:b:99999'], left: ['@a:ü'] },
    device_one_time_keys_count: { signed_curve25519: 50, other: -1, third: 'x' },
    device_unused_fallback_key_types: ['signed_curve25519', 4],
  });
  await crypto.receive({});
  expect(await fingerprint(crypto)).toBeTypeOf('string');
});

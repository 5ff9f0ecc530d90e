/** A room of very many people. */
import { expect, test } from 'vitest';
import { createSharing } from '../../../../src/adapters/matrix/crypto/encryption.ts';
import { createCryptoRooms } from '../../../../src/adapters/matrix/crypto/kept.ts';
import { openCrypto } from '../../../../src/adapters/matrix/crypto/machine.ts';
import { FakeClock } from '../../../fakes/fake-clock.ts';
import { quietLog } from '../../../fakes/fake-log.ts';
import { memoryRows } from './support.ts';

test('1,200 people in a room: channels to their devices are opened by hundreds, and its key is shared once', async () => {
  const crypto = await openCrypto({
    identity: { userId: '@bot:example.org', deviceId: 'DEVICE' },
    rows: memoryRows(),
    count: async () => {},
    ask: async ({ path, body }) => {
      if (path.endsWith('keys/upload')) return { one_time_key_counts: { signed_curve25519: 50 } };
      const { device_keys: people = {} } = JSON.parse(body ?? '{}') as { device_keys?: object };
      return { device_keys: Object.fromEntries(Object.keys(people).map((one) => [one, {}])) };
    },
    clock: new FakeClock(),
    log: quietLog,
    signal: new AbortController().signal,
    broken: () => {},
  });
  const asked: string[] = [];
  const run: typeof crypto.run = (name, call) => {
    asked.push(name);
    return crypto.run(name, call);
  };
  const rooms = createCryptoRooms({
    roomMembers: async () => Array.from({ length: 1_200 }, (_, i): [string, string] => [`@u${i}:example.org`, 'join']),
    stateContent: async () => null,
  });
  await createSharing({ ...crypto, run }, rooms).prepare('!room:example.org', {});
  expect([rooms.knows('@u7:example.org'), rooms.knows('@eve:example.org')]).toEqual([true, false]);
  expect(asked.filter((name) => name === 'getMissingSessions')).toHaveLength(3);
  expect(asked.filter((name) => name === 'shareRoomKey')).toHaveLength(1);
  crypto.close();
});

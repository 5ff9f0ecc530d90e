import { expect, test } from 'vitest';
import { roomWith } from '../../../src/adapters/matrix/people.ts';
import type { MatrixPort } from '../../../src/adapters/matrix/port.ts';

const ANN = '@ann:example.org';
const BOT = '@tocsin:example.org';

/** A homeserver's view: rooms that the bot is in with their members, which of them are encrypted, and its notes. */
function server(
  rooms: Record<string, string[]>,
  { direct = {}, encrypted = [] as string[], keys = false } = {} as {
    direct?: object;
    encrypted?: string[];
    keys?: boolean;
  },
) {
  const made: string[] = [];
  const sealed: boolean[] = [];
  let noted: object | null = direct;
  const port = {
    whoami: async () => ({ userId: BOT, deviceId: 'X' }),
    accountData: async () => noted as Record<string, unknown>,
    setAccountData: async (_user: string, _type: string, content: object) => {
      noted = content;
    },
    joinedRooms: async () => Object.keys(rooms),
    joinedMembers: async (room: string) => rooms[room]!,
    stateContent: async (room: string) => (encrypted.includes(room) ? { algorithm: 'm.megolm.v1.aes-sha2' } : null),
    hasEncryptionKeys: async () => keys,
    createDirectRoom: async (person: string, isSealed: boolean) => {
      made.push(person);
      sealed.push(isSealed);
      return '!new:example.org';
    },
  } as unknown as MatrixPort;
  return { port, made, sealed, noted: () => noted };
}

const CASES: [name: string, given: ReturnType<typeof server>, room: string, made: number][] = [
  [
    'a room that the account has noted: that one, though the person has not come yet',
    server({ '!a:x': [BOT], '!b:x': [BOT, ANN] }, { direct: { [ANN]: ['!a:x'] } }),
    '!a:x',
    0,
  ],
  [
    'a noted room that it has left: not that one',
    server({ '!b:x': [BOT, ANN] }, { direct: { [ANN]: ['!a:x'] } }),
    '!b:x',
    0,
  ],
  [
    'a room of the two alone, noted nowhere: that one',
    server({ '!g:x': [BOT, ANN, '@eve:x'], '!b:x': [ANN, BOT] }),
    '!b:x',
    0,
  ],
  [
    'an encrypted room: never',
    server({ '!b:x': [BOT, ANN] }, { direct: { [ANN]: ['!b:x'] }, encrypted: ['!b:x'] }),
    '!new:example.org',
    1,
  ],
  [
    'none: a new one, which is noted beside what was',
    server({}, { direct: { '@ben:x': ['!c:x'] } }),
    '!new:example.org',
    1,
  ],
  ['notes of another shape: a new one', server({}, { direct: { [ANN]: 'nonsense' } }), '!new:example.org', 1],
];

test.each(CASES)('%s', async (_name, { port, made, noted }, room, count) => {
  expect(await roomWith(port, ANN, {})).toBe(room);
  expect(made).toHaveLength(count);
  if (count > 0) expect((noted() as Record<string, string[]>)[ANN]).toContain('!new:example.org');
});

test('the notes of others are kept when one is added', async () => {
  const { port, noted } = server({}, { direct: { '@ben:x': ['!c:x'] } });
  await roomWith(port, ANN, {});
  expect(noted()).toEqual({ '@ben:x': ['!c:x'], [ANN]: ['!new:example.org'] });
});

test('a name that is none: nobody is asked', async () => {
  const { port, made } = server({});
  expect(await roomWith(port, 'ann', {})).toBeNull();
  expect(made).toHaveLength(0);
});

test('an account that serves encrypted rooms: one that is encrypted will do, and a new one is where the person has keys', async () => {
  const there = server({ '!b:x': [BOT, ANN] }, { encrypted: ['!b:x'] });
  expect(await roomWith(there.port, ANN, {}, true)).toBe('!b:x');
  for (const keys of [true, false]) {
    const { port, sealed } = server({}, { keys });
    await roomWith(port, ANN, {}, true);
    expect(sealed).toEqual([keys]);
  }
  const plain = server({}, { keys: true });
  await roomWith(plain.port, ANN, {});
  expect(plain.sealed).toEqual([false]);
});

/** What we believe about rooms, held against what the server says: nobody's subscriptions end by one wrong list, nor by a server that is ill. */
import { describe, expect, test } from 'vitest';
import type { Memory, RoomFacts } from '../../../src/adapters/matrix/memory.ts';
import { type ReconcileParts, reconcile, refusal } from '../../../src/adapters/matrix/rooms.ts';
import { TocsinError } from '../../../src/core/errors.ts';

const never = new AbortController().signal;
const [A, B, C] = ['!a:x.org', '!b:x.org', '!c:x.org'];
const refused = (status: number, errcode: string | null) =>
  new TocsinError('client', 'x', { status, errcode, retryAfterMs: null });

interface World {
  joined?: string[];
  known?: string[];
  rooms?: Record<string, RoomFacts>;
  token?: string | null;
  invites?: string[];
  /** What the server says to a look into a room that it does not name among ours. */
  inside?: unknown;
  tombstone?: Record<string, unknown> | null;
}
function world({
  joined = [],
  known = [],
  rooms = {},
  token = 's1',
  invites = [],
  inside = null,
  tombstone = null,
}: World) {
  const kept = new Map(Object.entries(rooms));
  const done: string[] = [];
  const memory = {
    rooms: () => [...kept],
    room: (id: string) => kept.get(id),
    token: () => token,
    invite: (id: string) => (invites.includes(id) ? {} : undefined),
    setRoom: async (id: string, facts: RoomFacts) => void kept.set(id, { ...kept.get(id), ...facts }),
    dropRoom: async (id: string) => void kept.delete(id),
  } as unknown as Memory;
  const parts: ReconcileParts = {
    port: {
      joinedRooms: async () => joined,
      joinedMembers: async (id: string) => {
        done.push(`look ${id}`);
        if (inside) throw inside;
        return [];
      },
      stateContent: async () => tombstone,
      leave: async (id: string) => void done.push(`leave ${id}`),
    } as unknown as ReconcileParts['port'],
    memory,
    rooms: {
      left: async (id: string) => void done.push(`left ${id}`),
      tombstone: async (id: string) => void done.push(`follow ${id}`),
    } as unknown as ReconcileParts['rooms'],
    clock: { now: () => 10_000_000 },
    signal: never,
    persist: async (attempt) => {
      await attempt();
      return true;
    },
    knownChats: async () => known,
    address: (chat) => ({ accountId: 'mx', chat, thread: null }),
  };
  return { parts, done, kept };
}

describe('held against the list of our rooms', () => {
  test.each<[string, World, string[]]>([
    ['all as we believe', { joined: [A], rooms: { [A]: { in: true } }, known: [A] }, []],
    [
      'we were put out of one',
      { joined: [], rooms: { [A]: { in: true } }, inside: refused(403, 'M_FORBIDDEN') },
      [`look ${A}`, `left ${A}`],
    ],
    ['one is gone', { joined: [], known: [A], inside: refused(404, 'M_NOT_FOUND') }, [`look ${A}`, `left ${A}`]],
    ['the list forgot one', { joined: [], known: [A] }, [`look ${A}`]],
    ['the server is ill', { joined: [], known: [A], inside: refused(502, null) }, [`look ${A}`]],
    ['a gateway forbids', { joined: [], known: [A], inside: refused(403, null) }, [`look ${A}`]],
    ['nobody answers', { joined: [], known: [A], inside: new Error('x') }, [`look ${A}`]],
    [
      'one has moved long ago',
      { joined: [A, B], rooms: { [A]: { byInvite: true, movedTo: B, movedAt: 1 } } },
      [`leave ${A}`],
    ],
    [
      'one has moved just now',
      { joined: [A, B], rooms: { [A]: { byInvite: true, movedTo: B, movedAt: 9_000_000 } } },
      [],
    ],
    [
      'one has moved to where we are not',
      { joined: [A], rooms: { [A]: { byInvite: true, movedTo: B, movedAt: 1 } } },
      [],
    ],
  ])('%s', async (_name, made, expected) => {
    const { parts, done } = world(made);
    await reconcile(parts);
    expect(done).toEqual(expected);
  });

  test('the very first start: rooms that we are in already are no news; those whose invitation waits are', async () => {
    const { parts, kept } = world({ joined: [A, B, 'no room'], token: null, invites: [B] });
    await reconcile(parts);
    expect([...kept.keys()]).toEqual([A]);
    const later = world({ joined: [A], token: 's1' });
    await reconcile(later.parts);
    expect(later.kept.size).toBe(0);
  });

  test('a list that the server cannot give: an error, and nobody is put out', async () => {
    const { parts, done } = world({ known: [A] });
    parts.port.joinedRooms = () => Promise.reject(new Error('x'));
    await expect(reconcile(parts)).rejects.toThrow('x');
    expect(done).toEqual([]);
  });
});

describe('a send that was refused', () => {
  const said = async (made: World) => {
    const { parts, done } = world(made);
    const outcome = await refusal(A, '403', never, parts);
    await new Promise(setImmediate);
    return { outcome, done };
  };
  test.each<[string, World, object, string[]]>([
    ['the room is known to have moved', { rooms: { [A]: { movedTo: B } } }, { kind: 'moved', to: { chat: B } }, []],
    ['we are not in it any more', { joined: [C] }, { kind: 'gone', detail: 'not in the room any more (403)' }, []],
    [
      'it was upgraded, and we had not heard',
      { joined: [A], tombstone: { replacement_room: B } },
      { kind: 'retry', scope: 'chat', afterMs: 5_000 },
      [`follow ${A}`],
    ],
    [
      'it was upgraded, and we follow already',
      { joined: [A], tombstone: { replacement_room: B }, rooms: { [A]: { tombstone: {} } as unknown as RoomFacts } },
      { kind: 'rejected' },
      [],
    ],
    [
      'it was closed without another',
      { joined: [A], tombstone: { replacement_room: 'nowhere' } },
      { kind: 'rejected' },
      [],
    ],
    ['we may not speak', { joined: [A] }, { kind: 'rejected', detail: 'not allowed to speak in the room (403)' }, []],
  ])('%s', async (_name, made, outcome, expected) => {
    const got = await said(made);
    expect(got.outcome).toMatchObject(outcome);
    expect(got.done).toEqual(expected);
  });
});

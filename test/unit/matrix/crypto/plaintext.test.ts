/** Whatever fails: nothing goes into an encrypted room in the clear. */
import { afterEach, describe, expect, test } from 'vitest';
import type { ChatAdapter } from '../../../../src/core/ports/chat-adapter.ts';
import { testDeps } from '../../../contract/adapter-deps.ts';
import { never, sendOf } from '../../../contract/chat-adapter.suite.ts';
import { quietLog } from '../../../fakes/fake-log.ts';
import type { FaultKind } from '../../../fakes/matrix-faults.ts';
import { allAskedFor } from '../../../rooms.ts';
import { ANN, at, fake, hastyButPatient, homeserverPerTest, start, synced, until } from '../bench.ts';
import { Person } from './person.ts';
import { memoryRows } from './support.ts';

homeserverPerTest();

let ann: Person | null = null;
afterEach(() => {
  ann?.close();
  ann = null;
});

const FAULTS: FaultKind[] = [
  '502',
  '500',
  '429-body',
  '429-header',
  'drop-before',
  'drop-after',
  'html-403',
  'html-404',
  'unknown-token',
  '400',
  'null',
  'page',
  'endless',
];
/** All of them in a long proof, three in the gate. */
const TRIED = allAskedFor() ? FAULTS : FAULTS.filter((_, i) => i % 3 === 0).slice(0, 3);
const REQUESTS = [
  'state/m.room.encryption',
  'state/m.room.history_visibility',
  '/members',
  'keys/query',
  'keys/claim',
  'keys/upload',
  'sendToDevice',
  '/send/',
  'joined_rooms',
  '/sync',
];

async function served(e2ee: boolean) {
  ann = await Person.on(fake, ANN);
  const deps = Object.assign(hastyButPatient(testDeps({ log: quietLog })), { rows: memoryRows() });
  return { ...(await start({ e2ee }, deps)), deps };
}

/** Texts of ours in rooms that were encrypted by then. */
function leaked(): string[] {
  return [...fake.rooms.values()].flatMap(({ events }) => {
    const since = events.findIndex(({ type }) => type === 'm.room.encryption');
    return since < 0
      ? []
      : events
          .slice(since)
          .flatMap(({ type, sender, content }) =>
            sender === fake.userId && type !== 'm.room.encrypted' && type !== 'm.room.member' && type !== 'm.reaction'
              ? [`${type} ${JSON.stringify(content)}`]
              : [],
          );
  });
}

const encrypt = (room: string): unknown =>
  fake.state(room, ANN, 'm.room.encryption', '', { algorithm: 'm.megolm.v1.aes-sha2' });

async function tries(adapter: ChatAdapter, room: string, text: string, times = 3): Promise<string[]> {
  const message = { ...sendOf(at(room), text), key: `${room.slice(1, 8)}-${text}` };
  const kinds: string[] = [];
  for (let i = 0; i < times && kinds.at(-1) !== 'delivered'; i++) kinds.push((await adapter.send(message, never)).kind);
  return kinds;
}

describe.each([true, false])('e2ee: %s', (e2ee) => {
  test.each(TRIED)('%s on any request: nothing in the clear', async (kind) => {
    const { adapter } = await served(e2ee);
    for (const match of REQUESTS) {
      const before = fake.room(ANN, { encrypted: true });
      fake.fault(kind, match, 2);
      await tries(adapter, before, 'into an encrypted room');
      // One that the bot has spoken in before, in the clear.
      const later = fake.room(ANN);
      await tries(adapter, later, 'in the clear');
      encrypt(later);
      // Whoever serves such rooms asks each time; the other goes by what the sync tells, and asks too where it tells nothing.
      if (!e2ee) await synced(match === '/sync' ? 3_000 : 15_000).catch(() => undefined);
      fake.fault(kind, match, 1);
      await tries(adapter, later, 'after it was encrypted');
      fake.clearFaults();
      expect(leaked(), `${kind} on ${match}`).toEqual([]);
    }
  });
});

describe('a room that becomes encrypted', () => {
  test('while it is served: it goes on, encrypted', async () => {
    const { adapter } = await served(true);
    const room = fake.room(ANN);
    expect(await tries(adapter, room, 'before')).toEqual(['delivered']);
    encrypt(room);
    expect((await tries(adapter, room, 'after')).at(-1)).toBe('delivered');
    const [before, after] = fake.said(room);
    expect([before!.type, after!.type]).toEqual(['m.room.message', 'm.room.encrypted']);
    expect(await ann!.read(room, after!)).toMatchObject({ body: 'after' });
    expect(fake.membership(room)).toBe('join');
  });

  test('while it is asked whether it is: what the sync told counts', async () => {
    const { adapter } = await served(true);
    const room = fake.room(ANN);
    fake.fault('slow', 'state/m.room.encryption');
    const sending = tries(adapter, room, 'x');
    await until(() => fake.requests.some((line) => line.endsWith('/state/m.room.encryption/')));
    encrypt(room);
    await sending;
    expect(leaked()).toEqual([]);
  });

  test('while its picture goes up: tried again, and the picture is encrypted', async () => {
    const { adapter } = await served(true);
    const room = fake.room(ANN);
    await tries(adapter, room, 'before');
    fake.fault('slow', 'media/v3/upload');
    const file = { name: 'a.txt', type: 'text/plain' as const, text: 'secret' };
    const message = { ...sendOf(at(room), 'x', { file }), key: 'with-a-file' };
    const sending = adapter.send(message, never);
    await until(() => fake.requests.some((line) => line.includes('upload') && line.includes('media')));
    encrypt(room);
    expect(await sending).toMatchObject({ kind: 'retry' });
    expect(await adapter.send(message, never)).toMatchObject({ kind: 'delivered' });
    expect(leaked()).toEqual([]);
    expect(await ann!.read(room, fake.said(room).at(-1)!)).toMatchObject({ file: { v: 'v2' } });
  });

  test('while the stream stands still: asked anew before the next message', async () => {
    const { adapter, deps } = await served(true);
    const room = fake.room(ANN);
    await tries(adapter, room, 'before');
    await until(() => fake.requests.filter((line) => line.endsWith('/sync')).length > 1);
    // From here on the server answers no sync any more, and time goes by.
    fake.fault('hang', '/sync', 100);
    const { monotonic } = deps.clock;
    deps.clock.monotonic = () => monotonic() + 60_000;
    encrypt(room);
    await tries(adapter, room, 'after');
    expect(leaked()).toEqual([]);
    expect(fake.said(room).at(-1)!.type).toBe('m.room.encrypted');
  });
});

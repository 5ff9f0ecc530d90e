/** A process that is killed anywhere in sending to an encrypted room, and another that goes on from what was durable. */
import { afterEach, describe, expect, test } from 'vitest';
import type { ChatAdapter, Outgoing } from '../../../../src/core/ports/chat-adapter.ts';
import type { RowChange } from '../../../../src/core/ports/runtime.ts';
import { testDeps } from '../../../contract/adapter-deps.ts';
import { never, sendOf } from '../../../contract/chat-adapter.suite.ts';
import { quietLog } from '../../../fakes/fake-log.ts';
import type { FaultKind } from '../../../fakes/matrix-faults.ts';
import { allAskedFor } from '../../../rooms.ts';
import { ANN, at, fake, hastyButPatient, homeserverPerTest, start } from '../bench.ts';
import { Person } from './person.ts';
import { indexOf, type MemoryRows, memoryRows } from './support.ts';

homeserverPerTest();

let ann: Person | null = null;
/** Adapters of one round, with one that was killed among them. */
const begun: ChatAdapter[] = [];
afterEach(() => {
  ann?.close();
  ann = null;
});

const served = (rows: MemoryRows) =>
  start({ e2ee: true }, Object.assign(hastyButPatient(testDeps({ log: quietLog })), { rows }));

/** Four messages, and a new key after the second. */
function scene(): { room: string; messages: Outgoing[] } {
  const room = fake.room(ANN);
  fake.state(room, ANN, 'm.room.encryption', '', { algorithm: 'm.megolm.v1.aes-sha2', rotation_period_msgs: 2 });
  const messages = [1, 2, 3, 4].map((i) => ({ ...sendOf(at(room), `message ${i}`), key: `delivery-${i}` }));
  return { room, messages };
}

/** All of them, one after the other, as the outbox has them after a start; false: one did not get through. */
async function sendAll(rows: MemoryRows, messages: readonly Outgoing[], killed: Promise<void>): Promise<boolean> {
  const { adapter } = await served(rows);
  begun.push(adapter);
  for (const message of messages) {
    let outcome = await Promise.race([adapter.send(message, never), killed]);
    for (let tries = 0; tries < 5 && outcome?.kind === 'retry'; tries++) {
      outcome = await Promise.race([adapter.send(message, never), killed]);
    }
    if (outcome?.kind !== 'delivered') return false;
  }
  return true;
}

async function allReadable(room: string): Promise<void> {
  const said = fake.said(room);
  const bodies: unknown[] = [];
  for (const event of said) bodies.push((await ann!.read(room, event)).body);
  expect(bodies.toSorted()).toEqual([1, 2, 3, 4].map((i) => `message ${i}`));
  const places = said.map(({ content }) => `${String(content.session_id)} ${indexOf(content.ciphertext)}`);
  expect(new Set(places).size).toBe(said.length);
  expect(said.every(({ type }) => type === 'm.room.encrypted')).toBe(true);
}

/** Rows whose n-th write is the last thing that the process did: before it is durable, or right after. */
function killedAt(rows: MemoryRows, n: number, after: boolean): { killed: Promise<void>; dead: MemoryRows } {
  const { promise, resolve } = Promise.withResolvers<void>();
  let count = 0;
  const write = async (changes: readonly RowChange[]): Promise<void> => {
    count++;
    if (count < n) return rows.write(changes);
    if (count === n && after) await rows.write(changes);
    resolve();
    await new Promise(() => {});
  };
  return { killed: promise, dead: { ...rows, write } };
}

/** Writes of the whole scene: measured once, without a kill. */
async function writesOfAll(): Promise<number> {
  ann = await Person.on(fake, ANN);
  const rows = memoryRows();
  await (await served(rows)).adapter.stop();
  const before = rows.writes;
  const { messages } = scene();
  expect(await sendAll(rows, messages, new Promise(() => {}))).toBe(true);
  return rows.writes - before;
}

describe('killed at a write', () => {
  test('each, or some of them: one event a message, all readable, no place in a session used twice', async () => {
    const total = await writesOfAll();
    expect(total).toBeGreaterThan(12);
    const step = allAskedFor() ? 1 : 9;
    const first = 1 + Math.floor(step / 2);
    for (let n = first; n <= total + 1; n += step)
      for (const after of allAskedFor() ? [false, true] : [n % 2 === 0]) {
        ann?.close();
        ann = await Person.on(fake, ANN, `PHONE${n}${after}`);
        const rows = memoryRows();
        fake.device = `DEVICE${n}${after}`;
        const { room, messages } = scene();
        const { killed, dead } = killedAt(rows, n, after);
        const first = sendAll(dead, messages, killed).catch(() => false);
        await Promise.race([first, killed]);
        expect(await sendAll(rows, messages, new Promise(() => {})), `write ${n}, ${after ? 'after' : 'before'}`).toBe(
          true,
        );
        await allReadable(room);
        await Promise.all(begun.splice(0).map((adapter) => adapter.stop()));
        fake.rooms.clear();
      }
  }, 900_000);
});

describe('killed at a request', () => {
  const CASES: [FaultKind, string][] = [
    ['drop-after', 'PUT /_matrix/client/v3/sendToDevice'],
    ['drop-after', 'POST /_matrix/client/v3/keys/claim'],
    ['drop-after', 'POST /_matrix/client/v3/keys/query'],
    ['drop-after', '/send/m.room.encrypted'],
  ];
  test.each(CASES)('%s %s: one event a message, all readable, no place in a session used twice', async (kind, path) => {
    ann = await Person.on(fake, ANN);
    const rows = memoryRows();
    const { room, messages } = scene();
    for (const done of [0, 1, 2]) {
      fake.fault(kind, path);
      const { adapter } = await served(rows).catch(() => ({ adapter: null }));
      await adapter?.send(messages[done]!, never);
      await adapter?.stop();
      fake.clearFaults();
    }
    expect(await sendAll(rows, messages, new Promise(() => {}))).toBe(true);
    await allReadable(room);
  });
});

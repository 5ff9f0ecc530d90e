/** Commands of an absence: what changes the room is carried out and said once; questions get one line. */
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { overtakes, planMissed } from '../../../src/core/commands/intake.ts';
import type { IncomingCommand } from '../../../src/core/ports/chat-adapter.ts';
import { NOW } from '../render/support.ts';
import { roomBench, type Typed } from './room-bench.ts';

const HOUR = 3_600_000;
let bench: Awaited<ReturnType<typeof roomBench>>;
beforeEach(async () => {
  bench = await roomBench();
});
afterEach(() => bench.close());

async function back(...commands: [string, Typed?][]): Promise<string> {
  await bench.intake({
    kind: 'missed',
    address: { accountId: 'mx', chat: '!room', thread: null },
    chatKind: 'group',
    commands: commands.map(
      ([text, how]) => bench.command(text, { agoMs: HOUR, ...how }) as IncomingCommand & { sentAt: number },
    ),
  });
  expect(bench.said.length).toBeLessThanOrEqual(1);
  return bench.said[0]?.text ?? '';
}
const follows = async (): Promise<string[]> => {
  const chat = await bench.store.chats.find({ accountId: 'mx', chat: '!room', thread: null });
  return chat ? (await bench.store.subscriptions.list(chat.id)).map((one) => `${one.country}/${one.service}`) : [];
};

test('several changes: carried out in order, said in one message that answers the last', async () => {
  const text = await back(['subscribe ru whatsapp'], ['level early'], ['mute ir for 3d']);
  expect(text).toMatch(/^While I was away you wrote this\. Done now:/);
  for (const part of ['subscribe ru whatsapp', 'Russia: WhatsApp', 'level early', 'mute ir for 3d', 'Quiet'])
    expect(text).toContain(part);
  expect(await follows()).toEqual(['RU/whatsapp']);
  expect(bench.said).toMatchObject([{ chat: '!room', thread: null, replyTo: '$3' }]);
});

test('in a room that speaks Russian: in Russian', async () => {
  await bench.say('language ru');
  bench.said.length = 0;
  expect(await back(['подписаться россия'], ['статус россия'])).toMatch(
    /^Вы написали это, пока меня не было\. Теперь сделано:[\s\S]*Меня не было, когда вы спросили: !tocsin статус россия\./,
  );
});

test('only questions: one line, and no answer', async () => {
  expect(await back(['status ru'], ['help'])).toBe(
    'I was away when you asked: !tocsin status ru, !tocsin help. Ask again.',
  );
});

test('older than a day: not carried out, and named', async () => {
  const text = await back(['subscribe ru', { agoMs: 25 * HOUR }]);
  expect(text).toBe(
    'Written more than a day ago, so I left it alone: !tocsin subscribe ru. Write it again if you still want it.',
  );
  expect(await follows()).toEqual([]);
});

test('the newest wish wins', async () => {
  const text = await back(['subscribe ru'], ['subscribe ir'], ['unsubscribe ru', { agoMs: HOUR / 2 }]);
  expect(await follows()).toEqual(['IR/*']);
  expect(text).not.toContain('!tocsin subscribe ru');
});

test('somebody without the power: refused as ever, and nobody’s wish is undone by it', async () => {
  const text = await back(['subscribe ru'], ['unsubscribe ru', { by: '@troll:hs', power: 0 }]);
  expect(await follows()).toEqual(['RU/*']);
  expect(text).toMatch(/This I could not do:\n!tocsin unsubscribe ru\nThis needs power level 50/);
});

test('a silence counts from when it was asked for; one that is over is none', async () => {
  await back(['mute ru for 8h', { agoMs: 3 * HOUR }], ['mute ir for 1h', { agoMs: 3 * HOUR }]);
  const chat = await bench.store.chats.find({ accountId: 'mx', chat: '!room', thread: null });
  const silences = await bench.store.silences.list(chat!.id, NOW);
  expect(silences).toMatchObject([{ country: 'RU', until: NOW + 5 * HOUR }]);
  expect(bench.said[0]!.text).toContain('is over');
});

test('typed in a thread: done there, and answered there', async () => {
  await back(['subscribe ir', { thread: '$t' }]);
  expect(bench.said).toMatchObject([{ thread: '$t' }]);
  expect(await follows()).toEqual([]);
});

describe('the plan', () => {
  const command = fc.record({
    name: fc.constantFrom(null, 'subscribe', 'unsubscribe', 'mute', 'unmute', 'level', 'status'),
    args: fc.constantFrom('', 'ru', 'ir', 'all'),
    changes: fc.boolean(),
    senderId: fc.constantFrom('a', 'b'),
    sentAt: fc.integer({ min: NOW - 48 * HOUR, max: NOW }),
  });

  test('any commands: each in one place at most, in order; nothing old, no question and nothing overtaken is carried out', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 40 }), (commands) => {
        const { carryOut, tooOld, asked } = planMissed(commands, NOW);
        const all = [...carryOut, ...tooOld, ...asked];
        expect(new Set(all).size).toBe(all.length);
        expect(carryOut).toEqual(carryOut.toSorted((a, b) => a - b));
        expect(carryOut.length).toBeLessThanOrEqual(20);
        for (const i of carryOut) {
          const one = commands[i]!;
          expect(one.changes && NOW - one.sentAt < 24 * HOUR).toBe(true);
          for (const later of commands.slice(i + 1))
            expect(later.senderId === one.senderId && overtakes(later, one)).toBe(false);
        }
      }),
    );
  });
});

/** What is written down of updates, so that a kill neither loses nor repeats them. */
import type { Update } from 'grammy/types';
import { expect, test } from 'vitest';
import { type PollParts, poll } from '../../../src/adapters/telegram/connection.ts';
import { createInbox, type Journal } from '../../../src/adapters/telegram/connection.ts';
import { systemClock } from '../../../src/platform/clock.ts';

const until = async (met: () => boolean): Promise<void> => {
  for (const end = performance.now() + 10_000; !met(); await new Promise((resolve) => setTimeout(resolve, 10)))
    if (performance.now() > end) throw new Error('never came true');
};

test('a handler that is slower than the poll waits for: written down as unfinished, and as handled when it is, while the next poll hangs', async () => {
  const stop = new AbortController();
  const written: Journal[] = [];
  const bodies: string[] = [];
  const handler = Promise.withResolvers<void>();
  const inbox = createInbox(() => handler.promise);
  const hangs = new Promise<never>((_, reject) =>
    stop.signal.addEventListener('abort', () => reject(new Error('over'))),
  );
  const call = async (method: string, body: string) => {
    if (method === 'deleteWebhook') return { kind: 'answer', status: 200, body: { ok: true, result: true } };
    bodies.push(body);
    const update = { update_id: 7 } as Update;
    if (bodies.length === 1) return { kind: 'answer', status: 200, body: { ok: true, result: [update] } };
    return await hangs.catch(() => ({ kind: 'failure', reason: 'canceled', detail: '' }));
  };
  const parts = {
    client: { call },
    deps: { clock: systemClock, ids: { random: () => 0 } },
    health: { receiving: () => undefined },
    signal: stop.signal,
    inbox,
    take: (update: Update) => inbox.accept({ update, chat: '1', person: null }),
    write: async (journal: Journal) => written.push(structuredClone(journal)) > 0,
  } as unknown as PollParts;
  const polling = poll(parts);
  await until(() => bodies.length === 2);
  expect(JSON.parse(bodies[1]!).offset).toBe(8);
  expect(written.map(({ unfinished }) => unfinished.length)).toEqual([1]);
  handler.resolve();
  await until(() => written.length === 2);
  expect(written[1]).toEqual({ unfinished: [], handled: [7] });
  stop.abort();
  await polling;
});

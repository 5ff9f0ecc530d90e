/** One of our messages among what a room has pinned. */
import { describe, expect, test } from 'vitest';
import { pinEvent } from '../../../src/adapters/matrix/deliver.ts';
import { TocsinError } from '../../../src/core/errors.ts';

const { signal } = new AbortController();

async function pin(before: unknown, over: { fails?: 'get' | 'set' } = {}) {
  const written: object[] = [];
  const refused = new TocsinError('client', 'no', { status: 403, errcode: 'M_FORBIDDEN', retryAfterMs: null });
  const port = {
    stateContent: async () => {
      if (over.fails === 'get') throw refused;
      return before as never;
    },
    setState: async (_room: string, type: string, content: object) => {
      if (over.fails === 'set') throw refused;
      written.push({ type, ...content });
    },
  };
  return { done: await pinEvent(port, '!r:x', '$ours', signal), written };
}
const written = (...pinned: string[]) => [{ type: 'm.room.pinned_events', pinned }];

describe('pinning', () => {
  test.each<[string, unknown, string[]]>([
    ['nothing pinned so far', null, ['$ours']],
    ['beside what others pinned', { pinned: ['$a', '$b'] }, ['$a', '$b', '$ours']],
    ['what is no event falls away', { pinned: ['$a', 7, 'x', null] }, ['$a', '$ours']],
    ['no list at all', { pinned: 'all' }, ['$ours']],
  ])('%s', async (_, before, pinned) => expect(await pin(before)).toEqual({ done: true, written: written(...pinned) }));

  test('other keys of the event stay', async () =>
    expect((await pin({ pinned: [], note: 1 })).written).toEqual([
      { type: 'm.room.pinned_events', pinned: ['$ours'], note: 1 },
    ]));

  test('pinned already: nothing is written', async () =>
    expect(await pin({ pinned: ['$ours'] })).toEqual({ done: true, written: [] }));

  test('a hundred pins: the oldest goes', async () => {
    const pinned = Array.from({ length: 100 }, (_, i) => `$e${i}`);
    const [first] = (await pin({ pinned })).written as { pinned: string[] }[];
    expect([first!.pinned.length, first!.pinned[0], first!.pinned.at(-1)]).toEqual([100, '$e1', '$ours']);
  });

  test.each(['get', 'set'] as const)('the server refuses to %s: not pinned, and no error', async (fails) =>
    expect(await pin(null, { fails })).toEqual({ done: false, written: [] }),
  );
});

import { expect, test } from 'vitest';
import { readJournal } from '../../../src/adapters/telegram/connection.ts';
import { testDeps } from '../../contract/adapter-deps.ts';

test('handled updates are remembered for a day; unfinished ones as long as it takes', async () => {
  const deps = testDeps();
  const unfinished = [{ update_id: 5, message: {} }];
  await deps.state.set('updates', { at: Date.now() - 2 * 86_400_000, handled: [4], unfinished });
  expect(await readJournal(deps.state, deps.clock)).toEqual({ handled: [], unfinished });
});

test.each([[null], ['text'], [{ at: 1 }], [{ at: 1, handled: [], unfinished: 7 }]])(
  '%j: an empty journal',
  async (kept) => {
    const deps = testDeps();
    await deps.state.set('updates', kept);
    expect(await readJournal(deps.state, deps.clock)).toEqual({ handled: [], unfinished: [] });
  },
);

import { expect, test } from 'vitest';
import { createAhead } from '../../../../src/adapters/matrix/crypto/encryption.ts';
import { recordingLog } from '../../../fakes/fake-log.ts';
import { until } from '../bench.ts';

function world(fails: string[] = []) {
  const { log, said } = recordingLog();
  const begun: string[] = [];
  const ends: (() => void)[] = [];
  const over = new AbortController();
  const prepare = (room: string): Promise<void> => {
    begun.push(room);
    if (fails.includes(room)) return Promise.reject(new Error('no route'));
    return new Promise((done) => ends.push(done));
  };
  return { ahead: createAhead({ prepare }, log, over.signal), begun, ends, over, said };
}

test('many rooms: one at a time, each once', async () => {
  const { ahead, begun, ends } = world();
  ahead.prepare(['!a', '!b']);
  ahead.prepare(['!b', '!c']);
  await until(() => begun.length === 1);
  for (let i = 1; i <= 3; i++) {
    expect(begun).toHaveLength(i);
    ends[i - 1]!();
    await until(() => begun.length === Math.min(i + 1, 3));
  }
  expect(begun).toEqual(['!a', '!b', '!c']);
});

test('while something is sent: none is begun, and then they go on', async () => {
  const { ahead, begun, ends } = world();
  const [one, two] = [ahead.sending(), ahead.sending()];
  ahead.prepare(['!a']);
  await new Promise(setImmediate);
  one();
  await new Promise(setImmediate);
  expect(begun).toEqual([]);
  two();
  await until(() => begun.length === 1);
  ends[0]!();
});

test('one that fails: said, and the next is begun; one that is asked for later is, too', async () => {
  const { ahead, begun, ends, said } = world(['!a']);
  ahead.prepare(['!a', '!b']);
  await until(() => begun.length === 2);
  ends[0]!();
  expect(said()).toEqual(['info Unable to share the key of an encrypted room ahead']);
  await new Promise(setImmediate);
  ahead.prepare(['!c']);
  await until(() => begun.length === 3);
  expect(begun).toEqual(['!a', '!b', '!c']);
});

test('the end: nothing more is begun', async () => {
  const { ahead, begun, ends, over } = world();
  ahead.prepare(['!a', '!b']);
  await until(() => begun.length === 1);
  over.abort();
  ends[0]!();
  await new Promise(setImmediate);
  expect(begun).toEqual(['!a']);
});

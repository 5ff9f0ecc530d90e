/** Sentences that patterns alone are not sure of: the encoder is heard, and nothing is changed by it. */
import { expect, test } from 'vitest';
import type { Ranked } from '../../../src/core/ports/encoder.ts';
import { createBot } from './support.ts';

function bot(ranked: Ranked | null) {
  const heard: string[] = [];
  const made = createBot({
    unbudgeted: true,
    wants: async (text) => {
      heard.push(text);
      return ranked;
    },
  });
  return { ...made, heard };
}
const ODD = 'blergh the thing goes flumph';

test('it is sure: its word is taken, whatever patterns find', async () => {
  const { say } = bot([['cost', 0.9]]);
  expect(await say(ODD)).toContain('I cost nothing');
});

test('an order that is wholly understood, a command, a question of known words: nobody is asked', async () => {
  const { say, heard } = bot([['stop', 1]]);
  for (const text of ['/status ru', 'follow whatsapp in russia', 'is whatsapp blocked in russia?', 'mute all for 8h'])
    await say(text);
  expect(heard).toEqual([]);
});

test('it is not sure, and patterns find one of its first two: theirs', async () => {
  const { say } = bot([
    ['fewer', 0.5],
    ['woken', 0.4],
  ]);
  expect(await say('why did you wake me')).toContain('Sorry that I woke you');
});

test('it is not sure, and patterns find nothing of the kind: its first two are offered, and a tap leads there', async () => {
  const { answer, say } = bot([
    ['unreachable', 0.5],
    ['vpn', 0.3],
  ]);
  const documents = (await answer(`${ODD} in Iran`))!.documents;
  const pressed = documents[0]!.buttons.flat().map(({ press }) => ('command' in press ? press.command : ''));
  expect(pressed).toEqual(['help ?unreachable IR', 'help ?vpn IR']);
  expect(await say(pressed[0]!, { button: true } as never)).toContain('I cannot see how a person is');
  expect(await say(`/${pressed[1]!}`)).toContain('I test no VPN');
});

test.each(['stop', 'quiet', 'follow', 'only', 'night', 'fewer', 'shutdowns', 'unfollow'])(
  '%s: nothing is changed before a tap',
  async (kind) => {
    const { say } = bot([[kind, 1]]);
    await say('/subscribe ru whatsapp');
    const before = await say('/subscriptions');
    await say(`${ODD} iran until 8`);
    expect(await say('/subscriptions')).toBe(before);
  },
);

test("a place that nobody knows: asked about, never answered for the chat's own", async () => {
  for (const kind of ['status', 'unreachable', 'back', 'since', 'alternatives']) {
    const { say } = bot([[kind, 1]]);
    await say('/subscribe ru');
    expect(await say('blergh flumph is how in Narnia')).toContain('Narnia');
  }
});

test('it does not answer: patterns do', async () => {
  const { say } = bot(null);
  expect(await say('why did you wake me')).toContain('Sorry that I woke you');
});

test('"stop it", "mute it": not about Italy; the command in full, or its code in capitals, is', async () => {
  const { say } = bot(null);
  await say('/subscribe it');
  expect(await say('stop it')).toContain('Stop all');
  expect(await say('mute it')).not.toContain('Italy');
  expect(await say('/subscriptions')).toContain('Italy');
  expect(await say('unsubscribe it')).toContain('Italy');
  await say('/subscribe it');
  expect(await say('stop IT')).toContain('Italy');
});

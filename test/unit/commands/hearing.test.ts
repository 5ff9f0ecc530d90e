/** Sentences of which letters alone are not sure: the encoder is heard, and nothing is changed by it. */
import { describe, expect, test } from 'vitest';
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

test('it is sure: its word is taken, whatever letters say', async () => {
  const { say } = bot([['cost', 0.9]]);
  expect(await say(ODD)).toContain('I cost nothing');
});

test('an order that is wholly understood, a command, a question of known words: nobody is asked', async () => {
  const { say, heard } = bot([['stop', 1]]);
  for (const text of ['/status ru', 'follow whatsapp in russia', 'is whatsapp blocked in russia?', 'mute all for 8h'])
    await say(text);
  expect(heard).toEqual([]);
});

test('it is not sure: its first is answered, its second is a button that leads there', async () => {
  const { answer, say } = bot([
    ['unreachable', 0.5],
    ['whitelist', 0.5],
  ]);
  const documents = (await answer(`${ODD} my mother in Iran`))!.documents;
  expect(JSON.stringify(documents)).toContain('I cannot see how a person is');
  const pressed = documents[0]!.buttons.flat().map(({ press }) => ('command' in press ? press.command : ''));
  expect(pressed).toEqual(['subscribe IR', 'help ?whitelist IR']);
  expect(await say(pressed[1]!, { button: true } as never)).toContain('White lists');
});

test('a button about countries whose codes are small words: about all of them', async () => {
  const said = await bot(null).say('help ?vpn IR TM', { button: true });
  for (const name of ['Iran', 'Turkmenistan']) expect(said).toContain(name);
});

describe('what may be meant as well', () => {
  const both = async (first: Ranked[number], second: Ranked[number], text: string) => {
    const { say } = bot([first, second]);
    await say('/subscribe ru');
    return await say(text);
  };

  test('how it stands, and something about us: both, the state first', async () => {
    const said = await both(['status', 0.5], ['safety', 0.3], 'blergh flumph Belarus zonk');
    expect(said).toContain('I promise no safety');
    expect(said.indexOf('Belarus')).toBeLessThan(said.indexOf('I promise no safety'));
  });

  test('two whose answers tell how it stands: both texts, and that once', async () => {
    const said = await both(['calls', 0.5], ['unblock', 0.5], 'blergh flumph whatsapp Belarus zonk');
    for (const one of ['Calls apart from messages', 'not how to get round it']) expect(said).toContain(one);
    expect(said.split('WhatsApp ·')).toHaveLength(2);
  });

  test('an order: only its buttons', async () => {
    const said = await both(['woken', 0.5], ['quiet', 0.3], ODD);
    expect(said).toContain('mute all for 8h');
    expect(said).not.toContain('For how long');
  });

  test('about us, and about a network that nobody named: a button', async () => {
    const said = await both(['fewer', 0.5], ['calls', 0.3], ODD);
    expect(said).not.toContain('Calls apart');
    expect(said).toContain('help ?calls');
  });

  test('nobody of theirs is named: nobody is said to be unseen', async () => {
    const said = await both(['unreachable', 0.4], ['past', 0.6], 'blergh flumph China zonk');
    expect(said).not.toContain('how a person is');
    expect(said).toContain('China');
  });

  test('a complaint about a country that is not followed: what is followed, no button about the other', async () => {
    const said = await both(['sorry', 0.5], ['proof', 0.4], 'blergh flumph Ethiopia zonk');
    expect(said).toContain('I am sorry');
    expect(said).toContain('Russia: everything');
    expect(said).not.toContain('ET');
  });
});

test('it knows little: its first ones are offered, with what was named, and a tap leads there', async () => {
  const even = ['explain', 'unfollow', 'vpn', 'me', 'cost', 'who'].map((kind): Ranked[number] => [kind, 0.16]);
  const { answer, say } = bot(even);
  const [document] = (await answer(ODD))!.documents;
  const pressed = document!.buttons.flat().map(({ press }) => ('command' in press ? press.command : ''));
  expect(pressed).toHaveLength(3);
  expect(await say(`/${pressed[1]!}`)).not.toContain('one of these');
  expect(JSON.stringify(await answer(`${ODD} of Venezuela`))).toContain('Venezuela');
});

test('two wishes whose answers are short: both are answered', async () => {
  const { say } = bot([
    ['who', 0.5],
    ['cost', 0.45],
  ]);
  const said = await say(ODD);
  expect(said).toContain('I am a program');
  expect(said).toContain('I cost nothing');
});

test('one is to end and another to come: each has its button', async () => {
  const { say } = bot([
    ['unfollow', 0.5],
    ['follow', 0.45],
  ]);
  await say('/subscribe tr');
  const said = await say('blergh türkiye flumph serbia zonk');
  expect(said).toContain('unsubscribe TR');
  expect(said).toContain('subscribe RS');
});

test.each([
  ['Serbia flumph, drop Türkiye zonk', 'unfollow'],
  ['remove Türkiye blergh. Put Serbia in', 'follow'],
  ['only Serbia zonk and nothing of Türkiye', 'only'],
])('%s: by what stands beside each', async (text, kind) => {
  const { say } = bot([[kind, 0.9]]);
  await say('/subscribe tr');
  const said = await say(text);
  expect(said).toContain('Shall I change it');
  for (const one of ['→ subscribe RS', '→ unsubscribe TR']) expect(said).toContain(one);
  expect(said.split('→')).toHaveLength(3);
});

test('one wish is of the nights, another of what is named: both, the state first told', async () => {
  const said = await bot([['night', 0.9]]).say('blergh flumph signal Caracas zonk between 11pm and 7am');
  for (const one of ['Venezuela', 'Signal', 'settings quiet 23:00-07:00']) expect(said).toContain(one);
});

test('no more of a country that is not followed: that is said, and what is followed', async () => {
  const { say } = bot([['unfollow', 0.9]]);
  await say('/subscribe ru');
  const said = await say('blergh flumph Libya zonk');
  expect(said).toContain('I do not watch that here');
  expect(said).not.toContain('subscribe LY');
});

test.each([
  ['quiet', 'blergh flumph Russia zonk for a month', ['mute RU for 30d']],
  ['quiet', 'blergh flumph zonk', ['mute all for 8h', 'mute all for 168h']],
  ['night', 'blergh flumph at weekends zonk', ['weekends I cannot set apart']],
  ['only', 'blergh Ukraine flumph by day zonk', ['subscribe only UA', 'settings quiet 23:00-07:00']],
  ['back', 'blergh flumph with them zonk', ['No country was named, so this is Russia']],
  ['me', 'blergh flumph mts zonk', ['AS8359', 'Internet']],
  ['me', 'blergh flumph Lagos and card payments zonk', ['Nigeria', 'bank cards']],
  ['legal', 'blergh flumph Belarus zonk', ['What is allowed', 'I promise no safety']],
])('%s, "%s": what goes with it', async (kind, text, expected) => {
  const { say } = bot([[kind, 0.7]]);
  await say('/subscribe ru');
  await say('/subscribe ua');
  const said = await say(text);
  for (const one of expected) expect(said).toContain(one);
});

test('only of a country that is not followed: alone, or as well, as is tapped', async () => {
  const { say } = bot([['only', 0.9]]);
  await say('/subscribe ru');
  const said = await say('blergh Venezuela flumph zonk telegram');
  expect(said.indexOf('subscribe only VE telegram')).toBeLessThan(said.indexOf('subscribe VE telegram'));
  expect(said).toContain('The rest ends then');
  expect(await say('add Venezuela blergh flumph zonk telegram')).not.toContain('The rest ends then');
});

test('only shutdowns, and a service is named: either is offered', async () => {
  const { say } = bot([['shutdowns', 0.9]]);
  await say('/subscribe ve');
  const said = await say('blergh flumph zonk when they touch signal');
  expect(said).toContain('subscribe only VE signal');
  expect(said).toContain('subscribe only VE internet');
});

test('which countries: all, and not only the one that is followed', async () => {
  const { say } = bot([['status', 0.9]]);
  await say('/subscribe ve');
  for (const text of [
    'Which countries have WhatsApp blocked',
    '¿Qué países tienen WhatsApp bloqueado en este momento?',
  ])
    expect(await say(text), text).toBe(await say('status whatsapp'));
});

test('what works instead in a country that is named: of no other', async () => {
  const { say } = bot([['alternatives', 0.9]]);
  const said = await say('除了推特，巴基斯坦还有哪些打不开？', { lang: 'zh' });
  expect(said).toContain('巴基斯坦');
  expect(said).not.toContain('中国');
});

test('how it stands in two countries: both can be followed', async () => {
  const { say } = bot([['status', 0.9]]);
  await say('/subscribe ru');
  expect(await say('telegram blergh Brazil flumph Vietnam')).toContain('subscribe BR VN telegram');
});

test.each(['safety', 'back', 'calls', 'rumour'])('%s, and nothing named: no text ends in the air', async (kind) => {
  const { say } = bot([[kind, 0.9]]);
  for (const lang of ['en', 'ru', 'fa', 'zh']) {
    const lines = (await say('blergh flumph zonk', { lang })).split('\n').filter((one) => !one.startsWith('['));
    expect(lines.at(-1), lang).not.toMatch(/[:：]$/u);
  }
});

test.each([
  ['past', 'blergh flumph Gabon zonk', ['Gabon: everything', 'My record begins when this bot was set up']],
  ['timezone', 'blergh flumph Bangkok zonk', ['timezone Asia/Bangkok']],
  ['timezone', 'blergh flumph zonk', ['What time is it where you are?']],
  ['timezone', 'blergh 07:00 flumph zonk', ['timezone -05:00']],
  ['forget', 'blergh flumph zonk', ['forget yes']],
  ['proof', 'blergh flumph whatsapp Iran zonk', ['official registers', 'WhatsApp']],
  ['calls', 'blergh flumph Dubai zonk', ['Calls apart from messages', 'United Arab Emirates', 'WhatsApp']],
  ['beyond', 'blergh flumph Havana zonk', ['only access to the internet', 'Cuba']],
  ['beyond', 'blergh flumph zonk', ['only access to the internet']],
])('%s: %s', async (kind, text, expected) => {
  const { say } = bot([[kind, 1]]);
  await say('/subscribe ru');
  const said = await say(text);
  for (const one of expected) expect(said).toContain(one);
});

test.each(['stop', 'quiet', 'follow', 'only', 'night', 'fewer', 'shutdowns', 'unfollow', 'forget', 'timezone'])(
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

test('it does not answer: letters do', async () => {
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

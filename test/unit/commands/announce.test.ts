/** Operators' words to everybody, and their figures. */
import { describe, expect, test } from 'vitest';
import { createBot, type Say } from './support.ts';

const OPERATOR: Say = { sender: 'telegram:1', chat: '1' };
const MINUTE = 60_000;

const ids = () => {
  let n = 0;
  return { next: () => `0000000000000${String(n++).padStart(3, '0')}`, tail: () => 'abcd', random: () => 0.5 };
};
const bot = () => createBot({ ids: ids() });
const commands = async (made: ReturnType<typeof createBot>, text: string): Promise<string[]> =>
  ((await made.answer(text, OPERATOR))?.documents ?? []).flatMap(({ buttons }) =>
    buttons.flat().map(({ press }) => ('command' in press ? press.command : press.url)),
  );

describe('announce', () => {
  test('shown first, sent when it is confirmed, once, however often that is pressed', async () => {
    const made = bot();
    await made.say('/ping', OPERATOR);
    const [yes] = await commands(made, '/announce The bot moves tonight');
    expect(made.tables.told).toEqual([]);
    expect(await made.say(`/${yes}`, OPERATOR)).toContain('On its way to');
    expect(await made.say(`/${yes}`, OPERATOR)).toContain('waited for too long');
    expect(made.tables.told).toEqual([{ notice: { kind: 'announce', text: 'The bot moves tonight' }, chatIds: null }]);
    expect(made.wakes).toHaveLength(1);
  });

  test('the question shows the text as everybody will read it', async () => {
    const text = await bot().say('/announce The bot moves tonight', OPERATOR);
    expect(text).toContain('behind all alerts:\nA word from those who run this bot\nThe bot moves tonight');
  });

  test('no: nothing is sent, and it cannot be sent any more', async () => {
    const made = bot();
    const [yes, no] = await commands(made, '/announce hello');
    expect(await made.say(`/${no}`, OPERATOR)).toContain('Nothing was changed.');
    expect(await made.say(`/${yes}`, OPERATOR)).toContain('waited for too long');
    expect(made.tables.told).toEqual([]);
  });

  test('confirmed by another operator, or too late: nothing is sent', async () => {
    const made = createBot({ ids: ids(), operators: ['telegram:1', 'telegram:2'] });
    const [yes] = await commands(made, '/announce hello');
    expect(await made.say(`/${yes}`, { ...OPERATOR, sender: 'telegram:2' })).toContain('waited for too long');
    made.clock.jump(15 * MINUTE);
    expect(await made.say(`/${yes}`, OPERATOR)).toContain('waited for too long');
    expect(made.tables.told).toEqual([]);
  });

  test('without buttons: what to type', async () => {
    const made = createBot({ ids: ids(), hasButtons: false });
    const text = await made.say('/announce hello', OPERATOR);
    expect(text).toMatch(/write \/announce yes 0{13}\d{3} within/);
  });

  test.each([
    ['nothing to say', '/announce', 'What should everybody read?'],
    ['too long', `/announce ${'x'.repeat(950)}`, 'too long: 900 characters are the most'],
  ])('%s: said', async (_name, text, answer) => {
    expect(await bot().say(text, OPERATOR)).toContain(answer);
  });

  test.each(['/announce hello', '/announce yes 0000000000000000', '/stats'])(
    '%s, by anybody else: refused',
    async (text) => {
      const made = bot();
      expect(await made.say(text)).toMatch(/^Only those who run this bot can do that\.\n\/help /u);
      expect(made.tables.told).toEqual([]);
    },
  );
});

describe('stats', () => {
  test('numbers of chats by platform and kind, of subscriptions by country, and no chat', async () => {
    const made = bot();
    made.tables.figures = {
      kinds: [
        { platform: 'matrix', kind: 'group', chats: 1 },
        { platform: 'telegram', kind: 'private', chats: 20 },
      ],
      gone: 3,
      pairs: 1,
      subscriptions: 44,
      countries: [
        { country: 'RU', chats: 12 },
        { country: '*', chats: 1 },
      ],
    };
    const text = await made.say('/stats', OPERATOR);
    for (const part of [
      '21 chats',
      'a group on Matrix',
      'a private chat on Telegram',
      'on two platforms: 1',
      'Ended: 3 chats',
      'Subscriptions: 44',
      'Russia',
      'Everywhere',
      '12 chats',
    ])
      expect(text).toContain(part);
    expect(text).not.toContain('100');
  });

  test('nobody yet: says so', async () => {
    expect(await bot().say('/stats', OPERATOR)).toBe('0 chats\nSubscriptions: 0. By country:');
  });
});

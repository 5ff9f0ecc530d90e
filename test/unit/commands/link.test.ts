/** Two chats are joined by a one-time code: what is said to whom, and what nobody can do. */
import { beforeEach, describe, expect, test } from 'vitest';
import { createLinkCodes, readCode, shownCode } from '../../../src/core/commands/settings/pairs.ts';
import type { Notice } from '../../../src/core/model/link.ts';
import { announcement, renderNotice, withVia } from '../../../src/core/render/pair.ts';
import { listeningTo } from '../../fakes/listening-words.ts';
import { keysOf } from '../../fakes/packs.ts';
import { asText, NOW, translators } from '../render/support.ts';
import { createBot, type Say } from './support.ts';

const MINUTE = 60_000;
const ANN: Say = { chat: '100', sender: 'telegram:100' };
const ROOM: Say = { account: 'mx', chat: '!room', sender: 'matrix:@ann:example.org' };
const GROUP: Say = { chat: '-200', chatKind: 'group', sender: 'telegram:200' };

/** Said by other tests: of boards, of operators' commands. */
const ELSEWHERE = /^(?:board|announce|stats)\.|^error\.|^button\.(?:yesSend|board)/;

/** What is said of two chats that are joined, and by it. */
const PAIRS = [
  'pair',
  'link',
  'unlink',
  'notice',
  'via',
  'board',
  'error.adminsAs',
  'announce',
  'stats',
  'settings.pair',
  'settings.noPair',
  'button.bothAlways',
  'button.test',
  'button.unlink',
  'button.agree',
  'button.boardOn',
  'button.boardOff',
  'button.yesSend',
];

const CHARS = 'abcdefghjkmnpqrstuvwxyz';
/** Codes that differ: "aaaaaaaa", "bbbbbbbb" … */
const ids = () => {
  let n = 0;
  return {
    next: () => `notice-${n++}`,
    tail: (length: number) => CHARS[n++ % CHARS.length]!.repeat(length),
    random: () => 0.5,
  };
};

let bot: ReturnType<typeof createBot>;
beforeEach(() => {
  bot = createBot({ ids: ids(), unbudgeted: true });
});

/** The code that an answer shows. */
const codeIn = (text: string): string => /[A-Z0-9]{4}-[A-Z0-9]{4}/.exec(text)![0];
const asked = async (how: Say = ANN): Promise<string> => codeIn(await bot.say('/link', how));
const joined = async (): Promise<string> => bot.say(`link ${await asked()}`, ROOM);

describe('a code', () => {
  test.each([
    ['ABCD-EFGH', 'abcdefgh'],
    ['abcdefgh', 'abcdefgh'],
    [' abcd efgh ', 'abcdefgh'],
    ['abcd–efgh', 'abcdefgh'],
    ['abcdefg', null],
    ['abcdefghj', null],
    ['abcdefg1', null],
    ['ABCD-EFGO', null],
    ['тест-тест', null],
    ['', null],
  ])('%j: %j', (text, code) => expect(readCode(text)).toBe(code));

  test('shown as it can be read aloud, and read as it is shown', () => {
    expect(shownCode('abcdefgh')).toBe('ABCD-EFGH');
    expect(readCode(shownCode('23456789'))).toBe('23456789');
  });

  test('chance that gives hardly anything clear: still eight characters, and an end', async () => {
    const nothing = { get: async () => undefined, set: async () => true, delete: async () => false };
    let n = 0;
    const poor = { next: () => 'x', tail: () => (n++ % 10 === 0 ? '0o1la' : '0o1l'), random: () => 0 };
    const codes = createLinkCodes(nothing, poor);
    expect(await codes.issue({ chatId: 1, label: { platform: 'telegram', kind: 'private' } })).toBe('aaaaaaaa');
  });
});

describe('joining', () => {
  test('asked for in the first: what it is for, and what to write where', async () => {
    const text = await bot.say('/link', ANN);
    expect(text).toContain('Telegram takes no messages for five minutes');
    expect(text).toContain('within 10 minutes. It works once:');
    expect(text).toMatch(/Matrix, @tocsin:example\.org: !tocsin link [A-Z0-9]{4}-[A-Z0-9]{4}/);
    expect(text).not.toContain('@tocsin_bot');
  });

  test('written in the second: joined, and both are told', async () => {
    expect(await joined()).toContain('This is now the second chat of a private chat on Telegram');
    expect(bot.tables.pairs).toMatchObject([{ mainId: 1, spareId: 2, both: 'new' }]);
    expect(bot.tables.told).toEqual([
      { notice: { kind: 'link-joined', other: { platform: 'matrix', kind: 'private' }, ends: true }, chatIds: [1] },
    ]);
  });

  test('quiet hours of the first: the second takes them over, with the clock, unless it has chosen its own', async () => {
    const code = await asked();
    const quiet = { from: 23 * 60, to: 7 * 60, critical: true };
    Object.assign(bot.tables.rows[0]!, { timeZone: 'Europe/Moscow' });
    bot.tables.rows[0]!.settings = { ...bot.tables.rows[0]!.settings, quiet };
    await bot.say(`link ${code}`, ROOM);
    expect(bot.tables.rows[1]).toMatchObject({ timeZone: 'Europe/Moscow', settings: { quiet } });
    await bot.say('/unlink', ANN);
    bot.tables.rows[1]!.timeZone = 'UTC';
    bot.tables.rows[1]!.settings = { ...bot.tables.rows[1]!.settings, quiet: { ...quiet, from: 60 } };
    await bot.say(`link ${await asked()}`, ROOM);
    expect(bot.tables.rows[1]).toMatchObject({ timeZone: 'UTC', settings: { quiet: { from: 60 } } });
  });

  test('shown in the settings and in what the chat follows, in both chats', async () => {
    await joined();
    expect(await bot.say('/settings more', ANN)).toContain('Second chat: a private chat on Matrix');
    expect(await bot.say('/subscriptions', ANN)).toContain('Second chat: a private chat on Matrix');
    expect(await bot.say('subscriptions', ROOM)).toContain('This is the second chat of a private chat on Telegram');
    expect(await bot.say('/settings more', { ...ANN, chat: '101' })).toContain('Second chat: none');
  });

  test('a code works once, and not in the chat that asked for it', async () => {
    const code = await asked();
    expect(await bot.say(`/link ${code}`, ANN)).toContain('write it there, not here');
    await bot.say(`link ${code}`, ROOM);
    expect(await bot.say(`link ${code}`, { ...ROOM, chat: '!other' })).toContain('I do not know this code');
    expect(bot.tables.pairs).toHaveLength(1);
  });

  test('the same command once more, after a kill: says how it is', async () => {
    const code = await asked();
    await bot.say(`link ${code}`, ROOM);
    expect(await bot.say(`link ${code}`, ROOM)).toContain('This is the second chat of a private chat on Telegram');
  });

  test('after ten minutes, or when a new one was asked for: worth nothing', async () => {
    const first = await asked();
    const second = await asked();
    expect(await bot.say(`link ${first}`, ROOM)).toContain('I do not know this code');
    bot.clock.jump(10 * MINUTE);
    expect(await bot.say(`link ${second}`, ROOM)).toContain('I do not know this code');
    expect(bot.tables.pairs).toEqual([]);
  });

  test('guessing: five wrong ones, then nothing for a quarter of an hour, whatever chat it is in, not even the right one', async () => {
    const code = await asked();
    for (let n = 0; n < 5; n++) await bot.say('link ZZZZ-ZZZZ', { ...ROOM, chat: `!${n}` });
    expect(await bot.say(`link ${code}`, ROOM)).toContain('too many wrong codes');
    expect(await bot.say(`link ${code}`, { ...ROOM, sender: 'matrix:@bob:example.org', chat: '!bob' })).toContain(
      'Connected',
    );
    bot.clock.jump(15 * MINUTE);
    expect(await bot.say('link ZZZZ-ZZZZ', ROOM)).toContain('I do not know this code');
  });

  test('many people guess in one room: the room waits', async () => {
    for (let n = 0; n < 5; n++) await bot.say('link ZZZZ-ZZZZ', { ...ROOM, sender: `matrix:@${n}:example.org` });
    expect(await bot.say('link ZZZZ-ZZZZ', { ...ROOM, sender: 'matrix:@z:example.org' })).toContain(
      'too many wrong codes',
    );
  });

  test('another chat of the same account: refused, for it would fail with the first', async () => {
    expect(await bot.say(`/link ${await asked()}`, { ...ANN, chat: '300' })).toContain('has to be on another platform');
  });

  test('one of them has a pair already: refused, with what to do', async () => {
    await joined();
    const other = await asked({ ...ANN, chat: '300' });
    expect(await bot.say(`link ${other}`, ROOM)).toContain('To take that apart, write !tocsin unlink in it.');
    expect(bot.tables.pairs).toHaveLength(1);
  });

  test('the first chat ended meanwhile: as if there had never been a code', async () => {
    const code = await asked();
    bot.tables.rows[0]!.state = 'gone';
    expect(await bot.say(`link ${code}`, ROOM)).toContain('I do not know this code');
  });

  test('a bot that is on one platform alone says so', async () => {
    const alone = createBot({
      accounts: async () => [{ id: 'tg', platform: 'telegram', commandPrefix: '/', name: null }],
    });
    expect(await alone.say('/link')).toBe('I am on no other platform.');
  });

  test('what is no code and no wish: said to be no code, and what to write for one', async () => {
    const said = await bot.say('/link hello there', ANN);
    expect(said).toContain('I do not know this code');
    expect(said).toContain('/link');
  });
});

describe('groups', () => {
  test('only admins ask for a code, write one, or take a pair apart', async () => {
    for (const text of ['/link', '/link ABCD-EFGH', '/unlink', '/link agree ABCD-EFGH'])
      expect(await bot.say(text, { ...GROUP, admin: false })).toContain('Only admins can change what this group gets');
    expect(bot.tables.pairs).toEqual([]);
  });

  test('its code, which all members read, only asks its admins; one of them agrees, once', async () => {
    const code = await asked(GROUP);
    expect(await bot.say(`link ${code}`, ROOM)).toContain('as soon as an admin of a group on Telegram agrees');
    expect(bot.tables.pairs).toEqual([]);
    const { notice, chatIds } = bot.tables.told[0]! as {
      notice: Extract<Notice, { kind: 'link-asks' }>;
      chatIds: number[];
    };
    expect([notice.kind, notice.other, chatIds]).toEqual(['link-asks', { platform: 'matrix', kind: 'private' }, [1]]);
    // In another chat that answer is worth nothing.
    expect(await bot.say(`/link agree ${notice.code}`, ANN)).toContain('I do not know this code');
    expect(await bot.say(`/link agree ${notice.code}`, { ...GROUP, admin: false })).toContain('Only admins');
    expect(await bot.say(`/link agree ${notice.code}`, GROUP)).toContain(
      'Connected: the second chat of this one is now a private chat on Matrix.',
    );
    expect(bot.tables.pairs).toMatchObject([{ mainId: 1 }]);
    expect(bot.tables.told.at(-1)).toMatchObject({
      notice: { kind: 'link-joined' },
      chatIds: [bot.tables.pairs[0]!.spareId],
    });
    expect(await bot.say(`/link agree ${notice.code}`, GROUP)).toContain('Second chat: a private chat on Matrix');
  });

  test('agreed after an hour, or to something else: nothing', async () => {
    await bot.say(`link ${await asked(GROUP)}`, ROOM);
    const { code } = bot.tables.told[0]!.notice as { code: string };
    bot.clock.jump(60 * MINUTE);
    expect(await bot.say(`/link agree ${code}`, GROUP)).toContain('I do not know this code');
    expect(await bot.say('/link agree nonsense', GROUP)).toContain('I do not know this code');
  });
});

describe('a pair', () => {
  beforeEach(async () => {
    await joined();
    bot.tables.told = [];
  });

  test('a test, now: the second chat gets it', async () => {
    expect(await bot.say('/link test', ANN)).toContain('A test is on its way to a private chat on Matrix.');
    expect(bot.tables.told).toMatchObject([{ notice: { kind: 'link-test' }, chatIds: [2] }]);
    expect(bot.tables.pairs[0]!.testedAt).toBe(NOW);
  });

  test('tests again and again: one in two minutes, whoever presses', async () => {
    for (let n = 0; n < 5; n++) expect(await bot.say('/link test', ANN)).toContain('A test is on its way');
    expect(bot.tables.told).toHaveLength(1);
    bot.clock.jump(2 * MINUTE);
    await bot.say('/link test', ANN);
    expect(bot.tables.told).toHaveLength(2);
  });

  test('once a month, and to both: wished for, and no more', async () => {
    expect(await bot.say('/link monthly', ANN)).toContain(
      'Once a month I send a test there. To stop that: /link monthly off',
    );
    expect(await bot.say('/link both off', ANN)).toContain(
      'To both once this platform is newly cut off in a country that you follow: /link both',
    );
    expect(bot.tables.pairs[0]).toMatchObject({ monthlyTest: true, both: 'never' });
    await bot.say('/link monthly off', ANN);
    expect(await bot.say('/link both', ANN)).toContain('Only when this one fails, never to both: /link both off');
    expect(bot.tables.pairs[0]).toMatchObject({ monthlyTest: false, both: 'new' });
  });

  test('while its platform is cut off: says that both get it, and why', async () => {
    bot.tables.pairs[0]!.because = 'RU';
    expect(await bot.say('/link', ANN)).toContain(
      'Alerts come to both at present, because Telegram is blocked or slowed down (Russia).',
    );
  });

  test('in the second: what it is; wishes are the first one’s', async () => {
    expect(await bot.say('link', ROOM)).toContain('To take them apart: !tocsin unlink');
    expect(await bot.say('link monthly', ROOM)).toContain('decided in the first chat');
    expect(bot.tables.pairs[0]!.monthlyTest).toBe(false);
  });

  test.each([
    ['the first', '/unlink', ANN, [2], 'telegram'],
    ['the second', 'unlink', ROOM, [1], 'matrix'],
    ['in other words', '/link off', ANN, [2], 'telegram'],
  ])('taken apart by %s: the other is told', async (_name, text, how, chatIds, platform) => {
    expect(await bot.say(text, how)).toContain('are no longer connected.');
    expect(bot.tables.pairs).toEqual([]);
    expect(bot.tables.told).toEqual([
      { notice: { kind: 'link-parted', other: { platform, kind: 'private' } }, chatIds },
    ]);
    expect(await bot.say(text, how)).toContain('connected with no other');
  });

  test('one of them is forgotten: the pair too, and the other is told', async () => {
    await bot.say('/forget yes', ANN);
    expect(bot.tables.pairs).toEqual([]);
    expect(bot.tables.told).toMatchObject([{ notice: { kind: 'link-parted' }, chatIds: [2] }]);
  });

  test('exported with the rest', async () => {
    expect(await bot.say('/export', ANN)).toContain('"table":"links"');
  });
});

describe('a platform that has been cut off for long', () => {
  const LONG = {
    country: 'RU',
    service: 'telegram',
    action: 'throttle',
    method: null,
    since: 0,
    monthOnly: true,
  } as const;
  beforeEach(async () => {
    bot = createBot({ ids: ids(), unbudgeted: true, baseline: [{ ...LONG, reference: 'https://example.org' }] });
    await bot.say('/subscribe ru', ANN);
    await joined();
  });

  test('is no reason to tell both, which is offered once when they are joined, and in the settings of the pair', async () => {
    const { notice } = bot.tables.told[0]! as { notice: Extract<Notice, { kind: 'link-joined' }> };
    expect(notice).toMatchObject({ long: { platform: 'telegram', country: 'RU' } });
    const offer =
      'Telegram has been blocked or slowed down for long (Russia), so alerts come to both only if that gets worse.';
    const said = renderNotice(notice, translators.of('en'), (command) => `/${command}`);
    expect(asText(said)).toContain(`${offer} Always to both: /link both always`);
    expect(said.buttons.flat().map(({ label }) => label)).toEqual(['All to both', 'Disconnect']);
    expect(await bot.say('/link', ANN)).toContain(offer);
  });

  test('all to both, always: wished for, and only for what is new again', async () => {
    expect(await bot.say('/link both always', ANN)).toContain(
      'While this platform is cut off, all alerts come to both.',
    );
    expect(bot.tables.pairs[0]!.both).toBe('always');
    expect(await bot.say('/link both', ANN)).toContain('Always to both: /link both always');
    expect(bot.tables.pairs[0]!.both).toBe('new');
  });

  test('where the first chat follows another country: nothing is offered', async () => {
    await bot.say('/unsubscribe all yes', ANN);
    await bot.say('/subscribe ir', ANN);
    expect(await bot.say('/link', ANN)).not.toContain('for long');
  });
});

describe('whoever has a code that is not theirs', () => {
  test('of a private chat: its owner reads who has it, and how to end that', async () => {
    await joined();
    const { notice } = bot.tables.told[0]! as { notice: Extract<Notice, { kind: 'link-joined' }> };
    expect(asText(renderNotice(notice, translators.of('en'), (command) => `/${command}`))).toContain(
      'If that was not you, end it: /unlink',
    );
  });

  test.each([
    ['on the same platform', { ...ANN, chat: '-300', chatKind: 'group' as const }, 'has to be on another platform'],
    ['in a pair already', { ...ROOM, chat: '!team', chatKind: 'group' as const }, 'belongs to a pair already'],
  ])(
    'written by its owner where many read it, and of no use there (%s): worth nothing any more',
    async (_name, how, why) => {
      const paired = await asked({ ...ANN, chat: '900' });
      await bot.say(`link ${paired}`, { ...ROOM, chat: '!team' });
      const code = await asked();
      expect(await bot.say(`link ${code}`, how)).toContain(why);
      expect(await bot.say(`link ${code}`, { ...ROOM, chat: '!thief' })).toContain('I do not know this code');
    },
  );

  test('of a room of two that became a room of many: its admins are asked', async () => {
    await bot.say('subscribe ru', { ...ROOM, chat: '!two' });
    const code = codeIn(await bot.say('link', { ...ROOM, chat: '!two', chatKind: 'group' }));
    expect(await bot.say(`/link ${code}`, ANN)).toContain('I have asked there');
    expect(bot.tables.pairs).toEqual([]);
  });

  test('two write a group’s code at one moment: one question; and it is told apart by its mark', async () => {
    const code = await asked(GROUP);
    const answers = await Promise.all(
      ['!a', '!b'].map((chat) => bot.say(`link ${code}`, { ...ROOM, chat, sender: `matrix:@${chat}:example.org` })),
    );
    expect(bot.tables.told).toHaveLength(1);
    const { notice } = bot.tables.told[0]! as { notice: Extract<Notice, { kind: 'link-asks' }> };
    const mark = notice.code.slice(0, 4).toUpperCase();
    expect(asText(renderNotice(notice, translators.of('en'), (command) => `/${command}`))).toContain(
      `Agree only if that chat was shown this mark: ${mark}.`,
    );
    expect(answers.filter((text) => text.includes(`The question there has the mark ${mark}`))).toHaveLength(1);
    expect(answers.filter((text) => text.includes('I do not know this code'))).toHaveLength(1);
  });
});

describe.each(translators.languages.map(({ code }) => code))('every phrase of pairs, in %s', (lang) => {
  test('is said, without holes and odd values', async () => {
    const { words: heard, heard: said } = listeningTo(translators);
    const record = {
      country: 'RU',
      service: 'telegram',
      action: 'block',
      method: null,
      since: 0,
      monthOnly: true,
    } as const;
    const baseline = [{ ...record, reference: 'https://example.org' }];
    const mine = createBot({ ids: ids(), unbudgeted: true, translators: heard, baseline });
    const texts: string[] = [];
    const say = async (text: string, how: Say): Promise<string> => {
      const answer = await mine.say(text, { ...how, lang });
      texts.push(answer);
      return answer;
    };
    await say('/subscribe RU', ANN);
    const code = codeIn(await say('/link', ANN));
    await say(`/link ${code}`, ANN);
    await say(`/link ${code}`, { ...ANN, chat: '101' });
    await say(`link ${code}`, ROOM);
    for (const text of [
      '/link',
      '/link test',
      '/link monthly',
      '/link both always',
      '/link both off',
      '/settings',
      '/subscriptions',
      '/link huh huh',
    ])
      await say(text, ANN);
    mine.tables.pairs[0]!.because = 'RU';
    for (const text of ['/link both', '/link monthly off']) await say(text, ANN);
    for (const text of ['link', 'link test', 'subscriptions']) await say(text, ROOM);
    await say(`link ${codeIn(await say('/link', { ...ANN, chat: '300' }))}`, ROOM);
    for (const text of ['/unlink', '/unlink', '/settings']) await say(text, ANN);
    await say(`link ${codeIn(await say('/link', GROUP))}`, ROOM);
    const { code: agreeing } = mine.tables.told.at(-1)!.notice as { code: string };
    const fromRoom = codeIn(await say('link', { ...ROOM, chat: '!main' }));
    await say(`/link ${fromRoom}`, { ...ANN, chat: '400' });
    await say('link', { ...ROOM, chat: '!main' });
    await say(`/link agree ${agreeing}`, GROUP);
    await say('link', ROOM);
    await say('link', { ...ROOM, chat: '!room2' });
    for (let n = 0; n < 6; n++)
      await say('link ZZZZ-ZZZZ', { ...ROOM, chat: '!guess', sender: 'matrix:@g:example.org' });
    const alone = createBot({ translators: heard, accounts: async () => [] });
    texts.push(await alone.say('/link', { lang }));

    const words = heard.of(lang);
    const typed = (command: string): string => `/${command}`;
    for (const kind of ['private', 'group', 'channel'] as const) {
      const other = { platform: 'matrix', kind };
      const notices: Exclude<Notice, { kind: 'board' }>[] = [
        { kind: 'announce', text: 'Слово' },
        { kind: 'backup-due' },
        { kind: 'link-asks', other, code: 'abcdefgh' },
        { kind: 'link-joined', other, ends: true, long: { platform: 'telegram', country: 'RU' } },
        ...(['link-joined', 'link-parted', 'link-lost', 'link-heir', 'link-test'] as const).map((one) => ({
          kind: one,
          other,
        })),
      ];
      for (const notice of notices) texts.push(asText(renderNotice(notice, words, typed)));
    }
    const document = announcement('Слово', words);
    for (const reason of ['failing', 'gone', 'country'] as const)
      texts.push(asText(withVia(document, { reason, platform: 'telegram', country: 'RU' }, words)));

    expect(keysOf(...PAIRS).filter((key) => !ELSEWHERE.test(key) && !said.has(key as never))).toEqual([]);
    for (const text of texts) {
      expect(text).not.toMatch(/undefined|NaN|\{\w+\}|\s[,.]|\.\./);
    }
  });
});

test('a message that came by no pair: as it was', () => {
  const words = translators.of('en');
  const document = announcement('one\ntwo\n\n', words);
  expect(withVia(document, null, words)).toBe(document);
  expect(asText(document)).toBe('A word from those who run this bot\none\ntwo');
});

/** What is answered to sentences that are no orders: by keys of texts and by commands, not by wording. */
import { describe, expect, test } from 'vitest';
import { UNREAD } from '../../../../src/core/ports/chat-adapter.ts';
import { incident, NOW, translators } from '../../render/support.ts';
import { createBot } from '../support.ts';
import { asking, hosts } from './bench.ts';

const HOUR = 3_600_000;
const en = translators.of('en');
const bot = (over: Parameters<typeof createBot>[0] = {}) => createBot({ unbudgeted: true, ...over });
const plain = (text: string): string => text.replaceAll(/[\u2060\u200b]/gu, '');

describe('what changes something', () => {
  test('"only when the internet is off": nothing before the tap, then that alone is followed', async () => {
    const one = bot();
    await one.say('subscribe ru');
    await one.say('subscribe ru whatsapp');
    expect(await one.say('only write me when the whole internet is off')).toContain('subscribe only RU internet');
    expect(await one.say('subscriptions')).toContain('unsubscribe RU *');
    await one.say('subscribe only RU internet', { button: true });
    const now = await one.say('subscriptions');
    expect(now).toContain('unsubscribe RU internet');
    expect(now).not.toContain('unsubscribe RU *');
    expect(now).not.toContain('whatsapp');
  });

  test('woken: what is followed, and three ways out; nothing is changed', async () => {
    const one = bot();
    await one.say('subscribe ru');
    const said = await one.say('why did you wake me at 3 in the morning');
    expect(said).toContain(en.say('intent.woken'));
    for (const command of ['settings quiet 23:00-07:00', 'subscribe only RU internet', 'unsubscribe all yes'])
      expect(said).toContain(command);
    expect(await one.say('subscriptions')).toContain('unsubscribe RU *');
  });

  test('silent until an hour, in whatever words: done, and can be undone', async () => {
    const said = await bot().say('give me some peace and quiet until 8 am');
    expect(said).toContain('🔕');
    expect(said).toContain('unmute');
  });

  test('all but one: no button that ends the one', async () => {
    const one = bot();
    await one.say('subscribe all');
    expect(await one.say('stop everything but iran')).not.toContain('unsubscribe IR');
    expect(await one.say('I do not want any more messages except about Iran')).not.toContain('unsubscribe IR');
  });

  test('a name that nobody knows, or a time that is none: nothing is muted, least of all everything', async () => {
    const one = bot();
    for (const text of ['mute foo for 8h', '静音 俄罗斯 永远']) expect(await one.say(text)).not.toMatch(/🔕|mute all/u);
  });

  test('a shorter mute: the longer one stays', async () => {
    const one = bot();
    await one.say('mute all for 3d');
    expect(await one.say('mute all for 8h')).not.toContain('20:00');
    expect(await one.say('unmute')).toContain('17 Feb');
  });

  test.each(['mute ru 0h', 'mute ru forever'])('%s: a word about time, nothing is muted', async (text) => {
    const one = bot();
    await one.say('subscribe ru');
    expect(await one.say(text)).toContain('8h');
    expect(await one.say('unmute')).toContain(en.say('unmute.none'));
  });
});

test('woken: what it was for, or that nothing is known of the last day', async () => {
  const one = bot();
  await one.say('subscribe ru');
  const text = 'why on earth did you wake me at three in the morning';
  expect(await one.say(text)).toContain('I know of no incident in the last day');
  one.tables.stored = [incident({ openedAt: NOW - HOUR, lastReportAt: NOW - HOUR })];
  const said = await one.say(text);
  expect(said).toContain('WhatsApp');
  expect(said).not.toContain('no incident');
});

describe('what was asked for', () => {
  test('quiet hours were asked: two typed hours are taken; not asked: offered', async () => {
    const one = bot();
    expect(await one.say('11pm-7am')).toContain('settings quiet 23:00-07:00');
    expect(await one.say('settings')).not.toContain('23:00–07:00');
    await one.say('settings quiet');
    await one.say('11pm-7am');
    expect(await one.say('settings')).toContain('23:00–07:00');
  });

  test('the page of quiet hours asks for the zone first: a city leads back to it; hours are no clock', async () => {
    const one = bot();
    await one.say('subscribe ru');
    await one.say('settings quiet');
    expect(await one.say('Berlin')).toContain('settings quiet 22:00-07:00');
    expect(await one.say('timezone')).toContain('Berlin');
    const other = bot();
    await other.say('subscribe ru');
    await other.say('settings quiet');
    await other.say('23:00-07:00');
    const now = await other.say('settings');
    expect(now).toContain('23:00–07:00');
    expect(now).toContain('UTC');
  });

  test('the zone was asked: two hours are no clock', async () => {
    const one = bot();
    await one.say('subscribe ru');
    expect(await one.say('11pm-7am')).toContain('settings quiet 23:00-07:00');
    expect(await one.say('timezone')).toContain('UTC');
  });

  test('the clock was asked: a typed time is the zone; a city, too', async () => {
    const one = bot();
    await one.say('subscribe ru');
    await one.say("it's 15:00 here");
    expect(await one.say('timezone')).toContain('+03:00');
    await one.say('subscribe ru', { chat: '2', sender: 'telegram:2' });
    await one.say('Berlin', { chat: '2', sender: 'telegram:2' });
    expect(await one.say('timezone', { chat: '2', sender: 'telegram:2' })).toContain('Berlin');
  });

  test('the clock was asked, and a city is asked about: no clock is set', async () => {
    const one = bot();
    await one.say('subscribe sn');
    expect(await one.say('Kinshasa, réseau coupé ?')).toContain('Kinshasa');
    expect(await one.say('timezone')).not.toContain('Kinshasa');
  });

  test('hours of the night were asked: one end of them is enough', async () => {
    const one = bot();
    await one.say('timezone Berlin');
    await one.say('settings quiet');
    await one.say('half past six');
    expect(await one.say('settings')).toContain('23:00–06:30');
    expect(await bot().say("after 22 don't write")).toContain('settings quiet 22:00-07:00');
  });

  test('"yes": what was offered last is done; nothing where much was offered, or something was said since', async () => {
    const follows = async (...said: string[]) => {
      const one = bot();
      for (const text of said) await one.say(text);
      return one.tables.follows();
    };
    expect(await follows('status ve internet', 'yes')).toEqual(['VE internet']);
    expect(await follows('is whatsapp blocked?', 'yes')).toEqual([]);
    expect(await follows('status ve internet', 'thanks', 'yes')).toEqual([]);
    expect(await follows('status ve internet', 'no')).toEqual([]);
  });

  test('a question that goes on: about the service of before', async () => {
    const one = bot();
    await one.say('status ru whatsapp');
    expect(await one.say('and in Kazakhstan?')).toContain('subscribe KZ whatsapp');
    expect(await one.say('Venezuela')).not.toContain('subscribe VE whatsapp');
    await one.say('is signal blocked?');
    expect(await one.say('Venezuela')).toContain('subscribe VE signal');
  });

  test('nothing was asked: a time gets what can be done with it', async () => {
    const said = await bot().say('16:40');
    expect(said).toContain('mute all until 16:40');
    expect(said).toContain('settings digest daily 16:40');
  });
});

describe('places and things', () => {
  test.each(['is facebook blocked in atlantis', 'narnia whatsapp?'])(
    '%s: the place is unknown, and no other is told of',
    async (text) => {
      const one = bot();
      await one.say('subscribe ru');
      one.tables.stored = [incident()];
      const said = plain(await one.say(text));
      expect(said).toMatch(/atlantis|narnia/u);
      expect(said).not.toContain('Russia');
    },
  );

  test('who did it, or what a service does not, is no place', () => {
    for (const text of ['Zorkij замедляет телегу', 'інста не вантажиться', 'instagram does not zwoosh'])
      expect(asking(text, hosts), text).toMatchObject({ kind: 'command', name: 'status' });
    expect(asking('narnia whatsapp blocked', hosts)).toEqual({ kind: 'place', word: 'narnia' });
  });

  test('no country, in Russian: Russia, and that is said', async () => {
    const said = await bot().say('почему не работает вотсап', { lang: 'ru' });
    expect(said).toContain(translators.of('ru').say('ask.assumed', { country: 'Россия' }));
  });

  test('a mother who does not answer: the network there, and a way to hear when it is back', async () => {
    const said = await bot().say('my mother in Iran has not answered for two days, I am scared');
    expect(said).toContain(en.say('intent.unreachable'));
    expect(said).toContain('❔ Internet');
    expect(said).toContain('subscribe IR');
  });

  test('a rumour that an incident bears out is not called unknown', async () => {
    const one = bot();
    const said = 'my uncle forwards that whatsapp is blocked in russia, is it fake';
    expect(await one.say(said)).toContain(en.say('intent.rumour'));
    one.tables.stored = [incident()];
    expect(await one.say(said)).not.toContain(en.say('intent.rumour'));
  });
});

test('a rumour of what has long been blocked: when by the record, and not that no source tells it', async () => {
  const entry = {
    country: 'RU',
    service: 'whatsapp',
    action: 'block',
    method: null,
    since: 0,
    monthOnly: false,
  } as const;
  const one = bot({ baseline: [{ ...entry, reference: 'https://record.example/' }] });
  const said = await one.say('is it true that whatsapp is blocked in russia');
  expect(said).not.toContain(en.say('intent.rumour'));
  expect(said).toContain('https://record.example/');
});

describe('what cannot be read', () => {
  test('a picture without words: said once a chat and day, in its language', async () => {
    const one = bot();
    expect(await one.say(UNREAD, { lang: 'de' })).toBe(translators.of('de').say('intent.unread'));
    expect(await one.answer(UNREAD, { lang: 'de' })).toBeNull();
    await one.clock.pass(86_400_001);
    expect(await one.say(UNREAD, { lang: 'de' })).toBe(translators.of('de').say('intent.unread'));
  });
});

test('no buttons: what they would do is told as commands', async () => {
  expect(await bot().say('enough already, stop sending me this', { account: 'mx' })).toContain(
    '!tocsin unsubscribe all yes',
  );
});

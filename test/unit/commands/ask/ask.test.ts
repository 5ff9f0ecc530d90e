/** 200 questions as people write them, twenty a language, each with the command that answers it (in the files beside this one). */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { expectAtMost } from '../../../fakes/pace.ts';
import { ask, asking, hosts, sorted } from './bench.ts';

const questions = (lang: string) =>
  readFileSync(new URL(`${lang}.txt`, import.meta.url), 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split(' => ') as [string, string]);

describe('questions of people', () => {
  // Written before the code; 196 of 200 were right at the first run.

  test.each(['en', 'ru', 'fa', 'tr', 'uk', 'de', 'es', 'fr', 'ar', 'zh'])('%s: understood', (lang) => {
    const wrong = questions(lang).flatMap(([text, expected]) => {
      const got = ask(text);
      return got === sorted(expected) ? [] : [`${text} => ${got} (not ${expected})`];
    });
    console.info(`${lang}: ${20 - wrong.length} of 20 right`);
    expect(wrong).toEqual([]);
  });
});

describe('what is in a text', () => {
  test.each([
    ['TG', 'which TG telegram'],
    ['tg', 'status telegram'],
    ['is TG blocked in russia', 'which TG telegram'],
    ['yt', 'status youtube'],
    ['YT', 'which YT youtube'],
    ['Remember to unsubscribe everyone from Russia', 'forget'],
    ['georgia', 'which GE US'],
    ['south korea telegram', 'status KR telegram'],
    ['Atlantis', 'host atlantis'],
    ['is it in me or to us', 'offer'],
    ['🇷🇺 whatsapp', 'status RU whatsapp'],
    ['who won the match in Brazil', 'none'],
    ['what is blocked now?', 'status'],
    ['stop the war in ukraine', 'status UA'],
    ['speak russian', 'language ru'],
    ['russian internet news', 'status RU internet'],
    ['http://example.com/youtube.com', 'host example.com'],
    ['mail me at ann@example.com', 'offer'],
    ['subscribe me to watsapp in russia', 'which whatsapp'],
    ['subscribe me to dagestan', 'which RU-DA'],
    ['подписаться атлантида', 'which HN-AT'],
    ['mute dagestan', 'which RU-DA'],
    ['is whatsapp blocked in moscow and in iran', 'status IR RU RU-MOW whatsapp'],
    ['who won the match in dagestan', 'none'],
    ['russia blocks whatsapp in chechnya', 'status RU RU-CE whatsapp'],
    ['internet mama cayo ghat', 'status internet'],
  ])('%s: %s', (text, expected) => expect(ask(text)).toBe(expected));

  test.each([
    'subscribe to everything',
    'unsubscribe me from russia',
    'forget me',
    'in english please',
    'подпиши меня на ватсап в россии',
    'be quiet for 2 hours',
  ])('%s, forwarded: no request', (text) => expect(ask(text, true)).toMatch(/^(?:status|none)/));

  test.each([
    'Stop blocking WhatsApp, UN tells Russia',
    'Subscribe to our channel: Russia blocks Telegram',
    'forget me not, whatsapp russia',
    'Watch: Iran internet blackout',
    'Follow the money: how Iran filters the internet',
  ])('%s: a headline, no request', (text) => expect(ask(text)).toMatch(/^status/));

  test.each(['whatsapp russia ', 'ы', 'واتس', '俄罗斯封', 'a.', 'aaaaaaaaa ', '🇷🇺', 'a-', '. ', "x'y "])(
    '4,000 characters of "%s": read in 50 ms, six sections at most',
    (part) => {
      const text = part.repeat(4_000).slice(0, 4_000);
      // Processor time, and the best of some: other programs run beside.
      const took = Array.from({ length: 5 }, () => {
        const before = process.cpuUsage();
        asking(text, hosts);
        const { user, system } = process.cpuUsage(before);
        return (user + system) / 1_000;
      });
      expectAtMost(Math.min(...took), 50);
      const asked = asking(text, hosts);
      if (asked.kind === 'command') expect(asked.args.split(' ').length).toBeLessThanOrEqual(12);
    },
  );
});

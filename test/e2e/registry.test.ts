/**
 * A running program reads a register every two seconds, for two people on Telegram, English and Russian: the first reading tells nothing; thirteen names in one
 * dump are one alert; some are taken off, which is no word that they work: the alert says so in silence; half a dump is not believed; the program is
 * killed, and the rest is taken off.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { dump, row } from '../unit/registry/harness.ts';
import { counted, eventually, rudeness, type World, world } from './observatories/world.ts';

const NAMES: Record<string, string> = {
  'whatsapp.com': 'WhatsApp',
  'youtube.com': 'YouTube',
  'facebook.com': 'Facebook',
  'instagram.com': 'Instagram',
  'messenger.com': 'Facebook Messenger',
  'windscribe.com': 'Windscribe',
  'torproject.org': 'Tor',
  'bbc.com': 'BBC',
  'dw.com': 'Deutsche Welle',
  'svoboda.org': 'Radio Free Europe/Radio Liberty',
  'themoscowtimes.com': 'The Moscow Times',
  'signal.org': 'Signal',
  'discord.com': 'Discord',
};
/** In the register from the begin. */
const OLD = 'viber.com';
const KEPT = ['signal.org', 'torproject.org', 'discord.com'];
let body: Buffer;
let server: Awaited<ReturnType<typeof counted>>;
let w: World;

/** What it holds from now on. */
const holds = (...names: string[]): void => {
  body = dump([...names, OLD].map((name) => row(name)).join(''));
};
const readings = async (n: number): Promise<unknown> => {
  const before = server.requests.length;
  // One that is under way may have been answered before.
  return await eventually(
    async () => server.requests.length,
    (now) => now > before + n,
    60_000,
  );
};
/** What both of them hear next, besides what they have heard; the Russian word beside the English one. */
const heard = { en: 0, ru: 0 };
async function next(mark: string): Promise<{ en: string; ru: string }> {
  const one = async (lang: 'en' | 'ru'): Promise<string> => {
    const texts = await eventually(
      () => w.heard(lang === 'en' ? w.ann : w.olga),
      (all) => all.length > heard[lang] && all.at(-1)!.startsWith(mark),
      60_000,
    );
    heard[lang] = texts.length;
    return texts.at(-1)!;
  };
  const [en, ru] = await Promise.all([one('en'), one('ru')]);
  return { en, ru };
}

beforeAll(async () => {
  holds();
  server = await counted((_request, response) => void response.end(body));
  w = await world({
    sources: [
      {
        id: 'z-i',
        kind: 'registry',
        format: 'z-i',
        country: 'RU',
        urls: [`${server.url}/dump.csv`],
        cron: '* * * * * *',
        name: 'The Register',
        page: 'https://register.example/',
      },
    ],
  });
}, 90_000);
afterAll(async () => {
  await w?.close();
  await server?.close();
});

test('the first reading: nobody is notified', async () => {
  await readings(1);
  expect(await w.heard()).toEqual([]);
  expect(await w.heard(w.olga)).toEqual([]);
}, 90_000);

test('thirteen names at once: one message with thirteen services, and the register as its source; in both languages', async () => {
  holds(...Object.keys(NAMES));
  const { en, ru } = await next('🔴');
  expect(en).toMatch(/^🔴 Russia: 13 services blocked\n/);
  expect(ru).toMatch(/^🔴 Россия: заблокирован доступ к 13 сервисам\n/);
  for (const text of [en, ru]) {
    for (const name of Object.values(NAMES)) expect(text).toContain(name);
    expect(text).toContain('The Register');
    // What was there before is no news; and what nobody measured is not advised.
    expect(text).not.toContain('Viber');
    expect(text).not.toContain('FaceTime');
  }
  expect(en).toContain('Corroborated');
  expect(ru).toContain('Подкреплено');
  expect(await w.heard()).toHaveLength(1);
}, 90_000);

/** What the one alert of each says by now. */
const alert = async (has: { en: string; ru: string }): Promise<{ en: string; ru: string }> => {
  const one = (lang: 'en' | 'ru'): Promise<string> =>
    eventually(
      async () => (await w.heard(lang === 'en' ? w.ann : w.olga))[0]!,
      (text) => text.includes(has[lang]),
      60_000,
    );
  const [en, ru] = await Promise.all([one('en'), one('ru')]);
  return { en, ru };
};

test('ten are taken off: the alert says so once two readings do, and nobody is told that they work; killed meanwhile', async () => {
  holds(...KEPT);
  await readings(1);
  await w.program.kill();
  await w.program.start();
  const { en, ru } = await alert({ en: 'Struck off the register', ru: 'Исключено из реестра' });
  for (const text of [en, ru]) {
    expect(text).toMatch(/^🔴/);
    expect(text).not.toContain('🟢');
    for (const name of KEPT) expect(text).toContain(NAMES[name]!);
  }
  expect(await w.heard()).toHaveLength(heard.en);
}, 120_000);

test('half a dump: not believed, nobody is notified, and the status names the source', async () => {
  const whole = body;
  body = dump('').subarray(0, 1_500);
  await readings(2);
  expect(await w.heard()).toHaveLength(heard.en);
  await w.ann.send('/status ru');
  const { text } = await w.ann.chat.waitFor({ contains: 'z-i', timeout_ms: 20_000 });
  expect(text).toMatch(/Failing: .*z-i/);
  heard.en = (await w.heard()).length;
  body = whole;
  await readings(1);
}, 90_000);

test('the rest is taken off: still nobody is told that anything works again', async () => {
  holds();
  await readings(3);
  for (const person of [w.ann, w.olga]) {
    const texts = (await w.heard(person)).filter((text) => /^[🔴🟢]/u.test(text));
    expect(texts).toHaveLength(1);
    expect(texts[0]).toMatch(/^🔴/u);
  }
}, 90_000);

test('all the while: one request at a time, two seconds apart, over the kill too, and Telegram was content', async () => {
  expect(server.requests.length).toBeGreaterThan(8);
  expect(rudeness(server.requests)).toEqual([]);
  expect(await w.telegram.violations()).toEqual([]);
});

/** One state of the world, case by case (standing.test.ts, shutdown-speaks.test.ts and liars/ hold more of some): what chats hear and every surface says. */
import { afterEach, describe, expect, test } from 'vitest';
import type { BaselineEntry } from '../../src/core/model/catalogue.ts';
import { DEFAULT_SETTINGS } from '../../src/core/model/chat.ts';
import { asMeasurement, type ObservatoryView } from '../../src/core/model/measurement.ts';
import { createTranslators } from '../../src/i18n/index.ts';
import { bundledCatalogue, bundledExtractor } from '../fakes/bundled.ts';
import { WHOLE } from '../fakes/packs.ts';
import { DAY, HOUR } from './harness.ts';
import { type LiarsTown, liarsTown } from './liars/feeds.ts';
import { expectSame } from './same.ts';
import { type Surfaces, surfacesOf } from './surfaces.ts';

const stood = (service: string, over: Partial<BaselineEntry> = {}): BaselineEntry => ({
  country: 'RU',
  service,
  action: 'block',
  method: null,
  since: Date.UTC(2022, 2, 14),
  monthOnly: false,
  reference: 'https://record.example/ru',
  ...over,
});

let at: LiarsTown;
let eyes: Surfaces | null = null;
let record: readonly BaselineEntry[] = [];
async function open(baseline: readonly BaselineEntry[] = [], lang = 'en'): Promise<void> {
  record = baseline;
  at = await liarsTown(lang, baseline);
}
/** New eyes each time: nothing is remembered. */
async function look(): Promise<Surfaces> {
  await eyes?.close();
  eyes = await surfacesOf(at.town.store, at.town.clock, record);
  return eyes;
}
afterEach(async () => {
  await eyes?.close();
  eyes = null;
  await at?.town.store.close().catch(() => undefined);
});
const two = async (says: string, voices: readonly [string, string] = ['a', 'b']): Promise<void> => {
  for (const voice of voices) await at.says(voice, says);
};
const rung = (name: string): string[] => at.town.heard(name).filter((one) => !one.startsWith('edit '));
let seen = 0;
async function observed(over: Partial<ObservatoryView> & { service: string; country?: string }): Promise<void> {
  const { service, country = 'RU', ...view } = over;
  const now = at.town.clock.now();
  await at.town.pipeline.measurements([
    asMeasurement({
      id: `o${seen++}`,
      sourceId: 'ooni',
      at: now,
      verdict: view.says ?? 'open',
      country,
      service,
      view: {
        observatory: 'ooni',
        name: 'OONI',
        licence: null,
        url: null,
        says: 'open',
        before: 'open',
        action: 'block',
        method: null,
        since: now - 6 * HOUR,
        until: now,
        measurements: 40,
        networks: ['AS64501', 'AS64502'],
        signals: [],
        region: null,
        ...view,
      },
    }),
  ]);
  await at.town.drain();
}

describe('case 1: what stands', () => {
  test.each([
    [
      'in English',
      'en',
      [
        'Russia removes Facebook and Instagram from its national DNS',
        'Facebook and Instagram are gone from the national domain name system of Russia',
      ],
    ],
    [
      'in Russian',
      'ru',
      [
        'Facebook и Instagram удалены из национальной системы доменных имён в России',
        'Из НСДИ России исчезли домены Facebook и Instagram',
      ],
    ],
  ])('read from texts %s: told once, as that change, with the old date', async (_name, lang, titles) => {
    await open([stood('instagram'), stood('facebook')], lang);
    const extractor = bundledExtractor();
    for (const [i, title] of titles.entries()) {
      const read = extractor.extract({ title, summary: '', lang } as never) as {
        events: { method?: string; services: string[] }[];
      };
      expect(
        read.events.map(({ services, method }) => [...services.toSorted(), method]),
        title,
      ).toEqual([['facebook', 'instagram', 'dns']]);
      await at.says(`v${i}`, 'block RU facebook,instagram dns');
    }
    expect(rung('corroborated')).toHaveLength(1);
  });

  test('cut for long by what an observatory sees, and in no record: outlets that write of it ring nobody', async () => {
    await open();
    for (let day = 0; day < 20; day++) {
      await at.town.pass(DAY);
      await observed({
        service: 'signal',
        country: 'IR',
        says: 'cut',
        before: 'cut',
        since: at.town.clock.now() - 400 * DAY,
      });
    }
    const [state] = (await (await look()).states('IR')).filter(({ service }) => service === 'signal');
    expect(state).toMatchObject({ access: 'blocked' });
    await two('block IR signal');
    expect(rung('corroborated')).toEqual([]);
    const [after] = (await (await look()).states('IR')).filter(({ service }) => service === 'signal');
    expect(after!.since).toBe(state!.since);
  });

  test('slowed for long, then blocked: after the change all surfaces date the block, and still know of the old one', async () => {
    await open([stood('youtube', { action: 'throttle', since: Date.UTC(2024, 6, 1), monthOnly: true })]);
    await two('block RU youtube');
    expect(at.newest('corroborated')).toMatch(/^🔴 Russia: YouTube blocked · slowed down since Jul 2024/u);
    await expectSame(await look(), 'RU');
    expect(await (await look()).badge('ru-youtube')).toContain('blocked');
  });

  test('a chat that subscribes later: shown with the old date, as standing', async () => {
    await open([stood('instagram')]);
    await two('block RU instagram');
    const board = await (await look()).board('RU');
    expect(board).toMatch(/Instagram · blocked since 14 Mar 2022|Instagram blocked · since 14 Mar 2022/u);
  });
});

describe('case 2: lifts', () => {
  test('one outlet says that what nobody knew of works again: no 🟢 for anybody, at no level', async () => {
    await open();
    await at.says('a', 'unblock IR internet');
    for (const level of ['early', 'corroborated', 'confirmed'] as const)
      expect(at.heard(level).filter((line) => line.includes('🟢'))).toEqual([]);
    const all = await look();
    expect(
      [await all.say('status ir'), await all.say('history ir'), (await all.page('/country/ir')).join('\n')].join('\n'),
    ).not.toMatch(/🟢|works again/u);
    expect((await all.get('/feed.json')).text).not.toMatch(/works again/u);
    await expectSame(all, 'IR');
  });

  test('eased by one outlet: a shutdown at night still breaks through for who wants two', async () => {
    await open();
    const id = await at.town.chat('sleeper', ['ru'], 'corroborated');
    await at.town.store.chats.update(id, {
      timeZone: 'UTC',
      settings: { ...DEFAULT_SETTINGS, quiet: { from: 0, to: 23 * 60 + 59, critical: true } },
    });
    await at.says('a', 'shutdown RU internet');
    await at.says('c', 'unblock RU internet');
    await at.says('b', 'shutdown RU internet');
    expect(rung('sleeper')).toEqual([expect.stringMatching(/⚫ Russia: internet/u)]);
  });
});

describe('case 3: regions and lines', () => {
  test('mobile internet off in Rostov by two outlets: that, everywhere, and never Russia', async () => {
    await open();
    const written = [
      'Mobile internet is switched off in the Rostov region since the morning',
      'Phones of the south have no data, say subscribers: mobile internet does not work around Rostov',
    ];
    for (const [i, voice] of ['a', 'b'].entries())
      await at.says(voice, 'shutdown RU internet @Rostov', { text: written[i]! });
    const all = await look();
    const texts = [
      ...at.heard('corroborated'),
      await all.say('status ru'),
      await all.say('history ru'),
      await all.board('RU'),
      ...(await all.picture('status ru')),
      (await all.page('/country/ru')).join(' '),
      await all.badge('ru-internet'),
    ];
    const wrong = texts
      .flatMap((text) => text.split('\n'))
      .filter(
        (line) =>
          /(?:shut down|switched off|internet off)/iu.test(line) &&
          !/Rostov/u.test(line) &&
          !/^(?:shut down|What the bars)/u.test(line),
      );
    // The page's key, and what a row of it begins with, stand in one line here.
    expect(wrong.filter((line) => !line.startsWith('As of') && !line.startsWith('Russia The last'))).toEqual([]);
    expect(texts[0]).toMatch(/Rostov, Russia: mobile internet off/u);
    expect(await all.say('status ru')).toMatch(/Mobile internet/u);
    const api = JSON.parse((await all.get('/api/v1/incidents?country=RU')).text) as {
      incidents?: { regions?: string[] }[];
      items?: { regions?: string[] }[];
    };
    for (const one of api.incidents ?? api.items ?? []) expect(one.regions).toEqual(['RU-ROS']);
    await expectSame(all, 'RU');
  });

  test('Crimea: whoever asks is told what both states block there', async () => {
    await open([stood('instagram'), stood('vk', { country: 'UA', since: Date.UTC(2017, 4, 16) })]);
    const said = await (await look()).say('status crimea');
    expect(said).toMatch(/Instagram/u);
    expect(said).toMatch(/VK/u);
  });

  test('two outlets say the region is off, one the whole: the second for the whole widens it, and it is told', async () => {
    await open();
    await two('shutdown IR internet @Khuzestan');
    await at.says('c', 'shutdown IR internet');
    const whole = async () =>
      (await (await look()).states('IR')).find((one) => one.service === 'internet' && one.region === null);
    expect((await whole())?.confidence ?? 'reported').toBe('reported');
    await at.says('d', 'shutdown IR internet');
    expect(await whole()).toMatchObject({ access: 'shutdown', confidence: 'corroborated' });
    await expectSame(await look(), 'IR');
  });
});

describe('case 3: a region is a row of its own in time, too', () => {
  test('off in one region at noon, in another two hours later: each has its own date', async () => {
    await open();
    await two('shutdown RU internet @Dagestan');
    await two('shutdown RU internet @Tuva');
    const rows = (await (await look()).states('RU')).filter(({ service }) => service === 'internet');
    const since = Object.fromEntries(rows.map((one) => [one.region, one.since! - rows[0]!.since!]));
    expect(Math.abs(since['RU-TY']! - since['RU-DA']!)).toBe(2 * HOUR);
  });

  test('off in two regions, back in one by two outlets: that one is told as back, and its hours stay in picture and history', async () => {
    await open();
    await two('shutdown RU internet @Dagestan');
    await two('shutdown RU internet @Tuva');
    await two('unblock RU internet @Dagestan');
    const all = await look();
    const rows = (await all.states('RU')).filter(({ service }) => service === 'internet');
    expect(rows.find(({ region }) => region === 'RU-DA')?.access).toBe('open');
    expect(rows.find(({ region }) => region === 'RU-TY')?.access).toBe('shutdown');
    expect((await all.picture('status ru')).join('\n')).toMatch(/Dagestan/u);
    expect(await all.say('history ru')).toMatch(/Dagestan/u);
    expect(await all.say('status dagestan')).not.toMatch(/I know of nothing about Dagestan/u);
  });

  test('back in one region of two, and off there again the next day: dated from the second time', async () => {
    await open();
    await two('shutdown RU internet @Dagestan');
    await two('shutdown RU internet @Tuva');
    await two('unblock RU internet @Dagestan');
    await at.town.pass(DAY);
    const again = at.town.clock.now();
    await two('shutdown RU internet @Dagestan', ['c', 'd']);
    const rows = (await (await look()).states('RU')).filter(({ service }) => service === 'internet');
    const since = Object.fromEntries(rows.map((one) => [one.region, one.since!]));
    expect(rows.map(({ access }) => access)).toEqual(['shutdown', 'shutdown']);
    expect(since['RU-DA']).toBeGreaterThanOrEqual(again);
    expect(since['RU-TY']).toBeLessThan(again);
  });
});

describe('case 4: names', () => {
  test('nameless by two, named by two: the name is corroborated by those two, and told', async () => {
    await open();
    await two('block NP -');
    await two('block NP facebook', ['c', 'd']);
    expect(at.heard('corroborated').some((line) => line.includes('Facebook'))).toBe(true);
    const named = (await (await look()).states('NP')).filter(({ service }) => service === 'facebook');
    expect(named.map(({ confidence }) => confidence)).toEqual(['corroborated']);
  });
});

describe('case 5: old words', () => {
  const TEXT =
    'Live metrics show that the messenger is unreachable on several leading networks of the country; incident in progress';
  test('withdrawn, and the next day the monitor and another outlet write of a true one: told', async () => {
    await open();
    await at.says('monitor', 'block RU whatsapp', { text: TEXT });
    await at.says('a', 'block RU whatsapp');
    await at.town.retract();
    await at.town.pass(DAY);
    at.town.heard('corroborated');
    await at.says('monitor', 'block RU whatsapp', { text: TEXT });
    await at.says('c', 'block RU whatsapp');
    expect(rung('corroborated')).toEqual(['send 🔴 Russia: WhatsApp blocked']);
  });

  test('the same text by another outlet after two days, while it goes on: joins it, no voice more', async () => {
    await open();
    await at.says('monitor', 'block RU whatsapp', { text: TEXT });
    await at.town.pass(2 * DAY);
    await at.says('copier', 'block RU whatsapp', { text: TEXT });
    expect(await at.only()).toBe('block reported active');
  });
});

describe('case 6: whom a shutdown silences', () => {
  test('sixty services are cut while the network is off: when it is back, whoever was told of it hears of all of them', async () => {
    await open();
    await two('shutdown RU internet');
    const names = bundledCatalogue()
      .services.map(({ id }) => id)
      .filter((id) => id !== 'internet' && id !== 'vpn')
      .slice(0, 60);
    for (let i = 0; i < names.length; i += 10)
      await two(`block RU ${names.slice(i, i + 10).join(',')}`, [`c${i}`, `d${i}`]);
    expect(rung('corroborated')).toEqual([expect.stringMatching(/⚫ Russia: internet off/u)]);
    await two('unblock RU internet');
    await at.town.pass(3 * HOUR);
    const told = at.town.texts('corroborated').join('\n');
    const missing = names.filter((id) => !told.includes(`RU-${id}-`));
    expect(missing).toEqual([]);
    expect(told).toMatch(/🔴 Russia: 60 services blocked/u);
    const cut = (await (await look()).states('RU')).filter(({ access, covered }) => access === 'blocked' && !covered);
    expect(cut).toHaveLength(60);
  }, 60_000);

  test('a chat that was not told of the network, for it asks for more certainty: hears of the app at once', async () => {
    await open();
    await two('shutdown RU internet');
    expect(rung('confirmed')).toEqual([]);
    await at.town.measure('AS1', 'block RU whatsapp', 'round-rule');
    await at.town.measure('AS2', 'block RU whatsapp', 'round-rule');
    await at.town.pass(HOUR);
    expect(rung('confirmed')).toEqual(['send 🔴 Russia: WhatsApp blocked']);
  });
});

describe('one outlet says that the whole network is off', () => {
  test('what stands on record and what two outlets reported keep their own state, date and confidence on every surface', async () => {
    await open([stood('instagram')]);
    await two('block RU whatsapp');
    await at.says('liar', 'shutdown RU internet');
    const all = await look();
    const states = await all.states('RU');
    expect(states.find(({ service }) => service === 'whatsapp')).toMatchObject({
      access: 'blocked',
      confidence: 'corroborated',
      covered: false,
    });
    expect(states.find(({ service }) => service === 'instagram')).toMatchObject({ access: 'blocked', covered: false });
    expect(await all.badge('ru-whatsapp')).toMatch(/ – blocked$/u);
    expect(await all.badge('ru-instagram')).toMatch(/ – blocked$/u);
    expect(await all.say('status ru')).toMatch(/Instagram <\S+> · blocked since 14 Mar 2022/u);
    expect(await all.board('RU')).toMatch(/Instagram · blocked since 14 Mar 2022/u);
  });
});

describe('case 8: a flood of one pair', () => {
  test('one voice tells four hundred times in a day: what is kept of it is bounded, and what two outlets said stands', async () => {
    await open();
    await two('block RU whatsapp');
    for (let i = 0; i < 400; i++) await at.poll('monitor', [{ publisher: 'monitor', says: 'block RU whatsapp' }]);
    const [incident] = await at.town.incidents();
    const count = (await at.town.store.reports.countByIncident([incident!.id])).get(incident!.id)!;
    expect(count).toBeLessThanOrEqual(300);
    expect(incident!.confidence).toBe('corroborated');
    // The evidence shows who else said it.
    expect(await (await look()).say(`incident ${incident!.id}`)).toMatch(/^• a </mu);
  }, 60_000);
});

describe('case 9: taken back', () => {
  test.each([
    ['muted', async (id: number) => at.town.mute(id, { country: 'IR' }, 7 * DAY)],
    [
      'unsubscribed',
      async () =>
        at.town.unfollow((await at.town.store.chats.find({ accountId: 'a', chat: 'late', thread: null }))!.id, ['ir']),
    ],
    [
      'asleep',
      async (id: number) =>
        at.town.store.chats.update(id, {
          timeZone: 'UTC',
          settings: { ...DEFAULT_SETTINGS, quiet: { from: 0, to: 23 * 60 + 59, critical: false } },
        }),
    ],
  ])('a chat that is %s by then: its message is edited, in silence', async (_name, then) => {
    await open();
    const id = await at.town.chat('late', ['ir']);
    await two('shutdown IR internet');
    expect(rung('late')).toHaveLength(1);
    await then(id);
    await at.town.retract('the outlets corrected themselves');
    await at.town.pass(HOUR);
    const after = at.town.heard('late');
    expect(after.map((one) => one.split(' ')[0])).toEqual(['edit']);
    expect(at.town.texts('late').at(-1)).toMatch(/We were wrong: the internet in Iran was not shut down\./u);
  });

  test('whoever hears everything: a correction rings, in these words', async () => {
    await open();
    await two('shutdown IR internet');
    at.town.heard('corroborated');
    await at.town.retract('the outlets corrected themselves');
    await at.town.pass(HOUR);
    expect(rung('corroborated')).toHaveLength(1);
    expect(at.newest('corroborated')).toMatch(/We were wrong: the internet in Iran was not shut down\./u);
  });
});

describe('case 10: advice', () => {
  test('no measurement of anything: no service is named', async () => {
    await open([stood('instagram')]);
    await at.says('x', 'unblock RU telegram');
    await two('block RU whatsapp');
    expect(at.newest('corroborated')).not.toMatch(/[Mm]ay still work|[Ss]till works/u);
  });

  test('Signal measured open, WhatsApp cut, Instagram and Facebook of the same house measured open: Signal alone, with its count', async () => {
    await open();
    for (const service of ['signal', 'instagram', 'facebook']) await observed({ service, says: 'open' });
    await two('block RU whatsapp');
    const text = at.newest('corroborated');
    expect(text).toMatch(/Signal/u);
    expect(text).toMatch(/40 measurements/u);
    expect(text).not.toMatch(/Instagram|Facebook/u);
  });

  test('measured open yesterday, and cut by two outlets since: not named', async () => {
    await open();
    await observed({ service: 'signal', says: 'open' });
    await two('block RU signal');
    await two('block RU whatsapp', ['c', 'd']);
    expect(at.newest('corroborated')).not.toMatch(/[Mm]ay still work[^\n]*Signal/u);
  });
});

/** What each language calls confirmed. */
const CONFIRMED: Record<string, RegExp> = {
  ar: /مؤك|تأكيد|تأك[ّ]?د/u,
  de: /bestätigt/iu,
  en: /\bconfirmed by\b|^confirmed/imu,
  es: /confirmad/iu,
  fa: /تأیید|تایید/u,
  fr: /confirmé/iu,
  ru: /подтвержд/iu,
  tr: /doğruland|onayland|teyit/iu,
  uk: /підтвердж/iu,
  zh: /证实|确认/u,
};

describe('case 11: words of confidence', () => {
  test.each(WHOLE)('%s: two outlets, nobody measured: never in its word for confirmed', async (lang) => {
    await open([], lang);
    await two('block RU whatsapp');
    const text = at.newest('corroborated');
    const line = text
      .split('\n')
      .filter((one) => !/^.? ?> /u.test(one))
      .join('\n');
    expect(line).not.toMatch(CONFIRMED[lang] ?? /never/u);
    const status = await (await look()).say('status ru', lang);
    expect(status).not.toMatch(CONFIRMED[lang] ?? /never/u);
    const words = createTranslators(bundledCatalogue()).of(lang);
    expect(words.say('confidence.corroborated')).not.toMatch(CONFIRMED[lang] ?? /never/u);
    expect(words.say('level.corroborated')).not.toMatch(CONFIRMED[lang] ?? /never/u);
  });

  test('two outlets: first reported, to the minute, and no "since"; in the citation as well', async () => {
    await open();
    await two('block RU whatsapp');
    const [incident] = await at.town.incidents();
    expect(at.newest('corroborated')).toMatch(/First reported 11 Feb, 12:00 UTC/u);
    expect(at.newest('corroborated')).not.toMatch(/\bsince\b/iu);
    const card = await (await look()).say(`evidence ${incident!.id}`);
    expect(card).not.toMatch(/\bsince 11 Feb\b/u);
    const page = (await (await look()).page(`/incident/${incident!.id}`)).join('\n');
    expect(page).toMatch(/first reported/iu);
    expect(page).not.toMatch(/blocked since/iu);
  });
});

describe('case 12: sources', () => {
  test('thirty outlets, an authority and an agency among them: these survive "… more"', async () => {
    await open();
    await at.poll('reuters', [{ publisher: 'reuters', says: 'block RU whatsapp' }]);
    for (let i = 0; i < 14; i++) await at.poll(`small${i}`, [{ publisher: `small${i}`, says: 'block RU whatsapp' }]);
    await at.poll('rkn', [{ publisher: 'rkn', says: 'block RU whatsapp', authority: true }]);
    await at.town.pass(HOUR);
    const sources = at
      .newest('corroborated')
      .split('\n')
      .find((line) => line.includes('Sources:'))!;
    expect(sources).toMatch(/Sources: rkn/u);
    expect(sources).toMatch(/reuters/u);
  });
});

describe('case 13: the page', () => {
  const COUNTRIES = Array.from({ length: 26 }, (_, i) => String.fromCodePoint(65 + i)).flatMap((a) =>
    ['A', 'E', 'G', 'L', 'M', 'N', 'O', 'R', 'S', 'T', 'Y'].map((b) => a + b),
  );

  test('two hundred countries: under 60 kB', async () => {
    const names = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });
    const countries = COUNTRIES.filter((code) => names.of(code) !== undefined).slice(0, 200);
    await open(
      countries.flatMap((country) => ['telegram', 'signal', 'bbc'].map((service) => stood(service, { country }))),
    );
    const { text } = await (await look()).get('/');
    expect(countries.length).toBeGreaterThan(120);
    expect(text.length).toBeLessThan(60_000);
  });

  test('what stands is listed: China; and one outlet’s word is marked, on page, feed and badge', async () => {
    await open([stood('google', { country: 'CN' })]);
    await at.says('a', 'block RU whatsapp');
    const all = await look();
    expect((await all.page('/')).join('\n')).toMatch(/China/u);
    expect((await all.page('/country/ru')).join('\n')).toMatch(/reported/u);
    expect(await all.badge('ru-whatsapp')).toMatch(/reported/u);
    expect((await all.get('/feed.json')).text).toMatch(/[Rr]eported/u);
  });

  test('something opens: the page tells it 15 s later, and says as of when', async () => {
    await open();
    const all = await look();
    await all.page('/');
    await two('block RU whatsapp');
    at.town.clock.moveTo(at.town.clock.now() + 15_000);
    const page = (await all.page('/')).join('\n');
    expect(page).toMatch(/WhatsApp/u);
    expect(page).toMatch(/16:|14:|As of/u);
    expect((await all.page('/country/ru')).join('\n')).toMatch(/WhatsApp/u);
  });

  test('a country with one great shutdown goes before one with twenty old blocks', async () => {
    await open(['bbc', 'dw', 'signal', 'telegram', 'x', 'facebook', 'viber', 'tor'].map((service) => stood(service)));
    await two('shutdown IR internet');
    const page = await (await look()).page('/');
    const [iran, russia] = [page.indexOf('Iran'), page.indexOf('Russia')];
    expect(iran).toBeGreaterThan(0);
    expect(iran).toBeLessThan(russia);
  });
});

describe('case 14: a lift in pictures', () => {
  test('blocked for three hours and back the same day: the row ends open, and history says how long it was', async () => {
    // Of one row there is no picture.
    await open([stood('instagram')]);
    await two('block RU whatsapp');
    await at.town.pass(HOUR);
    await two('unblock RU whatsapp');
    const all = await look();
    const row = (await all.picture('status ru')).find((line) => line.startsWith('WhatsApp'));
    expect(row).toMatch(/^WhatsApp: now open/u);
    expect(await all.say('history ru')).toMatch(/works again[^\n]*\(?was blocked[^\n]*h/iu);
    const page = await all.page('/country/ru');
    expect(page[page.indexOf('WhatsApp') + 1]).toMatch(/^open/u);
    await expectSame(all, 'RU');
  });
});

describe('case 15: replies on a lock screen', () => {
  test('four more of a message: the reply leads with their names', async () => {
    await open();
    await two('block RU whatsapp');
    await at.town.pass(HOUR);
    at.town.heard('corroborated');
    await two('block RU whatsapp,bbc,dw,rferl,windscribe');
    await at.town.pass(2 * HOUR);
    const replies = rung('corroborated');
    expect(replies).toHaveLength(1);
    expect(replies[0]).toMatch(
      /^reply 🔴 Russia: .*BBC.*(?:Deutsche Welle|DW).*(?:Radio Free|RFE).*Windscribe.*blocked/u,
    );
    expect(replies[0]).not.toMatch(/services|more is hit/u);
  });

  test('past five names: names only, no links; the first message’s own facts stay', async () => {
    await open();
    await two('block RU whatsapp');
    await at.town.pass(HOUR);
    await two('block RU whatsapp,bbc,dw,rferl,windscribe,meduza,tor');
    await at.town.pass(2 * HOUR);
    const merged = at.town
      .texts('corroborated')
      .findLast((text) => text.includes('WhatsApp') && text.includes('Meduza'));
    expect(merged).toBeDefined();
    expect(merged).not.toMatch(/https?:/u);
    expect(merged).toMatch(/First reported 11 Feb, 12:00 UTC/u);
  });

  test('two services in one message, the second reported a day later: its date is not the first one’s', async () => {
    await open();
    await two('block RU youtube dns');
    await at.town.pass(DAY);
    await two('block RU youtube,whatsapp dns');
    await at.town.pass(2 * HOUR);
    const merged = at.town
      .texts('corroborated')
      .findLast((text) => text.includes('YouTube') && text.includes('WhatsApp'))!;
    const line = merged.split('\n').find((one) => one.includes('First reported'));
    // Where one date is told for both, it must not be read as that of both.
    if (line) expect(line).toMatch(/YouTube|12 Feb/u);
  });
});

describe('case 16: clocks', () => {
  test('an observatory whose clock was a year ahead once: what it sees now is heard', async () => {
    await open();
    const ahead = at.town.clock.now() + 365 * DAY;
    await at.town.pipeline.measurements([
      asMeasurement({
        id: 'ahead',
        sourceId: 'ooni',
        at: ahead,
        verdict: 'open',
        country: 'RU',
        service: 'signal',
        view: {
          observatory: 'ooni',
          name: 'OONI',
          licence: null,
          url: null,
          says: 'open',
          before: 'open',
          action: 'block',
          method: null,
          since: ahead - HOUR,
          until: ahead,
          measurements: 40,
          networks: ['AS1'],
          signals: [],
          region: null,
        },
      }),
    ]);
    for (let i = 0; i < 3; i++) {
      await observed({ service: 'signal', says: 'cut', before: 'open' });
      await at.town.pass(HOUR);
    }
    expect(at.heard('corroborated')).toEqual([expect.stringMatching(/^🔴 Russia: Signal blocked/u)]);
    expect((await (await look()).states('RU')).find(({ service }) => service === 'signal')).toMatchObject({
      access: 'blocked',
    });
  });
});

/** Whose word it is: owners with many titles, states with many media, and whoever registers domains by the dozen. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { outletsTogether } from '../../../src/core/correlate/ladder.ts';
import { type Entry, type LiarsTown, liarsTown } from './feeds.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** What a search answers of one domain. */
let hits = 0;
const hit = (domain: string, says: string, over: Partial<Entry> = {}): Entry => ({
  publisher: domain,
  url: `https://${domain}/${++hits}/what-happened-here`,
  found: true,
  says,
  ...over,
});
const WORDS =
  'amber birch cedar delta ember fjord grove heron inlet joker karst lotus maple nylon ocean pearl quartz river stone tundra';
/** Twenty domains, each with a name of its own. */
const twenty = WORDS.split(' ').map((word) => `${word}-daily-${word}.example`);

/** Voices of the only incident, each with its publishers. */
async function voices({ town }: LiarsTown): Promise<string[]> {
  const [incident] = await town.incidents();
  const reports = await town.store.reports.byIncident(incident!.id, 100);
  const groups = Map.groupBy(reports, ({ voice }) => voice);
  return [...groups.values()].map((all) => [...new Set(all.map((one) => one.publisher))].sort().join('+')).sort();
}

describe('twenty domains of one liar', () => {
  test('fresh, in one search answer: one voice, the default level hears nothing, and it is said', async () => {
    const town = await liarsTown();
    await town.poll(
      'gdelt',
      twenty.map((domain) => hit(domain, 'block UG whatsapp')),
    );
    await town.town.pass(HOUR);
    expect(await voices(town)).toHaveLength(1);
    expect(await town.only()).toBe('block reported active');
    expect(town.heard('corroborated')).toEqual([]);
    expect(town.newest('early')).toContain('20 unknown sites');
    expect(town.newest('early')).not.toContain('outlet');
  });

  test('beside one outlet that is known: still nothing at the default level', async () => {
    const town = await liarsTown();
    await town.poll(
      'gdelt',
      twenty.map((domain) => hit(domain, 'block UG whatsapp')),
    );
    await town.poll('nilepost', [{ publisher: 'nilepost.co.ug', says: 'block UG whatsapp' }]);
    await town.town.pass(HOUR / 2);
    await town.poll('gdelt', [hit('willow-daily-willow.example', 'block UG whatsapp')]);
    expect(await town.only()).toBe('block reported active');
    expect(town.heard('corroborated')).toEqual([]);
  });

  test('a day apart each: two bear out one outlet that is known, and of themselves they are nobody', async () => {
    const town = await liarsTown();
    for (const domain of twenty.slice(0, 6)) {
      await town.poll('gdelt', [hit(domain, 'block UG whatsapp')]);
      await town.town.pass(DAY);
    }
    expect((await voices(town)).length).toBe(6);
    expect(await town.only()).toBe('block reported active');
    expect(town.heard('corroborated')).toEqual([]);
    await town.says('nilepost.co.ug', 'block UG whatsapp');
    expect(await town.only()).toBe('block corroborated active');
    expect(town.newest('corroborated')).toContain('1 outlet, 6 unknown sites');
  });

  test.each<[string, (n: number) => Partial<Entry>]>([
    ['named alike', (n) => ({ publisher: `uganda-news-${n}.example`, url: `https://uganda-news-${n}.example/${n}` })],
    ['of one template', () => ({ url: 'x/2026/11/30/whatsapp-is-gone' })],
    [
      'of one text',
      () => ({
        text: 'Providers cut the messenger all over the country last night, an official said in Kampala on air',
      }),
    ],
  ])('days apart, %s: one voice', async (_name, over) => {
    const town = await liarsTown();
    for (const [n, domain] of twenty.slice(0, 4).entries()) {
      const more = over(n);
      const one = hit(domain, 'block UG whatsapp', more);
      await town.poll('gdelt', [
        more.url?.startsWith('x') ? { ...one, url: more.url.replace('x', `https://${domain}`) } : one,
      ]);
      await town.town.pass(DAY);
    }
    expect(await voices(town)).toHaveLength(1);
    await town.says('nilepost.co.ug', 'block UG whatsapp');
    expect(await town.only()).toBe('block reported active');
  });

  test('that copy what known outlets wrote, before or after them, or credit an agency: nobody', async () => {
    const text =
      'The regulator told providers to cut access to the messenger after requests had gone unanswered for weeks';
    for (const isFirst of [true, false]) {
      const town = await liarsTown();
      const copy = async () => {
        for (const [n, domain] of twenty.slice(0, 4).entries()) {
          await town.poll('gdelt', [hit(domain, 'block UG whatsapp', n % 2 ? { text } : { credit: 'reuters' })]);
          await town.town.pass(DAY / 2);
        }
      };
      if (isFirst) await copy();
      await town.says('nilepost.co.ug', 'block UG whatsapp', { text });
      if (!isFirst) await copy();
      expect(await town.only()).toBe('block reported active');
      // No original for anybody: a known outlet keeps its word, and a second one bears it out.
      await town.says('pmldaily.com', 'block UG whatsapp');
      expect(await town.only()).toBe('block corroborated active');
      expect(town.newest('corroborated')).toContain('2 outlets');
    }
  });

  test('that say it is worse, or that it is over: what is sure stays', async () => {
    const town = await liarsTown();
    await town.says('nilepost.co.ug', 'throttle UG whatsapp');
    await town.says('pmldaily.com', 'throttle UG whatsapp');
    for (const [n, domain] of twenty.slice(0, 8).entries()) {
      await town.poll('gdelt', [hit(domain, n % 2 ? 'block UG whatsapp' : 'unblock UG whatsapp')]);
      await town.town.pass(DAY / 4);
    }
    expect(await town.only()).toBe('throttle corroborated active');
    expect(town.heard('corroborated')).toHaveLength(1);
  });

  test('beside a measurement: they confirm nothing', async () => {
    const town = await liarsTown();
    await town.town.measure('AS64500', 'block UG whatsapp', 'round-rule');
    await town.poll(
      'gdelt',
      twenty.map((domain) => hit(domain, 'block UG whatsapp')),
    );
    expect(await town.only()).toBe('block corroborated active');
  });

  test('that are in no hurry: a month later they are one voice, and not half of one', async () => {
    const town = await liarsTown();
    await town.poll(
      'gdelt',
      twenty.map((domain) => hit(domain, 'block KE telegram')),
    );
    await town.town.pass(40 * DAY);
    await town.poll(
      'gdelt',
      twenty.map((domain) => hit(domain, 'block UG whatsapp')),
    );
    const of = async (country: string) => (await town.town.incidents()).find((one) => one.country === country)!;
    expect((await of('UG')).confidence).toBe('reported');
    await town.says('nilepost.co.ug', 'block UG whatsapp');
    expect((await of('UG')).confidence).toBe('corroborated');
  });
});

describe('a search', () => {
  test('a hit of an outlet whose feed is read: one outlet, whichever comes first', async () => {
    for (const order of [0, 1]) {
      const town = await liarsTown();
      const both = [
        () => town.poll('ug-nile-post', [{ publisher: 'nilepost.co.ug', says: 'block UG whatsapp' }]),
        () => town.poll('gdelt', [hit('nilepost.co.ug', 'block UG whatsapp')]),
      ];
      for (const poll of order ? both.reverse() : both) await poll();
      expect(await town.only()).toBe('block reported active');
      expect(town.heard('corroborated')).toEqual([]);
    }
  });

  test('hits of two owners that are known: two outlets', async () => {
    const town = await liarsTown();
    await town.poll('gdelt', [
      hit('www.nilepost.co.ug', 'block UG whatsapp'),
      hit('pmldaily.com', 'block UG whatsapp'),
    ]);
    expect(await town.only()).toBe('block corroborated active');
  });

  test('aggregators and press releases: nobody, unless they say whose word it is', async () => {
    const town = await liarsTown();
    await town.poll(
      'gdelt',
      ['msn.com', 'news.yahoo.com', 'prnewswire.com'].map((one) => hit(one, 'block UG whatsapp')),
    );
    expect(await town.town.incidents()).toEqual([]);
    await town.poll('gdelt', [
      hit('msn.com', 'block UG whatsapp', { credit: 'afp' }),
      hit('yahoo.com', 'block UG whatsapp', { credit: 'afp' }),
    ]);
    expect(await town.only()).toBe('block reported active');
  });
});

describe('a feed that names the sites of others as its items’ links', () => {
  test('of two, and then of itself: one voice', async () => {
    const town = await liarsTown();
    await town.says('liar', 'block UG whatsapp', { url: 'https://www.dawn.com/news/1' });
    await town.says('liar', 'block UG whatsapp', { url: 'https://www.nilepost.co.ug/news/2' });
    await town.says('liar', 'block UG whatsapp');
    expect(await town.only()).toBe('block reported active');
    expect(town.heard('corroborated')).toEqual([]);
  });

  test('and the outlet itself: one voice; another outlet beside it: two', async () => {
    const town = await liarsTown();
    await town.says('liar', 'block UG whatsapp', { url: 'https://www.nilepost.co.ug/news/2' });
    await town.says('nilepost.co.ug', 'block UG whatsapp', { url: 'https://nilepost.co.ug/news/3' });
    expect(await town.only()).toBe('block reported active');
    await town.says('pmldaily.com', 'block UG whatsapp', { url: 'https://www.pmldaily.com/news/3' });
    expect(await town.only()).toBe('block corroborated active');
  });

  test('two outlets that it names: they stay two', async () => {
    const town = await liarsTown();
    await town.says('liar', 'block UG whatsapp', { url: 'https://www.nilepost.co.ug/news/2' });
    await town.says('liar', 'block UG whatsapp', { url: 'https://www.pmldaily.com/news/2' });
    await town.says('nilepost.co.ug', 'block UG whatsapp');
    await town.says('pmldaily.com', 'block UG whatsapp');
    expect(await voices(town)).toEqual(['liar+nilepost.co.ug', 'pmldaily.com']);
  });
});

describe('titles of one owner', () => {
  test('several, in words of their own: one voice, the default level hears nothing', async () => {
    const town = await liarsTown();
    for (const publisher of ['hurriyet.com.tr', 'cnnturk.com', 'milliyet.com.tr'])
      await town.says(publisher, 'block TR x');
    expect(await town.only()).toBe('block reported active');
    expect(town.heard('corroborated')).toEqual([]);
    await town.says('cumhuriyet', 'block TR x');
    expect(await town.only()).toBe('block corroborated active');
    expect(town.newest('corroborated')).toContain('2 outlets');
  });

  test('under several domains, in one search answer: one voice', async () => {
    const town = await liarsTown();
    const domains = ['www.hurriyet.com.tr', 'cnnturk.com', 'www.milliyet.com.tr', 'gundem.posta.com.tr'];
    await town.poll(
      'gdelt',
      domains.map((domain) => hit(domain, 'block TR x')),
    );
    await town.town.pass(HOUR);
    expect(await voices(town)).toHaveLength(1);
    expect(town.heard('corroborated')).toEqual([]);
    expect(town.newest('early')).toContain('1 outlet');
  });

  test('one that credits the owner’s agency, and another title: one voice', async () => {
    const town = await liarsTown();
    await town.says('cumhuriyet', 'block TR x', { credit: 'ptitr' });
    await town.says('hurriyet.com.tr', 'block TR x');
    expect(await voices(town)).toEqual(['cumhuriyet+hurriyet.com.tr']);
  });
});

describe('media of a state', () => {
  test('two of the state that acts: its own word, the default level hears nothing, early hears whose it is', async () => {
    const town = await liarsTown();
    await town.says('tass', 'block RU whatsapp');
    await town.says('ria', 'block RU whatsapp');
    await town.says('sputnik.kz', 'block RU whatsapp');
    expect(await town.only()).toBe('block reported active');
    expect(town.heard('corroborated')).toEqual([]);
    expect(town.newest('early')).toContain('state media');
    expect(town.newest('early')).not.toMatch(/\d outlet/);
  });

  test('and whoever quotes them: the same word', async () => {
    const town = await liarsTown();
    await town.says('tass', 'block RU whatsapp');
    await town.says('kommersant', 'block RU whatsapp', { credit: 'ria' });
    expect(await town.only()).toBe('block reported active');
  });

  test('and one independent outlet: they bear each other out, and are told apart', async () => {
    const town = await liarsTown();
    await town.says('tass', 'block RU whatsapp', { url: 'https://tass.ru/1' });
    await town.says('meduza', 'block RU whatsapp', { url: 'https://meduza.io/1' });
    expect(await town.only()).toBe('block corroborated active');
    const text = town.newest('corroborated');
    expect(text).toContain('1 outlet, state media');
    expect(text).toContain('tass (state media)');
    expect(text.indexOf('meduza')).toBeLessThan(text.indexOf('tass'));
  });

  test('about another country: an outlet, and all of them one', async () => {
    const town = await liarsTown();
    await town.says('tass', 'block UG whatsapp');
    await town.says('ria', 'block UG whatsapp');
    expect(await town.only()).toBe('block reported active');
    expect(town.newest('early')).toContain('1 outlet');
    expect(town.newest('early')).not.toContain('state media');
  });
});

test('whoever says it, however it came: never more outlets than owners and one; sure only where one of them is known', async () => {
  const KNOWN = {
    'hurriyet.com.tr': 'Demirören',
    'cnnturk.com': 'Demirören',
    cumhuriyet: 'Cumhuriyet',
    anadolu: 'the state',
    'trthaber.com': 'the state',
  };
  const TEXT =
    'The authority told providers to cut access to the network during the night after requests had gone unanswered';
  const entry = fc.record({
    who: fc.constantFrom(...Object.keys(KNOWN), ...twenty.slice(0, 4)),
    credit: fc.constantFrom(undefined, undefined, 'ptitr', 'reuters'),
    text: fc.constantFrom(undefined, undefined, TEXT),
    link: fc.constantFrom(undefined, 'https://www.dawn.com/1', 'https://www.hurriyet.com.tr/1'),
    confidence: fc.constantFrom(undefined, 0.5),
    later: fc.constantFrom(0, HOUR / 2, DAY),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(entry, { minLength: 1, maxLength: 8 }), async (entries) => {
      const town = await liarsTown();
      const heard = async () => {
        const [incident] = await town.town.incidents();
        return { incident: incident!, reports: await town.town.store.reports.byIncident(incident!.id, 100) };
      };
      // How sure it is never falls: a stranger may turn out to be an echo when the outlet that it copied is heard.
      let most = 0;
      for (const { who, credit, text, link, confidence, later } of entries) {
        const more = { ...(credit ? { credit } : {}), ...(text ? { text } : {}) };
        const own = { ...more, ...(confidence ? { confidence } : {}), ...(link ? { url: `${link}${++hits}` } : {}) };
        const isFeed = who in KNOWN;
        await town.poll(isFeed ? who : 'gdelt', [
          isFeed ? { publisher: who, says: 'block TR x', ...own } : hit(who, 'block TR x', more),
        ]);
        most = Math.max(most, outletsTogether((await heard()).reports));
        await town.town.pass(later);
      }
      const { incident, reports } = await heard();
      await town.town.store.close();
      const isKnown = ({ who }: { who: string }): boolean => who in KNOWN;
      const owners = new Set(entries.filter(isKnown).map(({ who }) => KNOWN[who as keyof typeof KNOWN])).size;
      expect(reports).toHaveLength(entries.length);
      expect(most).toBeLessThanOrEqual(owners + (entries.every(isKnown) ? 0 : 1));
      if (owners === 0) expect(most).toBe(0);
      expect(incident.confidence).toBe(most > 1 ? 'corroborated' : 'reported');
    }),
    { numRuns: 60 },
  );
});

/** A model's answer is a stranger's: what it may change, and what it never can. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ACTIONS, METHODS } from '../../../src/core/model/incident.ts';
import { type ExtractedEvent, type Extraction, MAX_EVENTS } from '../../../src/core/model/item.ts';
import { agree, createBudget, questionOf, readAnswer, saidIn, worthOf } from '../../../src/platform/model-extractor.ts';

const NAMED = new Set(['internet', 'whatsapp', 'x']);
const event = (over: Partial<ExtractedEvent> = {}): ExtractedEvent => ({
  action: 'block',
  countries: ['RU'],
  services: ['whatsapp'],
  ...over,
});
const reading = (over: Partial<Extraction> = {}): Extraction => ({
  relevant: true,
  events: [event()],
  lang: 'en',
  credit: null,
  ...over,
});
const answered = (...events: unknown[]) => readAnswer(JSON.stringify({ relevant: true, events }), NAMED);

describe('an answer', () => {
  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['no text', 5],
    ['no JSON', 'Sure! Here is'],
    ['null', 'null'],
    ['a list', '[]'],
    ['no verdict', '{"events":[]}'],
    ['a verdict in words', '{"relevant":"true","events":[]}'],
    ['no list', '{"relevant":true,"events":{}}'],
    [
      'an action that there is not',
      '{"relevant":true,"events":[{"action":"ban","countries":["RU"],"services":["x"]}]}',
    ],
    ['an event that is none', '{"relevant":true,"events":[null]}'],
  ])('%s: not of the form', (_name, content) => expect(() => readAnswer(content, NAMED)).toThrow());

  test.each<[string, object, Partial<ExtractedEvent> | null]>([
    ['all of it', event({ method: 'dns' }), event({ method: 'dns' })],
    ['a method that there is not', { ...event(), method: 'magic' }, event()],
    ['the same twice', event({ countries: ['RU', 'RU'], services: ['x', 'x'] }), event({ services: ['x'] })],
    ['codes that are none', event({ countries: ['UK', 'ru', 'EU', 'XX'] }), event({ countries: ['EU'] })],
    ['only services that the text does not name', event({ services: ['telegram'] }), null],
    ['some that it does not name', event({ services: ['telegram', 'x'] }), event({ services: ['x'] })],
    ['a country alone', event({ services: [] }), event({ services: [] })],
    ['a service alone', event({ countries: [] }), event({ countries: [] })],
    ['neither', event({ countries: ['XX'], services: [] }), null],
    ['lists that are none', { action: 'warn', countries: 'RU', services: { 0: 'x' } }, null],
    ['what nobody asked for', { ...event(), region: 'Moscow', confidence: 1, secondary: true }, event()],
  ])('%s', (_name, given, kept) => {
    expect(answered(given)).toEqual({ relevant: kept !== null, events: kept === null ? [] : [kept] });
  });

  test('no news: no events, whatever else it says', () => {
    expect(readAnswer('{"relevant":false,"events":[{"action":"ban"}]}', NAMED)).toEqual({
      relevant: false,
      events: [],
    });
  });

  test('any JSON: refused, or within bounds', () => {
    const events = fc.array(
      fc.record(
        {
          action: fc.oneof(fc.constantFrom(...ACTIONS), fc.string()),
          countries: fc.oneof(fc.array(fc.constantFrom('RU', 'EU', 'XX', 5)), fc.anything()),
          services: fc.oneof(fc.array(fc.constantFrom('x', 'whatsapp', 'other', null)), fc.anything()),
          method: fc.anything(),
        },
        { requiredKeys: ['action'] },
      ),
      { maxLength: 20 },
    );
    fc.assert(
      fc.property(fc.oneof(events, fc.jsonValue()), (found) => {
        let answer: ReturnType<typeof readAnswer>;
        try {
          answer = answered(...(Array.isArray(found) ? found : [found]));
        } catch {
          return;
        }
        expect(answer.relevant).toBe(answer.events.length > 0);
        expect(answer.events.length).toBeLessThanOrEqual(MAX_EVENTS);
        for (const one of answer.events) {
          expect(one.services.every((id) => NAMED.has(id))).toBe(true);
          expect(one.countries.length + one.services.length).toBeGreaterThan(0);
          expect(
            Object.keys(one).filter((key) => !['action', 'countries', 'services', 'method'].includes(key)),
          ).toEqual([]);
        }
      }),
    );
  });
});

describe('two readings', () => {
  const other = (...events: ExtractedEvent[]) => ({ relevant: events.length > 0, events });
  test.each<[string, ExtractedEvent[], ExtractedEvent[], ExtractedEvent[]]>([
    [
      'both say it',
      [event({ region: 'Dagestan', method: 'sni' })],
      [event({ method: 'dns' })],
      [event({ region: 'Dagestan', method: 'sni', confidence: 0.95 })],
    ],
    ['both say it, surer than that', [event({ confidence: 0.99 })], [event()], [event({ confidence: 0.99 })]],
    ['only the built-in one', [event({ confidence: 0.9 })], [], [event({ confidence: 0.4 })]],
    ['only the built-in one, who doubts more', [event({ confidence: 0.2 })], [], [event({ confidence: 0.2 })]],
    ['only the other one', [], [event()], [event({ confidence: 0.4 })]],
    [
      'another step',
      [event()],
      [event({ action: 'warn' })],
      [event({ confidence: 0.4 }), event({ action: 'warn', confidence: 0.4 })],
    ],
    [
      'a part of it',
      [event({ countries: ['RU', 'IR'] })],
      [event()],
      [event({ countries: ['RU', 'IR'], confidence: 0.4 })],
    ],
    [
      'more than it',
      [event()],
      [event({ services: ['whatsapp', 'x'] })],
      [event({ confidence: 0.95 }), event({ services: ['whatsapp', 'x'], confidence: 0.4 })],
    ],
    [
      'a country that is not named is not any country',
      [event({ countries: [] })],
      [event()],
      [event({ countries: [], confidence: 0.4 }), event({ confidence: 0.4 })],
    ],
    [
      'news of second rank: left as it is',
      [event({ secondary: true, confidence: 0.6 })],
      [],
      [event({ secondary: true, confidence: 0.6 })],
    ],
  ])('%s', (_name, own, theirs, kept) => {
    expect(agree(reading({ events: own }), other(...theirs))).toEqual(
      reading({ relevant: kept.length > 0, events: kept }),
    );
  });

  const events = fc.array(
    fc.record({
      action: fc.constantFrom(...ACTIONS),
      countries: fc.uniqueArray(fc.constantFrom('RU', 'IR', 'EU'), { maxLength: 2 }),
      services: fc.uniqueArray(fc.constantFrom('x', 'whatsapp'), { maxLength: 2 }),
      method: fc.constantFrom(...METHODS),
    }),
    { maxLength: 10 },
  );

  test('whatever both say: nothing of the built-in reading is lost, and what one alone says never stands by itself', () => {
    fc.assert(
      fc.property(events, events, (mine, theirs) => {
        const own = reading({ relevant: mine.length > 0, events: mine });
        const both = agree(own, other(...theirs));
        expect(both.events.length).toBeLessThanOrEqual(MAX_EVENTS);
        expect(both.relevant).toBe(both.events.length > 0);
        for (const [index, one] of mine.entries()) expect(both.events[index]).toMatchObject(one);
        for (const one of both.events.slice(mine.length)) expect(one.confidence).toBe(0.4);
        expect(agree(own, other(...mine)).events.every((one) => one.confidence === 0.95)).toBe(true);
      }),
    );
  });
});

describe('worth asking', () => {
  test.each<[string, Partial<Extraction>, number]>([
    ['no weights: always', {}, 1],
    ['sure of news', { probability: 1 }, 0],
    ['sure that it is none', { relevant: false, events: [], probability: 0 }, 0],
    ['torn', { probability: 0.5 }, 1],
    ['half torn', { probability: 0.75 }, 0.5],
    ['news for sure, but of what', { probability: 1, events: [event({ confidence: 0.5 })] }, 1],
    ['firm enough', { probability: 1, events: [event({ confidence: 0.75 })] }, 0],
    [
      'the most doubtful of several',
      { probability: 1, events: [event({ confidence: 0.1 }), event({ confidence: 0.4 })] },
      0.8,
    ],
    ['doubts about what is no news', { relevant: false, probability: 0, events: [event({ confidence: 0.5 })] }, 0],
  ])('%s', (_name, over, worth) => expect(worthOf(reading(over))).toBeCloseTo(worth, 10));

  test('the question: bounded, with the language, the candidates and the text', () => {
    const why = {
      lang: 'en',
      rules: [],
      spans: [],
      rejected: [],
      candidates: [{ triple: 'RU/x/block', probability: 0.6 }],
    };
    expect(questionOf({ title: 'T', summary: 'S' }, reading({ why }))).toBe(
      'Language: en\nOutlet: unknown\nCandidates (country/service/action, probability): RU/x/block 0.6\nTitle: T\nText: S',
    );
    const endless = questionOf({ title: 'T', summary: 's'.repeat(99_999) }, reading());
    expect([endless.length, endless.includes('probability): none\n')]).toEqual([4_000, true]);
  });

  test.each<[string, string | null | undefined, string | undefined, string]>([
    ['of a country', 'https://news.example.gh/a/b?c', 'The Daily', 'The Daily, news.example.gh, country GH'],
    ['British', 'https://example.co.uk/', undefined, 'example.co.uk, country GB'],
    ['under an ending that is sold to anybody', 'https://example.io/', 'Io', 'Io, example.io'],
    ['under a general ending', 'https://example.org/', 'Org', 'Org, example.org'],
    ['without an address', null, 'A paper', 'A paper'],
    ['with no address that can be read', 'no address', 'A\npaper', 'A paper'],
    ['at a number', 'http://127.0.0.1/', undefined, '127.0.0.1'],
    ['with an endless name', undefined, 'x'.repeat(999), 'x'.repeat(80)],
    ['of which nothing is known', undefined, undefined, 'unknown'],
  ])('an outlet %s: the model is told so', (_name, url, publisherName, told) => {
    const question = questionOf(
      {
        title: 'T',
        summary: 'S',
        ...(url === undefined ? {} : { url }),
        ...(publisherName === undefined ? {} : { publisherName }),
      },
      reading(),
    );
    expect(question.split('\n')[1]).toBe(`Outlet: ${told}`);
  });

  test('what a reading says, triple by triple: without background, and only so many', () => {
    const events = [
      event({ services: ['whatsapp', 'x'] }),
      event({ action: 'unblock', countries: [], services: [] }),
      event({ action: 'warn', secondary: true }),
    ];
    expect(saidIn(reading({ events }))).toEqual([
      { country: 'RU', service: 'whatsapp', action: 'block' },
      { country: 'RU', service: 'x', action: 'block' },
      { country: null, service: null, action: 'unblock' },
    ]);
    expect(saidIn(reading({ events: [event({ services: 'abcdefghij'.split('') })] }))).toHaveLength(6);
  });

  test('a budget: never more in an hour than it says, none for what is worth nothing, a new one each hour', () => {
    const HOUR = 3_600_000;
    const asks = fc.array(fc.record({ after: fc.nat(600_000), worth: fc.double({ min: 0, max: 1, noNaN: true }) }), {
      maxLength: 60,
    });
    fc.assert(
      fc.property(asks, fc.nat(8), (list, perHour) => {
        const budget = createBudget(perHour);
        const granted: number[] = [];
        let now = 0;
        for (const { after, worth } of list) {
          now += after;
          const given = budget.take(worth, now);
          if (given) granted.push(now);
          if (worth < 0.2) expect(given).toBe(false);
        }
        // Two hours touch at most: whatever the window, no more than twice as many.
        for (const from of granted) {
          expect(granted.filter((at) => at >= from && at < from + HOUR).length).toBeLessThanOrEqual(2 * perHour);
        }
        if (perHour > 0) expect(budget.take(1, now + HOUR)).toBe(true);
      }),
    );
  });
});

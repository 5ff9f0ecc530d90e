/** The first line of everything that tells of an incident: which word, which mark, what comes first. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ACTIONS, type Incident } from '../../../src/core/model/incident.ts';
import {
  type Headline,
  headlineOf,
  isOver,
  markOf,
  sayingOf,
  whatOf,
  whereOf,
  worstFirst,
} from '../../../src/core/render/headline.ts';
import { capital, oneLine, safeLink } from '../../../src/core/render/plain.ts';
import { incident, translators } from './support.ts';

const en = translators.of('en');
const ru = translators.of('ru');
const SAYINGS: Headline[] = ['shutdown', 'block', 'throttle', 'restrict', 'warn', 'unblock', 'warnOver', 'withdrawn'];

describe('what is said first', () => {
  test.each<[Pick<Incident, 'state' | 'action' | 'family'>, Headline]>([
    [{ state: 'active', action: 'block', family: 'access' }, 'block'],
    [{ state: 'active', action: 'throttle', family: 'access' }, 'throttle'],
    [{ state: 'easing', action: 'block', family: 'access' }, 'block'],
    [{ state: 'lifted', action: 'block', family: 'access' }, 'unblock'],
    [{ state: 'lifted', action: 'unblock', family: 'access' }, 'unblock'],
    [{ state: 'active', action: 'unblock', family: 'access' }, 'unblock'],
    [{ state: 'threatened', action: 'warn', family: 'warn' }, 'warn'],
    [{ state: 'lifted', action: 'warn', family: 'warn' }, 'warnOver'],
    [{ state: 'withdrawn', action: 'block', family: 'access' }, 'withdrawn'],
    [{ state: 'withdrawn', action: 'warn', family: 'warn' }, 'withdrawn'],
  ])('%j: %s', (one, saying) => expect(sayingOf(one)).toBe(saying));

  test('worst first: what is off, blocked, slow, partly cut, threatened, over, taken back; over is what nobody feels any more', () => {
    const shuffled = [...SAYINGS].reverse().sort(worstFirst);
    // The two ways of being over are equally good.
    expect(shuffled.map((one) => (one === 'warnOver' ? 'unblock' : one))).toEqual(
      SAYINGS.map((one) => (one === 'warnOver' ? 'unblock' : one)),
    );
    expect(SAYINGS.filter(isOver)).toEqual(['unblock', 'warnOver', 'withdrawn']);
  });

  test('worst first: an order, so that a list is the same from wherever it began', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...SAYINGS), { maxLength: 10 }), (list) => {
        const sorted = list.toSorted(worstFirst);
        expect(list.toReversed().toSorted(worstFirst).map(markOf)).toEqual(sorted.map(markOf));
        for (const [i, one] of sorted.slice(1).entries()) expect(worstFirst(sorted[i]!, one)).toBeLessThanOrEqual(0);
      }),
    );
  });

  test('marks: what is over and what holds never share one; a shutdown has its own', () => {
    const over = SAYINGS.filter(isOver).map(markOf);
    const holds = SAYINGS.filter((one) => !isOver(one)).map(markOf);
    expect(over.filter((one) => holds.includes(one))).toEqual([]);
    expect(SAYINGS.filter((one) => markOf(one) === markOf('shutdown'))).toEqual(['shutdown']);
  });
});

describe('of what', () => {
  test.each(SAYINGS)('%s: a service by name, the network by its word, an unnamed one without either', (saying) => {
    for (const words of [en, ru]) {
      expect(whatOf(saying, 'whatsapp', words)).toContain('WhatsApp');
      expect(whatOf(saying, 'internet', words)).toContain(words.say('noun.internet'));
      const unnamed = whatOf(saying, null, words);
      expect(unnamed).not.toMatch(/null|WhatsApp|\{/);
      expect(unnamed.trim()).not.toBe('');
    }
  });

  test('in Russian the network is the subject, a service the object of the sentence', () => {
    expect(whatOf('block', 'internet', ru)).not.toContain('доступ к');
    expect(whatOf('block', 'whatsapp', ru)).toContain('доступ к WhatsApp');
  });
});

describe('where', () => {
  const network = (regions: string[]) => ({ country: 'RU', service: 'internet', regions });
  test.each<[string, Pick<Incident, 'country' | 'service' | 'regions'>[], string]>([
    ['a country', [{ country: 'RU', service: 'whatsapp', regions: [] }], 'Russia'],
    ['a service in parts of it', [{ country: 'RU', service: 'whatsapp', regions: ['Tver'] }], 'Russia'],
    ['the network in parts of it', [network(['Tver'])], 'Russia, in places'],
    ['the network everywhere', [network([])], 'Russia'],
    ['in places and everywhere', [network(['Tver']), network([])], 'Russia'],
    ['a service beside the network in places', [network(['Tver']), { ...network(['Tver']), service: 'x' }], 'Russia'],
    ['no country', [{ country: null, service: 'whatsapp', regions: [] }], 'Country not named'],
  ])('%s: %s', (_name, incidents, text) => expect(whereOf(incidents, en)).toBe(text));

  test('country and what, for each action and in both languages: one line that begins with the country', () => {
    for (const action of ACTIONS)
      for (const words of [en, ru]) {
        const one = incident({ action, family: action === 'warn' ? 'warn' : 'access' });
        const line = headlineOf(one, words);
        expect(line).toBe(`${words.country('RU')}: ${whatOf(sayingOf(one), 'whatsapp', words)}`);
      }
  });
});

describe('words of strangers', () => {
  test('any text: one line, of at most so many characters, and again the same', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), fc.integer({ min: 1, max: 20 }), (text, max) => {
        const line = oneLine(text, max);
        expect([...line].length).toBeLessThanOrEqual(max);
        expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]|\s\s|^\s|\s$/u);
        expect(oneLine(line, max)).toBe(line);
      }),
    );
  });

  test.each<[string, number, string]>([
    ['exact', 5, 'exact'],
    ['longer', 5, 'long…'],
    ['a word cut', 3, 'a…'],
    ['👩‍👩‍👧 three', 40, '👩 👩 👧 three'],
    ['𝒳𝒴𝒵', 2, '𝒳…'],
    ['a\u202eb\u0000c\r\nd', 40, 'a b c d'],
    ['می\u200cشود \u200cx\u200c', 40, 'می\u200cشود x'],
  ])('%j in %i: %j', (text, max, line) => expect(oneLine(text, max)).toBe(line));

  test.each<[string | null, string | null]>([
    ['https://a.example/x y', 'https://a.example/x%20y'],
    ['HTTP://A.example', 'http://a.example/'],
    ['https://me@a.example/', null],
    ['https://a.example@evil.example/', null],
    ['ftp://a.example/', null],
    ['tg://resolve?domain=x', null],
    ['//a.example', null],
    ['', null],
    [null, null],
    [`https://a.example/${'x'.repeat(1_983)}`, null],
  ])('link %j: %j', (url, link) => expect(safeLink(url)).toBe(link));

  test.each(['', 'ёж', 'iPhone', '5 outlets'])('a capital for %j: the first letter alone', (text) => {
    expect(capital(text).slice(1)).toBe(text.slice(1));
    expect(capital(text).charAt(0)).toBe(text.charAt(0).toUpperCase());
  });
});

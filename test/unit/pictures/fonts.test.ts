/** The fonts that pictures are written with: a sign that none of them has would be missing from the picture, and nobody would be told. */
import { readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createTranslators } from '../../../src/i18n/index.ts';
import { bundledCatalogue } from '../../fakes/bundled.ts';
import { NOON } from '../picture/support.ts';

const FONTS = resolve(import.meta.dirname, '../../../config/fonts');

/** Code points that a font has a glyph for, of its `cmap` table in the forms 4 and 12. */
function signsOf(file: string): Set<number> {
  const font = readFileSync(join(FONTS, file));
  const tables = font.readUInt16BE(4);
  let cmap = 0;
  for (let i = 0; i < tables; i++)
    if (font.toString('latin1', 12 + i * 16, 16 + i * 16) === 'cmap') cmap = font.readUInt32BE(12 + i * 16 + 8);
  const signs = new Set<number>();
  for (let i = 0; i < font.readUInt16BE(cmap + 2); i++) {
    const at = cmap + font.readUInt32BE(cmap + 4 + i * 8 + 4);
    const form = font.readUInt16BE(at);
    if (form === 4) segments(font, at, signs);
    if (form === 12)
      for (let group = 0; group < font.readUInt32BE(at + 12); group++) {
        const [from, to] = [font.readUInt32BE(at + 16 + group * 12), font.readUInt32BE(at + 20 + group * 12)];
        for (let sign = from; sign <= to; sign++) signs.add(sign);
      }
  }
  return signs;
}

function segments(font: Buffer, at: number, signs: Set<number>): void {
  const count = font.readUInt16BE(at + 6) / 2;
  for (let i = 0; i < count; i++) {
    const to = font.readUInt16BE(at + 14 + i * 2);
    const from = font.readUInt16BE(at + 16 + count * 2 + i * 2);
    const delta = font.readUInt16BE(at + 16 + count * 4 + i * 2);
    const range = font.readUInt16BE(at + 16 + count * 6 + i * 2);
    for (let sign = from; sign <= to && sign < 0xffff; sign++) {
      const glyph = range === 0 ? sign : font.readUInt16BE(at + 16 + count * 6 + i * 2 + range + (sign - from) * 2);
      if (glyph !== 0 && ((glyph + delta) & 0xffff) !== 0) signs.add(sign);
    }
  }
}

const known = new Set([...signsOf('sans.ttf'), ...signsOf('sans-sc.ttf')]);
const bold = new Set([...signsOf('sans-bold.ttf'), ...signsOf('sans-sc.ttf')]);
/** Joiners and marks of direction need no glyph. */
const missing = (text: string, font = known): string =>
  [...text].filter((sign) => !/[\p{Cf}\s]/u.test(sign) && !font.has(sign.codePointAt(0)!)).join('');

const catalogue = bundledCatalogue();
const translators = createTranslators(catalogue);
const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
const countries = letters.flatMap((a) => letters.map((b) => a + b));
const MONTHS = Array.from({ length: 12 }, (_, month) => Date.UTC(2025, month, 28, 12));

describe.each(translators.languages)('$code', ({ code }) => {
  const words = translators.of(code);

  test('every word that a picture may hold has its signs', () => {
    const STATES = ['block', 'shutdown', 'warn'] as const;
    const LOOKS = ['open', 'throttle', 'restrict', 'stale', 'none', 'gap', 'unsure'] as const;
    const texts = [
      ...STATES.map((state) => words.say(`state.${state}`)),
      ...LOOKS.map((look) => words.say(`picture.${look}`)),
      ...[1, 2, 5, 7].flatMap((n) => [words.say('picture.columns', { n }), words.say('picture.rest', { n })]),
      words.say('picture.asOf', { when: '' }),
      words.say('history.span', { from: '', to: '' }),
      words.say('status.unnamed'),
      words.say('headline', { country: '', what: '' }),
    ];
    for (const text of texts) expect([text, missing(text)]).toEqual([text, '']);
    for (const title of [words.say('status.followed'), words.say('status.world'), words.say('what.everything')])
      expect([title, missing(title, bold)]).toEqual([title, '']);
  });

  test('every country and service, and every date', () => {
    const names = [...countries, null].map((country) => words.country(country));
    const services = catalogue.services.map(({ id }) => words.service(id));
    const dates = MONTHS.flatMap((at) => [words.day(at, 'UTC', NOON), words.dateTime(at, 'Europe/Moscow', NOON)]);
    expect([...new Set([...names, ...services, ...dates].flatMap((text) => [...missing(text)]))]).toEqual([]);
    expect([...new Set([...names, ...services].flatMap((text) => [...missing(text, bold)]))]).toEqual([]);
  });
});

test('Persian, Arabic and Chinese names of countries, whether or not there is a catalogue yet', () => {
  for (const lang of ['fa', 'ar', 'zh', 'tr', 'uk', 'de', 'es', 'fr']) {
    const names = new Intl.DisplayNames([lang], { type: 'region', fallback: 'none' });
    const dates = new Intl.DateTimeFormat(lang, { day: 'numeric', month: 'long', year: 'numeric' });
    const texts = [...countries.map((code) => names.of(code) ?? ''), ...MONTHS.map((at) => dates.format(at))];
    expect([lang, ...new Set(texts.flatMap((text) => [...missing(text, bold)]))]).toEqual([lang]);
  }
});

test('a sign that is in none of them is found by this very test', () => {
  expect(missing('คำ ok 漢')).not.toBe('');
});

test('they are small, and their licences stand beside them', () => {
  const sizes = ['sans.ttf', 'sans-bold.ttf', 'sans-sc.ttf'].map((file) => statSync(join(FONTS, file)).size);
  expect(Math.max(...sizes)).toBeLessThan(1_000_000);
  expect(readFileSync(join(FONTS, 'sans-sc.LICENSE'), 'utf8')).toContain('SIL OPEN FONT LICENSE Version 1.1');
  expect(readFileSync(join(FONTS, 'sans.LICENSE'), 'utf8')).toContain('Bitstream Vera');
});

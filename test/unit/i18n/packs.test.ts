/** Languages as folders: what is found, what is said where a phrase is missing, and that code and texts know of each other. */
import { cpSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import type { PhraseKey } from '../../../src/core/ports/translate.ts';
import { createTranslators } from '../../../src/i18n/index.ts';
import { FALLBACK, openPacks, packs, sayIn } from '../../../src/i18n/packs.ts';
import { formsOf } from '../../fakes/packs.ts';

const ROOT = join(import.meta.dirname, '../../..');
const folder = mkdtempSync(join(tmpdir(), 'tocsin-languages-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The bundled English and Russian, and these, each of the two files of a language. */
function openWith(added: Record<string, { language: object; texts: Record<string, string> }>) {
  for (const code of ['en', 'ru'])
    cpSync(join(ROOT, 'config/languages', code), join(folder, code), { recursive: true });
  for (const [code, files] of Object.entries(added)) {
    mkdirSync(join(folder, code), { recursive: true });
    for (const [name, content] of Object.entries(files))
      writeFileSync(join(folder, code, `${name}.json`), JSON.stringify(content));
  }
  return createTranslators({ services: [] }, undefined, openPacks(pathToFileURL(`${folder}/`)));
}

describe('a language that is a folder with two files, and no more', () => {
  const translators = openWith({
    pl: {
      language: { name: 'Polski', order: 15, ages: { godzin: 'godz' } },
      texts: {
        'start.ask': 'Co mam śledzić?',
        'command.help': 'co umiem',
        'why.outlets_one': '{n} redakcja',
        'why.outlets_few': '{n} redakcje',
        'why.outlets_many': '{n} redakcji',
        'why.outlets_other': '{n} redakcji',
        'forget.nothing_room': 'Pusto.',
      },
    },
    cy: { language: { name: 'Cymraeg' }, texts: { 'why.outlets_other': '{n} cyfrwng' } },
  });
  const [polish, welsh] = [translators.of('pl'), translators.of('cy')];

  test('found by its folder, in the order that the files say', () => {
    expect(translators.languages.map(({ code, name }) => `${code} ${name}`)).toEqual([
      'en English',
      'pl Polski',
      'ru Русский',
      'cy Cymraeg',
    ]);
    expect([polish.lang, translators.has('pl'), translators.has('xx'), translators.of('xx').lang]).toEqual([
      'pl',
      true,
      false,
      'en',
    ]);
  });

  test('its own phrases, and English ones in the place of what it has not', () => {
    expect(polish.say('start.ask')).toBe('Co mam śledzić?');
    expect(polish.say('ping.pong')).toBe(translators.of('en').say('ping.pong'));
    expect(polish.say('start.open', { n: 1 })).toBe(translators.of('en').say('start.open', { n: 1 }));
    const menu = translators.descriptions('pl');
    expect([menu['command.help'], menu['command.ping']]).toEqual([
      'co umiem',
      translators.descriptions('en')['command.ping'],
    ]);
    expect(Object.keys(menu).sort()).toEqual(Object.keys(translators.descriptions('en')).sort());
  });

  test('counts by its own grammar; a form that is missing is the general one', () => {
    expect([1, 2, 5, 22].map((n) => polish.say('why.outlets', { n }))).toEqual([
      '1 redakcja',
      '2 redakcje',
      '5 redakcji',
      '22 redakcje',
    ]);
    expect([0, 1, 2].map((n) => welsh.say('why.outlets', { n }))).toEqual(['0 cyfrwng', '1 cyfrwng', '2 cyfrwng']);
  });

  test('in a room: what it has for rooms, else what it says in chats, else English', () => {
    const room = translators.of('pl', 'room');
    expect([room.say('forget.nothing'), room.say('start.ask')]).toEqual(['Pusto.', 'Co mam śledzić?']);
    expect(room.say('forget.done')).toBe(translators.of('en', 'room').say('forget.done'));
  });

  test('dates, countries, ages: as Intl has them, where its file says nothing else', () => {
    const at = Date.UTC(2026, 1, 12, 22, 30);
    expect([polish.day(at, 'UTC', at), polish.country('DE'), polish.age(5 * 3_600_000)]).toEqual([
      '12 lutego',
      'Niemcy',
      '5 godz.',
    ]);
  });
});

describe('arguments, as every test is held to them', () => {
  const { say } = createTranslators({ services: [] }).of('ru');
  test.each([
    ['none of two', () => say('headline', { country: 'x' }), 'Phrase "headline" lacks what'],
    ['no number', () => say('start.open'), 'Phrase "start.open" lacks n'],
    ['one too many', () => say('start.ask', { n: 1 }), 'Phrase "start.ask" has no place for n'],
    ['a phrase that there is not', () => say('start.nothing' as PhraseKey), 'There is no phrase "start.nothing"'],
    ['of an adapter', () => sayIn('ru', 'message.cut'), 'Phrase "message.cut" lacks lines'],
  ])('%s: an exception', (_name, said, message) => expect(said).toThrow(message));
});

describe('phrases in code', () => {
  const code = globSync(['src/**/*.ts', 'config/intents.json'], { cwd: ROOT }).map((file) =>
    readFileSync(join(ROOT, file), 'utf8'),
  );
  const all = code.join('\n');
  const phrases = formsOf(packs.read(FALLBACK));

  test('each has an English text', () => {
    // A key of one word ("headline") looks like any other word.
    const said = [...all.matchAll(/\b(?:say|rich|sayIn)\((?:[^,'()]+,|'en',)?\s*'([\w-]+(?:\.[\w-]+)+)'/g)];
    expect(said.length).toBeGreaterThan(500);
    expect(said.map(([, key]) => key!).filter((key) => !key.startsWith('m.room.') && !phrases.has(key))).toEqual([]);
  });

  test('each English text is of one', () => {
    // `state.${word}` is every key of two words that begins so.
    const templates = new Set([...all.matchAll(/`([a-z]+\.[\w.]*\$\{[^`]*)`/gi)].map(([, text]) => text!));
    const made = [...templates].map(
      (text) =>
        new RegExp(
          `^${text
            .split(/\$\{[^{}]*\}/)
            .map((part) => RegExp.escape(part))
            .join('[^.]+')}$`,
          'u',
        ),
    );
    const unused = [...phrases.keys()].filter(
      (key) => !all.includes(`'${key}'`) && !all.includes(`"${key}"`) && !made.some((pattern) => pattern.test(key)),
    );
    expect(unused).toEqual([]);
  });
});

/** A language that is a folder: what is typed in it is understood, and no TypeScript knows of it. */
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { vocabularyOf } from '../../../src/core/commands/asking/vocabulary.ts';
import { languageOf } from '../../../src/core/commands/context.ts';
import { createTranslators } from '../../../src/i18n/index.ts';
import { openPacks } from '../../../src/i18n/packs.ts';
import { catalogue } from '../render/support.ts';
import { createBot } from './support.ts';

const folder = mkdtempSync(join(tmpdir(), 'tocsin-words-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
cpSync(join(import.meta.dirname, '../../../config/languages'), folder, { recursive: true });

function add(code: string, files: Record<string, object>): void {
  rmSync(join(folder, code), { recursive: true, force: true });
  mkdirSync(join(folder, code));
  for (const [name, content] of Object.entries(files))
    writeFileSync(join(folder, code, `${name}.json`), JSON.stringify(content));
}
add('pl', {
  language: { name: 'Polski', near: ['csb'], homes: ['PL'] },
  texts: { 'command.mute': 'wycisz' },
  words: {
    'command.mute': 'wycisz',
    'unit.hour': 'godzina|godziny|godzin',
    during: 'na',
    off: 'wyłącz',
    'setting.sound': 'dźwięk',
    'language.pl': 'polski|polsku',
    'beside.language': 'po',
    'ask.targets.subscribe': 'obserwuj',
    'service.whatsapp': 'łotsap',
  },
});
add('cy', { language: { name: 'Cymraeg' }, texts: {} });
const translators = createTranslators(catalogue, undefined, openPacks(pathToFileURL(`${folder}/`)));
const { router } = createBot({ translators });

describe('a new language is a folder', () => {
  test.each([
    ['wycisz ru na 8 godzin', 'mute', 'ru na 8 godzin'],
    ['obserwuj łotsap', 'subscribe', 'whatsapp'],
    ['mute ru', 'mute', 'ru'],
    ['po polsku', 'language', 'pl'],
    ['заглушить ru', 'mute', 'ru'],
  ])('%s: %s %s', (text, name, args) => expect(router.read({ text })).toMatchObject({ name, args }));

  test('its words are carried out, and told in its help', async () => {
    const bot = createBot({ translators });
    expect(await bot.say('settings dźwięk wyłącz')).toContain('Sound: off');
    expect(await bot.say('help mute', { chat: '7', lang: 'pl' })).toContain('wycisz');
    expect(await bot.say('help mute', { chat: '8', lang: 'en' })).not.toContain('wycisz');
  });

  test('who lives where, and who reads it', () => {
    expect(vocabularyOf(translators.typed).words.homes('pl')).toEqual(['PL']);
    expect(languageOf('csb', 'start', translators, 'en')).toBe('pl');
  });

  test('without words of its own: the English ones, and all others', () => {
    expect(translators.typed.in('cy', 'command.mute')).toEqual([]);
    expect(translators.typed.all('command.mute')).toContain('wycisz');
  });
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { extractor, read } from './extractor.ts';

const cases = readFileSync(join(import.meta.dirname, 'small-languages.txt'), 'utf8')
  .split('\n')
  .filter((line) => !/^[#~]/u.test(line) && line.includes(' => '))
  .map((line) => {
    const [text, want] = line.split(' => ') as [string, string];
    const lang = text.slice(0, 2);
    return { lang, title: text.slice(3).trim(), want: want.trim().split(/\s+/u).sort().join(' ') };
  });

describe('invented headlines of the small languages', () => {
  test('the list: is there', () => expect(cases.length).toBeGreaterThan(400));
  test.each(cases)('$lang $title: $want', ({ lang, title, want }) => expect(read(title, '', lang)).toBe(want));
});

describe('where a language says it behind the name', () => {
  test('an ending that says "in": the scene, whoever else is named', () =>
    expect(read('Gürcüstan mətbuatı: Türkiyədə TikTok bloklanıb', '', 'az')).toBe('TR/tiktok/block'));
  test('a word that says "in": the scene', () =>
    expect(read('चीन की आपत्ति, नेपाल में टिकटॉक पर प्रतिबंध', '', 'hi')).toBe('NP/tiktok/block'));
  test('what stands before "after": the older step', () =>
    expect(read('प्रतिबंध के बाद नेपाल में टिकटॉक बहाल', '', 'hi')).toBe('NP/tiktok/unblock'));
  test('a government before an adjective: of the country before it', () =>
    expect(read('भारत सरकार ने चीनी ऐप्स पर रोक लगाई', '', 'hi')).toBe('IN/-/block'));
});

describe('letters', () => {
  test('tones of Vietnamese: "phát" is no fine', () =>
    expect(read('Google phát hành bản vá tại Nga', '', 'vi')).toBe('NO'));
  test('an opening quote inside a word of Uzbek: a letter', () =>
    expect(read('O‘zbekistonda TikTok bloklandi', '', 'uz')).toBe('UZ/tiktok/block'));
  test('Uzbek in Cyrillic letters: the same', () =>
    expect(read('Ўзбекистонда TikTok блокланди', '', 'uz')).toBe('UZ/tiktok/block'));
  test('a name of Korean with a particle: the name', () =>
    expect(read('러시아, 구글에 벌금', '', 'ko')).toBe('RU/google/warn'));
});

describe('languages known by a few letters', () => {
  test.each([
    ['ja', 'ブラジル最高裁、Xの停止を命令'],
    ['zh', '巴西最高法院下令封锁X'],
    ['ne', 'नेपालमा फेसबुक बन्द गरियो, सरकारले भन्यो'],
    ['hi', 'नेपाल में फेसबुक बंद, सरकार ने कहा'],
  ])('%s: %s', (lang, title) => expect(extractor.extract({ title, summary: '' }).lang).toBe(lang));
});

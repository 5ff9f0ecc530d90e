import { expect, test } from 'vitest';
import { creditsOf } from '../../../src/config/sources.ts';
import { createBot } from './support.ts';

const index = { id: 'gdelt', kind: 'search' };
const gdelt = 'https://www.gdeltproject.org';

test('an index of news is looked through: about names it with a link, once, in the chat’s language', async () => {
  const credits = creditsOf([index, { ...index, id: 'other' }] as never);
  expect(credits).toEqual([{ name: 'The GDELT Project', url: gdelt }]);
  const bot = createBot({ credits });
  expect(await bot.say('about')).toContain('News index: The GDELT Project');
  expect(await bot.say('о боте')).toMatch(/The GDELT Project/);
});

test('none is: about names none', async () => {
  expect(creditsOf([{ id: 'a', kind: 'rss' }] as never)).toEqual([]);
  expect(await createBot().say('about')).not.toContain('News index');
});

test('the operator’s own lines: in the reader’s language, else in English, else in what there is', async () => {
  const about = { ru: 'Ведёт редакция.\nПишите: help@example.org', en: 'Run by a newsroom.' };
  expect(await createBot({ about }).say('about', { lang: 'ru' })).toContain(
    'Ведёт редакция.\nПишите: help@example.org',
  );
  expect(await createBot({ about }).say('about', { lang: 'fa' })).toContain('Run by a newsroom.');
  expect(await createBot({ about: { ru: 'Ведёт редакция.' } }).say('about')).toContain('Ведёт редакция.');
});

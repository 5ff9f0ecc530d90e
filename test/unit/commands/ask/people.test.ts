/** What people type under stress, in ten languages, written by people who had not seen the code: what it is taken for, by meaning and not by wording. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { bundledRegions } from '../../../../src/config/catalogue.ts';
import type { Asked } from '../../../../src/core/commands/asking/interpret.ts';
import { createTranslators } from '../../../../src/i18n/index.ts';
import { bundledCatalogue } from '../../../fakes/bundled.ts';
import { createBot } from '../support.ts';
import { asking, hosts } from './bench.ts';

const [catalogue, gazetteer] = [bundledCatalogue(), bundledRegions()];
const translators = createTranslators(catalogue, gazetteer);

const rows = [...'abcdefghij']
  .map((name) => readFileSync(new URL(`people/${name}.txt`, import.meta.url), 'utf8').trim())
  .join('\n')
  .split('\n')
  .map((line) => line.split(' => ') as [text: string, meaning: string]);
/** What was said before, and what goes on from it. */
const GOES_ON = ' >> ';

/** Its name, and all that must be told of: ids, hours, words that nobody knows. */
function meant(asked: Asked): { name: string; about: Set<string> } {
  if (asked.kind === 'command')
    return { name: asked.name, about: new Set([...asked.args.split(' '), asked.strange?.toLowerCase() ?? '']) };
  if (asked.kind === 'which')
    return {
      name: 'which',
      about: new Set(asked.parsed.problems.flatMap(({ options }) => options.map(({ id }) => id))),
    };
  if (asked.kind !== 'intent') return { name: asked.kind, about: new Set(Object.values(asked)) };
  const { countries, regions, services, clocks, strange, lang } = asked.about;
  const about = [...countries, ...regions, ...services, clocks.join('-'), strange?.toLowerCase() ?? '', lang ?? ''];
  return { name: asked.name, about: new Set(about) };
}

const ID = /^[A-Z]{2}(?:-|$)/u;

describe('sentences of people', () => {
  test.each(rows.filter(([text]) => text.includes(GOES_ON)))('%s: %s', async (text, meaning) => {
    const serviceHosts = async () => hosts;
    const bot = createBot({ unbudgeted: true, catalogue, gazetteer, translators, serviceHosts });
    let answer = '';
    for (const said of text.split(GOES_ON)) answer = await bot.say(said);
    expect(answer).toBe(await bot.say(meaning));
  });

  test.each(rows.filter(([text]) => !text.includes(GOES_ON)))('%s: %s', (text, meaning) => {
    const [names = '', ...about] = meaning.split(' ');
    const got = meant(asking(text, hosts));
    expect(names.split('|')).toContain(got.name);
    expect([...got.about]).toEqual(expect.arrayContaining(about));
    // No other place.
    expect([...got.about].filter((one) => ID.test(one) && !about.includes(one))).toEqual([]);
  });
});

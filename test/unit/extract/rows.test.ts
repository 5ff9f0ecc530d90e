import { describe, expect, test } from 'vitest';
import { TABLES } from '../../../bench/reader/tables.ts';
import { createAnalyser } from '../../../src/core/extract/analysis.ts';
import { REASON_TEXTS } from '../../../src/core/extract/fact.ts';
import { catalogue, lexicon } from './extractor.ts';

const analyse = createAnalyser(lexicon, catalogue);

/** `xx| title || lead`: the rules that fired on it. */
function firedOn(example: string): string[] {
  const lang = /^([a-z]{2})\| /u.exec(example)?.[1] ?? null;
  const [title = '', summary = ''] = (lang === null ? example : example.slice('xx| '.length)).split(' || ');
  const { fields } = analyse({ title, summary, lang }, true);
  return fields.flatMap((field) => field.fired!.map(({ rule }) => rule));
}

const rows = TABLES.flatMap(({ stage, rules }) =>
  rules.map(({ id, example }) => ({ rule: `${stage}/${id}`, example })),
);

describe('rows of the rule tables', () => {
  test.each(rows)('$rule: fires on its example', ({ rule, example }) => {
    expect(firedOn(example)).toContain(rule);
  });

  test('names: none twice', () => {
    const names = rows.map(({ rule }) => rule);
    expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
  });

  test.each(['act', 'news'])('effects of %s: each has its words', (stage) => {
    const effects = TABLES.filter((table) => table.stage === stage).flatMap(({ rules }) => rules.map((r) => r.effect));
    expect(effects.filter((effect) => !Object.hasOwn(REASON_TEXTS, String(effect)))).toEqual([]);
  });

  test('nobody asked for an explanation: nothing is kept', () => {
    expect(analyse({ title: 'Kenya blocks Telegram', summary: '' }).fields.map((f) => f.fired)).toEqual([null]);
  });
});

import { describe, expect, test } from 'vitest';
import { createAnalyser } from '../../../src/core/extract/analysis.ts';
import { TABLES } from '../../../src/core/extract/rules/register.ts';
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

  test('nobody asked for an explanation: nothing is kept', () => {
    expect(analyse({ title: 'Kenya blocks Telegram', summary: '' }).fields.map((f) => f.fired)).toEqual([null]);
  });
});

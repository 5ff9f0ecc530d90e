/** How sure a reported triple is said to be. */
import { describe, expect, test } from 'vitest';
import { createAnalyser } from '../../../src/core/extract/analysis.ts';
import { evidenceOf, groundsOf, type Scored, surenessOf, type Text } from '../../../src/core/extract/score/choose.ts';
import { EVIDENCE, type EventModel, type Evidence } from '../../../src/core/extract/score/weights.ts';
import { catalogue, lexicon } from './extractor.ts';

const block: Scored = { service: 'signal', country: 'KE', action: 'block', score: 1 };
const text = (part: Partial<Text> = {}): Text => ({
  odds: 2,
  cells: [block],
  claims: new Set(),
  billed: false,
  dated: false,
  lists: [],
  ...part,
});
const given = (of: Text, cell: Scored = block): Record<string, number> =>
  Object.fromEntries(evidenceOf(cell, of).map((value, i) => [EVIDENCE[i], value]));

describe('what tells how likely a reported triple is right', () => {
  test.each<[string, Text, Partial<Record<Evidence, number>>]>([
    ['alone: no rival, nothing is likelier', text(), { relevant: 2, triple: 1, rival: -6, behind: 0, claimed: 0 }],
    [
      'the same of another country: its rival',
      text({ cells: [block, { ...block, country: 'TD', score: 0.5 }, { ...block, country: 'UG', score: -2 }] }),
      { rival: 0.5, behind: 0 },
    ],
    [
      'another action, another name in another country: no rivals, but what is likelier',
      text({
        cells: [block, { ...block, action: 'warn', score: 3 }, { ...block, country: 'TD', service: 'x', score: 2 }],
      }),
      { rival: -6, behind: 2 },
    ],
    ['the rules say just that: claimed', text({ claims: new Set(['KE/signal/block']) }), { claimed: 1 }],
    ['the rules say another thing: not claimed', text({ claims: new Set(['KE/signal/warn']) }), { claimed: 0 }],
    ['a measure in a text about a bill', text({ billed: true }), { billed: 1 }],
    ['a year in the text', text({ dated: true }), { dated: 1 }],
    ['beyond all bounds: bounded', text({ odds: 400 }), { relevant: 8 }],
  ])('%s', (_name, of, want) => expect(given(of)).toMatchObject(want));

  test('a threat in a text about a bill: as it should be', () => {
    expect(given(text({ billed: true }), { ...block, action: 'warn' })).toMatchObject({ billed: 0 });
  });

  test('what a text says beside its candidates: claims of the rules, and whether it speaks of a bill', () => {
    const analyse = createAnalyser(lexicon, catalogue);
    const grounds = groundsOf(analyse({ title: 'Ghana blocks Signal', summary: '', lang: 'en' }));
    expect([...grounds.claims]).toEqual(['GH/signal/block']);
    expect(grounds.billed).toBe(false);
    const bill = groundsOf(
      analyse({ title: 'Bill to block Signal goes to parliament in Ghana', summary: '', lang: 'en' }),
    );
    expect(bill.billed).toBe(true);
  });

  test.each<[string, string, string, boolean, string[][]]>([
    ['a year in the title', 'Signal in Ghana (2021)', '', true, []],
    ['a year in the lead', 'Ghana blocks Signal', 'The ban of 2021 is back.', true, []],
    ['numbers that are no years', 'Ghana blocks Signal', '2,021 users, 20210 tests, 1234 pages, 4 of 10.', false, []],
    ['names side by side', 'Ghana blocks Signal, Viber and Telegram', '', false, [['signal', 'viber', 'telegram']]],
    [
      'two lists that share a name: one',
      'Ghana blocks Signal and Viber',
      'It cut off Viber and Telegram.',
      false,
      [['signal', 'viber', 'telegram']],
    ],
    ['two names with a comma between them', 'Ghana blocks Signal, Viber asked to explain', '', false, []],
    ['names without an act', 'Signal and Viber in Ghana: what happened', '', false, []],
    [
      'names that fare differently',
      'Ghana unblocks Signal, Viber and Telegram still blocked',
      '',
      false,
      [['viber', 'telegram']],
    ],
    ['one name, and one far from it', 'Ghana blocks Signal', 'People turn to Viber.', false, []],
  ])('%s: found in the text', (_name, title, summary, dated, lists) => {
    const grounds = groundsOf(createAnalyser(lexicon, catalogue)({ title, summary, lang: 'en' }));
    expect(grounds.dated).toBe(dated);
    expect(grounds.lists.map((list) => [...list].sort())).toEqual(lists.map((list) => [...list].sort()));
  });

  test('a model: the offset and what each piece of evidence adds', () => {
    const none = Object.fromEntries(EVIDENCE.map((name) => [name, 0])) as Record<Evidence, number>;
    const model: EventModel = { ...none, offset: 0, triple: 1, rival: -1 };
    expect(surenessOf({ ...none, offset: 0 }, block, text())).toBe(0.5);
    const alone = surenessOf(model, block, text());
    const beside = surenessOf(model, block, text({ cells: [block, { ...block, country: 'TD', score: 1 }] }));
    expect(beside).toBeLessThan(alone);
    expect(beside).toBe(0.5);
  });
});

/** Names of one list are scored together. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { levelled, type Scored } from '../../../src/core/extract/score/choose.ts';
import { ACTIONS, type Action } from '../../../src/core/model/incident.ts';

const cell = (service: string, score: number, action: Action = 'block', country = 'KE'): Scored => ({
  service,
  country,
  action,
  score,
});
const scores = (cells: readonly Scored[], lists: string[][]): number[] =>
  levelled(
    cells,
    lists.map((list) => new Set(list)),
  ).map((c) => Number(c.score.toFixed(3)));

describe('scores of names that stand side by side', () => {
  test.each<[string, Scored[], string[][], number[]]>([
    ['no list: as they are', [cell('x', 2), cell('viber', -1)], [], [2, -1]],
    ['two of a list: near their mean', [cell('x', 2), cell('viber', -1)], [['x', 'viber']], [0.65, 0.35]],
    [
      'one beside a list: as it is',
      [cell('x', 2), cell('viber', 0), cell('signal', -3)],
      [['x', 'viber']],
      [1.1, 0.9, -3],
    ],
    [
      'two lists: each by itself',
      [cell('x', 2), cell('viber', 0), cell('signal', -3), cell('imo', -5)],
      [
        ['x', 'viber'],
        ['signal', 'imo'],
      ],
      [1.1, 0.9, -3.9, -4.1],
    ],
    [
      'other actions and countries: apart',
      [cell('x', 2), cell('viber', 0), cell('viber', -4, 'warn'), cell('viber', -6, 'block', 'TD')],
      [['x', 'viber']],
      [1.1, 0.9, -4, -6],
    ],
  ])('%s', (_name, cells, lists, want) => expect(scores(cells, lists)).toEqual(want));

  const cells = fc.array(
    fc.record({
      service: fc.constantFrom('x', 'viber', 'signal', 'imo'),
      country: fc.constantFrom('KE', 'TD'),
      action: fc.constantFrom(...ACTIONS),
      score: fc.double({ min: -9, max: 9, noNaN: true }),
    }),
    { maxLength: 20 },
  );

  test('any candidates: none is lost or made, the sum of a list stays, and none leaves the bounds of its list', () => {
    fc.assert(
      fc.property(cells, (all) => {
        const out = levelled(all, [new Set(['x', 'viber'])]);
        const names = (list: readonly Scored[]): string[] => list.map((c) => `${c.country}/${c.service}/${c.action}`);
        expect(names(out)).toEqual(names(all));
        for (const country of ['KE', 'TD'])
          for (const action of ACTIONS) {
            const of = (list: readonly Scored[]): number[] =>
              list
                .filter((c) => c.country === country && c.action === action && ['x', 'viber'].includes(c.service))
                .map((c) => c.score);
            const [before, after] = [of(all), of(out)];
            const sum = (list: number[]): number => list.reduce((a, b) => a + b, 0);
            expect(sum(after)).toBeCloseTo(sum(before), 6);
            for (const score of after) {
              expect(score).toBeGreaterThanOrEqual(Math.min(...before) - 1e-9);
              expect(score).toBeLessThanOrEqual(Math.max(...before) + 1e-9);
            }
          }
      }),
    );
  });
});

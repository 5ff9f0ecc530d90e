import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { choose, LEAST_MATE, LEAST_TRIPLE, leastTop, type Scored } from '../../../src/core/extract/score/choose.ts';
import { ACTIONS, type Action } from '../../../src/core/model/incident.ts';

const cell = (service: string, action: Action, score: number, country = 'KE'): Scored => ({
  service,
  country,
  action,
  score,
});
const named = (cells: readonly Scored[], odds = 1): string[] =>
  choose(cells, odds)
    .map((c) => `${c.country}/${c.service}/${c.action}`)
    .sort();
/** Log-odds of the least probability that stands. */
const LEAST = Math.log(LEAST_TRIPLE / (1 - LEAST_TRIPLE));

describe('what of all candidates a text reports', () => {
  test.each<[string, Scored[], string[]]>([
    ['nothing to choose from: nothing', [], []],
    ['one likely: it', [cell('signal', 'block', 2)], ['KE/signal/block']],
    [
      'two actions of one name: the likelier',
      [cell('signal', 'block', 1), cell('signal', 'restrict', 2)],
      ['KE/signal/restrict'],
    ],
    [
      'one name of a list a hair below even: stands, too',
      [cell('signal', 'block', 2), cell('viber', 'block', -0.2)],
      ['KE/signal/block', 'KE/viber/block'],
    ],
    [
      'one name clearly below: left out',
      [cell('signal', 'block', 2), cell('viber', 'block', -0.5)],
      ['KE/signal/block'],
    ],
    [
      'one name below, and not far from one that stands: both',
      [cell('signal', 'block', 0.4), cell('viber', 'block', -0.5)],
      ['KE/signal/block', 'KE/viber/block'],
    ],
    [
      'one name cut in two countries, the second below and not far: both',
      [cell('grok', 'block', 0.2), cell('grok', 'block', -0.5, 'TD')],
      ['KE/grok/block', 'TD/grok/block'],
    ],
    [
      'another name in another country, below and not far: left out',
      [cell('signal', 'block', 0.2), cell('viber', 'block', -0.5, 'TD')],
      ['KE/signal/block'],
    ],
    [
      'another action of another name, below and not far: left out',
      [cell('signal', 'block', 0.2), cell('viber', 'unblock', -0.5)],
      ['KE/signal/block'],
    ],
    [
      'another action of the same name, below and not far: left out',
      [cell('signal', 'block', 0.2), cell('signal', 'warn', -0.5)],
      ['KE/signal/block'],
    ],
    [
      'a name that two others would take along: by the likelier of its actions',
      [
        cell('signal', 'block', 0.2),
        cell('x', 'throttle', 0.2),
        cell('viber', 'block', -0.55),
        cell('viber', 'throttle', -0.5),
      ],
      ['KE/signal/block', 'KE/viber/throttle', 'KE/x/throttle'],
    ],
    [
      'none likely enough, the best not hopeless: the best, and what is nearly as likely of its kind',
      [cell('signal', 'block', -1.2), cell('viber', 'block', -1.25), cell('x', 'warn', -1.25)],
      ['KE/signal/block', 'KE/viber/block'],
    ],
    ['the best a mere guess: nothing', [cell('signal', 'block', -1.5)], []],
    [
      'a threat beside a likely slow-down: both',
      [cell('signal', 'throttle', 1), cell('signal', 'warn', 2)],
      ['KE/signal/throttle', 'KE/signal/warn'],
    ],
    [
      'a threat beside a slow-down less likely than not: the threat alone',
      [cell('signal', 'throttle', -0.1), cell('signal', 'warn', 2)],
      ['KE/signal/warn'],
    ],
    [
      'a threat likelier than a block: the threat',
      [cell('signal', 'block', 1), cell('signal', 'warn', 2)],
      ['KE/signal/warn'],
    ],
    [
      'a threat less likely than a block: the block',
      [cell('signal', 'block', 2), cell('signal', 'warn', 1)],
      ['KE/signal/block'],
    ],
    [
      'two countries: one state each',
      [cell('signal', 'block', 1), cell('signal', 'unblock', 1, 'TD')],
      ['KE/signal/block', 'TD/signal/unblock'],
    ],
  ])('%s', (_name, cells, want) => expect(named(cells)).toEqual(want));

  test('the surer a text is news, the less likely its best may be', () => {
    const guess = [cell('signal', 'block', -1.5)];
    expect(named(guess, 0.2)).toEqual([]);
    expect(named(guess, 4)).toEqual(['KE/signal/block']);
    expect(leastTop(-3)).toBe(leastTop(0));
  });

  const cells = fc.array(
    fc.record({
      service: fc.constantFrom('signal', 'viber', 'internet', ''),
      country: fc.constantFrom('KE', 'TD'),
      action: fc.constantFrom(...ACTIONS),
      score: fc.double({ min: -4, max: 4, noNaN: true }),
    }),
    { maxLength: 24 },
  );
  test('any candidates: of a name in a country one state, and a threat only beside a limit', () => {
    fc.assert(
      fc.property(cells, (all) => {
        const chosen = choose(all, 0);
        for (const one of chosen) {
          expect(all).toContain(one);
          const mate = chosen.some(
            (c) => c !== one && c.action === one.action && (c.country === one.country || c.service === one.service),
          );
          expect(one.score >= LEAST || one.score >= LEAST_MATE || chosen.length === 1).toBe(true);
          expect(one.score >= LEAST || chosen.length === 1 || mate).toBe(true);
          const beside = chosen.filter((c) => c !== one && c.service === one.service && c.country === one.country);
          expect(beside.length).toBeLessThanOrEqual(1);
          if (one.action === 'warn' && beside.length === 1)
            expect(['throttle', 'restrict']).toContain(beside[0]!.action);
        }
      }),
    );
  });
  test('any candidates: their order changes nothing but the order', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(
          cells.map((all) => all[0] ?? cell('signal', 'block', 0)),
          { selector: (c) => c.score, maxLength: 12 },
        ),
        (all) => {
          expect(named([...all].reverse())).toEqual(named(all));
        },
      ),
    );
  });
});

/**
 * False alarms and found blocks of OONI's rule over many draws of made-up months (`test/scenario/observatories/`): twenty pairs of 90 days each, of which the first
 * 15 only teach what is usual. `node src/launch.mjs bench/ooni-alarms.ts --draws 60 --from 1 --kinds PLAIN,HARSH --evidence 6,12,18`; prints a row of a table for each. A draw of
 * twenty pairs, quiet and with blocks, takes some three seconds.
 */
import { parseArgs } from 'node:util';
import { DAYS, type Months, monthsOf, PAIRS, pairsOf } from '../test/scenario/observatories/months.ts';
import * as noise from '../test/scenario/observatories/noise.ts';

const KINDS: Record<string, noise.Knobs> = {
  PLAIN: noise.PLAIN,
  HARSH: noise.HARSH,
  FEW: noise.FEW,
  STEADY: noise.STEADY,
  UNEVEN: noise.UNEVEN,
};
const STEP = 1_000_003;
const { values } = parseArgs({
  options: {
    draws: { type: 'string', default: '3' },
    from: { type: 'string', default: '1' },
    kinds: { type: 'string', default: Object.keys(KINDS).join(',') },
    evidence: { type: 'string', default: '' },
    only: { type: 'string', default: '' },
  },
});
const draws = Number(values.draws);
const seeds = Array.from({ length: draws }, (_, i) => Number(values.from) + i * STEP);
const bounds = values.evidence === '' ? [undefined] : values.evidence.split(',').map(Number);

const all = (knobs: noise.Knobs, withBlocks: boolean, bound?: number): Months[] =>
  seeds.map((seed) => monthsOf(pairsOf(seed, knobs, withBlocks), bound));
const years = (draws * PAIRS * (DAYS - 15)) / 365;
const part = (list: readonly number[], share: number): string =>
  list.length === 0 ? '-' : list[Math.min(list.length - 1, Math.floor(list.length * share))]!.toFixed(1);

console.log(`${draws} draws from ${values.from}, every ${STEP}th: ${years.toFixed(0)} pair-years each time`);
console.log(
  '| noise | bound | false, quiet | draws with one | false, blocks in | blocks | told | median, p90 (polls) |',
);
console.log('|---|---|---|---|---|---|---|---|');
for (const kind of values.kinds.split(','))
  for (const bound of bounds) {
    const knobs = KINDS[kind]!;
    const quiet = values.only === 'blocks' ? [] : all(knobs, false, bound);
    const cut = values.only === 'quiet' ? [] : all(knobs, true, bound);
    const falsely = quiet.flatMap((months) => months.falsely);
    const late = cut.flatMap((months) => months.late).sort((a, b) => a - b);
    const seen = cut.reduce((sum, months) => sum + months.seen, 0);
    const cells = [
      kind,
      bound ?? 'own',
      `${falsely.length} (${(falsely.length / years).toFixed(3)} a pair-year)`,
      quiet.filter((months) => months.falsely.length > 0).length,
      cut.reduce((sum, months) => sum + months.falsely.length, 0),
      seen,
      seen === 0 ? '-' : `${((100 * late.length) / seen).toFixed(1)} %`,
      `${part(late, 0.5)}, ${part(late, 0.9)}`,
    ];
    console.log(`| ${cells.join(' | ')} |`);
    if (falsely.length > 0) console.error(`${kind}: ${falsely.join('; ')}`);
  }

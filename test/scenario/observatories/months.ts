import type { Row, Usual } from '../../../src/core/judge/counts.ts';
import { type Before, beforeOf, type Counted, countedOf, easedOf, judgedOf } from '../../../src/core/judge/counts.ts';
import { createObservatoryJudge } from '../../../src/core/judge/observatory.ts';
import type { Measurement, ObservatoryView } from '../../../src/core/model/measurement.ts';
import type { Report } from '../../../src/core/model/report.ts';
import { createIds } from '../../../src/platform/ids.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';
import { randomOf, periods } from './chance.ts';
import { type Block, blocksOf, type Cell, cellsOf, type Knobs, type Shared } from './noise.ts';

/** Months of made-up counts, polled every half hour by the rule and the judge as the program does it, without the network between. */
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
export const POLL = HOUR / 2;
export const DAYS = 90;
export const PAIRS = 20;
const START = Date.UTC(2026, 0, 1);

export interface Pair {
  name: string;
  cells: readonly Cell[];
  blocks: readonly Block[];
}

/** Twenty pairs of ten countries and two services; what hits a country or a service hits all pairs of it. */
export function pairsOf(seed: number, knobs: Knobs, withBlocks: boolean): Pair[] {
  const shared = (salt: number, kind: 'country' | 'world') =>
    periods(DAYS, knobs[kind].everyDays, knobs[kind].hours, randomOf(seed ^ Math.imul(salt, 0x85ebca6b)));
  return Array.from({ length: PAIRS }, (_, i) => {
    const both: Shared = { country: shared(1 + Math.floor(i / 2), 'country'), world: shared(101 + (i % 2), 'world') };
    const own = seed + i * 7_919;
    const blocks = withBlocks ? blocksOf(own, DAYS) : [];
    return { name: `${seed}/${i}`, blocks, cells: cellsOf({ seed: own, days: DAYS, knobs, blocks, shared: both }) };
  });
}

const viewOf = (counted: Counted, before: ObservatoryView['before']): ObservatoryView => ({
  observatory: 'ooni',
  name: 'OONI',
  licence: null,
  url: null,
  before,
  action: 'block',
  method: null,
  signals: [],
  region: null,
  ...counted,
  networks: counted.networks.map((asn) => `AS${asn}`),
});

const measurementOf = (raw: ObservatoryView, now: number): Measurement => ({
  id: `${now}`,
  sourceId: 'ooni',
  kind: 'ooni',
  at: now,
  probeCc: 'RU',
  probeAsn: 'AS0',
  vantageId: 'ooni/RU',
  target: 'whatsapp',
  component: null,
  verdict: raw.says,
  detail: null,
  notes: [],
  raw,
});

/** Sums of each hour as far as they can be seen: most polls are settled by them alone. */
class Seen {
  readonly bad = new Float64Array(DAYS * 24 + 1);
  readonly all = new Float64Array(DAYS * 24 + 1);
  private next = 0;
  private readonly byTime: readonly Cell[];
  constructor(cells: readonly Cell[]) {
    this.byTime = [...cells].sort((a, b) => a.visibleAt - b.visibleAt);
  }
  /** Can any window hold enough that went wrong? */
  looksCut(at: number): boolean {
    for (let one = this.byTime[this.next]; one && one.visibleAt <= at; one = this.byTime[++this.next]) {
      this.bad[one.at / HOUR]! += one.bad;
      this.all[one.at / HOUR]! += one.bad + one.ok;
    }
    let [bad, all] = [0, 0];
    const hour = Math.floor(at / HOUR);
    for (let back = 0; back <= 49 && hour - back >= 0; back++) {
      bad += this.bad[hour - back]!;
      all += this.all[hour - back]!;
      if (all >= 20 && bad >= all * 0.6) return true;
    }
    return false;
  }
}

/** What the judge reports, and when (ms after the start). */
export function reportsOf({ cells }: Pair, evidence?: number): { at: number; report: Report }[] {
  const judge = createObservatoryJudge({ ids: createIds(new FakeClock()), own: { open: () => [], blocked: () => [] } });
  const seen = new Seen(cells);
  const rows = cells.map(({ at, asn, bad, ok, visibleAt }) => ({
    at: START + at,
    span: HOUR,
    asn,
    bad,
    ok,
    visibleAt: START + visibleAt,
  }));
  const said: { at: number; report: Report }[] = [];
  let first = 0;
  const viewAt = viewerOf(evidence);
  for (let now = START + 15 * DAY; now < START + DAYS * DAY; now += POLL) {
    const looksCut = seen.looksCut(now - START);
    const state = Object.values(judge.memory().seen)[0];
    // While all is open and looks it, a look a day says as much.
    if (!looksCut && (now - START) % DAY !== 0 && state?.now !== 'cut' && !state?.standing) continue;
    const begin = Math.floor((now - 2 * DAY) / DAY) * DAY;
    while (first < rows.length && rows[first]!.at < begin) first++;
    const hours: Row[] = [];
    for (let i = first; i < rows.length && rows[i]!.at <= now; i++) if (rows[i]!.visibleAt <= now) hours.push(rows[i]!);
    const days = (): Row[] => rows.filter(({ at, visibleAt }) => at >= now - 16 * DAY && visibleAt <= now);
    const view = viewAt(hours, days, now, state?.now === 'cut');
    if (view === null) continue;
    for (const report of judge.take([measurementOf(view, now)])) said.push({ at: now - START, report });
  }
  return said;
}

/** As the source finds it, what was before being remembered for six hours (`sources/ooni`). */
function viewerOf(evidence?: number) {
  let known: { at: number; before: Before } | null = null;
  let usual: Usual | null = null;
  return (hours: readonly Row[], days: () => Row[], now: number, isCut: boolean): ObservatoryView | null => {
    const counted = countedOf(hours, now);
    if (counted?.says === 'open') return viewOf(counted, 'open');
    if (counted?.says === 'cut') {
      if (!known || now - known.at > 6 * HOUR) known = { at: now, before: beforeOf(counted, hours, days()) };
      if (known.before.usual?.isWell) usual = known.before.usual;
      const judged = judgedOf(hours, known.before, { now, isKnown: isCut, evidence });
      return judged && { ...viewOf(counted, judged.before), isUsual: judged.isUsual };
    }
    const well = usual ? easedOf(hours, usual, now) : counted;
    return well && well.says !== 'cut' ? viewOf(well, 'open') : null;
  };
}

export const isAlarm = ({ report }: { report: Report }): boolean =>
  report.action === 'block' && report.measured?.standing === undefined;

/** More measurements of one network than that add nothing. */
const MOST_OF_ONE = 10;

/** When 20 measurements from three networks, all of the time since the block's begin and within two days, can be seen; null = never while it lasts. */
export function evidenceAt(cells: readonly Cell[], { from, to }: Block): number | null {
  const own = cells
    .filter(({ at, visibleAt }) => at >= from && at < to && visibleAt < to)
    .sort((a, b) => a.visibleAt - b.visibleAt);
  let first = 0;
  for (const [i, { visibleAt }] of own.entries()) {
    while (own[first]!.visibleAt < visibleAt - 2 * DAY) first++;
    const networks = new Map<number, number>();
    for (const { asn, bad, ok } of own.slice(first, i + 1))
      if (bad + ok > 0) networks.set(asn, Math.min(MOST_OF_ONE, (networks.get(asn) ?? 0) + bad + ok));
    const count = [...networks.values()].reduce((sum, n) => sum + n, 0);
    if (count >= 20 && networks.size >= 3) return visibleAt;
  }
  return null;
}

/** What came of months of one draw. */
export interface Months {
  falsely: string[];
  seen: number;
  missed: string[];
  /** Polls after the evidence. */
  late: number[];
}

/** `evidence`: another bound than the rule's own. */
export function monthsOf(pairs: readonly Pair[], evidence?: number): Months {
  const months: Months = { falsely: [], seen: 0, missed: [], late: [] };
  for (const pair of pairs) {
    const alarms = reportsOf(pair, evidence).filter(isAlarm);
    const of = (at: number, { from, to }: Block): boolean => at >= from && at <= to + 6 * HOUR;
    for (const { at } of alarms)
      if (!pair.blocks.some((block) => of(at, block))) months.falsely.push(`${pair.name} day ${(at / DAY).toFixed(1)}`);
    for (const block of pair.blocks) {
      const evidence = evidenceAt(pair.cells, block);
      if (evidence === null) continue;
      months.seen++;
      const alarm = alarms.find(({ at }) => of(at, block));
      if (alarm) months.late.push(Math.max(0, alarm.at - evidence) / POLL);
      else
        months.missed.push(
          `${pair.name} day ${(block.from / DAY).toFixed(1)}, ${((block.to - block.from) / HOUR).toFixed(0)} h`,
        );
    }
  }
  return months;
}

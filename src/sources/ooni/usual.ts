/** Counts of one network in one hour or day, as OONI aggregates them. */
export interface Row {
  /** Begin of the bucket and its length, ms. */
  at: number;
  span: number;
  /** 0 where the answer does not tell. */
  asn: number;
  /** Anomalies and confirmed blocks. */
  bad: number;
  ok: number;
}

export type Counts = Pick<Row, 'bad' | 'ok'>;

export const count = ({ bad, ok }: Counts): number => bad + ok;

/** All networks together, by the number of the day, or of a shorter span. */
function sharesBy(rows: readonly Row[], span: number): Map<number, Counts> {
  const sums = new Map<number, Counts>();
  for (const { at, bad, ok } of rows) {
    const number = Math.floor(at / span);
    const own = sums.get(number) ?? { bad: 0, ok: 0 };
    sums.set(number, { bad: own.bad + bad, ok: own.ok + ok });
  }
  return sums;
}

/** How it was in the weeks before, by the days that were well: what chance, bad days and networks with troubles of their own may bring. */
export interface Usual {
  /** Share of the median day, of those that were well. */
  share: number;
  /** The same without networks that always fail, by a filter of their own. */
  unfiltered: number;
  /** Most days were cut. */
  isCut: boolean;
  /** There were days that were well. */
  isWell: boolean;
  measurements: number;
  /** How far bad days lie above it: of the log-odds, as a standard deviation. */
  spread: number;
  /** How likely a network has trouble of its own at any time: nearly all that is measured there goes wrong. */
  trouble: number;
  /** Of each network that was measured. */
  networks: ReadonlyMap<number, Counts>;
}

const DAY = 86_400_000;
const MIN_COUNT = 20;
const MIN_BUCKET = 3;
/** Days that are enough to know how it is when it is well. */
const MIN_DAYS = 4;
/** A day of so much tells of a cut, and not of the usual, where others do not. */
const CUT_DAY = 0.5;

/** Days differ at least, and at most, by that. */
const SPREADS = [0.5, 1.2] as const;
const LEAST_SHARE = 0.05;
const SPREAD_UNKNOWN = 0.6;
/** What is expected of networks of which little is known: trouble in one of a hundred network-days. */
const TROUBLE_PRIOR = { bad: 0.3, all: 30 };
const TROUBLE_MOST = 0.3;
/** Of a network with fewer nothing is known. */
export const MIN_KNOWN = 5;
/** Counts of a network and day that tell of trouble. */
const MIN_NETWORK_DAY = 4;
const MOSTLY_BAD = 0.5;
const PART_BAD = 0.3;
const MORE = 0.2;
/** A day that went so badly was cut, whatever the others were. */
const SURELY_CUT = 0.8;
/** Of the days, the one that stands for the bad ones, and how many standard deviations it lies above the middle. */
const BAD_DAY = { quantile: 0.8, deviations: 0.84 };

/** Of the days before `before`, or of shorter spans of them; null = too little was measured to know. */
export function usualOf(rows: readonly Row[], before: number, span = DAY): Usual | null {
  const past = rows.filter((row) => row.at + row.span <= before && row.at >= before - 15 * DAY);
  const known = [...sharesBy(past, span)].filter(([, day]) => count(day) >= MIN_BUCKET);
  const measurements = known.reduce((sum, [, day]) => sum + count(day), 0);
  if (measurements < MIN_COUNT) return null;
  const well = known.filter(([, day]) => day.bad < CUT_DAY * count(day));
  const isCut = well.length < MIN_DAYS && middleOf(known) >= CUT_DAY;
  const share = middleOf(well.length > 0 ? well : known);
  // Of days that were cut nothing is learnt of how it is when it is well.
  const days = new Set(well.map(([day]) => day));
  const networks = networksOf(past.filter(({ at }) => days.has(Math.floor(at / span))));
  const own = past.filter(({ asn }) => !isFiltered(networks.get(asn)));
  const troubles = troublesOf(own, networks, span);
  const rest = [...sharesBy(own, span)].filter(([, day]) => count(day) >= MIN_BUCKET);
  const isLikely = ([, day]: [number, Counts]): boolean => day.bad < SURELY_CUT * count(day);
  const spread = spreadOf(rest.filter(isLikely).map(([day, all]) => withoutTroubles(all, troubles.get(day))));
  const wellRest = rest.filter(([day]) => days.has(day));
  const unfiltered = wellRest.length > 0 ? middleOf(wellRest) : share;
  const inWell = [...troubles].flatMap(([day, list]) => (days.has(day) ? list : []));
  return {
    share,
    unfiltered,
    isCut,
    isWell: well.length > 0,
    measurements,
    spread,
    trouble: troubleOf(inWell),
    networks,
  };
}

/** Does it fail as a rule, whatever the others do? */
export const isFiltered = (network: Counts | undefined): boolean =>
  network !== undefined && count(network) >= MIN_KNOWN && network.bad >= count(network) * CUT_DAY;

/** As is, where nothing is known of before. */
export const UNKNOWN: Usual = {
  share: 0.1,
  unfiltered: 0.1,
  isCut: false,
  isWell: true,
  measurements: 0,
  spread: SPREAD_UNKNOWN,
  trouble: TROUBLE_PRIOR.bad / TROUBLE_PRIOR.all,
  networks: new Map(),
};

const middleOf = (days: readonly (readonly [number, Counts])[]): number =>
  quantile(
    days.map(([, day]) => day.bad / count(day)),
    0.5,
  );

function quantile(list: readonly number[], q: number): number {
  const sorted = [...list].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))]!;
}

function spreadOf(days: readonly Counts[]): number {
  const all = days
    .filter((day) => count(day) >= 5)
    .map((day) => {
      // What lies below matters to nobody, and its log-odds would differ widely by one or two measurements.
      const share = Math.min(0.95, Math.max(LEAST_SHARE, day.bad / count(day)));
      return { x: Math.log(share / (1 - share)), noise: 1 / (count(day) * share * (1 - share)) };
    });
  if (all.length < MIN_DAYS) return SPREAD_UNKNOWN;
  const middle = quantile(
    all.map(({ x }) => x),
    0.5,
  );
  const above =
    (quantile(
      all.map(({ x }) => x),
      BAD_DAY.quantile,
    ) -
      middle) /
    BAD_DAY.deviations;
  // What small counts make of themselves is no difference between days.
  const noise = quantile(
    all.map((one) => one.noise),
    0.5,
  );
  return Math.min(SPREADS[1], Math.max(SPREADS[0], Math.sqrt(Math.max(0, above ** 2 - noise))));
}

function networksOf(rows: readonly Row[]): Map<number, Counts> {
  const networks = new Map<number, Counts>();
  for (const { asn, bad, ok } of rows) {
    const own = networks.get(asn) ?? { bad: 0, ok: 0 };
    networks.set(asn, { bad: own.bad + bad, ok: own.ok + ok });
  }
  return networks;
}

/** A network on one day; `weight`: how surely it had trouble that it does not have always. */
interface NetworkDay extends Counts {
  weight: number;
}

/** By the number of the day, networks of which there were enough counts. */
function troublesOf(
  rows: readonly Row[],
  networks: ReadonlyMap<number, Counts>,
  span: number,
): Map<number, NetworkDay[]> {
  const days = Map.groupBy(rows, ({ at }) => Math.floor(at / span));
  return new Map(
    [...days].map(([day, own]) => [
      day,
      [...networksOf(own)].flatMap(([asn, counts]) => {
        const usual = networks.get(asn);
        if (!usual || count(counts) < MIN_NETWORK_DAY) return [];
        const share = counts.bad / count(counts);
        const isMore = share - usual.bad / count(usual) >= MORE;
        return { ...counts, weight: !isMore || share < PART_BAD ? 0 : share < MOSTLY_BAD ? 0.5 : 1 };
      }),
    ]),
  );
}

function troubleOf(list: readonly NetworkDay[]): number {
  const bad = TROUBLE_PRIOR.bad + list.reduce((sum, { weight }) => sum + weight, 0);
  return Math.min(TROUBLE_MOST, bad / (TROUBLE_PRIOR.all + list.length));
}

/** A day without the networks that had trouble of their own; where most had, it was not their own. */
function withoutTroubles(day: Counts, list: readonly NetworkDay[] = []): Counts {
  const troubled = list.filter(({ weight }) => weight > 0);
  if (troubled.length * 2 >= list.length) return day;
  const sum = (key: 'bad' | 'ok'): number => troubled.reduce((total, one) => total + one[key], 0);
  return { bad: day.bad - sum('bad'), ok: day.ok - sum('ok') };
}

/** Counts of one country, or of one test, in one hour. */
export interface Beside extends Omit<Row, 'asn'> {
  key: string;
}

/** Where nobody blocks what chats ask for as a rule, and many measure. */
const CALM = ['US', 'DE', 'GB', 'NL', 'FR', 'CA', 'BR', 'JP', 'AU', 'ES'];
const MAX_COUNTRIES = 40;

/** Countries to compare with: those, and what is followed as well. */
export const countriesBeside = (own: string, followed: readonly string[]): string[] =>
  [...new Set([...CALM, ...followed])].filter((one) => one !== own).slice(0, MAX_COUNTRIES);

/** So many measurements before and since tell how it goes. */
const ELSEWHERE_MIN_COUNT = 5;
const WELL_SHARE = 0.35;
const BAD_SHARE = 0.6;
/** In so many other countries, and in half of those where it was well: it is the service, and no country. */
const MIN_COUNTRIES = 3;
/** What the web of a country is measured by: a thousand sites, of which no country blocks most. */
const WEB = 'web_connectivity';
const MIN_WEB = 10;

interface Turn {
  before: Counts;
  since: Counts;
}

function turnsOf(rows: readonly Beside[], since: number): Map<string, Turn> {
  const turns = new Map<string, Turn>();
  for (const { key, at, bad, ok } of rows) {
    if (at < since - DAY) continue;
    const turn = turns.get(key) ?? { before: { bad: 0, ok: 0 }, since: { bad: 0, ok: 0 } };
    const side = at < since ? turn.before : turn.since;
    side.bad += bad;
    side.ok += ok;
    turns.set(key, turn);
  }
  return turns;
}

const wasWell = ({ before }: Turn): boolean =>
  count(before) >= ELSEWHERE_MIN_COUNT && before.bad <= count(before) * WELL_SHARE;
const isBad = ({ since }: Turn): boolean => since.bad >= count(since) * BAD_SHARE;

/** The same service turned bad in other countries, too, where it had been well the day before: an outage of its own. */
export function isEverywhere(rows: readonly Beside[], since: number): boolean {
  const known = [...turnsOf(rows, since).values()].filter(
    (one) => wasWell(one) && count(one.since) >= ELSEWHERE_MIN_COUNT,
  );
  const turned = known.filter(isBad);
  return turned.length >= MIN_COUNTRIES && turned.length * 2 >= known.length;
}

/** Most of the web turned bad in that country at the same time: its lines are broken, or all is cut. */
export function isWholeWeb(rows: readonly Beside[], since: number): boolean {
  const web = turnsOf(rows, since).get(WEB);
  return web !== undefined && wasWell(web) && count(web.since) >= MIN_WEB && isBad(web);
}

import { type Measurement, type ObservatoryView, viewOf } from '../model/measurement.ts';
import type { Report } from '../model/report.ts';
import type { Ids } from '../ports/runtime.ts';

/** What is remembered of one (observatory, country, service, region). JSON-able; times in ms since the epoch. */
interface SeenState {
  now: 'cut' | 'open';
  /** It was seen open, or came back: what is cut after that is news, however usual it was. Absent = never. */
  wasOpen?: 'seen' | 'returned';
  /** Since when it was open when that was last said. */
  openSince?: number;
  /** When the cut that is in force was reported to have begun: no return is older. */
  cutAt?: number;
  /** It was seen cut, and opened nothing: since before anybody looked (`long`), or nobody knows since when. Its return is news all the same. */
  standing?: 'long' | 'short' | null;
  /** It was cut by a sign only. */
  sign?: boolean;
  /** It was said that a part is back, and nothing since. */
  partly: boolean;
  /** When anything was last said of it; null = it is to be said anew. */
  saidAt: number | null;
  /** Newest time that was seen, in the observatory's own time. */
  until: number;
  networks: number;
}

export interface ObservatoryMemory {
  seen: Record<string, SeenState>;
}

/** What own probes and agents know, by their networks. */
export interface OwnProbes {
  /** Networks of that country that measured this lately and found it well. */
  open(country: string, service: string): string[];
  /** And those that have it as blocked. */
  blocked(country: string, service: string): string[];
}

/** Works again for so long in the observatory's own time: before that it may be a gap between two holes. */
const LIFT_AFTER = 3_600_000;
/** The same of what had been cut for as long as anybody looked: a good hour now and then is not its end. */
const LONG_LIFT_AFTER = 24 * 3_600_000;
/** That a cut goes on is said so often: it keeps the evidence young for those who report later. */
const STANDING_EVERY = 12 * 3_600_000;
/** Evidence that is younger needs no word that it is. */
const FRESH = 1_800_000;
const MAX_KEYS = 5_000;
/** What was not seen for so long is forgotten. */
const FORGET_AFTER = 60 * 86_400_000;

/**
 * What observatories see → reports: a cut once, that it goes on twice a day, a partial return as a sign, and a return when it has lasted for an
 * hour in the observatory's own time, unless an own probe of that country still finds it blocked. Pure: the same views in the same order give the
 * same reports.
 */
export function createObservatoryJudge(deps: { ids: Ids; own: OwnProbes }, memory: ObservatoryMemory | null = null) {
  const seen = new Map<string, SeenState>(Object.entries(memory?.seen ?? {}));

  function judge(m: Measurement, view: ObservatoryView): Report[] {
    const key = keyOf(m, view);
    const state = seen.get(key) ?? { now: 'open', partly: false, saidAt: null, until: 0, networks: 0 };
    // Late news of what is known better by now; the times of one that goes on move.
    if (view.until < state.until) return [];
    const next: SeenState = { ...state, until: view.until, networks: view.networks.length };
    const said = decide(state, next, m, view);
    seen.delete(key);
    seen.set(key, next);
    if (said === null) return [];
    // Of a cut that began hours ago: that it still holds is evidence of now.
    const isOld = !said.measured?.standing && said.action !== 'unblock' && view.until - said.at >= FRESH;
    return isOld
      ? [said, reportOf(m, view, { lifted: false, sign: view.isSign === true, standing: true }, deps)]
      : [said];
  }

  function decide(state: SeenState, next: SeenState, m: Measurement, view: ObservatoryView): Report | null {
    const turn = turnOf(state, m, view, deps.own);
    Object.assign(next, turn.seen);
    if (turn.say === null) return null;
    next.saidAt = m.at;
    const report = reportOf(m, view, turn.say, deps);
    if (turn.say.lifted) return { ...report, at: Math.max(report.at, state.cutAt ?? 0) };
    if (!turn.say.standing) next.cutAt = state.now === 'open' ? report.at : (state.cutAt ?? report.at);
    return report;
  }

  return {
    /** Measurements of any kind, oldest first; those of no observatory are passed over. */
    take(measurements: readonly Measurement[]): Report[] {
      const reports = measurements.flatMap((m) => {
        const view = m.target === null ? null : viewOf(m);
        return view === null ? [] : judge(m, view);
      });
      prune(seen);
      return reports;
    },
    /** Somebody else speaks of it now: the next look is said, though it is no news. */
    sayAgain(country: string | null, service: string): void {
      for (const [key, state] of seen)
        if (key.split(' ')[1] === country && key.split(' ')[2] === service) seen.set(key, { ...state, saidAt: null });
    },
    /** Kinds of observatories that have it as cut at present. */
    cut: (country: string, service: string): string[] =>
      [...seen].flatMap(([key, { now }]) => {
        const [kind = '', where, what] = key.split(' ');
        return now === 'cut' && where === country && what === service ? kind : [];
      }),
    /** Write it in the transaction that keeps the reports. */
    memory: (): ObservatoryMemory => ({ seen: Object.fromEntries(seen) }),
  };
}
type ObservatoryJudge = ReturnType<typeof createObservatoryJudge>;

/** What a look changes of what is remembered, and what is said of it; null = nothing. */
interface Turn {
  seen: Partial<SeenState>;
  say: Saying | null;
}
const SILENT: Turn = { seen: {}, say: null };

function turnOf(state: SeenState, m: Measurement, view: ObservatoryView, own: OwnProbes): Turn {
  if (view.says === 'cut') return cutTurn(state, m, view);
  const lasts = view.until - view.since >= LIFT_AFTER;
  if (view.says === 'partly') return state.now === 'cut' && lasts ? partTurn(state, view) : SILENT;
  return openTurn(state, view, { lasts, isHeld: own.blocked(m.probeCc, m.target!).length > 0 });
}

function cutTurn(state: SeenState, m: Measurement, view: ObservatoryView): Turn {
  const sign = view.isSign === true;
  const isBack = state.now === 'open' || state.partly;
  // What went wrong before it came back says nothing of today.
  if (isBack && (view.from ?? view.since) < (state.openSince ?? 0)) return SILENT;
  const isDue = state.saidAt === null || m.at - state.saidAt >= STANDING_EVERY;
  const goesOn = isDue ? { lifted: false, sign, standing: true } : null;
  const isNews =
    view.isUsual !== true &&
    (view.before === 'open' ||
      state.wasOpen === 'returned' ||
      (view.before === 'unknown' && state.wasOpen !== undefined));
  if (state.now === 'open' && !isNews)
    return { seen: { standing: sign ? null : view.before === 'cut' ? 'long' : 'short' }, say: goesOn };
  const begins = (isBack && view.isUsual !== true) || (state.sign === true && !sign);
  return {
    seen: { now: 'cut', partly: false, sign },
    say: begins ? { lifted: false, sign, standing: false } : goesOn,
  };
}

const partTurn = ({ partly }: SeenState, { since }: ObservatoryView): Turn =>
  partly ? SILENT : { seen: { partly: true, openSince: since }, say: { lifted: true, sign: true, standing: false } };

function openTurn(
  state: SeenState,
  view: ObservatoryView,
  { lasts, isHeld }: { lasts: boolean; isHeld: boolean },
): Turn {
  const wasOpen = state.wasOpen ?? 'seen';
  const isLong = state.now === 'open' && state.standing === 'long' && view.until - view.since < LONG_LIFT_AFTER;
  if ((state.now === 'open' && !state.standing) || !lasts || isLong) return { seen: { wasOpen }, say: null };
  // Our own probe there still finds it blocked: a part is back.
  if (isHeld) {
    const { seen, say } = partTurn(state, view);
    return { seen: { ...seen, wasOpen }, say };
  }
  return {
    seen: { now: 'open', wasOpen: 'returned', openSince: view.since, partly: false, standing: null },
    say: { lifted: true, sign: view.isSign === true, standing: false },
  };
}

const keyOf = (m: Measurement, view: ObservatoryView): string =>
  `${view.observatory} ${m.probeCc} ${m.target} ${(view.region ?? '').slice(0, 100)}`;

function prune(seen: Map<string, SeenState>): void {
  const newest = Math.max(0, ...[...seen.values()].map(({ until }) => until));
  // What was never cut needs no room, once its time is not needed to tell late news.
  for (const [key, { now, until }] of seen)
    if (newest - until > FORGET_AFTER || (seen.size > MAX_KEYS && now === 'open')) seen.delete(key);
  for (const key of seen.keys()) if (seen.size > MAX_KEYS) seen.delete(key);
}

interface Saying {
  lifted: boolean;
  sign: boolean;
  standing: boolean;
}

function reportOf(m: Measurement, view: ObservatoryView, { lifted, sign, standing }: Saying, deps: Deps): Report {
  const { observatory, name, licence, networks, signals, measurements } = view;
  const service = m.target!;
  const not = lifted ? [] : deps.own.open(m.probeCc, service);
  const what = lifted ? (sign ? 'partly reachable again' : 'reachable again') : m.verdict;
  const counted = measurements > 0 ? `, ${measurements} measurements, ${networks.length} networks` : '';
  return {
    id: deps.ids.next(),
    sourceId: m.sourceId,
    itemId: null,
    at: Math.min(m.at, lifted ? view.since : standing ? view.until : view.since),
    country: m.probeCc,
    service,
    action: lifted ? 'unblock' : view.action,
    method: lifted ? null : view.method,
    region: view.region,
    secondary: false,
    kind: 'measurement',
    voice: `observatory:${observatory}`,
    title: `${service}: ${what}, by ${name}${counted}`,
    url: view.url,
    publisherName: name,
    lang: 'en',
    summary: m.verdict,
    measured: {
      strength: sign ? 'anomaly' : 'window-rule',
      networks,
      verdict: m.verdict,
      component: m.component,
      observatory,
      ...(licence === null ? {} : { licence }),
      ...(measurements > 0 ? { measurements } : {}),
      ...(signals.length > 0 ? { signals } : {}),
      ...(view.isSilence && !lifted ? { silence: true } : {}),
      ...(not.length > 0 ? { openOn: not } : {}),
      ...(standing ? { standing } : {}),
    },
  };
}

interface Deps {
  ids: Ids;
  own: OwnProbes;
}

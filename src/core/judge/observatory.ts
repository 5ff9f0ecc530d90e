import { type Measurement, type ObservatoryView, viewOf } from '../model/measurement.ts';
import type { Report } from '../model/report.ts';
import type { Ids } from '../ports/runtime.ts';
import { oneLine } from '../render/plain.ts';

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
}

/** As it is stored: by `keyOf`. */
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

/** One view, and the measurement that it came with. */
interface Look {
  country: string;
  service: string;
  measurement: Measurement;
  view: ObservatoryView;
}

/** What is said of a look: that it was cut, that it goes on, that it is back. A sign is less than the observatory's rule. */
type Saying = { what: 'cut' | 'goes-on' | 'back'; isSign: boolean };

/** What a look changes of what is remembered, and what is said of it; null = nothing. */
type Turn = { seen: Partial<SeenState>; say: Saying | null };

/** Works again for so long in the observatory's own time: before that it may be a gap between two holes. */
const LIFT_AFTER = 3_600_000;
/** The same of what had been cut for as long as anybody looked: a good hour now and then is not its end. */
const LONG_LIFT_AFTER = 24 * 3_600_000;
/** While a cut goes on it is reported again this often, so that the evidence is not too old when others report it later. */
const STANDING_EVERY = 12 * 3_600_000;
const MAX_REGION = 100;
/** Evidence that is younger needs no word that it is. */
const FRESH = 1_800_000;
const MAX_KEYS = 5_000;
/** What was not seen for so long is forgotten. */
const FORGET_AFTER = 60 * 86_400_000;
const UNSEEN: SeenState = { now: 'open', partly: false, saidAt: null, until: 0 };

/**
 * What observatories see → reports: a cut once, that it goes on twice a day, a partial return as a sign, and a return when it has lasted for an
 * hour in the observatory's own time, unless an own probe of that country still finds it blocked. Pure: the same views in the same order give the
 * same reports.
 */
export function createObservatoryJudge(
  { ids, own }: { ids: Ids; own: OwnProbes },
  memory: ObservatoryMemory | null = null,
) {
  const known = new Map(Object.entries(memory?.seen ?? {}));

  function judge(look: Look, now: number): Report[] {
    const { measurement, view } = look;
    const key = keyOf(look);
    const state = pulledBack(known.get(key) ?? UNSEEN, now);
    // Late news of what is known better by now; the times of one that goes on move.
    if (view.until < state.until) return [];
    const { seen, say } = turnOf(state, look, own);
    const next: SeenState = { ...state, until: view.until, ...seen };
    known.delete(key);
    known.set(key, next);
    if (say === null) return [];
    next.saidAt = measurement.at;
    const report = reportOf(look, say);
    if (say.what === 'back') return [{ ...report, at: Math.max(report.at, state.cutAt ?? 0) }];
    if (say.what === 'goes-on') return [report];
    next.cutAt = state.now === 'open' ? report.at : (state.cutAt ?? report.at);
    // Of a cut that began hours ago: that it still holds is evidence of now.
    const isOld = view.until - report.at >= FRESH;
    return isOld ? [report, reportOf(look, { what: 'goes-on', isSign: view.isSign === true })] : [report];
  }

  function reportOf({ measurement, view, country, service }: Look, { what, isSign }: Saying): Report {
    const { observatory, name, licence, networks, signals, measurements } = view;
    const { sourceId, at, verdict, component } = measurement;
    const isBack = what === 'back';
    const openOn = isBack ? [] : own.open(country, service);
    const said = isBack ? (isSign ? 'partly reachable again' : 'reachable again') : verdict;
    const counted = measurements > 0 ? `, ${measurements} measurements, ${networks.length} networks` : '';
    return {
      id: ids.next(),
      sourceId,
      itemId: null,
      at: Math.min(at, what === 'goes-on' ? view.until : view.since),
      country,
      service,
      action: isBack ? 'unblock' : view.action,
      method: isBack ? null : view.method,
      region: view.region === null ? null : oneLine(view.region, MAX_REGION),
      secondary: false,
      kind: 'measurement',
      voice: `observatory:${observatory}`,
      title: `${service}: ${said}, by ${name}${counted}`,
      url: view.url,
      publisherName: name,
      lang: 'en',
      summary: verdict,
      measured: {
        strength: isSign ? 'anomaly' : 'window-rule',
        networks,
        verdict,
        component,
        observatory,
        ...(licence === null ? {} : { licence }),
        ...(measurements > 0 ? { measurements } : {}),
        ...(signals.length > 0 ? { signals } : {}),
        ...(view.isSilence && !isBack ? { silence: true } : {}),
        ...(openOn.length > 0 ? { openOn } : {}),
        ...(what === 'goes-on' ? { standing: true } : {}),
      },
    };
  }

  function prune(): void {
    const newest = Math.max(0, ...known.values().map(({ until }) => until));
    // What was never cut needs no room, once its time is not needed to tell late news.
    for (const [key, state] of known)
      if (newest - state.until > FORGET_AFTER || (known.size > MAX_KEYS && state.now === 'open')) known.delete(key);
    for (const key of known.keys()) if (known.size > MAX_KEYS) known.delete(key);
  }

  const about = (country: string | null, service: string) =>
    known
      .entries()
      .map(([key, state]) => ({ key, state, of: key.split(' ', 3) }))
      .filter(({ of }) => of[1] === country && of[2] === service);

  return {
    /** Measurements of any kind, oldest first; those of no observatory are passed over. `now` by our clock; absent = all times are true. */
    take(measurements: readonly Measurement[], now = Number.POSITIVE_INFINITY): Report[] {
      const reports = measurements.flatMap((measurement) => {
        const view = viewOf(measurement);
        const { probeCc: country, target: service } = measurement;
        if (view === null || service === null) return [];
        return judge({ measurement, view: bounded(view, now), country, service }, now);
      });
      prune();
      return reports;
    },
    /** Somebody else speaks of it now: the next look is said, though it is no news. */
    sayAgain(country: string | null, service: string): void {
      for (const { key, state } of about(country, service)) known.set(key, { ...state, saidAt: null });
    },
    /** Kinds of observatories that have it as cut at present. */
    cut: (country: string, service: string): string[] =>
      about(country, service)
        .flatMap(({ state, of }) => (state.now === 'cut' ? [of[0]!] : []))
        .toArray(),
    /** Write it in the transaction that keeps the reports. */
    memory: (): ObservatoryMemory => ({ seen: Object.fromEntries(known) }),
  };
}

/** Nothing is seen of the time to come, whatever an observatory's clock says. */
const bounded = (view: ObservatoryView, now: number): ObservatoryView => ({
  ...view,
  since: Math.min(view.since, now),
  until: Math.min(view.until, now),
  ...(view.from === undefined ? {} : { from: Math.min(view.from, now) }),
});

/** Clocks differ by so much; what lies further ahead is the mark of a clock that was wrong. */
const AHEAD = 15 * 60_000;

/** A clock that was ahead, ours or the observatory's, mutes nothing afterwards: what was seen then is of now, and no news is late beside it. */
function pulledBack(state: SeenState, now: number): SeenState {
  const isAhead = (at: number | null | undefined): at is number => typeof at === 'number' && at > now + AHEAD;
  return {
    ...state,
    until: isAhead(state.until) ? 0 : state.until,
    saidAt: isAhead(state.saidAt) ? null : state.saidAt,
    ...(isAhead(state.openSince) ? { openSince: now } : {}),
    ...(isAhead(state.cutAt) ? { cutAt: now } : {}),
  };
}

/** The region, which may hold blanks, stands last. */
const keyOf = ({ country, service, view: { observatory, region } }: Look): string =>
  `${observatory} ${country} ${service} ${(region ?? '').slice(0, 100)}`;

const SILENT: Turn = { seen: {}, say: null };

function turnOf(state: SeenState, look: Look, own: OwnProbes): Turn {
  const { view, country, service } = look;
  if (view.says === 'cut') return cutTurn(state, look);
  const lasts = view.until - view.since >= LIFT_AFTER;
  if (view.says === 'partly') return state.now === 'cut' && lasts ? partTurn(state, view) : SILENT;
  const wasOpen = state.wasOpen ?? 'seen';
  const isLong = state.now === 'open' && state.standing === 'long' && view.until - view.since < LONG_LIFT_AFTER;
  if ((state.now === 'open' && !state.standing) || !lasts || isLong) return { seen: { wasOpen }, say: null };
  // Our own probe there still finds it blocked: a part is back.
  if (own.blocked(country, service).length > 0) {
    const { seen, say } = partTurn(state, view);
    return { seen: { ...seen, wasOpen }, say };
  }
  return {
    seen: { now: 'open', wasOpen: 'returned', openSince: view.since, partly: false, standing: null },
    say: { what: 'back', isSign: view.isSign === true },
  };
}

function cutTurn(state: SeenState, { measurement: { at }, view }: Look): Turn {
  const isSign = view.isSign === true;
  const isBack = state.now === 'open' || state.partly;
  // What went wrong before it came back says nothing of today.
  if (isBack && (view.from ?? view.since) < (state.openSince ?? 0)) return SILENT;
  const isDue = state.saidAt === null || at - state.saidAt >= STANDING_EVERY;
  const goesOn: Saying | null = isDue ? { what: 'goes-on', isSign } : null;
  const wasOpen = view.before === 'open' || (view.before === 'unknown' && state.wasOpen !== undefined);
  const isNews = !view.isUsual && (wasOpen || state.wasOpen === 'returned');
  if (state.now === 'open' && !isNews)
    return { seen: { standing: isSign ? null : view.before === 'cut' ? 'long' : 'short' }, say: goesOn };
  const begins = (isBack && !view.isUsual) || (state.sign === true && !isSign);
  return { seen: { now: 'cut', partly: false, sign: isSign }, say: begins ? { what: 'cut', isSign } : goesOn };
}

const partTurn = ({ partly }: SeenState, { since }: ObservatoryView): Turn =>
  partly ? SILENT : { seen: { partly: true, openSince: since }, say: { what: 'back', isSign: true } };

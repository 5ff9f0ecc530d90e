import { type Action, type Confidence, type Incident, rankOf, severityOf } from '../model/incident.ts';
import { FIRM_READING, isStruckOff, type Report } from '../model/report.ts';
import { READERS } from '../ports/readers.ts';
import { ECHO, isNewcomer } from './whose.ts';

/** What the ladder and the rules below need to know of a report. */
export type Evidence = Pick<Report, 'at' | 'action' | 'kind' | 'voice' | 'confidence' | 'measured' | 'outlet'>;

/** Newest reports of an incident that the ladder looks at; what they came to is kept in the incident, so older ones are in it already. */
export const EVIDENCE = 120;
/** A measurement and news, or measurements of two networks, bear each other out when they stand within this time. */
const MEASURED_WITHIN = 48 * 3_600_000;
/**
 * Two outlets corroborate each other within this time. A slow story takes days to reach a second outlet; one that took longer is reported
 * another event as often as of the same.
 */
const OUTLETS_WITHIN = 7 * 86_400_000;
/** At least this share of those who speak since the stronger word first fell must say it. */
const ESCALATION_SHARE = 2 / 3;

/** By the rule of rounds, or a known block page: more than an anomaly. */
const isFirm = (one: Evidence): boolean => one.measured !== null && one.measured.strength !== 'anomaly';
const agentOf = (one: Evidence): string | null => one.measured?.agent ?? null;
const isNear = (a: Evidence, b: Evidence): boolean => Math.abs(a.at - b.at) <= MEASURED_WITHIN;

/** Observatory, or own probes and agents: what measures in one way is one kind. */
const kindOf = (one: Evidence): string => one.measured?.observatory ?? 'probe';
const isObserved = (one: Evidence): boolean => one.measured?.observatory !== undefined;
/** What an observatory publishes about its own measurements is no second source. */
const isOwnWord = (word: Evidence, one: Evidence): boolean => word.voice === `authority:${kindOf(one)}`;

/** Two kinds of measurement; or two networks, and not one agent or one observatory that names two. */
function areIndependent(a: Evidence, b: Evidence): boolean {
  if (kindOf(a) !== kindOf(b)) return true;
  if (isObserved(a)) return false;
  if (agentOf(a) !== null && agentOf(a) === agentOf(b)) return false;
  return b.measured!.networks.some((network) => !a.measured!.networks.includes(network));
}

/** Is this reading of a text likely enough to stand by itself? */
const isSurelyRead = (one: Evidence): boolean => one.confidence === undefined || one.confidence >= FIRM_READING;

/**
 * The most independent outlets that reported within one window. Two whose texts are only doubtfully read count as one: what is told must
 * stand when any one doubtful reading turns out wrong. Sites that nobody has met before count as one at most, where two turned up apart, and only
 * beside an outlet that is known and surely read: of themselves they are nobody.
 */
export function outletsTogether(evidence: readonly Evidence[]): number {
  const news = evidence.filter((one) => one.kind === 'news').sort((a, b) => a.at - b.at);
  const inside = new Map<string, { all: number; sure: number }>();
  let most = 0;
  let first = 0;
  for (const one of news) {
    count(inside, one, 1);
    for (; one.at - news[first]!.at > OUTLETS_WITHIN; first++) count(inside, news[first]!, -1);
    const known = [...inside].filter(([voice]) => !isNewcomer({ voice }));
    const sure = known.filter(([, voice]) => voice.sure > 0).length;
    const strangers = inside.size - known.length - (inside.has(ECHO) ? 1 : 0);
    most = Math.max(most, sure + Math.floor((known.length - sure) / 2) + (sure > 0 && strangers > 1 ? 1 : 0));
  }
  return most;
}

/** Adds a statement to its outlet, or takes it out. */
function count(inside: Map<string, { all: number; sure: number }>, one: Evidence, by: 1 | -1): void {
  const voice = inside.get(one.voice) ?? { all: 0, sure: 0 };
  voice.all += by;
  if (isSurelyRead(one)) voice.sure += by;
  if (voice.all === 0) inside.delete(one.voice);
  else inside.set(one.voice, voice);
}

/** A known block page that our own probe saw; two networks, two kinds of measurement; or a measurement beside news. An anomaly is none of these. */
function isConfirmed(evidence: readonly Evidence[]): boolean {
  const firm = evidence.filter((one) => one.kind === 'measurement' && isFirm(one));
  if (firm.length === 0) return false;
  const words = evidence.filter((one) => one.kind !== 'measurement' && !isNewcomer(one));
  return firm.some(
    (one) =>
      (one.measured!.strength === 'fingerprint' && agentOf(one) === null) ||
      (one.measured!.networks.length > 1 && agentOf(one) === null && !isObserved(one)) ||
      words.some((word) => isNear(word, one) && !isOwnWord(word, one)) ||
      firm.some((other) => isNear(other, one) && areIndependent(other, one)),
  );
}

/**
 * The ladder of domain.md over statements that all say the same thing (all of the block, or all of the lift): the best that any of its
 * windows holds. Null when there is no evidence at all.
 */
export function confidenceOf(evidence: readonly Evidence[]): Confidence | null {
  if (evidence.length === 0) return null;
  if (isConfirmed(evidence)) return 'confirmed';
  const firmly = evidence.some((one) => one.kind === 'authority' || (one.kind === 'measurement' && isFirm(one)));
  if (firmly || outletsTogether(evidence) >= 2) return 'corroborated';
  return evidence.some((one) => one.measured !== null) ? 'suspected' : 'reported';
}

/**
 * What of the evidence may raise this incident. News was first: rounds that an agent says it measured before that raise nothing, since
 * nobody saw them when they could have been checked. Measured first: all of it. Beside anybody else readers are shown, and count for nothing.
 */
export function countedFor<E extends Evidence>(incident: Pick<Incident, 'openedAt'>, all: readonly E[]): E[] {
  const others = all.filter((one) => one.measured?.observatory !== READERS);
  const evidence = others.length > 0 ? others : all;
  const first = evidence.filter((one) => one.at === incident.openedAt);
  if (first.length > 0 && first.every((one) => one.kind === 'measurement')) return [...evidence];
  return evidence.filter((one) => agentOf(one) === null || (one.measured!.since ?? one.at) >= incident.openedAt);
}

/** The worst that is said; of equals the first. */
export const worstOf = (evidence: readonly Evidence[]): Action =>
  evidence.reduce((a, b) => (severityOf(b.action) > severityOf(a.action) ? b : a)).action;

/** Evidence for this action or a worse one: who says "blocked" says "limited" as well. */
export const supporting = <E extends Evidence>(action: Action, evidence: readonly E[]): E[] =>
  evidence.filter((one) => severityOf(one.action) >= severityOf(action));

/** The action in force, how sure that one is, and why it is (still) that one. */
interface Standing {
  action: Action;
  confidence: Confidence;
  why: 'as-before' | 'surer' | 'weaker-is-surer' | 'escalated';
}

const WORST_FIRST = ['shutdown', 'block', 'throttle', 'restrict'] as const;

/**
 * Where an incident stands: the worst action that is corroborated in its own right, at its own confidence. Two outlets of which one says
 * "slowed down" and one "blocked" corroborate the slow-down; the block stays one outlet's word. Once an action is corroborated, only a
 * worse one takes its place (`actionInForce`). `evidence`: what counts for the incident, newest first, without lifts.
 */
export function standingOf(
  incident: Pick<Incident, 'family' | 'action' | 'confidence'>,
  evidence: readonly Evidence[],
  now: number,
): Standing {
  const { action, confidence } = incident;
  const at = (one: Action): Confidence | null => confidenceOf(supporting(one, evidence));
  const same = (): Standing => {
    const found = at(action);
    const surer = found !== null && rankOf(found) > rankOf(confidence);
    return { action, confidence: surer ? found : confidence, why: surer ? 'surer' : 'as-before' };
  };
  if (incident.family === 'warn') return same();
  const isSure = (one: Confidence | null): one is Confidence => one !== null && rankOf(one) >= rankOf('corroborated');
  const change = (to: Action, sure: Confidence): Standing =>
    to === action
      ? same()
      : { action: to, confidence: sure, why: severityOf(to) > severityOf(action) ? 'escalated' : 'weaker-is-surer' };
  if (isSure(confidence)) {
    const worse = actionInForce(incident, evidence, now);
    const sure = at(worse);
    return isSure(sure) ? change(worse, sure) : same();
  }
  for (const candidate of WORST_FIRST) {
    const sure = at(candidate);
    if (isSure(sure)) return change(candidate, sure);
  }
  return same();
}

/** Who says that it is worse than what is in force, lately: `action` is the worst of these; null = nobody. */
export function worseClaim(
  incident: Pick<Incident, 'family' | 'action' | 'lastReportAt'>,
  reports: readonly Evidence[],
): { action: 'throttle' | 'block' | 'shutdown'; outlets: number } | null {
  if (incident.family === 'warn') return null;
  const recent = reports.filter(
    (one) => one.kind === 'news' && !isNewcomer(one) && incident.lastReportAt - one.at <= OUTLETS_WITHIN,
  );
  for (const candidate of ['shutdown', 'block', 'throttle'] as const) {
    if (severityOf(candidate) <= severityOf(incident.action)) return null;
    const outlets = new Set(supporting(candidate, recent).map((one) => one.voice)).size;
    if (outlets > 0) return { action: candidate, outlets };
  }
  return null;
}

/**
 * Does the evidence carry a corroborated incident up to a stronger action? One outlet's stronger word is evidence, not a change: two independent
 * voices (or an authority, or a firm measurement) must say it, and of all who speak since it was first said, two thirds by their last
 * word: while some go on to write "slowed down", those who write "blocked" are sloppy. Returns the action in force, which never goes down.
 */
export function actionInForce(
  incident: Pick<Incident, 'action'>,
  evidence: readonly Evidence[],
  now: number,
): Incident['action'] {
  const recent = evidence.filter(
    (one) => severityOf(one.action) > 0 && one.at > now - OUTLETS_WITHIN && !isNewcomer(one),
  );
  let best = incident.action;
  for (const candidate of ['throttle', 'block', 'shutdown'] as const) {
    const rank = severityOf(candidate);
    if (rank <= severityOf(best) || !recent.some((one) => one.action === candidate)) continue;
    const stronger = recent.filter((one) => severityOf(one.action) >= rank);
    const since = Math.min(...stronger.map((one) => one.at));
    const words = lastWords(recent.filter((one) => one.at > since || severityOf(one.action) >= rank));
    const speakers = words.filter((word) => word.rank >= rank);
    const sure = speakers.filter((word) => word.sure).length;
    if (
      stronger.some((one) => one.kind === 'authority' || isFirm(one)) ||
      (sure + Math.floor((speakers.length - sure) / 2) >= 2 &&
        (saysHow(candidate, best) || speakers.length >= words.length * ESCALATION_SHARE))
    )
      best = candidate;
  }
  return best;
}

/** Who goes on to write "limited" does not contradict "slowed down": that is how it is limited. */
const saysHow = (stronger: Action, action: Action): boolean => stronger === 'throttle' && action === 'restrict';

/** How strong the last word of each voice is: its copies may be sloppy, and it may itself have said "slowed" before "blocked". */
function lastWords(evidence: readonly Evidence[]): { rank: number; sure: boolean }[] {
  const words = new Map<string, { at: number; rank: number; sure: boolean }>();
  for (const one of evidence) {
    const known = words.get(one.voice);
    if (!known || one.at >= known.at)
      words.set(one.voice, { at: one.at, rank: severityOf(one.action), sure: isSurelyRead(one) });
  }
  return [...words.values()];
}

/** An outlet that is known, an authority or a measurement: a register says that it is forbidden no more, and readers and strangers say little. */
const saysThatItWorks = (lift: Evidence): boolean =>
  !isStruckOff(lift) && !isNewcomer(lift) && lift.measured?.observatory !== READERS;

/**
 * How sure a lift is; null = one agent alone sees it, of what others reported: a sign (`easing`), and for nobody a lift, until somebody else says
 * so, too. What it reported alone it lifts alone, as long as all reports are there to see that.
 */
export function liftConfidenceOf(lifts: readonly Evidence[], force: readonly Evidence[]): Confidence | null {
  if (lifts.some(isStruckOff) && !lifts.some(saysThatItWorks)) return 'reported';
  const confidence = confidenceOf(lifts) ?? 'reported';
  const agents = new Set(lifts.map(agentOf));
  const [only] = agents;
  if (agents.size !== 1 || only === null || only === undefined) return confidence;
  const isItsOwn = force.length < EVIDENCE && force.every((one) => agentOf(one) === only);
  return isItsOwn ? confidence : null;
}

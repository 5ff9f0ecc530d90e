import { type Alert, type Broadcast, type Delivery, type DeliveryOp, REGULAR, type Regular } from './model/alert.ts';
import { ANY, type Silence, type Subscription } from './model/chat.ts';
import {
  type ChangeKind,
  type Confidence,
  type Incident,
  type Level,
  type Transition,
  NETWORK,
  changeAt,
  isInForce,
  liftReaches,
  reaches,
  speaksForServices,
} from './model/incident.ts';
import type { Claim, FillPlan } from './ports/outbox.ts';
import type { Tables } from './ports/store.ts';

/**
 * Who hears of a change, and how. This is the one place that decides it; all of it but the look-up of the larger incident is pure. A change meets four questions on its way:
 *
 * 1. `forLevel`: do chats of this level hear of it, and does the phone ring? Then `inhibition`: does a larger incident speak for it?
 * 2. `recipientsOf`: whom does its broadcast look for?
 * 3. What does one chat get? The fan-out in SQL (`store/sql/outbox/fill.ts`) answers this for a million chats at once, with `follows` and
 *    `isSilenced` said again there; a test over generated cases holds it to the same in words (`test/contract/store/deliveries-for.ts`).
 * 4. `contentFor`: what does a delivery show when its turn comes, or is there nothing to say any more?
 * 5. `breaksThrough`: does it ring in the chat's quiet hours, too? What becomes of it otherwise says `whenFor`.
 */

/** What chats of one level hear of a change. */
type ForLevel =
  | { notify: 'new'; why: 'reached-level' | 'restored' }
  | { notify: 'lifted'; why: 'lifted' }
  | { notify: 'update'; loud: boolean; why: ChangeKind }
  | { notify: 'correction'; why: 'withdrawn' }
  | { notify: 'nothing'; why: 'below-level' | 'evidence-only' };

/** Changes that are an edit without a sound; the first that applies gives the reason. */
const EDITS: readonly ChangeKind[] = [
  'lifted',
  'named',
  'confidence-up',
  'claimed',
  'method-revealed',
  'widened',
  'partly-lifted',
  'lift-confidence-up',
  'easing',
  'fell',
];

/** As sure as it ever was: a worse action may be less sure than the milder one whose place it took, and who knows of that hears of this. */
const surest = (incident: Incident): Confidence => (incident.confirmedAt === null ? incident.confidence : 'confirmed');

/** Did it ever reach this level, by what it rests on now? What a source has taken back it rests on no more. */
export const hasReached = (incident: Incident, level: Level): boolean =>
  reaches(surest(incident), level) || (level === 'corroborated' && incident.corroboratedAt !== null);

/**
 * What chats of a level hear of an incident that was so before and is so after, with these named changes between. Of what stood before anybody reported
 * it all know, and nobody is told but of a real change on top, and of its end: `route.ts` makes a message of its own of what is loud where none was sent yet.
 */
export function forLevel(before: Incident | null, after: Incident, kinds: ChangeKind[], level: Level): ForLevel {
  if (kinds.length === 0) return { notify: 'nothing', why: 'evidence-only' };
  const stands = after.standing != null;
  const told = before && stands ? changeAt(before, level) : null;
  const known = stands
    ? told !== null
    : before !== null && before.state !== 'withdrawn' && reaches(surest(before), level);
  if (kinds.includes('withdrawn'))
    return known || liftReaches(before, level)
      ? { notify: 'correction', why: 'withdrawn' }
      : { notify: 'nothing', why: 'below-level' };

  // What is left does not reach them: for them it was never so.
  if (!stands && kinds.includes('fell') && known && !hasReached(after, level))
    return { notify: 'correction', why: 'withdrawn' };
  if (liftReaches(after, level) && !liftReaches(before, level))
    return known || stands ? { notify: 'lifted', why: 'lifted' } : { notify: 'new', why: 'restored' };
  if (stands) {
    const change = changeAt(after, level);
    const isSame = change?.action === told?.action && change?.method === told?.method;
    if (kinds.includes('changed') && change && !isSame && after.state !== 'lifted')
      return { notify: 'update', loud: true, why: 'changed' };
  } else {
    const isSure = reaches(after.confidence, level);
    if (!known && !isSure) return { notify: 'nothing', why: 'below-level' };
    if (!known)
      return after.state === 'lifted'
        ? { notify: 'nothing', why: 'evidence-only' }
        : { notify: 'new', why: 'reached-level' };
    // A worse action that is not sure enough for this level is shown, and rings once it is.
    if (kinds.includes('escalated') || (isSure && !reaches(before!.confidence, level)))
      return { notify: 'update', loud: isSure, why: 'escalated' };
  }
  // Those who heard that it is over must hear that it is not.
  if (kinds.includes('resumed')) return { notify: 'update', loud: liftReaches(before, level), why: 'resumed' };
  const edit = known ? EDITS.find((kind) => kinds.includes(kind)) : undefined;
  return edit ? { notify: 'update', loud: false, why: edit } : { notify: 'nothing', why: 'evidence-only' };
}

/** Changes of what stood that are told by themselves, and such as go on with what was told. */
const TOLD_OF_STANDING: ReadonlySet<ChangeKind> = new Set(['changed', 'lifted']);
const GOES_ON: ReadonlySet<ChangeKind> = new Set(['resumed', 'lift-confidence-up', 'fell', 'withdrawn']);

/**
 * Of an incident's log what is news to anybody, for feeds and programs as for chats: of what stood before it was reported only a real change on
 * top, its end, and how these go on. That outlets repeat it is none.
 */
export function newsOf<T extends Pick<Transition, 'change'>>(
  { standing }: Pick<Incident, 'standing'>,
  log: readonly T[],
): readonly T[] {
  if (!standing) return log;
  const first = log.findIndex(({ change }) => TOLD_OF_STANDING.has(change));
  return first < 0 ? [] : log.slice(first).filter(({ change }) => TOLD_OF_STANDING.has(change) || GOES_ON.has(change));
}

/** A shutdown of which nothing was reported for so long, ms, does not speak for others any more. */
const SPEAKS_FOR = 7 * 24 * 3_600_000;

/** Is this a national shutdown that speaks for the services there, as far as chats of this level know? */
const speaksAtLevel = (incident: Incident, level: Level): boolean =>
  incident.open && speaksForServices(incident) && reaches(incident.confidence, level) && !liftReaches(incident, level);

type Inhibition = { by: string; why: 'shutdown-covers' | 'measure-in-force' } | null;

/**
 * Does a larger incident speak for this one, for chats of this level? A national shutdown covers blocks of services there; a measure in
 * force on a service covers threats against it. `larger`: the open incident that may do so, found by `route.ts`.
 */
export function inhibition(incident: Incident, larger: Incident | null, level: Level, now: number): Inhibition {
  if (larger === null) return null;
  if (incident.family === 'warn')
    return reaches(larger.confidence, level) && !liftReaches(larger, level)
      ? { by: larger.id, why: 'measure-in-force' }
      : null;
  if (!speaksAtLevel(larger, level)) return null;
  const covers = larger.openedAt <= incident.openedAt && now - larger.lastReportAt < SPEAKS_FOR;
  return covers ? { by: larger.id, why: 'shutdown-covers' } : null;
}

/** The open incident that speaks for one, for chats of a level, or null. What may be asked of several is looked up once. */
export function createSpeakers({ incidents }: { incidents: Pick<Tables['incidents'], 'openByKey'> }) {
  const kept = new Map<string, Promise<Incident | null>>();
  const larger = ({ country, service, family }: Incident): Promise<Incident | null> | null => {
    if (country === null || (family !== 'warn' && service === NETWORK)) return null;
    const of = family === 'warn' ? service : NETWORK;
    const key = `${country} ${of}`;
    const found = kept.get(key) ?? incidents.openByKey(country, of, 'access');
    kept.set(key, found);
    return found;
  };
  return async (incident: Incident, level: Level, now: number): Promise<Incident | null> => {
    const found = await larger(incident);
    return inhibition(incident, found, level, now) === null ? null : found;
  };
}

/** Until when a larger incident speaks for others, where nothing is heard of it: a week after its last report. A measure is asked about again. */
export const endsAt = (larger: Incident, now: number): number =>
  speaksForServices(larger) && larger.lastReportAt + SPEAKS_FOR > now
    ? larger.lastReportAt + SPEAKS_FOR
    : now + SPEAKS_FOR;

/** Does it hold, and would chats of the level hear of it if nothing had happened before? */
export const isToBeHeard = (incident: Incident, level: Level): boolean =>
  incident.open &&
  !liftReaches(incident, level) &&
  (incident.standing ? changeAt(incident, level) !== null : reaches(surest(incident), level));

/**
 * Whom a broadcast looks for. `all`: every broadcast of the alert, newest first by the order of writing (clocks may be set). `larger`: what speaks for
 * an incident of it at this level, by that one's id: only those who were told of the larger one are silenced by it.
 */
export function recipientsOf(
  broadcast: Broadcast,
  alert: Alert,
  incidents: readonly Incident[],
  all: readonly Broadcast[],
  larger: ReadonlyMap<string, Incident> = new Map(),
): Omit<FillPlan, 'now' | 'chunk'> {
  const added = new Set(alert.incidents.map((one) => one.incidentId));
  const byAddition = broadcast.kind === 'new' || broadcast.reason === 'widened';
  const matchers = incidents.map((incident) => {
    const speaks = larger.get(incident.id);
    const onlyEarlier = byAddition && added.has(incident.id);
    return { ...aboutOf(incident), onlyEarlier, spokenFor: speaks ? aboutOf(speaks) : null };
  });
  const older = all.slice(all.findIndex((one) => one.id === broadcast.id) + 1);
  // A quiet edit makes no reply needless: the phone has not rung yet.
  const supersedes = (broadcast.loud ? older : [])
    .filter((one) => one.loud && one.kind !== 'new')
    .filter((one) => one.incidentIds.every((id) => broadcast.incidentIds.includes(id)))
    .map((one) => one.id);
  return { level: alert.level, matchers, supersedes, othersToo: reachesOthers(broadcast, older) };
}

const aboutOf = ({ id: incidentId, country, service }: Incident) => ({ incidentId, country, service });

/** Do chats without the alert's message get one? `older`: the alert's broadcasts from before this one, by the order of writing. */
function reachesOthers(broadcast: Broadcast, older: readonly Broadcast[]): boolean {
  // What was said is corrected where it was said.
  if (broadcast.kind === 'correction') return false;
  if (broadcast.loud || broadcast.kind === 'new') return true;
  // Quiet for those who have the alert, yet the first that others hear of it: a service that was added, or got its name.
  const ringsLater = (one: Broadcast): boolean => one.reason === 'widened' && one.loud && one.state === 'waiting';
  const joined = (id: string): boolean => !older.some((one) => !ringsLater(one) && one.incidentIds.includes(id));
  const isNews = broadcast.reason === 'named' || (broadcast.reason === 'widened' && broadcast.incidentIds.some(joined));
  return broadcast.kind === 'update' && isNews;
}

type Followed = Pick<Subscription, 'country' | 'service'>;
type About = Pick<Incident, 'id' | 'country' | 'service'>;

/** Does the subscription match? A country or service that nobody names is matched by "any" alone. */
export const follows = (one: Followed, about: Pick<About, 'country' | 'service'>): boolean =>
  (one.country === ANY || one.country === about.country) && (one.service === ANY || one.service === about.service);

/** Has the chat asked not to hear of it? `silences` are those in force. */
export const isSilenced = (silences: readonly Silence[], about: About): boolean =>
  silences.some(
    (one) =>
      (one.incidentId === null || one.incidentId === about.id) &&
      (one.country === null || one.country === about.country) &&
      (one.service === null || one.service === about.service),
  );

/** What a delivery shows, by the chat's wishes and the incidents' states when its turn comes. */
type Content<T> =
  | { show: T[]; skip: null }
  | { show: null; skip: 'not-followed' | 'silenced' | 'withdrawn' | 'notified-already' };

const skipped = <T>(skip: NonNullable<Content<T>['skip']>): Content<T> => ({ show: null, skip }) as Content<T>;

/**
 * Each chat sees those incidents of the alert that it follows and did not silence. `reply`: the broadcast that a reply is about, null for
 * a send or an edit. An edit shows all that the message may show: also what was silenced since, and what the chat does not follow any more (`once`, by
 * id). It makes no sound, and what is on a screen is kept true.
 */
export function contentFor<T extends Pick<Incident, 'id' | 'country' | 'service' | 'state'>>(
  op: DeliveryOp,
  reply: Pick<Broadcast, 'reason' | 'incidentIds'> | null,
  chat: { subscriptions: readonly Followed[]; silences: readonly Silence[]; once?: ReadonlySet<string> },
  incidents: readonly T[],
): Content<T> {
  const isFollowed = (one: T): boolean => chat.subscriptions.some((sub) => follows(sub, one));
  const followed = incidents.filter((one) => isFollowed(one) || (op === 'edit' && chat.once?.has(one.id)));
  if (followed.length === 0) return skipped('not-followed');
  if (op === 'edit') return { show: followed, skip: null };
  const wanted = followed.filter((one) => !isSilenced(chat.silences, one));
  if (wanted.length === 0) return skipped('silenced');
  // What was withdrawn before anybody here heard of it is not reported.
  const show = op === 'send' ? wanted.filter((one) => one.state !== 'withdrawn') : wanted;
  if (show.length === 0) return skipped('withdrawn');
  if (reply === null) return { show, skip: null };
  const changed = (one: T): boolean => reply.incidentIds.includes(one.id);
  if (!show.some(changed)) return skipped(followed.some(changed) ? 'silenced' : 'not-followed');
  // Who follows nothing else of the alert got a message of its own: for this chat nothing was added to anything.
  if (reply.reason === 'widened' && followed.length === 1) return skipped('notified-already');
  return { show, skip: null };
}

/** Changes that are bad news: nobody is woken because something works again. */
const BAD_NEWS: readonly ChangeKind[] = [
  'opened',
  'changed',
  'escalated',
  'resumed',
  'widened',
  'named',
  'confidence-up',
];

/** Why something rings in quiet hours, where the chat asked for it. */
type Critical = 'national-shutdown' | 'followed-by-name' | 'own-platform';

/**
 * Is it critical for this chat? The network of a whole country is off; a block or shutdown of what the chat follows by its name is
 * confirmed; or the service that the chat itself is on is blocked. `shown`: what a message about this change shows to the chat.
 */
export function breaksThrough(
  change: Pick<Broadcast, 'kind' | 'reason' | 'incidentIds'>,
  chat: { platform: string; level: Level; subscriptions: readonly Followed[] },
  shown: readonly Pick<
    Incident,
    'id' | 'country' | 'service' | 'action' | 'regions' | 'part' | 'state' | 'confidence' | 'liftConfidence'
  >[],
): Critical | null {
  const isNew = change.kind === 'new';
  if (!isNew && (change.kind !== 'update' || !BAD_NEWS.includes(change.reason))) return null;
  for (const one of shown) {
    const isCut = one.action === 'block' || one.action === 'shutdown';
    // What is less sure to be over than the chat wants it holds for this chat.
    const holds = isInForce(one) && !liftReaches(one, chat.level);
    if ((!isNew && !change.incidentIds.includes(one.id)) || !isCut || !holds) continue;
    if (speaksForServices(one)) return 'national-shutdown';
    if (one.service === chat.platform) return 'own-platform';
    const isNamed = chat.subscriptions.some((sub) => sub.service !== ANY && follows(sub, one));
    if (isNamed && one.confidence === 'confirmed') return 'followed-by-name';
  }
  return null;
}

/**
 * When a piece goes to its chat that has something to say. `hold`: it leaves the queue, and the summary of the quiet hours tells of it.
 * `wait`: it stays in the queue as it is. `drop`: another message says it.
 */
type When =
  | { do: 'send'; why: 'not-quiet' | 'makes-no-sound' | 'critical' }
  | { do: 'hold'; until: number; why: 'quiet-hours' | 'behind-what-waits' }
  | { do: 'wait'; until: number; why: 'begun-already' | 'regular' }
  | { do: 'drop'; why: 'summary-shows-it' | 'summary-stays' };

type Piece = Pick<Claim, 'op' | 'kind' | 'messageRef' | 'inSummary' | 'heldBefore'> & {
  /** Its text was fixed by an attempt: whether that one arrived may not be known. */
  begun: boolean;
};

/** Is it one of those that come at their time, and are about no alert? */
export const isRegular = (kind: Claim['kind']): kind is Regular => (REGULAR as readonly string[]).includes(kind);

/** What makes a sound: edits never do. */
const rings = (op: Delivery['op']): boolean => op !== 'edit';

/**
 * Quiet hours hold what rings; what the chat has is kept true all the same. Pure.
 *
 * @param quietUntil end of the chat's quiet hours, ms since the epoch; null = none hold
 * @param critical does it ring in quiet hours, too? By `breaksThrough`, where the chat asked for it
 */
export function whenFor(piece: Piece, quietUntil: number | null, critical: boolean, now: number): When {
  if (isRegular(piece.kind))
    return quietUntil === null ? { do: 'send', why: 'not-quiet' } : { do: 'wait', until: quietUntil, why: 'regular' };
  if (!rings(piece.op)) return whenEdited(piece, critical && quietUntil !== null);
  if (quietUntil !== null && critical) return { do: 'send', why: 'critical' };
  if (quietUntil !== null)
    return piece.begun
      ? { do: 'wait', until: quietUntil, why: 'begun-already' }
      : { do: 'hold', until: quietUntil, why: 'quiet-hours' };
  // Its summary is about to be sent: a second one follows it, rather than an answer to nothing.
  const isBehind = piece.op === 'reply' && piece.heldBefore && piece.messageRef === null && !piece.begun;
  return isBehind ? { do: 'hold', until: now, why: 'behind-what-waits' } : { do: 'send', why: 'not-quiet' };
}

function whenEdited({ messageRef, inSummary, heldBefore }: Piece, critical: boolean): When {
  if (inSummary) return { do: 'drop', why: 'summary-stays' };
  // What waits has become critical, as when a block is confirmed: as a message, since there is none to edit.
  if (messageRef === null && heldBefore)
    return critical ? { do: 'send', why: 'critical' } : { do: 'drop', why: 'summary-shows-it' };
  return { do: 'send', why: 'makes-no-sound' };
}

/** The ladder (domain.md). Compare with `rankOf`. */
export const CONFIDENCES = ['reported', 'suspected', 'corroborated', 'confirmed'] as const;
/** In this order; never falls while an incident is open. */
export type Confidence = (typeof CONFIDENCES)[number];
/** 0 (`reported`) to 3 (`confirmed`). */
export const rankOf = (confidence: Confidence): number => CONFIDENCES.indexOf(confidence);

/** `easing`: a lift is reported, but not yet at the level that made the block known. */
export type IncidentState = 'threatened' | 'active' | 'easing' | 'lifted' | 'withdrawn';

/** How sure a chat wants it. `early` hears of `reported` and `suspected`. */
export const LEVELS = ['early', 'corroborated', 'confirmed'] as const;
export type Level = (typeof LEVELS)[number];

/** Does this confidence reach a chat of that level? */
export const reaches = (confidence: Confidence, level: Level): boolean =>
  level === 'early' || rankOf(confidence) >= rankOf(level);

/** The network itself, as a service: `Incident.service` of a shutdown. */
export const NETWORK = 'internet';

/** What reports turn out to be about: one action against one service in one country over one continuous period. Times in ms since the epoch, UTC. */
export interface Incident {
  /** Quotable: `RU-whatsapp-3f9k`; `XX` and `any` stand for a missing country or service. */
  id: string;
  /** ISO 3166-1 alpha-2 or "EU"; null = no report names one. */
  country: string | null;
  /** Service id, `internet` for the network itself; null = no report names one. */
  service: string | null;
  /** With country and service the key: one open incident a key. */
  family: Family;
  /** Latest action in force; of a lifted incident the last before the lift. `unblock` only where nothing was known to be open. */
  action: Action;
  /** Where it stands now; the transition log has the way there. */
  state: IncidentState;
  /** Of the block; the lift has one of its own. */
  confidence: Confidence;
  /** Confidence of the lift while `easing` or `lifted`, else null. */
  liftConfidence: Confidence | null;
  /** How access is cut, once a report tells. */
  method: Method | null;
  /** Parts of the country where it holds; empty = nation-wide or not stated. */
  regions: string[];
  /** Time of the oldest report. */
  openedAt: number;
  /** When the level was first reached; null = never. */
  corroboratedAt: number | null;
  confirmedAt: number | null;
  /** When it was lifted or withdrawn; null while it lasts. */
  closedAt: number | null;
  /** Time of the newest report. */
  lastReportAt: number;
  /** The warning that came true (warn → block), or the block that a warning led to. */
  linkedId: string | null;
  /**
   * Its service was cut there before anybody reported it: then it is as old as `sinceOf` says, and only a real change on top is news. Absent = it began
   * with its first report.
   */
  standing?: Standing | null;
  /** The one part that is cut, by what most voices say of what is in force; absent = the whole, or not known. */
  part?: Part | null;
  /** Why it was withdrawn, in the operator's or the report's words. */
  withdrawnBecause: string | null;
  /** May a report still join it? False when lifted, withdrawn, or quiet for longer than `policy.quietAfter`. */
  open: boolean;
  /** Counts changes; a message rendered from version n is stale when the incident has a higher one. */
  version: number;
}

/** A part of a service that can be cut by itself. `mobile` is of the network: the internet in phones is off, wired lines are not spoken of. */
export type Part = 'calls' | 'media' | 'registration' | 'web' | 'mobile';

/** A cut that is known without a report: by the public record (`config/baseline.yaml`), a register, or what an observatory sees for long. */
export interface Standing {
  by: 'record' | 'register' | 'observatory';
  action: Extract<Action, 'block' | 'throttle' | 'restrict' | 'shutdown'>;
  method: Method | null;
  /** What of the service is cut; absent = all of it, or not known. */
  part?: Extract<Part, 'calls'> | undefined;
  /** ms since the epoch, UTC; null = for longer than is known. */
  since: number | null;
  /** The day is not known, only the month. */
  monthOnly: boolean;
  /** Where it can be read: an https address. */
  reference: string | null;
  /** Real changes on top of it, oldest first: each is told once, with the old date. */
  changes?: readonly StandingChange[];
}

/** A worse action, or another way of cutting, of what stood already. */
export interface StandingChange {
  /** When it was first reported, ms since the epoch. */
  at: number;
  action: Action;
  /** Null: it is the action that is new. */
  method: Method | null;
  /** Of the change alone; never falls. */
  confidence: Confidence;
}

/**
 * What a date is worth: an authority dated it, a measurement saw it, it is when somebody first reported it, or it stood before anybody did (by the
 * public record, a register or an observatory).
 */
export type SinceKind = 'by-authority' | 'measured' | 'first-reported' | 'standing';

/** Since when it holds, ms since the epoch: the old date where it stood already. Null = for longer than is known. */
export const sinceOf = ({ openedAt, standing }: Pick<Incident, 'openedAt' | 'standing'>): number | null =>
  standing ? standing.since : openedAt;

/** The last change on top of what stood, of which a chat of that level hears; null = none. */
export const changeAt = ({ standing }: Pick<Incident, 'standing'>, level: Level): StandingChange | null =>
  standing?.changes?.findLast(({ confidence }) => reaches(confidence, level)) ?? null;

/** One line of the transition log. Nothing is ever overwritten. */
export interface Transition {
  incidentId: string;
  /** 1, 2, 3 … within the incident. */
  seq: number;
  /** Time of its cause, ms since the epoch. */
  at: number;
  change: ChangeKind;
  action: Action;
  state: IncidentState;
  confidence: Confidence;
  method: Method | null;
  /** The report that caused it; null for an operator or the clock. */
  reportId: string | null;
}

/** Named reasons, as decided in `core/correlate` and `core/route`. Evidence that changes nothing has none. */
export type ChangeKind =
  | 'opened'
  /** A report joined what stood already; it is no news. */
  | 'stands'
  /** A real change on top of what stood: it is told once, with the old date. */
  | 'changed'
  | 'confidence-up'
  /** Somebody says that it is worse than what is in force; not certain. */
  | 'claimed'
  | 'escalated'
  | 'method-revealed'
  | 'widened'
  /** A story that named no service got its name. */
  | 'named'
  | 'partly-lifted'
  | 'easing'
  | 'lifted'
  | 'lift-confidence-up'
  | 'resumed'
  /** A source took back what it had said, and less is left. */
  | 'fell'
  | 'withdrawn'
  | 'expired';

/** Do chats of that level know that it is over? What less than `corroborated` says ends nothing for anybody: "1 outlet says it works again". */
export const liftReaches = (incident: Pick<Incident, 'liftConfidence'> | null, level: Level): boolean =>
  incident !== null &&
  incident.liftConfidence !== null &&
  reaches(incident.liftConfidence, level === 'early' ? 'corroborated' : level);

/** When chats of this level could first hear of it: of what stood already, of the last change on top; never = -Infinity. */
export function heardAt(incident: Incident, level: Level): number {
  const { openedAt, corroboratedAt, confirmedAt } = incident;
  if (incident.standing) return changeAt(incident, level)?.at ?? -Infinity;
  if (level === 'early') return openedAt;
  return (level === 'confirmed' ? confirmedAt : (corroboratedAt ?? confirmedAt)) ?? openedAt;
}

/** Does it hold at present, wholly or in part? Not so for a threat, and for what was lifted or taken back. */
export const isInForce = ({ state }: Pick<Incident, 'state'>): boolean => state === 'active' || state === 'easing';

/** Is it about the network of a whole country being off? Whether it still is, its state says. */
export const isNationalShutdown = (one: Pick<Incident, 'country' | 'service' | 'action' | 'regions' | 'part'>) =>
  one.country !== null &&
  one.service === NETWORK &&
  one.action === 'shutdown' &&
  one.regions.length === 0 &&
  one.part !== 'mobile';

/**
 * A national shutdown of all lines that holds: it says all there is to say of the services there. Who asks adds what counts for them: a level
 * (`core/route`), how old its evidence is (`core/status`).
 */
export const speaksForServices = (one: Parameters<typeof isNationalShutdown>[0] & Pick<Incident, 'state'>): boolean =>
  isNationalShutdown(one) && isInForce(one);

/**
 * What happened to access (domain.md, "Actions"). Shared shapes only: no logic beyond the order of the words.
 *
 * `block` cut, attempted or in effect · `throttle` slowed · `restrict` a part of it cut · `shutdown` a network or region off · `unblock` restored ·
 * `warn` a threat, bill, fine or deadline: access has not changed yet.
 */
export const ACTIONS = ['block', 'throttle', 'restrict', 'shutdown', 'unblock', 'warn'] as const;
export type Action = (typeof ACTIONS)[number];

/** The two families that an incident's key may name. `unblock` belongs to the incident that it lifts. */
export type Family = 'access' | 'warn';

/** How access is cut, where a text or a measurement tells. */
export const METHODS = ['dns', 'ip', 'sni', 'http', 'throttle', 'app-store', 'legal', 'bgp'] as const;
export type Method = (typeof METHODS)[number];

/** An incident's key holds this: a threat and the measure that it threatens are two incidents, linked when it comes true. */
export const familyOf = (action: Action): Family => (action === 'warn' ? 'warn' : 'access');

const RANK: Record<Action, number> = { unblock: 0, warn: 0, restrict: 1, throttle: 2, block: 3, shutdown: 4 };

/** restrict < throttle < block < shutdown; 0 for the actions that no incident escalates to. */
export const severityOf = (action: Action): number => RANK[action];

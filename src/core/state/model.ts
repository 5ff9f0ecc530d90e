import type {
  Action,
  Confidence,
  Incident,
  Level,
  Method,
  Part,
  SinceKind,
  Standing,
  Transition,
} from '../model/incident.ts';
import type { ObservatoryView } from '../model/measurement.ts';
import type { Cell, Column } from '../timeline.ts';

export type { SinceKind } from '../model/incident.ts';

/** What can be said of a service in a place (domain.md, "State"). `unknown` is an honest answer. */
export type AccessState = 'open' | 'degraded' | 'blocked' | 'shutdown' | 'unknown';

/** Which lines it is about: all of them, those of phones, those in walls, or one operator's ("AS8359"). */
export type Network = 'all' | 'mobile' | 'fixed' | `AS${number}`;

/** What one state is about. A region is never its country, and one network never all of them: each is a row of its own. */
export interface StateKey {
  /** Null: no report names one. */
  country: string | null;
  /** Part of the country as in `Incident.regions`; null = the whole. */
  region: string | null;
  /** Null: services that no report named. */
  service: string | null;
  network: Network;
}

/** Somebody says that it works again, and not enough of them: what was in force still holds. */
export interface LiftClaim {
  /** Outlets and authorities that say so; 0 = measurements alone. */
  voices: number;
  at: number;
}

/** What an observatory sees cut at present, by its rule. Times: ms since the epoch. */
export interface ObservedCut {
  country: string;
  service: string;
  action: Action;
  /** Null = for longer than is known. */
  since: number | null;
  until: number;
}

/** A service that every observatory which looked lately sees open, and until when that is known. */
export type SeenOpen = Pick<ObservedCut, 'country' | 'service' | 'until'>;

/** How it stands with one thing now. All that anybody is told of it, wherever, is a view of this. Times: ms since the epoch. */
export interface State extends StateKey {
  access: AccessState;
  /** What was done, where `access` is (or, of `unknown`, was) anything but open; `unblock` of what is open; null = nothing is known. */
  action: Action | null;
  method: Method | null;
  /** The one part of the service that is cut; null = the whole, or not known. */
  part: Part | null;
  /** Where `access` is `unknown` because its evidence is old: what it was. */
  was: AccessState | null;
  /** Since when `access` (or what it was) holds; null = for longer than is known, or nothing is known. */
  since: number | null;
  sinceKind: SinceKind | null;
  /** Of `since` the day is not known, only the month. */
  monthOnly: boolean;
  /** Null: by the public record alone, or nothing is known. */
  confidence: Confidence | null;
  /** Time of the newest evidence. */
  evidenceAt: number | null;
  /** What it rests on; null where no incident tells. */
  incident: Incident | null;
  /** The threat that hangs over it, if any. */
  threat: Incident | null;
  /** It stood before anybody reported it, or stands by the record alone. */
  standing: Standing | null;
  /** Somebody says that it is over; it is not sure enough to end anything. */
  claim: LiftClaim | null;
  /** It is not about the service itself: the country's network is off. */
  covered: boolean;
  /** Its evidence is old, and yet it stands: the record or an order says so. */
  faded: boolean;
}

/** What a question may name: `*` (`ANY`) for any. */
export interface Matcher {
  country: string;
  service: string;
}

/** What is asked of the world. */
export interface Asked {
  matchers: readonly Matcher[];
  /** Pairs that have a row whatever is known of them. */
  always?: readonly Matcher[];
  /** What this level does not hear of is left out; absent = everything, as for `early`. */
  level?: Level;
  /** How long ago something may have ended to be looked at, ms; absent = as long as a change stays in the table. */
  reach?: number;
  /** With what has been open again for longer than a change stays in the table, and what is unknown. */
  everything?: boolean;
}

export interface Answer {
  /** The worst first, what stands by the record alone last. */
  states: State[];
  /** What the states rest on, and whatever else was read. */
  incidents: Incident[];
  facts: Facts;
}

/** One row of a timeline. */
export interface Days {
  /** The worst of each column. */
  cells: Cell[];
  /** How it stands at the end of the last column: the same as the state says. */
  now: Cell;
}

/** What of an incident its reports tell and it does not. */
export interface Evidence {
  /** Measurements alone: they come by the minute, so their silence tells more. */
  isMeasuredOnly: boolean;
  /** An authority's word: what it ordered stands until it says otherwise. */
  isOrdered: boolean;
  /** When the action in force began, and what that date is worth. */
  since: number;
  sinceKind: SinceKind;
  /** The one part that is cut, by what most voices say; null = the whole, or not known. */
  part: Part | null;
  /** Of its lift. */
  lift: { voices: number; kind: SinceKind } | null;
  /** When it held in each region that its reports name, oldest first. */
  spells?: ReadonlyMap<string, readonly Spell[]>;
}

/** A time for which something held in a region. `lift`: since when it surely works again there; null = nobody told so surely. */
export interface Spell {
  since: number;
  kind: SinceKind;
  lift: { at: number; kind: SinceKind; confidence: Confidence } | null;
}

/** All that a state can rest on. What is absent is not known. */
export interface Facts {
  incidents: readonly Incident[];
  /** By the id of the incident. */
  evidence?: ReadonlyMap<string, Evidence>;
  /** How incidents came about, by id, each in order; absent or empty = the incident says it by itself. */
  transitions?: ReadonlyMap<string, readonly Transition[]>;
  /** Cut before anybody reported it: the public record, registers. */
  standing?: readonly (Standing & { country: string; service: string })[];
  /** What observatories see cut. */
  observed?: readonly ObservedCut[];
  /** What observatories see open. */
  open?: readonly SeenOpen[];
}

/** How it stands with the world, for whoever asks: every surface reads it here, and none works it out for itself. */
export interface World {
  of(asked: Asked, now: number): Promise<Answer>;
  /** What is cut off, limited or threatened now of what these cover, as a chat of that level knows it; what may be over for want of news as well. */
  present(matchers: readonly Matcher[], level: Level, now: number): Promise<State[]>;
  /** The days of these rows, by what `answer` was made of. `now`: as it was asked. */
  days(keys: readonly StateKey[], columns: readonly Column[], answer: Answer, now: number): Promise<Days[]>;
  /** What each observatory says of one service of one country, where it looked within the last day. */
  views(country: string, service: string, now: number): Promise<ObservatoryView[]>;
  /** Services that were measured open there within the last day, and by how many measurements; none that anybody measured as cut meanwhile. */
  measuredOpen(country: string, now: number): Promise<ReadonlyMap<string, number>>;
  /** The same world for many questions at one moment: what is read once serves all of them. */
  still(): World;
}

import type { MessageDocument } from '../../core/model/message.ts';
import type { Change } from './changes.ts';
import type { StandingAlert } from './standing.ts';

/** What a target is to be told of one delivery. */
export interface Telling {
  /** The delivery's, the same for every attempt. */
  key: string;
  document: MessageDocument;
  /** The message that this one takes the place of; null = it is a new one. */
  replaces: string | null;
  /** What is new of incidents; empty: it is about none (an announcement). */
  changes: readonly Change[];
  /** When it is said, ms since the epoch. */
  now: number;
  pageOf(incidentId: string): string | null;
}

/** One request: once it is answered with 200 to 299, the target knows of `tells`. */
export interface Post {
  /** Stable over retries and restarts; only letters, digits, "_" and "-". */
  id: string;
  url: string;
  body: string;
  tells: readonly Change[];
  /** What the target has to be told again while it lasts; absent = nothing. */
  standing?: readonly StandingAlert[];
}

/** How a preset says it: as one or several posts, in order; none = this target takes no such thing. Pure. */
export type Form = (telling: Telling, url: string) => Post[];

export const idOf = (text: string): string => text.replace(/[^A-Za-z0-9_-]/g, '_');

/** A single post that tells of everything. */
export const onePost = ({ key, changes }: Telling, url: string, body: object): Post[] => [
  { id: idOf(key), url, body: JSON.stringify(body), tells: changes },
];

/** The newest change of each incident; in the order of the alert. */
export const newest = (changes: readonly Change[]): Change[] => [
  ...new Map(changes.map((one) => [one.incident.id, one])).values(),
];

/** How it is meant, for colours and ringing: what is over; what is taken back; what is new or worse; all else. */
export type Urgency = 'over' | 'withdrawn' | 'worst' | 'worse' | 'other';

const WORSE = new Set(['opened', 'escalated', 'resumed']);

export function urgencyOf(changes: readonly Change[]): Urgency {
  const states = newest(changes);
  if (states.length === 0) return 'other';
  if (states.every(({ type }) => type === 'incident.withdrawn')) return 'withdrawn';
  if (states.every(({ type }) => type === 'incident.lifted' || type === 'incident.withdrawn')) return 'over';
  const open = changes.filter(({ type }) => type === 'incident.opened' || type === 'incident.updated');
  const rings = open.filter(({ change }) => WORSE.has(change.kind));
  if (rings.some(({ incident }) => incident.action === 'shutdown')) return 'worst';
  return rings.length > 0 ? 'worse' : 'other';
}

/** The page of the first incident that has one; null = none. */
export const firstPage = ({ changes, pageOf }: Telling): string | null =>
  newest(changes)
    .map(({ incident }) => pageOf(incident.id))
    .find((page) => page !== null) ?? null;

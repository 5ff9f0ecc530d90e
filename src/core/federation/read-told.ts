/** Reads what another Tocsin tells. All of it is hostile: whatever has another shape is left out, and texts are cut and cleaned. */
import { ACTIONS, METHODS } from '../model/action.ts';
import { CONFIDENCES } from '../model/incident.ts';
import type { MeasuredFacts } from '../model/report.ts';
import { oneLine, safeLink } from '../render/plain.ts';
import { isInstance } from './instance.ts';
import {
  EXTENSION,
  MAX_EVIDENCE,
  type ToldChange,
  type ToldEvidence,
  type ToldFeed,
  type ToldNow,
  WIRE_VERSION,
} from './wire.ts';

/** Entries that are looked at. */
const MAX_ENTRIES = 1_000;
const MAX_REGIONS = 20;
const MAX_NETWORKS = 40;
const STATES = ['threatened', 'active', 'easing', 'lifted', 'withdrawn'] as const;
const STRENGTHS = ['anomaly', 'round-rule', 'fingerprint', 'window-rule'] as const;
const KINDS = ['news', 'authority', 'measurement'] as const;
/** Nobody reported before that what was cut off. */
const EARLIEST = Date.UTC(2000, 0, 1);

type Fields = Record<string, unknown>;
const fieldsOf = (value: unknown): Fields | null =>
  value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Fields) : null;
const listOf = (value: unknown, max: number): unknown[] => (Array.isArray(value) ? value.slice(0, max) : []);
const textOf = (value: unknown, max: number): string =>
  typeof value === 'string' ? oneLine(value, max).toWellFormed() : '';
const oneOf = <T extends string>(value: unknown, all: readonly T[]): T | null =>
  all.find((one) => one === value) ?? null;
const matching = (value: unknown, pattern: RegExp): string | null =>
  typeof value === 'string' && pattern.test(value) ? value : null;

const NAME = /^[\w:.-]{1,80}$/;
const INCIDENT = /^[A-Za-z0-9-]{3,100}$/;
const COUNTRY = /^[A-Z]{2}$/;
const SERVICE = /^[a-z0-9][a-z0-9-]{0,63}$/;
const NETWORK_NAME = /^AS\d{1,10}$/;

/** A time as ms; null where it is none, or not of this age. */
const timeOf = (value: unknown): number | null => {
  const at = typeof value === 'string' && value.length <= 40 ? Date.parse(value) : Number.NaN;
  return Number.isFinite(at) && at >= EARLIEST ? at : null;
};

export interface ReadChange extends Omit<ToldChange, 'change' | 'now' | 'family' | 'method'> {
  now: ReadNow | null;
}
export interface ReadNow extends Omit<ToldNow, 'openedAt' | 'closedAt' | 'evidence'> {
  openedAt: number;
  evidence: ReadEvidence[];
}
export interface ReadEvidence extends Omit<ToldEvidence, 'at' | 'measured'> {
  at: number;
  measured: MeasuredFacts | null;
}

/** What the feed says of itself; null = it is no Tocsin's. */
export function readToldFeed(feed: unknown): Pick<ToldFeed, 'instance'> | null {
  const told = fieldsOf(fieldsOf(feed)?.[EXTENSION]);
  return told?.version === WIRE_VERSION && isInstance(told.instance) ? { instance: told.instance } : null;
}

/** Its entries that tell a change, in its order. */
export function readToldChanges(feed: unknown): ReadChange[] {
  return listOf(fieldsOf(feed)?.items, MAX_ENTRIES).flatMap((item) => changeOf(fieldsOf(item)?.[EXTENSION]) ?? []);
}

function changeOf(value: unknown): ReadChange | null {
  const told = fieldsOf(value);
  if (told === null) return null;
  const incident = matching(told.incident, INCIDENT);
  const [action, state, confidence] = [
    oneOf(told.action, ACTIONS),
    oneOf(told.state, STATES),
    oneOf(told.confidence, CONFIDENCES),
  ];
  if (incident === null || action === null || state === null || confidence === null) return null;
  if (!Number.isSafeInteger(told.seq) || (told.seq as number) < 1) return null;
  return {
    incident,
    seq: told.seq as number,
    country: matching(told.country, COUNTRY),
    service: matching(told.service, SERVICE),
    action,
    state,
    confidence,
    now: nowOf(told.now),
  };
}

function nowOf(value: unknown): ReadNow | null {
  const told = fieldsOf(value);
  const openedAt = timeOf(told?.openedAt);
  if (told === null || openedAt === null) return null;
  return {
    openedAt,
    regions: listOf(told.regions, MAX_REGIONS).flatMap((one) => textOf(one, 80) || []),
    liftConfidence: oneOf(told.liftConfidence, CONFIDENCES),
    withdrawnBecause: textOf(told.withdrawnBecause, 300) || null,
    evidence: listOf(told.evidence, MAX_EVIDENCE).flatMap((one) => evidenceOf(one) ?? []),
  };
}

function evidenceOf(value: unknown): ReadEvidence | null {
  const told = fieldsOf(value);
  if (told === null) return null;
  const id = matching(told.id, NAME);
  const voice = matching(told.voice, NAME);
  const [at, action, kind] = [timeOf(told.at), oneOf(told.action, ACTIONS), oneOf(told.kind, KINDS)];
  const measured = measuredOf(told.measured);
  if (id === null || voice === null || at === null || action === null || kind === null) return null;
  if ((kind === 'measurement') !== (measured !== null)) return null;
  const reading = typeof told.reading === 'number' && told.reading >= 0 && told.reading <= 1 ? told.reading : null;
  return {
    id,
    at,
    action,
    method: oneOf(told.method, METHODS),
    region: textOf(told.region, 80) || null,
    kind,
    voice,
    publisher: matching(told.publisher, NAME) ?? voice,
    name: textOf(told.name, 80) || voice,
    title: textOf(told.title, 300),
    url: typeof told.url === 'string' ? safeLink(told.url) : null,
    lang: matching(told.lang, /^[a-z]{2}$/) ?? 'en',
    reading,
    measured,
  };
}

function measuredOf(value: unknown): MeasuredFacts | null {
  const told = fieldsOf(value);
  const strength = oneOf(told?.strength, STRENGTHS);
  if (told === null || strength === null) return null;
  const observatory = matching(told.observatory, /^[a-z][a-z0-9-]{0,30}$/);
  const count = told.measurements;
  const signals = listOf(told.signals, 20).flatMap((one) => textOf(one, 30) || []);
  return {
    strength,
    networks: listOf(told.networks, MAX_NETWORKS).flatMap((one) => matching(one, NETWORK_NAME) ?? []),
    verdict: textOf(told.verdict, 80),
    component: textOf(told.component, 40) || null,
    ...(observatory === null ? {} : { observatory }),
    ...(textOf(told.licence, 60) ? { licence: textOf(told.licence, 60) } : {}),
    ...(Number.isSafeInteger(count) && (count as number) > 0 ? { measurements: count as number } : {}),
    ...(signals.length > 0 ? { signals } : {}),
    ...(told.silence === true ? { silence: true } : {}),
    ...(told.standing === true ? { standing: true } : {}),
  };
}

/** What people read of each entry that tells an incident: its headline, and its page. */
export function readToldItems(feed: unknown): { incident: string; page: string | null; headline: string }[] {
  return listOf(fieldsOf(feed)?.items, MAX_ENTRIES).flatMap((value) => {
    const item = fieldsOf(value);
    const incident = matching(fieldsOf(item?.[EXTENSION])?.incident, INCIDENT);
    if (item === null || incident === null) return [];
    const page = typeof item.url === 'string' ? safeLink(item.url) : null;
    return [{ incident, page, headline: textOf(item.title, 300) || incident }];
  });
}

/**
 * What one Tocsin tells another in its JSON Feed, in objects called `_tocsin` (docs/api.md): the fields of incidents, and the evidence that was
 * found first-hand. Times are ISO 8601 in UTC.
 */
import type { Action, Family, Method } from '../model/action.ts';
import type { ChangeKind, Confidence, IncidentState } from '../model/incident.ts';
import type { MeasuredFacts } from '../model/report.ts';

export const EXTENSION = '_tocsin';
export const WIRE_VERSION = 1;

/** Of the feed: whose it is. */
export interface ToldFeed {
  version: typeof WIRE_VERSION;
  /** Drawn once for each database, never changed. */
  instance: string;
}

/** Of an entry: an incident as this change left it. */
export interface ToldChange {
  incident: string;
  /** 1, 2, 3 … within the incident. */
  seq: number;
  change: ChangeKind;
  country: string | null;
  service: string | null;
  family: Family;
  action: Action;
  state: IncidentState;
  confidence: Confidence;
  method: Method | null;
  /** The incident as it is now; absent in entries of older changes of the same incident. */
  now?: ToldNow;
}

export interface ToldNow {
  regions: string[];
  liftConfidence: Confidence | null;
  openedAt: string;
  closedAt: string | null;
  withdrawnBecause: string | null;
  /** Only what was found here: what another Tocsin passed on is not passed on again. */
  evidence: ToldEvidence[];
}

export interface ToldEvidence {
  id: string;
  at: string;
  action: Action;
  method: Method | null;
  region: string | null;
  kind: 'news' | 'authority' | 'measurement';
  /** Reports with one voice count once. */
  voice: string;
  publisher: string;
  name: string;
  title: string;
  url: string | null;
  lang: string;
  /** 0 to 1: how likely the text was read right; null = no doubt is known. */
  reading: number | null;
  /** Never the name of the machine that measured. */
  measured: Omit<MeasuredFacts, 'agent' | 'openOn'> | null;
}

/** Pieces of evidence of one incident: the newest of each voice are enough for any level of the ladder. */
export const MAX_EVIDENCE = 30;

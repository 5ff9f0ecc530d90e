import type { Transition } from '../../../core/model/incident.ts';

/** A change of an incident in the stream of all: when it was noted, and which it is. */
export interface EventPlace {
  /** ms since the epoch. */
  at: number;
  incidentId: string;
  seq: number;
}

/** Ids of reports begin with the milliseconds at which they were made (`core/ports/ids.ts`): a late word has its place when it came, not when it was written. */
const MADE = /^([0-9a-z]{9})[0-9a-z]{7}$/;

export function placeOfStep({ incidentId, seq, at, reportId }: Transition): EventPlace {
  const made = MADE.exec(reportId ?? '')?.[1];
  return { at: made === undefined ? at : Number.parseInt(made, 36), incidentId, seq };
}

export const idOf = ({ at, incidentId, seq }: EventPlace): string =>
  `${at.toString(36).padStart(9, '0')}.${incidentId}.${seq}`;

const ID = /^([0-9a-z]{9})\.([A-Za-z0-9-]{1,100})\.(\d{1,9})$/;

/** Null for what is no id of ours. */
export function placeOfId(id: string): EventPlace | null {
  const [, at, incidentId, seq] = ID.exec(id) ?? [];
  return at === undefined ? null : { at: Number.parseInt(at, 36), incidentId: incidentId!, seq: Number(seq) };
}

export const byPlace = (a: EventPlace, b: EventPlace): number =>
  a.at - b.at || (a.incidentId < b.incidentId ? -1 : a.incidentId > b.incidentId ? 1 : a.seq - b.seq);

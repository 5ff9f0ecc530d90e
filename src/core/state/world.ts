import type { BaselineEntry } from '../model/catalogue.ts';
import type { Log } from '../ports/runtime.ts';
import type { IncidentTable, MeasurementTable, ReportTable } from '../ports/store.ts';
import type { Period } from '../timeline.ts';
import type { World } from './model.ts';

export interface WorldDeps {
  incidents: Pick<IncidentTable, 'list' | 'transitionsOf'>;
  reports: Pick<ReportTable, 'byIncident'>;
  /** Absent: what is measured without an incident is not known. */
  measurements?: Pick<MeasurementTable, 'recent'> | undefined;
  /** Long-standing blocks by the public record; absent = none. */
  baseline?: readonly BaselineEntry[] | undefined;
  /** Services that registers hold as blocked in a country; absent = none does. */
  heldIn?: ((country: string) => Promise<readonly string[]>) | undefined;
  /** When this bot looked at all; absent = always. */
  watched?: (() => Promise<readonly Period[]>) | undefined;
  log: Log;
}

/** Reads what the fold needs, bounded, and no more than once a moment however many ask. One a process. */
export function createWorld(_deps: WorldDeps): World {
  throw new Error('Not yet.');
}

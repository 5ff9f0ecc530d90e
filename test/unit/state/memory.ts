import type { Incident, Transition } from '../../../src/core/model/incident.ts';
import type { Measurement } from '../../../src/core/model/measurement.ts';
import type { Report } from '../../../src/core/model/report.ts';
import type { MeasurementFilter, Tables } from '../../../src/core/ports/store.ts';
import { FakeTables } from '../commands/fake-tables.ts';

/** What commands read and `correlate` writes, in arrays: thousands of histories take seconds. */
export class MemoryTables extends FakeTables {
  measured: Measurement[] = [];
  measurements = {
    recent: async ({ target, country, notKind, since, limit }: MeasurementFilter): Promise<Measurement[]> =>
      this.measured
        .filter((one) => one.at >= since && (target === undefined || one.target === target))
        .filter((one) => (country === undefined || one.probeCc === country) && one.kind !== notKind)
        .sort((a, b) => b.at - a.at)
        .slice(0, limit),
  };

  /** The reports are its own table: what a change was made of has those of a moment before. */
  #update(change: Incident): void {
    const known = this.stored.find(({ id }) => id === change.id);
    if (known) Object.assign(known, structuredClone(change), { reports: known.reports });
  }

  writing(): Tables {
    const incidents = {
      ...this.incidents,
      insert: async (incident: Incident) => void this.stored.push({ ...structuredClone(incident), reports: [] }),
      update: async (incident: Incident) => this.#update(incident),
      addTransition: async (step: Omit<Transition, 'seq'>) => {
        const seq = this.log.filter((one) => one.incidentId === step.incidentId).length + 1;
        this.log.push({ ...step, seq });
      },
    };
    const reports = {
      ...this.reports,
      insert: async (id: string, report: Report, fingerprint: number[]) => {
        const known = this.stored.find((one) => one.id === id)!;
        known.reports = [{ ...report, fingerprint } as Report, ...known.reports].sort((a, b) => b.at - a.at);
      },
    };
    return { incidents, reports } as unknown as Tables;
  }
}

/** Incidents with what leads to them, on the site of a test. */
import type { Incident, Transition } from '../../../../src/core/model/incident.ts';
import type { Report } from '../../../../src/core/model/report.ts';
import { incident as anIncident, report as aReport } from '../../../contract/store/samples.ts';
import type { TestSite } from '../site/support.ts';

export const HOUR = 3_600_000;
let reports = 0;

/** An incident of now, with a report and a line of the log for each step; the last step is as it stands. */
export async function put(
  { store, clock }: Pick<TestSite, 'store' | 'clock'>,
  over: Partial<Incident> = {},
  steps: (Partial<Omit<Transition, 'incidentId' | 'seq'>> & { report?: Partial<Report> })[] = [{}],
): Promise<Incident> {
  const at = over.openedAt ?? clock.now() - HOUR;
  const made = anIncident({ openedAt: at, lastReportAt: at, ...over });
  await store.incidents.insert(made);
  for (const [index, { report = {}, ...step }] of steps.entries()) {
    const own = aReport({
      id: `report-${++reports}`,
      country: made.country,
      service: made.service,
      action: made.action,
      at: at + index * 60_000,
      itemId: `feed/c${reports}`,
      measured: null,
      ...report,
    });
    await store.reports.insert(made.id, own, []);
    await store.incidents.addTransition({
      incidentId: made.id,
      at: own.at,
      change: index === 0 ? 'opened' : 'confidence-up',
      action: made.action,
      state: made.state,
      confidence: made.confidence,
      method: made.method,
      reportId: own.id,
      ...step,
    });
  }
  return made;
}

/** It changed: a new line of the log, with the report that caused it. */
export async function change(
  { store, clock }: Pick<TestSite, 'store' | 'clock'>,
  id: string,
  over: Partial<Incident>,
  step: Partial<Transition>,
  reportId = `report-${++reports}`,
): Promise<void> {
  const before = (await store.incidents.get(id))!;
  const after = { ...before, lastReportAt: clock.now(), ...over, version: before.version + 1 };
  await store.reports.insert(
    id,
    aReport({ id: reportId, at: clock.now(), measured: null, itemId: `feed/c${reportId}` }),
    [],
  );
  await store.incidents.update(after);
  await store.incidents.addTransition({
    incidentId: id,
    at: clock.now(),
    change: 'confidence-up',
    action: after.action,
    state: after.state,
    confidence: after.confidence,
    method: after.method,
    reportId,
    ...step,
  });
}

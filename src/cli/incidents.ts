import { TocsinError } from '../core/errors.ts';
import type { IncidentLine } from '../core/model/facts.ts';
import type { Incident } from '../core/model/incident.ts';
import type { Store } from '../core/ports/store.ts';
import { incidentLineOf } from '../core/state/line.ts';
import { type Paint, paintFor, type Tone } from '../platform/log.ts';
import { looking } from './open-database.ts';
import { optionsOf } from './runtime.ts';

export async function incidentLine(store: Store, incident: Incident): Promise<IncidentLine> {
  const reports = await store.reports.byIncident(incident.id, 100_000);
  return incidentLineOf(incident, reports, await store.incidents.transitions(incident.id));
}

const TONES: Record<string, Tone> = {
  threatened: 'doubtful',
  active: 'bad',
  easing: 'doubtful',
  lifted: 'good',
  withdrawn: 'aside',
};

/** The same for people, on one line. */
export function incidentText(line: IncidentLine, paint: Paint = (_tone, text) => text): string {
  const { id, action, state, confidence, openedAt, items } = line;
  const what = paint(TONES[state] ?? 'aside', `${action} ${state}`);
  return `${id}  ${what}, ${confidence}, since ${openedAt}, ${items.length} ${items.length === 1 ? 'item' : 'items'}`;
}

const LIMIT = 100_000;

export async function run(args: string[]): Promise<number> {
  const { values } = optionsOf(args, ['since', 'config'], ['json', 'open']);
  const days = values.since === undefined ? null : Number(values.since);
  if (days !== null && !(days > 0))
    throw new TocsinError('usage', `--since is a number of days, not "${values.since}"`);
  return looking(values.config, async ({ store, clock }) => {
    const incidents = await store.incidents.list({
      ...(values.open ? { open: true } : {}),
      ...(days === null ? {} : { since: clock.now() - days * 86_400_000 }),
      limit: LIMIT,
    });
    const paint = paintFor(process.stdout, process.env);
    for (const incident of incidents.reverse()) {
      const line = await incidentLine(store, incident);
      process.stdout.write(`${values.json ? JSON.stringify(line) : incidentText(line, paint)}\n`);
    }
    if (!values.json && incidents.length === 0) process.stdout.write('No incidents.\n');
  });
}

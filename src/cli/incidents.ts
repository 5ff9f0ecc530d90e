import { parseArgs } from 'node:util';
import { TocsinError } from '../core/errors.ts';
import { paintFor } from '../platform/terminal.ts';
import { incidentLine, incidentText } from './shared/incident-line.ts';
import { openForReading } from './shared/read-only.ts';

export const help = {
  usage: 'tocsin incidents [--open] [--since DAYS] [--json] [--config FILE]',
  summary: 'lists incidents with their states and evidence, for scripts',
  example: 'tocsin incidents --since 30 --json',
};

const LIMIT = 100_000;

export async function run(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      json: { type: 'boolean' },
      open: { type: 'boolean' },
      since: { type: 'string' },
      config: { type: 'string' },
    },
  });
  const days = values.since === undefined ? null : Number(values.since);
  if (days !== null && !(days > 0))
    throw new TocsinError('usage', `--since is a number of days, not "${values.since}"`);
  const { store, clock } = await openForReading(values.config);
  try {
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
  } finally {
    await store.close();
  }
  return 0;
}

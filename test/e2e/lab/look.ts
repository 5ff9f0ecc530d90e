/** One full round over one target of a vantage file, with what was seen: `node look.ts VANTAGE TARGET` inside the lab's client. */
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import * as v from 'valibot';
import { spell } from '../../../src/core/judge/verdict.ts';
import { systemClock } from '../../../src/platform/clock.ts';
import { createIds } from '../../../src/platform/ids.ts';
import { type Vantage, vantageSchema } from '../../../src/sources/probe/config.ts';
import { loadFingerprints } from '../../../src/sources/probe/fingerprints.ts';
import { runRound } from '../../../src/sources/probe/round.ts';
import { createSession } from '../../../src/sources/probe/session.ts';

const [file = '', id = ''] = process.argv.slice(2);
const vantage: Vantage = v.parse(vantageSchema, JSON.parse(await readFile(file, 'utf8')));
const session = createSession(vantage, {
  clock: systemClock,
  ids: createIds(systemClock),
  fingerprints: await loadFingerprints(),
  roots: vantage.ca ? [await readFile(resolve(dirname(file), vantage.ca), 'utf8')] : [],
});
const site = vantage.targets.find((t) => t.id === id);
if (!site) throw new Error(`no target ${id}`);
const options = { full: true, width: 1, patient: false };
const round = await runRound(
  { ...session, signal: AbortSignal.timeout(120_000) },
  [{ id, kind: 'host', name: site.name }],
  options,
);
session.close();
const [result] = round.results;
const verdict = result?.verdict ?? null;
process.stdout.write(
  `${JSON.stringify({
    verdict: verdict ? spell(verdict) : round.offline ? `vantage_offline:${round.offline}` : 'nothing',
    families: verdict?.families ?? {},
    notes: verdict?.notes ?? [],
    lossy: round.vantageCheck.lossy,
    throughput: result?.observations[0]?.throughput ?? [],
  })}\n`,
);

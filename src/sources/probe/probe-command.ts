import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { TocsinError } from '../../core/errors.ts';
import { createRounds, type RoundAlert } from '../../core/judge/rounds.ts';
import type { CommandDeps } from '../kind.ts';
import { loadServicePlans } from './components.ts';
import { type Vantage, vantageSchema } from './config.ts';
import { loadFingerprints } from './fingerprints.ts';
import { alertLine, builtInLines, offlineLine, tableOf } from './probe-text.ts';
import { type ProbeTarget, type RoundResult, runRound, type TargetResult } from './round.ts';
import { createSession, type Session } from './session.ts';
import { findTarget } from './targets.ts';

export const help = {
  usage:
    'tocsin probe [TARGET…] [--vantage FILE] [--json] [--rounds N] [--interval S], or: tocsin probe SERVICE… --from CC [--json]',
  summary: 'measures from this machine whether targets are blocked, throttled, down or fine',
  example: 'tocsin probe whatsapp www.bbc.com',
};

const MAX_TARGETS = 5_000;
/** Measures from any line, as far as that can be done without a helper outside; comes with Tocsin. */
const BUILT_IN = resolve(import.meta.dirname, '../../../config/vantage.default.yaml');

/** One round (or several, with the confirmation logic) over the targets; prints a table, or JSON lines. */
export async function run(args: string[], deps: CommandDeps): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      vantage: { type: 'string' },
      json: { type: 'boolean' },
      rounds: { type: 'string' },
      interval: { type: 'string' },
    },
  });
  const rounds = numberOf(values.rounds, 'rounds', { min: 1, max: 100_000 });
  const interval = numberOf(values.interval, 'interval', { min: 0, max: 86_400 }) ?? 120;
  const file = values.vantage ?? BUILT_IN;
  const vantage = await deps.readChecked(file, vantageSchema);
  const named = positionals.slice(0, MAX_TARGETS);
  const targets = await targetsOf(named, vantage, file === BUILT_IN);
  const ca = vantage.ca ? [await readCa(resolve(dirname(resolve(file)), vantage.ca))] : [];
  const { clock, ids } = deps;
  const session = createSession(vantage, { clock, ids, fingerprints: await loadFingerprints(), roots: ca });
  if (file === BUILT_IN) deps.err(builtInLines(session));
  // Without names all targets of the file are meant; the full method is for named ones, and for short lists.
  const full = named.length > 0 || targets.length <= 10;
  try {
    const plan = {
      rounds: rounds ?? 1,
      interval,
      withLogic: rounds !== null,
      targets,
      full,
      json: values.json === true,
    };
    await loop(plan, session, deps);
  } finally {
    session.close();
  }
  return 0;
}

interface Plan {
  rounds: number;
  /** Seconds from the beginning of one round to that of the next. */
  interval: number;
  /** With the rules that turn rounds into alerts. */
  withLogic: boolean;
  targets: ProbeTarget[];
  full: boolean;
  json: boolean;
}

async function loop(o: Plan, session: Session, deps: CommandDeps): Promise<void> {
  const { clock, interrupted: signal } = deps;
  const { targets } = o;
  // Short intervals are for trying things out: the ten good minutes shrink with them.
  const logic = createRounds({ liftSpanMs: Math.min(600_000, o.interval * 1_800) });
  for (let n = 1; n <= o.rounds && !signal.aborted; n++) {
    const began = clock.monotonic();
    const progress = deps.progress(o.rounds > 1 ? `round ${n}/${o.rounds}` : 'probing', 'targets');
    const options = {
      full: o.full,
      width: 8,
      patient: o.rounds === 1 && targets.length > 1,
      onProgress: progress.tell,
    };
    const result = await runRound(session, targets, options, signal);
    progress.end();
    if (signal.aborted) break;
    const verdicts = result.results.map((r) => ({ target: r.target.id, verdict: r.verdict }));
    const alerts = o.withLogic ? logic.take({ at: result.at, offline: result.offline, verdicts }) : [];
    print(result, alerts, { json: o.json, again: n > 1 }, deps);
    if (n < o.rounds) {
      const left = o.interval * 1_000 - (clock.monotonic() - began);
      if (left > 0) await clock.sleep(left, signal).catch(() => undefined);
    }
  }
}

function print(
  result: RoundResult,
  alerts: readonly RoundAlert[],
  { json, again }: { json: boolean; again: boolean },
  { out, paint }: CommandDeps,
): void {
  if (json) {
    for (const line of [...jsonLines(result), ...alerts]) out(`${JSON.stringify(line)}\n`);
    return;
  }
  if (result.offline) out(`${offlineLine(result.offline)}\n`);
  out(tableOf(result, again, paint));
  for (const alert of alerts) out(`${alertLine(alert)}\n`);
}

function jsonLines(round: RoundResult): object[] {
  const lines: object[] = [];
  if (round.offline) {
    lines.push({
      target: null,
      verdict: 'vantage_offline',
      detail: round.offline,
      also: [],
      notes: round.vantageCheck.reasons,
      families: {},
      confidence: 'high',
    });
  }
  for (const r of round.results) if (r.verdict) lines.push(jsonLine(r));
  return lines;
}

function jsonLine(r: TargetResult): object {
  const v = r.verdict!;
  const notes = r.component ? [...v.notes, `component:${r.component}`] : v.notes;
  return {
    target: r.target.id,
    verdict: v.verdict,
    detail: v.detail,
    also: v.also,
    notes,
    families: v.families,
    confidence: v.confidence,
  };
}

/** Id or host name in the file's `targets`, or a service of the catalogue; without names all of `targets`. */
async function targetsOf(named: string[], vantage: Vantage, builtIn: boolean): Promise<ProbeTarget[]> {
  const host = (id: string, name: string): ProbeTarget => ({ id, kind: 'host', name });
  if (named.length === 0) {
    if (vantage.targets.length > 0) return vantage.targets.map((t) => host(t.id, t.name));
    const message = builtIn
      ? 'name what to measure, such as "tocsin probe whatsapp www.bbc.com"'
      : 'the vantage file has no targets: name some, such as "tocsin probe whatsapp", or add "targets" to the file';
    throw new TocsinError('usage', message);
  }
  const plans = await loadServicePlans();
  return named.map((typed) => {
    const target = findTarget(typed, vantage, plans);
    if (target) return target;
    const known = builtIn ? 'a host name' : 'an id or host of the vantage file\'s "targets", a host name';
    throw new TocsinError(
      'usage',
      `unknown target "${typed.slice(0, 60)}": name ${known}, or a service of the catalogue`,
    );
  });
}

async function readCa(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new TocsinError(
      'config_invalid',
      `the vantage file's "ca" cannot be read: ${file} (${String((error as NodeJS.ErrnoException).code)}); correct the path, or leave it out`,
      {},
      error,
    );
  }
}

/** Null where nothing was typed. */
function numberOf(text: string | undefined, name: string, { min, max }: { min: number; max: number }): number | null {
  if (text === undefined) return null;
  const n = Number(text);
  if (!/^\d+(\.\d+)?$/.test(text) || n < min || n > max)
    throw new TocsinError('usage', `--${name} must be a number from ${min} to ${max}, not "${text.slice(0, 20)}"`);
  return n;
}

import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { TocsinError } from '../core/errors.ts';
import { createRounds, type RoundAlert } from '../core/judge/rounds.ts';
import { systemClock } from '../platform/clock.ts';
import { createIds } from '../platform/ids.ts';
import { loadServicePlans } from '../sources/probe/components.ts';
import type { Vantage } from '../sources/probe/config.ts';
import { loadFingerprints } from '../sources/probe/fingerprints.ts';
import { type ProbeTarget, type RoundResult, runRound, type TargetResult } from '../sources/probe/round.ts';
import { createSession } from '../sources/probe/session.ts';
import { findTarget } from '../sources/probe/targets.ts';
import { alertLine, offlineLine, tableOf } from './probe-text.ts';
import { readVantageFile } from './probe-vantage.ts';

export const help = {
  usage: 'tocsin probe [TARGET…] --vantage FILE [--json] [--rounds N] [--interval S]',
  summary: 'measure from this machine whether targets are blocked, throttled, down or fine',
  example: 'tocsin probe whatsapp www.bbc.com --vantage vantage.yaml',
};

const MAX_TARGETS = 5_000;

/** One round (or several, with the confirmation logic) over the targets; prints a table, or JSON lines. */
export async function run(args: string[]): Promise<number> {
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
  const file = values.vantage;
  if (!file)
    throw new TocsinError(
      'usage',
      'probe needs a vantage file. Try: tocsin probe --vantage FILE (its keys: docs, "Vantage points")',
    );
  const rounds = numberOf(values.rounds, 'rounds', 1, 100_000, null);
  const interval = numberOf(values.interval, 'interval', 0, 86_400, 120) ?? 120;
  const vantage = await readVantageFile(file);
  const named = positionals.slice(0, MAX_TARGETS);
  const targets = await targetsOf(named, vantage);
  const ca = vantage.ca ? [await readCa(resolve(dirname(resolve(file)), vantage.ca))] : [];
  const session = createSession(vantage, {
    clock: systemClock,
    ids: createIds(systemClock),
    fingerprints: await loadFingerprints(),
    roots: ca,
  });
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort(new Error(signal)));
  const json = values.json === true;
  // Without names all targets of the file are meant; the full method is for named ones, and for short lists.
  const full = named.length > 0 || targets.length <= 10;
  try {
    await loop({
      rounds: rounds ?? 1,
      interval,
      withLogic: rounds !== null,
      targets,
      session,
      full,
      json,
      signal: stop.signal,
    });
  } finally {
    session.close();
  }
  return 0;
}

interface Loop {
  rounds: number;
  interval: number;
  withLogic: boolean;
  targets: ProbeTarget[];
  session: ReturnType<typeof createSession>;
  full: boolean;
  json: boolean;
  signal: AbortSignal;
}

async function loop(o: Loop): Promise<void> {
  const { session, targets, signal } = o;
  // Short intervals are for trying things out: the ten good minutes shrink with them.
  const logic = createRounds({ liftSpanMs: Math.min(600_000, o.interval * 1_800) });
  const print = (line: unknown): void => void process.stdout.write(`${JSON.stringify(line)}\n`);
  for (let n = 1; n <= o.rounds && !signal.aborted; n++) {
    const began = session.clock.monotonic();
    const progress = progressLine(o.rounds > 1 ? `round ${n}/${o.rounds}` : 'probing');
    const options = {
      full: o.full,
      width: 8,
      patient: o.rounds === 1 && targets.length > 1,
      onProgress: progress.tell,
    };
    const result = await runRound(session, targets, options, signal);
    progress.end();
    if (signal.aborted) break;
    const alerts: RoundAlert[] = o.withLogic
      ? logic.take({
          at: result.at,
          offline: result.offline,
          verdicts: result.results.map((r) => ({ target: r.target.id, verdict: r.verdict })),
        })
      : [];
    if (o.json) {
      for (const line of jsonLines(result)) print(line);
      for (const alert of alerts) print(alert);
    } else {
      if (result.offline) process.stdout.write(`${offlineLine(result.offline)}\n`);
      process.stdout.write(tableOf(result, n > 1));
      for (const alert of alerts) process.stdout.write(`${alertLine(alert)}\n`);
    }
    if (n < o.rounds) {
      const left = o.interval * 1_000 - (session.clock.monotonic() - began);
      if (left > 0) await session.clock.sleep(left, signal).catch(() => undefined);
    }
  }
}

function jsonLines(round: RoundResult): object[] {
  const lines: object[] = [];
  if (round.offline) {
    lines.push({
      target: null,
      verdict: 'vantage_offline',
      detail: round.offline,
      also: [],
      notes: round.gate.reasons,
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

/** Every second on a terminal, every ten elsewhere, and only when a round takes its time. */
function progressLine(what: string): { tell(done: number, all: number): void; end(): void } {
  const began = systemClock.monotonic();
  let state = '';
  const terminal = process.stderr.isTTY === true;
  const timer = setInterval(
    () => {
      const s = Math.round((systemClock.monotonic() - began) / 1_000);
      process.stderr.write(terminal ? `\r${what}${state}, ${s} s ` : `${what}${state}, ${s} s\n`);
    },
    terminal ? 1_000 : 10_000,
  );
  timer.unref();
  return {
    tell(done, all) {
      state = `: ${done} of ${all} targets`;
    },
    end() {
      clearInterval(timer);
      if (terminal) process.stderr.write('\r\u001b[K');
    },
  };
}

/** Id or host name in the file's `targets`, or a service of the catalogue; without names all of `targets`. */
async function targetsOf(named: string[], vantage: Vantage): Promise<ProbeTarget[]> {
  const host = (id: string, name: string): ProbeTarget => ({ id, kind: 'host', name });
  if (named.length === 0) {
    if (vantage.targets.length === 0)
      throw new TocsinError(
        'usage',
        'the vantage file has no targets: name some, such as "tocsin probe whatsapp", or add "targets" to the file',
      );
    return vantage.targets.map((t) => host(t.id, t.name));
  }
  const plans = await loadServicePlans();
  const found: ProbeTarget[] = [];
  for (const typed of named) {
    const target = findTarget(typed, vantage, plans);
    if (!target)
      throw new TocsinError(
        'usage',
        `unknown target "${typed.slice(0, 60)}": name an id or host of the vantage file's "targets", a host name, or a service of the catalogue`,
      );
    found.push(target);
  }
  return found;
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

function numberOf(
  text: string | undefined,
  name: string,
  min: number,
  max: number,
  absent: number | null,
): number | null {
  if (text === undefined) return absent;
  const n = Number(text);
  if (!/^\d+(\.\d+)?$/.test(text) || n < min || n > max)
    throw new TocsinError('usage', `--${name} must be a number from ${min} to ${max}, not "${text.slice(0, 20)}"`);
  return n;
}

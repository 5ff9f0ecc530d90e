import { dirname, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import COMMANDS from '../../../config/commands-of-kinds.json' with { type: 'json' };
import texts from '../../../config/verdict-texts.json' with { type: 'json' };
import { atEnd, TocsinError } from '../../core/errors.ts';
import { createRounds, type RoundAlert } from '../../core/judge/rounds.ts';
import { spell, type TargetVerdict } from '../../core/judge/verdict.ts';
import type { CommandDeps } from '../kind.ts';
import { loadServicePlans } from './components.ts';
import { type Vantage, vantageSchema } from './config.ts';
import { findTarget } from './index.ts';
import { offlineOf, type ProbeTarget, type RoundResult, runRound } from './round.ts';
import { openSession, type Session } from './session.ts';

/** What a verdict says with its detail, else by itself, with the detail behind it; and why the vantage point is of no use. */
const SAYS: Record<string, string> = texts.verdicts;
const BY_WORD: Record<string, string> = texts.words;
const OFFLINE: Record<string, string> = texts.offline;

const reasonOf = (v: TargetVerdict): string =>
  SAYS[spell(v)] ?? `${BY_WORD[v.verdict] ?? v.verdict} ${v.detail ?? ''}`.trim();

const UNPRINTABLE = new RegExp('[\\u0000-\\u001f\\u007f-\\u009f\\u202a-\\u202e\\u2066-\\u2069]+', 'g');
const plain = (text: string): string => text.replace(UNPRINTABLE, ' ');

export const offlineLine = (detail: string): string => OFFLINE[detail] ?? `Vantage point offline: ${detail}`;

/** What is measured from, where no vantage file was named, and what that cannot tell. */
export function builtInLines({ systemResolvers, controls }: Pick<Session, 'systemResolvers' | 'controls'>): string {
  const compared = controls.map(({ operator }) => operator).join(' and ');
  return [
    `Measuring from here as it is: this machine's resolver (${systemResolvers.join(', ')}) against ${compared}. It visits what you named, as a browser would.`,
    'Nobody looks from outside: addresses that are cut, sites that are down for everybody and slow ones come out as "inconclusive". A vantage file with a helper tells them apart (docs/vantage.md).',
    '',
  ].join('\n');
}

const toneOf = ({ verdict }: TargetVerdict): 'good' | 'doubtful' | 'bad' => {
  if (verdict === 'ok') return 'good';
  return verdict === 'down' || verdict === 'inconclusive' ? 'doubtful' : 'bad';
};

/** For people: target, verdict, reason; what else was found in a second line. */
export function tableOf(round: RoundResult, again: boolean, paint: CommandDeps['paint'] = (_tone, text) => text) {
  const rows = round.results.filter((r) => r.verdict !== null);
  const width = Math.min(40, Math.max(6, ...rows.map((r) => r.target.id.length)));
  const word = Math.max(7, ...rows.map((r) => spell(r.verdict!).slice(0, 40).length));
  const lines: string[] = [];
  if (again) lines.push('');
  if (rows.length > 0) lines.push(`${'TARGET'.padEnd(width)}  ${'VERDICT'.padEnd(word)}  WHY`);
  for (const r of rows) {
    const v = r.verdict!;
    const sure = v.verdict === 'ok' || v.verdict === 'inconclusive' ? '' : ` (${v.confidence} confidence)`;
    lines.push(
      `${plain(r.target.id).padEnd(width)}  ${paint(toneOf(v), plain(spell(v)).slice(0, 40).padEnd(word))}  ${plain(reasonOf(v))}${sure}`,
    );
    const more = [...(r.component ? [`component: ${r.component}`] : []), ...v.also.map((a) => `also ${a}`), ...v.notes];
    const families = Object.entries(v.families);
    if (families.some(([, f]) => f !== spell(v))) more.push(families.map(([k, f]) => `${k} ${f}`).join(', '));
    if (more.length > 0) lines.push(`${''.padEnd(width)}  ${''.padEnd(word)}  ${plain(more.join(' · '))}`);
  }
  return lines.length > 0 ? `${lines.join('\n')}\n` : '';
}

export const alertLine = (a: RoundAlert): string =>
  plain(`ALERT ${a.kind}: ${a.target ?? 'this vantage point'} ${a.verdict} (${a.at})`);

export const help = COMMANDS.probe;

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
  // Null = one, without the rules that turn rounds into alerts; the interval: seconds from the beginning of one to that of the next.
  const rounds = numberOf(values.rounds, 'rounds', { min: 1, max: 100_000 });
  const interval = numberOf(values.interval, 'interval', { min: 0, max: 86_400 }) ?? 120;
  const file = values.vantage ?? BUILT_IN;
  const vantage = await deps.readChecked(file, vantageSchema);
  const named = positionals.slice(0, MAX_TARGETS);
  const targets = await targetsOf(named, vantage, file === BUILT_IN);
  const session = await openSession(vantage, dirname(resolve(file)), deps);
  if (file === BUILT_IN) deps.err(builtInLines(session));
  using _ = atEnd(() => session.close());
  // Without names all targets of the file are meant; the full method is for named ones, and for short lists.
  const full = named.length > 0 || targets.length <= 10;
  const { clock, interrupted: signal } = deps;
  // Short intervals are for trying things out: the ten good minutes shrink with them.
  const logic = createRounds({ liftSpanMs: Math.min(600_000, interval * 1_800) });
  const count = rounds ?? 1;
  for (let n = 1; n <= count && !signal.aborted; n++) {
    const began = clock.monotonic();
    const progress = deps.progress(count > 1 ? `round ${n}/${count}` : 'probing', 'targets');
    const patient = count === 1 && targets.length > 1;
    const options = { full, width: 8, patient, onProgress: progress.tell };
    const result = await runRound({ ...session, signal }, targets, options);
    progress.end();
    if (signal.aborted) break;
    const verdicts = result.results.map((r) => ({ target: r.target.id, verdict: r.verdict }));
    const alerts = rounds === null ? [] : logic.take({ at: result.at, offline: result.offline, verdicts });
    print(result, alerts, { json: values.json === true, again: n > 1 }, deps);
    const left = interval * 1_000 - (clock.monotonic() - began);
    if (n < count && left > 0) await clock.sleep(left, signal).catch(() => undefined);
  }
  return 0;
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
  const { target, verdict, detail, notes } = offlineOf(round);
  const offline = { target, verdict, detail, also: [], notes, families: {}, confidence: 'high' };
  const judged = round.results.flatMap(({ target, verdict: v, component }) => {
    if (!v) return [];
    const { verdict, detail, also, families, confidence } = v;
    const notes = component ? [...v.notes, `component:${component}`] : v.notes;
    return { target: target.id, verdict, detail, also, notes, families, confidence };
  });
  return round.offline ? [offline, ...judged] : judged;
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
    const message = `unknown target "${typed.slice(0, 60)}": name ${known}, or a service of the catalogue`;
    throw new TocsinError('usage', message);
  });
}

/** Null where nothing was typed. */
function numberOf(text: string | undefined, name: string, { min, max }: { min: number; max: number }): number | null {
  if (text === undefined) return null;
  const n = Number(text);
  if (!/^\d+(\.\d+)?$/.test(text) || n < min || n > max)
    throw new TocsinError('usage', `--${name} must be a number from ${min} to ${max}, not "${text.slice(0, 20)}"`);
  return n;
}

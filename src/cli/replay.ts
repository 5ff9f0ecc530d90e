import { parseArgs } from 'node:util';
import { plainText } from '../adapters/console/plain.ts';
import { builtInExtractor } from '../built-in-extractor.ts';
import { loadConfig } from '../config/load.ts';
import { bundledRegions } from '../config/regions.ts';
import { TocsinError } from '../core/errors.ts';
import { LEVELS, type Level } from '../core/model/incident.ts';
import { iso } from '../core/model/incident-line.ts';
import type { Store } from '../core/ports/store.ts';
import type { Translators } from '../core/ports/translate.ts';
import { createTranslators } from '../i18n/index.ts';
import { systemClock } from '../platform/clock.ts';
import { createIds } from '../platform/ids.ts';
import { createLog } from '../platform/log.ts';
import { logLevelOf } from '../platform/log-level.ts';
import { progressOnStderr } from '../platform/progress.ts';
import { openStore } from '../store/open.ts';
import { readRecordings, timeOfRecord } from './replay/recording.ts';
import { type ReplayedAlert, replay } from './replay/replay.ts';
import { createVirtualClock } from './replay/virtual-clock.ts';
import { incidentLine, incidentText } from './shared/incident-line.ts';

export const help = {
  usage: 'tocsin replay FILE… [--json] [--level early|corroborated|confirmed] [--lang CODE] [--config FILE]',
  summary:
    'runs recorded items and measurements through the real pipeline on a virtual clock; tells what a chat would have heard',
  example: 'tocsin replay docs/demo.jsonl --json',
};

const MAX_INCIDENTS = 1_000_000;

export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      json: { type: 'boolean' },
      level: { type: 'string' },
      lang: { type: 'string' },
      config: { type: 'string' },
    },
  });
  if (positionals.length === 0) throw new TocsinError('usage', `replay needs a file. Usage: ${help.usage}`);
  const config = await loadConfig({ file: values.config ?? null, env: process.env, cwd: process.cwd() });
  const level = levelOf(values.level ?? config.policy.level);
  const items = await readRecordings(positionals);
  const clock = createVirtualClock(items[0] ? timeOfRecord(items[0]) : 0);
  const log = createLog({ clock, level: process.env.TOCSIN_LOG ? logLevelOf(process.env.TOCSIN_LOG) : 'warn' });
  const ids = createIds(clock);
  const store = await openStore(':memory:', { clock, log, ids });
  const gazetteer = bundledRegions();
  const translators = createTranslators(config.catalogue, gazetteer);
  const lang = languageOf(values.lang ?? 'en', translators);
  const progress = progressOnStderr(systemClock)('replaying', 'items');
  const print = (line: string): void => {
    progress.hide();
    process.stdout.write(`${line}\n`);
  };
  let messages = 0;

  const printAlert = (alert: ReplayedAlert): void => {
    messages++;
    const text = plainText({ ...alert.document, buttons: [] });
    if (values.json)
      print(JSON.stringify({ type: 'alert', kind: alert.kind, at: iso(alert.at), incidents: alert.incidents, text }));
    else print(`── ${iso(alert.at)!.slice(0, 16).replace('T', ' ')} UTC · ${alert.kind} ──\n${text}\n`);
  };
  await replay(items, {
    store,
    clock,
    ids,
    log,
    extractor: builtInExtractor(config),
    policy: config.policy,
    catalogue: config.catalogue,
    baseline: config.baseline,
    translators,
    gazetteer,
    level,
    lang,
    onAlert: printAlert,
    progress: (done) => progress.tell(done, items.length),
  }).finally(progress.end);

  const incidents = await printIncidents(store, values.json === true, print);
  if (!values.json)
    print(
      `\n${counted(items.length, 'item')}, ${counted(incidents, 'incident')}, ${counted(messages, 'message')} at level "${level}".`,
    );
  await store.close();
  return 0;
}

function levelOf(written: string): Level {
  if (!LEVELS.includes(written as Level))
    throw new TocsinError('usage', `--level is ${LEVELS.join(', ')}, not "${written}"`);
  return written as Level;
}

function languageOf(written: string, translators: Translators): string {
  if (translators.has(written)) return written;
  const known = translators.languages.map((one) => one.code).join(', ');
  throw new TocsinError('usage', `--lang is ${known}, not "${written}"`);
}

const counted = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`;

/** All of them, oldest first; says how many they are. */
async function printIncidents(store: Store, json: boolean, print: (line: string) => void): Promise<number> {
  const incidents = (await store.incidents.list({ limit: MAX_INCIDENTS })).sort((a, b) => a.openedAt - b.openedAt);
  for (const incident of incidents) {
    const line = await incidentLine(store, incident);
    print(json ? JSON.stringify(line) : incidentText(line));
  }
  return incidents.length;
}

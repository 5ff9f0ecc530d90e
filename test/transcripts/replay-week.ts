/** The week of the replay corpus (`data/replay` of the shared folder) as one chat in Moscow hears it. */
import { plainText } from '../../src/adapters/console/adapter.ts';
import { builtInExtractor } from '../../src/app/built-in-extractor.ts';
import { type RecordedSend, createVirtualClock, readRecordings, replay, timeOfRecord } from '../../src/cli/replay.ts';
import { bundledRegions } from '../../src/config/catalogue.ts';
import { loadConfig } from '../../src/config/load.ts';
import { bundledPublishers } from '../../src/config/publishers.ts';
import { DEFAULT_SETTINGS, type QuietHours } from '../../src/core/model/chat.ts';
import { createTranslators } from '../../src/i18n/index.ts';
import { createIds } from '../../src/platform/ids.ts';
import { openStore } from '../../src/store/open.ts';
import { quietLog } from '../fakes/fake-log.ts';

const ZONE = 'Europe/Moscow';
export const EPISODE = 'data/replay/ru-2026-02.items.jsonl';
export const NIGHT: QuietHours = { from: 23 * 60, to: 8 * 60, critical: false };
/** Of somebody who works by night. */
export const DAYTIME: QuietHours = { from: 8 * 60, to: 22 * 60, critical: false };

export interface HeardMessage {
  at: number;
  op: RecordedSend['op'];
  /** The phone rings: a message of its own, with a sound. */
  rings: boolean;
  text: string;
}

/** All that the chat is sent, in order; the same in each run. */
export async function heardIn(file: string, lang: string, quiet: QuietHours): Promise<HeardMessage[]> {
  const config = await loadConfig({ file: null, env: {}, cwd: process.cwd() });
  const items = await readRecordings([file]);
  const clock = createVirtualClock(timeOfRecord(items[0]!));
  let n = 0;
  const ids = {
    ...createIds(clock),
    next: () => `t${++n}`,
    tail: () => String(++n).padStart(4, '0'),
    random: () => 0.5,
  };
  const store = await openStore(':memory:', { clock, log: quietLog, ids });
  const gazetteer = bundledRegions();
  const heard: HeardMessage[] = [];
  await replay(items, {
    store,
    clock,
    ids,
    log: quietLog,
    extractor: builtInExtractor(config),
    policy: config.policy,
    translators: createTranslators(config.catalogue, gazetteer),
    gazetteer,
    publishers: bundledPublishers(),
    catalogue: config.catalogue,
    baseline: config.baseline,
    level: 'corroborated',
    lang,
    chat: { timeZone: ZONE, settings: { ...DEFAULT_SETTINGS, quiet } },
    onAlert: () => undefined,
    onSend({ op, document }, at) {
      const text = plainText({ ...document, buttons: [] });
      heard.push({ at, op, rings: op !== 'edit' && document.tone === 'alert', text });
    },
    progress: () => undefined,
  });
  await store.close();
  return heard;
}

const local = new Intl.DateTimeFormat('en-GB', {
  timeZone: ZONE,
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
});
const MARKS = { send: 'message', reply: 'reply', edit: 'edit of the message' };

/** As Markdown: what rings in full, of edits the first line; sources by their names, without the addresses behind them. */
export function asTranscript(heard: readonly HeardMessage[]): string {
  const ringing = heard.filter((one) => one.rings).length;
  const parts = heard.map(({ at, op, rings, text }) => {
    const lines = text.replace(/ \(https?:\/\/[^\s)]*\)/gu, '').split('\n');
    const shown = rings ? lines : lines.slice(0, 1);
    const quoted = shown.map((line) => `> ${line}`.trimEnd()).join('  \n');
    return `**${rings ? '🔔' : '🔕'} ${local.format(at)} · ${MARKS[op]}**\n\n${quoted}\n`;
  });
  return `${ringing} of ${heard.length} make the phone ring.\n\n${parts.join('\n')}`;
}

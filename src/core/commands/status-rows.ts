import type { BaselineEntry } from '../model/baseline.ts';
import type { Translator } from '../ports/translate.ts';
import { oneLine } from '../render/plain.ts';
import { type AccessState, type ServiceStatus, stateOf } from '../status/derive.ts';
import type { ChatFacts } from './command.ts';

/** What can be said of a service; `degraded` is stated by its action. */
type StateWord = 'open' | 'throttle' | 'restrict' | 'block' | 'shutdown' | 'unknown' | 'warn';

const MARKS: Record<AccessState, string> = { open: '🟢', degraded: '🟠', blocked: '🔴', shutdown: '⚫', unknown: '❔' };

/** One row: what, how it stands since when, how sure, how old the newest evidence is. Each cell is a phrase of its own. */
export function statusRow(
  status: ServiceStatus,
  name: string,
  chat: ChatFacts,
  words: Translator,
  now: number,
): string[] {
  const mark = status.threat && (status.state === 'unknown' || status.state === 'open') ? '🟡' : MARKS[status.state];
  const cells = [`${mark} ${name}`, stateCell(status, chat, words, now)];
  // A threat that came true is no news beside it.
  if (status.threat && status.state !== 'shutdown' && status.state !== 'blocked') {
    const when = words.day(status.threat.openedAt, chat.timeZone, now);
    cells.push(words.say('status.since', { state: words.say('state.warn'), when }));
  }
  if (status.confidence && status.was === null) cells.push(words.say(`confidence.${status.confidence}`));
  const evidenceAt = status.evidenceAt ?? status.threat?.lastReportAt ?? null;
  if (status.faded && evidenceAt !== null)
    cells.push(words.say('status.confirmed', { when: words.day(evidenceAt, chat.timeZone, now) }));
  else if (evidenceAt !== null) cells.push(words.say('status.age', { age: words.age(now - evidenceAt) }));
  else if (!status.baseline) cells.push(words.say('status.no'));
  if (status.baseline) cells.push(words.say('status.reference', { url: status.baseline.reference }));
  const id = (status.incident ?? status.threat)?.id;
  if (id) cells.push(id);
  return cells;
}

/** How it stands, since when, and where: "blocked since 12 Feb". */
export function stateCell(
  status: ServiceStatus,
  chat: Pick<ChatFacts, 'timeZone'>,
  words: Translator,
  now: number,
): string {
  const { incident, state, was, since, baseline, observed } = status;
  const unknown = words.say('state.unknown');
  if (baseline && !incident) return baselineCell(baseline, words, now);
  if (observed) {
    const text = words.say(`state.${wordOf(state, observed.action)}`);
    return since === null
      ? text
      : words.say('status.since', { state: text, when: words.day(since, chat.timeZone, now) });
  }
  if (!incident || since === null) return state === 'open' ? words.say('state.open') : unknown;
  let text = words.say(`state.${wordOf(was ?? state, incident.action)}`);
  if (incident.regions.length > 0 && state !== 'open') {
    const regions = incident.regions.slice(0, 3).map((region) => oneLine(words.region(region), 40));
    if (incident.regions.length > 3) regions.push(words.say('list.more', { n: incident.regions.length - 3 }));
    text = words.say('status.part', { state: text, regions: words.list(regions) });
  }
  text = words.say('status.since', { state: text, when: words.day(since, chat.timeZone, now) });
  if (status.covered) text = words.say('status.network', { state: text });
  return was === null ? text : words.say('status.was', { unknown, was: text });
}

const wordOf = (state: AccessState, action: string): StateWord => {
  if (state === 'blocked') return 'block';
  if (state === 'degraded') return action === 'throttle' ? 'throttle' : 'restrict';
  return state;
};

const stateOfEntry = ({ action }: BaselineEntry): AccessState => stateOf({ state: 'active', action });

export const baselineMark = (entry: BaselineEntry): string => MARKS[stateOfEntry(entry)];

/** "blocked since 4 Mar 2022", "… since Mar 2020" where the day is not known. */
export function baselineCell(entry: BaselineEntry, words: Translator, now: number): string {
  const when = entry.monthOnly ? words.month(entry.since) : words.day(entry.since, 'UTC', now);
  return words.say('status.since', { state: words.say(`state.${wordOf(stateOfEntry(entry), entry.action)}`), when });
}

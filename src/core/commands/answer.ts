import type { BaselineEntry } from '../model/catalogue.ts';
import { ANY, type Subscription } from '../model/chat.ts';
import type { Incident, Level } from '../model/incident.ts';
import type { Block, Button, Inline, MessageDocument } from '../model/message.ts';
import type { SubscriptionTable } from '../ports/store.ts';
import type { Translator } from '../ports/translate.ts';
import { documentOf, paragraph as line } from '../render/document.ts';
import { headlineOf, markOf, sayingOf } from '../render/headline.ts';
import { foreign, oneLine } from '../render/plain.ts';
import { type AccessState, type ServiceStatus, STATUS_POLICY, stateOf } from '../state.ts';
import type { Target, ParsedTargets } from './asking/targets.ts';
import type { ChatFacts, CommandContext } from './command.ts';

/** Answers never ring: somebody is looking at them. */
export const answer = (words: Translator, blocks: Block[], buttons: Button[][] = []): MessageDocument =>
  documentOf(blocks, words, { tone: 'notice', buttons: buttons.filter((row) => row.length > 0) });

export { head, paragraph as line } from '../render/document.ts';
export const note = (...inline: Inline[]): Block => ({ type: 'note', inline });
export const list = (items: Inline[][]): Block => ({ type: 'list', items });
export const code = (text: string): Inline => ({ code: text });

export const button = (label: string, command: string): Button => ({ label, press: { command } });

/** Buttons in rows of `width`. */
export function rows(buttons: readonly Button[], width: number): Button[][] {
  const out: Button[][] = [];
  for (let at = 0; at < buttons.length; at += width) out.push(buttons.slice(at, at + width));
  return out;
}

export const buttonRows = <T>(items: readonly T[], width: number, make: (item: T) => Button): Button[][] =>
  rows(items.map(make), width);

export interface Matcher {
  country: string;
  service: string;
}

/** "Russia: WhatsApp", "Russia: everything", "WhatsApp everywhere". */
export function nameOfMatcher({ country, service }: Matcher, words: Translator): string {
  if (country === ANY && service === ANY) return words.say('what.everything');
  if (service === ANY) return words.say('what.country', { country: words.country(country) });
  if (country === ANY) return words.say('what.service', { service: words.service(service) });
  return words.say('what.pair', { country: words.country(country), service: words.service(service) });
}

/** The words that name a matcher in a command; `*` stays, so that just this one is meant. */
export const typedMatcher = ({ country, service }: Matcher): string => `${country} ${service}`;

/** "corroborated", without the explanation that follows. */
export const nameOfLevel = (level: Level, words: Translator): string =>
  words.say(`level.${level}`).split(/\s*[:：]/u)[0]!;

/** "corroborated (two independent outlets, …)": behind a colon, where a second one would be one too many. */
export function levelInBrackets(level: Level, words: Translator): string {
  const [name = '', what = ''] = words.say(`level.${level}`).split(/\s*[:：]\s*/u);
  return words.lang === 'zh' ? `${name}（${what}）` : `${name} (${what})`;
}

function nameOfTarget({ kind, id }: Target, words: Translator): string {
  if (kind === 'service') return words.service(id);
  if (kind === 'country') return words.country(id);
  return words.say('place.several', { regions: words.region(id), country: words.country(id.slice(0, 2)) });
}

/** "🔴 Russia: WhatsApp blocked · since 12 Feb · corroborated · RU-whatsapp-3f9k". */
export function incidentLine(incident: Incident, chat: ChatFacts, words: Translator, now: number): Inline[] {
  const when = words.day(incident.openedAt, chat.timeZone, now);
  const parts = [`${markOf(sayingOf(incident))} ${headlineOf(incident, words)}`, words.say('line.since', { when })];
  parts.push(words.say(`confidence.${incident.confidence}`));
  // Nobody has looked for long: the reader should know how old this is.
  const age = now - incident.lastReportAt;
  if (incident.open && age > STATUS_POLICY.newsStaleMs) parts.push(words.say('status.age', { age: words.age(age) }));
  return [`${parts.join(' · ')} · `, code(incident.id)];
}

export function incidentList(incidents: readonly Incident[], max: number, context: CommandContext): Block[] {
  const { chat, words, now } = context;
  const items = incidents.slice(0, max).map((incident) => incidentLine(incident, chat, words, now));
  if (incidents.length > max) items.push([words.say('list.more', { n: incidents.length - max })]);
  return items.length > 0 ? [list(items)] : [];
}

/** What is open of what is followed. */
export const openBlocks = (open: readonly Incident[], max: number, context: CommandContext): Block[] =>
  open.length > 0
    ? [line(context.words.say('subscribe.open')), ...incidentList(open, max, context)]
    : [line(context.words.say('subscribe.none'))];

/** Ids of countries are written in capitals, those of services in small letters. */
const nameOfId = (id: string, words: Translator): string =>
  nameOfTarget({ kind: /^[A-Z]{2}$/u.test(id) ? 'country' : 'service', id }, words);

/** Commands that take more than countries and services. */
const EXAMPLES: ReadonlyMap<string, string> = new Map([
  ['mute', 'mute ru whatsapp for 8h'],
  ['history', 'history ru whatsapp 90'],
]);

/**
 * The answer to words that mean nothing, or more than one thing: names them, offers the nearest, and says that nothing was done.
 * The buttons repeat the command with the words that were understood and one of the options.
 */
export function problemsAnswer(
  context: CommandContext,
  command: string,
  parsed: ParsedTargets,
  changes: boolean,
): MessageDocument {
  const { words } = context;
  const understood = [...parsed.countries, ...parsed.services];
  const items: Inline[][] = [];
  const commands = new Map<string, string>();
  for (const { word, ambiguous, options } of parsed.problems) {
    const shown = foreign(word, 40);
    const names = words.list(options.map((target) => nameOfTarget(target, words)));
    if (options.length === 0) items.push([words.say('error.word', { word: shown })]);
    else items.push([words.say(ambiguous ? 'error.ambiguous' : 'error.nearest', { word: shown, options: names })]);
    // One choice mends one word only; with more of them the person has to type again.
    if (parsed.problems.length === 1) {
      for (const option of options) {
        commands.set([command, ...understood, option.id].join(' '), nameOfTarget(option, words));
      }
    }
  }
  // Several mistyped words: the nearest of each together, where nothing has to be chosen.
  const mended = parsed.problems.length > 1 && parsed.problems.every((one) => !one.ambiguous && one.options.length > 0);
  if (mended) {
    const all = [...understood, ...parsed.problems.map((one) => one.options[0]!.id)];
    commands.set([command, ...new Set(all)].join(' '), words.list([...new Set(all)].map((id) => nameOfId(id, words))));
  }
  const typed = [...commands.keys()].map((one) => context.typed(one));
  const blocks: Block[] = [items.length === 1 ? line(...items[0]!) : list(items)];
  if (typed.length > 0 && !context.hasButtons) blocks.push(list(typed.map((one) => [code(one)])));
  if (typed.length === 0) {
    const example = EXAMPLES.get(command) ?? `${command} ru whatsapp`;
    blocks.push(line(...words.rich('error.targets', { command: code(context.typed(example)) })));
  }
  if (changes) blocks.push(note(words.say('error.nothing')));
  return answer(
    words,
    blocks,
    buttonRows([...commands], 2, ([press, label]) => button(label, press)),
  );
}

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
  const sinceThen = (text: string, at: number): string =>
    words.say('status.since', { state: text, when: words.day(at, chat.timeZone, now) });
  if (baseline && !incident) return baselineCell(baseline, words, now);
  if (observed) {
    const text = words.say(`state.${wordOf(state, observed.action)}`);
    return since === null ? text : sinceThen(text, since);
  }
  if (!incident || since === null) return state === 'open' ? words.say('state.open') : unknown;
  let text = words.say(`state.${wordOf(was ?? state, incident.action)}`);
  if (incident.regions.length > 0 && state !== 'open') {
    const regions = incident.regions.slice(0, 3).map((region) => oneLine(words.region(region), 40));
    if (incident.regions.length > 3) regions.push(words.say('list.more', { n: incident.regions.length - 3 }));
    text = words.say('status.part', { state: text, regions: words.list(regions) });
  }
  text = sinceThen(text, since);
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

/** A thread may follow things of its own; everything else that is typed in it is about the whole chat. */

export interface Followed {
  /** What the thread follows by itself; empty outside threads. */
  thread: Subscription[];
  chat: Subscription[];
}

export async function followedHere(
  { chat, thread }: CommandContext,
  subscriptions: Pick<SubscriptionTable, 'list'>,
): Promise<Followed> {
  const list = async (id: number | null | undefined) => (typeof id === 'number' ? await subscriptions.list(id) : []);
  return { thread: await list(thread?.id), chat: await list(chat.id) };
}

/** Said after a setting that was typed in a thread. */
export const wholeChat = ({ thread, words }: CommandContext): Block[] =>
  thread ? [note(words.say('thread.whole'))] : [];

/**
 * Lines together as long as they fit into `most` characters, at least one part. A line that is longer by itself is cut in several pieces: nothing
 * of it is left out.
 */
export function partsOf(lines: readonly string[], most: number): string[] {
  const parts: string[] = [];
  for (const line of lines)
    for (let from = 0; from === 0 || from < line.length; from += most) {
      const piece = line.slice(from, from + most);
      const last = parts.at(-1);
      if (last === undefined || from > 0 || last.length + 1 + piece.length > most) parts.push(piece);
      else parts[parts.length - 1] = `${last}\n${piece}`;
    }
  return parts.length > 0 ? parts : [''];
}

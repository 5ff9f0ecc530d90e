import { ANY, type Subscription } from '../model/chat.ts';
import { NETWORK } from '../model/incident.ts';
import type { Block, Button, Inline, MessageDocument } from '../model/message.ts';
import type { SubscriptionTable } from '../ports/store.ts';
import type { Translator } from '../ports/translate.ts';
import { headlineOf, markOf, sayingOf } from '../render/headline.ts';
import {
  button,
  capital,
  documentOf,
  firstOf,
  foreign,
  list,
  note,
  oneLine,
  paragraph as line,
} from '../render/plain.ts';
import {
  type AccessState,
  isCut,
  isRecordAlone,
  type Matcher,
  nameOfKey,
  type State,
  type StateKey,
  STATUS_POLICY,
} from '../state/fold.ts';
import type { Target, ParsedTargets } from './asking/targets.ts';
import type { ChatFacts, CommandContext } from './command.ts';

/** Answers never ring: somebody is looking at them. */
export const answer = (words: Translator, blocks: Block[], buttons: Button[][] = []): MessageDocument =>
  documentOf(blocks, words, { tone: 'notice', buttons: buttons.filter((row) => row.length > 0) });

export { button, head, list, note, paragraph as line } from '../render/plain.ts';
export const code = (text: string): Inline => ({ code: text });

/** Under each setting: the way back to all of them. */
export const backToSettings = (words: Translator): Button[] => [button(words.say('button.settings'), 'settings')];

/** Buttons in rows of `width`. */
export function rows(buttons: readonly Button[], width: number): Button[][] {
  const out: Button[][] = [];
  for (let at = 0; at < buttons.length; at += width) out.push(buttons.slice(at, at + width));
  return out;
}

export type { Matcher } from '../state/fold.ts';

/** "Russia: WhatsApp", "Russia: everything", "WhatsApp everywhere". */
export function nameOfMatcher({ country, service }: Matcher, words: Translator): string {
  if (country === ANY && service === ANY) return words.say('what.everything');
  if (service === ANY) return words.say('what.country', { country: words.country(country) });
  if (country === ANY) return words.say('what.service', { service: words.service(service) });
  return words.say('what.pair', { country: words.country(country), service: words.service(service) });
}

export const isSame = (one: Matcher, other: Matcher): boolean =>
  one.country === other.country && one.service === other.service;

/** The words that name a matcher in a command; `*` stays, so that just this one is meant. */
export const typedMatcher = ({ country, service }: Matcher): string => `${country} ${service}`;

export function nameOfTarget({ kind, id }: Target, words: Translator): string {
  if (kind === 'service') return words.service(id);
  if (kind === 'country') return words.country(id);
  return words.say('place.several', { regions: words.region(id), country: words.country(id.slice(0, 2)) });
}

/**
 * States that one incident says of several places are told together. A cover is told with the network that is off, where that has a line of its own.
 */
function together(states: readonly State[]): State[][] {
  const isOff = (country: string | null): boolean =>
    states.some((one) => one.country === country && one.service === NETWORK && !one.covered);
  const shown = states.filter((one) => !one.covered || !isOff(one.country));
  return groupsOf(shown);
}

/** The same, with what a cover is told of. */
export function groupsOf(states: readonly State[]): State[][] {
  const groupOf = (one: State): string =>
    one.incident === null || one.covered
      ? nameOfKey(one)
      : JSON.stringify([
          one.incident.id,
          one.threat?.id,
          one.claim?.at,
          one.access,
          one.network,
          one.region === null || one.since,
        ]);
  return [...Map.groupBy(states, groupOf).values()];
}

/** "since 12 Feb" of what an authority dated or a measurement saw; else "first reported 12 Feb, 14:05"; null = for longer than is known. */
export function sinceOf(state: State, context: RowContext) {
  const date = datedBy(state, context);
  return date && context.words.say(`line.${date.kind}`, { when: date.when });
}

function datedBy({ since, sinceKind, monthOnly }: State, { chat: { timeZone }, words, now }: RowContext) {
  if (since === null) return null;
  if (sinceKind === 'first-reported') return { kind: 'reported' as const, when: words.dateTime(since, timeZone, now) };
  const day = words.day(since, sinceKind === 'standing' ? 'UTC' : timeZone, now);
  return { kind: 'since' as const, when: monthOnly ? words.month(since) : day };
}

/**
 * "🔴 Russia: WhatsApp blocked · since 12 Feb · corroborated · RU-whatsapp-3f9k": states that are told together, and the threat over what is not cut
 * off as a line of its own.
 */
function stateLines(group: readonly State[], context: RowContext): Inline[][] {
  const { chat, words, now } = context;
  const [state] = group;
  const { threat, incident, access } = state!;
  const lines: Inline[][] = [];
  if (incident === null || state!.covered || !isCut(state!)) {
    const name = words.say('headline', { country: words.country(state!.country), what: nameOfThing(state!, words) });
    // Where it can be read is told by `status`, which has the room.
    const cells = statusRow(group, name, context).slice(0, isRecordAlone(state!) ? 2 : undefined);
    if (access !== 'unknown' || state!.was !== null || state!.claim) lines.push([cells.join(' · ')]);
  } else {
    const regions = group.flatMap(({ region }) => region ?? []);
    const extent = {
      part: state!.network === 'mobile' ? ('mobile' as const) : state!.part,
      regional: regions.length > 0,
    };
    const age = now - incident.lastReportAt;
    const parts = [
      `${markOf(sayingOf({ ...incident, state: 'active' }))} ${headlineOf({ ...incident, state: 'active', regions }, words, extent)}`,
      sinceOf(state!, context),
      surenessOf(state!, words),
      claimOf(state!, words),
      // Nobody has looked for long: the reader should know how old this is.
      age > STATUS_POLICY.newsStaleMs ? words.say('status.age', { age: words.age(age) }) : null,
    ];
    lines.push([`${parts.filter((one) => one !== null).join(' · ')} · `, code(incident.id)]);
  }
  if (threat && (access === 'unknown' || access === 'open' || access === 'degraded')) {
    const when = words.day(threat.openedAt, chat.timeZone, now);
    const said = [`${markOf('warn')} ${headlineOf(threat, words)}`, words.say('line.since', { when })];
    lines.push([`${[...said, words.say(`confidence.${threat.confidence}`)].join(' · ')} · `, code(threat.id)]);
  }
  return lines;
}

/** How sure, in words; null = by the record alone, or it is not known. */
const surenessOf = ({ confidence, was }: State, words: Translator): string | null =>
  confidence && was === null ? words.say(`confidence.${confidence}`) : null;

/** "1 outlet says it works again", beside what still holds. */
export const claimOf = ({ claim }: State, words: Translator): string | null => {
  if (!claim) return null;
  if (claim.isStruckOff) return words.say('alert.struckOff');
  return claim.voices > 0 ? words.say('alert.easing', { n: claim.voices }) : words.say('alert.easingMeasured');
};

type RowContext = Pick<CommandContext, 'words' | 'now'> & { chat: Pick<ChatFacts, 'timeZone'> };

/** Items of a list, at most `max`. */
export function stateItems(states: readonly State[], max: number, context: RowContext): Inline[][] {
  return firstOf(
    together(states).flatMap((group) => stateLines(group, context)),
    max,
    context.words,
    (one) => one,
  );
}

export function stateList(states: readonly State[], max: number, context: CommandContext): Block[] {
  const items = stateItems(states, max, context);
  return items.length > 0 ? [list(items)] : [];
}

/** What is open of what is followed. */
export const openBlocks = (open: readonly State[], max: number, context: CommandContext): Block[] =>
  open.length > 0
    ? [line(context.words.say('subscribe.open')), ...stateList(open, max, context)]
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
    blocks.push(line(...context.hint('error.targets', example)));
  }
  if (changes) blocks.push(note(words.say('error.nothing')));
  const buttons = [...commands].map(([press, label]) => button(label, press));
  return answer(words, blocks, rows(buttons, 2));
}

/** What can be said of a service; `degraded` is stated by its action. */
type StateWord = 'open' | 'throttle' | 'restrict' | 'block' | 'shutdown' | 'unknown' | 'warn';

export const MARKS: Record<AccessState, string> = {
  open: '🟢',
  degraded: '🟠',
  blocked: '🔴',
  shutdown: '⚫',
  unknown: '❔',
};

/** "WhatsApp", "Mobile internet", "WhatsApp (AS8359)". */
export function nameOfThing({ service, network }: Pick<StateKey, 'service' | 'network'>, words: Translator): string {
  if (service === null) return words.say('status.unnamed');
  if (network === 'all') return words.service(service);
  if (network === 'mobile' && service === NETWORK) return capital(words.say('noun.mobile'));
  const more = network === 'mobile' ? words.say('noun.mobile') : network;
  return words.say('text.brackets', { text: words.service(service), more });
}

/** One row: what, how it stands since when, how sure, how old the newest evidence is. Each cell is a phrase of its own; where it can be read is `rowOf`’s. */
export function statusRow(group: readonly State[], name: string, context: RowContext): string[] {
  const { chat, words, now } = context;
  const state = group[0]!;
  const { threat, access, standing } = state;
  const mark = threat && (access === 'unknown' || access === 'open') ? '🟡' : MARKS[access];
  const cells = [`${mark} ${name}`, stateCell(group, context)];
  // A threat that came true is no news beside it.
  if (threat && access !== 'shutdown' && access !== 'blocked') {
    const when = words.day(threat.openedAt, chat.timeZone, now);
    cells.push(words.say('status.since', { state: words.say('state.warn'), when }));
  }
  cells.push(...[surenessOf(state, words), claimOf(state, words)].filter((one) => one !== null));
  const evidenceAt = state.evidenceAt ?? threat?.lastReportAt ?? null;
  if (state.faded && evidenceAt !== null)
    cells.push(words.say('status.confirmed', { when: words.day(evidenceAt, chat.timeZone, now) }));
  else if (evidenceAt !== null) cells.push(words.say('status.age', { age: words.age(now - evidenceAt) }));
  else if (!standing && !state.claim) cells.push(words.say('status.no'));
  if (standing?.by === 'register' && standing.reference === null) cells.push(words.say('status.register'));
  const id = (state.incident ?? threat)?.id;
  if (id) cells.push(id);
  return cells;
}

/** The same as a line of a list; the name leads to where it can be read. */
export function rowOf(group: readonly State[], name: string, context: RowContext): Inline[] {
  const [first = '', ...cells] = statusRow(group, name, context);
  const link = group[0]!.standing?.reference;
  const named: Inline[] = link ? [first.slice(0, first.length - name.length), { link, text: name }] : [first];
  return [...named, cells.map((cell) => ` · ${cell}`).join('')];
}

/** How it stands, since when, and where: "blocked since 12 Feb". */
export function stateCell(group: readonly State[], context: RowContext): string {
  const { words } = context;
  const state = group[0]!;
  const { access, action, was } = state;
  const word = wordOf(was ?? access, action);
  let text = words.say(word === 'restrict' && state.part === 'calls' ? 'state.calls' : `state.${word}`);
  const places = group.flatMap(({ region }) => region ?? []);
  if (places.length > 0) {
    const regions = places.slice(0, 3).map((region) => oneLine(words.region(region), 40));
    if (places.length > 3) regions.push(words.say('list.more', { n: places.length - 3 }));
    text = words.say('status.part', { state: text, regions: words.list(regions) });
  }
  const date = datedBy(state, context);
  if (date) text = words.say(`status.${date.kind}`, { state: text, when: date.when });
  if (state.covered) text = words.say('status.network', { state: text });
  return was === null ? text : words.say('status.was', { unknown: words.say('state.unknown'), was: text });
}

export const wordOf = (access: AccessState, action: State['action']): StateWord => {
  if (access === 'blocked') return 'block';
  if (access === 'degraded') return action === 'throttle' ? 'throttle' : 'restrict';
  return access;
};

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

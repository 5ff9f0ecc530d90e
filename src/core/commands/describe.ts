import { ANY } from '../model/chat.ts';
import type { Incident, Level } from '../model/incident.ts';
import type { Block, Inline, MessageDocument } from '../model/message.ts';
import type { Translator } from '../ports/translate.ts';
import { foreign } from '../render/foreign.ts';
import { headlineOf, markOf, sayingOf } from '../render/headline.ts';
import { STATUS_POLICY } from '../status/derive.ts';
import type { ChatFacts, CommandContext } from './command.ts';
import { answer, button, code, line, list, note, rows } from './document.ts';
import type { Target } from './target-names.ts';
import type { ParsedTargets } from './targets.ts';

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
    rows(
      [...commands].map(([press, label]) => button(label, press)),
      2,
    ),
  );
}

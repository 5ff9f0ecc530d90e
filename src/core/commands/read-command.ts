import { logFailure } from '../errors.ts';
import type { MessageDocument } from '../model/message.ts';
import type { IncomingCommand } from '../ports/chat-adapter.ts';
import type { ServiceHosts } from '../ports/reading.ts';
import { foreign, oneLine } from '../render/plain.ts';
import { answer, button, line } from './answer.ts';
import { INTENTS, together } from './asking/intents.ts';
import { type Asked, createAsking, type Understood, understand } from './asking/interpret.ts';
import { nearest } from './asking/targets.ts';
import { nightOf } from './asking/times.ts';
import { keyOf, type Vocabulary } from './asking/vocabulary.ts';
import { clocksNow, flagOf, zoneAmong } from './asking/zones.ts';
import type { Can } from './capabilities.ts';
import type { Command, CommandContext } from './command.ts';
import { type Home, personAt, type RouterDeps } from './context.ts';
import { searching, seek } from './follow/pickers.ts';
import type { ThroughChannel } from './settings/channel-and-board.ts';

/** Commands whose name or other word is near to what was typed. */
function nearCommands(word: string, byWord: ReadonlyMap<string, Command>): Command[] {
  const found = nearest(word, byWord.keys(), 6).map((one) => byWord.get(one)!);
  return [...new Set(found)].filter((command) => command.who !== 'operators').slice(0, 2);
}

/** No such command, and no sentence that is understood: what to type instead. */
export function unknownAnswer(text: string, near: readonly Command[], context: CommandContext): MessageDocument {
  const { words, hint } = context;
  const [word = '', ...rest] = text.split(/\s+/u);
  const help = line(...hint('error.help', 'help'));
  const blocks = [line(words.say('error.unknown', { word: foreign(word, 40) }))];
  const first = near[0];
  if (!first) return answer(words, [...blocks, help], [[button(words.say('button.help'), 'help')]]);
  const args = oneLine(rest.join(' '), 80);
  const commands = near.map((command) => (args === '' ? command.name : `${command.name} ${args}`));
  blocks.push(line(...hint('error.meant', commands[0]!)), help);
  return answer(words, blocks, [commands.map((command) => button(oneLine(command, 30), command))]);
}

/** Words, a pressed button or a sentence → a command with what it is about. Nothing is looked up here but what words mean. */

/** Adapters bound the text; this holds whatever they do. */
const MAX_TEXT = 1_000;
const MAX_WORD = 60;
const DAY_MS = 86_400_000;

/** A command as it was read: what it is, and how it is to be answered. */
export interface Given {
  event: IncomingCommand;
  home: Home | null;
  text: string;
  command: Command | null;
  args: string;
  /** What a plain sentence asked for; null: a command, or nothing that is understood. */
  asked: Asked | null;
  /** Commands that may have been meant; looking for them is dear, so only where it is needed. */
  near(): Command[];
  /** Given in a private chat, about a channel. */
  through: ThroughChannel | null;
}

type Written = Pick<IncomingCommand, 'text' | 'signed' | 'forwarded'>;

type ReadingDeps = Pick<
  RouterDeps,
  'log' | 'catalogue' | 'gazetteer' | 'serviceHosts' | 'account' | 'clock' | 'likely' | 'wants'
> &
  Pick<Can, 'targets' | 'known' | 'picks'> & { commands: readonly Command[] };

export function createReading(deps: ReadingDeps) {
  const { commands, targets } = deps;
  const byWord = commandsByWord(commands, deps.known.words);
  const byName = new Map(commands.map((command) => [command.name as string, command]));
  const asking = createAsking(targets, deps.catalogue, deps.known, deps.likely, deps.gazetteer ?? null);
  const can = { asking, targets, known: deps.known, command: (name: string) => byName.get(name)! };
  let hosts: ServiceHosts | null = null;

  /**
   * A command is parsed once and never taken for a sentence: a pressed button (`given`), and what begins with a command's word behind the sign
   * of commands. Plain words may be either. `shared`: others are spoken to there as well.
   */
  function read({ text: written, signed, forwarded }: Written, { shared, given }: { shared: boolean; given: boolean }) {
    const text = clean(written);
    const found = find(text, byWord, forwarded);
    const near = (): Command[] => (found.command || forwarded ? [] : nearCommands(found.word, byWord));
    const isSigned = signed === true || written.trimStart().startsWith('/');
    const isCommand = given || text === '' || (isSigned && found.command !== null);
    const chosen = found.command?.name === 'help' ? chosenBy(found.args) : null;
    const understood = chosen
      ? asGiven(chosen)
      : isCommand
        ? { command: found.command, args: found.args, asked: null }
        : understand({ text, ...found, isNear: () => near().length > 0, shared, forwarded }, hosts, can);
    return { text, ...byNames(understood, hosts), near };
  }

  const asGiven = (asked: Asked): Understood =>
    asked.kind === 'command'
      ? { command: can.command(asked.name), args: asked.args, asked }
      : { command: null, args: '', asked };

  /** "?woken RU": what was offered, and what it is about. */
  function chosenBy(args: string): Asked | null {
    const [, wanted = '', about = ''] = /^\?([a-z]+) ?(.*)$/u.exec(args) ?? [];
    // Codes are small words as well ("IR"); a flag is nothing else.
    return can.asking.as(wanted, about.replace(/(?<![\w-])[A-Z]{2}(?![\w-])/gu, flagOf), hosts);
  }

  /** The command of what goes on from a question about these, or corrects it; null = it does not. */
  function further(text: string, asked: Asked | null, { services, countries, again }: Kept): string | null {
    const { polite, further: goingOn } = deps.known;
    const words = keyOf(text).split(' ');
    const from = words.findIndex((word) => !polite.has(word));
    const bare = words.slice(Math.max(0, from)).join(' ');
    const goesOn = [words.join(' '), bare, text.toLowerCase()].some((said) => goingOn.test(` ${said} `));
    const own = asked?.kind === 'command' ? targets.parse(asked.args) : null;
    const other =
      asked?.kind === 'which' ? asked.parsed.problems[0]!.options.filter(({ id }) => !countries.includes(id)) : [];
    if (goesOn && other.length === 1) return ['status', other[0]!.id, ...services].join(' ');
    if (goesOn && asked?.kind === 'command' && asked.open) return ['status', ...countries, asked.args].join(' ');
    if ((own?.services.length ?? 0) > 0) return null;
    if (asked?.kind === 'command' && asked.name !== 'status' && (asked.sure || !goesOn)) return null;
    // What is clear by itself goes on from nothing.
    if (
      asked?.kind === 'which' ||
      (asked?.kind === 'intent' &&
        (asked.sure || !goesOn || (!asked.other && !asked.also && words.length > MAX_CORRECTION)))
    )
      return null;
    if (!goesOn && (countries.length > 0 || services.length === 0)) return null;
    const place = can.asking.as('status', `${text} ${services.join(' ')}`, hosts);
    return place?.kind === 'command' && /[A-Z]/u.test(place.args) ? `${again} ${place.args}` : null;
  }

  return {
    /**
     * To be awaited before a text with a dot is read: the domains of services are there from then on. Without their file the names of the catalogue
     * serve. Never throws.
     */
    async prepare(text: string): Promise<void> {
      try {
        if (text.includes('.')) hosts ??= (await deps.serviceHosts?.()) ?? null;
      } catch (error) {
        logFailure(deps.log, 'Unable to read the domains of services', error);
      }
    },
    of(event: IncomingCommand, through?: ThroughChannel): Given {
      const home = through?.home ?? deps.account(event.address.accountId);
      const shared = event.chatKind !== 'private' && home?.talk.prefix === '/';
      const given = event.button !== null || through !== undefined || event.sender.id === '';
      return { event, home, ...read(event, { shared, given }), through: through ?? null };
    },
    /** A name that is typed while a picker is open is looked up there; it is no question about the place. */
    async sought(given: Given): Promise<Given> {
      const { event, text, home } = given;
      const plain = given.command === null || given.asked !== null;
      if (!plain || event.button || event.forwarded || event.chatKind !== 'private' || !home?.talk.buttons)
        return given;
      const page = await searching(personAt(event), deps.clock.now(), deps.picks);
      if (page === null || seek(text, page, targets) === null) return given;
      return { ...given, command: can.command('subscribe'), args: `${page} ?${text}`, asked: null };
    },
    /**
     * What the bot has just asked for it takes: a time, a city, "yes", "the other one"; and a question that goes on ("and in Chad?"). `given` as it was
     * read by itself.
     */
    async answering(given: Given): Promise<Given> {
      const { event, text, asked } = given;
      const plain = !event.button && !event.forwarded && (given.command === null || asked !== null);
      const kept = plain && text.length <= MAX_WORD ? await deps.picks.get(askedAt(event)) : undefined;
      if (kept === undefined) return given;
      const { wanted, offers } = kept as Kept;
      const offered = asked?.kind === 'intent' ? offers[['which', 'other'].indexOf(asked.name)] : undefined;
      const as = (order: string): Given => {
        const chosen = order.startsWith('help ?') ? chosenBy(order.slice('help '.length)) : null;
        if (chosen) return { ...given, ...asGiven(chosen) };
        const [name = '', ...rest] = order.split(' ');
        return { ...given, command: can.command(name), args: rest.join(' '), asked: null };
      };
      const goesOn = offered ?? further(text, asked, kept as Kept);
      if (goesOn !== null) return as(goesOn);
      if (wanted === null) return given;
      // "Why do you wake me at 3?" is no answer.
      const clocks = asked?.kind === 'intent' && asked.name === 'clock' ? asked.about.clocks : [];
      const order = answerTo(wanted, text, clocks, deps);
      if (order === null) return given;
      await deps.picks.delete(askedAt(event));
      return as(order);
    },
    /** What a sentence wants that is no order, by the encoder as well; what it does not answer is read by letters alone, as it was. */
    async hearing(given: Given): Promise<Given> {
      const { event, text } = given;
      if (!deps.wants || event.button || event.forwarded || !isOpen(given)) return given;
      const ranked = await deps.wants(text);
      if (!ranked) return given;
      const heard = can.asking(text, hosts, false, together(deps.likely(text), ranked));
      return { ...given, ...asGiven(heard) };
    },
    /**
     * Remembers what an answer asks for, going by its buttons, and on a page of the settings by what it says can be typed: where that is of one kind,
     * a typed value counts as one of them. Who came for hours or a digest may be asked for the zone first.
     */
    async asks({ event, asked, command, args }: Given, documents: readonly MessageDocument[]): Promise<void> {
      // What can be done with a time is no question for another.
      if (asked?.kind === 'intent' && asked.name === 'clock') return;
      const pressed = documents
        .flatMap(({ buttons }) => buttons.flat())
        .map(({ press }) => ('command' in press ? press.command : ''));
      const typed = pressed.includes('settings') ? JSON.stringify(documents.map(({ blocks }) => blocks)) : '';
      const shown = ASKED.filter(({ sign }) => sign.test([...pressed, typed].join('\n'))).map(({ what }) => what);
      const isOne = shown.length === 1 || (shown.length === 2 && shown[0] === 'timezone');
      const wanted = isOne ? shown.join(' ') : null;
      const isChoice = asked?.kind === 'offer';
      const offers = pressed.filter((one) => OFFER.test(one) && (isChoice || !one.startsWith('help ?')));
      const isAsked = offers[0]?.startsWith('subscribe') || QUESTION.test(JSON.stringify(documents.at(-1)?.blocks));
      const about =
        asked?.kind === 'intent' || isChoice ? asked.about : command?.name === 'status' ? targets.parse(args) : NOTHING;
      if (wanted === null && !isAsked && about.services.length + about.countries.length === 0) {
        // "Yes" is for what was said last.
        const before = (await deps.picks.get(askedAt(event))) as Kept | undefined;
        if (before && before.offers.length > 0)
          await deps.picks.set(askedAt(event), { ...before, offers: [] }, ASKED_MS);
        return;
      }
      const { services, countries } = about;
      const again =
        asked?.kind === 'intent' && !asked.sure && INTENTS[asked.name]?.shows ? `help ?${asked.name}` : 'status';
      // Of many nobody means the first.
      const kept: Kept = {
        wanted,
        offers: isAsked && offers.length <= MAX_OFFERS ? offers : [],
        services,
        countries,
        again,
      };
      await deps.picks.set(askedAt(event), kept, ASKED_MS);
    },
    /** That only text is read is said once a chat and day. */
    async wasToldOfText({ asked, event }: Given): Promise<boolean> {
      if (asked?.kind !== 'intent' || asked.name !== 'unread') return false;
      const key = JSON.stringify(['unread', event.address]);
      if ((await deps.picks.get(key)) !== undefined) return true;
      await deps.picks.set(key, true, DAY_MS);
      return false;
    },
    /** A text alone, as it would be read in a private chat. */
    text: (typed: Written) => read(typed, { shared: false, given: false }),
  };
}

/** No order that is wholly understood, no question about what was named alone, nothing that was said to another bot. */
function isOpen({ asked }: Given): boolean {
  if (asked === null || asked.kind === 'which') return false;
  return asked.kind === 'command' ? !asked.sure : asked.kind !== 'intent' || !asked.sure;
}

/** What is asked for, and the commands that show it. */
const ASKED = [
  { what: 'timezone', sign: /\btimezone (?!here)/u },
  { what: 'quiet', sign: /\bsettings quiet \d/u },
  { what: 'digest', sign: /\bsettings digest (?:daily|weekly)/u },
];
/** What was asked for, what could be pressed, what it was about. */
interface Kept {
  wanted: string | null;
  offers: readonly string[];
  services: readonly string[];
  countries: readonly string[];
  /** What was asked about them, as a command. */
  again: string;
}
/** What "yes" may stand for: it follows, or answers a question. */
const OFFER =
  /^(?:subscribe (?:only )?[A-Z]{2} |subscribe [A-Z]{2}$|unsubscribe |mute |settings (?:quiet \d|digest d|sound)|language |status |help \?)/u;
const MAX_OFFERS = 3;
/** "Sorry, Equatorial Guinea" is no more, however else it may sound. */
const MAX_CORRECTION = 5;
const NOTHING: Pick<Kept, 'services' | 'countries'> = { services: [], countries: [] };
const QUESTION = /[?؟？]/u;
const ASKED_MS = 900_000;
const askedAt = (event: IncomingCommand): string => `${personAt(event)} asked`;

/** The command that a typed value makes of what is wanted; null = it is none. */
function answerTo(
  wanted: string,
  text: string,
  clocks: readonly string[],
  { known, clock }: Pick<ReadingDeps, 'known' | 'clock'>,
): string | null {
  const [first, second] = clocks;
  if (wanted === 'quiet' && first !== undefined) return `settings quiet ${nightOf(first, second).join('-')}`;
  if (second !== undefined) return wanted.endsWith('quiet') ? `settings quiet ${clocks.join('-')}` : null;
  if (!wanted.startsWith('timezone'))
    return wanted === 'digest' && first !== undefined ? `settings digest ${first}` : null;
  const words = keyOf(text).split(' ');
  // "Kinshasa, is the network down?" sets no clock.
  const isCity = words.length <= MAX_CITY && !QUESTION.test(text) && !words.some(known.isState);
  const city = isCity ? zoneAmong(text, words, known) : null;
  const zone = first === undefined ? city : clocksNow(first, clock.now(), [], 'en', known)[0];
  return zone ? wanted.replace('timezone', `timezone ${zone}`) : null;
}
const MAX_CITY = 3;

/** Commands about countries and services: in their arguments a site's name stands for its service. */
const ABOUT = new Set(['status', 'subscribe', 'unsubscribe', 'mute', 'unmute', 'history', 'incident']);

function byNames(understood: Understood, hosts: ServiceHosts | null): Understood {
  const { command, args } = understood;
  if (!hosts || !command || !ABOUT.has(command.name) || !args.includes('.')) return understood;
  const named = (word: string): string =>
    hosts.find(word.replace(/^https?:\/\//iu, '').split(/[/?#]/u)[0]!)?.service ?? word;
  return { ...understood, args: args.split(' ').map(named).join(' ') };
}

/** In a group with plain "/" commands other bots are spoken to as well. */
export const isForeign = ({ command, asked, near, event, home, text }: Given): boolean =>
  !command &&
  asked === null &&
  event.chatKind !== 'private' &&
  home?.talk.prefix === '/' &&
  text !== '' &&
  near().length === 0;

/** By every word that calls it; a command's own name and its English words go before what other languages call another one. */
function commandsByWord(commands: readonly Command[], words: Vocabulary['words']): Map<string, Command> {
  const byWord = new Map<string, Command>();
  const own = ({ name }: Command): string[] => [name, ...words.in('en', `command.${name}`)];
  for (const wordsOf of [own, ({ name }: Command) => words.all(`command.${name}`)])
    for (const command of commands)
      // A sign has no key: it is one.
      for (const word of wordsOf(command)) byWord.getOrInsert(keyOf(word) || word, command);
  return byWord;
}

const clean = (text: string): string => text.slice(0, MAX_TEXT).replace(/\s+/gu, ' ').trim().replace(/^\//u, '');

/** The longest beginning of the text that is a command's word (what was forwarded is none): "о боте" before "о". An empty text asks for help. */
function find(
  text: string,
  byWord: ReadonlyMap<string, Command>,
  forwarded?: true,
): { command: Command | null; word: string; args: string } {
  if (forwarded) return { command: null, word: '', args: '' };
  if (text === '') return { command: byWord.get('help') ?? null, word: '', args: '' };
  const parts = text.split(' ');
  for (const length of [2, 1]) {
    if (parts.length < length) continue;
    // "/status@tocsin_bot": whoever it names, it reached us.
    const typed = parts.slice(0, length).join(' ').slice(0, MAX_WORD).replace(/@\w+$/u, '');
    const key = keyOf(typed) || typed;
    const command = byWord.get(key);
    // Signs fall away in a key: "subscribe 🇷🇺" is one word and its argument.
    if (command && (length === 1 || key.includes(' ')))
      return { command, word: typed, args: parts.slice(length).join(' ') };
  }
  return { command: null, word: keyOf(parts[0]!.slice(0, MAX_WORD)), args: '' };
}

/** Between a command that was typed as one and a plain sentence: which of the two is meant. */
import type { ServiceHosts } from '../../ports/service-hosts.ts';
import type { Command } from '../command.ts';
import { splitYes } from '../confirm.ts';
import { matchersOf, type TargetIndex } from '../targets.ts';
import { badTime, findTime, withoutTime } from '../times.ts';
import type { Asked } from './asked.ts';
import type { Asking } from './interpret.ts';

export interface Typed {
  text: string;
  /** The command whose word the text begins with. */
  command: Command | null;
  args: string;
  /** May one be near that was mistyped? */
  isNear(): boolean;
  /** A pressed button, or what nobody typed. */
  exact: boolean;
  /** Others are spoken to in this chat as well. */
  shared: boolean;
  /** Somebody else wrote it. */
  forwarded: true | undefined;
}

export interface Understood {
  command: Command | null;
  args: string;
  /** What a sentence asked for; null: it was no sentence. */
  asked: Asked | null;
}

interface Capabilities {
  asking: Asking;
  targets: TargetIndex;
  command(name: string): Command;
}

/** Commands whose word may begin a sentence: "stop telling me about …", "now whatsapp?". */
const WORDY = new Set(['status', 'subscribe', 'unsubscribe', 'mute', 'unmute']);
/** So many words may be a command that was mistyped; more are a sentence. */
const MAX_TYPED = 3;

export function understand(typed: Typed, hosts: ServiceHosts | null, can: Capabilities): Understood {
  const { text, command, args, exact, shared } = typed;
  const plain: Understood = { command, args, asked: null };
  if (exact || text === '' || (command && !isDoubtful(command, args, can.targets))) return plain;
  const asked = can.asking.read(text, hosts, typed.forwarded);
  const given = (): Understood =>
    asked.kind === 'command'
      ? { command: can.command(asked.name), args: asked.args, asked }
      : { command: null, args: '', asked };
  const sure = asked.kind === 'command' && asked.sure;
  // "subscribe country" is a command with a word of its own, no sentence that names nothing.
  if (command && asked.kind === 'command' && asked.name === command.name)
    if (asked.args === '' || (command.name !== 'mute' && isShort(args) && findTime(args) !== null))
      // A time is no part of what was typed as a command, unless it is one of `mute`.
      return plain;
  // "Forget what you were told and …": told to somebody else.
  if (command?.name === 'forget') return asked.kind === 'command' && asked.name === 'status' ? plain : given();
  if (command && (NAMELESS.has(command.name) || command.name === 'unmute'))
    return isAboutOthers(asked, command) ? given() : plain;
  if (command) return sure ? given() : plain;
  // A command to another bot is none of ours.
  if (shared) return sure && text.includes(' ') ? given() : plain;
  if (
    !sure &&
    asked.kind !== 'which' &&
    asked.kind !== 'hello' &&
    text.split(' ').length <= MAX_TYPED &&
    !isName(text, can.targets) &&
    typed.isNear()
  )
    return plain;
  return asked.kind === 'none' && !text.includes(' ') ? plain : given();
}

/** Commands that name no country or service: "time to check whatsapp in russia", "help, telegram is down in Cuba" begin with their words. */
const NAMELESS = new Set(
  'about help ping timezone language level settings subscriptions export link unlink board'.split(' '),
);
/** Those to whose name nothing is added: a country after it belongs to a sentence. */
const WITHOUT_WORDS = new Set('about help ping subscriptions'.split(' '));
const MIN_SENTENCE = 3;

const isShort = (args: string): boolean => args.split(' ').length <= 5;

/** Does it begin with the name of a country or a service? That is no mistyped command. */
function isName(text: string, targets: TargetIndex): boolean {
  const { countries, services } = targets.parse(text.split(' ', 1)[0]!);
  return countries.length + services.length > 0;
}

/** More than a word or two. */
const isTold = (args: string): boolean => !splitYes(args).yes && args.split(' ').length > 2;

/** Its arguments hold words that it does not know. */
function isDoubtful(command: Command, args: string, targets: TargetIndex): boolean {
  // A path is a time zone, or forged as one.
  if (command.name === 'forget') return isTold(args);
  if (NAMELESS.has(command.name)) return args.split(' ').length + 1 >= MIN_SENTENCE && !args.includes('/');
  if (args === '' || !WORDY.has(command.name)) return false;
  // A time that is none is said to be none, whatever else is known.
  if (command.name === 'mute' && findTime(args) === null && badTime(args) !== null) return false;
  const parsed = targets.parse(command.name === 'mute' ? withoutTime(args) : splitYes(args).rest);
  return parsed.problems.length > 0 || (command.name === 'mute' && matchersOf(parsed).length === 0);
}

/** A sentence about a service, or an order of another kind. */
const isAboutOthers = (asked: Asked, command: Command): boolean =>
  asked.kind === 'command' &&
  asked.name !== command.name &&
  asked.args !== '' &&
  (WITHOUT_WORDS.has(command.name) || /(?:^|\s)[a-z]/u.test(asked.args));

import type { ChatAddress } from '../model/chat.ts';
import type { MessageDocument } from '../model/message.ts';
import type { SendOutcome } from '../ports/chat-adapter.ts';
import type { OwedAnswer } from '../ports/outbox.ts';
import { backoff } from './pacer.ts';

/**
 * - change: the chat follows or is notified of something else now; its present state says so as well
 * - question: answered by looking; asked again it costs nothing
 * - text: anything else that must be read as it is (not understood, not permitted, failed)
 * - dropped: commands past a budget were not carried out
 * - picture: or a file; goes with the answer before it, and says nothing that is not said there; the first that is left out
 */
export type ReplyKind = 'change' | 'question' | 'text' | 'dropped' | 'picture';

/** Who is answered: those who run the bot, people, and people who just sent far more than a person types. */
export type Asker = 'operator' | 'person' | 'flooder';

/** What one answer stands for when a chat's answers are merged: the newest state of the chat wins. */
export interface Merged {
  /** Something was changed. */
  changed: boolean;
  /** The newest question is answered; false when `changed` takes its place. */
  asked: boolean;
  /** Questions that this one answer leaves unanswered. */
  unanswered: number;
  /** The newest of its kind. */
  text: MessageDocument | null;
  /** Commands were not carried out. */
  dropped: boolean;
}

/** Makes a merged answer from what is true when it is sent. Null = nothing to say any more. */
export type Later = (merged: Merged) => Promise<MessageDocument | null>;

export interface Reply {
  address: ChatAddress;
  group: boolean;
  /** Null: not made yet, `later` makes it when its turn comes. */
  document: MessageDocument | null;
  replyTo: string | null;
  /** Replace this message instead of sending a fresh one (a pressed button's message). */
  edit: string | null;
  /** Default `text`. */
  kind?: ReplyKind;
  /** Default `person`. */
  asker?: Asker;
  /** How this and others of the chat are said in one; without it the newest document is. */
  later?: Later;
  /** What waits in the outbox until this was sent. */
  owes?: readonly OwedAnswer[];
  /** The same when what it answers is answered once more: a platform that remembers it shows it once. */
  key?: string;
}

/** What waits to be said in one chat: messages of their own, or one merged answer. */
export interface Waiting {
  readonly address: ChatAddress;
  readonly group: boolean;
  readonly asker: Asker;
  readonly messages: readonly Reply[];
  readonly merged: { readonly what: Merged; readonly reply: Reply } | null;
}

/** Answers of one chat that may wait as messages of their own, while few people write. */
const OWN_PRIVATE = 15;
const OWN_GROUP = 3;
/** Of every so many answers one goes to those who flood, while others wait. */
const FLOODERS_EVERY = 5;
/** Answers are merged when more chats wait than are answered in about so many seconds. */
const CROWD_SECONDS = 2;
const CROWD_LEAST = 20;
const CROWD_MOST = 500;

/** Alerts that go after each answer while alerts wait: two thirds of the pace, and nearly all of it beside a flood. */
export const ALERTS_BESIDE_PEOPLE = 2;
export const ALERTS_BESIDE_FLOODERS = 9;

const kindOf = (reply: Reply): ReplyKind => reply.kind ?? 'text';
export const askerOf = (reply: Reply): Asker => reply.asker ?? 'person';

const RANK: Record<Asker, number> = { operator: 0, person: 1, flooder: 2 };
const better = (a: Asker, b: Asker): Asker => (RANK[a] <= RANK[b] ? a : b);

/** So many waiting chats are a crowd at this pace (messages a second; Infinity = unpaced). */
export const crowdAt = (rate: number): number => Math.min(CROWD_MOST, Math.max(CROWD_LEAST, rate * CROWD_SECONDS));

/** What waits in a chat after one more reply: never more than a few messages, or one merged answer. Null: nothing, as before. */
export function join(before: Waiting | null, reply: Reply, crowded: boolean): Waiting | null {
  const asker = better(before?.asker ?? 'flooder', askerOf(reply));
  const { needless = [], messages = [] } = Object.groupBy(before?.messages ?? [], (one) =>
    isSuperseded(one, reply) ? 'needless' : 'messages',
  );
  const place = { address: reply.address, group: reply.group, asker };
  const last = { ...reply, owes: [...needless, reply].flatMap(({ owes = [] }) => owes) };
  if (before?.merged == null && reply.document !== null && standsAlone(messages.length, reply, crowded))
    return { ...place, messages: [...messages, last], merged: null };
  if (kindOf(reply) === 'picture') return before;
  let merged = before?.merged ?? null;
  for (const one of [...messages, last]) if (kindOf(one) !== 'picture') merged = merge(merged, one);
  return { ...place, messages: [], merged };
}

/** Somebody taps on in one message, faster than it can be edited: only how it looks in the end is shown. */
const isSuperseded = (one: Reply, by: Reply): boolean =>
  one.edit !== null && one.edit === by.edit && kindOf(one) === 'text' && by.document !== null;

/** Is the reply a message of its own, behind so many others of the chat? */
function standsAlone(before: number, reply: Reply, crowded: boolean): boolean {
  const asker = askerOf(reply);
  if (kindOf(reply) === 'picture' && (crowded || asker === 'flooder')) return false;
  if (asker === 'operator' || (asker === 'person' && !crowded)) return before < (reply.group ? OWN_GROUP : OWN_PRIVATE);
  // What a change did is said when its turn comes, with what came after it.
  return before === 0 && kindOf(reply) !== 'change';
}

function merge(before: Waiting['merged'], reply: Reply): NonNullable<Waiting['merged']> {
  const { changed, asked, unanswered, text, dropped } = before?.what ?? NOTHING;
  const kind = kindOf(reply);
  const change = changed || kind === 'change';
  const question = kind === 'question';
  // Of the questions the newest is answered, but where something changed, that is what people must know.
  const left = unanswered + (question && (asked || changed) ? 1 : 0) + (change && asked ? 1 : 0);
  const what: Merged = {
    changed: change,
    asked: !change && (asked || question),
    unanswered: left,
    text: kind === 'text' ? reply.document : text,
    dropped: dropped || kind === 'dropped',
  };
  // Who made the last change, or asked the newest question, says it; a refusal that came later does not take their place.
  const keeps = before !== null && !question && kind !== 'change';
  const newest = {
    ...(keeps ? { ...before.reply, replyTo: reply.replyTo, edit: null } : reply),
    owes: [...(before?.reply.owes ?? []), ...(reply.owes ?? [])],
  };
  return { what, reply: newest.later ? { ...newest, document: null } : newest };
}

export const NOTHING: Merged = {
  changed: false,
  asked: false,
  unanswered: 0,
  text: null,
  dropped: false,
};

/** Takes the next message out: what is to be said, and what still waits, null when nothing does. */
export function takeOne(waiting: Waiting): { reply: Reply; merged: Merged | null; rest: Waiting | null } {
  const [reply, ...messages] = waiting.messages;
  if (reply) return { reply, merged: null, rest: messages.length > 0 ? { ...waiting, messages } : null };
  const { what, reply: newest } = waiting.merged!;
  return { reply: newest, merged: what, rest: null };
}

/** In which order those who wait are looked at. `turn` counts the answers that went. */
export function order(waiting: Record<Asker, number>, turn: number): readonly Asker[] {
  const flooders = waiting.flooder > 0 && turn % FLOODERS_EVERY === FLOODERS_EVERY - 1;
  return flooders ? ['operator', 'flooder', 'person'] : ['operator', 'person', 'flooder'];
}

/** A flood is distinguished from a crowd by who writes: nobody waits but those who sent far more than a person types. */
export const isFlood = (waiting: Record<Asker, number>): boolean =>
  waiting.flooder > 0 && waiting.person + waiting.operator === 0;

/** Tries of one answer that fail for reasons of its own. */
const MAX_ATTEMPTS = 5;
/** An answer that the account could not send for so long, ms, is given up: whoever asked has asked again. */
const MAX_AGE = 3_600_000;
/** A chat that moves on and on is given up. */
const MAX_MOVES = 5;

/** What becomes of an answer, after one try. */
export type AnswerNext =
  | { do: 'done' }
  /** Once more, under the same key where it is the same message. */
  | { do: 'again'; attempts: number; waitMs: number }
  | { do: 'again-there'; attempts: number; to: ChatAddress }
  | { do: 'again-afresh' }
  /** The chat takes nothing: what else waits for it goes, too. */
  | { do: 'leave-chat' }
  /** The text before it has said the same. */
  | { do: 'say-less'; detail: string }
  | { do: 'complain'; message: string; fields: Record<string, string> };

/** Decides it. Pure. `reply`: as it was sent; `ageMs`: since it was sent first; `random` yields 0 to 1. */
export function answerNext(
  outcome: SendOutcome,
  entry: { reply: Pick<Reply, 'edit' | 'document'>; attempts: number; ageMs: number },
  random: () => number,
): AnswerNext {
  const { reply, attempts } = entry;
  switch (outcome.kind) {
    case 'delivered':
      return { do: 'done' };
    case 'retry': {
      // Only failures of its own chat count: while the whole account must wait (the platform's limit, a server that is down), it waits with it.
      const ofAccount = outcome.scope === 'account';
      const why = ofAccount ? (entry.ageMs > MAX_AGE ? 'age' : null) : attempts >= MAX_ATTEMPTS ? 'attempts' : null;
      if (why !== null)
        return { do: 'complain', message: 'An answer could not be sent', fields: { code: outcome.reason, why } };
      const waitMs = outcome.afterMs ?? backoff(attempts, random());
      return { do: 'again', waitMs, attempts: ofAccount ? attempts : attempts + 1 };
    }
    case 'moved':
      return attempts >= MAX_MOVES ? { do: 'done' } : { do: 'again-there', attempts: attempts + 1, to: outcome.to };
    case 'gone':
      // It may be the account that is wrong: whether a chat ends is decided with the next alerts, among all chats (`gone-watch.ts`).
      return { do: 'leave-chat' };
    case 'rejected':
      // The message to replace may be gone: say it afresh.
      if (reply.edit !== null) return { do: 'again-afresh' };
      if (reply.document?.picture ?? reply.document?.file) return { do: 'say-less', detail: outcome.detail };
      return {
        do: 'complain',
        message: 'The platform refused an answer',
        fields: { code: outcome.reason, detail: outcome.detail },
      };
  }
}

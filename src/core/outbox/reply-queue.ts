import { logFailure } from '../errors.ts';
import type { ChatAddress } from '../model/chat.ts';
import type { MessageDocument } from '../model/message.ts';
import type { ChatAdapter, Outgoing, SendOutcome } from '../ports/chat-adapter.ts';
import type { OwedAnswer } from '../ports/outbox.ts';
import type { Tools } from '../ports/runtime.ts';
import { type PacedChat, type Pacer, backoff } from './pacer.ts';

/**
 * - change: the chat follows or is notified of something else now; its present state says so as well
 * - question: answered by looking; asked again it costs nothing
 * - text: anything else that must be read as it is (not understood, not permitted, failed)
 * - dropped: commands past a budget were not carried out
 * - picture: or a file; goes with the answer before it, and says nothing that is not said there; the first that is left out
 */
export type ReplyKind = 'change' | 'question' | 'text' | 'dropped' | 'picture';

/** Who is answered: those who run the bot, people, and people who just sent far more than a person types, or a word that has counted already. */
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

/** Alerts that go for each answer while alerts wait: half of the pace, two thirds of it beside a crowd, and nearly all beside a flood. */
const ALERTS_BESIDE_PEOPLE = 1;
const ALERTS_BESIDE_CROWD = 2;
const ALERTS_BESIDE_FLOODERS = 9;

const kindOf = (reply: Reply): ReplyKind => reply.kind ?? 'text';
const askerOf = (reply: Reply): Asker => reply.asker ?? 'person';

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
  const last = { ...reply, owes: [...needless, reply].flatMap(({ owes = [] }) => owes) };
  if (before?.merged == null && reply.document !== null && standsAlone(messages.length, reply, crowded))
    return { asker, messages: [...messages, last], merged: null };
  if (kindOf(reply) === 'picture') return before;
  let merged = before?.merged ?? null;
  for (const one of [...messages, last]) if (kindOf(one) !== 'picture') merged = merge(merged, one);
  return { asker, messages: [], merged };
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

/** In which order those who wait are looked at. `others`: answers that went to others since one went to those who flood. */
function order(waiting: Record<Asker, number>, others: number): readonly Asker[] {
  const flooders = waiting.flooder > 0 && others >= FLOODERS_EVERY - 1;
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

interface ReplyQueueDeps extends Tools {
  adapter: Pick<ChatAdapter, 'accountId'>;
  send(message: Outgoing, priority: 'reply', signal: AbortSignal): Promise<SendOutcome>;
  pacer: Pacer;
  move(from: ChatAddress, to: ChatAddress): Promise<void>;
  /** A send ended: there may be room for another. */
  onSettled(): void;
  /** These wait no more: they were sent, or never will be. */
  onAnswered?: ((answers: readonly OwedAnswer[]) => void) | undefined;
}

/**
 * Answers to people, the foremost lane of an account's sender. What they are about is carried out and stored, and the outbox knows who is owed
 * one (`Outbox.noteAnswers`). One at a time in a chat, in order; what waits is bounded by chats, never by commands (`reply-queue.ts`).
 */
export type ReplyQueue = ReturnType<typeof createReplyQueue>;

/** A message that was taken out of the queue; `merged`: not made yet. */
interface Sending {
  reply: Reply;
  merged: Merged | null;
  /** The same for every attempt: a platform that remembers it shows the answer once. */
  key: string;
  attempts: number;
  notBefore: number;
  /** When it was sent first, ms of the monotonic clock. */
  since: number;
}

/** Something else must happen first. */
const UNTIL_WOKEN = 5_000;
/** Chats that are looked at in one turn, at most: the others are behind them anyway. */
const LOOKS = 2_000;

export function createReplyQueue(deps: ReplyQueueDeps) {
  const { adapter, pacer, clock, ids, log } = deps;
  const { accountId } = adapter;
  const chats = createWaitingChats();
  /** To be sent once more, oldest first. */
  const again = new Map<string, Sending>();
  /** Chats that a message is under way to. */
  const busy = new Set<string>();
  let retries = 0;
  let lost = 0;

  const over = ({ owes = [] }: Reply): void => deps.onAnswered?.(owes);
  const isCrowd = (waiting: number): boolean => waiting >= crowdAt(pacer.rate());
  function crowded(): boolean {
    const { person, operator, flooder } = chats.counts();
    return isCrowd(person + operator + flooder);
  }

  function* candidates(): Generator<{ id: string; reply: Reply; notBefore: number }> {
    for (const [id, { reply, notBefore }] of again) yield { id, reply, notBefore };
    for (const [id, { messages, merged }] of chats.inOrder())
      yield { id, reply: messages[0] ?? merged!.reply, notBefore: 0 };
  }

  function take(id: string): Sending | null {
    const repeated = again.get(id);
    if (again.delete(id)) return repeated!;
    const one = chats.take(id);
    if (!one) return null;
    const key = one.reply.key ?? `reply.${ids.next()}`;
    return { ...one, key, attempts: 0, notBefore: 0, since: clock.monotonic() };
  }

  /** What is to be sent once more; null = it is over. */
  async function attempt(entry: Sending, signal: AbortSignal): Promise<Sending | null> {
    const document = await documentOf(entry);
    if (!document) return null;
    const { key } = entry;
    const reply = { ...entry.reply, document };
    const { address, replyTo, edit } = reply;
    const message: Outgoing =
      edit === null
        ? { op: 'send', address, document, key, replyTo }
        : { op: 'edit', address, document, key, messageRef: edit };
    return await afterTry({ ...entry, merged: null, reply }, await deps.send(message, 'reply', signal));
  }

  /** As `attempt`, by what came of it. */
  async function afterTry(entry: Sending, outcome: SendOutcome): Promise<Sending | null> {
    const { reply, attempts } = entry;
    const now = clock.monotonic();
    switch (outcome.kind) {
      case 'delivered':
        return null;
      case 'retry': {
        // Only failures of its own chat count: while the whole account must wait (the platform's limit, a server that is down), it waits with it.
        const ofAccount = outcome.scope === 'account';
        if (ofAccount ? now - entry.since <= MAX_AGE : attempts < MAX_ATTEMPTS) {
          const notBefore = now + (outcome.afterMs ?? backoff(attempts, ids.random()));
          return { ...entry, notBefore, attempts: ofAccount ? attempts : attempts + 1 };
        }
        const why = ofAccount ? 'age' : 'attempts';
        log.warn('An answer could not be sent', { account: accountId, code: outcome.reason, why });
        return null;
      }
      case 'moved':
        if (attempts >= MAX_MOVES) return null;
        await deps.move(reply.address, outcome.to);
        return { ...entry, attempts: attempts + 1, reply: { ...reply, address: outcome.to } };
      case 'gone':
        // It may be the account that is wrong: whether a chat ends is decided with the next alerts, among all chats (`flights.ts`).
        for (const left of chats.remove(reply.address)) over(left);
        return null;
      case 'rejected': {
        // The message to replace may be gone: say it afresh.
        if (reply.edit !== null) return { ...entry, key: `reply.${ids.next()}`, reply: { ...reply, edit: null } };
        const { reason: code, detail } = outcome;
        // The text before a picture or a file has said the same.
        if (reply.document?.picture ?? reply.document?.file)
          log.info('A picture or file was not sent', { account: accountId, detail });
        else log.warn('The platform refused an answer', { account: accountId, code, detail });
        return null;
      }
    }
  }

  return {
    /** Never turns a chat away for being one of many; see `crowded`. */
    add(reply: Reply): void {
      const { person, operator } = chats.counts();
      if (chats.add(reply, isCrowd(person + operator))) lost = 0;
      else {
        if (lost++ === 0) log.warn('More chats wait for an answer than can be kept', { account: accountId });
        over(reply);
      }
    },
    /** More chats wait than are answered within moments: answers are merged, and made when their turn comes. */
    crowded,
    /** How many alerts go for an answer, while alerts wait. */
    alertsPerAnswer(): number {
      if (isFlood(chats.counts())) return ALERTS_BESIDE_FLOODERS;
      return crowded() ? ALERTS_BESIDE_CROWD : ALERTS_BESIDE_PEOPLE;
    },
    /** Ids of at most `limit` answers whose chats may be sent to now, first come first; in how many ms another may be due, null when none waits. */
    due(now: number, limit: number): { answers: string[]; next: number | null } {
      const answers: string[] = [];
      let next: number | null = null;
      let looks = 0;
      const passed = new Set<string>();
      for (const { id, reply, notBefore } of candidates()) {
        next ??= UNTIL_WOKEN;
        if (answers.length >= limit || ++looks > LOOKS) break;
        const { chat } = reply.address;
        // Never before an earlier answer of the same chat.
        if (busy.has(chat) || passed.has(chat)) continue;
        passed.add(chat);
        const at = Math.max(notBefore, pacer.chatReadyAt(pacedChatOf(reply), now));
        if (at <= now) answers.push(id);
        else next = Math.min(next, at - now);
      }
      return { answers, next };
    },
    /** Sends one that was due: it leaves the queue, and its chat's slot is taken. */
    send(id: string, now: number, signal: AbortSignal): void {
      const entry = take(id);
      if (!entry) return;
      const { chat } = entry.reply.address;
      pacer.take(pacedChatOf(entry.reply), now);
      busy.add(chat);
      void attempt(entry, signal)
        .catch((error) => {
          logFailure(log, 'Unable to send an answer', error, { account: accountId });
          return null;
        })
        .then((next) => {
          busy.delete(chat);
          if (next) again.set(`again ${++retries}`, next);
          else over(entry.reply);
          deps.onSettled();
        });
    },
    inFlight: () => busy.size,
    /** Chats that wait, those under way not counted. */
    waiting(): number {
      const { operator, person, flooder } = chats.counts();
      return again.size + operator + person + flooder;
    },
  };
}

const pacedChatOf = ({ address, group }: Reply): PacedChat => ({ key: address.chat, group, answer: true });

/** Null: there is nothing to be said any more. */
async function documentOf({ reply, merged }: Sending): Promise<MessageDocument | null> {
  if (reply.later && (merged || !reply.document)) return await reply.later(merged ?? { ...NOTHING, asked: true });
  return merged?.text ?? reply.document;
}

/** About 500 bytes each. */
const MAX_CHATS = 50_000;

const idOf = ({ chat, thread }: ChatAddress): string => `${chat} ${thread ?? ''}`;

/** Every chat that waits for an answer, in the order in which they began to wait; memory grows with chats, never with commands. */
export function createWaitingChats() {
  const lines: Record<Asker, Map<string, Waiting>> = { operator: new Map(), person: new Map(), flooder: new Map() };
  let others = 0;

  const counts = (): Record<Asker, number> => ({
    operator: lines.operator.size,
    person: lines.person.size,
    flooder: lines.flooder.size,
  });
  const find = (id: string): Waiting | null =>
    lines.operator.get(id) ?? lines.person.get(id) ?? lines.flooder.get(id) ?? null;

  return {
    counts,
    /** False: more chats wait than are kept; this one's answer is lost. */
    add(reply: Reply, crowded: boolean): boolean {
      const id = idOf(reply.address);
      const before = find(id);
      const { operator, person, flooder } = counts();
      if (!before && operator + person + flooder >= MAX_CHATS && askerOf(reply) !== 'operator') return false;
      const after = join(before, reply, crowded);
      if (!after) return true;
      // Who was recognised as a person meanwhile goes to the end of that line.
      if (before && before.asker !== after.asker) lines[before.asker].delete(id);
      lines[after.asker].set(id, after);
      return true;
    },
    /** Those who run the bot, then people, then those who flood; none of them for ever last. */
    *inOrder(): Iterable<[id: string, waiting: Waiting]> {
      for (const asker of order(counts(), others)) yield* lines[asker];
    },
    /** The next message of this chat, taken out. Null = it does not wait. */
    take(id: string): { reply: Reply; merged: Merged | null } | null {
      const waiting = find(id);
      if (!waiting) return null;
      const [first, ...messages] = waiting.messages;
      others = waiting.asker === 'flooder' ? 0 : others + 1;
      const line = lines[waiting.asker];
      line.delete(id);
      // To the end of the line: other chats wait for their first.
      if (messages.length > 0) line.set(id, { ...waiting, messages });
      return first ? { reply: first, merged: null } : { reply: waiting.merged!.reply, merged: waiting.merged!.what };
    },
    /** Takes out all that waits there. */
    remove(address: ChatAddress): readonly Reply[] {
      const id = idOf(address);
      const waiting = find(id);
      if (!waiting) return [];
      lines[waiting.asker].delete(id);
      return waiting.merged ? [waiting.merged.reply] : waiting.messages;
    },
  };
}

/** Commands that came while nobody received: what changes the chat is carried out late and said once, questions get one line. */
import type { ChatAddress } from '../model/chat.ts';
import type { Block, Inline, MessageDocument } from '../model/message.ts';
import type { ReplyKind } from '../outbox/answer-plan.ts';
import type { IncomingCommand, IncomingMissed } from '../ports/chat-adapter.ts';
import type { Translator } from '../ports/translate.ts';
import { answer, code, line, note } from './document.ts';
import type { ReadCommand, Router, RouterAnswer } from './routing.ts';

/** Older than this, ms, nobody may want it any more. */
const MAX_AGE_MS = 86_400_000;
/** Carried out, and named, at most. */
const MAX_DONE = 20;
const MAX_NAMED = 5;
/** Of one command's answer: what was done, and to what. */
const BLOCKS_EACH = 2;

export interface MissedPlan {
  /** Indices, oldest first. */
  carryOut: number[];
  tooOld: number[];
  asked: number[];
}

/** What to do with each. Somebody who wrote the opposite later has changed their mind. Pure. */
export function planMissed(
  commands: readonly (ReadCommand & { senderId: string; sentAt: number })[],
  now: number,
): MissedPlan {
  const plan: MissedPlan = { carryOut: [], tooOld: [], asked: [] };
  for (const [i, one] of commands.entries()) {
    if (!one.changes) plan.asked.push(i);
    else if (now - one.sentAt >= MAX_AGE_MS) plan.tooOld.push(i);
    else if (!commands.slice(i + 1).some((later) => later.senderId === one.senderId && overtakes(later, one)))
      plan.carryOut.push(i);
  }
  plan.carryOut = plan.carryOut.slice(-MAX_DONE);
  return plan;
}

const OPPOSITES = [
  ['subscribe', 'unsubscribe'],
  ['mute', 'unmute'],
];
/** Each replaces what it said before. */
const REPLACING = ['language', 'level', 'timezone'];

/** Does the later command make the earlier one needless? */
export function overtakes(later: ReadCommand, earlier: ReadCommand): boolean {
  const [a, b] = [later.name, earlier.name];
  if (!later.changes || a === null || b === null) return false;
  if (a === b && REPLACING.includes(a)) return true;
  const pair = OPPOSITES.some((names) => names.includes(a) && names.includes(b));
  return pair && later.args.toLowerCase() === earlier.args.toLowerCase();
}

export interface MissedAnswer {
  document: MessageDocument;
  address: ChatAddress;
  replyTo: string | null;
  kind: ReplyKind;
}

/** Carries out what is still wanted, and makes the one message about it all. Null = nothing to say. */
export async function answerMissed(
  event: IncomingMissed,
  router: Pick<Router, 'read' | 'handle' | 'words'>,
): Promise<MissedAnswer | null> {
  const last = event.commands.at(-1);
  if (!last) return null;
  const { now } = await router.words(last);
  const commands = event.commands.map((one) => ({ one, ...router.read(one.text, one.forwarded) }));
  const plan = planMissed(
    commands.map(({ one, ...read }) => ({ ...read, senderId: one.sender.id, sentAt: one.sentAt })),
    now,
  );
  const done: { one: IncomingCommand; given: RouterAnswer }[] = [];
  for (const i of plan.carryOut) {
    const { one } = commands[i]!;
    const given = await router.handle(one);
    if (given) done.push({ one, given });
  }
  // A language may have been chosen just now.
  const { words, typed } = await router.words(last);
  const name = (i: number): string => typed(commands[i]!.one.text);
  const blocks = [
    ...outcomes(
      words,
      typed,
      'missed.done',
      done.filter(({ given }) => given.kind === 'change'),
    ),
    ...outcomes(
      words,
      typed,
      'missed.notDone',
      done.filter(({ given }) => given.kind !== 'change'),
    ),
    ...named(words, 'missed.tooOld', plan.tooOld.map(name)),
    ...named(words, 'missed.asked', plan.asked.map(name)),
  ];
  if (blocks.length === 0) return null;
  const threads = new Set(event.commands.map((one) => one.address.thread));
  const thread = threads.size === 1 ? last.address.thread : null;
  const changed = done.some(({ given }) => given.kind === 'change');
  return {
    document: answer(words, blocks),
    address: { ...event.address, thread },
    replyTo: last.messageRef,
    kind: changed ? 'change' : 'text',
  };
}

function outcomes(
  words: Translator,
  typed: (command: string) => string,
  title: 'missed.done' | 'missed.notDone',
  done: { one: IncomingCommand; given: RouterAnswer }[],
): Block[] {
  if (done.length === 0) return [];
  const shown = done
    .slice(-MAX_NAMED)
    .flatMap(({ one, given }) => [
      line(code(typed(one.text))),
      ...(given.documents[0]?.blocks ?? []).slice(0, BLOCKS_EACH),
    ]);
  const rest = done.length - MAX_NAMED;
  return [line(words.say(title)), ...shown, ...(rest > 0 ? [note(words.say('list.more', { n: rest }))] : [])];
}

function named(words: Translator, key: 'missed.tooOld' | 'missed.asked', commands: string[]): Block[] {
  if (commands.length === 0) return [];
  const shown = commands.slice(-MAX_NAMED).flatMap((text, i): Inline[] => [...(i > 0 ? [', '] : []), code(text)]);
  const rest = commands.length - MAX_NAMED;
  if (rest > 0) shown.push(`, ${words.say('list.more', { n: rest })}`);
  return [line(...words.rich(key, { commands: shown }))];
}

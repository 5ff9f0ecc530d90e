import { createHash } from 'node:crypto';
import LOOKS from '../../config/day-states.json' with { type: 'json' };
import { groupsOf, nameOfThing, stateItems } from './commands/answer.ts';
import type { Chat, ChatAddress, Subscription } from './model/chat.ts';
import type { Block, MessageDocument } from './model/message.ts';
import type { Tools } from './ports/runtime.ts';
import type { Board, Store } from './ports/store.ts';
import type { Translator } from './ports/translate.ts';
import { wordOfDay } from './render/timeline.ts';
import { type Answer, isPresent, isRecordAlone, nameOfKey, type State, type World } from './state/fold.ts';
import { type Cell, columnsOf, DAY_STATES, type DayState } from './timeline.ts';
import { allOf, keepAtIt } from './wakeable.ts';

/** Two edits are so far apart at least, ms: an hour of news must not use up a group's pace. */
export const EDIT_EVERY = 60_000;
/** What does not change is told anew so often: it says as of when, and a message that was deleted is noticed. */
export const REFRESH_EVERY = 6 * 3_600_000;
/** A message that cannot be sent (no right to write) is tried again after so long. */
export const AGAIN_AFTER = 3_600_000;

type BoardPlan =
  | { do: 'send'; why: 'first' | 'lost' | 'deleted' | 'again' }
  | { do: 'edit'; why: 'changed' | 'refresh' }
  | { do: 'pin'; why: 'new' }
  | { do: 'wait'; why: 'under-way' | 'refused' | 'too-soon' | 'up-to-date' };

/** What is to be done about a board that should show `content` now. Pure. `now`: ms since the epoch. */
export function planBoard(board: Board, content: string, now: number): BoardPlan {
  // A clock that was set back must not hold a board for ever.
  const age = Math.abs(now - board.changedAt);
  if (board.pending) return { do: 'wait', why: 'under-way' };
  if (board.failed === 'send')
    return age >= AGAIN_AFTER ? { do: 'send', why: 'again' } : { do: 'wait', why: 'refused' };
  if (board.noticeId === null) return { do: 'send', why: 'first' };
  if (age < EDIT_EVERY && (board.failed === 'edit' || board.messageRef === null))
    return { do: 'wait', why: 'too-soon' };
  // Whoever deleted it did not switch it off: it comes back, once a minute at most.
  if (board.failed === 'edit') return { do: 'send', why: 'deleted' };
  if (board.messageRef === null) return { do: 'send', why: 'lost' };
  if (!board.pinned) return { do: 'pin', why: 'new' };
  if (board.shown !== content)
    return age >= EDIT_EVERY ? { do: 'edit', why: 'changed' } : { do: 'wait', why: 'too-soon' };
  return age >= REFRESH_EVERY ? { do: 'edit', why: 'refresh' } : { do: 'wait', why: 'up-to-date' };
}

/** The last days of what a board tells of, as text: a line each, a sign a day, told apart by shape. */

export const BOARD_DAYS = 14;
const MAX_LINES = 8;
const MAX_NAME = 28;

/** Before the sign of this moment. */
const NOW_SIGN = '▸';

/** As wide as each other where letters are, and told apart without colour. */
const signOf = (state: DayState): string => LOOKS[state].sign;

/** Lines for what is so now and what has ended lately, and below them what the signs mean. Empty where there is nothing to show. */
export async function timelineBlocks(
  answer: Answer,
  { timeZone }: { timeZone: string },
  words: Translator,
  now: number,
  world: Pick<World, 'days'>,
): Promise<Block[]> {
  const isShown = (one: State): boolean => isPresent(one) || (one.since ?? 0) >= now - BOARD_DAYS * DAY;
  const groups = groupsOf(answer.states.filter(isShown)).slice(0, MAX_LINES);
  if (groups.length === 0) return [];
  const columns = columnsOf(now, timeZone, BOARD_DAYS, BOARD_DAYS);
  const rows = await world.days(
    groups.map((group) => group[0]!),
    columns,
    answer,
    now,
  );
  const days = words.say('board.days', {
    from: words.shortDay(columns[0]!.from, timeZone, now),
    to: words.shortDay(now, timeZone, now),
  });
  const signs = (cells: readonly Cell[]): string => cells.map(({ state }) => signOf(state)).join('');
  const lines = rows.map(
    (row, at) => `${signs(row.cells)}${NOW_SIGN}${signs([row.now])}  ${nameOf(groups[at]!, words)}`,
  );
  const all = rows.flatMap(({ cells, now: at }) => [...cells, at]);
  return [
    { type: 'note', inline: [days] },
    { type: 'pre', text: lines.join('\n') },
    { type: 'note', inline: [`${legendOf(all, words)} | ${NOW_SIGN} ${words.say('picture.mark')}`] },
  ];
}

function nameOf(group: readonly State[], words: Translator): string {
  const [region, ...more] = group.flatMap((one) => one.region ?? []);
  const part = region === undefined ? [] : [words.region(region) + (more.length > 0 ? ` +${more.length}` : '')];
  const name = [nameOfThing(group[0]!, words), ...part, words.country(group[0]!.country)].join(' · ');
  return [...name].length > MAX_NAME ? `${[...name].slice(0, MAX_NAME - 1).join('')}…` : name;
}

/** "█ blocked | ▒ slowed down | · no reports": only what is there, the worst first. */
const legendOf = (cells: readonly Cell[], words: Translator): string =>
  DAY_STATES.toReversed()
    .filter((state) => cells.some((cell) => cell.state === state))
    .map((state) => `${state === 'gap' ? '␣' : signOf(state)} ${wordOfDay(state, words)}`)
    .join(' | ');

const MAX_SHOWN = 20;
const DAY = 86_400_000;

/** What a board shows: how it stands with what the chat follows, at its level, worst first. */
export const boardOf = (chat: Pick<Chat, 'level'>, followed: readonly Subscription[], world: World, now: number) =>
  world.of({ matchers: followed, level: chat.level }, now);

/** Changes with what is shown, and with nothing else; the time it was made is no part of it. */
export function contentOf(chat: Pick<Chat, 'lang' | 'timeZone'>, { states }: Pick<Answer, 'states'>): string {
  const shown = states.filter(isPresent).map((one) => {
    const { access, was, since, confidence, claim, faded, incident, threat } = one;
    const isOld = was !== null || faded;
    return [
      nameOfKey(one),
      access,
      was,
      since,
      confidence,
      claim?.voices,
      isOld || [incident?.version, threat?.version],
    ];
  });
  return createHash('sha256')
    .update(JSON.stringify([chat.lang, chat.timeZone, shown]))
    .digest('hex');
}

/** It never rings: whoever wants to be told gets the alerts. `timeline`: lines of the last days; empty = none. */
export function renderBoard(
  chat: Chat,
  { states, timeline }: { states: readonly State[]; timeline: readonly Block[] },
  words: Translator,
  now: number,
): MessageDocument {
  const present = states.filter(isPresent);
  const told = present.filter((one) => !isRecordAlone(one));
  const standing = present.filter(isRecordAlone);
  const blocks: Block[] = [{ type: 'paragraph', inline: [{ bold: [words.say('board.head')] }] }];
  if (told.length > 0) blocks.push({ type: 'list', items: stateItems(told, MAX_SHOWN, { chat, words, now }) });
  else blocks.push({ type: 'paragraph', inline: [words.say('status.worldNone')] });
  // Nobody should read "nothing is cut off" about what has been blocked for years.
  if (standing.length > 0) {
    const items = stateItems(standing, MAX_SHOWN, { chat, words, now });
    blocks.push({ type: 'paragraph', inline: [words.say('subscribe.standing')] }, { type: 'list', items });
  }
  blocks.push(...timeline);
  blocks.push({ type: 'note', inline: [words.say('board.as', { when: words.dateTime(now, chat.timeZone, now) })] });
  return { blocks, buttons: [], lang: words.lang, tone: 'notice' };
}

interface BoardWatchDeps extends Tools {
  store: Pick<Store, 'boards' | 'chats' | 'subscriptions' | 'notices'>;
  world: World;
  /**
   * Pins a message where the platform can: `refused` = we may not, which is no error; `never` = nothing is pinned there; `elsewhere` = this process does
   * not have the account. Never throws.
   */
  pin(address: ChatAddress, messageRef: string): Promise<'pinned' | 'refused' | 'never' | 'elsewhere'>;
  /** Deliveries were written: the accounts' senders may look. */
  wake(): void;
}

const LOOK_EVERY = 15_000;
const LINES = {
  begins: 'Unable to keep boards up to date; will go on trying',
  ends: 'Boards are kept up to date again',
};
const AT_ONCE = 100;

/** Keeps boards up to date: all of it through the outbox, so that a restart goes on where it was, inside the accounts' pace. */
export function createBoardWatch(deps: BoardWatchDeps) {
  const { store, clock, ids, log } = deps;

  async function tend(board: Board, world: World): Promise<boolean> {
    const chat = await store.chats.get(board.chatId);
    if (!chat) return false;
    const followed = await store.subscriptions.list(chat.id);
    const now = clock.now();
    const content = contentOf(chat, await boardOf(chat, followed, world, now));
    const plan = planBoard(board, content, now);
    if (plan.do === 'send') await store.boards.send(chat.id, ids.next(), content, clock.now());
    else if (plan.do === 'edit') await store.boards.edit(chat.id, ids.next(), content, clock.now());
    else if (plan.do === 'pin') {
      const outcome = await deps.pin(chat, board.messageRef!);
      if (outcome === 'elsewhere') return false;
      const refused = outcome === 'refused';
      const options = { priority: 'reply' as const, now: clock.now() };
      // Said once, also where a kill comes before the next line, and by whoever sends for the account, wherever that is.
      if (refused)
        await store.notices.tell(`${board.noticeId}.unpinned`, { kind: 'board-unpinned' }, [chat.id], options);
      // Once: an admin who unpins it does not want it pinned.
      await store.boards.pinned(chat.id);
      return refused;
    }
    return plan.do === 'send' || plan.do === 'edit';
  }

  async function look(): Promise<void> {
    let written = false;
    const world = deps.world.still();
    const paging = { idOf: ({ chatId }: Board) => chatId, atOnce: AT_ONCE, clock };
    for await (const board of allOf((...page) => store.boards.list(...page), paging))
      written = (await tend(board, world)) || written;
    if (written) deps.wake();
  }

  return {
    look,
    loop: (signal: AbortSignal): Promise<void> => keepAtIt(look, LOOK_EVERY, { clock, log, ...LINES }, signal),
  };
}

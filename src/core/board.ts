import { incidentLine } from './commands/answer.ts';
import { openNow } from './commands/look/known.ts';
import { ANY, type Chat, type ChatAddress, type Subscription } from './model/chat.ts';
import { type Incident, reaches } from './model/incident.ts';
import type { Block, MessageDocument } from './model/message.ts';
import type { Clock, Ids, Log } from './ports/runtime.ts';
import type { Board, IncidentTable, Store } from './ports/store.ts';
import type { Translator } from './ports/translate.ts';
import { wordOfDay } from './render/timeline.ts';
import { STATUS_POLICY } from './state.ts';
import {
  type Cell,
  type CellFacts,
  cellsOf,
  columnsOf,
  DAY_STATES,
  type DayState,
  type RowKey,
  type Period,
  type Story,
} from './timeline.ts';
import { keepAtIt } from './wakeable.ts';

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

/** As wide as each other where letters are, and told apart without colour. */
const SIGNS: Record<DayState, string> = {
  gap: ' ',
  none: '·',
  stale: '?',
  open: '○',
  warn: '△',
  restrict: '░',
  throttle: '▒',
  block: '█',
  shutdown: '■',
};

interface BoardPast {
  incidents: Pick<IncidentTable, 'transitionsOf'>;
  /** When this bot looked at all; null = that is not known, so it did. */
  watched(): Promise<readonly Period[] | null>;
}

/** Lines for the newest of these, and below them what the signs mean. Empty where there is nothing to show. */
export async function timelineBlocks(
  shown: readonly Incident[],
  { timeZone }: { timeZone: string },
  words: Translator,
  now: number,
  past: BoardPast,
): Promise<Block[]> {
  const keys = [
    ...new Map(shown.map(({ country, service }) => [`${country} ${service}`, { country, service }])).values(),
  ];
  if (keys.length === 0) return [];
  const columns = columnsOf(now, timeZone, BOARD_DAYS, BOARD_DAYS);
  const transitions = await past.incidents.transitionsOf(shown.map(({ id }) => id));
  const stories: Story[] = shown.map((incident) => ({ incident, transitions: transitions.get(incident.id) ?? [] }));
  const facts: CellFacts = { now, policy: STATUS_POLICY, watched: (await past.watched()) ?? [[0, now]] };
  const rows = keys.slice(0, MAX_LINES).map((key) => ({ key, cells: cellsOf(key, stories, columns, facts) }));
  const days = words.say('board.days', {
    from: words.shortDay(columns[0]!.from, timeZone, now),
    to: words.shortDay(now, timeZone, now),
  });
  const signs = (cells: readonly Cell[]): string => cells.map(({ state }) => SIGNS[state]).join('');
  const lines = rows.map(({ key, cells }) => `${signs(cells)}  ${nameOf(key, words)}`);
  const all = rows.flatMap(({ cells }) => cells);
  return [
    { type: 'note', inline: [days] },
    { type: 'pre', text: lines.join('\n') },
    { type: 'note', inline: [legendOf(all, words)] },
  ];
}

function nameOf({ country, service }: RowKey, words: Translator): string {
  const what = service === null ? words.say('status.unnamed') : words.service(service);
  const name = `${what} · ${words.country(country)}`;
  return [...name].length > MAX_NAME ? `${[...name].slice(0, MAX_NAME - 1).join('')}…` : name;
}

/** "█ blocked | ▒ slowed down | · no reports": only what is there, the worst first. */
const legendOf = (cells: readonly Cell[], words: Translator): string =>
  DAY_STATES.toReversed()
    .filter((state) => cells.some((cell) => cell.state === state))
    .map((state) => `${state === 'gap' ? '␣' : SIGNS[state]} ${wordOfDay(state, words)}`)
    .join(' | ');

const MAX_SHOWN = 20;
const PER_MATCHER = 50;
const DAY = 86_400_000;

/** What a board shows: open incidents of what the chat follows, at its level, worst first. */
export const openFor = (
  chat: Pick<Chat, 'level'>,
  followed: readonly Subscription[],
  incidents: Pick<IncidentTable, 'list'>,
): Promise<Incident[]> => openNow(incidents, followed, chat.level);

/** Changes with what is shown, and with nothing else; the time it was made is no part of it. */
export const contentOf = (chat: Pick<Chat, 'lang' | 'timeZone'>, open: readonly Incident[]): string =>
  [chat.lang, chat.timeZone, ...open.slice(0, MAX_SHOWN).map((one) => `${one.id}:${one.version}`), open.length]
    .join(' ')
    .slice(0, 1_000);

/** Of the same chat, what was told of lately as well: the way to how it stands now. */
export async function lastDaysFor(
  chat: Pick<Chat, 'level'>,
  followed: readonly Subscription[],
  incidents: Pick<IncidentTable, 'list'>,
  now: number,
): Promise<Incident[]> {
  const since = now - BOARD_DAYS * DAY;
  const found = new Map<string, Incident>();
  for (const { country, service } of followed) {
    const filter = { ...(country === ANY ? {} : { country }), ...(service === ANY ? {} : { service }) };
    for (const one of await incidents.list({ ...filter, since, limit: PER_MATCHER })) found.set(one.id, one);
  }
  return [...found.values()]
    .filter((one) => one.state !== 'withdrawn' && reaches(one.confidence, chat.level))
    .sort((a, b) => b.lastReportAt - a.lastReportAt || (a.id < b.id ? -1 : 1));
}

/** It never rings: whoever wants to be told gets the alerts. `timeline`: lines of the last days; empty = none. */
export function renderBoard(
  chat: Chat,
  { open, timeline }: { open: readonly Incident[]; timeline: readonly Block[] },
  words: Translator,
  now: number,
): MessageDocument {
  const items = open.slice(0, MAX_SHOWN).map((incident) => incidentLine(incident, chat, words, now));
  if (open.length > MAX_SHOWN) items.push([words.say('list.more', { n: open.length - MAX_SHOWN })]);
  const blocks: Block[] = [{ type: 'paragraph', inline: [{ bold: [words.say('board.head')] }] }];
  if (items.length > 0) blocks.push({ type: 'list', items });
  else blocks.push({ type: 'paragraph', inline: [words.say('board.none')] });
  blocks.push(...timeline);
  blocks.push({ type: 'note', inline: [words.say('board.as', { when: words.dateTime(now, chat.timeZone, now) })] });
  return { blocks, buttons: [], lang: words.lang, tone: 'notice' };
}

interface BoardWatchDeps {
  store: Pick<Store, 'boards' | 'chats' | 'subscriptions' | 'incidents' | 'notices'>;
  clock: Clock;
  ids: Ids;
  log: Log;
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

  async function tend(board: Board): Promise<boolean> {
    const chat = await store.chats.get(board.chatId);
    if (!chat) return false;
    const followed = await store.subscriptions.list(chat.id);
    const content = contentOf(chat, await openFor(chat, followed, store.incidents));
    const plan = planBoard(board, content, clock.now());
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
    for (let after = 0; ;) {
      const boards = await store.boards.list(after, AT_ONCE);
      for (const board of boards) {
        written = (await tend(board)) || written;
        after = board.chatId;
      }
      if (boards.length < AT_ONCE) break;
      await clock.sleep(0);
    }
    if (written) deps.wake();
  }

  return {
    look,
    loop: (signal: AbortSignal): Promise<void> => keepAtIt(look, LOOK_EVERY, { clock, log, ...LINES }, signal),
  };
}

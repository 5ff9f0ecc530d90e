import { incidentLine } from '../commands/describe.ts';
import { openNow } from '../commands/open-now.ts';
import { ANY, type Chat, type Subscription } from '../model/chat.ts';
import { type Incident, reaches } from '../model/incident.ts';
import type { Block, MessageDocument } from '../model/message.ts';
import type { IncidentTable } from '../ports/store.ts';
import type { Translator } from '../ports/translate.ts';
import { BOARD_DAYS } from './timeline.ts';

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

export interface BoardFacts {
  open: readonly Incident[];
  /** Lines of the last days; empty = none. */
  timeline: readonly Block[];
}

/** It never rings: whoever wants to be told gets the alerts. */
export function renderBoard(
  chat: Chat,
  { open, timeline }: BoardFacts,
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

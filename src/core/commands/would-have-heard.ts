/** "What would you have heard?": the last month of what a chat follows, at each level, so that a level is chosen by example. */
import { ANY } from '../model/chat.ts';
import { heardAt, type Incident, LEVELS, type Level, reaches } from '../model/incident.ts';
import type { Block, Inline } from '../model/message.ts';
import type { IncidentTable, SubscriptionTable } from '../ports/store.ts';
import { sayingOf, whatOf, whereOf } from '../render/headline.ts';
import type { CommandContext } from './command.ts';
import { type Matcher, nameOfLevel } from './describe.ts';
import { line, list } from './document.ts';

const DAY = 86_400_000;
const HEARD_DAYS = 30;
/** What of one country reaches the level within so long, ms, is told as one message. */
const TOGETHER = 60_000;
const PER_MATCHER = 500;
const EXAMPLES = 2;

export interface HeardCapabilities {
  incidents: Pick<IncidentTable, 'list'>;
  subscriptions: Pick<SubscriptionTable, 'list'>;
}

export interface WouldHaveHeard {
  level: Level;
  /** Messages that begin something; what became of it is not counted. */
  messages: number;
  /** Newest first. */
  examples: Incident[];
}

/** Pure. What was taken back was told all the same; what never got that sure was not. */
export function wouldHaveHeard(incidents: readonly Incident[], since: number): WouldHaveHeard[] {
  return LEVELS.map((level) => {
    const notified = incidents
      .filter((one) => reaches(one.confidence, level) || (level === 'early' && one.state === 'withdrawn'))
      .map((one) => ({ one, at: heardAt(one, level) }))
      .filter(({ at }) => at >= since)
      .sort((a, b) => b.at - a.at || (a.one.id < b.one.id ? -1 : 1));
    const messages = new Set(notified.map(({ one, at }) => `${one.country} ${Math.floor(at / TOGETHER)}`)).size;
    return { level, messages, examples: notified.slice(0, EXAMPLES).map(({ one }) => one) };
  });
}

/** As lines, for whoever follows something; what is not known is not told as "nothing". */
export async function heardBlocks(context: CommandContext, can: HeardCapabilities): Promise<Block[]> {
  const { words, chat, now } = context;
  const id = context.thread?.id ?? chat.id;
  const followed = id === null ? [] : await can.subscriptions.list(id);
  if (followed.length === 0) return [];
  const since = now - HEARD_DAYS * DAY;
  const heard = wouldHaveHeard(await lately(followed, since, can), since);
  if (heard.every(({ messages }) => messages === 0)) return [line(words.say('first.none'))];
  const items = heard.map(({ level, messages, examples }): Inline[] => {
    const count = messages === 0 ? words.say('first.nothing') : words.say('first.messages', { n: messages });
    const names = examples.map((one) =>
      words.say('headline', { country: whereOf([one], words), what: whatOf(wasOf(one), one.service, words) }),
    );
    return [{ bold: [nameOfLevel(level, words)] }, `: ${[count, ...names].join(' · ')}`];
  });
  return [line(words.say('first.heard')), list(items), line(words.say('first.choose'))];
}

/** What it began as: of what is over, not that it is. */
const wasOf = (one: Incident) => (one.family === 'warn' ? 'warn' : one.state === 'lifted' ? one.action : sayingOf(one));

async function lately(
  matchers: readonly Matcher[],
  since: number,
  { incidents }: Pick<HeardCapabilities, 'incidents'>,
): Promise<Incident[]> {
  const found = new Map<string, Incident>();
  for (const { country, service } of matchers) {
    const filter = { ...(country === ANY ? {} : { country }), ...(service === ANY ? {} : { service }) };
    for (const one of await incidents.list({ ...filter, since, limit: PER_MATCHER })) found.set(one.id, one);
  }
  return [...found.values()];
}

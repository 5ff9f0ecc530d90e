import { ANY } from '../model/chat.ts';
import type { Block } from '../model/message.ts';
import type { Store } from '../ports/store.ts';
import { labelOf } from '../render/pair.ts';
import type { Command } from './command.ts';
import { answer, head, line, note } from './document.ts';

const MAX_COUNTRIES = 40;

/** Numbers alone: no chat, no person. */
export const statsCommand = (can: { chats: Pick<Store['chats'], 'figures'> }): Command => ({
  name: 'stats',
  aliases: ['statistics', 'статистика'],
  examples: ['stats'],
  who: 'operators',
  replaces: false,
  async run({ words }) {
    const { kinds, gone, pairs, subscriptions, countries } = await can.chats.figures(MAX_COUNTRIES);
    const n = kinds.reduce((sum, one) => sum + one.chats, 0);
    const blocks: Block[] = [head(words.say('stats.chats', { n }))];
    const rows = kinds.map(({ platform, kind, chats }) => [
      labelOf({ platform, kind }, words),
      words.say('stats.chats', { n: chats }),
    ]);
    if (rows.length > 0) blocks.push({ type: 'table', head: null, rows });
    if (pairs > 0) blocks.push(line(words.say('stats.pairs', { count: String(pairs) })));
    if (gone > 0) blocks.push(note(words.say('stats.gone', { chats: words.say('stats.chats', { n: gone }) })));
    blocks.push(head(words.say('stats.countries', { count: String(subscriptions) })));
    const followed = countries.map(({ country, chats }) => [
      country === ANY ? words.say('status.world') : words.country(country),
      words.say('stats.chats', { n: chats }),
    ]);
    if (followed.length > 0) blocks.push({ type: 'table', head: null, rows: followed });
    return [answer(words, blocks)];
  },
});

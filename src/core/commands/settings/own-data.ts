import type { Block, Button, MessageDocument } from '../../model/message.ts';
import type { CopiedRow } from '../../ports/store.ts';
import { answer, button, line, note, partsOf, wholeChat } from '../answer.ts';
import type { Can } from '../capabilities.ts';
import { type Command, type CommandContext, splitYes } from '../command.ts';
import { forgetPlace } from '../look/readers.ts';
import { partPair } from './pairs.ts';

/** Characters of one part: with its heading it fits into one message of every platform. */
const PART = 3_000;
const MAX_LINE = 600;
/** Rows of one table. */
const MAX_ROWS = 1_000;

/** All that `forget` would delete, as JSON lines, in parts that fit into a message each. */
export const exportCommand = (can: Pick<Can, 'chats'>): Command => ({
  name: 'export',
  examples: ['export'],
  who: 'admins',
  async run(context) {
    const { words, chat, hint } = context;
    if (chat.id === null) return [nothing(context)];
    const copy = await can.chats.copy(chat.id, MAX_ROWS);
    const lines = Object.entries(copy).flatMap(([table, { rows }]) =>
      rows.map((row) => JSON.stringify({ table, ...readable(row) }).slice(0, MAX_LINE)),
    );
    const parts = partsOf(lines, PART);
    const asked = /^\d{1,4}$/u.test(context.args) ? Number(context.args) : 1;
    const part = Math.min(Math.max(1, asked), parts.length);
    const blocks: Block[] = [line(words.say('export.head')), { type: 'pre', text: parts[part - 1]! }];
    const buttons: Button[] = [];
    if (parts.length > 1) blocks.push(note(words.say('export.part', { part, parts: parts.length })));
    if (part < parts.length) {
      const next = `export ${part + 1}`;
      if (context.hasButtons) buttons.push(button(words.say('button.next'), next));
      else blocks.push(note(...hint('export.next', next)));
    }
    const missing = Object.values(copy).reduce((sum, { rows, total }) => sum + total - rows.length, 0);
    if (missing > 0) blocks.push(note(words.say('export.rest', { n: missing })));
    blocks.push(note(words.say('readers.kept')), ...wholeChat(context));
    return [answer(words, blocks, [buttons])];
  },
});

const nothing = ({ words, hint }: CommandContext): MessageDocument =>
  answer(words, [line(words.say('forget.nothing')), line(...hint('subscriptions.none', 'subscribe'))]);

/** Times as people write them, in UTC; what is empty is left out. */
const readable = (row: CopiedRow): Record<string, string | number> =>
  Object.fromEntries(
    Object.entries(row).flatMap(([name, value]): [string, string | number][] => {
      if (value === null || value === '') return [];
      const isTime = typeof value === 'number' && (name.endsWith('_at') || name === 'until');
      return [[name, isTime ? timeOf(value) : value]];
    }),
  );

const timeOf = (at: number): string | number => (Math.abs(at) <= 8.64e15 ? new Date(at).toISOString() : at);

export const forgetCommand = (can: Pick<Can, 'store' | 'ids' | 'picks'>): Command => ({
  name: 'forget',
  examples: ['forget'],
  who: 'admins',
  replaces: true,
  async run(context) {
    const { words, chat, hint } = context;
    if (chat.id === null) return [nothing(context)];
    if (!splitYes(context.args, context.known).yes) {
      const blocks = [line(words.say('forget.ask')), ...wholeChat(context)];
      if (!context.hasButtons) blocks.push(line(...hint('unsubscribe.confirm', 'forget yes')));
      return [
        answer(words, blocks, [
          [button(words.say('button.yesForget'), 'forget yes'), button(words.say('button.no'), 'subscriptions')],
        ]),
      ];
    }
    const link = await can.store.links.of(chat.id);
    if (link) await partPair(link, chat.id, context.now, can);
    await can.store.chats.forget(chat.id);
    await forgetPlace(context, can);
    context.changed();
    const done = [line(words.say('forget.done')), note(words.say('readers.kept')), ...wholeChat(context)];
    return [answer(words, done)];
  },
});

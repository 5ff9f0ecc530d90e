import { oneLine } from '../render/plain.ts';
import type { Command, CommandContext } from './command.ts';
import { answer, code, head, line } from './document.ts';
import type { BotHealth } from './health.ts';
import { splitIds } from './incident-id.ts';

const MAX_ROWS = 60;
const MAX_BECAUSE = 300;

/** Every source with its state; those in trouble first. */
export const sourcesCommand = (can: { health(): Promise<BotHealth> }): Command => ({
  name: 'sources',
  aliases: ['feeds', 'ленты'],
  examples: ['sources'],
  who: 'operators',
  replaces: false,
  async run({ words, now }) {
    const { sources } = await can.health();
    if (sources.length === 0) return [answer(words, [line(words.say('health.none'))])];
    const ordered = [...sources].sort(
      (a, b) => Number(b.failingSince !== null) - Number(a.failingSince !== null) || Number(b.stale) - Number(a.stale),
    );
    const table = ordered.slice(0, MAX_ROWS).map((source) => {
      const mark = source.failingSince !== null ? '🔴' : source.stale || source.lastOkAt === null ? '❔' : '🟢';
      return [`${mark} ${oneLine(source.label, 60)}`, stateOf(source)];
    });
    if (ordered.length > MAX_ROWS) table.push([words.say('list.more', { n: ordered.length - MAX_ROWS })]);
    return [
      answer(words, [
        head(words.say('sources.head', { n: sources.length })),
        { type: 'table', head: null, rows: table },
      ]),
    ];

    function stateOf(source: BotHealth['sources'][number]): string {
      if (source.failingSince !== null) {
        const problem = oneLine([source.lastCode, source.lastMessage].filter(Boolean).join(': ') || '?', 120);
        return words.say('sources.failing', { age: words.age(now - source.failingSince), problem });
      }
      if (source.lastOkAt === null) return words.say('sources.waiting');
      return words.say('sources.ok', { age: words.age(now - source.lastOkAt) });
    }
  },
});

export interface RetractCapability {
  /** Withdraws the incident and corrects what was said; false = no such incident. */
  retract(id: string, because: string): Promise<boolean>;
}

export const retractCommand = (can: RetractCapability): Command => ({
  name: 'retract',
  aliases: ['withdraw', 'отозвать'],
  examples: ['retract RU-whatsapp-3f9k because the outlet took it back'],
  who: 'operators',
  replaces: false,
  async run(context: CommandContext) {
    const { words, typed, args } = context;
    const id = splitIds(args, 1).ids[0];
    const because = oneLine(
      args.replace(/^\s*\S+\s*/u, '').replace(/^(?:because|потому что|так как)\s+/iu, ''),
      MAX_BECAUSE,
    );
    if (!id || because === '') {
      const example = 'retract RU-whatsapp-3f9k because the outlet took it back';
      return [answer(words, [line(...words.rich('retract.usage', { command: code(typed(example)) }))])];
    }
    const done = await can.retract(id, because);
    const text = words.rich(done ? 'retract.done' : 'incident.none', { id: code(id) });
    return [answer(words, [line(...text)])];
  },
});

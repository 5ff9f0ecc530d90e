import type { Block } from '../model/message.ts';
import type { SourceHealth } from '../poll/health.ts';
import type { Translator } from '../ports/translate.ts';
import { head } from './document.ts';
import type { BotHealth } from './health.ts';

/** How much the bot sees of the world: what "nothing is blocked" is worth. */
export type Sight =
  | { kind: 'clear' }
  /** Fewer than half of the sources were read at their last poll. */
  | { kind: 'dim'; ok: number; n: number }
  /** No source answers, and no agent measures. */
  | { kind: 'blind' }
  /** There is nothing to see by: no source and no agent. */
  | { kind: 'no-sources' }
  /** Just started: not all sources were asked yet, and none has answered. */
  | { kind: 'waiting' };

/** It was read at its last poll, and what it showed was the world. */
export const isSeeing = ({ lastOkAt, failingSince, stale, blind }: SourceHealth): boolean =>
  lastOkAt !== null && failingSince === null && !stale && blind !== true;

export function sightOf({ sources, agents }: Pick<BotHealth, 'sources' | 'agents'>): Sight {
  const measuring = agents.filter(
    (one) => one.lastSeenAt !== null && !one.missing && !one.stopped && !one.blind,
  ).length;
  const n = sources.length;
  const ok = sources.filter(isSeeing).length;
  if (n === 0 && agents.length === 0) return { kind: 'no-sources' };
  if (ok === 0 && measuring === 0)
    return sources.some((one) => one.lastPollAt === null) ? { kind: 'waiting' } : { kind: 'blind' };
  return ok * 2 < n ? { kind: 'dim', ok, n } : { kind: 'clear' };
}

/** What must be read before anything that the bot says it knows; null where it sees well. */
export function sightText(sight: Sight, words: Translator): string | null {
  switch (sight.kind) {
    case 'clear':
      return null;
    case 'dim':
      return words.say('sight.dim', { ok: sight.ok, n: sight.n });
    case 'blind':
      return words.say('sight.blind');
    case 'no-sources':
      return words.say('sight.noSources');
    case 'waiting':
      return words.say('sight.waiting');
  }
}

/** The same for a chat; nothing where it sees well. */
export function sightBlocks(health: BotHealth, words: Translator): Block[] {
  const sight = sightOf(health);
  const text = sightText(sight, words);
  return text === null ? [] : [head(`${sight.kind === 'waiting' ? '⏳' : '⚠️'} ${text}`)];
}

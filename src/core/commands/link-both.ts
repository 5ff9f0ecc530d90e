import { cutOffNow } from '../link/cut-off.ts';
import { followedByName } from '../link/followed.ts';
import { longSince } from '../link/plan-both.ts';
import type { BaselineEntry } from '../model/baseline.ts';
import type { Link } from '../model/link.ts';
import type { Block, Button } from '../model/message.ts';
import type { Store } from '../ports/store.ts';
import { platformName } from '../render/pair.ts';
import type { CommandContext } from './command.ts';
import { button, code, line, note } from './document.ts';

export interface BothCapabilities {
  store: Pick<Store, 'links' | 'chats' | 'subscriptions' | 'incidents'>;
  baseline: readonly BaselineEntry[];
  /** Of an account: its platform's id in the catalogue of services; null = it is none of those. */
  serviceOf(accountId: string): string | null;
}

/** Where a pair's first platform has been cut off since before the two were joined, of what the first follows; null = nowhere. */
export async function longCutOff(link: Link, can: BothCapabilities): Promise<string | null> {
  const main = await can.store.chats.get(link.mainId);
  const service = main && can.serviceOf(main.accountId);
  if (!service) return null;
  const cutOff = await cutOffNow(service, can.store.incidents, can.baseline);
  if (cutOff.length === 0) return null;
  const countries = await followedByName(link, can.store);
  return longSince({ level: main.level, countries }, link, cutOff)?.country ?? null;
}

/** Whether alerts come to both, and how that is changed. `long`: as `longCutOff` says. */
export function bothBlocks(
  { both, because }: Link,
  { platform, long }: { platform: string; long: string | null },
  { words, typed }: CommandContext,
): { blocks: Block[]; buttons: Button[] } {
  const blocks: Block[] = [];
  const name = platformName(platform);
  const choice = (key: 'link.bothOff' | 'link.bothOn' | 'link.always', command: string): Block =>
    note(...words.rich(key, { command: code(typed(command)) }));
  if (both !== 'never' && because !== null)
    blocks.push(line(words.say('link.now', { platform: name, country: words.country(because) })));
  if (both === 'never') return { blocks: [...blocks, choice('link.bothOn', 'link both')], buttons: [] };
  const off = choice('link.bothOff', 'link both off');
  if (both === 'always') return { blocks: [...blocks, choice('link.always', 'link both'), off], buttons: [] };
  if (long === null) return { blocks: [...blocks, off], buttons: [] };
  const command = 'link both always';
  blocks.push(
    line(...words.rich('link.long', { platform: name, country: words.country(long), command: code(typed(command)) })),
    off,
  );
  return { blocks, buttons: [button(words.say('button.bothAlways'), command)] };
}

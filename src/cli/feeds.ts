import COMMANDS from '../../config/commands.json' with { type: 'json' };
import { TocsinError } from '../core/errors.ts';
import { optionsOf } from './runtime.ts';

/** import, export and check: 0 it ran. test: 0 it is a feed, 1 it is none. find: 0 there are some, 1 there are none. */
export async function run(args: string[]): Promise<number> {
  const { values, words } = optionsOf(args, ['config', 'country'], ['dry-run', 'json'], 'words');
  const [what, from, ...more] = words;
  const { config, country, json = false, 'dry-run': dryRun = false } = values;
  const asked = { config, json };
  if (what === 'check' && from === undefined && !dryRun)
    return (await import('./feed-check.ts')).checkFeeds(asked, country);
  if (country !== undefined) throw new TocsinError('usage', `Usage: ${COMMANDS.feeds.usage}`);
  if (what === 'export' && from === undefined && !json && !dryRun)
    return (await import('./feed-lists.ts')).exportFeeds({ config });
  if (what === 'import' && from !== undefined && more.length === 0)
    return (await import('./feed-lists.ts')).importFeeds(asked, from, dryRun);
  if (what === 'test' && from !== undefined && more.length === 0 && !dryRun)
    return (await import('./feed-look.ts')).testFeed(asked, from);
  if (what === 'find' && from !== undefined && more.length === 0 && !dryRun)
    return (await import('./feed-look.ts')).findFeeds(asked, from);
  throw new TocsinError('usage', `Usage: ${COMMANDS.feeds.usage}`);
}

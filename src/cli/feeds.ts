import COMMANDS from '../../config/commands.json' with { type: 'json' };
import { TocsinError } from '../core/errors.ts';
import { optionsOf } from './runtime.ts';

/** import and export: 0 it ran. test: 0 it is a feed, 1 it is none. */
export async function run(args: string[]): Promise<number> {
  const { values, words } = optionsOf(args, ['config'], ['dry-run', 'json'], 'words');
  const [what, from, ...more] = words;
  const { config, json = false, 'dry-run': dryRun = false } = values;
  if (what === 'export' && from === undefined && !json && !dryRun)
    return (await import('./feed-lists.ts')).exportFeeds({ config });
  if (what === 'import' && from !== undefined && more.length === 0)
    return (await import('./feed-lists.ts')).importFeeds({ from, config, dryRun, json });
  if (what === 'test' && from !== undefined && more.length === 0 && !dryRun)
    return (await import('./feed-test.ts')).testFeed({ url: from, config, json });
  throw new TocsinError('usage', `Usage: ${COMMANDS.feeds.usage}`);
}

import { parseArgs } from 'node:util';
import { TocsinError } from '../core/errors.ts';

export const help = {
  usage:
    'tocsin feeds import FILE|URL|- [--dry-run] [--json] [--config FILE], tocsin feeds export [--config FILE], or: tocsin feeds test URL [--json] [--config FILE]',
  summary: 'adds feeds from an OPML list to the configuration, writes such a list, or tries one feed',
  example: 'tocsin feeds import subscriptions.opml --dry-run',
};

/** import and export: 0 it ran. test: 0 it is a feed, 1 it is none. */
export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { config: { type: 'string' }, 'dry-run': { type: 'boolean' }, json: { type: 'boolean' } },
  });
  const [what, from, ...more] = positionals;
  const { config, json = false, 'dry-run': dryRun = false } = values;
  if (what === 'export' && from === undefined && !json && !dryRun)
    return (await import('./feed-lists.ts')).exportFeeds({ config });
  if (what === 'import' && from !== undefined && more.length === 0)
    return (await import('./feed-lists.ts')).importFeeds({ from, config, dryRun, json });
  if (what === 'test' && from !== undefined && more.length === 0 && !dryRun)
    return (await import('./feed-test.ts')).testFeed({ url: from, config, json });
  throw new TocsinError('usage', `Usage: ${help.usage}`);
}

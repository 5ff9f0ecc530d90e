import { sourceKinds } from '../sources/index.ts';
import type { Config } from './schema.ts';

type Summarised = Pick<Config, 'sources' | 'vantage' | 'agents'>;

/** One line for whoever starts the bot: what it sees the world by. */
export function summaryOf({ sources, vantage, agents }: Summarised): string {
  const languages = new Set(sources.flatMap((source) => (source as { lang?: string }).lang ?? [])).size;
  const works = sources.flatMap((source) => {
    const kind = sourceKinds.find((one) => one.kind === source.kind);
    return kind?.off?.(source) ? [] : [{ id: source.id, kind }];
  });
  const asked = works.filter(({ kind }) => kind?.polite);
  const posting = works.filter(({ kind }) => kind?.posts);
  const feeds = works.length - asked.length - posting.length;
  const read = feeds === 0 ? 'reads no feeds' : `reads ${many(feeds, 'feed')}`;
  const spoken = languages > 1 ? ` in ${languages} languages` : '';
  const own = [
    ...(vantage ? [`from ${vantage.data.id}`] : []),
    ...(agents.length > 0 ? [`by ${many(agents.length, 'agent')}`] : []),
  ];
  const observed = named('asks', asked) + named('takes what is posted by', posting);
  return `${read}${spoken}${observed}; ${own.length > 0 ? `measures ${own.join(' and ')}` : 'no measurements of its own'}`;
}

const named = (does: string, list: readonly { id: string }[]): string => {
  const ids = list.map(({ id }) => id);
  return ids.length === 0
    ? ''
    : `, ${does} ${ids.slice(0, 5).join(', ')}${ids.length > 5 ? ` and ${ids.length - 5} more` : ''}`;
};

const many = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? '' : 's'}`;

import { sourceKinds } from '../sources/index.ts';
import type { Config } from './schema.ts';

type Summarised = Pick<Config, 'sources' | 'vantage' | 'agents'>;

/** One line for whoever starts the bot: what it sees the world by. */
export function summaryOf({ sources, vantage, agents }: Summarised): string {
  const languages = new Set(sources.flatMap((source) => (source as { lang?: string }).lang ?? [])).size;
  const asked = sources.filter(({ kind }) => sourceKinds.find((one) => one.kind === kind)?.polite);
  const feeds = sources.length - asked.length;
  const read = feeds === 0 ? 'reads no feeds' : `reads ${many(feeds, 'feed')}`;
  const spoken = languages > 1 ? ` in ${languages} languages` : '';
  const own = [
    ...(vantage ? [`from ${vantage.data.id}`] : []),
    ...(agents.length > 0 ? [`by ${many(agents.length, 'agent')}`] : []),
  ];
  const observed =
    asked.length === 0
      ? ''
      : `, asks ${asked
          .map(({ id }) => id)
          .slice(0, 5)
          .join(', ')}`;
  return `${read}${spoken}${observed}; ${own.length > 0 ? `measures ${own.join(' and ')}` : 'no measurements of its own'}`;
}

const many = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? '' : 's'}`;

import * as v from 'valibot';
import { address, countries as some, name, schedule } from '../fields.ts';
import type { SourceKind } from '../kind.ts';

const searchSchema = v.strictObject({
  id: name,
  kind: v.literal('search'),
  /** `gdelt-gal`: all that GDELT's crawler saw, sifted here. `gdelt-doc`: its search, which refuses most of the time. */
  provider: v.optional(v.picklist(['gdelt-gal', 'gdelt-doc']), 'gdelt-gal'),
  /** Left out: the provider's own. */
  url: v.optional(address),
  cron: schedule('*/10 * * * *'),
  /** Left out: what chats follow. */
  countries: some,
});
export type SearchConfig = v.InferOutput<typeof searchSchema>;

export const searchKind: SourceKind<SearchConfig> = {
  kind: 'search',
  polite: true,
  schema: searchSchema,
  secrets: [],
  credit: { name: 'The GDELT Project', url: 'https://www.gdeltproject.org' },
  idle: 'asks for what chats follow, and is not asked here',
  load: () => import('./index.ts'),
};

import * as v from 'valibot';
import { address, name, schedule } from '../fields.ts';
import type { SourceKind } from '../kind.ts';

export const rssSchema = v.strictObject({
  id: name,
  kind: v.literal('rss'),
  url: address,
  /** 5 or 6 fields (seconds first). */
  cron: schedule('*/5 * * * *'),
  /** The voice: feeds of one publisher share it. */
  publisher: name,
  /** As people know the publisher; the publisher's id where missing. */
  name: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(100))),
  /** ISO 639, in two letters where there are two; overrules what the feed says of itself. */
  lang: v.optional(
    v.pipe(v.string(), v.regex(/^[a-z]{2,3}$/, 'must be a language code of two or three letters, such as "en"')),
  ),
  /** Where lists for other readers (`tocsin feeds export`) have it: names of folders with "/" between them; its country where missing. */
  folder: v.optional(
    v.pipe(v.string(), v.maxLength(200), v.regex(/^[^/]+(?:\/[^/]+)*$/, 'must be names with "/" between')),
  ),
  /** The feed is an authority's own: one statement in it corroborates. */
  authority: v.optional(v.boolean(), false),
  /** The feed is another Tocsin's, whose evidence counts as if it had been found here. Of any other feed it says nothing. */
  trusted: v.optional(v.boolean(), false),
});

export type RssConfig = v.InferOutput<typeof rssSchema>;

export const rssKind: SourceKind<RssConfig> = {
  kind: 'rss',
  schema: rssSchema,
  secrets: [],
  lists: { load: () => import('./lists.ts') },
  load: () => import('./index.ts'),
};

import * as v from 'valibot';
import type { SourceKind } from '../kind.ts';

/** Five fields, or six with seconds first; what stands in them is checked where cron is read. */
const CRON = /^\s*\S+(?:\s+\S+){4,5}\s*$|^@[a-z]+$/i;

export const rssSchema = v.strictObject({
  id: v.pipe(v.string(), v.regex(/^[\w.-]{1,64}$/, 'must be 1 to 64 letters, digits, ".", "_" or "-"')),
  kind: v.literal('rss'),
  url: v.pipe(
    v.string(),
    v.trim(),
    v.check(
      (text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol),
      'must be an address that begins with http:// or https://',
    ),
  ),
  /** 5 or 6 fields (seconds first). */
  cron: v.optional(v.pipe(v.string(), v.regex(CRON, 'must be a cron expression of 5 or 6 fields')), '*/5 * * * *'),
  /** The voice: feeds of one publisher share it. */
  publisher: v.pipe(v.string(), v.regex(/^[\w.-]{1,64}$/, 'must be 1 to 64 letters, digits, ".", "_" or "-"')),
  /** As people know the publisher; the publisher's id where missing. */
  name: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(100))),
  /** ISO 639-1; overrules what the feed says of itself. */
  lang: v.optional(v.pipe(v.string(), v.regex(/^[a-z]{2}$/, 'must be a language code of two letters, such as "en"'))),
  /** The feed is an authority's own: one statement in it corroborates. */
  authority: v.optional(v.boolean(), false),
});

export type RssConfig = v.InferOutput<typeof rssSchema>;

export const rssKind: SourceKind<RssConfig> = {
  kind: 'rss',
  schema: rssSchema,
  secrets: [],
  load: () => import('./index.ts'),
};

import * as v from 'valibot';
import { STATEMENT_KINDS } from '../../core/model/report.ts';
import { name, title } from '../fields.ts';
import type { SourceKind } from '../kind.ts';

/** Somebody who posts what they know to `/reports` of the web listener. */
export const pushSchema = v.strictObject({
  id: name,
  kind: v.literal('push'),
  /** Who posts with it is this source; one for each. */
  token: v.pipe(
    v.string(),
    v.regex(
      /^[\x21-\x7e]{8,500}$/,
      'must be 8 to 500 letters, digits and signs, without blanks; make one with: openssl rand -hex 24',
    ),
  ),
  /** What its word weighs: an authority's corroborates by itself, an outlet's or a monitor's is one voice. */
  as: v.optional(v.picklist(STATEMENT_KINDS), 'outlet'),
  /** The voice; one publisher's posts and feeds share it. Default: the id. */
  publisher: v.optional(name),
  /** As people know it; the publisher's id where missing. */
  name: v.optional(title),
  /** Language of its titles, where a report does not say. */
  lang: v.optional(
    v.pipe(v.string(), v.regex(/^[a-z]{2}$/, 'must be a language code of two letters, such as "en"')),
    'en',
  ),
});
export type PushConfig = v.InferOutput<typeof pushSchema>;

export const pushKind: SourceKind<PushConfig> = {
  kind: 'push',
  schema: pushSchema,
  secrets: ['token'],
  idle: 'posts to us; there is nothing to read',
  posts: { load: () => import('./index.ts') },
  load: () => import('./index.ts'),
};

import * as v from 'valibot';
import type { SourceKind } from '../kind.ts';

/** Five fields, or six with seconds first; what stands in them is checked where cron is read. */
const CRON = /^\s*\S+(?:\s+\S+){4,5}\s*$|^@[a-z]+$/i;
const COUNTRY = v.pipe(
  v.string(),
  v.regex(/^[A-Z]{2}$/, 'must be a country code of two capital letters, such as "RU"'),
);

const radarSchema = v.strictObject({
  id: v.pipe(v.string(), v.regex(/^[\w.-]{1,64}$/, 'must be 1 to 64 letters, digits, ".", "_" or "-"')),
  kind: v.literal('radar'),
  /** Base of the API; the paths below it are fixed. */
  url: v.optional(
    v.pipe(
      v.string(),
      v.trim(),
      v.check(
        (text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol),
        'must be an address that begins with http:// or https://',
      ),
    ),
    'https://api.cloudflare.com/client/v4',
  ),
  /** 5 or 6 fields (seconds first). */
  cron: v.optional(v.pipe(v.string(), v.regex(CRON, 'must be a cron expression of 5 or 6 fields')), '*/15 * * * *'),
  /** With the permission Account, Radar, Read. Without it nothing is asked. */
  token: v.optional(v.pipe(v.string(), v.regex(/^[\x21-\x7e]{1,500}$/, 'must be a token without spaces'))),
  /** Outages that no government ordered (power, cables, weather), and anomalies of traffic, too: as a sign for chats of the level `early`. */
  outages: v.optional(v.boolean(), false),
  /** Default: what chats follow, and a short watch list. */
  countries: v.optional(v.pipe(v.array(COUNTRY), v.minLength(1), v.maxLength(60))),
});

export type RadarConfig = v.InferOutput<typeof radarSchema>;

export const radarKind: SourceKind<RadarConfig> = {
  kind: 'radar',
  polite: true,
  schema: radarSchema,
  secrets: ['token'],
  load: () => import('./index.ts'),
};

import * as v from 'valibot';
import type { SourceKind } from '../kind.ts';

/** Five fields, or six with seconds first; what stands in them is checked where cron is read. */
const CRON = /^\s*\S+(?:\s+\S+){4,5}\s*$|^@[a-z]+$/i;
const COUNTRY = v.pipe(
  v.string(),
  v.regex(/^[A-Z]{2}$/, 'must be a country code of two capital letters, such as "RU"'),
);

const iodaSchema = v.strictObject({
  id: v.pipe(v.string(), v.regex(/^[\w.-]{1,64}$/, 'must be 1 to 64 letters, digits, ".", "_" or "-"')),
  kind: v.literal('ioda'),
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
    'https://api.ioda.inetintel.cc.gatech.edu/v2',
  ),
  /** 5 or 6 fields (seconds first). */
  cron: v.optional(v.pipe(v.string(), v.regex(CRON, 'must be a cron expression of 5 or 6 fields')), '*/10 * * * *'),
  /** Default: what chats follow, and a short watch list. */
  countries: v.optional(v.pipe(v.array(COUNTRY), v.minLength(1), v.maxLength(60))),
});

export type IodaConfig = v.InferOutput<typeof iodaSchema>;

export const iodaKind: SourceKind<IodaConfig> = {
  kind: 'ioda',
  polite: true,
  schema: iodaSchema,
  secrets: [],
  load: () => import('./index.ts'),
};

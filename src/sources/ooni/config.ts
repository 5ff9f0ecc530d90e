import * as v from 'valibot';
import type { SourceKind } from '../kind.ts';

/** Five fields, or six with seconds first; what stands in them is checked where cron is read. */
const CRON = /^\s*\S+(?:\s+\S+){4,5}\s*$|^@[a-z]+$/i;
const COUNTRY = v.pipe(
  v.string(),
  v.regex(/^[A-Z]{2}$/, 'must be a country code of two capital letters, such as "RU"'),
);
const SERVICE = v.pipe(
  v.string(),
  v.regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'must be the id of a service, such as "whatsapp"'),
);

const ooniSchema = v.strictObject({
  id: v.pipe(v.string(), v.regex(/^[\w.-]{1,64}$/, 'must be 1 to 64 letters, digits, ".", "_" or "-"')),
  kind: v.literal('ooni'),
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
    'https://api.ooni.io',
  ),
  /** 5 or 6 fields (seconds first). */
  cron: v.optional(v.pipe(v.string(), v.regex(CRON, 'must be a cron expression of 5 or 6 fields')), '*/30 * * * *'),
  /** Default: what chats follow, and a short watch list. */
  countries: v.optional(v.pipe(v.array(COUNTRY), v.minLength(1), v.maxLength(60))),
  services: v.optional(v.pipe(v.array(SERVICE), v.minLength(1), v.maxLength(40))),
});

export type OoniConfig = v.InferOutput<typeof ooniSchema>;

export const ooniKind: SourceKind<OoniConfig> = {
  kind: 'ooni',
  polite: true,
  schema: ooniSchema,
  secrets: [],
  load: () => import('./index.ts'),
};

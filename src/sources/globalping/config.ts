import * as v from 'valibot';
import type { SourceKind } from '../kind.ts';

const CRON = /^\s*\S+(?:\s+\S+){4,5}\s*$|^@[a-z]+$/i;
const country = v.pipe(v.string(), v.regex(/^[A-Z]{2}$/, 'is no country code; write two capital letters, such as RU'));

/** Probes of volunteers all over the world. Asked when an incident turns, or by an operator; never on a schedule of its own. */
const globalpingSchema = v.strictObject({
  id: v.pipe(v.string(), v.regex(/^[\w.-]{1,64}$/, 'must be 1 to 64 letters, digits, ".", "_" or "-"')),
  kind: v.literal('globalping'),
  url: v.optional(
    v.pipe(
      v.string(),
      v.trim(),
      v.check(
        (text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol),
        'must be an address that begins with http:// or https://',
      ),
      v.transform((text) => text.replace(/\/+$/, '')),
    ),
    'https://api.globalping.io',
  ),
  /** Of a free account: more tests an hour. */
  token: v.optional(
    v.nullable(v.pipe(v.string(), v.regex(/^[\x21-\x7e]{1,500}$/, 'must be a token without blanks'))),
    null,
  ),
  /** Only there; without it wherever an incident turns. */
  countries: v.optional(v.array(country)),
  /** How often it looks whether something was asked. */
  cron: v.optional(v.pipe(v.string(), v.regex(CRON, 'must be a cron expression of 5 or 6 fields')), '*/10 * * * * *'),
  /** Tests of one hour at most, whatever the account allows: a probe that looks once is one test. */
  testsPerHour: v.optional(v.pipe(v.number(), v.integer(), v.minValue(12), v.maxValue(500)), 40),
});
export type GlobalpingConfig = v.InferOutput<typeof globalpingSchema>;

export const globalpingKind: SourceKind<GlobalpingConfig> = {
  kind: 'globalping',
  schema: globalpingSchema,
  secrets: ['token'],
  polite: true,
  elsewhere: true,
  idle: 'is asked when an incident turns',
  load: () => import('./index.ts'),
};

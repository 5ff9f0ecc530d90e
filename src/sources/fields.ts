/** Keys that several kinds of source have alike, so that they mean the same and are refused in the same words. */
import { readFile } from 'node:fs/promises';
import * as v from 'valibot';
import { parse } from 'yaml';

/** Five fields, or six with seconds first; what stands in them is checked where cron is read. */
const CRON = /^\s*\S+(?:\s+\S+){4,5}\s*$|^@[a-z]+$/i;

/** Of a source, and of a publisher. */
export const name = v.pipe(v.string(), v.regex(/^[\w.-]{1,64}$/, 'must be 1 to 64 letters, digits, ".", "_" or "-"'));

/** As people know it. */
export const title = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(100));

export const address = v.pipe(
  v.string(),
  v.trim(),
  v.check(
    (text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol),
    'must be an address that begins with http:// or https://',
  ),
);

/** The schedule, in 5 or 6 fields; `otherwise`: what holds where it is left out. */
export const schedule = (otherwise: string) =>
  v.optional(v.pipe(v.string(), v.regex(CRON, 'must be a cron expression of 5 or 6 fields')), otherwise);

/** Base of a public interface; the paths below it are fixed, and slashes at its end count for nothing. */
export const base = (otherwise: string) =>
  v.optional(
    v.pipe(
      address,
      v.transform((text) => text.replace(/\/+$/, '')),
    ),
    otherwise,
  );

export const country = v.pipe(
  v.string(),
  v.regex(/^[A-Z]{2}$/, 'must be a country code; write two capital letters, such as RU'),
);

/** What is asked for; left out: what chats follow, and a short watch list. */
export const countries = v.optional(v.pipe(v.array(country), v.minLength(1), v.maxLength(60)));
export const services = v.optional(
  v.pipe(
    v.array(
      v.pipe(v.string(), v.regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'must be the id of a service; write it as whatsapp')),
    ),
    v.minLength(1),
    v.maxLength(40),
  ),
);

/** One that may be missing; an empty one is none. */
export const optionalToken = v.optional(
  v.nullable(
    v.pipe(
      v.string(),
      v.trim(),
      v.regex(/^[\x21-\x7e]{0,500}$/, 'must be a token without blanks; copy it once more, or leave the key out'),
      v.transform((text) => (text === '' ? null : text)),
    ),
  ),
  null,
);

const resolvers = v.record(v.string(), v.array(v.strictObject({ id: v.string(), address: v.string() })));

/** Resolvers that a country tells its providers to use; none for most. */
export async function nationalResolvers(country: string): Promise<{ id: string; address: string }[]> {
  const file = new URL('../../config/national-resolvers.yaml', import.meta.url);
  return v.parse(resolvers, parse(await readFile(file, 'utf8')))[country] ?? [];
}

import * as v from 'valibot';
import type { SourceKind } from '../kind.ts';

const CRON = /^\s*\S+(?:\s+\S+){4,5}\s*$|^@[a-z]+$/i;
const NAME = v.pipe(v.string(), v.regex(/^[\w.-]{1,64}$/, 'must be 1 to 64 letters, digits, ".", "_" or "-"'));
const address = v.pipe(
  v.string(),
  v.trim(),
  v.check(
    (text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol),
    'must be an address that begins with http:// or https://',
  ),
);

/** `z-i`: Roskomnadzor's register as zapret-info mirrors it (CSV in windows-1251, parts); `domains`: a JSON array of names; `antifilter`: one name a line. */
const FORMATS = ['z-i', 'domains', 'antifilter'] as const;

/** A state's register of what is to be blocked. Only what changes in it is told, and of that only what concerns services of the catalogue. */
export const registrySchema = v.strictObject({
  id: NAME,
  kind: v.literal('registry'),
  format: v.picklist(FORMATS),
  /** Where it holds. */
  country: v.pipe(v.string(), v.regex(/^[A-Z]{2}$/, 'is no country code; write two capital letters, such as RU')),
  /** The register, or all its parts in their order. */
  urls: v.pipe(v.array(address), v.minLength(1), v.maxLength(100)),
  cron: v.optional(v.pipe(v.string(), v.regex(CRON, 'must be a cron expression of 5 or 6 fields')), '15 5 * * *'),
  /** The voice; its id where missing. */
  publisher: v.optional(NAME),
  /** As people know it. */
  name: v.optional(v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(100))),
  /** A page for people; without it the first of `urls` is linked. */
  page: v.optional(address),
});
export type RegistryConfig = v.InferOutput<typeof registrySchema>;

export const registryKind: SourceKind<RegistryConfig> = {
  kind: 'registry',
  schema: registrySchema,
  secrets: [],
  polite: true,
  idle: 'was read; from its first reading on, changes are told',
  checkMs: 110_000,
  load: () => import('./index.ts'),
};

import * as v from 'valibot';
import { address, country, name, schedule, title } from '../fields.ts';
import type { SourceKind } from '../kind.ts';

/** `z-i`: Roskomnadzor's register as zapret-info mirrors it (CSV in windows-1251, parts); `domains`: a JSON array of names; `antifilter`: one name a line. */
const FORMATS = ['z-i', 'domains', 'antifilter'] as const;

/** A state's register of what is to be blocked. Only what changes in it is told, and of that only what concerns services of the catalogue. */
export const registrySchema = v.strictObject({
  id: name,
  kind: v.literal('registry'),
  format: v.picklist(FORMATS),
  /** Where it holds. */
  country,
  /** The register, or all its parts in their order. */
  urls: v.pipe(
    v.array(address),
    v.minLength(1, 'must not be empty; list the address of the register, or those of all its parts'),
    v.maxLength(100),
  ),
  cron: schedule('15 5 * * *'),
  /** The voice; its id where missing. */
  publisher: v.optional(name),
  /** As people know it. */
  name: v.optional(title),
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

/**
 * Copy me: a chat platform is a folder with this file plus one line in `../index.ts`. This file is loaded always, so it imports only
 * the schema library; the platform's code comes with `load()`.
 */
import * as v from 'valibot';
import type { AdapterKind } from '../kind.ts';

const schema = v.strictObject({
  id: v.optional(v.pipe(v.string(), v.regex(/^[a-z0-9-]{1,32}$/, 'use 1 to 32 of a-z, 0-9 and "-"')), 'console'),
  platform: v.literal('console'),
  /** ISO 639-1; without it the language of the environment (LC_ALL, LC_MESSAGES, LANG). */
  lang: v.optional(v.pipe(v.string(), v.regex(/^[a-z]{2}$/, 'use two letters, as in "en" or "ru"'))),
});

export type ConsoleAccount = v.InferOutput<typeof schema>;

export const consoleKind: AdapterKind<ConsoleAccount> = {
  platform: 'console',
  schema,
  secrets: [],
  // The console is what runs when there is no other account; no variable asks for it.
  fromEnv: () => null,
  load: () => import('./adapter.ts'),
  setup: {
    label: 'This terminal alone',
    hint: 'no account anywhere; for a first look',
    flags: [],
    load: () => import('./adapter.ts'),
  },
};

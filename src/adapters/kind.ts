import type { GenericSchema } from 'valibot';
import type { AdapterDeps, ChatAdapter } from '../core/ports/chat-adapter.ts';

/** One line of the register. `Account` is what the schema yields; it always has `id` and `platform`. */
export interface AdapterKind<Account extends { id: string; platform: string }> {
  platform: string;
  /** A strict object schema: unknown keys are errors. Secrets arrive resolved (no `env:` or `file:` any more). */
  schema: GenericSchema<unknown, Account>;
  /** Keys of the account that hold secrets: printed as `***`. */
  secrets: readonly string[];
  /** The account that the environment alone describes, in the form of the config file, or null. */
  fromEnv(env: Record<string, string | undefined>): Record<string, unknown> | null;
  /** Loads the vendor's library; called only when an account of this platform is configured. */
  load(): Promise<{ createAdapter(account: Account, deps: AdapterDeps): ChatAdapter }>;
}

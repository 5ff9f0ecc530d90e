import type { GenericSchema } from 'valibot';
import type { ChatKind } from '../core/model/chat.ts';
import type { Level } from '../core/model/incident.ts';
import type { AdapterDeps, ChatAdapter } from '../core/ports/chat-adapter.ts';
import type { DurableState } from '../core/ports/runtime.ts';
import type { AccountSetup, Asker, CompleteDeps, SetupFlag } from '../core/ports/setup.ts';

/** One line of the register. `Account` is what the schema yields; it always has `id` and `platform`. */
export interface AdapterKind<Account extends { id: string; platform: string }> {
  platform: string;
  /** A strict object schema: unknown keys are errors. Secrets arrive resolved (no `env:` or `file:` any more). */
  schema: GenericSchema<unknown, Account>;
  /** Keys of the account that hold secrets: printed as `***`. */
  secrets: readonly string[];
  /** The account that the environment alone describes, in the form of the config file, or null. */
  fromEnv(env: Record<string, string | undefined>): Record<string, unknown> | null;
  /** Where nobody writes to us, the account's one chat stands in the configuration. Absent = chats come by themselves. */
  chat?(account: Account): ConfiguredChat;
  /** Loads the vendor's library; called only when an account of this platform is configured. */
  load(): Promise<{ createAdapter(account: Account, deps: AdapterDeps): ChatAdapter }>;
  /** How `tocsin setup` makes an account; absent = it is written into the configuration by hand. */
  setup?: {
    label: string;
    hint: string;
    flags: readonly SetupFlag[];
    load(): Promise<{ setup: AccountSetup }>;
  };
  /** Commands of `tocsin` that belong to the platform, by their first word. */
  commands?: Record<string, () => Promise<{ command: AccountCommand<Account> }>>;
  /** What is known of an account here that operators want to see in `tocsin status`: one line, or null. Asks nobody. */
  about?(account: Account, state: Pick<DurableState, 'get'>): Promise<string | null>;
}

/** A command of the command line about one account, such as `tocsin matrix verify`. */
export interface AccountCommand<Account> {
  help: { usage: string; summary: string; example: string };
  /** The word after the command's name. */
  action: string;
  /** Options with a value. `file`: it names a file that holds the answer. */
  flags: readonly { name: string; file?: true }[];
  switches: readonly string[];
  /** While no bot runs. Resolves with the exit code. Throws `TocsinError` for what a person must mend. */
  run(account: Account, deps: AccountCommandDeps): Promise<number>;
  /** What of it can be done beside the running bot, whose keys are its own; null: nothing of what is wished. */
  beside?(account: Account, deps: BesideDeps): Promise<number | null>;
}

export type BesideDeps = Omit<AccountCommandDeps, 'rows'>;

export interface AccountCommandDeps extends CompleteDeps {
  asker: Asker;
  /** Switches that were given, as "yes". */
  values: ReadonlyMap<string, string>;
  /** Of the terminal, ISO 639-1. */
  lang: string;
}

/** A chat that is there from the start, and follows from then on what the configuration says. */
export interface ConfiguredChat {
  chat: string;
  kind: ChatKind;
  /** Words of one `subscribe`. */
  follow: readonly string[];
  /** ISO 639-1. */
  lang: string;
  /** Null: the policy's. */
  level: Level | null;
}

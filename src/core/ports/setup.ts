/** How `tocsin setup` makes an account: what a platform asks, and what it does once the account is there. */
import type { Identity, MenuEntry } from './chat-adapter.ts';
import type { DurableRows, DurableState, Log, Tools } from './runtime.ts';

export interface Choice {
  value: string;
  label: string;
  hint?: string;
}

interface Asked {
  /** The option of the command line that answers it, without dashes. Of a secret: the file that holds it. */
  flag: string;
  says: string;
}

/** A question as data: whoever asks decides how (a terminal, an option of the command line, a test). */
export type Question =
  | (Asked & {
      kind: 'text';
      /** Shown while nothing is typed. */
      example?: string;
      /** The answer of whoever only agrees. Absent = it has to be answered. */
      initial?: string;
      /** What is wrong with an answer and how to mend it; null = it will do. */
      check?(answer: string): string | null;
    })
  | (Asked & { kind: 'secret'; check?(answer: string): string | null })
  | (Asked & { kind: 'one'; choices: readonly Choice[]; initial?: string })
  | (Asked & { kind: 'yes-no'; initial: boolean });
/** Several of these, or none. */
export type Several = Asked & {
  choices: readonly Choice[];
  initial: readonly string[];
  /** Answers beyond the choices that an option may give. */
  accepts?(answer: string): boolean;
};

/**
 * Puts questions to whoever sets up. What an option of the command line answers is not asked. Each rejects with `canceled` when the person ends the
 * setup, and with `usage` when nobody sits there and no option answers.
 */
export interface Asker {
  /** The answer: text, the secret, the chosen value, "yes" or "no". */
  ask(question: Question, signal?: AbortSignal): Promise<string>;
  several(question: Several): Promise<string[]>;
  /** Did an option answer this one, or does one wait to? */
  given(flag: string): boolean;
  /** Somebody sits there: what is shown is read, and by them alone. */
  readonly attended: boolean;
  /** An explanation; wrapped to the terminal. */
  say(text: string): void;
  /** A link, to be opened elsewhere: as text, and as a QR code where there is room for it. */
  link(url: string): void;
  /** An answer did not do: tells why. Returns where it can be asked anew, throws `usage` with the same words where nobody sits there; `unreachable`: nothing is wrong with the answer, and that is `fetch_connection`. */
  wrong(problem: string, unreachable?: boolean): void;
}

export interface SetupDeps extends Pick<Tools, 'clock' | 'ids'> {
  env: Record<string, string | undefined>;
  /** `network.proxy` of the configuration. */
  proxy: string | null;
  signal: AbortSignal;
}

/** An account as it is to stand in the configuration. */
export interface MadeAccount {
  /** What an account of this platform is called by default; whoever asked may give it another. */
  id: string;
  platform: string;
  /** Keys of its block without secrets, id and platform; undefined takes a key away. */
  keys: Record<string, string | boolean | readonly string[] | undefined>;
  /** By key of the block. */
  secrets: Record<string, string>;
  identity: Identity | null;
  /** Gives back what was got only for this account (a login), when it is not kept after all. Never throws. */
  undo?(): Promise<void>;
  /** What can only be done once it stands in the configuration. Says what comes of it, and throws what a person must mend. */
  complete?(asker: Asker, deps: CompleteDeps): Promise<void>;
}

/** The account's place in the database of the bot, which does not run meanwhile, and what such work may do beyond that. */
export interface CompleteDeps extends SetupDeps {
  log: Log;
  state: DurableState;
  rows: DurableRows;
  /** Bytes that nobody can guess. */
  random(length: number): Uint8Array;
  /** Writes a secret to a file of its own, for its owner alone. Throws `usage` where something is there already, or it cannot be written. */
  keep(file: string, text: string): void;
}

export interface IntroduceDeps extends SetupDeps {
  /** Where the running bot keeps what it has set. */
  state: DurableState;
  menus: { lang: string; commands: MenuEntry[] }[];
}

/** What a platform adds to `tocsin setup`. */
export interface AccountSetup {
  /** Asks until there is an account that its platform knows. `isThere`: the configuration has one already. */
  ask(asker: Asker, deps: SetupDeps, isThere?: boolean): Promise<MadeAccount>;
  /** Sets what people see of the bot (commands, descriptions, picture). Resolves with what did not work, a line each. */
  introduce?(made: MadeAccount, deps: IntroduceDeps): Promise<string[]>;
  /**
   * Finds out who runs this, so that a test alert can be sent to them: the person's id, or null where it stays unknown. `follow`: codes of countries
   * that their chat is to follow, where it can be told so.
   */
  meet(made: MadeAccount, asker: Asker, deps: SetupDeps & { follow: readonly string[] }): Promise<string | null>;
}

/** An option of the command line that belongs to a platform. */
export interface SetupFlag {
  name: string;
  /** What stands for its value in a usage line. */
  value: string;
  help: string;
  /** Its value is the name of a file that holds the answer. */
  file?: boolean;
}

import type { AccountConfig } from '../../config/schema.ts';

/** Where one test alert goes. `person`: the chat has to be found first. */
export interface Recipient {
  accountId: string;
  to: { chat: string } | { person: string };
}

export type Planned =
  | { recipients: Recipient[]; nobody: string[] }
  /** What is wrong with the flags, and the remedy. */
  | { wrong: string };

export interface Wish {
  account: string | null;
  chat: string | null;
  /** `platform:id`, as in the configuration. */
  operators: readonly string[];
}

/** An account as far as it matters here; `onlyChat` as `ChatAdapter` has it. */
export type Known = Pick<AccountConfig, 'id' | 'platform'> & { onlyChat: string | null };

/**
 * Who gets a test alert: the chat that is named; else of each account (or of the one that is named) its only chat, or its operators. `nobody`: ids of accounts for
 * which neither is known.
 */
export function planRecipients(accounts: readonly Known[], { account, chat, operators }: Wish): Planned {
  const listed = accounts.map(({ id }) => id).join(', ');
  if (account !== null && !accounts.some(({ id }) => id === account))
    return { wrong: `--account ${account.slice(0, 40)}: no account has that id; there are: ${listed}` };
  const chosen = accounts.filter(({ id }) => account === null || id === account);
  if (chat !== null) {
    const able = chosen.filter(({ onlyChat }) => onlyChat === null);
    const one = able.length === 1 ? able[0] : account === null ? undefined : chosen[0];
    if (!one) return { wrong: `--chat needs --account, one of: ${listed}` };
    return { recipients: [{ accountId: one.id, to: { chat } }], nobody: [] };
  }
  const recipients: Recipient[] = [];
  const nobody: string[] = [];
  for (const { id, platform, onlyChat } of chosen) {
    const people = operators
      .filter((one) => one.startsWith(`${platform}:`))
      .map((one) => one.slice(platform.length + 1));
    if (onlyChat !== null) recipients.push({ accountId: id, to: { chat: onlyChat } });
    else if (people.length === 0) nobody.push(id);
    else recipients.push(...[...new Set(people)].map((person) => ({ accountId: id, to: { person } })));
  }
  return { recipients, nobody };
}

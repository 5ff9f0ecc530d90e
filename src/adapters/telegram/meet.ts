import type { UserFromGetMe } from 'grammy/types';
import { type Code, codeOf, TocsinError } from '../../core/errors.ts';
import { logFailure } from '../../core/failures.ts';
import type { AdapterDeps, Identity } from '../../core/ports/chat-adapter.ts';
import type { Answer, ApiClient } from './client.ts';
import type { TelegramAccount } from './config.ts';
import type { Health } from './health.ts';
import { type Trouble, trouble } from './poll.ts';

const ASK_MS = 10_000;
/** What only an operator can mend is tried again once a minute. */
const OPERATOR_MS = 60_000;
const MAX_WAIT_MS = 30_000;

/** How one `getMe` ended. `failed`: we know who we are, but whether we may be that was not to be found out, or was refused. */
export type Met =
  | { type: 'me'; me: UserFromGetMe }
  | { type: 'refused' }
  | { type: 'trouble'; trouble: Trouble }
  | { type: 'failed'; code: Code };

/** What an answer to `getMe` says. Without a name we could not tell who is addressed: as good as no answer. */
export function metBy(answer: Answer, random: number): Met {
  if (answer.kind === 'answer' && answer.body.ok) {
    const me = answer.body.result as Partial<UserFromGetMe> | undefined;
    if (typeof me?.id === 'number' && typeof me.username === 'string') return { type: 'me', me: me as UserFromGetMe };
  }
  if (answer.kind === 'answer' && (answer.status === 401 || answer.status === 404)) return { type: 'refused' };
  return { type: 'trouble', trouble: trouble(answer, 1, random) };
}

export type MeetAction =
  | { type: 'receive'; me: UserFromGetMe }
  /** `report` = what `health` is given meanwhile. */
  | { type: 'wait'; ms: number; report: Pick<Trouble, 'kind' | 'problem'> }
  /** Another bot's token: nothing may be received. */
  | { type: 'stay away' };

/** What follows from a meeting in the background; `failures` counts this one too. */
export function planMeeting(met: Met, failures: number): MeetAction {
  switch (met.type) {
    case 'me':
      return { type: 'receive', me: met.me };
    case 'refused':
      return { type: 'wait', ms: OPERATOR_MS, report: { kind: 'token', problem: 'Telegram refuses the token' } };
    case 'trouble': {
      const ms = Math.min(MAX_WAIT_MS, met.trouble.waitMs * 2 ** Math.min(5, failures));
      return { type: 'wait', ms, report: met.trouble };
    }
    case 'failed': {
      if (met.code === 'identity_changed') return { type: 'stay away' };
      const problem = 'whether this is the same bot as before cannot be found out';
      return { type: 'wait', ms: OPERATOR_MS, report: { kind: 'line', problem } };
    }
  }
}

export interface MeetParts {
  account: TelegramAccount;
  deps: AdapterDeps;
  client: ApiClient;
  health: Health;
  signal: AbortSignal;
}

/** The first meeting, which the start waits for: throws `auth` when the token is refused, `identity_changed` when we were another bot. */
export async function meetFirst(parts: MeetParts, deadlineMs: number): Promise<UserFromGetMe | null> {
  const met = await introduce(parts, deadlineMs);
  if (met.type === 'refused') throw refusedToken(parts.account.id);
  if (met.type === 'me') {
    await confirm(parts.deps, met.me);
    return met.me;
  }
  if (met.type === 'trouble') parts.health.receiving(met.trouble);
  return null;
}

/** In the background until we are known, or null: stopped, or another bot. */
export async function meet(parts: MeetParts): Promise<UserFromGetMe | null> {
  const { deps, health, signal } = parts;
  for (let failures = 1; !signal.aborted; failures++) {
    const met = await confirmed(parts, await introduce(parts, ASK_MS));
    if (signal.aborted) break;
    const action = planMeeting(met, failures);
    if (action.type === 'receive') return action.me;
    if (action.type === 'stay away') break;
    health.receiving(action.report);
    await deps.clock.sleep(action.ms, signal).catch(() => {});
  }
  return null;
}

async function introduce({ client, deps, signal }: MeetParts, deadlineMs: number): Promise<Met> {
  return metBy(await client.call('getMe', '{}', { deadlineMs, signal }), deps.ids.random());
}

async function confirmed({ deps }: MeetParts, met: Met): Promise<Met> {
  if (met.type !== 'me') return met;
  try {
    await confirm(deps, met.me);
    return met;
  } catch (error) {
    // A changed identity has been logged, with what to do about it.
    if (codeOf(error) !== 'identity_changed') logFailure(deps.log, 'Unable to meet Telegram', error);
    return { type: 'failed', code: codeOf(error) };
  }
}

/** Who this bot is, whatever it is called. */
export const identityOf = ({ id, username }: UserFromGetMe): Identity => ({
  id: String(id),
  name: `@${username}`,
  link: `https://t.me/${username}`,
});

const confirm = async ({ identity }: AdapterDeps, me: UserFromGetMe): Promise<void> =>
  identity?.confirm(identityOf(me));

const refusedToken = (account: string): TocsinError =>
  new TocsinError(
    'auth',
    `Telegram refuses the token of account "${account}" (accounts: token, or TELEGRAM_TOKEN); ask @BotFather for the present one`,
    { account, path: 'accounts.token' },
  );

import type { Update } from 'grammy/types';
import type { AdapterDeps } from '../../core/ports/chat-adapter.ts';
import type { Answer, ApiClient } from './client.ts';
import type { TelegramAccount } from './config.ts';
import { ALLOWED_UPDATES } from './events.ts';
import type { Health } from './health.ts';
import { type Trouble, trouble } from './poll.ts';
import { derivedSecret, listen } from './webhook.ts';

const ASK_MS = 10_000;

/** Receiving by webhook: a listener that is open from the start, so that a taken port shows at once, and Telegram's word to call it. */
export interface Hook {
  /** From now on updates are taken; asks Telegram to send them until it agrees or the signal aborts. `take` resolves when handled. */
  open(take: (update: Update) => Promise<void>): Promise<void>;
  close(): Promise<void>;
}

export interface HookParts {
  account: TelegramAccount;
  deps: AdapterDeps;
  client: ApiClient;
  health: Health;
  signal: AbortSignal;
}

/** What an answer to `setWebhook` asks for: null = done. */
export function planHook(answer: Answer, failures: number, random: number): Trouble | null {
  if (answer.kind === 'answer' && answer.body.ok) return null;
  const found = trouble(answer, failures, random);
  if (answer.kind !== 'answer' || answer.status !== 400) return found;
  return { ...found, kind: 'webhook', problem: `Telegram refuses the webhook: ${answer.body.description}` };
}

/** Throws `config_invalid` when the address cannot be listened on. */
export async function createHook({ account, deps, client, health, signal }: HookParts): Promise<Hook> {
  const webhook = account.webhook!;
  const secret = webhook.secret ?? derivedSecret(account.token);
  let take: ((update: Update) => Promise<void>) | null = null;
  const server = await listen({
    listen: webhook.listen,
    secret,
    receive: (update) => (take && deps.holds?.() !== false ? take(update) : Promise.reject(new Error('not ready'))),
  });
  const body = JSON.stringify({
    url: webhook.publicUrl,
    secret_token: secret,
    allowed_updates: ALLOWED_UPDATES,
    max_connections: 40,
  });
  return {
    async open(given) {
      take = given;
      for (let failures = 1; !signal.aborted; failures++) {
        const answer = await client.call('setWebhook', body, { deadlineMs: ASK_MS, signal });
        const found = planHook(answer, failures, deps.ids.random());
        health.receiving(found);
        if (found === null) return;
        await deps.clock.sleep(found.waitMs, signal).catch(() => {});
      }
    },
    close: () => server.close(),
  };
}

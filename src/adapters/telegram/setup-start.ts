/** Waits for the operator to press Start, before any bot runs with the token. */
import type { Asker, SetupDeps } from '../../core/ports/setup.ts';
import type { ApiClient } from './client.ts';
import { trouble } from './poll.ts';

/** How long somebody has to find their phone. */
const PATIENCE_MS = 10 * 60_000;
const POLL_SECONDS = 20;
/** Telegram slows down whoever asks for the same updates again and again. */
const APART_MS = 1_500;
const BATCH = 100;
/** A deep link holds 64 characters. */
const MAX_FOLLOWED = 8;

export interface StartParts {
  client: Pick<ApiClient, 'call'>;
  /** The bot's user name. */
  name: string;
  asker: Asker;
  deps: Pick<SetupDeps, 'clock' | 'ids' | 'signal'> & { follow: readonly string[] };
}

/**
 * Shows a link with a code that only this terminal knows, so that nobody else becomes the operator by pressing Start at this moment. Updates are looked at
 * and not confirmed: the bot gets all of them at its start, this one too, and follows then what the link names. Null: it was not pressed, or cannot be seen.
 */
export async function awaitStart({ client, name, asker, deps }: StartParts): Promise<string | null> {
  const { clock, ids, signal, follow } = deps;
  const code = ids.tail(12);
  const payload = [...follow.slice(0, MAX_FOLLOWED).map((one) => one.toLowerCase()), `setup-${code}`].join('_');
  asker.say(
    'Now open your bot by this link and press Start there: a test alert comes to that chat, and you become its operator. (Ctrl-C leaves it out.)',
  );
  asker.link(`https://t.me/${name}?start=${payload}`);
  const until = clock.monotonic() + PATIENCE_MS;
  while (!signal.aborted && clock.monotonic() < until) {
    const body = JSON.stringify({ limit: BATCH, timeout: POLL_SECONDS });
    const answer = await client.call('getUpdates', body, {
      deadlineMs: (POLL_SECONDS + 10) * 1_000,
      maxBytes: 32 << 20,
      signal,
    });
    if (signal.aborted) return null;
    if (answer.kind !== 'answer' || !answer.body.ok) {
      const { kind, problem, waitMs } = trouble(answer, 1, 0);
      if (kind !== 'line') {
        asker.say(BUSY[kind]);
        return null;
      }
      asker.say(`${problem}; trying again.`);
      await clock.sleep(waitMs, signal).catch(() => {});
      continue;
    }
    const updates = Array.isArray(answer.body.result) ? answer.body.result : [];
    const found = updates.map((update) => starter(update, payload)).find((id) => id !== null);
    if (found) return found;
    if (updates.length >= BATCH) {
      asker.say(
        'A hundred people wrote to this bot while it was not running, so your Start cannot be seen from here. Start Tocsin, and then: tocsin test-alert --account ID --chat NUMBER',
      );
      return null;
    }
    await clock.sleep(APART_MS, signal).catch(() => {});
  }
  if (!signal.aborted) asker.say('Nobody has pressed Start. Later: tocsin setup again, or tocsin test-alert.');
  return null;
}

const BUSY = {
  conflict:
    'A Tocsin (or another program) is receiving with this token at the moment, so your Start goes there. Restart it to take over this configuration, and then: tocsin test-alert',
  webhook: 'A webhook is set for this bot, so your Start goes there. Once that program has ended: tocsin setup again.',
  token: 'Telegram refuses the token now. Was it revoked?',
} as const;

/** The number of the person whose `/start` in a private chat has our payload; null = it is something else. */
export function starter(update: unknown, payload: string): string | null {
  const { message } = (update ?? {}) as {
    message?: { text?: unknown; chat?: { id?: unknown; type?: unknown }; from?: { id?: unknown } };
  };
  if (message?.chat?.type !== 'private' || message.text !== `/start ${payload}`) return null;
  const { id } = message.chat;
  return typeof id === 'number' && Number.isSafeInteger(id) && id > 0 && message.from?.id === id ? String(id) : null;
}

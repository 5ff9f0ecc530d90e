import * as v from 'valibot';
import { onTestFinished } from 'vitest';
import { createAdapter } from '../../src/adapters/telegram/adapter.ts';
import { type TelegramAccount, telegramKind } from '../../src/adapters/telegram/config.ts';
import type { ChatAddress } from '../../src/core/model/chat.ts';
import type { ChatAdapter, Incoming } from '../../src/core/ports/chat-adapter.ts';
import { type ClientStart, FakeTelegram } from '../fakes/fake-telegram/client.ts';
import { type Recorder, recorder, type TestDeps, testDeps } from './adapter-deps.ts';

export const telegramAccount = (tg: FakeTelegram, more: Record<string, unknown> = {}): TelegramAccount =>
  v.parse(telegramKind.schema, { id: 'tg', platform: 'telegram', token: tg.token, apiRoot: tg.apiRoot, ...more });

/** Everything that the stand-in holds against us: its violations, with details. */
export const complaints = async (tg: FakeTelegram): Promise<string[]> =>
  (await tg.violations()).map(
    (violation: { kind: string; method: string; detail: string }) =>
      `${violation.kind} ${violation.method} ${violation.detail}`,
  );

/** A stand-in server, an adapter that is started, and what it heard; all of it stopped at the end of the test. */
export async function telegram(over: Over = {}): Promise<Bench> {
  const tg = await FakeTelegram.start({ ...over.server });
  await over.before?.(tg);
  const deps = testDeps(over.deps);
  const heard = recorder(over.during);
  const adapter = createAdapter(telegramAccount(tg, over.account), deps);
  onTestFinished(async () => {
    await adapter.stop();
    await tg.stop();
  });
  await adapter.start(heard);
  return { tg, deps, heard, adapter };
}

export interface Over {
  account?: Record<string, unknown>;
  deps?: Partial<TestDeps>;
  server?: ClientStart;
  before?: (tg: FakeTelegram) => Promise<unknown>;
  /** Runs in the handler of each event. */
  during?: (event: Incoming) => Promise<void>;
}
export interface Bench {
  tg: FakeTelegram;
  deps: TestDeps;
  heard: Recorder;
  adapter: ChatAdapter;
}

export const addressOf = (chat: { id: number }, thread: number | null = null): ChatAddress => ({
  accountId: 'tg',
  chat: String(chat.id),
  thread: thread === null ? null : String(thread),
});

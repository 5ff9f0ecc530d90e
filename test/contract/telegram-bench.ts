import * as v from 'valibot';
import { type TelegramAccount, telegramKind } from '../../src/adapters/telegram/config.ts';
import type { FakeTelegram } from '../fakes/fake-telegram/client.ts';

export const telegramAccount = (tg: FakeTelegram, more: Record<string, unknown> = {}): TelegramAccount =>
  v.parse(telegramKind.schema, { id: 'tg', platform: 'telegram', token: tg.token, apiRoot: tg.apiRoot, ...more });

/** Everything that the stand-in holds against us: its violations, with details. */
export const complaints = async (tg: FakeTelegram): Promise<string[]> =>
  (await tg.violations()).map(
    (violation: { kind: string; method: string; detail: string }) =>
      `${violation.kind} ${violation.method} ${violation.detail}`,
  );

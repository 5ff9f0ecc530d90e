import * as v from 'valibot';
import { expect, test } from 'vitest';
import { telegramKind } from '../../../src/adapters/telegram/config.ts';

const base = { platform: 'telegram', token: '123:abc_DEF-9' };

test('defaults', () => {
  expect(v.parse(telegramKind.schema, base)).toEqual({
    ...base,
    id: 'tg',
    apiRoot: 'https://api.telegram.org',
    rate: 27,
  });
});

test('from the environment', () => {
  expect(telegramKind.fromEnv({})).toBeNull();
  expect(telegramKind.fromEnv({ TELEGRAM_TOKEN: '1:a', TELEGRAM_API_ROOT: 'http://127.0.0.1:8081' })).toEqual({
    id: 'tg',
    platform: 'telegram',
    token: '1:a',
    apiRoot: 'http://127.0.0.1:8081',
  });
  for (const env of [{ TELEGRAM_TOKEN: '1:a' }, { TELEGRAM_TOKEN: '1:a', TELEGRAM_API_ROOT: 'http://x:1/p' }])
    expect(v.safeParse(telegramKind.schema, telegramKind.fromEnv(env)).success).toBe(true);
});

test.each([
  ['token', { token: 'abc' }, 'must look like 123456:ABC…'],
  ['apiRoot', { apiRoot: 'ftp://x' }, 'must be an http or https address'],
  ['rate', { rate: -1 }, 'must not be negative'],
  ['rate', { rate: 2000 }, 'Telegram takes 1000 a second at most'],
  ['mode', { mode: 'push' }, 'is "polling" or "webhook"'],
  ['webhook', { mode: 'webhook' }, 'needs the section webhook'],
  ['webhook.listen', { webhook: { listen: 'x', publicUrl: 'https://x.example/' } }, 'must be host:port'],
  ['webhook.secret', { webhook: { listen: ':1', publicUrl: 'https://x.example/', secret: 'short' } }, 'use 16 to 256'],
  ['colour', { colour: 'red' }, ''],
])('%s: %o is refused, with the path', (path, more, message) => {
  const result = v.safeParse(telegramKind.schema, { ...base, ...more });
  expect(result.issues?.map((issue) => [v.getDotPath(issue), issue.message])).toEqual([
    [path, expect.stringContaining(message)],
  ]);
});

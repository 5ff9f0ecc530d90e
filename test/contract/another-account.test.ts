/** A login that turns out to be another bot or user than before: the adapter says so and touches nothing. */
import { afterEach, expect, test } from 'vitest';
import { createAdapter as createMatrix } from '../../src/adapters/matrix/adapter.ts';
import { createAdapter as createTelegram } from '../../src/adapters/telegram/adapter.ts';
import { createIdentityGuard, type IdentityGuard } from '../../src/core/account-identity.ts';
import { FakeTelegram } from '../fakes/fake-telegram/client.ts';
import { FakeHomeserver } from '../fakes/matrix-homeserver.ts';
import { recorder, type TestDeps, testDeps } from './adapter-deps.ts';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

function guarded(deps: TestDeps, accountId: string): IdentityGuard {
  const guard = createIdentityGuard({ accountId, configured: null, state: deps.state, log: deps.log, onCleared() {} });
  deps.identity = guard;
  return guard;
}

test('Telegram, another bot than before: start refuses, and no update is asked for', async () => {
  const telegram = await FakeTelegram.start({ limits: 'off' });
  closing.push(() => telegram.stop());
  const deps = testDeps();
  deps.kept.set('identity', { id: '1', name: '@before_bot' });
  const guard = guarded(deps, 'tg');
  const account = {
    id: 'tg',
    platform: 'telegram' as const,
    token: telegram.token,
    apiRoot: telegram.apiRoot,
    rate: 0,
  };
  const adapter = createTelegram(account, deps);
  closing.push(() => adapter.stop());
  const heard = recorder();
  const ann = await telegram.user({ first_name: 'Ann' });
  await ann.send('/start');
  await expect(adapter.start(heard)).rejects.toMatchObject({ code: 'identity_changed' });
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(await telegram.calls({ method: 'getUpdates|deleteWebhook|setMyCommands' })).toEqual([]);
  expect([guard.cleared(adapter), deps.lines.filter((line) => line.startsWith('error')).length]).toEqual([false, 1]);
});

test.each([
  ['kept by the guard', 'identity', { id: '@before:fake.test', name: '@before:fake.test' }],
  ['kept by an older version', 'sync', { owner: '@before:fake.test', token: 's1', handled: [] }],
])(
  'Matrix, another user than before, %s: start refuses, what is known of rooms stays, no invitation is answered',
  async (_, key, value) => {
    const fake = await FakeHomeserver.start();
    closing.push(() => fake.stop());
    const deps = testDeps();
    const rooms = { '!a:fake.test': { in: true } };
    deps.kept.set(key, value).set('rooms', rooms);
    const guard = guarded(deps, 'mx');
    const account = {
      id: 'mx',
      platform: 'matrix' as const,
      homeserver: fake.baseUrl,
      accessToken: fake.token,
      inviteFrom: ['*'],
    };
    const adapter = createMatrix(account, deps);
    closing.push(() => adapter.stop());
    await expect(adapter.start(recorder())).rejects.toMatchObject({ code: 'identity_changed' });
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect([guard.cleared(adapter), deps.kept.get(key), deps.kept.get('rooms')]).toEqual([false, value, rooms]);
  },
);

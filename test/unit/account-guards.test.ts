/** Accounts that are another bot than before are stopped, and nobody else is. */
import { describe, expect, test } from 'vitest';
import { createIdentityGuard } from '../../src/core/account-identity.ts';
import { TocsinError } from '../../src/core/errors.ts';
import type { ChatAdapter } from '../../src/core/ports/chat-adapter.ts';
import type { DurableState } from '../../src/core/ports/runtime.ts';
import { quietLog } from '../fakes/fake-log.ts';

function world(kept?: unknown, configured: string | null = null) {
  let cleared = 0;
  const values = new Map<string, unknown>(kept === undefined ? [] : [['identity', kept]]);
  const state: DurableState = {
    get: async (key) => values.get(key),
    set: async (key, value) => void values.set(key, value),
    delete: async (key) => void values.delete(key),
  };
  const onCleared = () => void cleared++;
  const guard = createIdentityGuard({ accountId: 'tg', configured, state, log: quietLog, onCleared });
  return { guard, cleared: () => cleared };
}
function adapter(over: Partial<ChatAdapter> = {}, error: unknown = null) {
  const done: string[] = [];
  const made = {
    accountId: 'tg',
    login: { hasIdentity: true },
    health: () => ({ ok: true, problem: null, rate: 27 }),
    async start() {
      done.push('start');
      if (error) throw error;
    },
    async stop() {
      done.push('stop');
    },
    ...over,
  } as unknown as ChatAdapter;
  return { made, done };
}
const handlers = {} as Parameters<ChatAdapter['start']>[0];

describe('the start of an account', () => {
  test('another bot than before: stopped, and no error for the rest', async () => {
    const { made, done } = adapter({}, new TocsinError('identity_changed', 'x'));
    await world().guard.start(made, handlers);
    expect(done).toEqual(['start', 'stop']);
  });

  test.each([new TocsinError('auth', 'x'), new Error('x')])('%s: thrown on, and nothing is stopped', async (error) => {
    const { made, done } = adapter({}, error);
    await expect(world().guard.start(made, handlers)).rejects.toBe(error);
    expect(done).toEqual(['start']);
  });
});

describe('may it send', () => {
  test('only when it is known who it is; one without an identity always', async () => {
    const { guard, cleared } = world();
    const { made } = adapter();
    expect([guard.cleared(made), guard.cleared(adapter({ login: undefined }).made)]).toEqual([false, true]);
    await guard.confirm({ id: '1', name: '@bot' });
    expect([guard.cleared(made), cleared()]).toEqual([true, 1]);
  });

  test('another bot than before, as its config says: it may', async () => {
    const { guard } = world({ id: '1', name: '@old' }, '2');
    await guard.confirm({ id: '2', name: '@new' });
    expect(guard.cleared(adapter().made)).toBe(true);
  });
});

describe('its health', () => {
  test('its own; else what stands in its way: another identity first, then what its sender says', async () => {
    const { guard } = world({ id: '1', name: '@old' });
    const { made } = adapter();
    expect(guard.healthOf(made, null)).toEqual({ ok: true, problem: null, rate: 27 });
    expect(guard.healthOf(made, 'refused')).toEqual({ ok: false, problem: 'refused', rate: 27 });
    await guard.confirm({ id: '2', name: '@new' }).catch(() => undefined);
    const { ok, problem } = guard.healthOf(made, 'refused');
    expect([ok, problem]).toEqual([false, expect.stringContaining('another bot than before')]);
  });
});

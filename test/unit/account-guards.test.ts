/** Accounts that are another bot than before are stopped, and nobody else is. */
import { describe, expect, test } from 'vitest';
import { createAccountGuards } from '../../src/core/account-identity.ts';
import { TocsinError } from '../../src/core/errors.ts';
import type { ChatAdapter } from '../../src/core/ports/chat-adapter.ts';
import type { DurableState } from '../../src/core/ports/state.ts';
import { quietLog } from '../fakes/fake-log.ts';

function world(kept: Record<string, unknown> = {}) {
  const cleared: string[] = [];
  const asked: string[] = [];
  const stateOf = (accountId: string): DurableState => {
    asked.push(accountId);
    const values = new Map<string, unknown>(kept[accountId] === undefined ? [] : [['identity', kept[accountId]]]);
    return {
      get: async (key) => values.get(key),
      set: async (key, value) => void values.set(key, value),
      delete: async (key) => void values.delete(key),
    };
  };
  const guards = createAccountGuards({ log: quietLog, stateOf, onCleared: (id) => void cleared.push(id) });
  return { guards, cleared, asked };
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
    await world().guards.start(made, handlers);
    expect(done).toEqual(['start', 'stop']);
  });

  test.each([new TocsinError('auth', 'x'), new Error('x')])('%s: thrown on, and nothing is stopped', async (error) => {
    const { made, done } = adapter({}, error);
    await expect(world().guards.start(made, handlers)).rejects.toBe(error);
    expect(done).toEqual(['start']);
  });
});

describe('may it send', () => {
  test('only when it is known who it is; one without an identity always', async () => {
    const { guards, cleared } = world();
    const { made } = adapter();
    expect([guards.cleared(made), guards.cleared(adapter({ login: undefined }).made)]).toEqual([false, true]);
    await guards.of('tg').confirm({ id: '1', name: '@bot' });
    expect([guards.cleared(made), cleared]).toEqual([true, ['tg']]);
    // Of each account by itself.
    expect(guards.cleared(adapter({ accountId: 'mx' }).made)).toBe(false);
  });

  test('one guard for each account, however often it is asked for; the config’s word counts from the first time', async () => {
    const { guards, asked } = world({ tg: { id: '1', name: '@old' } });
    const guard = guards.of('tg', '2');
    expect([guards.of('tg'), guards.of('tg', '3'), asked]).toEqual([guard, guard, ['tg']]);
    await guard.confirm({ id: '2', name: '@new' });
    expect(guards.cleared(adapter().made)).toBe(true);
  });
});

describe('its health', () => {
  test('its own; else what stands in its way: another identity first, then what its sender says', async () => {
    const { guards } = world({ tg: { id: '1', name: '@old' } });
    const { made } = adapter();
    expect(guards.healthOf(made, null)).toEqual({ ok: true, problem: null, rate: 27 });
    expect(guards.healthOf(made, 'refused')).toEqual({ ok: false, problem: 'refused', rate: 27 });
    await guards
      .of('tg')
      .confirm({ id: '2', name: '@new' })
      .catch(() => undefined);
    const { ok, problem } = guards.healthOf(made, 'refused');
    expect([ok, problem]).toEqual([false, expect.stringContaining('another bot than before')]);
  });
});

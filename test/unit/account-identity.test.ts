import { describe, expect, test } from 'vitest';
import { createIdentityGuard, type IdentityVerdict, judgeIdentity } from '../../src/core/account-identity.ts';
import type { Identity } from '../../src/core/ports/chat-adapter.ts';
import type { DurableState, Log } from '../../src/core/ports/runtime.ts';

const old: Identity = { id: '111', name: '@old_bot' };
const other: Identity = { id: '222', name: '@other_bot' };

describe('whom a token turns out to be', () => {
  test.each<[string, Identity | null, string | null, Identity, IdentityVerdict['why']]>([
    ['a new account, or a state of an older version', null, null, old, 'first-seen'],
    ['the same bot', old, null, old, 'same'],
    ['the same bot under a new name', old, null, { ...old, name: '@renamed' }, 'same'],
    ['another bot', old, null, other, 'another-than-before'],
    ['another bot that has taken the old one’s name', old, null, { ...other, name: old.name }, 'another-than-before'],
    ['another bot that the config names', old, '222', other, 'named-in-config'],
    ['another bot, and the config names a third', old, '333', other, 'another-than-in-config'],
    ['first seen, and the config names another', null, '111', other, 'another-than-in-config'],
    ['the same, and the config names another', old, '222', old, 'another-than-in-config'],
  ])('%s: %#', (_, kept, configured, seen, why) => {
    const verdict = judgeIdentity(kept, configured, seen);
    expect(verdict).toEqual({ ok: !why.startsWith('another'), why });
  });
});

const WELL = { ok: true, problem: null };
const ADAPTER = { login: { hasIdentity: true, check: async () => WELL }, health: () => WELL };

function world(kept: unknown, configured: string | null = null) {
  const values = new Map<string, unknown>(kept === undefined ? [] : [['identity', kept]]);
  const state: DurableState = {
    get: async (key) => values.get(key),
    set: async (key, value) => void values.set(key, value),
    delete: async (key) => void values.delete(key),
  };
  const lines: string[] = [];
  const note = (level: string) => (message: string) => void lines.push(`${level} ${message}`);
  const log: Log = { debug() {}, info: note('info'), warn: note('warn'), error: note('error'), child: () => log };
  let woken = 0;
  const guard = createIdentityGuard({ accountId: 'tg', configured, state, log, onCleared: () => void woken++ });
  return { guard, values, lines, woken: () => woken };
}

describe('the guard of an account', () => {
  test('first seen: kept, and it may send', async () => {
    const { guard, values, woken } = world(undefined);
    expect(guard.cleared(ADAPTER)).toBe(false);
    await guard.confirm(old);
    expect([guard.cleared(ADAPTER), values.get('identity'), woken()]).toEqual([true, old, 1]);
  });

  test('another bot: not cleared, one error that names account, both bots and what to do, and the old one stays kept', async () => {
    const { guard, values, lines } = world(old);
    await expect(guard.confirm(other)).rejects.toMatchObject({ code: 'identity_changed' });
    await expect(guard.confirm(other)).rejects.toMatchObject({ code: 'identity_changed' });
    expect([guard.cleared(ADAPTER), values.get('identity'), lines.length]).toEqual([false, old, 1]);
    for (const word of [
      '"tg"',
      '@old_bot',
      '111',
      '@other_bot',
      '222',
      'former token',
      'another id',
      'identity: "222"',
    ])
      expect(lines[0]).toContain(word);
    expect(guard.healthOf(ADAPTER, null).problem).toContain('another bot');
  });

  test('the old token is put back: it goes on', async () => {
    const { guard } = world(old);
    await guard.confirm(other).catch(() => undefined);
    await guard.confirm(old);
    expect([guard.cleared(ADAPTER), guard.healthOf(ADAPTER, null).problem]).toEqual([true, null]);
  });

  test('the config names the other bot: said once, kept, and from then on it is the one', async () => {
    const first = world(old, '222');
    await first.guard.confirm(other);
    expect(first.values.get('identity')).toEqual(other);
    expect(first.lines[0]).toMatch(/^warn/);
    const later = world(first.values.get('identity'));
    await later.guard.confirm(other);
    expect(later.lines).toEqual([]);
    await expect(later.guard.confirm(old)).rejects.toMatchObject({ code: 'identity_changed' });
  });

  test('paused because most chats were gone, then another bot: taken, for the former one may have been wrong', async () => {
    const { guard, values } = world(other);
    values.set('paused', { at: 1 });
    await guard.confirm(old);
    expect([guard.cleared(ADAPTER), values.get('identity')]).toEqual([true, old]);
  });

  test('an older version kept the user in the adapter’s own state: another user is noticed all the same', async () => {
    const { guard, values } = world(undefined);
    await expect(guard.confirm(other, old)).rejects.toMatchObject({ code: 'identity_changed' });
    expect(values.has('identity')).toBe(false);
    await guard.confirm(old, old);
    expect(values.get('identity')).toEqual(old);
  });
});

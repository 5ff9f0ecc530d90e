/** An adapter under a lease: what it may send, how fast, and what it may write. */
import { describe, expect, test } from 'vitest';
import { borrowed, paceOf, underLease } from '../../../src/app/open-accounts.ts';
import type { ChatAdapter, Outgoing, SendOutcome } from '../../../src/core/ports/chat-adapter.ts';
import type { DurableState } from '../../../src/core/ports/runtime.ts';

const PACE = { perSecond: 27, perChatMs: 1_000, perGroupMinute: 20, window: 16 };

describe('the pace of an account', () => {
  test('two that share it never send more together than one by itself', () => {
    for (const pace of [PACE, { perSecond: 0.2, perChatMs: 0, perGroupMinute: 0, window: 4 }]) {
      const [alerts, answers] = [paceOf(pace, 'alerts'), paceOf(pace, 'answers')];
      expect(alerts.perSecond + answers.perSecond).toBeCloseTo(pace.perSecond, 9);
      expect(alerts.perGroupMinute + answers.perGroupMinute).toBeLessThanOrEqual(pace.perGroupMinute);
      expect(alerts.window + answers.window).toBeLessThanOrEqual(pace.window);
      expect(alerts.window).toBeGreaterThan(0);
    }
  });

  test('one by itself has all of it; what is unpaced stays so', () => {
    expect(paceOf(PACE, 'whole')).toEqual(PACE);
    const unpaced = { perSecond: 0, perChatMs: 0, perGroupMinute: 0, window: 128 };
    expect(paceOf(unpaced, 'answers')).toEqual({ ...unpaced, window: 42 });
  });
});

describe('a send', () => {
  test('asks right before whether the lease still holds: once it does not, nothing goes out, and the piece is tried again by its successor', async () => {
    const sent: Outgoing[] = [];
    const adapter = {
      pace: PACE,
      async send(message: Outgoing): Promise<SendOutcome> {
        sent.push(message);
        return { kind: 'delivered', messageRef: '1' };
      },
    } as unknown as ChatAdapter;
    let holds = true;
    const held = underLease(adapter, 'whole', () => holds);
    const message = { op: 'send', key: 'd.1' } as Outgoing;
    const { signal } = new AbortController();
    expect(await held.send(message, signal)).toMatchObject({ kind: 'delivered' });
    holds = false;
    expect(await held.send(message, signal)).toMatchObject({ kind: 'retry', reason: 'canceled', scope: 'chat' });
    expect(sent).toHaveLength(1);
  });
});

describe('the state of an account that another process keeps', () => {
  const kept = (): DurableState & { rows: Map<string, unknown> } => {
    const rows = new Map<string, unknown>([['rooms', { '!a': { in: true } }]]);
    return {
      rows,
      get: async (key) => structuredClone(rows.get(key)),
      set: async (key, value) => void rows.set(key, value),
      delete: async (key) => void rows.delete(key),
    };
  };

  test('is read, and what is written stays here', async () => {
    const inner = kept();
    const state = borrowed(inner);
    expect(await state.get('rooms')).toEqual({ '!a': { in: true } });
    const value = { '!b': {} };
    await state.set('rooms', value);
    Object.assign(value, { '!c': {} });
    expect(await state.get('rooms')).toEqual({ '!b': {} });
    await state.delete('rooms');
    expect(await state.get('rooms')).toBeUndefined();
    expect([...inner.rows]).toEqual([['rooms', { '!a': { in: true } }]]);
  });
});

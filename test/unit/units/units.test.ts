/** Units as they run under leases: what begins, what ends, and what a successor knows of it. */
import { describe, expect, test } from 'vitest';
import { TocsinError } from '../../../src/core/errors.ts';
import { world } from './world.ts';

describe('one process', () => {
  test('people are answered, and what is posted comes to them as an alert: through all three units', async () => {
    const w = await world();
    const a = await w.join('a');
    expect(w.platform.history).toEqual(['a a1 starts']);
    await w.through(w.platform.say('a1', '7', 'subscribe ru'));
    await w.pass(2_000);
    expect(w.platform.heard('a > 7:')).toHaveLength(1);
    await w.through(a.parts.ingestRelay.statements('posted', [w.blocked('whatsapp')]));
    await w.pass(5_000);
    expect(w.platform.heard('WhatsApp')).toEqual([expect.stringContaining('a > 7:')]);
    expect(a.log.said().filter((line) => /^(warn|error)/.test(line))).toEqual([]);
  });

  test('stopped in the middle of a broadcast: nothing is begun any more, and its successor goes on where it was', async () => {
    const w = await world();
    const a = await w.join('a');
    for (let i = 0; i < 30; i++) await w.through(w.platform.say('a1', `${i}`, 'subscribe ru'));
    await w.pass(10_000);
    await w.through(a.parts.ingestRelay.statements('posted', [w.blocked('whatsapp')]));
    await w.pass(1_000);
    const before = w.platform.heard('WhatsApp').length;
    expect(before).toBeGreaterThan(0);
    await w.through(a.supervisor.stop());
    const { length } = w.platform.heard('WhatsApp');
    expect(length).toBeLessThan(30);
    await w.pass(5_000);
    expect(w.platform.heard('WhatsApp')).toHaveLength(length);
    expect([a.here.ingest, a.here.accounts.size, w.platform.receiving.size]).toEqual([null, 0, 0]);
    await w.join('b');
    await w.pass(10_000);
    const chats = w.platform.heard('WhatsApp').map((line) => line.split(' > ')[1]!.split(':')[0]);
    expect([chats.length, new Set(chats).size]).toEqual([30, 30]);
  });

  test('an account that its platform refuses: the start fails with it, and what had begun of it is ended', async () => {
    const w = await world(['a1', 'a2']);
    w.platform.refuses = (_, account) => (account === 'a2' ? new TocsinError('auth', 'a refused token') : null);
    await expect(w.join('a')).rejects.toMatchObject({ code: 'auth' });
    expect(w.board.board().leases.map(({ name }) => name)).not.toContain('receive/a2');
  });
});

describe('an account of which something has broken', () => {
  test('it is ended and begun anew, with all that was asked meanwhile', async () => {
    const w = await world();
    await w.join('a');
    w.platform.breaks.get('a a1')!();
    await w.pass(12_000);
    expect(w.platform.history).toEqual(['a a1 starts', 'a a1 stops', 'a a1 starts']);
    await w.through(w.platform.say('a1', '7', 'subscribe ru'));
    await w.pass(2_000);
    expect(w.platform.heard('a > 7:')).toHaveLength(1);
  });
});

describe('an account that one process holds, or none', () => {
  test('processes that could do but half of it each: begun by neither; one that can do both begins it', async () => {
    const w = await world();
    w.platform.oneHolder = true;
    const a = await w.join('a', ['ingest', 'bot']);
    await w.join('b', ['deliver']);
    await w.pass(12_000);
    expect(w.platform.history).toEqual([]);
    expect(a.supervisor.waitsFor()).toEqual([]);
    await w.join('c');
    await w.pass(12_000);
    expect(w.platform.history).toEqual(['c a1 starts']);
    await w.through(w.platform.say('a1', '7', 'subscribe ru'));
    await w.pass(2_000);
    expect(w.platform.heard('c > 7:')).toHaveLength(1);
  });
});

describe('two processes', () => {
  test('an account that another holds: neither received nor sent for, and its health is as the other says', async () => {
    const w = await world();
    await w.join('a');
    const b = await w.join('b');
    await w.pass(12_000);
    expect(w.platform.history).toEqual(['a a1 starts']);
    expect(b.here.accounts.size).toBe(0);
    const { accounts } = await w.through(b.parts.health());
    expect(accounts).toEqual([expect.objectContaining({ id: 'a1', ok: true, problem: null })]);
    b.parts.store.bus.tell('outbox');
    expect(await w.through(w.platform.say('a1', '7', 'ping'))).toEqual(['a']);
  });

  test('killed: the other receives, sends and ingests, knows who follows what, and answers what was asked and not answered', async () => {
    const w = await world();
    const a = await w.join('a');
    const b = await w.join('b');
    await w.through(w.platform.say('a1', '7', 'subscribe ru'));
    await w.pass(2_000);
    w.platform.sendMs = 600_000;
    await w.through(w.platform.say('a1', '8', 'status ru'));
    await w.pass(500);
    a.kill();
    w.platform.receiving.delete('a a1');
    w.platform.sendMs = 0;
    await w.pass(15_000);
    expect(w.platform.history.at(-1)).toBe('b a1 starts');
    expect(w.platform.heard('b > 8:')).toHaveLength(1);
    await w.through(b.parts.ingestRelay.statements('posted', [w.blocked('whatsapp')]));
    await w.pass(5_000);
    expect(w.platform.heard('WhatsApp')).toEqual([expect.stringContaining('b > 7:')]);
    // The platform gives once more what was answered: nothing is said.
    const { length } = w.platform.sent;
    await w.through(w.platform.say('a1', '7', 'subscribe ru'));
    await w.pass(3_000);
    expect(w.platform.sent).toHaveLength(length);
  });

  test('asleep in the middle of a broadcast: awake again it sends nothing, takes nothing that comes, and ends its units', async () => {
    const w = await world();
    const a = await w.join('a');
    await w.join('b');
    for (let i = 0; i < 30; i++) await w.through(w.platform.say('a1', `${i}`, 'subscribe ru'));
    await w.pass(10_000);
    await w.through(a.parts.ingestRelay.statements('posted', [w.blocked('whatsapp')]));
    await w.pass(1_000);
    a.stop();
    const before = w.platform.heard('a > ').length;
    expect(before).toBeLessThan(60);
    const adapter = a.here.accounts.get('a1')!.adapter;
    await w.pass(20_000);
    const late = await w.through(adapter.send({ op: 'send', key: 'late' } as never, new AbortController().signal));
    expect(late).toMatchObject({ kind: 'retry', reason: 'canceled' });
    const own = w.platform.receiving.get('a a1');
    if (own)
      await w.through(own.incoming({ kind: 'left', address: { accountId: 'a1', chat: '3', thread: null } } as never));
    a.go();
    await w.pass(10_000);
    expect([a.here.ingest, a.here.accounts.size]).toEqual([null, 0]);
    expect(w.platform.history.slice(-2).sort()).toEqual(['a a1 stops', 'b a1 starts']);
    const chats = w.platform.heard('WhatsApp').map((line) => line.split(' > ')[1]!.split(':')[0]);
    // What was on the wire when it fell asleep may come twice, and no more: two at a time.
    expect(new Set(chats).size).toBe(30);
    expect(chats.length).toBeLessThanOrEqual(32);
  });

  test('an account that it cannot begin when it takes over: all else goes on, and it is begun as soon as the platform lets it', async () => {
    const w = await world(['a1', 'a2']);
    const a = await w.join('a');
    const b = await w.join('b');
    w.platform.refuses = (process, account) =>
      process === 'b' && account === 'a1' ? new TocsinError('auth', 'a refused token') : null;
    await w.pass(2_000);
    a.kill();
    w.platform.receiving.clear();
    await w.pass(20_000);
    expect([...b.here.accounts.keys()]).toEqual(['a2']);
    expect(b.here.ingest).not.toBeNull();
    expect(b.log.said().filter((line) => line.startsWith('error'))).not.toEqual([]);
    w.platform.refuses = null;
    await w.pass(20_000);
    expect([...b.here.accounts.keys()].sort()).toEqual(['a1', 'a2']);
  });

  test('one receives and one sends: the one answers people, the other sends alerts and asks its platform who it is before it does', async () => {
    const w = await world();
    const a = await w.join('a', ['bot']);
    const b = await w.join('b', ['ingest', 'deliver']);
    expect(w.platform.history).toEqual(['a a1 starts']);
    await w.through(w.platform.say('a1', '7', 'subscribe ru'));
    await w.pass(2_000);
    await w.through(b.parts.ingestRelay.statements('posted', [w.blocked('whatsapp')]));
    await w.pass(5_000);
    expect(w.platform.sent.map((line) => line.split(' > ')[0])).toEqual(['a', 'b']);
    expect(b.here.accounts.get('a1')!.adapter.pace.perSecond + a.here.accounts.get('a1')!.adapter.pace.perSecond).toBe(
      10,
    );
  });
});

test('roles that nobody has: an account of which nothing is received is said to be ill, and what nobody does is said once', async () => {
  const w = await world();
  const a = await w.join('a', ['deliver', 'web']);
  await w.pass(45_000);
  const { accounts } = await w.through(a.parts.health());
  expect(accounts[0]).toMatchObject({ ok: false, problem: 'no process receives and sends for it' });
  expect(a.log.said().filter((line) => line.startsWith('warn'))).toEqual([
    'warn No process does this, and none waits for it: start one with these roles',
  ]);
});

/** Processes that share leases, each with its supervisor, on one board: what runs where, and that nothing ever runs twice. */
import { describe, expect, onTestFinished, test } from 'vitest';
import { TocsinError } from '../../../src/core/errors.ts';
import { createSupervisor, type Supervisor } from '../../../src/core/lease.ts';
import type { LeaseName, Role, LeaseTerm } from '../../../src/core/ports/leases.ts';
import { createIds } from '../../../src/platform/ids.ts';
import { openStore } from '../../../src/store/open.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';
import { quietLog, recordingLog } from '../../fakes/fake-log.ts';
import { FakeLeaseBoard, type FakeProcess } from '../../fakes/lease-board.ts';

const ALL: Role[] = ['ingest', 'bot', 'deliver', 'web'];

interface Member {
  name: string;
  process: FakeProcess;
  supervisor: Supervisor;
  /** Units that run now, with their leases. */
  running: Map<string, readonly LeaseTerm[]>;
  log: ReturnType<typeof recordingLog>;
  /** Its loop ends; its leases stay until they expire. */
  kill(): void;
}

function world(accounts = ['tg', 'mx']) {
  const clock = new FakeClock();
  const board = new FakeLeaseBoard(clock);
  const members: Member[] = [];
  const history: string[] = [];
  const faults = { begin: null as ((member: string, unit: string) => void) | null, stopMs: 0 };

  async function join(name: string, roles: readonly Role[] = ALL): Promise<Member> {
    const tables = await openStore(':memory:', { clock, log: quietLog, ids: createIds(clock) });
    const process = board.process(tables, name);
    const log = recordingLog();
    const running = new Map<string, readonly LeaseTerm[]>();
    const supervisor = createSupervisor({
      leases: process.store.leases,
      bus: process.store.bus,
      clock,
      log: log.log,
      roles,
      accounts,
      async begin(unit, terms) {
        faults.begin?.(name, unit);
        running.set(unit, terms);
        history.push(`${name} begins ${unit}: ${terms.map((one) => one.name).join(' ')}`);
        return {
          async stop() {
            if (faults.stopMs > 0) await clock.sleep(faults.stopMs);
            if (running.get(unit) === terms) running.delete(unit);
            history.push(`${name} ends ${unit}`);
          },
        };
      },
    });
    const ending = new AbortController();
    const member: Member = {
      name,
      process,
      supervisor,
      running,
      log,
      kill() {
        process.kill();
        ending.abort();
        running.clear();
      },
    };
    members.push(member);
    onTestFinished(() => ending.abort());
    await supervisor.start();
    void supervisor.loop(ending.signal);
    await clock.pass(0);
    return member;
  }

  /** Who may do it now, by their own clocks; never two. */
  const holders = (name: LeaseName): string[] =>
    members.flatMap(({ name: who, running }) =>
      [...running.values()].flat().some((one) => one.name === name && one.valid()) ? [who] : [],
    );
  const pass = async (ms: number): Promise<void> => {
    for (let left = ms; left > 0; left -= 250) {
      await clock.pass(Math.min(250, left));
      for (const name of [
        'ingest',
        'fanout',
        ...accounts.flatMap((id) => [`receive/${id}`, `send/${id}`]),
      ] as LeaseName[])
        expect(holders(name).length, `${name} at ${holders(name).join(' ')}`).toBeLessThan(2);
    }
  };
  return { clock, board, join, pass, holders, history, faults };
}

describe('one process', () => {
  test('begins everything, an account with both its leases as one unit, and says nothing more', async () => {
    const w = world();
    const a = await w.join('a');
    expect(w.history).toEqual([
      'a begins account/tg: receive/tg send/tg',
      'a begins account/mx: receive/mx send/mx',
      'a begins ingest: ingest',
      'a begins fanout: fanout',
    ]);
    await w.pass(60_000);
    expect(w.history).toHaveLength(4);
    expect(a.log.said()).toEqual([]);
    expect([a.supervisor.waitsFor(), a.supervisor.shared()]).toEqual([[], false]);
  });

  test('what cannot be begun at the start: the start fails with it', async () => {
    const w = world();
    w.faults.begin = (_, unit) => {
      if (unit === 'account/tg') throw new TocsinError('auth', 'a refused token');
    };
    await expect(w.join('a')).rejects.toMatchObject({ code: 'auth' });
  });

  test('stopped: every unit ends, and every lease is free at once', async () => {
    const w = world();
    const a = await w.join('a');
    await a.supervisor.stop();
    expect(a.running.size).toBe(0);
    expect(w.board.board().leases).toEqual([]);
  });

  test('a unit that breaks is begun anew at once; one that breaks again at once rests, is begun after that, and never in a circle', async () => {
    const w = world(['tg']);
    const a = await w.join('a');
    const begun = () => w.history.filter((line) => line.startsWith('a begins account/tg')).length;
    await a.supervisor.again('tg');
    expect([begun(), a.running.has('account/tg')]).toEqual([2, true]);
    await a.supervisor.again('tg');
    expect([begun(), a.running.has('account/tg'), a.supervisor.held()]).toEqual([2, false, ['ingest', 'fanout']]);
    await a.supervisor.again('tg');
    await w.pass(30_000);
    expect([begun(), a.running.has('account/tg')]).toEqual([3, true]);
    await w.pass(60_000);
    await a.supervisor.again('tg');
    expect([begun(), a.running.has('account/tg')]).toEqual([4, true]);
  });
});

describe('two processes', () => {
  test('the second waits, and says for what', async () => {
    const w = world(['tg']);
    await w.join('a');
    const b = await w.join('b');
    await w.pass(20_000);
    expect(b.running.size).toBe(0);
    expect(b.supervisor.waitsFor()).toEqual(['ingest', 'fanout', 'receive/tg', 'send/tg']);
    expect(w.board.board().processes.map(({ label, waitsFor }) => [label, waitsFor.length])).toEqual([
      ['a', 0],
      ['b', 4],
    ]);
  });

  test('killed: the other runs everything at the moment when the leases end', async () => {
    const w = world(['tg']);
    const a = await w.join('a');
    const b = await w.join('b');
    await w.pass(5_400);
    a.kill();
    await w.pass(Math.max(...w.board.board().leases.map(({ endsIn }) => endsIn)) + 5);
    expect([...b.running.keys()].sort()).toEqual(['account/tg', 'fanout', 'ingest']);
    expect(b.supervisor.waitsFor()).toEqual([]);
  });

  test('stopped in order: the other runs everything within a second, and not before the first has ended it', async () => {
    const w = world(['tg']);
    const a = await w.join('a');
    const b = await w.join('b');
    w.faults.stopMs = 500;
    const stopping = a.supervisor.stop();
    await w.pass(250);
    expect(b.running.size).toBe(0);
    await w.pass(750);
    await stopping;
    expect(b.running.size).toBe(3);
    expect(w.history.indexOf('a ends ingest')).toBeLessThan(w.history.indexOf('b begins ingest: ingest'));
  });

  test.each(['stop', 'cut'] as const)(
    '%s for thirty seconds: replaced meanwhile; back again it ends all, and waits',
    async (what) => {
      const w = world(['tg']);
      const a = await w.join('a');
      const b = await w.join('b');
      await w.pass(3_000);
      a.process[what]();
      await w.pass(30_000);
      expect(b.running.size).toBe(3);
      a.process[what === 'stop' ? 'go' : 'heal']();
      await w.pass(5_000);
      expect(a.running.size).toBe(0);
      expect(a.supervisor.waitsFor()).toHaveLength(4);
      expect(a.log.said()).toContain('info Lost a lease; another process may do its work now');
      b.kill();
      await w.pass(10_000);
      expect(a.running.size).toBe(3);
    },
  );

  test('split by roles: an account is two units in two processes', async () => {
    const w = world(['tg']);
    const a = await w.join('a', ['bot', 'web']);
    const b = await w.join('b', ['ingest', 'deliver']);
    expect([...a.running.values()].flat().map((one) => one.name)).toEqual(['receive/tg']);
    expect(
      [...b.running.values()]
        .flat()
        .map((one) => one.name)
        .sort(),
    ).toEqual(['fanout', 'ingest', 'send/tg']);
  });

  test('whoever holds one half and gets the other begins the account anew with both', async () => {
    const w = world(['tg']);
    const a = await w.join('a', ['bot']);
    const b = await w.join('b');
    await w.pass(1_000);
    expect([...b.running.get('account/tg')!].map((one) => one.name)).toEqual(['send/tg']);
    a.kill();
    await w.pass(10_000);
    expect([...b.running.get('account/tg')!].map((one) => one.name).sort()).toEqual(['receive/tg', 'send/tg']);
    expect(w.history.filter((line) => line.includes('tg')).slice(-2)).toEqual([
      'b ends account/tg',
      'b begins account/tg: send/tg receive/tg',
    ]);
  });

  test('what it cannot begin it leaves to the other', async () => {
    const w = world(['tg']);
    const a = await w.join('a');
    const b = await w.join('b');
    w.faults.begin = (member, unit) => {
      if (member === 'b' && unit === 'account/tg') throw new TocsinError('server', 'no line to the platform');
    };
    a.kill();
    await w.pass(10_000);
    expect([...b.running.keys()].sort()).toEqual(['fanout', 'ingest']);
    expect(b.log.said().filter((line) => line.startsWith('error Unable to begin'))).not.toEqual([]);
    const c = await w.join('c');
    await w.pass(3_000);
    expect([...c.running.keys()]).toEqual(['account/tg']);
  });

  test('the clock of the wall jumps by a day, either way: nobody loses anything', async () => {
    const w = world(['tg']);
    const a = await w.join('a');
    await w.join('b');
    for (const ms of [86_400_000, -172_800_000]) {
      w.clock.jump(ms);
      await w.pass(10_000);
    }
    expect(a.running.size).toBe(3);
  });

  test('a third joins two with three accounts: each has one, and nothing moves any more', async () => {
    const w = world(['1', '2', '3']);
    const members = [await w.join('a'), await w.join('b'), await w.join('c')];
    await w.pass(200_000);
    const counts = members.map(
      ({ running }) => [...running.keys()].filter((unit) => unit.startsWith('account/')).length,
    );
    expect(counts).toEqual([1, 1, 1]);
    const before = w.history.length;
    await w.pass(200_000);
    expect(w.history).toHaveLength(before);
  });
});

/** Which leases a process takes or hands over, by the board that everybody sees. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  HAND_OVER_EVERY,
  LEFT_TO_OTHERS,
  type LeasePlan,
  type LeaseState,
  planLeases,
  wantedBy,
} from '../../../src/core/lease.ts';
import type { LeaseName, LiveProcess, Role } from '../../../src/core/ports/leases.ts';

const ALL: Role[] = ['ingest', 'bot', 'deliver', 'web'];
const live = (id: string, roles: readonly Role[] = ALL, waitsFor: readonly LeaseName[] = []): LiveProcess => ({
  id,
  label: `host:${id}`,
  roles,
  waitsFor,
  startedAt: 0,
  seenAt: 0,
});

/** Several processes that see one board, with a clock for all. */
function world(
  accounts: string[],
  roles: Record<string, Role[]>,
  whole: ReadonlySet<string> = new Set(),
  /** Processes with another configuration. */
  others: Record<string, string[]> = {},
) {
  const wants = (id: string) => wantedBy(roles[id]!, others[id] ?? accounts, whole);
  const holders = new Map<LeaseName, string>();
  const dead = new Set<string>();
  const joined = new Set(Object.keys(roles));
  const states = new Map<
    string,
    { freeSince: Map<LeaseName, number>; notBefore: Map<LeaseName, number>; handedAt: number }
  >();
  let now = 0;
  const handed: string[] = [];

  function stateOf(me: string): LeaseState {
    const own = states.get(me) ?? { freeSince: new Map(), notBefore: new Map(), handedAt: Number.NEGATIVE_INFINITY };
    states.set(me, own);
    const free = wants(me).filter((name) => !holders.has(name));
    for (const name of own.freeSince.keys()) if (!free.includes(name)) own.freeSince.delete(name);
    for (const name of free) if (!own.freeSince.has(name)) own.freeSince.set(name, now);
    return {
      ...own,
      me,
      roles: roles[me]!,
      accounts: others[me] ?? accounts,
      whole,
      held: new Set([...holders].flatMap(([name, id]) => (id === me ? [name] : []))),
      board: {
        leases: [...holders].map(([name, processId]) => ({ name, processId, epoch: 1, since: 0, endsIn: 5_000 })),
        processes: [...joined]
          .filter((id) => !dead.has(id))
          .map((id) =>
            live(
              id,
              roles[id],
              wants(id).filter((name) => holders.get(name) !== id),
            ),
          ),
      },
    };
  }

  function look(me: string): LeasePlan {
    const plan = planLeases(stateOf(me), now);
    for (const name of plan.take) if (!holders.has(name)) holders.set(name, me);
    if (plan.handOver) {
      const { names } = plan.handOver;
      states.get(me)!.handedAt = now;
      handed.push(`${me} ${names.join(' ')}`);
      for (const name of names) {
        holders.delete(name);
        states.get(me)!.notBefore.set(name, now + 10_000);
      }
    }
    return plan;
  }

  return {
    look,
    stateOf,
    handed,
    holders,
    join: (id: string) => void joined.add(id),
    leave: (id: string) => void joined.delete(id),
    kill(id: string) {
      dead.add(id);
      for (const [name, holder] of holders) if (holder === id) holders.delete(name);
    },
    /** Everybody looks, again and again, as time passes. */
    pass(ms: number) {
      for (const end = now + ms; now < end; now += 500) for (const id of joined) if (!dead.has(id)) look(id);
    },
    accountsOf: (id: string) =>
      new Set(
        [...holders].flatMap(([name, holder]) => (holder === id && name.includes('/') ? [name.split('/')[1]] : [])),
      ).size,
  };
}

const takes = ({ take }: LeasePlan): LeaseName[] => take;

describe('taking', () => {
  test('nobody else lives: everything that the roles want, at once and together', () => {
    const { look } = world(['tg', 'mx'], { a: ALL });
    expect(takes(look('a'))).toEqual(['ingest', 'fanout', 'receive/tg', 'send/tg', 'receive/mx', 'send/mx']);
    expect(look('a')).toEqual({ take: [], handOver: null, inMs: 10_000 });
  });

  test.each<[string, Role[], LeaseName[]]>([
    ['bot', ['bot'], ['receive/tg']],
    ['deliver', ['deliver'], ['fanout', 'send/tg']],
    ['ingest and web', ['ingest', 'web'], ['ingest']],
    ['web alone', ['web'], []],
  ])('roles %s: no other leases', (_, roles, expected) => {
    expect(takes(world(['tg'], { a: roles }).look('a'))).toEqual(expected);
  });

  test('all is held by another that lives: waits, takes nothing, and looks again soon', () => {
    const { look } = world(['tg'], { a: ALL, b: ALL });
    const w = world(['tg'], { a: ALL, b: ALL });
    w.look('a');
    w.pass(3_000);
    expect(takes(look('b')).length).toBeGreaterThan(0);
    expect(w.look('b')).toEqual({ take: [], handOver: null, inMs: 1_000 });
    expect(w.accountsOf('b')).toBe(0);
  });

  test('its holder is dead: whoever has less than its share takes it at the first look', () => {
    const w = world(['tg'], { a: ALL, b: ALL });
    w.leave('b');
    w.look('a');
    w.join('b');
    w.pass(2_000);
    w.kill('a');
    expect(takes(w.look('b'))).toEqual(['ingest', 'fanout', 'receive/tg', 'send/tg']);
  });

  test('whoever has its share leaves what comes free to the others for a second', () => {
    const w = world(['1', '2', '3', '4'], { a: ALL, b: ALL, c: ALL });
    w.pass(5_000);
    const [rich] = ['a', 'b', 'c'].filter((id) => w.accountsOf(id) === 2);
    const freed = [...w.holders].find(([name, holder]) => holder !== rich && name.startsWith('receive/'))![0];
    const account = freed.split('/')[1]!;
    w.holders.delete(freed);
    w.holders.delete(`send/${account}`);
    expect(takes(w.look(rich!))).toEqual([]);
    w.leave('a');
    w.leave('b');
    w.leave('c');
    w.pass(LEFT_TO_OTHERS);
    for (const id of ['a', 'b', 'c']) w.join(id);
    expect(takes(w.look(rich!))).toEqual([`receive/${account}`, `send/${account}`]);
  });

  test('an expired row counts as free', () => {
    const state = world(['tg'], { a: ALL }).stateOf('a');
    state.board.leases.push({ name: 'ingest', processId: 'dead', epoch: 3, since: 0, endsIn: 0 });
    expect(takes(planLeases(state, 0))).toContain('ingest');
  });

  test.each([
    [4_200, 1_000],
    [300, 302],
  ])(
    'what somebody else holds ends in %i ms: it looks in %i, so that it takes what is not renewed at once',
    (endsIn, inMs) => {
      const w = world(['tg'], { a: ALL, b: ALL });
      w.look('a');
      const { board, ...state } = w.stateOf('b');
      const leases = board.leases.map((one) => ({ ...one, endsIn }));
      expect(planLeases({ ...state, board: { ...board, leases } }, 0).inMs).toBe(inMs);
    },
  );

  test('what it handed over just now, or could not begin, it does not take again before its time', () => {
    const state = {
      ...world(['tg'], { a: ALL }).stateOf('a'),
      notBefore: new Map<LeaseName, number>([['ingest', 5_000]]),
    };
    expect(takes(planLeases(state, 4_999))).not.toContain('ingest');
    expect(takes(planLeases(state, 5_000))).toContain('ingest');
  });
});

describe('handing over', () => {
  test('a second process joins: accounts move to it one each half a minute, until both have as many; ingest stays', () => {
    const w = world(['1', '2', '3', '4'], { a: ALL, b: ALL });
    w.leave('b');
    w.pass(1_000);
    expect(w.accountsOf('a')).toBe(4);
    w.join('b');
    w.pass(1_000);
    expect([w.accountsOf('a'), w.accountsOf('b')]).toEqual([3, 1]);
    w.pass(HAND_OVER_EVERY - 5_000);
    expect(w.accountsOf('a')).toBe(3);
    w.pass(10_000);
    expect([w.accountsOf('a'), w.accountsOf('b')]).toEqual([2, 2]);
    w.pass(600_000);
    expect(w.handed).toHaveLength(2);
    expect(w.holders.get('ingest')).toBe('a');
  });

  test('one account: nobody hands it over, however many wait', () => {
    const w = world(['tg'], { a: ALL, b: ALL, c: ALL });
    w.pass(600_000);
    expect(w.handed).toEqual([]);
  });

  test('to one that could do but half of it: nothing is handed over, so that the pace need not be split', () => {
    const w = world(['1', '2'], { a: ALL, b: ['deliver'] });
    w.leave('b');
    w.pass(1_000);
    w.join('b');
    w.pass(120_000);
    expect(w.handed).toEqual([]);
  });

  test('to one whose configuration does not have the account: what both have moves, and the other account stays where it is', () => {
    const w = world(['tg', 'mx'], { a: ALL, b: ALL }, new Set(), { b: ['tg'] });
    w.leave('b');
    w.pass(1_000);
    w.join('b');
    w.pass(300_000);
    expect(w.handed).toEqual(['a receive/tg send/tg']);
    expect([w.holders.get('send/tg'), w.holders.get('send/mx')]).toEqual(['b', 'a']);
    const alone = world(['mx', 'tg'], { a: ALL, b: ALL }, new Set(), { b: [] });
    alone.leave('b');
    alone.pass(1_000);
    alone.join('b');
    alone.pass(300_000);
    expect(alone.handed).toEqual([]);
  });

  test('halves with two that each could do both: whoever sends gets the other half', () => {
    const w = world(['tg'], { a: ALL, b: ALL });
    w.holders.set('receive/tg', 'a').set('send/tg', 'b').set('ingest', 'a').set('fanout', 'a');
    w.pass(5_000);
    expect([w.holders.get('receive/tg'), w.holders.get('send/tg')]).toEqual(['b', 'b']);
    expect(w.handed).toEqual(['a receive/tg']);
  });
});

describe('an account that one process holds alone, or not at all', () => {
  const whole = new Set(['mx']);

  test('a process that could do but half of it: takes neither', () => {
    for (const roles of [['bot'], ['deliver']] as Role[][])
      expect(wantedBy(roles, ['mx', 'tg'], whole).filter((name) => name.endsWith('/mx'))).toEqual([]);
    expect(wantedBy(ALL, ['mx'], whole)).toEqual(expect.arrayContaining(['receive/mx', 'send/mx']));
  });

  test('one half is free, the other is held elsewhere: left, however long', () => {
    const w = world(['mx'], { a: ALL, b: ALL }, whole);
    w.holders.set('send/mx', 'b').set('ingest', 'b').set('fanout', 'b');
    for (let i = 0; i < 20; i++) w.look('a');
    expect(w.holders.get('receive/mx')).toBeUndefined();
  });

  test('a half without its other: handed over, and then both are taken together', () => {
    const w = world(['mx'], { a: ALL }, whole);
    w.holders.set('send/mx', 'a').set('ingest', 'a').set('fanout', 'a');
    w.pass(60_000);
    expect([w.holders.get('receive/mx'), w.holders.get('send/mx')]).toEqual(['a', 'a']);
    expect(w.handed).toEqual(['a send/mx']);
  });
});

test('any processes, any roles, joins and deaths in any order: all that can be held is held by one that may, and it comes to rest', () => {
  const role = fc.subarray(ALL, { minLength: 1 });
  fc.assert(
    fc.property(
      fc.array(role, { minLength: 1, maxLength: 4 }),
      fc.integer({ min: 0, max: 6 }),
      fc.subarray(['0', '1', '2', '3', '4', '5']),
      fc.array(fc.tuple(fc.constantFrom('join', 'kill', 'pass'), fc.nat(3)), { maxLength: 12 }),
      (roles, count, undivided, events) => {
        const whole = new Set(undivided.filter((id) => Number(id) < count));
        const accounts = Array.from({ length: count }, (_, i) => `${i}`);
        const named = Object.fromEntries(roles.map((one, i) => [`p${i}`, one]));
        const w = world(accounts, named, whole);
        const alive = new Set(Object.keys(named));
        for (const id of [...alive].slice(1)) w.leave(id);
        for (const [what, n] of events) {
          const id = `p${n % roles.length}`;
          if (what === 'join') w.join(id);
          else if (what === 'kill' && alive.size > 1) {
            alive.delete(id);
            w.kill(id);
          } else w.pass(2_500);
        }
        for (const id of alive) w.join(id);
        w.pass(300_000);
        const able = [...alive].map((id) => named[id]!);
        for (const name of new Set(able.flatMap((one) => wantedBy(one, accounts, whole)))) {
          const holder = w.holders.get(name);
          expect(holder).toBeDefined();
          expect(alive.has(holder!)).toBe(true);
          expect(wantedBy(named[holder!]!, accounts, whole)).toContain(name);
        }
        for (const id of whole) expect(w.holders.get(`receive/${id}`)).toBe(w.holders.get(`send/${id}`));
        const before = w.handed.length;
        w.pass(300_000);
        expect(w.handed.length).toBe(before);
      },
    ),
    { numRuns: 40 },
  );
});

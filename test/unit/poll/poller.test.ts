import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { TocsinError } from '../../../src/core/errors.ts';
import type { PollResult } from '../../../src/core/ports/source.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';
import { FakeStates, fakeSource, HOUR, MINUTE, news, nothingNew, type World, world } from './world.ts';

const FIVE = '*/5 * * * *';
const SECOND = '* * * * * *';
let clock: FakeClock;
let current: World;

beforeEach(() => {
  clock = new FakeClock();
});
afterEach(async () => {
  const stopped = current.poller.stop();
  await clock.pass(10_000);
  await stopped;
});

const start = async (...args: Parameters<typeof world>) => {
  current = world(...args);
  await current.poller.start();
  await clock.pass(0);
  return current;
};
const fail =
  (code: 'fetch_dns' | 'fetch_timeout' | 'fetch_status', facts = {}) =>
  async (): Promise<PollResult> => {
    throw new TocsinError(code, `it failed: ${code}`, facts);
  };
const gaps = (times: number[]) => times.slice(1).map((time, i) => time - times[i]!);

describe('the schedule', () => {
  test('every second for ten seconds: polled ten times, the first at once', async () => {
    const source = fakeSource('a', SECOND, clock);
    await start([source], clock);
    expect(source.polls).toHaveLength(1);
    await clock.pass(10_000);
    expect(source.polls.length).toBeGreaterThanOrEqual(10);
    for (const gap of gaps(source.polls).slice(1)) expect(gap).toBe(1_000);
  });

  test('polls under way are counted, and no longer once they are through', async () => {
    const { promise, resolve } = Promise.withResolvers<PollResult>();
    const slow = fakeSource('slow', FIVE, clock, { answer: () => promise });
    const { poller } = await start([slow, fakeSource('quick', FIVE, clock)], clock);
    await clock.pass(5_000);
    expect(poller.polling()).toBe(1);
    resolve(nothingNew);
    await clock.pass(0);
    expect(poller.polling()).toBe(0);
  });

  test('every five minutes: each poll at most 30 s after its time, always at the same place, others elsewhere', async () => {
    const sources = Array.from({ length: 40 }, (_, i) => fakeSource(`feed${i}`, FIVE, clock));
    await start(sources, clock);
    await clock.pass(HOUR);
    const places = sources.map(({ polls }) => {
      const offsets = new Set(polls.slice(1).map((time) => time % (5 * MINUTE)));
      expect(offsets.size).toBe(1);
      return [...offsets][0]!;
    });
    for (const place of places) expect(place).toBeLessThanOrEqual(30_000);
    expect(new Set(places).size).toBeGreaterThan(30);
    for (const { polls } of sources) expect(polls.length).toBeGreaterThanOrEqual(12);
  });

  test('a thousand feeds without state: all polled within five seconds, not all at once', async () => {
    const sources = Array.from({ length: 1_000 }, (_, i) => fakeSource(`feed${i}`, '0 * * * *', clock));
    await start(sources, clock);
    expect(sources.filter(({ polls }) => polls.length > 0).length).toBeLessThan(100);
    await clock.pass(5_000);
    expect(sources.every(({ polls }) => polls.length === 1)).toBe(true);
  });

  test('a server that asks for patience: not before, then at once, four intervals at most', async () => {
    const source = fakeSource('a', FIVE, clock, {
      answer: async () => ({ ...nothingNew, notBefore: clock.now() + 12 * MINUTE }),
    });
    await start([source], clock);
    await clock.pass(HOUR);
    for (const gap of gaps(source.polls)) expect(gap).toBe(12 * MINUTE);
    source.answer = async () => ({ ...nothingNew, notBefore: clock.now() + 1_000 * HOUR });
    await clock.pass(12 * MINUTE);
    const before = source.polls.length;
    await clock.pass(10 * HOUR);
    for (const gap of gaps(source.polls.slice(before - 1))) expect(gap).toBe(20 * MINUTE);
  });

  test.each([
    ['every five minutes', FIVE, 20 * MINUTE],
    ['every hour', '0 * * * *', 4 * HOUR],
    ['every two hours', '0 */2 * * *', 6 * HOUR],
    ['every second', SECOND, 4_000],
  ])(
    '%s, asked to stay away for a day on end: the schedule is stretched so far only, at each poll',
    async (_name, cron, longest) => {
      const source = fakeSource('a', cron, clock, {
        answer: async () => {
          await clock.sleep(1_000);
          return { ...nothingNew, notBefore: clock.now() + 24 * HOUR };
        },
      });
      await start([source], clock);
      await clock.pass(longest * 6 + 1_000);
      expect(source.polls.length).toBeGreaterThanOrEqual(6);
      for (const gap of gaps(source.polls)) expect(gap).toBeLessThanOrEqual(longest);
    },
  );

  test('once a day, asked to stay away for a week: the schedule as it is', async () => {
    const source = fakeSource('a', '0 12 * * *', clock, {
      answer: async () => ({ ...nothingNew, notBefore: clock.now() + 168 * HOUR }),
    });
    await start([source], clock);
    await clock.pass(73 * HOUR);
    expect(source.polls.length).toBeGreaterThanOrEqual(4);
  });

  test('a day of patience kept from before a restart: within four intervals of the last poll', async () => {
    const states = new FakeStates();
    const lastPollAt = clock.now() - MINUTE;
    const known = { lastPollAt, lastOkAt: lastPollAt, firstPollDone: true, failures: 0, failingSince: null };
    const rest = { lastCode: null, lastMessage: null, notBefore: clock.now() + 20 * HOUR, nextDueAt: null };
    states.kept.set('a', { ...known, ...rest });
    const source = fakeSource('a', FIVE, clock);
    await start([source], clock, { states });
    await clock.pass(19 * MINUTE);
    expect(source.polls).toEqual([lastPollAt + 20 * MINUTE]);
  });

  test('max-age as long as the interval: polled at each interval, not at each second one', async () => {
    const answer = async () => {
      await clock.sleep(300);
      return { ...nothingNew, notBefore: clock.now() + 5 * MINUTE };
    };
    const source = fakeSource('a', FIVE, clock, { answer });
    await start([source], clock);
    await clock.pass(HOUR);
    expect(source.polls.length).toBeGreaterThanOrEqual(11);
  });

  test('never runs: not polled after the first time, and no harm', async () => {
    const source = fakeSource('a', 'never', clock);
    await start([source], clock, { nextRun: () => Number.POSITIVE_INFINITY });
    await clock.pass(HOUR);
    expect(source.polls).toHaveLength(1);
    expect(current.poller.health()[0]?.nextDueAt).toBeNull();
  });
});

describe('failures', () => {
  test('back off: later and later, never more often than the schedule, at most six hours; one warning', async () => {
    const source = fakeSource('a', FIVE, clock, { answer: fail('fetch_dns') });
    await start([source], clock);
    await clock.pass(72 * HOUR);
    const pauses = gaps(source.polls);
    expect(pauses[0]).toBeLessThanOrEqual(5.5 * MINUTE);
    for (const pause of pauses.slice(1)) expect(pause).toBeGreaterThanOrEqual(4.5 * MINUTE);
    expect(Math.max(...pauses)).toBeGreaterThan(4 * HOUR);
    expect(Math.max(...pauses)).toBeLessThanOrEqual(6 * HOUR + 10 * MINUTE);
    expect(current.lines).toEqual([
      'warn Unable to read source source=a kind=fake code=fetch_dns reason=it failed: fetch_dns',
    ]);
    expect(current.poller.health()[0]).toMatchObject({
      lastCode: 'fetch_dns',
      failingSince: source.polls[0],
      lastOkAt: null,
      stale: true,
    });
  });

  test('another code: another warning; its end: one line', async () => {
    const source = fakeSource('a', '* * * * *', clock, { answer: fail('fetch_dns') });
    await start([source], clock);
    await clock.pass(3 * MINUTE);
    source.answer = fail('fetch_timeout');
    await clock.pass(20 * MINUTE);
    source.answer = async () => nothingNew;
    await clock.pass(2 * HOUR);
    expect(current.lines.map((line) => line.split(' ').slice(0, 5).join(' '))).toEqual([
      'warn Unable to read source',
      'warn Unable to read source',
      'info Source is readable again',
    ]);
    expect(current.poller.health()[0]).toMatchObject({ lastCode: null, failingSince: null, failures: 0, stale: false });
  });

  test('Retry-After in an error: honoured, at most a day', async () => {
    const source = fakeSource('a', '* * * * *', clock, { answer: fail('fetch_status', { retryAfterMs: 30 * MINUTE }) });
    await start([source], clock);
    await clock.pass(29 * MINUTE);
    expect(source.polls).toHaveLength(1);
    await clock.pass(2 * MINUTE);
    expect(source.polls).toHaveLength(2);
  });

  test('something that is no TocsinError: internal, and the others go on', async () => {
    const odd = fakeSource('odd', SECOND, clock, { answer: () => Promise.reject(null) });
    const thrown = fakeSource('thrown', SECOND, clock, {
      answer: () => {
        throw new TypeError('x is not a function');
      },
    });
    const fine = fakeSource('fine', SECOND, clock);
    await start([odd, thrown, fine], clock);
    await clock.pass(5_000);
    expect(fine.polls.length).toBeGreaterThanOrEqual(5);
    expect(current.poller.health().map((each) => each.lastCode)).toEqual(['internal', 'internal', null]);
  });

  test('a poll that hangs: given up after two minutes, its place is free, no second poll beside it', async () => {
    const hanging = fakeSource('a', SECOND, clock, { host: 'h', answer: () => new Promise(() => {}) });
    const beside = fakeSource('b', SECOND, clock, { host: 'h' });
    await start([hanging, beside], clock, { perHost: 1 });
    await clock.pass(5 * MINUTE);
    expect(hanging.polls).toHaveLength(1);
    expect(hanging.contexts[0]?.signal.aborted).toBe(true);
    expect(beside.polls.length).toBeGreaterThan(100);
    expect(current.poller.health()[0]).toMatchObject({ lastCode: 'timeout', stale: true });
  });
});

describe('storing', () => {
  test('ingest, then commit; a poll without anything is committed only', async () => {
    const order: string[] = [];
    let result = news;
    const source = fakeSource('a', SECOND, clock, {
      answer: async () => ({ ...result, commit: async () => void order.push('commit') }),
    });
    await start([source], clock, { ingest: async () => void order.push('ingest') });
    expect(order).toEqual(['ingest', 'commit']);
    result = nothingNew;
    await clock.pass(1_200);
    expect(order).toEqual(['ingest', 'commit', 'commit']);
  });

  test('the store fails: no commit, first poll stays first, the next run tries again', async () => {
    let commits = 0;
    let broken = true;
    const source = fakeSource('a', SECOND, clock, {
      answer: async () => ({ ...news, commit: async () => void commits++ }),
    });
    await start([source], clock, {
      ingest: () => (broken ? Promise.reject(new TocsinError('store_failed', 'disk full')) : Promise.resolve()),
    });
    await clock.pass(20_000);
    expect(commits).toBe(0);
    expect(source.contexts.at(-1)?.firstPoll).toBe(true);
    expect(source.polls.length).toBeGreaterThanOrEqual(20);
    broken = false;
    await clock.pass(2_000);
    expect(commits).toBeGreaterThan(0);
    expect(source.contexts.at(-1)?.firstPoll).toBe(false);
    expect(current.lines.filter((line) => line.includes('Unable to store'))).toHaveLength(1);
  });

  test('ingest is handed the context of the poll', async () => {
    const seen: boolean[] = [];
    const source = fakeSource('a', SECOND, clock, { answer: async () => news });
    await start([source], clock, { ingest: async (_source, _result, context) => void seen.push(context.firstPoll) });
    await clock.pass(1_200);
    expect(seen).toEqual([true, false]);
  });
});

describe('limits', () => {
  test('so many to one host, so many in all, never one source twice', async () => {
    const active = new Map<string, number>();
    const most = new Map<string, number>();
    const up = (name: string, by: number) => {
      const now = (active.get(name) ?? 0) + by;
      active.set(name, now);
      most.set(name, Math.max(most.get(name) ?? 0, now));
    };
    const slow = (id: string, host: string) =>
      fakeSource(id, SECOND, clock, {
        host,
        answer: async () => {
          for (const name of [id, host, 'all']) up(name, 1);
          await clock.sleep(2_500);
          for (const name of [id, host, 'all']) up(name, -1);
          return nothingNew;
        },
      });
    const sources = Array.from({ length: 60 }, (_, i) => slow(`s${i}`, `h${i % 12}`));
    await start(sources, clock, { perHost: 2, concurrency: 16 });
    await clock.pass(60_000);
    expect(most.get('all')).toBe(16);
    for (let i = 0; i < 12; i++) expect(most.get(`h${i}`)).toBe(2);
    for (const source of sources) {
      expect(most.get(source.id)).toBe(1);
      // 60 sources of 2.5 s through 16 places: one poll each in some ten seconds.
      expect(source.polls.length).toBeGreaterThanOrEqual(4);
    }
  });
});

describe('slow ones', () => {
  const twentySeconds = async () => {
    await clock.sleep(20_000);
    throw new TocsinError('fetch_timeout', 'too slow');
  };

  test('three that time out on one host: a good one there is still polled every second', async () => {
    const slow = [1, 2, 3].map((n) => fakeSource(`slow${n}`, SECOND, clock, { host: 'h', answer: twentySeconds }));
    const good = fakeSource('good', SECOND, clock, { host: 'h' });
    await start([...slow, good], clock, { perHost: 2 });
    await clock.pass(3 * MINUTE);
    const late = good.polls.filter((time) => time > good.polls[0]! + 2 * MINUTE);
    expect(late.length).toBeGreaterThan(20);
    for (const source of slow) expect(source.polls.length).toBeGreaterThan(1);
  });

  test('a hundred black holes: the others keep half of the places', async () => {
    const slow = Array.from({ length: 100 }, (_, i) =>
      fakeSource(`slow${i}`, '* * * * *', clock, { answer: twentySeconds }),
    );
    const good = Array.from({ length: 50 }, (_, i) => fakeSource(`good${i}`, '* * * * *', clock));
    await start([...slow, ...good], clock, { concurrency: 16 });
    await clock.pass(10 * MINUTE);
    for (const source of good) expect(source.polls.length).toBeGreaterThanOrEqual(8);
    for (const source of slow) expect(source.polls.length).toBeGreaterThanOrEqual(2);
  });

  test('slow once, then quick: like the others again', async () => {
    const source = fakeSource('a', SECOND, clock, { answer: twentySeconds });
    await start([source], clock, { perHost: 1, concurrency: 1 });
    await clock.pass(50_000);
    source.answer = async () => nothingNew;
    await clock.pass(MINUTE);
    const last = source.polls.slice(-10);
    for (const gap of gaps(last)) expect(gap).toBe(1_000);
  });
});

describe('the clock', () => {
  test('asleep for an hour: each missed poll runs once', async () => {
    const source = fakeSource('a', FIVE, clock);
    await start([source], clock);
    await clock.pass(MINUTE);
    clock.jump(HOUR);
    const before = source.polls.length;
    await clock.pass(20_000);
    expect(source.polls.length).toBe(before + 1);
    await clock.pass(11 * MINUTE);
    expect(source.polls.length).toBeLessThanOrEqual(before + 4);
  });

  test('set back by a day: polls go on', async () => {
    const source = fakeSource('a', FIVE, clock);
    await start([source], clock);
    await clock.pass(MINUTE);
    clock.jump(-24 * HOUR);
    const before = source.polls.length;
    await clock.pass(21 * MINUTE);
    expect(source.polls.length).toBeGreaterThanOrEqual(before + 4);
  });

  test('small steps back do not repeat a run', async () => {
    const source = fakeSource('a', '* * * * *', clock);
    await start([source], clock);
    for (let i = 0; i < 10; i++) {
      await clock.pass(MINUTE);
      clock.jump(-800);
    }
    expect(source.polls.length).toBeLessThanOrEqual(11);
  });
});

describe('over a restart', () => {
  test('polled just now: on its schedule, and no first poll any more', async () => {
    const states = new FakeStates();
    const first = fakeSource('a', FIVE, clock);
    await start([first], clock, { states });
    await current.poller.stop();
    const again = fakeSource('a', FIVE, clock);
    await start([again], clock, { states });
    await clock.pass(4 * MINUTE);
    expect(again.polls).toHaveLength(0);
    await clock.pass(2 * MINUTE);
    expect(again.contexts[0]?.firstPoll).toBe(false);
  });

  test('a run was missed meanwhile: polled soon', async () => {
    const states = new FakeStates();
    await start([fakeSource('a', FIVE, clock)], clock, { states });
    await current.poller.stop();
    clock.jump(HOUR);
    const again = fakeSource('a', FIVE, clock);
    await start([again], clock, { states });
    await clock.pass(5_000);
    expect(again.polls).toHaveLength(1);
  });

  test('Retry-After holds, back-off does not', async () => {
    const states = new FakeStates();
    const sources = (wait: object) => [
      fakeSource('a', FIVE, clock, { answer: fail('fetch_status', wait) }),
      fakeSource('b', FIVE, clock, { answer: fail('fetch_dns') }),
    ];
    await start(sources({ retryAfterMs: 10 * HOUR }), clock, { states });
    await clock.pass(5 * HOUR);
    await current.poller.stop();
    const again = sources({});
    await start(again, clock, { states });
    await clock.pass(6 * MINUTE);
    expect(again.map(({ polls }) => polls.length)).toEqual([0, 1]);
  });

  test('gone for good: a day of rest, ended by a restart (it may bring another address)', async () => {
    const states = new FakeStates();
    const gone = () => fakeSource('a', FIVE, clock, { answer: fail('fetch_status', { backOffMs: 24 * HOUR }) });
    const first = gone();
    await start([first], clock, { states });
    await clock.pass(23 * HOUR);
    expect(first.polls).toHaveLength(1);
    await current.poller.stop();
    const again = gone();
    await start([again], clock, { states });
    await clock.pass(5_000);
    expect(again.polls).toHaveLength(1);
  });

  test('states are written in batches, a change within a second', async () => {
    const sources = Array.from({ length: 300 }, (_, i) => fakeSource(`s${i}`, SECOND, clock));
    await start(sources, clock);
    await clock.pass(5_500);
    expect(current.states.kept.size).toBe(300);
    await clock.pass(20_000);
    // 300 sources, 25 s: 7,500 polls.
    expect(current.states.rows).toBeLessThan(2_500);
    expect(current.states.writes).toBeLessThan(60);
  });

  test('states that cannot be kept: one warning, polls go on, written when it works again', async () => {
    const states = new FakeStates();
    states.failing = true;
    const source = fakeSource('a', SECOND, clock);
    await start([source], clock, { states });
    await clock.pass(30_000);
    expect(source.polls.length).toBeGreaterThanOrEqual(30);
    states.failing = false;
    await clock.pass(10_000);
    expect(states.kept.get('a')?.firstPollDone).toBe(true);
    expect(current.lines.map((line) => line.split(' ').slice(0, 4).join(' '))).toEqual([
      'warn Unable to read',
      'warn Unable to keep',
      'info States of sources',
    ]);
  });

  test('stopped in the middle of a poll: aborted, not counted as a failure', async () => {
    const states = new FakeStates();
    const source = fakeSource('a', SECOND, clock, {
      answer: ({ signal }) =>
        new Promise((_, reject) => void signal.addEventListener('abort', () => reject(signal.reason))),
    });
    await start([source], clock, { states });
    await current.poller.stop();
    expect(source.contexts[0]?.signal.aborted).toBe(true);
    expect(states.kept.size).toBe(0);
    expect(current.lines).toEqual([]);
  });
});

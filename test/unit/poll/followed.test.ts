/** Feeds that come and go: begun one after the other, stopped when nobody wants them, at their pace, resting by their health. */
import { describe, expect, test } from 'vitest';
import { TocsinError } from '../../../src/core/errors.ts';
import { emptyState, storedHealth } from '../../../src/core/poll/source-state.ts';
import { nextRun } from '../../../src/platform/schedule.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';
import { FakeStates, type FakeSource, fakeSource, HOUR, MINUTE, nothingNew, world } from './world.ts';

const DAY = 24 * HOUR;
const press = { country: 'UG', owner: 'Nation', lang: 'en' };
const CRON = '*/5 * * * *';

const worldOf = (states = new FakeStates(), answer?: FakeSource['answer']) => {
  const clock = new FakeClock();
  const w = world([fakeSource('always', CRON, clock, answer ? { answer } : {})], clock, { states });
  return {
    ...w,
    feed: (id: string, answer: FakeSource['answer'] = async () => nothingNew) =>
      fakeSource(id, CRON, clock, { press, answer }),
  };
};
const at =
  (everyMs = 0) =>
  (source: ReturnType<ReturnType<typeof worldOf>['feed']>) => ({ source, everyMs });

describe('feeds that come and go', () => {
  test('they come: asked at once, in their order, a little apart; then by their schedule', async () => {
    const { clock, poller, feed } = worldOf();
    await poller.start();
    const feeds = ['a', 'b', 'c'].map((id) => feed(id));
    const began = clock.now();
    await poller.follow(feeds.map(at()));
    await clock.pass(2_000);
    expect(feeds.map(({ polls }) => polls.map((when) => when - began))).toEqual([[0], [300], [600]]);
    await clock.pass(12 * MINUTE);
    for (const { polls } of feeds) expect(polls.length).toBeGreaterThanOrEqual(3);
    expect(poller.followed().map(({ id }) => id)).toEqual(['a', 'b', 'c']);
    expect(poller.health().map(({ id }) => id)).toEqual(['always']);
    await poller.stop();
  });

  test('all due at one moment: no more than 200 begin in a minute, in their order, and none is left out', async () => {
    const { clock, poller, feed } = worldOf();
    await poller.start();
    const feeds = Array.from({ length: 500 }, (_, i) => feed(`f${i}`));
    await poller.follow(feeds.map(at()));
    await clock.pass(4 * MINUTE);
    // As after a night in which the machine slept.
    clock.jump(8 * HOUR);
    await clock.pass(5 * MINUTE);
    const begun = feeds.flatMap(({ contexts }) => contexts.length);
    expect(Math.min(...begun)).toBeGreaterThanOrEqual(2);
    const times = feeds.flatMap(({ polls }) => polls).sort((a, b) => a - b);
    const most = Math.max(...times.map((when, i) => times.slice(i).filter((other) => other - when < MINUTE).length));
    expect(most).toBeLessThanOrEqual(200);
    await poller.stop();
  });

  test('nobody wants one any more: not asked again, and what is under way is aborted', async () => {
    const { clock, poller, feed, states } = worldOf();
    await poller.start();
    let aborted = false;
    const hanging = feed(
      'hanging',
      ({ signal }) =>
        new Promise((_, reject) => signal.addEventListener('abort', () => ((aborted = true), reject(signal.reason)))),
    );
    const gone = feed('gone');
    const stays = feed('stays');
    await poller.follow([hanging, gone, stays].map(at()));
    await clock.pass(MINUTE);
    await poller.follow([stays].map(at()));
    await clock.pass(HOUR);
    expect([aborted, hanging.polls.length, gone.polls.length]).toEqual([true, 1, 1]);
    expect(stays.polls.length).toBeGreaterThan(10);
    expect(states.kept.get('hanging')?.failures ?? 0, 'that we went is no failure of its').toBe(0);
    await poller.stop();
  });

  test('wanted anew after a moment: not asked more often than by its schedule', async () => {
    const { clock, poller, feed } = worldOf();
    await poller.start();
    await poller.follow([feed('a')].map(at()));
    await clock.pass(20_000);
    await poller.follow([]);
    const again = feed('a');
    await poller.follow([again].map(at()));
    await clock.pass(30_000);
    expect(again.polls).toEqual([]);
    expect(again.contexts).toEqual([]);
    await clock.pass(6 * MINUTE);
    expect(again.polls.length).toBeGreaterThanOrEqual(1);
    await poller.stop();
  });

  test('its pace: asked no more often, and anew as often as the pace allows', async () => {
    const { clock, poller, feed } = worldOf();
    await poller.start();
    const slow = feed('slow');
    await poller.follow([slow].map(at(20 * MINUTE)));
    await clock.pass(2 * HOUR);
    const gaps = slow.polls.slice(1).map((when, i) => when - slow.polls[i]!);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(20 * MINUTE);
    expect(slow.polls.length).toBeGreaterThanOrEqual(5);
    await poller.follow([slow].map(at()));
    await clock.pass(HOUR);
    expect(slow.polls.length).toBeGreaterThanOrEqual(14);
    await poller.stop();
  });

  const unreachable = async () => {
    throw new TocsinError('fetch_dns', 'no such name');
  };

  test('nobody answers for two days, as without a line: all are asked on, and heard within minutes of its end; then the dead ones rest', async () => {
    const { clock, poller, feed, states } = worldOf(new FakeStates(), unreachable);
    await poller.start();
    let line = false;
    const feeds = ['a', 'b', 'c', 'd'].map((id) =>
      feed(id, async () => (line && id !== 'd' ? nothingNew : unreachable())),
    );
    await poller.follow(feeds.map(at()));
    await clock.pass(2 * DAY);
    line = true;
    const since = clock.now();
    await clock.pass(6 * MINUTE);
    const [a, , , d] = feeds;
    expect(feeds.slice(0, 3).map(({ id }) => states.kept.get(id)!.lastOkAt! > since)).toEqual([true, true, true]);
    await clock.pass(2 * DAY);
    expect(a!.polls.filter((when) => when > since).length).toBeGreaterThan(500);
    expect(d!.polls.filter((when) => when > since).length).toBeLessThanOrEqual(4);
    await poller.stop();
  });

  test('nobody has ever answered, and it starts anew: asked at once', async () => {
    const { clock, poller, feed, states } = worldOf(new FakeStates(), unreachable);
    const since = clock.now() - 3 * DAY;
    const state = { lastPollAt: clock.now() - HOUR, lastOkAt: null, failures: 90, failingSince: since };
    for (const id of ['a', 'b'])
      states.kept.set(id, { ...emptyState(), ...state, lastCode: 'fetch_dns', lastMessage: 'no such name' });
    await poller.start();
    const feeds = ['a', 'b'].map((id) => feed(id));
    await poller.follow(feeds.map(at()));
    await clock.pass(MINUTE);
    expect(feeds.map(({ polls }) => polls.length)).toEqual([1, 1]);
    await poller.stop();
  });

  test('frozen: it rests, longer and longer; something new: read by its schedule again', async () => {
    const { clock, poller, feed } = worldOf();
    await poller.start();
    let newestAt = clock.now() - 15 * DAY;
    const frozen = feed('frozen', async () => ({ ...nothingNew, pulse: { newestAt, everyMs: HOUR } }));
    await poller.follow([frozen].map(at()));
    await clock.pass(2 * DAY);
    const gaps = frozen.polls.slice(1).map((when, i) => when - frozen.polls[i]!);
    expect(gaps[0]).toBeGreaterThan(2 * HOUR);
    expect(gaps.every((gap, i) => i === 0 || gap >= gaps[i - 1]!)).toBe(true);
    newestAt = clock.now();
    await clock.pass(DAY);
    const before = frozen.polls.length;
    newestAt = clock.now();
    await clock.pass(HOUR);
    expect(frozen.polls.length - before).toBeGreaterThanOrEqual(11);
    await poller.stop();
  });

  test('dead for days: asked once a day, and no line of the log', async () => {
    const states = new FakeStates();
    const { clock, poller, feed, lines } = worldOf(states);
    await poller.start();
    const fails = async () => {
      throw new TocsinError('fetch_dns', 'no such name');
    };
    const dead = feed('dead', fails);
    await poller.follow([dead].map(at()));
    await clock.pass(4 * DAY);
    const before = dead.polls.length;
    expect(before, 'a back-off before it is known to be dead').toBeLessThan(40);
    await clock.pass(5 * DAY);
    expect(dead.polls.length - before).toBeLessThanOrEqual(5);
    expect(lines.filter((line) => line.includes('dead'))).toEqual([]);
    await poller.stop();
  });

  test('what a poll costs is the last ones above all; what it told of its life stays when nothing is new', async () => {
    const { clock, poller, feed } = worldOf();
    await poller.start();
    const pulse = { newestAt: clock.now(), everyMs: HOUR };
    const answers = [
      { ...nothingNew, bytes: 100_000, pulse },
      { ...nothingNew, bytes: 0 },
    ];
    const one = feed('a', async () => answers.shift() ?? { ...nothingNew, bytes: 0 });
    await poller.follow([one].map(at()));
    await clock.pass(MINUTE);
    expect(poller.followed()[0]).toMatchObject({ bytes: 100_000, pulse });
    await clock.pass(6 * MINUTE);
    expect(poller.followed()[0]?.bytes).toBeLessThanOrEqual(50_000);
    expect(poller.followed()[0]?.pulse).toEqual(pulse);
    await poller.stop();
  });
});

test('what is to be said of a source beside is told where another process answers, too, and no longer than it holds', async () => {
  const clock = new FakeClock();
  const search = fakeSource('search', CRON, clock);
  const until = clock.now() + HOUR;
  search.aside = () => ({ is: 'spent', until });
  const states = new FakeStates();
  const { poller } = world([search], clock, { states });
  await poller.start();
  await clock.pass(10 * MINUTE);
  const { poll: _polledElsewhere, aside: _askedThere, ...described } = search;
  const told = async (now: number) => (await storedHealth([described], states, { now, nextRun }))[0]!.aside ?? null;
  expect(poller.health()[0]!.aside).toEqual({ is: 'spent', until });
  expect(await told(clock.now())).toEqual({ is: 'spent', until });
  expect(await told(until)).toBeNull();
  search.aside = () => null;
  await clock.pass(10 * MINUTE);
  expect(await told(clock.now())).toBeNull();
  await poller.stop();
});

import { expect, test } from 'vitest';
import { createMissingWatch } from '../../../src/core/missing.ts';
import type { AgentStatus } from '../../../src/core/ports/intakes.ts';
import type { Log } from '../../../src/core/ports/runtime.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';

const HOUR = 3_600_000;

function world(ids: string[] = []) {
  const clock = new FakeClock();
  const lines: string[] = [];
  const say = (message: string, fields: object = {}) => void lines.push(`${message}: ${Object.values(fields).join()}`);
  const log: Log = { debug() {}, info: say, warn: say, error: say, child: () => log };
  const state = { missing: [] as string[], idle: [] as string[], stopped: [] as string[] };
  const status = (id: string): AgentStatus => ({
    id,
    country: 'EE',
    asn: 'AS64500',
    lastSeenAt: 1,
    stopped: state.stopped.includes(id),
    dropped: 0,
  });
  const watch = createMissingWatch({
    clock,
    log,
    intake: { missing: () => state.missing, list: () => ids.map(status), refresh: async () => undefined },
    vantageId: 'home',
    missingVantages: async () => state.idle,
  });
  return { clock, lines, state, watch };
}

test('an agent goes missing and comes back: one line each, however often one looks', async () => {
  const { lines, state, watch } = world(['tallinn', 'riga']);
  state.missing = ['tallinn'];
  for (let i = 0; i < 3; i++) await watch.look();
  expect(watch.agents()).toEqual(['tallinn']);
  state.missing = [];
  for (let i = 0; i < 3; i++) await watch.look();
  expect(lines).toEqual(['An agent is missing: tallinn', 'An agent is back: tallinn']);
});

test('a vantage point that measures no more: one line each, not before the program has run for two hours', async () => {
  const { clock, lines, state, watch } = world();
  state.idle = ['home'];
  await watch.look();
  expect(watch.vantages()).toEqual([]);
  await clock.pass(2 * HOUR);
  for (let i = 0; i < 3; i++) await watch.look();
  expect(watch.vantages()).toEqual(['home']);
  state.idle = [];
  await watch.look();
  expect(lines).toEqual(['A vantage point measures no more: home', 'A vantage point measures again: home']);
});

test('reported once for one cause: missing or stopped agents, old vantage points and countries’ resolvers are not reported again', async () => {
  const { clock, lines, state, watch } = world(['tallinn', 'riga', 'vilnius']);
  await clock.pass(2 * HOUR);
  state.missing = ['tallinn'];
  state.stopped = ['riga'];
  state.idle = ['tallinn', 'riga', 'vilnius', 'gone-since-a-year', 'home/national-dns/one'];
  await watch.look();
  expect(lines).toEqual(['An agent is missing: tallinn', 'A vantage point measures no more: vilnius']);
});

import { describe, expect, test } from 'vitest';
import type { AgentHealth, BotHealth } from '../../../src/core/commands/look/health.ts';
import { NOW } from '../render/support.ts';
import { createBot, healthy, source } from './support.ts';

const MINUTE = 60_000;
const agent = (over: Partial<AgentHealth> = {}): AgentHealth => ({
  id: 'tallinn',
  country: 'EE',
  asn: 'AS64500',
  lastSeenAt: NOW - 4 * MINUTE,
  stopped: false,
  dropped: 0,
  missing: false,
  ...over,
});
const bot = (agents: AgentHealth[], over: Partial<BotHealth> = {}) =>
  createBot({ health: async () => ({ ...healthy, agents, ...over }) });
const operator = { sender: 'telegram:1' };

describe('agents in the view of health', () => {
  test.each<[string, Partial<AgentHealth>, string]>([
    ['heard of', {}, 'Agent tallinn (Estonia, AS64500) measures; heard of in the last 60 minutes'],
    ['90 minutes ago', { lastSeenAt: NOW - 90 * MINUTE, missing: true }, 'is silent; not heard of for 2 hours'],
    ['its line is down', { blind: true }, 'Cannot measure, for their own line is in trouble: tallinn'],
    ['its line was down, and it fell silent', { blind: true, missing: true }, 'is silent; not heard of'],
    ['never', { lastSeenAt: null }, 'has not been heard of yet'],
    ['stopped', { stopped: true, missing: true }, 'Agent tallinn (Estonia, AS64500) is stopped'],
  ])('%s: told by the hour', async (_name, over, told) => {
    const said = await bot([agent(over)]).say('ping');
    expect(said).toContain(told);
    expect(said).not.toContain('4 minutes');
  });

  test('many agents: five, and how many more', async () => {
    const many = Array.from({ length: 7 }, (_, i) => agent({ id: `a${i}` }));
    const said = await bot(many).say('ping');
    expect([said.match(/Agent a\d/g)?.length, said.includes('2 more')]).toEqual([5, true]);
  });

  test('a vantage point that measures no more is named', async () => {
    expect(await bot([], { missingVantages: ['home'] }).say('ping')).toContain(
      'No measurements for too long from: home',
    );
  });
});

describe('sources', () => {
  test('agents stand there with their minutes and how to stop them', async () => {
    const said = await bot([agent(), agent({ id: 'x', stopped: true, dropped: 3, lastSeenAt: null })]).say(
      'sources',
      operator,
    );
    expect(said).toContain('2 agents');
    expect(said).toMatch(/🟢 tallinn.*Estonia, AS64500: heard of 4 minutes ago/);
    expect(said).toMatch(/⚪ x.*stopped; not heard of yet; its buffer ran full, 3 batches are lost/);
    expect(said).toContain('/sources stop tallinn');
  });

  test('how old the last look is stands beside each source, and no green mark', async () => {
    const hour = 3_600_000;
    const said = await bot([], {
      sources: [
        source({ id: 'well', label: 'Well', lastOkAt: NOW - 4 * hour, lastPollAt: NOW - 4 * hour }),
        source({ id: 'never', label: 'Never', lastOkAt: null, lastPollAt: null }),
        source({
          id: 'down',
          label: 'Down',
          lastOkAt: NOW - 2 * hour,
          failingSince: NOW - hour,
          failures: 3,
          lastCode: 'fetch_dns',
          lastMessage: 'No such name.',
        }),
      ],
    }).say('sources', operator);
    expect(said).toContain('Well · read 4 hours ago');
    expect(said).toContain('❔ Never · not read yet');
    expect(said).toMatch(/🔴 Down · read 2 hours ago; failing for .*: fetch_dns: No such name\./);
    expect(said).not.toContain('🟢');
  });

  test('status names the source that was read longest ago, where that is long', async () => {
    const old = source({ id: 'slow', label: 'Slow', lastOkAt: NOW - 3_600_000 });
    expect(await bot([], { sources: [source(), old] }).say('ping')).toContain('Read longest ago: Slow, ');
    expect(await bot([], { sources: [source(), source({ id: 'b' })] }).say('ping')).not.toContain('longest ago');
  });

  test('a database that was deleted under the bot: said', async () => {
    expect(await bot([], { storeFault: 'deleted' }).say('ping')).toContain('My database was deleted or replaced');
  });

  test('agents alone, without any feed: shown', async () => {
    expect(await bot([agent()], { sources: [] }).say('sources', operator)).toContain('tallinn');
  });

  test.each([
    ['sources stop tallinn', true],
    ['/sources STOP tallinn', true],
    ['ленты стоп tallinn', true],
    ['источники остановить tallinn', true],
    ['sources start tallinn', false],
    ['источники запустить tallinn', false],
  ])('%s: the agent is told', async (text, stopped) => {
    const { say, switched } = createBot();
    expect(await say(text, operator)).toContain(stopped ? 'stops measuring' : 'measures again');
    expect(switched).toEqual([{ id: 'tallinn', stopped }]);
  });

  test('an agent that nobody knows: said so', async () => {
    expect(await createBot().say('sources stop riga', operator)).toContain('I know no agent “riga”');
  });

  test('in Russian', async () => {
    const said = await createBot().say('источники стоп tallinn', { ...operator, lang: 'ru' });
    expect(said).toContain('прекратит измерения');
  });

  test('not for everybody', async () => {
    const { say, switched } = createBot();
    await say('sources stop tallinn');
    expect(switched).toEqual([]);
  });
});

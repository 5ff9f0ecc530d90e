/** A bot that sees nothing says so, before it says that it knows of nothing. */
import { describe, expect, test } from 'vitest';
import { type AgentHealth, type BotHealth, sightOf } from '../../../src/core/commands/look/health.ts';
import { sayIn } from '../../../src/i18n/packs.ts';
import { NOW } from '../render/support.ts';
import { createBot, healthy, source } from './support.ts';

const failing = (id: string) =>
  source({ id, lastOkAt: NOW - 600_000, failingSince: NOW - 60_000, lastCode: 'fetch_dns' });
const neverRead = (id: string) => source({ id, lastPollAt: NOW - 1_000, lastOkAt: null, failingSince: NOW - 1_000 });
const notAsked = (id: string) => source({ id, lastPollAt: null, lastOkAt: null });
const agent = (over: Partial<AgentHealth> = {}): AgentHealth => ({
  id: 'tallinn',
  country: 'EE',
  asn: 'AS64500',
  lastSeenAt: NOW - 60_000,
  stopped: false,
  dropped: 0,
  missing: false,
  ...over,
});

const CASES: [name: string, health: Partial<BotHealth>, expected: string][] = [
  ['all sources read', {}, 'clear'],
  ['every source fails', { sources: [failing('a'), failing('b')] }, 'blind'],
  ['every source fails from the first poll on', { sources: [neverRead('a'), neverRead('b')] }, 'blind'],
  ['every source is stale', { sources: [source({ stale: true })] }, 'blind'],
  ['just started', { sources: [notAsked('a'), notAsked('b')] }, 'waiting'],
  ['just started, the first have failed', { sources: [neverRead('a'), notAsked('b')] }, 'waiting'],
  ['just started, one has answered, the rest fails', { sources: [source(), failing('b'), failing('c')] }, 'dim'],
  ['the only source is a probe without a line', { sources: [source({ blind: true })] }, 'blind'],
  ['feeds fail, the own probe has no line', { sources: [failing('a'), source({ blind: true })] }, 'blind'],
  ['half of the sources', { sources: [source(), failing('b')] }, 'clear'],
  ['no sources at all', { sources: [] }, 'no-sources'],
  ['no sources, an agent measures', { sources: [], agents: [agent()] }, 'clear'],
  ['every source fails, an agent measures', { sources: [failing('a')], agents: [agent()] }, 'dim'],
  [
    'every source fails, the agent is missing',
    { sources: [failing('a')], agents: [agent({ missing: true })] },
    'blind',
  ],
  [
    'every source fails, the agent is stopped',
    { sources: [failing('a')], agents: [agent({ stopped: true })] },
    'blind',
  ],
  [
    'every source fails, the line of the agent is down',
    { sources: [failing('a')], agents: [agent({ blind: true })] },
    'blind',
  ],
  ['no sources, the agent never came', { sources: [], agents: [agent({ lastSeenAt: null })] }, 'blind'],
];

describe('sight', () => {
  test.each(CASES)('%s: %j is %s', (_name, over, expected) => {
    expect(sightOf({ ...healthy, ...over }).kind).toBe(expected);
  });
});

const blind = { ...healthy, sources: [failing('a'), failing('b')] };
const NONE = {
  en: /I know of nothing new that is cut off right now/u,
  ru: /О новых блокировках сейчас не знаю/u,
};

describe.each([
  ['en', 'I cannot see anything: no source answers'],
  ['ru', 'Я ничего не вижу: ни один источник не отвечает'],
] as const)('no source answers (%s)', (lang, says) => {
  test.each(['status', 'start'])('%s: says so before it says that it knows of nothing', async (command) => {
    const text = String(await createBot({ health: async () => blind }).say(command, { lang }));
    expect(text.indexOf(says)).toBeGreaterThanOrEqual(0);
    expect(text.search(NONE[lang])).toBeGreaterThan(text.indexOf(says));
  });

  test('subscribed, and started again by who follows something: said before it says that it knows of nothing', async () => {
    const bot = createBot({ health: async () => blind });
    for (const typed of ['/subscribe ru', '/start']) {
      const text = String(await bot.say(typed, { lang }));
      expect(text.split(says), typed).toHaveLength(2);
      expect(text.indexOf(sayIn(lang, 'subscribe.none')), typed).toBeGreaterThan(text.indexOf(says));
    }
  });

  test('status of a country: it is the first thing that is said', async () => {
    const text = String(await createBot({ health: async () => blind }).say('status ru', { lang }));
    expect(text.replace(/[^\p{L}]*/u, '').startsWith(says)).toBe(true);
  });
});

test('the own probe has no line: status names it, and does not count it as read', async () => {
  const sources = [source(), source({ id: 'own', label: 'probes from desk (KE, AS64500)', blind: true })];
  const bot = createBot({ health: async () => ({ ...healthy, sources }) });
  const text = String(await bot.say('status'));
  expect(text).toContain('1 of 2');
  expect(text).toContain('Cannot measure, for their own line is in trouble: probes from desk (KE, AS64500)');
});

test('sources answer: neither greeting nor status says anything of it', async () => {
  const bot = createBot();
  expect(String(await bot.say('status')) + String(await bot.say('start'))).not.toMatch(/cannot see|see little/);
});

test('most sources fail: status says how many answer', async () => {
  const sources = [source(), failing('b'), failing('c')];
  const text = String(await createBot({ health: async () => ({ ...healthy, sources }) }).say('status'));
  expect(text).toContain('I see little: only 1 of 3 sources answered.');
});

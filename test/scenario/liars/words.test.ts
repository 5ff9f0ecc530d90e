/** Outlets that say different things of one service, and evidence of different weeks. */
import { afterEach, describe, expect, test } from 'vitest';
import { incidentLine } from '../../../src/cli/incidents.ts';
import { createFold, keysOf } from '../../../src/core/state/fold.ts';
import { DAY } from '../harness.ts';
import { type LiarsTown, liarsTown } from './feeds.ts';

let at: LiarsTown;
afterEach(() => at.town.store.close());

describe('one says slowed down, one says blocked', () => {
  const pairs = [
    ['throttle', 'block', 'slowed down', '1 outlet says it is fully blocked; not certain yet'],
    ['restrict', 'block', 'partly restricted', '1 outlet says it is fully blocked; not certain yet'],
    ['restrict', 'throttle', 'partly restricted', '1 outlet says the whole service is slowed down; not certain yet'],
    ['block', 'shutdown', 'blocked', '1 outlet says it is switched off completely; not certain yet'],
  ] as const;
  for (const [milder, worse, told, line] of pairs)
    for (const [first, second] of [
      [milder, worse],
      [worse, milder],
    ])
      test(`${first}, then ${second}: ${milder} is corroborated, ${worse} is one outlet's word`, async () => {
        at = await liarsTown();
        await at.says('a', `${first} RU telegram`);
        await at.says('b', `${second} RU telegram`);
        expect(await at.only()).toBe(`${milder} corroborated active`);
        const heard = at.heard('corroborated').map((one) => one.replace(/^\S+ /u, ''));
        expect(heard).toEqual([`Russia: Telegram ${told}`]);
        expect(at.newest('corroborated')).toContain('Corroborated: 2 outlets');
        expect(at.newest('corroborated')).toContain(line);
        expect(at.newest('early')).toContain(line);
        expect(at.heard('confirmed')).toEqual([]);
        const [incident] = await at.town.incidents();
        const json = await incidentLine(at.town.store, incident!);
        expect([json.action, json.confidence, json.phases.at(-1)!.action]).toEqual([milder, 'corroborated', milder]);
        const state = createFold({ incidents: [incident!] }, at.town.clock.now()).at(keysOf(incident!)[0]!);
        expect(state.access).toBe(milder === 'block' ? 'blocked' : 'degraded');
      });

  test('a second outlet says blocked: escalated, and the block itself is what two outlets say', async () => {
    at = await liarsTown();
    await at.says('a', 'throttle RU telegram');
    await at.says('b', 'block RU telegram');
    await at.says('c', 'block RU telegram');
    expect(await at.only()).toBe('block corroborated active');
    expect(at.newest('corroborated')).toMatch(/^🔴 Russia: Telegram blocked · It got worse\. Corroborated: 2 outlets/u);
    expect(at.newest('corroborated')).toContain('Corroborated: 2 outlets');
    expect(at.newest('corroborated')).not.toContain('not certain yet');
  });

  test('slowed down as measured and reported, then two outlets say blocked: blocked, and only corroborated', async () => {
    at = await liarsTown();
    await at.says('a', 'throttle RU telegram');
    await at.town.measure('AS1', 'throttle RU telegram', 'round-rule');
    expect(await at.only()).toBe('throttle confirmed active');
    const before = at.town.texts('confirmed').length;
    await at.says('b', 'block RU telegram');
    await at.says('c', 'block RU telegram');
    expect(await at.only()).toBe('block corroborated active');
    expect(at.newest('corroborated')).toContain('Corroborated: 2 outlets');
    // Who wants it measured has the message of the slow-down: it is edited, at each of the two words, and does not ring.
    expect(at.town.texts('confirmed').length).toBe(before + 2);
    at.town.heard('confirmed');
    await at.town.measure('AS1', 'block RU telegram', 'round-rule');
    expect(await at.only()).toBe('block confirmed active');
    expect(at.town.heard('confirmed').map((one) => one.split(' ')[0])).toEqual(['edit', 'reply']);
    expect(at.newest('confirmed')).toContain('It got worse.');
  });

  test('in Russian: the same', async () => {
    at = await liarsTown('ru');
    await at.says('a', 'throttle RU telegram');
    await at.says('b', 'block RU telegram');
    expect(at.newest('corroborated')).toContain('1 издание пишет, что доступ закрыт полностью; пока не точно');
    expect(at.newest('corroborated')).toContain('Подкреплено: пишут 2 издания');
  });

  test('several services in one message: each with the word that only one outlet has for it', async () => {
    at = await liarsTown();
    await at.says('a', 'throttle RU telegram,whatsapp');
    await at.says('b', 'throttle RU telegram; block RU whatsapp');
    expect(at.newest('corroborated')).toContain('WhatsApp: 1 outlet says it is fully blocked; not certain yet');
    expect(at.newest('corroborated')).toContain('Russia: Telegram, WhatsApp slowed down');
  });
});

describe('evidence has an age', () => {
  test('two outlets within a week: corroborated; of different weeks: each is one outlet', async () => {
    at = await liarsTown();
    await at.says('a', 'block RU whatsapp');
    await at.town.pass(6 * DAY);
    await at.says('b', 'block RU whatsapp');
    expect(await at.only()).toBe('block corroborated active');
    await at.says('a', 'block IR signal');
    await at.town.pass(8 * DAY);
    await at.says('b', 'block IR signal');
    expect(await at.only()).toBe('block corroborated active; block reported active');
    expect(at.newest('early')).toContain('Reported, not confirmed yet: 1 outlet');
    await at.town.pass(DAY);
    await at.says('c', 'block IR signal');
    expect(await at.only()).toBe('block corroborated active; block corroborated active');
  });

  test('news and a measured block within 48 h: confirmed; three days apart: not', async () => {
    at = await liarsTown();
    await at.town.measure('AS1', 'block RU whatsapp', 'round-rule');
    await at.town.pass(3 * DAY);
    await at.says('a', 'block RU whatsapp');
    expect(await at.only()).toBe('block corroborated active');
    expect(at.heard('confirmed')).toEqual([]);
    await at.town.measure('AS1', 'block RU whatsapp', 'round-rule');
    expect(await at.only()).toBe('block confirmed active');
  });

  test('two networks, three days apart: not confirmed', async () => {
    at = await liarsTown();
    await at.town.measure('AS1', 'block RU whatsapp', 'round-rule');
    await at.town.pass(3 * DAY);
    await at.town.measure('AS2', 'block RU whatsapp', 'round-rule');
    expect(await at.only()).toBe('block corroborated active');
  });

  test('one bad round beside one outlet, or beside another bad round: suspected at most', async () => {
    at = await liarsTown();
    await at.says('a', 'block RU whatsapp');
    await at.town.measure('AS1', 'block RU whatsapp', 'anomaly');
    await at.town.measure('AS2', 'block RU whatsapp', 'anomaly');
    expect(await at.only()).toBe('block suspected active');
    expect(at.heard('corroborated')).toEqual([]);
    await at.says('b', 'block RU whatsapp');
    expect(await at.only()).toBe('block corroborated active');
    expect(at.heard('confirmed')).toEqual([]);
  });

  test('measured anew after a lift: a new incident, not a late copy of the old one', async () => {
    at = await liarsTown();
    const { pipeline, clock, ids } = at.town;
    const measured = async (action: 'block' | 'unblock', standing?: true) => {
      const facts = { strength: 'round-rule' as const, networks: ['AS1'], verdict: 'sni_blocked:rst', component: null };
      const title = 'whatsapp: connections that name it are cut, measured on AS1';
      await pipeline.reports([
        {
          id: ids.next(),
          sourceId: 'one',
          itemId: null,
          at: clock.now(),
          country: 'RU',
          service: 'whatsapp',
          action,
          method: null,
          region: null,
          secondary: false,
          kind: 'measurement',
          voice: 'network:AS1',
          title: action === 'block' ? title : 'whatsapp: reachable again, measured on AS1',
          url: null,
          publisherName: 'own probe',
          lang: 'en',
          summary: 'sni_blocked:rst',
          measured: standing ? { ...facts, standing } : facts,
        },
      ]);
      await at.town.pass(DAY);
    };
    await measured('block');
    await measured('unblock');
    await measured('block', true);
    expect(await at.only()).toBe('block corroborated lifted');
    await measured('block');
    expect(await at.only()).toBe('block corroborated lifted; block corroborated active');
  });
});

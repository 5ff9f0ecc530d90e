import { describe, expect, test } from 'vitest';
import type { HeldSource } from '../../../src/core/correlate/held-back.ts';
import { NOW } from '../render/support.ts';
import { createBot, healthy } from './support.ts';

const held: HeldSource = {
  sourceId: 'big-feed',
  since: NOW - 7_200_000,
  why: 'hundreds-of-services',
  reports: 300,
  dropped: 0,
};
const operator = { sender: 'telegram:1' };
const bot = (over: Partial<HeldSource> = {}) => {
  const released: string[] = [];
  const made = createBot({
    health: async () => ({ ...healthy, held: [{ ...held, ...over }] }),
    release: async (id) => {
      released.push(id);
      return id === 'big-feed' ? 300 : null;
    },
  });
  return { ...made, released };
};

describe('a source that is held back', () => {
  test('named in sources, with how many reports wait and how to let them count', async () => {
    const said = await bot().say('sources', operator);
    expect(said).toContain('Held back: more at once than any event brings');
    expect(said).toMatch(/🟠 big-feed.*300 reports, since 2 hours ago/);
    expect(said).toContain('/sources release big-feed');
  });

  test('named in the health of the bot, in both languages', async () => {
    expect(await bot().say('ping')).toContain(
      'Held back, because it tells of more at once than any event brings: big-feed',
    );
    expect(await bot().say('ping', { lang: 'ru' })).toContain('Придержаны');
  });

  test('too much to keep: what was dropped is said', async () => {
    expect(await bot({ dropped: 20 }).say('sources', operator)).toContain('20 older ones dropped');
  });

  test('released by an operator; another name: nothing is held; another person: refused', async () => {
    const { say, released } = bot();
    expect(await say('sources release big-feed', operator)).toContain('300 reports of big-feed count now.');
    expect(await say('источники отпусти big-feed', { ...operator, lang: 'ru' })).toContain('300 сообщений от big-feed');
    expect(await say('sources release other', operator)).toContain('Nothing of “other” is held back.');
    await say('sources release big-feed');
    expect(released).toEqual(['big-feed', 'big-feed', 'other']);
  });
});

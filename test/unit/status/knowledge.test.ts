import { describe, expect, test } from 'vitest';
import type { Catalogue } from '../../../src/core/model/catalogue.ts';
import type { Incident } from '../../../src/core/model/incident.ts';
import { createKnowledge, type KnowledgeDeps, type ObservedCut } from '../../../src/core/state.ts';
import { recordingLog } from '../../fakes/fake-log.ts';
import { incident } from '../render/support.ts';

const NOW = Date.UTC(2026, 10, 28, 12);
const service = (id: string, category: string) => ({ id, name: id, category, aliases: [] });
const catalogue = {
  services: [service('signal', 'messenger'), service('viber', 'messenger'), service('bbc', 'media')],
} as unknown as Catalogue;
const policy = { advice: true } as unknown as KnowledgeDeps['policy'];
const seen = (one: string, country = 'RU'): ObservedCut => ({
  country,
  service: one,
  action: 'block',
  since: null,
  until: NOW,
});

async function knownIn(country: string | null, over: Partial<KnowledgeDeps>, incidents: readonly Incident[] = []) {
  const { log, lines } = recordingLog();
  const know = createKnowledge({ policy, log, catalogue, cutIn: async () => [], ...over });
  const { works, unblocked } = await know(incidents, country, NOW);
  return { works, unblocked, lines: lines.map(({ message }) => message) };
}
const open = (one: string): Incident =>
  incident({
    country: 'RU',
    service: one,
    state: 'lifted',
    open: false,
    openedAt: NOW - 7_200_000,
    closedAt: NOW - 3_600_000,
    lastReportAt: NOW - 3_600_000,
    liftConfidence: 'confirmed',
    confidence: 'confirmed',
  });

describe('what an alert may say that it is not blocked', () => {
  test.each<[string, Partial<KnowledgeDeps>, string[]]>([
    ['nothing is known: messengers', {}, ['signal', 'viber']],
    ['an observatory sees one cut, though nobody told of it', { cutIn: async () => [seen('signal')] }, ['viber']],
    ['a register holds one from its first reading', { heldIn: async () => ['viber'] }, ['signal']],
    ['the public record has one', { baseline: [{ ...seen('viber'), since: 0 }] as never }, ['signal']],
    ['both', { cutIn: async () => [seen('signal')], heldIn: async () => ['viber', 'bbc'] }, []],
  ])('%s', async (_name, over, unblocked) => expect((await knownIn('RU', over)).unblocked).toEqual(unblocked));

  test('no country is named: nothing, and nobody is asked', async () => {
    const cutIn = () => Promise.reject(new Error('asked'));
    expect(await knownIn(null, { cutIn })).toEqual({ works: [], unblocked: [], lines: [] });
  });

  test('it cannot be found out: no service is named, and the operator reads why', async () => {
    const heldIn = () => Promise.reject(new Error('disk gone'));
    const { works, unblocked, lines } = await knownIn('RU', { heldIn }, [open('bbc')]);
    expect([works, unblocked]).toEqual([[], []]);
    expect(lines).toEqual([expect.stringContaining('Unable to look up what is cut')]);
  });
});

describe('what an alert may say that it works', () => {
  test('it was lifted: it works; not where an observatory or a register has it as cut', async () => {
    const incidents = [open('signal'), open('viber'), open('bbc')];
    expect((await knownIn('RU', {}, incidents)).works.toSorted()).toEqual(['bbc', 'signal', 'viber']);
    const over = { cutIn: async () => [seen('signal')], heldIn: async () => ['bbc'] };
    expect((await knownIn('RU', over, incidents)).works).toEqual(['viber']);
  });
});

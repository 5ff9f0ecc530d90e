/** Who counts as one outlet: copies and credits, in whichever order they come, and what other Tocsins pass on. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { correlate } from '../../../src/core/correlate/correlate.ts';
import { DEFAULT_POLICY } from '../../../src/core/model/alert.ts';
import { type Report, RELAYED_KEY } from '../../../src/core/model/report.ts';
import type { Store } from '../../../src/core/ports/store.ts';
import { openStore } from '../../../src/store/open.ts';
import { NOW, deps, report } from '../../contract/store/samples.ts';

const ids = deps.ids;
const MINUTE = 60_000;
/** Texts of three outlets in their own words, and one that holds two of them. */
const A =
  'Officials ordered every provider to cut the messenger after midnight, the ministry confirmed on its channel today';
const B =
  'Users complain that chats load nowhere since dawn; engineers see resets on most mobile lines of the capital region';
const OWN =
  'Our correspondent could send nothing from three phones in two towns while relatives abroad received silence only';

let store: Store;
let n = 0;
beforeEach(async () => {
  store = await openStore(':memory:', deps);
  n = 0;
});
afterEach(() => store.close());

/** One text of one publisher, `at` minutes after the first; `credit`: whom it credits. */
async function says(publisher: string, text: string, over: Partial<Report> & { credit?: string; after?: number } = {}) {
  const { credit, after, ...more } = over;
  const one = report({
    id: `r${n}`,
    sourceId: publisher,
    itemId: `${publisher}/c${n}`,
    at: NOW + (after ?? n) * MINUTE,
    voice: credit ?? publisher,
    publisher,
    title: text,
    summary: '',
    url: `https://${publisher}.example/${n}`,
    kind: 'news',
    measured: null,
    ...more,
  });
  n++;
  await store.transaction((tables) => correlate(tables, one, { policy: DEFAULT_POLICY, ids, standsFor: () => null }));
}
/** The word of another Tocsin: with the voice that it claims. */
const passesOn = (peer: string, claim: string, text: string, over: Parameters<typeof says>[2] = {}) =>
  says(peer, text, { itemId: `${peer}/${RELAYED_KEY}${String(n).padStart(22, '0')}`, credit: claim, ...over });

/** Publishers that count as one, each group in the order of its letters. */
async function outlets(): Promise<string[]> {
  const [incident] = await store.incidents.list({ limit: 10 });
  const reports = await store.reports.byIncident(incident!.id, 100);
  const groups = Map.groupBy(reports, ({ voice }) => voice);
  return [...groups.values()].map((all) => [...new Set(all.map((one) => one.publisher))].sort().join('+')).sort();
}
const confidence = async () => (await store.incidents.list({ limit: 10 }))[0]!.confidence;

describe('a copier', () => {
  test.each<[string, string[]]>([
    ['c copies both, each in a text of its own', ['a A', 'b B', 'c A', 'c B']],
    ['c copies both in one text', ['a A', 'b B', `c ${A} ${B}`]],
    ['c copies the one before the other has written', ['a A', 'c A', 'b B', 'c B']],
    ['c copies a, then writes what b writes after it', ['a A', 'c A', 'c B', 'b B']],
    ['c comes between them', ['b B', 'c B', 'a A', 'c A']],
  ])('%s: c counts once, a and b are two', async (_name, all) => {
    for (const one of all) {
      const text = one.slice(2);
      await says(one[0]!, text === 'A' ? A : text === 'B' ? B : text);
    }
    const found = await outlets();
    expect(found).toHaveLength(2);
    expect(found.some((group) => group.includes('a') && group.includes('b'))).toBe(false);
    expect(await confidence()).toBe('corroborated');
  });

  test('c copies both and is read first, its texts younger than theirs: a and b are two', async () => {
    await says('c', A, { after: 10 });
    await says('c', B, { after: 11 });
    await says('a', A, { after: 1 });
    await says('b', B, { after: 2 });
    const found = await outlets();
    expect(found.some((group) => group.includes('a') && group.includes('b'))).toBe(false);
    expect(found).toHaveLength(2);
  });

  test.each(['a c b', 'a b c', 'c a b', 'c b a', 'b a c', 'b c a'])(
    'c copies both in one text, after the first or after both, read in the order %s: a and b are two, and who copies b after that is none',
    async (order) => {
      for (const after of [2, 9]) {
        await store.close();
        store = await openStore(':memory:', deps);
        const written = { a: { text: A, after: 1 }, b: { text: B, after: 5 }, c: { text: `${A} ${B}`, after } };
        for (const who of order.split(' ') as ('a' | 'b' | 'c')[])
          await says(who, written[who].text, { after: written[who].after });
        await says('d', B, { after: 20 });
        await says('c', `${A} ${B}`, { after: 21 });
        const found = await outlets();
        expect(found, `c after ${after}`).toHaveLength(2);
        expect(found.some((group) => group.includes('a') && group.includes('b'))).toBe(false);
      }
    },
  );

  test('c credits a and copies b: c counts once, a and b are two', async () => {
    await says('a', A);
    await says('b', B);
    await says('c', B, { credit: 'a' });
    expect((await outlets()).map((group) => group.replace(/\+?c/, ''))).toEqual(['a', 'b']);
  });

  test('d copies what c copied from b: d speaks with the voice of b, who had it first', async () => {
    await says('a', A);
    await says('b', B);
    await says('c', A);
    await says('c', B);
    await says('d', B);
    expect(await outlets()).toEqual(['a+c', 'b+d']);
  });

  test('whoever credits an outlet that copied counts with the one that was copied', async () => {
    await says('a', A);
    await says('b', A);
    await says('c', OWN, { credit: 'b' });
    expect(await outlets()).toEqual(['a+b+c']);
  });

  test('ten outlets print one wire text, read in any order: one', async () => {
    for (const [i, after] of [5, 3, 9, 1, 7, 2, 8, 4, 6, 0].entries()) await says(`o${i}`, A, { after });
    expect(await outlets()).toHaveLength(1);
    expect(await confidence()).toBe('reported');
  });

  test('an agency’s long and short text in two outlets, after the agency itself: one', async () => {
    await says('agency', A);
    await says('agency', B);
    await says('x', A);
    await says('y', B);
    expect(await outlets()).toHaveLength(1);
  });
});

describe('what another Tocsin passes on', () => {
  test('it says first that both texts are of one voice: our two outlets are two', async () => {
    await passesOn('peer', 'a', A);
    await passesOn('peer', 'a', B);
    await says('b', B);
    await says('a', A);
    const found = await outlets();
    expect(found.some((group) => group.includes('a') && group.includes('b'))).toBe(false);
    expect(found).toHaveLength(2);
    expect(await confidence()).toBe('corroborated');
  });

  test('it says of the text of one outlet that it is the voice of another, which speaks later', async () => {
    await passesOn('peer', 'bbc', A);
    await says('a', A);
    await says('bbc', B);
    expect(await outlets()).toEqual(['a+peer', 'bbc']);
  });

  test('it passes on under the address of an article, in other words: no second outlet, whichever comes first', async () => {
    await passesOn('peer', 'a-news', OWN, { url: 'https://a.example/story' });
    await says('a', A, { url: 'https://a.example/story' });
    expect(await outlets()).toEqual(['a+peer']);
    expect(await confidence()).toBe('reported');
    await passesOn('second', 'a-post', B, { url: 'https://a.example/story' });
    expect(await outlets()).toEqual(['a+peer+second']);
    expect(await confidence()).toBe('reported');
  });

  test('it copies ours after they spoke: it counts with one of them, and they stay two', async () => {
    await says('a', A);
    await says('b', B);
    await passesOn('peer', 'b', A);
    await passesOn('peer', 'a', B);
    expect((await outlets()).map((group) => group.replace(/\+?peer/, ''))).toEqual(['a', 'b']);
  });
});

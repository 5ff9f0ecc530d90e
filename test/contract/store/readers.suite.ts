import { expect, test } from 'vitest';
import { QUARTER } from '../../../src/core/ports/readers.ts';
import type { Store } from '../../../src/core/ports/store.ts';
import { createReaders } from '../../../src/core/readers.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';

const DAY = 86_400_000;
/** Midnight and some minutes, UTC. */
const NOON = Math.floor(Date.UTC(2026, 1, 12, 12, 5));

/** What readers say: counts here, digests there, and neither for longer than it may be. */
export function readersSuite(open: () => Store): void {
  const readersAt = (at: number, store: Pick<Store, 'transaction' | 'readers'> = open()) => {
    const clock = new FakeClock(at);
    let keys = 0;
    const ids = { tail: () => `key-${++keys}-${at}` };
    const isCountry = (code: string) => /^[A-Z]{2}$/u.test(code);
    return createReaders({ store, clock, ids, isCountry, isService: (id) => id !== 'nothing' });
  };
  const said = (token: string, verdict: 'fails' | 'works' = 'fails', more: object = {}) => ({
    country: 'RU',
    door: 'chat' as const,
    token,
    verdicts: [{ service: 'whatsapp', verdict }],
    ...more,
  });
  const all = (since: number) => open().readers.counts({ since, limit: 1_000 });

  test('one person, one service, six hours: one voice, whatever they say and wherever they say they are', async () => {
    const readers = readersAt(NOON);
    expect(await readers.take(said('a'))).toBe('taken');
    expect(await readers.take(said('a'))).toBe('known');
    expect(await readers.take(said('a', 'works', { country: 'KZ', door: 'page', operator: 'AS8359' }))).toBe('known');
    expect(await readers.take(said('b', 'fails', { settled: true }))).toBe('taken');
    expect(await readersAt(NOON + 6 * 3_600_000).take(said('a'))).toBe('taken');
    const row = { country: 'RU', operator: '', service: 'whatsapp', verdict: 'fails', door: 'chat' };
    expect(await all(0)).toEqual([
      { ...row, at: NOON - (NOON % QUARTER), people: 2, settled: 1 },
      { ...row, at: NOON + 6 * 3_600_000 - (NOON % QUARTER), people: 1, settled: 0 },
    ]);
  });

  test('what is none of ours: refused, and nothing is written', async () => {
    const readers = readersAt(NOON);
    const wrong = [{ country: 'Narnia' }, { operator: 'MTS' }, { verdicts: [] }];
    for (const more of wrong) expect(await readers.take(said('a', 'fails', more))).toBe('refused');
    expect(await readers.take(said('a', 'fails', { verdicts: [{ service: 'nothing', verdict: 'fails' }] }))).toBe(
      'refused',
    );
    expect(await all(0)).toEqual([]);
  });

  test('two at once with the same word: one counts', async () => {
    const readers = readersAt(NOON);
    const outcomes = await Promise.all([readers.take(said('a')), readers.take(said('a'))]);
    expect(outcomes.toSorted()).toEqual(['known', 'taken']);
  });

  test('a crowd at once: a transaction for all who gathered while one was under way, each with an answer of their own', async () => {
    let transactions = 0;
    const store = open();
    const counted: Pick<Store, 'transaction' | 'readers'> = {
      readers: store.readers,
      transaction: (work) => {
        transactions++;
        return store.transaction(work);
      },
    };
    const readers = readersAt(NOON, counted);
    const outcomes = await Promise.all(Array.from({ length: 200 }, (_, i) => readers.take(said(`p${i % 150}`))));
    expect(Object.entries(Object.groupBy(outcomes, (one) => one)).map(([one, { length }]) => [one, length])).toEqual([
      ['taken', 150],
      ['known', 50],
    ]);
    expect((await all(0))[0]!.people).toBe(150);
    expect(transactions).toBeLessThanOrEqual(2);
  });

  test('a store that fails: whoever waited is told so, and the next word is taken', async () => {
    let isDown = true;
    const store = open();
    const readers = readersAt(NOON, {
      readers: store.readers,
      transaction: (work) => (isDown ? Promise.reject(new Error('down')) : store.transaction(work)),
    });
    const both = await Promise.allSettled([readers.take(said('a')), readers.take(said('b'))]);
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    isDown = false;
    expect(await readers.take(said('a'))).toBe('taken');
  });

  test('the next day: no key and no digest of the day before is left, though nobody speaks', async () => {
    await readersAt(NOON).take(said('a'));
    const voice = {
      digest: 'x',
      at: NOON - (NOON % QUARTER),
      operator: '',
      settled: false,
      ...said('a').verdicts[0]!,
      door: 'chat' as const,
    };
    const again = () => open().readers.add([{ ...voice, country: 'KZ' }]);
    expect([await again(), await again()]).toEqual([1, 0]);
    while (await open().prune(NOON + DAY));
    expect(await again(), 'as one who never spoke').toBe(1);
    // The day's key was another one: the old one is gone.
    expect(await open().readers.secret(Math.floor(NOON / DAY), 'anew')).toBe('anew');
    expect((await all(0)).length).toBe(2);
    while (await open().prune(NOON + 36 * DAY));
    expect(await all(0)).toEqual([]);
  });

  test('an operator of whom few spoke: not named an hour later, and nobody is lost', async () => {
    const readers = readersAt(NOON);
    for (let i = 0; i < 12; i++) await readers.take(said(`many${i}`, 'fails', { operator: 'AS8359' }));
    for (let i = 0; i < 3; i++) await readers.take(said(`few${i}`, 'fails', { operator: 'AS12389' }));
    await readers.take(said('one'));
    while (await open().prune(NOON + 2 * 3_600_000));
    const counted = (await all(0)).map(({ operator, people }) => [operator, people]);
    expect(counted.toSorted()).toEqual([
      ['', 4],
      ['AS8359', 12],
    ]);
  });

  test('an export: counts, but neither digests nor their key', async () => {
    await readersAt(NOON).take(said('a'));
    let text = '';
    for await (const line of open().dump()) text += line;
    expect(text).toContain('reader_counts');
    expect(text).not.toMatch(/reader_voices|reader_keys|key-1/u);
  });
}

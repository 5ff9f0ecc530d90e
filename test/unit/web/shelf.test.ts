import { describe, expect, test } from 'vitest';
import { Busy, createShelf, SHELF, TooDear } from '../../../src/web/site/shelf.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';

const made = (body = 'x') => ({ type: 'text/plain', body });
const textOf = ({ body }: { body: Uint8Array }) => new TextDecoder().decode(body);

describe('the shelf', () => {
  test('many ask at once, and again within some seconds: made once; after them, anew', async () => {
    const clock = new FakeClock();
    const shelf = createShelf(clock);
    let times = 0;
    const make = async () => made(String(++times));
    const all = await Promise.all([1, 2, 3].map(() => shelf.get('a', make)));
    expect(new Set(all.map(textOf))).toEqual(new Set(['1']));
    await clock.pass(4_900);
    expect(textOf(await shelf.get('a', make))).toBe('1');
    await clock.pass(200);
    expect(textOf(await shelf.get('a', make))).toBe('2');
  });

  test('what is made of something read before: as old as that, told anew each second, and gone with it', async () => {
    const clock = new FakeClock();
    const shelf = createShelf(clock);
    const readAt = clock.monotonic();
    let times = 0;
    const make = async () => ({ ...made(), body: (age: number) => `${++times}: ${age} s`, readAt });
    await clock.pass(3_000);
    expect(textOf(await shelf.get('a', make))).toBe('1: 3 s');
    expect(textOf(await shelf.get('a', make))).toBe('1: 3 s');
    await clock.pass(1_000);
    const { age, body } = await shelf.get('a', make);
    expect([age, textOf({ body })]).toEqual([4, '2: 4 s']);
    await clock.pass(1_000);
    let anew = 0;
    await shelf.get('a', async () => made(String(++anew)));
    expect(anew).toBe(1);
  });

  test('a failure, and what is no 200: not kept', async () => {
    const shelf = createShelf(new FakeClock());
    await expect(shelf.get('a', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect((await shelf.get('a', async () => ({ ...made(), status: 404 }))).status).toBe(404);
    expect(textOf(await shelf.get('a', async () => made('now')))).toBe('now');
  });

  test('more than fits, in number or in bytes: the oldest go', async () => {
    const shelf = createShelf(new FakeClock(), { ...SHELF, entries: 2, bytes: 10 });
    let times = 0;
    const get = (key: string, body: string) =>
      shelf.get(key, async () => {
        times++;
        return made(body);
      });
    for (const key of ['a', 'b', 'c']) await get(key, 'x');
    await get('c', 'x');
    expect(times).toBe(3);
    await get('a', 'x');
    expect(times).toBe(4);
    await get('d', '123456789');
    await get('c', 'x');
    expect(times).toBe(6);
  });

  test('what nobody is given any more: gone with the next that is made', async () => {
    const clock = new FakeClock();
    const shelf = createShelf(clock);
    for (let i = 0; i < 10; i++) {
      await shelf.get(`a${i}`, async () => made());
      await clock.pass(500);
    }
    expect(shelf.size()).toBe(10);
    await clock.pass(SHELF.keepMs);
    await shelf.get('b', async () => made());
    expect(shelf.size()).toBe(1);
  });

  test('a few at a time; who comes when too many wait: busy; who has no budget: refused, and what is there is theirs', async () => {
    const shelf = createShelf(new FakeClock(), { ...SHELF, atOnce: 1, waiting: 1 });
    let free = () => {};
    const held = new Promise<void>((resolve) => {
      free = resolve;
    });
    let running = 0;
    let most = 0;
    const make = async () => {
      most = Math.max(most, ++running);
      await held;
      running--;
      return made();
    };
    const first = shelf.get('a', make);
    const second = shelf.get('b', make);
    await expect(shelf.get('c', make)).rejects.toThrow(Busy);
    free();
    await Promise.all([first, second]);
    expect(most).toBe(1);
    await expect(shelf.get('d', make, () => false)).rejects.toThrow(TooDear);
    expect(textOf(await shelf.get('a', make, () => false))).toBe('x');
  });

  test('the same bytes: the same tag; compressed where that is worth it', async () => {
    const shelf = createShelf(new FakeClock());
    const [a, b, c] = await Promise.all([
      shelf.get('a', async () => made('y'.repeat(5_000))),
      shelf.get('b', async () => made('y'.repeat(5_000))),
      shelf.get('c', async () => ({ type: 'image/png', body: new Uint8Array(5_000) })),
    ]);
    expect(a.etag).toBe(b.etag);
    expect(a.etag).not.toBe(c.etag);
    expect(a.gzipped!.byteLength).toBeLessThan(200);
    expect(c.gzipped).toBeNull();
  });
});

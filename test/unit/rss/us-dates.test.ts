/** "11/12/2026" is in November or in December: a feed's own dates, or when it was made, tell which, and it is kept. */
import { afterEach, describe, expect, test } from 'vitest';
import { sourceHealth, emptyState } from '../../../src/core/poll/source-state.ts';
import { type KnownOrder, knownOrderOf, learnt, publishedAt } from '../../../src/sources/rss/day-order.ts';
import { dayOrderOf, type ParsedItem } from '../../../src/sources/rss/shape.ts';
import { type FeedWorld, feedWorld, rss } from './harness.ts';

const at = (day: string): number => Date.parse(`${day}T12:00:00Z`);
const item = (n: number, date: string): string =>
  `<item><title>Title ${n}</title><guid>g${n}</guid><pubDate>${date}</pubDate></item>`;

let world: FeedWorld;
let served: { body: string; headers: Record<string, string> };
afterEach(() => world.close());
async function open(dates: string[], channel = '', headers: Record<string, string> = {}): Promise<void> {
  show(dates, channel, headers);
  world = await feedWorld((_request, response) => {
    // Without a header of its own the server would add the date of this machine.
    response.sendDate = false;
    response.writeHead(200, { 'content-type': 'application/rss+xml', ...served.headers });
    response.end(served.body);
  });
}
function show(dates: string[], channel = '', headers: Record<string, string> = {}): void {
  served = { body: rss(dates.map((date, i) => item(i, `${date} 12:00`)).join(''), channel), headers };
}
/** Days of the items, as they are taken at that time. */
async function read(now: string): Promise<string[]> {
  const { items } = await world.poll({ now: at(now) });
  return items.map((one) => new Date(one.publishedAt).toISOString().slice(0, 10));
}
const DOUBT = 'Dates of a feed may have the day or the month first';
const doubts = (): number => world.lines.filter((one) => one.startsWith(DOUBT)).length;

describe('a feed with the month first', () => {
  test('a day above twelve in any of its items: learnt for all of them', async () => {
    await open(['12/02/2026', '12/01/2026', '11/30/2026']);
    expect(await read('2026-12-02')).toEqual(['2026-12-02', '2026-12-01', '2026-11-30']);
    expect(doubts()).toBe(0);
  });
  test('learnt at the end of a month: kept over a restart, through the first twelve days of each month', async () => {
    await open(['11/30/2026']);
    await read('2026-11-30');
    world.restart();
    for (const day of [1, 2, 5, 9, 11, 12]) {
      const two = String(day).padStart(2, '0');
      show([`12/${two}/2026`]);
      expect(await read(`2026-12-${two}`)).toEqual([`2026-12-${two}`]);
    }
    expect(doubts()).toBe(0);
  });
  test.each<[string, string, Record<string, string>]>([
    ['pubDate of the channel', '<pubDate>Sat, 05 Dec 2026 11:00:00 GMT</pubDate>', {}],
    ['lastBuildDate', '<lastBuildDate>2026-12-05T11:00:00Z</lastBuildDate>', {}],
    ['Last-Modified', '', { 'last-modified': 'Sat, 05 Dec 2026 11:00:00 GMT' }],
    ['Date', '', { date: 'Sat, 05 Dec 2026 11:00:00 GMT' }],
  ])('%s agrees with one reading: learnt', async (_name, channel, headers) => {
    await open(['12/05/2026', '10/03/2026'], channel, headers);
    expect(await read('2026-12-05')).toEqual(['2026-12-05', '2026-10-03']);
    expect(doubts()).toBe(0);
  });
});

describe('a feed with the day first', () => {
  test('a day above twelve: as ever', async () => {
    await open(['02/12/2026', '01/12/2026', '30/11/2026']);
    expect(await read('2026-12-02')).toEqual(['2026-12-02', '2026-12-01', '2026-11-30']);
  });
  test('learnt wrongly by a header: a day above twelve goes before', async () => {
    await open(['12/11/2026'], '', { date: 'Fri, 11 Dec 2026 11:00:00 GMT' });
    expect(await read('2026-12-11')).toEqual(['2026-12-11']);
    show(['13/11/2026', '12/11/2026']);
    expect(await read('2026-12-11')).toEqual(['2026-11-13', '2026-11-12']);
  });
  test('dots: the day is first, whatever the rest tells', async () => {
    await open(['02.12.2026', '11/30/2026']);
    expect(await read('2026-12-03')).toEqual(['2026-12-02', '2026-11-30']);
  });
});

describe('nothing tells', () => {
  test('each is the nearest that is not to come; never archive in silence; said once, over a restart too, and seen in its health', async () => {
    await open(['12/02/2026', '12/01/2026']);
    const health = () =>
      sourceHealth(
        world.source,
        { ...emptyState(), aside: world.source.aside?.() ?? null },
        { intervalMs: 1, now: 1, since: 0 },
      );
    expect(health().aside).toBeUndefined();
    expect(await read('2026-12-03')).toEqual(['2026-12-02', '2026-12-01']);
    expect([doubts(), health().aside]).toEqual([1, { is: 'ambiguous' }]);
    world.restart();
    show(['12/03/2026', '12/02/2026']);
    expect(await read('2026-12-03')).toEqual(['2026-12-03', '2026-12-02']);
    expect([doubts(), health().aside]).toEqual([1, { is: 'ambiguous' }]);
    show(['12/13/2026', '12/03/2026']);
    expect(await read('2026-12-13')).toEqual(['2026-12-13', '2026-12-03']);
    expect(health().aside).toBeUndefined();
  });
  test('both orders in one feed: each by itself', async () => {
    await open(['11/30/2026', '30/11/2026', '03/12/2026']);
    expect(await read('2026-12-03')).toEqual(['2026-11-30', '2026-11-30', '2026-12-03']);
  });
  test('other dates, or days that equal their months: no doubt', async () => {
    await open(['2026-12-03', '12/12/2026']);
    await read('2026-12-12');
    expect(doubts()).toBe(0);
  });
});

test.each<[string, ReturnType<typeof dayOrderOf>]>([
  ['25/11/2026', { order: 'day' }],
  ['11/25/2026 08:00', { order: 'month' }],
  ['11-25-2026', { order: 'month' }],
  ['02/12/2026', { monthFirst: Date.UTC(2026, 1, 12) }],
  ['12/12/2026', null],
  ['02.12.2026', null],
  ['2026-12-02', null],
  ['soon', null],
  ['1/'.repeat(1_000), null],
])('%s', (raw, expected) => expect(dayOrderOf(raw)).toEqual(expected));

test('known to be day first, and that is to come: the other reading', () => {
  const one = { publishedAt: at('2026-12-11'), monthFirst: at('2026-11-12') } as ParsedItem;
  expect(publishedAt(one, 'day', at('2026-11-13'))).toBe(at('2026-11-12'));
  expect(publishedAt(one, 'day', at('2026-12-12'))).toBe(at('2026-12-11'));
});

test.each([null, 7, [], {}, { order: 'year', told: 1 }])(
  'what was kept has another shape (%j): nothing is known',
  (kept) => {
    const nothing: KnownOrder = { order: null, told: false };
    expect(knownOrderOf(kept)).toEqual(nothing);
    expect(learnt({ dayOrder: null, madeAt: [], items: [] }, nothing, [Number.NaN])).toEqual(nothing);
  },
);

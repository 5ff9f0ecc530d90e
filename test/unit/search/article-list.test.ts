import { hash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { TocsinError } from '../../../src/core/errors.ts';
import type { Http } from '../../../src/core/ports/runtime.ts';
import { quietLog } from '../../../src/core/ports/runtime.ts';
import { createIds } from '../../../src/platform/ids.ts';
import { createCutter, missedBetween, rowsOf } from '../../../src/sources/search/article-list.ts';
import { createSource } from '../../../src/sources/search/index.ts';
import type { Hit } from '../../../src/sources/search/sift.ts';
import { bundledFinding, bundledHosts } from '../../fakes/bundled.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';

const MINUTE = 60_000;
const gmt = (at: number) => new Date(at).toUTCString();
const list = (builtAt: number, rows: readonly string[]) =>
  `<?xml version="1.0"?><rss version="2.0"><channel><title>GAL</title><lastBuildDate>${gmt(builtAt)}</lastBuildDate>${rows.join('')}</channel></rss>`;
const row = (title: string, link: string, at: number) =>
  `<item><title>${title}</title><link>${link}</link><pubDate>${gmt(at)}</pubDate></item>`;
const bytes = (text: string) => new TextEncoder().encode(text);

describe('a list as its bytes come', () => {
  const cut = (pieces: readonly Uint8Array[]) => {
    const hits: Hit[] = [];
    const cutter = createCutter((hit) => hits.push(hit));
    for (const piece of pieces) cutter.push(piece);
    return { hits, ...cutter.told };
  };
  const at = Date.UTC(2026, 10, 30, 12);
  const whole = bytes(
    list(at, [
      row('<![CDATA[Türkiye’de «X» & Instagram]]>', 'https://a.example/?a=1&amp;b=2', at),
      row('اینترنت قطع شد', 'https://b.example/1', at),
      row('', 'https://c.example/1', at),
      '<item><title>Without a date</title><link>https://d.example/1</link></item>',
    ]),
  );
  test('cut anywhere, within a letter as well: the same rows, and those without title or date counted', () => {
    const expected = {
      hits: [
        { title: 'Türkiye’de «X» & Instagram', url: 'https://a.example/?a=1&b=2', at },
        { title: 'اینترنت قطع شد', url: 'https://b.example/1', at },
      ],
      rows: 4,
      skipped: 2,
      builtAt: at,
      ended: true,
    };
    for (const size of [1, 7, 64, 1_000_000]) {
      const pieces: Uint8Array[] = [];
      for (let i = 0; i < whole.length; i += size) pieces.push(whole.subarray(i, i + size));
      expect(cut(pieces)).toEqual(expected);
    }
  });
  test('a row that never ends among others: it alone is lost', () => {
    const endless = `<item><title>${'x'.repeat(100_000)}`;
    const body = list(at, [row('One', 'https://a.example/1', at), endless, row('Two', 'https://a.example/2', at)]);
    const pieces = body.match(/.{1,1000}/gs)!.map(bytes);
    expect(cut(pieces).hits.map(({ title }) => title)).toEqual(['One', 'Two']);
  });
  test('a flood of rows: those after the twenty thousandth are left', () => {
    const body = list(
      at,
      Array.from({ length: 20_100 }, (_, i) => row(`T${i}`, `https://a.example/${i}`, at)),
    );
    expect(cut([bytes(body)]).hits).toHaveLength(20_000);
  });
});

describe('a minute’s file', () => {
  test('its rows, whatever else stands there', async () => {
    const good = {
      date: '2026-11-30T12:01:00Z',
      url: 'https://a.example/1',
      title: 'T',
      desc: 'D',
      lang: 'en',
      domain: 'a.example',
    };
    const lines = [
      JSON.stringify(good),
      'no json',
      'null',
      '[]',
      '{"title":5}',
      `{"title":"${'x'.repeat(30_000)}"}`,
      '',
    ];
    expect(await rowsOf(gzipSync(lines.join('\n')))).toEqual([
      { title: 'T', url: 'https://a.example/1', summary: 'D', lang: 'en', at: Date.UTC(2026, 10, 30, 12, 1) },
    ]);
  });
  test('a bomb: an error, not memory', async () => {
    await expect(rowsOf(gzipSync(Buffer.alloc(100_000_000)))).rejects.toThrow(/larger than|Cannot create/);
  });
  test('which minutes: the first eight of a quarter of an hour, that neither list holds, two hours back at most', () => {
    const at = (hour: number, minute: number) => Date.UTC(2026, 10, 30, hour, minute);
    expect(missedBetween(at(12, 0), at(12, 14))).toEqual([]);
    expect(missedBetween(at(12, 0), at(12, 20)).map((one) => new Date(one).getUTCMinutes())).toEqual([5, 4, 3, 2, 1]);
    expect(missedBetween(at(12, 0), at(12, 32))).toHaveLength(7 + 3);
    const long = missedBetween(at(2, 0), at(12, 0));
    expect(Math.min(...long)).toBeGreaterThan(at(10, 0));
    expect(long.length).toBeLessThanOrEqual(64);
  });
});

/** The index on a fake line: what is there at each address, and what was asked. */
function world(countries: ReadonlySet<string> = new Set(['UG'])) {
  const clock = new FakeClock();
  const there = new Map<string, string | Uint8Array | number>();
  const asked: string[] = [];
  const http: Http = async ({ url, headers, onChunk }) => {
    asked.push(url);
    const found = there.get(url) ?? 404;
    const etag = JSON.stringify(hash('sha1', found.toString()));
    const none = { url, headers: {} as Record<string, string>, body: new Uint8Array() };
    if (typeof found === 'number') return { ...none, status: found };
    if (headers?.['if-none-match'] === etag) return { ...none, status: 304 };
    const body = typeof found === 'string' ? bytes(found) : found;
    onChunk?.(body);
    return { status: 200, url, headers: { etag }, body: onChunk ? new Uint8Array() : body };
  };
  const kept = new Map<string, unknown>();
  const memory = {
    get: async (key: string) => kept.get(key),
    set: async (key: string, value: unknown) => kept.set(key, value) === kept,
    delete: async (key: string) => kept.delete(key),
  };
  const state = {
    ...memory,
    set: async (key: string, value: unknown) => void (await memory.set(key, value)),
    delete: async (key: string) => void (await memory.delete(key)),
  };
  const config = { id: 'gdelt', kind: 'search' as const, provider: 'gdelt-gal' as const, cron: '*/10 * * * *' };
  const deps = {
    clock,
    ids: createIds(clock),
    log: quietLog,
    http,
    state,
    cache: memory,
    serviceHosts: async () => bundledHosts(),
    finding: { ...bundledFinding, wanted: async () => countries },
  };
  const source = createSource(config, deps);
  const poll = async (firstPoll = false) => {
    const result = await source.poll({ now: clock.now(), firstPoll, signal: new AbortController().signal });
    await result.commit?.();
    return result;
  };
  return { clock, there, asked, poll };
}
const LIST = 'https://data.gdeltproject.org/gdeltv3/gal/feed.rss';
const MIRROR = 'https://storage.googleapis.com/data.gdeltproject.org/gdeltv3/gal/feed.rss';
const uganda = (n: number, at: number) => row(`Uganda blocks Telegram (${n})`, `https://www.monitor.co.ug/${n}`, at);

describe('the list, poll by poll', () => {
  test('chats follow no country: nothing is asked', async () => {
    const w = world(new Set());
    expect(await w.poll(true)).toMatchObject({ items: [], unchanged: true });
    expect(w.asked).toEqual([]);
  });

  test('unchanged: nothing is read again; ten minutes later a new one: what it holds', async () => {
    const w = world();
    const at = w.clock.now();
    w.there.set(LIST, list(at, [uganda(1, at)]));
    expect((await w.poll(true)).items).toHaveLength(1);
    expect(await w.poll()).toMatchObject({ items: [], unchanged: true });
    w.clock.jump(10 * MINUTE);
    w.there.set(LIST, list(w.clock.now(), [uganda(1, at), uganda(2, at)]));
    expect((await w.poll()).items).toHaveLength(2);
    expect(w.asked).toEqual([LIST, LIST, LIST]);
  });

  test('an hour without a look: what was missed is asked for in pieces, newest first, and once', async () => {
    const w = world();
    w.there.set(LIST, list(w.clock.now(), []));
    await w.poll(true);
    w.clock.jump(60 * MINUTE);
    const at = w.clock.now();
    w.there.set(LIST, list(at, []));
    const missed = at - 41 * MINUTE;
    const stamp = new Date(missed).toISOString().replace(/\D/g, '').slice(0, 14);
    const line = {
      date: new Date(missed).toISOString(),
      url: 'https://chimpreports.com/1',
      title: 'Uganda shuts down the internet',
      desc: '',
      lang: 'en',
    };
    w.there.set(`https://data.gdeltproject.org/gdeltv3/gal/${stamp}.gal.json.gz`, gzipSync(JSON.stringify(line)));
    const polls = [await w.poll(), await w.poll(), await w.poll()];
    expect(polls.map(({ again }) => again)).toEqual([true, false, false]);
    expect(polls.flatMap(({ items }) => items).map(({ title }) => title)).toEqual(['Uganda shuts down the internet']);
    const files = w.asked.filter((url) => url.endsWith('.gz'));
    expect(files).toEqual([...new Set(files)]);
    expect(files.length).toBeLessThanOrEqual(32);
  });

  test('it fails three times: the mirror is asked in between, until it answers', async () => {
    const w = world();
    w.there.set(LIST, 503);
    for (let i = 0; i < 3; i++) await expect(w.poll()).rejects.toThrow(TocsinError);
    w.there.set(MIRROR, list(w.clock.now(), [uganda(1, w.clock.now())]));
    expect((await w.poll()).items).toHaveLength(1);
    w.there.set(LIST, list(w.clock.now(), []));
    await w.poll();
    expect(w.asked).toEqual([LIST, LIST, LIST, MIRROR, LIST]);
  });

  test('the same list for more than an hour: that is said, whatever clock the server has', async () => {
    const w = world();
    w.there.set(LIST, list(w.clock.now(), [uganda(1, w.clock.now())]));
    await w.poll(true);
    await w.clock.pass(59 * MINUTE);
    await w.poll();
    await w.clock.pass(2 * MINUTE);
    await expect(w.poll()).rejects.toThrow(/has not been made anew for an hour/);
    w.there.set(LIST, list(w.clock.now(), []));
    await w.poll();
  });
});

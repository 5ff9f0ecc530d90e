/**
 * Pictures of timelines: the drawing, the first picture of a maker that has to begin, those that follow, and what stays in the memory of the process that asked.
 * `node bench/pictures.ts [rounds]` (default 30): eight rows by 30 days, in Cyrillic, Arabic, Chinese and Persian by turns, 1,440 pixels wide.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { loadCatalogue } from '../src/config/lexicon.ts';
import type { Picture } from '../src/core/model/message.ts';
import { timelineView } from '../src/core/render/timeline.ts';
import { type Cell, columnsOf, DAY_STATES } from '../src/core/timeline.ts';
import { createTranslators } from '../src/i18n/index.ts';
import { createPictureHost } from '../src/pictures/host.ts';
import { median, rssOf, say, spread } from './shared.ts';

const rounds = Number(process.argv[2] ?? 30);
const NOW = Date.UTC(2026, 10, 28, 12);
const LANGS = ['ru', 'ar', 'zh', 'fa'];
const SERVICES = ['whatsapp', 'telegram', 'facetime', 'signal', 'youtube', 'internet', 'max', 'themoscowtimes'];

// The running bot has a compile cache, and what it starts finds its code there.
const cache = mkdtempSync(join(tmpdir(), 'tocsin-bench-'));
enableCompileCache(cache);
const translators = createTranslators(loadCatalogue());
const log = { debug() {}, info() {}, warn: console.error, error: console.error, child: () => log };

/** Another picture for each number, with stretches of all looks: the maker keeps what it has made, so no two may be the same. */
function picture(number: number): Picture {
  const columns = columnsOf(NOW, 'Europe/Moscow', 30, 92);
  const words = translators.of(LANGS[number % LANGS.length]!);
  let drawn = number * 7_919 + 17;
  const draw = (): number => {
    drawn = (drawn * 1_103_515_245 + 12_345) & 0x7fffffff;
    return drawn / 0x7fffffff;
  };
  const rows = SERVICES.map((service) => {
    let state: Cell['state'] = 'open';
    const cells = columns.map((): Cell => {
      if (draw() < 0.25) state = DAY_STATES[Math.floor(draw() * DAY_STATES.length)]!;
      return { state, sure: state === 'gap' || state === 'none' || draw() > 0.3 };
    });
    return { label: words.service(service), cells, now: cells.at(-1)! };
  });
  return timelineView(
    { title: words.country('RU'), columns, rows, more: 0, timeZone: 'Europe/Moscow', now: NOW },
    words,
  );
}

async function timed<T>(work: () => Promise<T>): Promise<{ ms: number; result: T }> {
  const begun = performance.now();
  const result = await work();
  return { ms: performance.now() - begun, result };
}

try {
  const drawings: number[] = [];
  for (let i = 0; i < rounds; i++) drawings.push((await timed(async () => picture(i))).ms);
  say({ name: 'timeline drawn and worded, ms', value: spread(drawings, 1) });

  const before = rssOf(process.pid);
  const [first, next, bytes]: [number[], number[], number[]] = [[], [], []];
  for (let round = 0; round < 4; round++) {
    const host = createPictureHost(log, { idleMs: 200 });
    for (let i = 0; i < rounds; i++) {
      const { ms, result } = await timed(() => host.png(picture(round * rounds + i)));
      // The very first one of all compiles what the others find in the cache.
      if (round > 0) (i === 0 ? first : next).push(ms);
      bytes.push(result?.length ?? Number.NaN);
    }
    await host.stop();
  }
  const announced: number[] = [];
  for (let round = 0; round < 4; round++) {
    const host = createPictureHost(log, { idleMs: 2_000 });
    host.soon();
    // As long as a text takes to be sent.
    await sleep(150);
    announced.push((await timed(() => host.png(picture(9_000 + round)))).ms);
    await host.stop();
  }
  say({ name: 'first picture, while its text was sent, ms', value: spread(announced) });
  say({ name: 'first picture, the maker begins, ms', value: spread(first), floor: '150', ok: median(first) <= 150 });
  say({ name: 'each after it, ms', value: spread(next), floor: '40', ok: median(next) <= 40 });
  say({ name: 'size of a picture, KB', value: spread(bytes.map((one) => one / 1e3)) });
  // A running bot collects when it has been idle for a while (docs/decisions/memory-and-start.md).
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  await sleep(2_000);
  // With malloc as it is by itself; with what `src/begin.mjs` sets for the bot some 11 MB are left.
  const more = rssOf(process.pid) - before;
  say({ name: `left in memory after ${4 * rounds} pictures, MB`, value: more.toFixed(1), floor: '25', ok: more <= 25 });
} finally {
  rmSync(cache, { recursive: true, force: true });
}

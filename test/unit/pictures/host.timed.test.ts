/** The maker of pictures as a process: begun when it is needed, ended when idle, replaced when it hangs or dies; nobody waits for ever. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, onTestFinished, test } from 'vitest';
import type { Picture } from '../../../src/core/model/message.ts';
import { createPictureHost } from '../../../src/pictures/host.ts';
import type { ProcessOptions } from '../../../src/platform/one-helper.ts';
import { testDeps } from '../../contract/adapter-deps.ts';
import { hasRasteriser, NEEDS_RASTERISER } from '../../fakes/rasteriser.ts';
import { describeIf } from '../../fakes/shared.ts';
import { readPng } from './read-png.ts';

const folder = mkdtempSync(join(tmpdir(), 'tocsin-maker-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A maker that does what the drawing says: its text is the body of an async function of `job`, `say` and `process`. */
const OBEDIENT = script(`
  let made = 0;
  process.on('disconnect', () => process.exit());
  process.on('message', (job) => {
    const say = (word) => process.send({ id: job.id, ...word });
    const png = (text) => say({ png: new TextEncoder().encode(text + ' ' + ++made + ' ' + process.pid) });
    new Function('job', 'say', 'png', 'process', job.svg)(job, say, png, process);
  });
  process.send({ ready: true });
`);

function script(text: string): URL {
  const file = join(folder, `maker-${Math.random().toString(36).slice(2)}.mjs`);
  writeFileSync(file, text);
  return pathToFileURL(file);
}

const drawing = (svg: string, over: Partial<Picture> = {}): Picture => ({
  svg,
  width: 100,
  height: 100,
  alt: '',
  ...over,
});
const text = (png: Uint8Array | null): string | null => png && new TextDecoder().decode(png);

function host(options: ProcessOptions = {}) {
  const { log, lines } = testDeps();
  const made = createPictureHost(log, { script: OBEDIENT, ...options });
  onTestFinished(() => made.stop());
  return {
    host: made,
    lines,
    png: async (svg: string, over?: Partial<Picture>) => text(await made.png(drawing(svg, over))),
  };
}

describe('one after the other', () => {
  test('the same maker makes them, and each gets its own', async () => {
    const { png } = host();
    const made = await Promise.all(['a', 'b', 'c'].map((name) => png(`png('${name}')`)));
    expect(made.map((one) => one!.split(' ').slice(0, 2).join(' '))).toEqual(['a 1', 'b 2', 'c 3']);
    expect(new Set(made.map((one) => one!.split(' ')[2])).size).toBe(1);
  });

  test('asked for twice at a time, or again soon after: made once', async () => {
    const { png } = host();
    const [first, second] = await Promise.all([png(`png('x')`), png(`png('x')`)]);
    expect(second).toBe(first);
    expect(await png(`png('x')`)).toBe(first);
    expect(await png(`png('y')`)).toMatch(/^y 2 /);
  });

  test('what failed once is tried again', async () => {
    const { png, lines } = host();
    expect(await png(`say({ error: 'no' })`)).toBeNull();
    expect(await png(`say({ error: 'no' })`)).toBeNull();
    expect(lines.filter((line) => line.startsWith('warn'))).toHaveLength(1);
    expect(await png(`png('then')`)).toMatch(/^then/);
  });
});

describe('ended and begun anew', () => {
  test('idle: it ends, and the next picture has a new one', async () => {
    const { png } = host({ idleMs: 50 });
    const [, , pid] = (await png(`png('a')`))!.split(' ');
    await gone(Number(pid));
    expect((await png(`png('b')`))!.split(' ')[2]).not.toBe(pid);
  });

  test('announced: it begins before it is asked, and ends when nobody asks', async () => {
    const { host: made, png } = host({ idleMs: 300 });
    made.soon();
    made.soon();
    const [, n, pid] = (await png(`png('a')`))!.split(' ');
    expect(n).toBe('1');
    await gone(Number(pid));
    made.soon();
    await new Promise((wake) => setTimeout(wake, 150));
    const [, , next] = (await png(`png('b')`))!.split(' ');
    expect(next).not.toBe(pid);
    await gone(Number(next));
  });

  test('announced after a stop: nothing begins', async () => {
    const { host: made, lines } = host();
    await made.stop();
    made.soon();
    expect(await made.png(drawing(`png('a')`))).toBeNull();
    expect(lines).toEqual([]);
  });

  test('it hangs: ended after its time, said, and the next one is made', async () => {
    const { png, lines } = host({ deadlineMs: 100 });
    const [hung, next] = await Promise.all([png('for (;;);'), png(`png('next')`)]);
    expect([hung, next!.split(' ')[0]]).toEqual([null, 'next']);
    expect(lines.join()).toContain('longer than 100 ms');
  });

  test('it dies, by a fault in native code or by the system: the next one is made', async () => {
    const { png, lines } = host();
    const [died, next] = await Promise.all([png(`process.kill(process.pid, 'SIGSEGV')`), png(`png('next')`)]);
    expect([died, next!.split(' ')[0]]).toEqual([null, 'next']);
    expect(lines.join()).toContain('SIGSEGV');
  });

  test('stopped: whoever waits gets none, and no process stays', async () => {
    const { host: made, png } = host();
    const [, , pid] = (await png(`png('a')`))!.split(' ');
    const waiting = [png('0'), png('1')];
    await made.stop();
    expect(await Promise.all(waiting)).toEqual([null, null]);
    expect(await png(`png('late')`)).toBeNull();
    await gone(Number(pid));
  });
});

describe('bounds', () => {
  test('many for pages wait: one for a chat is the next but one, and finds room', async () => {
    const { host: made, png } = host({ maxWaiting: 3 });
    const pages = ['a', 'b', 'c', 'd', 'e'].map(async (name) => text(await made.forPages(drawing(`png('${name}')`))));
    const forChat = await png(`png('chat')`);
    expect(Number(forChat!.split(' ')[1])).toBeLessThanOrEqual(3);
    expect((await Promise.all(pages)).map((one) => one?.split(' ')[0] ?? null)).toEqual(['a', 'b', 'c', 'd', null]);
  });

  test('too many wait: the rest get none at once', async () => {
    const { png } = host({ maxWaiting: 2 });
    const all = await Promise.all(['a', 'b', 'c', 'd', 'e'].map((name) => png(`png('${name}')`)));
    expect(all.map((one) => one?.split(' ')[0] ?? null)).toEqual(['a', 'b', 'c', null, null]);
  });

  const cases: [name: string, svg: string, over: Partial<Picture>][] = [
    ['a drawing of too many characters', ' '.repeat(400_001), {}],
    ['too wide', `png('x')`, { width: 5_000 }],
    ['too high', `png('x')`, { height: 5_000 }],
    ['what came of it is too large', 'say({ png: new Uint8Array(4_000_001) })', {}],
  ];
  test.each(cases)('%s: none', async (_, svg, over) => {
    expect(await host().png(svg, over)).toBeNull();
  });

  test('the maker is given nothing of our environment', async () => {
    process.env.TOCSIN_TEST_SECRET = 'secret';
    onTestFinished(() => void delete process.env.TOCSIN_TEST_SECRET);
    expect(await host().png('png(Object.keys(process.env).join())')).not.toContain('SECRET');
  });
});

describe('this system can make none', () => {
  const BROKEN = script(`process.send({ ready: false, reason: 'Cannot find native binding' });`);

  test('said once, and nobody is kept waiting or asked to draw any more', async () => {
    const { host: made, png, lines } = host({ script: BROKEN });
    expect(made.possible()).toBe(true);
    expect(await Promise.all([png('a'), png('b')])).toEqual([null, null]);
    expect(await png('c')).toBeNull();
    expect([made.possible(), made.problem()]).toEqual([false, 'Cannot find native binding']);
    expect(lines).toEqual([expect.stringContaining('cannot make pictures')]);
  });

  test('a maker that cannot even begin: none, and the bot goes on', async () => {
    const { png } = host({ script: script('process.exit(3)') });
    expect(await png('a')).toBeNull();
  });
});

describeIf(hasRasteriser(), NEEDS_RASTERISER, 'the real one', () => {
  const SQUARE =
    '<svg xmlns="http://www.w3.org/2000/svg" width="6" height="4"><rect width="6" height="4" fill="#c0ffee"/></svg>';
  test('makes a picture of a drawing, and none of what is no drawing', async () => {
    const pictures = createPictureHost(testDeps().log);
    onTestFinished(() => pictures.stop());
    const png = (await pictures.png(drawing(SQUARE)))!;
    expect(readPng(png)).toMatchObject({
      width: 6,
      height: 4,
      pixels: Array.from({ length: 24 }, () => [0xc0, 0xff, 0xee, 0xff]),
    });
    expect(await pictures.png(drawing('<svg'))).toBeNull();
    expect(await pictures.png(drawing(SQUARE, { alt: 'again' }))).not.toBeNull();
  });
});

/** The process has ended, within a few seconds. */
async function gone(pid: number): Promise<void> {
  for (let i = 0; i < 200; i++) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`process ${pid} is still there`);
}

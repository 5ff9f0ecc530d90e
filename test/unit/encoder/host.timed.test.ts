/** The encoder as a process: begun when a text needs it, ended when idle, replaced when it hangs or dies; no text waits for ever, none is lost. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, onTestFinished, test } from 'vitest';
import type { Asked } from '../../../src/core/ports/encoder.ts';
import { createEncoderHost } from '../../../src/encoder/host.ts';
import type { ProcessOptions } from '../../../src/platform/one-helper.ts';
import { testDeps } from '../../contract/adapter-deps.ts';

const folder = mkdtempSync(join(tmpdir(), 'tocsin-encoder-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A process that does what the title says: the body of a function of `say` and `weigh`; what it says of a text is how many it had before. */
const OBEDIENT = script(`
  let count = 0;
  process.on('disconnect', () => process.exit());
  process.on('message', ({ id, asked, said }) => {
    if (said === 'never') return process.send({ id, never: 'config/encoder/intents.bin: it is another file' });
    if (said === 'slow') return;
    if (said) return process.send({ id, ranked: [[said, 1]] });
    const say = (word) => process.send({ id, ...word });
    const weigh = () => say({ encoded: { relevant: count++, candidates: [process.pid] } });
    new Function('say', 'weigh', 'process', asked.title)(say, weigh, process);
  });
  process.send({ ready: true });
`);

function script(text: string): URL {
  const file = join(folder, `weigher-${Math.random().toString(36).slice(2)}.mjs`);
  writeFileSync(file, text);
  return pathToFileURL(file);
}

const asked = (title: string): Asked => ({ title, summary: '', services: [], countries: [] });

function host(options: ProcessOptions = {}) {
  const { log, lines } = testDeps();
  const made = createEncoderHost(log, { script: OBEDIENT, ...options });
  onTestFinished(() => made.stop());
  return { lines, stop: () => made.stop(), encode: (title: string) => made.encode(asked(title)), wants: made.wants };
}

test('several at a time: one after the other, in order, by one process', async () => {
  const { encode } = host();
  const all = await Promise.all([encode('weigh()'), encode('weigh()'), encode('weigh()')]);
  expect(all.map((one) => one!.relevant)).toEqual([0, 1, 2]);
  expect(new Set(all.map((one) => one!.candidates[0])).size).toBe(1);
});

test('idle: it ends, and the next text has a new one', async () => {
  const { encode } = host({ idleMs: 50 });
  const [pid] = (await encode('weigh()'))!.candidates;
  await gone(pid!);
  expect((await encode('weigh()'))!.candidates[0]).not.toBe(pid);
});

test('it hangs: ended after its time, said once, and the next text is weighed', async () => {
  const { encode, lines } = host({ deadlineMs: 100 });
  const [hung, next] = await Promise.all([encode('for (;;);'), encode('weigh()')]);
  expect([hung, next!.relevant]).toEqual([null, 0]);
  expect(lines).toEqual([expect.stringContaining('longer than 100 ms')]);
});

test('it dies: that text goes without, said once, and the next is weighed', async () => {
  const { encode, lines } = host();
  const kill = `process.kill(process.pid, 'SIGKILL')`;
  expect(await Promise.all([encode(kill), encode(kill)])).toEqual([null, null]);
  expect((await encode('weigh()'))!.relevant).toBe(0);
  expect(lines).toEqual([expect.stringContaining('SIGKILL')]);
});

test('a text that it cannot weigh: that one goes without', async () => {
  const { encode, lines } = host();
  expect(await encode(`say({ error: 'odd text' })`)).toBeNull();
  expect((await encode('weigh()'))!.relevant).toBe(0);
  expect(lines).toEqual([expect.stringContaining('odd text')]);
});

test('too many wait: the rest go without at once', async () => {
  const { encode } = host({ maxWaiting: 2 });
  const all = await Promise.all(Array.from({ length: 5 }, () => encode('weigh()')));
  expect(all.map((one) => one?.relevant ?? null)).toEqual([0, 1, 2, null, null]);
});

test('it says that it never will (a wrong file of weights): one line with the remedy, and nobody asks again', async () => {
  const { encode, lines } = host({
    script: script(`process.send({ ready: false, reason: 'config/encoder/encoder.bin: it is another file' })`),
  });
  expect(await Promise.all([encode('a'), encode('b')])).toEqual([null, null]);
  expect(await encode('c')).toBeNull();
  expect(lines).toEqual([expect.stringMatching(/extract\.encoder: false.*another file/)]);
});

test('one that cannot even begin: every text goes without', async () => {
  const { encode } = host({ script: script('process.exit(3)') });
  expect(await encode('a')).toBeNull();
});

test('stopped: whoever waits goes without, and no process stays', async () => {
  const { encode, stop } = host();
  const [pid] = (await encode('weigh()'))!.candidates;
  const waiting = [encode('0'), encode('1')];
  await stop();
  expect(await Promise.all(waiting)).toEqual([null, null]);
  expect(await encode('late')).toBeNull();
  await gone(pid!);
});

describe('a sentence', () => {
  test('many at once: four wait, the rest go without at once', async () => {
    const { encode, wants } = host();
    await encode('weigh()');
    const all = await Promise.all(Array.from({ length: 2_000 }, () => wants('hello')));
    expect(all.filter((one) => one !== null)).toHaveLength(4);
  });

  test('it waits for no more than half a second; news go on', async () => {
    const { encode, wants } = host({ deadlineMs: 1_000 });
    await encode('weigh()');
    const begun = performance.now();
    expect(await wants('slow')).toBeNull();
    expect(performance.now() - begun).toBeLessThan(500);
    expect((await encode('weigh()'))!.relevant).toBe(0);
  });

  test('it goes before news that wait, in turn with them', async () => {
    const { encode, wants } = host();
    const done: string[] = [];
    const news = ['a', 'b', 'c'].map((name) => encode('weigh()').then(() => done.push(name)));
    const said = ['1', '2'].map((name) => wants(name).then(() => done.push(name)));
    await Promise.all([...news, ...said]);
    expect(done).toEqual(['a', '1', 'b', '2', 'c']);
  });

  test('its file is another: one line, nobody asks again, and news are weighed', async () => {
    const { encode, wants, lines } = host();
    await encode('weigh()');
    expect([await wants('never'), await wants('never'), await wants('hello')]).toEqual([null, null, null]);
    expect(lines).toEqual([expect.stringMatching(/patterns alone.*another file/)]);
    expect((await encode('weigh()'))!.relevant).toBe(1);
  });
});

describe('what it is given', () => {
  test('nothing of our environment', async () => {
    process.env.TOCSIN_TEST_SECRET = 'secret';
    onTestFinished(() => void delete process.env.TOCSIN_TEST_SECRET);
    const { encode, lines } = host();
    await encode(`say({ error: Object.keys(process.env).join() })`);
    expect(lines.join()).not.toContain('SECRET');
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

/** The whole register, as large as it was: 120 MB in 20 parts, windows-1251. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, onTestFinished, test } from 'vitest';
import { serve } from '../http/servers.ts';
import { row, windows1251 } from './harness.ts';

const PARTS = 20;
const PART_BYTES = 6_000_000;
const THIRTEEN =
  'whatsapp.com youtube.com facebook.com instagram.com messenger.com windscribe.com torproject.org bbc.com dw.com svoboda.org themoscowtimes.com signal.org discord.com'.split(
    ' ',
  );

/** A piece that is sent again and again: rows like those of the register, some with many addresses, pages of services among them. */
const piece = (): Buffer => {
  let rows = '';
  for (let i = 0; rows.length < 500_000; i++) {
    const addresses = Array.from({ length: (i * 7) % 40 }, (_, k) => `198.51.${(i + k) % 256}.${k}`).join(' | ');
    const page = i % 50 === 0 ? row('www.youtube.com', `https://www.youtube.com/watch?v=${i}`) : '';
    rows +=
      page +
      row(`site-${i}.example`, i % 3 === 0 ? `"https://site-${i}.example/x;y"` : '').replace('192.0.2.1', addresses);
  }
  return windows1251(rows);
};

test('read, compared and told: less than 40 MB, the main loop free, and nothing kept that is not ours', async () => {
  const body = piece();
  let version = 1;
  let small = true;
  const server = await serve(async (request, response) => {
    const first = request.url === '/dump-0.csv';
    response.writeHead(200, { 'content-type': 'text/csv' });
    if (first) response.write('Updated: 2026-11-25 11:05:00 +0000\n');
    if (first && version > 1) response.write(windows1251(THIRTEEN.map((name) => row(name)).join('')));
    for (let sent = 0; sent < (small ? 1 : PART_BYTES); sent += body.length)
      if (!response.write(body)) await new Promise((resolve) => response.once('drain', resolve));
    response.end();
  });
  const urls = Array.from({ length: PARTS }, (_, i) => `${server.url}/dump-${i}.csv`);
  const child = spawn(process.execPath, [join(import.meta.dirname, 'measure.ts'), ...urls], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  onTestFinished(async () => {
    child.kill();
    await server.close();
  });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const read = async () => {
    child.stdin.write('go\n');
    return JSON.parse((await lines.next()).value as string) as Record<string, number> & { statements: string[] };
  };
  // The program is warm: what it loads, and what a first small reading takes, is there whatever the size.
  const warm = await read();
  expect(warm.statements).toEqual([]);
  small = false;
  const whole = await read();
  version = 2;
  const changed = await read();
  const baseMb = warm.peakMb!;
  console.info(
    [warm, whole, changed].map(({ peakMb, longestMs, ms, keptBytes }) => ({ peakMb, longestMs, ms, keptBytes })),
  );
  expect(whole.statements).toEqual([]);
  expect(changed.statements).toHaveLength(13);
  // What holds the loop for long does so in each reading; a machine that does something else, in one (7 ms alone, 170 beside two suites).
  let longestMs = whole.longestMs!;
  for (let i = 0; i < 5 && longestMs >= 100; i++) longestMs = Math.min(longestMs, (await read()).longestMs!);
  expect(longestMs).toBeLessThan(100);
  for (const one of [whole, changed]) {
    expect(one.peakMb! - baseMb).toBeLessThan(40);
    expect(one.kept).toBe(0);
    expect(one.keptBytes).toBeLessThan(20_000);
  }
}, 300_000);

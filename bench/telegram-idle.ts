/**
 * Idle memory of the built program with Telegram alone, on the stand-in server: five people who subscribe, then nothing.
 * `node bench/telegram-idle.ts [runs] [bundled]`: with `bundled`, the bundled sources, too (without a network they fail, and back off).
 */
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Program } from '../test/e2e/program.ts';
import { FakeTelegram } from '../test/fakes/fake-telegram/client.ts';
import { median, round } from './shared.ts';

const runs = Number(process.argv[2] ?? 5);
const bundled = process.argv[3] === 'bundled';
const IDLE_MS = 12_000;
const PEOPLE = 5;

const residentMB = (pid: number): number =>
  Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1024;

const telegram = await FakeTelegram.start({ process: true, limits: 'off' });
const found: number[] = [];
for (let run = 0; run < runs; run++) {
  const program = await Program.create({
    database: 'tocsin.db',
    accounts: [{ id: 'tg', platform: 'telegram', token: telegram.token, apiRoot: telegram.apiRoot, rate: 27 }],
    ...(bundled ? {} : { sources: [] }),
  });
  try {
    // The first start compiles what later ones find in the cache.
    await program.start();
    await program.stop();
    await program.start();
    for (let i = 0; i < PEOPLE; i++) {
      const person = await telegram.user({ first_name: `P${i}` });
      await person.send('/subscribe ru');
      await person.chat.waitFor({ contains: 'I watch here' });
    }
    await sleep(IDLE_MS);
    found.push(residentMB(program.pid));
  } finally {
    await program.remove();
  }
}
await telegram.stop();
found.sort((a, b) => a - b);
const [least, most] = [found[0]!, found.at(-1)!];
console.log(JSON.stringify({ runs, sources: bundled ? 'bundled' : 'none', MB: round(median(found), 1), least, most }));

/**
 * Idle memory of the built program with Matrix alone, on a real Synapse: `node bench/matrix-idle.ts [rooms] [--encrypted]`. Needs a Synapse (.ci/synapse-install), and for
 * encrypted rooms matrix-nio (.ci/nio-install).
 */
import { readFileSync } from 'node:fs';
import { Nio } from '../test/e2e/nio.ts';
import { Program } from '../test/e2e/program.ts';
import { startSynapse } from '../test/e2e/synapse.ts';

const encrypted = process.argv.includes('--encrypted');
const ROOMS = Number(process.argv[2] ?? 3);
const IDLE_MS = 30_000;

const statusOf = (pid: number): Record<string, number> =>
  Object.fromEntries(
    [...readFileSync(`/proc/${pid}/status`, 'utf8').matchAll(/^(VmHWM|VmRSS|RssAnon|RssFile):\s+(\d+) kB/gm)].map(
      ([, key, kb]) => [key!, Math.round(Number(kb) / 102.4) / 10],
    ),
  );

const hs = await startSynapse();
const nio = encrypted ? Nio.start(hs) : null;
const bot = await hs.register('tocsin');
const ann = nio ? await nio.person('ann', { crossSign: true }) : await hs.register('ann');
const program = await Program.create({
  database: 'tocsin.db',
  accounts: [{ id: 'mx', platform: 'matrix', homeserver: hs.baseUrl, accessToken: bot.token, e2ee: encrypted }],
  sources: [],
});
try {
  // The very first start compiles what later ones find in the cache.
  await program.start();
  await program.stop();
  await program.start();
  for (let i = 0; i < ROOMS; i++) {
    const room = await ann.createRoom({ invite: [bot.userId], encrypted });
    await ann.waitForMembership(room, bot.userId, 'join');
    await ann.send(room, '!tocsin subscribe ru');
    await ann.waitForMessage(room, (m) => /I watch here/.test(m.body));
  }
  await new Promise((r) => setTimeout(r, IDLE_MS));
  console.log(JSON.stringify({ rooms: ROOMS, encrypted, idleSeconds: IDLE_MS / 1000, MB: statusOf(program.pid) }));
} finally {
  await program.remove();
  await nio?.stop();
  await hs.stop();
}

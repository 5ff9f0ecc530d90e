/** A real Alertmanager that is restarted: it forgets its alerts, and is told them again. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect } from 'vitest';
import { createHttp } from '../../../src/platform/http.ts';
import { freePort } from '../../fakes/free-port.ts';
import { scratchFolder } from '../../fakes/scratch.ts';
import { testIf } from '../../fakes/shared.ts';
import { HOUR, HookWorld } from './world.ts';

const PROGRAM = 'prometheus-alertmanager';
const isThere = spawnSync(PROGRAM, ['--version']).status === 0;
const ending: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ending.splice(0).reverse()) await end();
});

async function running(port: number, folder: string): Promise<ChildProcess> {
  const listen = [`--web.listen-address=127.0.0.1:${port}`, '--cluster.listen-address='];
  const program = spawn(PROGRAM, [`--config.file=${folder}/am.yml`, `--storage.path=${folder}/am`, ...listen], {
    stdio: 'ignore',
  });
  ending.push(() => program.kill('SIGKILL'));
  for (const until = performance.now() + 20_000; performance.now() < until;) {
    const answer = await fetch(`http://127.0.0.1:${port}/-/ready`).catch(() => null);
    if (answer?.ok) return program;
    await new Promise((wake) => setTimeout(wake, 20));
  }
  throw new Error('Alertmanager does not come up');
}

testIf(
  isThere,
  "needs Debian's prometheus-alertmanager",
  'restarted, it knows within a minute what is open, and of nothing that is over',
  async () => {
    const folder = scratchFolder('tocsin-alertmanager-');
    ending.push(() => rmSync(folder, { recursive: true, force: true }));
    const config = 'global: { resolve_timeout: 1s }\nroute: { receiver: none }\nreceivers: [{ name: none }]\n';
    writeFileSync(join(folder, 'am.yml'), config);
    const port = await freePort();
    const base = `http://127.0.0.1:${port}`;
    const client = createHttp({ allowPrivateAddresses: true });
    ending.push(() => client.close());
    const first = await running(port, folder);
    const hook = await HookWorld.create({ preset: 'alertmanager', url: base });
    ending.push(() => hook.close());
    // The clock of Alertmanager is the real one; ours stays behind it, however often it is pushed.
    hook.clock.jump(Date.now() - hook.clock.now() - HOUR);
    hook.forward = client.http;
    const known = async (): Promise<string[]> => {
      await hook.pass(100);
      const answer = (await (await fetch(`${base}/api/v2/alerts`)).json()) as { labels: { service: string } }[];
      return answer.map(({ labels }) => labels.service).sort();
    };
    const becomes = (services: string[]) => expect.poll(known, { timeout: 10_000, interval: 20 }).toEqual(services);
    await hook.say('block');
    await hook.say('block', { service: 'telegram' });
    await becomes(['telegram', 'whatsapp']);
    await hook.say('unblock', { service: 'telegram' });
    await becomes(['whatsapp']);

    first.kill('SIGKILL');
    await once(first, 'exit');
    await running(port, folder);
    expect(await known()).toEqual([]);
    await hook.pass(61_000);
    await becomes(['whatsapp']);
    await hook.say('unblock');
    await becomes([]);
  },
);

/** End to end in the lab: one news item and the bot's own probe ring the bell together, and the alert says how it is blocked. */
import type { ChildProcess } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { describeIf } from '../fakes/shared.ts';
import { Lab, labProblem, MAIN, NODE } from './lab/lab.ts';

const problem = await labProblem();

describeIf(problem === null, `lab: ${problem}`, 'bell', () => {
  test('name cut here and one outlet says so: confirmed, by the site name', { timeout: 240_000 }, async () => {
    const lab = await Lab.up('b');
    const running: ChildProcess[] = [];
    try {
      const at = (name: string): string => join(lab.folder, name);
      const vantage = JSON.parse(await readFile(lab.vantage, 'utf8')) as { targets: { id: string }[] };
      const targets = vantage.targets.filter((t) => ['freepress', 'birdsite'].includes(t.id));
      // One bad round is an anomaly: three of them, in a quick succession, confirm what the outlet says.
      const probe = {
        id: 'msk',
        kind: 'probe',
        cron: '*/2 * * * * *',
        vantage: { ...vantage, targets, id: 'msk', country: 'RU', asn: 'AS64500' },
        folder: lab.folder,
        intervalMinutes: 0.1,
        throughputMinutes: 0,
      };
      await writeFile(
        at('services.json'),
        JSON.stringify({ services: [{ id: 'freepress', name: 'FreePress', category: 'news', aliases: [] }] }),
      );
      const source = {
        id: 'paper',
        kind: 'rss',
        url: 'http://127.0.0.1:9911/feed.xml',
        cron: '*/3 * * * * *',
        publisher: 'paper',
        name: 'The Paper',
        lang: 'en',
      };
      await writeFile(
        at('tocsin.json'),
        JSON.stringify({
          database: at('t.db'),
          accounts: [{ id: 'console', platform: 'console' }],
          sources: [source, probe],
          services: 'services.json',
          network: { allowPrivateAddresses: true },
          policy: { groupWait: '1s' },
        }),
      );
      await lab.scenario('sni_rst', 'freepress');
      const bot = lab.start('client', [NODE, MAIN, 'start', '--config', at('tocsin.json')], {}, 'pipe');
      running.push(bot);
      let said = '';
      bot.stdout!.setEncoding('utf8').on('data', (text: string) => {
        said += text;
      });
      let log = '';
      bot.stderr!.setEncoding('utf8').on('data', (text: string) => {
        log += text;
      });
      const until = async (met: () => boolean, ms: number, what: string): Promise<void> => {
        for (const end = performance.now() + ms; !met(); await wait(200)) {
          if (performance.now() > end) throw new Error(`not within ${ms} ms: ${what}\n${said}\n${log.slice(-2_000)}`);
        }
      };
      await until(() => log.includes('Ready'), 30_000, 'ready');
      bot.stdin!.write('subscribe ru freepress\n');
      await until(() => said.includes('FreePress'), 10_000, 'subscribed');
      running.push(
        lab.start('client', [
          NODE,
          join(import.meta.dirname, 'lab/feed.ts'),
          '9911',
          'Russia blocks FreePress',
          'Roskomnadzor has blocked access to FreePress in Russia.',
        ]),
      );
      await until(() => /Confirmed: 1 outlet, measured on one network/.test(said), 150_000, 'a confirmed alert');
      expect(said).toMatch(/Russia.*FreePress.*blocked/);
      expect(said).toMatch(/SNI/);
      bot.kill('SIGTERM');
      await until(() => bot.exitCode !== null, 10_000, 'a clean end');
      expect(bot.exitCode).toBe(0);
    } finally {
      for (const child of running) child.kill('SIGKILL');
      await lab.down();
    }
  });
});

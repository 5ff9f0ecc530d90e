/** An agent and its centre in two namespaces of the lab: the link is cut, both are killed, and every result arrives once and in order. */
import type { ChildProcess } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { describeIf } from '../fakes/shared.ts';
import { certify, Lab, labProblem, MAIN, NODE } from './lab/lab.ts';

const problem = await labProblem();
/** An address of the lab's internet. */
const OUTSIDE = '192.0.2.80';

describeIf(problem === null, `lab: ${problem}`, 'agent', () => {
  test('link cut, agent and centre killed: every result arrives once, in order', { timeout: 180_000 }, async () => {
    const lab = await Lab.up('g');
    const running = new Set<ChildProcess>();
    try {
      const at = (name: string): string => join(lab.folder, name);
      await certify(lab, OUTSIDE);
      const keep = (child: ChildProcess): ChildProcess => {
        running.add(child);
        child.on('exit', () => running.delete(child));
        child.stdout?.resume();
        child.stderr?.resume();
        return child;
      };
      const centre = () =>
        keep(
          lab.start('internet', [
            NODE,
            join(import.meta.dirname, 'lab/centre.ts'),
            lab.folder,
            OUTSIDE,
            '8443',
            at('cert.pem'),
            at('key.pem'),
          ]),
        );
      const agent = () =>
        keep(
          lab.start(
            'client',
            [
              NODE,
              MAIN,
              'agent',
              'freepress',
              'birdsite',
              '--centre',
              `https://${OUTSIDE}:8443/agents`,
              '--token',
              'env:AGENT_TOKEN',
              '--vantage',
              lab.vantage,
              '--spool',
              at('agent'),
              '--consent',
              '--ca',
              at('cert.pem'),
              '--every',
              '5',
            ],
            { AGENT_TOKEN: 'a-token-of-twenty-letters' },
          ),
        );
      const arrived = async (): Promise<{ id: string; at: number; cc: string; asn: string; verdict: string }[]> =>
        (await readFile(at('results.jsonl'), 'utf8').catch(() => ''))
          .split('\n')
          .filter(Boolean)
          .map((line) => JSON.parse(line));
      const until = async (met: () => Promise<boolean>, ms: number, what: string): Promise<void> => {
        for (const end = performance.now() + ms; !(await met()); await wait(300)) {
          if (performance.now() > end) throw new Error(`not within ${ms} ms: ${what}`);
        }
      };
      let c = centre();
      let a = agent();
      await until(async () => (await arrived()).length >= 4, 40_000, 'first results');

      await lab.scenario('centre_cut', 'freepress');
      await wait(12_000);
      const before = (await arrived()).length;
      a.kill('SIGKILL');
      c.kill('SIGKILL');
      await wait(500);
      c = centre();
      a = agent();
      await wait(10_000);
      expect((await arrived()).length).toBe(before);

      await lab.scenario('clean', 'freepress');
      await until(async () => (await arrived()).length >= before + 6, 60_000, 'what was buffered');
      a.kill('SIGTERM');
      await until(async () => a.exitCode !== null, 15_000, 'a clean end');
      expect(a.exitCode).toBe(0);
      const all = await arrived();
      expect(new Set(all.map((m) => m.id)).size).toBe(all.length);
      expect(all.map((m) => m.at)).toEqual(all.map((m) => m.at).sort((x, y) => x - y));
      expect(new Set(all.map((m) => `${m.cc} ${m.asn}`))).toEqual(new Set(['RU AS64501']));
      expect(new Set(all.map((m) => m.verdict))).toEqual(new Set(['ok']));
      // The gap of the outage is filled: rounds five seconds apart, with no hole but that of the restart.
      const times = [...new Set(all.map((m) => m.at))];
      const holes = times.slice(1).map((t, i) => t - times[i]!);
      expect(Math.max(...holes)).toBeLessThan(25_000);
    } finally {
      for (const child of running) child.kill('SIGKILL');
      await lab.down();
    }
  });
});

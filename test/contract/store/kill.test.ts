import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { expect, onTestFinished, test } from 'vitest';
import { openStore } from '../../../src/store/open.ts';
import { deps, NOW } from './samples.ts';

const ROUNDS = 5;

test('kill -9 while writing, again and again: nothing acknowledged is lost, nothing is half-done, the lock is free', async () => {
  // On a real disk, wherever other stores of tests are.
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-kill-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'tocsin.db');
  let next = 0;
  const acknowledged = new Set<string>();
  for (let round = 0; round < ROUNDS; round++) {
    const child = spawn(process.execPath, [join(import.meta.dirname, 'kill-writer.ts'), file, String(next)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const killAfter = 5 + round * 17;
    let lines = 0;
    for await (const line of createInterface({ input: child.stdout })) {
      acknowledged.add(line);
      next = Number(line) + 1;
      if (++lines === killAfter) child.kill('SIGKILL');
    }
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    expect(child.signalCode).toBe('SIGKILL');
    // One more may have been committed, and not yet told.
    next += 1;

    const store = await openStore(file, deps);
    const known = await store.seen.known(
      'kill',
      Array.from({ length: next + 1 }, (_, i) => `k${i}`),
    );
    for (const id of acknowledged) expect(known.has(`k${id}`)).toBe(true);
    // Each transaction wrote a seen key, an alert and a broadcast: all of them or none.
    for (const key of known) expect(await store.alerts.get(`alert-${key.slice(1)}`)).not.toBeNull();
    const broadcasts = await store.broadcasts.due(NOW, 1_000_000);
    expect(broadcasts.length).toBe(known.size);
    await store.close();
  }
  const raw = new DatabaseSync(file);
  expect(raw.prepare('pragma integrity_check').get()).toEqual({ integrity_check: 'ok' });
  raw.close();
  expect(acknowledged.size).toBeGreaterThanOrEqual(ROUNDS * 5);
});

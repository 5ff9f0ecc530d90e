/** No test of the gate depends on today's date: all of them pass with the system's clock ahead and back (libfaketime). */
import { spawn } from 'node:child_process';
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { leaveOut } from '../fakes/shared.ts';
import { allAskedFor } from '../rooms.ts';

const ROOT = join(import.meta.dirname, '../..');
const [library] = globSync('/usr/lib/*/faketime/libfaketime.so.1');

/** What a short proof plays: where days, weeks, quiet hours and certificates are. */
const SOME = ['test/unit/regular', 'test/unit/http', 'test/unit/cli/looking.test.ts', 'test/unit/cli/check.test.ts'];

function gate(shift: string): Promise<{ code: number | null; said: string }> {
  const what = allAskedFor() ? ['--project=gate', '--project=apart'] : SOME;
  const child = spawn(process.execPath, [join(ROOT, 'node_modules/vitest/vitest.mjs'), 'run', ...what], {
    cwd: ROOT,
    env: {
      ...process.env,
      LD_PRELOAD: library!,
      FAKETIME: shift,
      // Durations are real.
      DONT_FAKE_MONOTONIC: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
      TOCSIN_ROOM: 'gate',
      TOCSIN_TEST_RESULT: '',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-20_000);
    });
  }
  return new Promise((done) => child.on('close', (code) => done({ code, said })));
}

test.for(['+400d', '+40d', '-10d'])(
  'the clock of the system stands at %s: every test passes',
  { timeout: 600_000 },
  async (shift, context) => {
    if (!library) leaveOut(context, 'needs libfaketime');
    const { code, said } = await gate(shift);
    expect(code, said).toBe(0);
  },
);

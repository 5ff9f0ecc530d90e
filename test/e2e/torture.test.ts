/** The bounded form of `npm run torture`: fewer kills, fewer chats, and the troubles that are over soon. */
import { describe, expect, test } from 'vitest';
import { leaveOut } from '../fakes/shared.ts';
import { seedOf } from '../rooms.ts';
import { hasNio, NEEDS_NIO } from './nio.ts';
import { hasSynapse, NEEDS_SYNAPSE } from './synapse.ts';
import { encrypted, faultsOf } from './torture/encrypted.ts';
import { FAULTS } from './torture/faults.ts';
import { kills } from './torture/kills.ts';

const SEED = Number(process.env.TOCSIN_TORTURE_SEED ?? seedOf());

describe.concurrent('torture', () => {
  test(`kill -9 at random moments of broadcasts (seed ${SEED}): nobody is lost, repeats are what was in flight`, async () => {
    const lines: string[] = [];
    const report = await kills({ seed: SEED, kills: 5, chats: 250, rooms: 5, say: (line) => lines.push(line) });
    expect(report.lost, lines.join('\n')).toBe(0);
    expect(report.repeats).toBeLessThanOrEqual(report.inFlight);
    expect(report.mostInFlight).toBeLessThanOrEqual(16);
    if (report.matrix) expect(report.matrix).toMatchObject({ lost: 0, repeats: 0 });
    expect(report.violations).toBe(0);
  }, 240_000);

  test(`kill -9 in the middle of broadcasts to encrypted rooms (seed ${SEED}): each is told once, and can read it`, async (context) => {
    if (!hasSynapse() || !hasNio()) leaveOut(context, hasSynapse() ? NEEDS_NIO : NEEDS_SYNAPSE);
    const lines: string[] = [];
    const report = await encrypted({ seed: SEED, kills: 5, rooms: 10, say: (line) => lines.push(line) });
    expect(faultsOf(report), JSON.stringify(report)).toEqual([]);
  }, 300_000);

  for (const fault of FAULTS.filter((one) => one.quick)) {
    test(`${fault.name} in a broadcast: nobody is lost, one warning, it recovers by itself`, async (context) => {
      const missing = fault.missing();
      if (missing) leaveOut(context, missing);
      const report = await fault.run({ chats: 150, seconds: 4, rate: 60 });
      expect(report.lost).toBe(0);
      expect(report.repeats).toBeLessThanOrEqual(report.excused);
      expect(report.crashed).toBe(false);
      expect(report.warnings.length, report.warnings.join('\n')).toBeLessThanOrEqual(1);
      // A loop that turns without pause takes all of a processor.
      expect(report.busy).toBeLessThan(0.7);
    }, 240_000);
  }
});

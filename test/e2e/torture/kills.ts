/** `kill -9` at random moments of broadcasts, then an account of what arrived, from the platforms' own records. */
import { setTimeout as sleep } from 'node:timers/promises';
import { hasSynapse } from '../synapse.ts';
import { matrixRooms } from './matrix-rooms.ts';
import { Rig, type RigOptions, randomOf } from './rig.ts';

export interface KillOptions {
  seed: number;
  kills: number;
  chats: number;
  /** Matrix rooms; none where there is no Synapse. */
  rooms: number;
  say(line: string): void;
}

export interface KillReport {
  kills: number;
  changes: number;
  /** (chat, change) pairs that should have arrived on Telegram, and those that did not. */
  pairs: number;
  lost: number;
  repeats: number;
  /** Sends in flight at the kills, by the killed program's own record: sum, and most at one kill. */
  inFlight: number;
  mostInFlight: number;
  matrix: { pairs: number; lost: number; repeats: number } | null;
  violations: number;
  /** Kills that met the program before it was ready. */
  early: number;
}

/** A pace at which 16 sends are under way nearly always: an answer takes 1 to 30 ms. */
const RATE = 1_000;
/** Long: on a machine where others work a send may take a second, and slow is not lost. */
const UNTIL_HEARD = 900_000;
const LATENCY = { min: 1, max: 30 };

export async function kills(options: KillOptions): Promise<KillReport> {
  const { say } = options;
  const random = randomOf(options.seed);
  const matrix = options.rooms > 0 && hasSynapse() ? await matrixRooms(options.rooms) : null;
  const rigOptions: RigOptions = { chats: options.chats, limits: 'off', rate: RATE };
  if (matrix) rigOptions.accounts = [matrix.account];
  const rig = await Rig.create(rigOptions);
  let mostInFlight = 0;
  let early = 0;
  let lastRing = 0;
  try {
    await rig.telegram.fault({ fault: 'latency', latency_ms: LATENCY, method: 'send.*', times: 0 });
    await rig.program.start();
    for (let n = 1; n <= options.kills; n++) {
      // Two of three kills meet a broadcast between its first message and a little after its last; the others whatever there is.
      if (n === 1 || random() < 0.66) {
        const before = await rig.accepted();
        rig.bell.ring();
        lastRing = performance.now();
        for (let i = 0; i < 300 && (await rig.accepted()) === before; i++) await sleep(10);
        await sleep(random() * (options.chats / RATE) * 1_500);
      } else await sleep(random() * 1_500);
      await rig.program.kill();
      mostInFlight = Math.max(mostInFlight, rig.countInFlight());
      if (random() < 0.15) {
        early++;
        const started = rig.program.start().catch(() => undefined);
        await sleep(random() * 700);
        await rig.program.kill();
        await started;
        mostInFlight = Math.max(mostInFlight, rig.countInFlight());
      }
      await rig.program.start();
      if (n % 20 === 0) {
        await rig.untilHeard(UNTIL_HEARD);
        const { pairs, doubled } = await rig.heard();
        say(
          `${n} kills, ${rig.bell.rung.length} changes: ${pairs} pairs, ${doubled} repeats, ${rig.inFlight} in flight`,
        );
      }
    }
    await rig.untilHeard(UNTIL_HEARD);
    // What would come a second time has time to.
    await sleep(Math.max(1_500, 3_000 - (performance.now() - lastRing)));
    if (matrix) await matrix.untilHeard(rig.bell.rung, 120_000);
    await rig.program.stop();
    rig.checkDatabase();
    const { pairs, doubled } = await rig.heard();
    const wanted = rig.bell.rung.length * options.chats;
    const violations = await rig.telegram.violations();
    return {
      kills: options.kills + early,
      changes: rig.bell.rung.length,
      pairs: wanted,
      lost: wanted - pairs,
      repeats: doubled,
      inFlight: rig.inFlight,
      mostInFlight,
      matrix: matrix ? await matrix.accountFor(rig.bell.rung) : null,
      violations: violations.length,
      early,
    };
  } finally {
    await rig.remove();
    await matrix?.stop();
  }
}

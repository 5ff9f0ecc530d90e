import { createHistogram } from 'node:perf_hooks';
import fc from 'fast-check';

/** One thing that strangers can write to, and what must hold of it. */
export interface Target {
  name: string;
  /** One input may take so long on an idle machine, ms; 50 where the main loop does it. */
  limitMs: number;
  /** Another thread's work, of which the clock tells how long it takes. */
  elsewhere?: boolean;
  /** Done before the bot runs: it holds up nobody. */
  before?: boolean;
  input: fc.Arbitrary<unknown>;
  /** Throws when something does not hold. */
  run(input: unknown): void | Promise<void>;
  stop?(): Promise<void>;
}

/** How long one input held the main loop, of the targets whose work is done there while the bot runs. */
export const held = createHistogram();

export const target = <T>(made: {
  name: string;
  limitMs?: number;
  elsewhere?: boolean;
  before?: boolean;
  input: fc.Arbitrary<T>;
  run(input: T): void | Promise<void>;
  stop?(): Promise<void>;
}): Target => ({ limitMs: 50, ...made }) as Target;

export interface Tally {
  name: string;
  inputs: number;
  slowestMs: number;
  totalMs: number;
  failure: string | null;
}

/** Processor time of this thread where that is less than the time by the clock: others use the machine as well. */
async function timed(one: Target, input: unknown): Promise<number> {
  await new Promise((resolve) => setImmediate(resolve));
  const began = performance.now();
  const used = process.threadCpuUsage();
  await one.run(input);
  const wall = performance.now() - began;
  const { user, system } = process.threadCpuUsage(used);
  return one.elsewhere ? wall : Math.min(wall, (user + system) / 1_000);
}

/** Is it slow, or did compiling or collecting garbage fall into it? The best of eight more tells. */
async function best(one: Target, input: unknown): Promise<number> {
  let least = await timed(one, input);
  for (let i = 0; i < 8 && least > one.limitMs; i++) least = Math.min(least, await timed(one, input));
  return least;
}

/** Runs so many inputs of one target, and bounds how long each takes, where `timing` is asked for; the tally holds the smallest input that fails. Yields to the event loop between two inputs. */
export async function fuzz(
  one: Target,
  runs: number,
  seed: number,
  until: () => boolean = () => false,
  timing = true,
): Promise<Tally> {
  const tally: Tally = { name: one.name, inputs: 0, slowestMs: 0, totalMs: 0, failure: null };
  const property = fc.asyncProperty(one.input, async (input) => {
    const took = await (timing ? best : timed)(one, input);
    if (!one.elsewhere && !one.before) held.record(Math.max(1, Math.round(took * 1_000)));
    tally.inputs++;
    tally.totalMs += took;
    tally.slowestMs = Math.max(tally.slowestMs, took);
    if (timing && took > one.limitMs) throw new Error(`took ${took.toFixed(0)} ms, more than ${one.limitMs}`);
  });
  const details = await fc.check(property, {
    numRuns: runs,
    seed,
    endOnFailure: false,
    interruptAfterTimeLimit: until() ? 0 : 120_000,
    markInterruptAsFailure: false,
  });
  if (details.failed && details.counterexample) {
    const error = details.errorInstance;
    const why = error instanceof Error ? error.message : String(error);
    const stack = error instanceof Error ? (error.stack ?? '').split('\n').slice(1, 6).join('\n') : '';
    tally.failure = `${one.name} (seed ${seed}, path ${details.counterexamplePath}): ${why.slice(0, 600)}\ninput: ${shown(details.counterexample[0])}\n${stack}`;
  }
  return tally;
}

const shown = (input: unknown): string =>
  (
    JSON.stringify(input, (_key, value) =>
      value instanceof Uint8Array ? `bytes:${Buffer.from(value).toString('base64')}` : value,
    ) ?? String(input)
  ).slice(0, 1_500);

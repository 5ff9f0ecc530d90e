import fc from 'fast-check';

/** One thing that strangers can write to, and what must hold of it. */
export interface Target {
  name: string;
  /** One input may take so long on an idle machine, ms; 50 where the main loop does it. */
  limitMs: number;
  input: fc.Arbitrary<unknown>;
  /** Throws when something does not hold. */
  run(input: unknown): void | Promise<void>;
  stop?(): Promise<void>;
}

export const target = <T>(made: {
  name: string;
  limitMs?: number;
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

/** Is it slow, or was the machine busy? The best of three more tells. */
async function best(one: Target, input: unknown, first: number): Promise<number> {
  let least = first;
  for (let i = 0; i < 3 && least > one.limitMs; i++) {
    await new Promise((resolve) => setImmediate(resolve));
    const began = performance.now();
    await one.run(input);
    least = Math.min(least, performance.now() - began);
  }
  return least;
}

/** Runs so many inputs of one target; the tally holds the smallest input that fails. Yields to the event loop between two inputs. */
export async function fuzz(
  one: Target,
  runs: number,
  seed: number,
  until: () => boolean = () => false,
): Promise<Tally> {
  const tally: Tally = { name: one.name, inputs: 0, slowestMs: 0, totalMs: 0, failure: null };
  const property = fc.asyncProperty(one.input, async (input) => {
    await new Promise((resolve) => setImmediate(resolve));
    const began = performance.now();
    await one.run(input);
    const took = await best(one, input, performance.now() - began);
    tally.inputs++;
    tally.totalMs += took;
    tally.slowestMs = Math.max(tally.slowestMs, took);
    if (took > one.limitMs) throw new Error(`took ${took.toFixed(0)} ms, more than ${one.limitMs}`);
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

import { setTimeout } from 'node:timers/promises';
import type { Asked, Encoded, Encoder, Ranked, Wants } from '../core/ports/encoder.ts';
import type { Log } from '../core/ports/runtime.ts';
import { helperProcess, type ProcessOptions } from '../platform/one-helper.ts';

/** What goes to the encoder's process: a text of news, or a sentence that was said to the bot. */
export interface EncoderJob {
  id: number;
  asked?: Asked;
  said?: string;
}

/** `never`: the file of what sentences want cannot be used. */
export interface Weighed {
  encoded?: Encoded;
  ranked?: Ranked;
  never?: string;
}

interface EncoderHost extends Encoder, Wants {
  /** Ends the process; whoever waits goes on without. */
  stop(): Promise<void>;
}

/** Somebody waits for the answer: a sentence goes before texts of news, is given up after so long, ms, and only so many wait. */
const PATIENCE_MS = 400;
const MAX_SAID = 4;

/** One process for all texts, one text at a time: one of 512 pieces takes a second on a slow machine, and the process costs some 140 MB while it lives. */
export function createEncoderHost(log: Log, options: ProcessOptions = {}): EncoderHost {
  const weighers = helperProcess<EncoderJob, Weighed>(log, {
    name: 'its process',
    youngMb: 2,
    deadlineMs: 10_000,
    idleMs: 30_000,
    // At 60 to 150 ms a text the last of them waits for a minute at most: a poll is stopped after two, and would ask for the same texts again. A source has
    // one text here at a time, however many it brings (`slow-reading.test.ts`), and 32 are polled at once: nobody can fill it.
    maxWaiting: 400,
    script: new URL('./weigher.ts', import.meta.url),
    says: {
      failed: 'The encoder could not weigh a text; texts are read without it until it can',
      never:
        'The encoder does not work here: texts are read without it. Install Tocsin anew, or write extract.encoder: false',
    },
    ...options,
  });
  let waiting = 0;
  let never = false;
  async function rank(said: string): Promise<Ranked | null> {
    waiting++;
    const answer = await weighers.ask({ said }, true);
    waiting--;
    if (answer?.never !== undefined && !never) {
      never = true;
      log.warn('What people want is told by patterns alone. Install Tocsin anew', { why: answer.never });
    }
    return answer?.ranked ?? null;
  }
  return {
    encode: async (asked) => (await weighers.ask({ asked }))?.encoded ?? null,
    async wants(said) {
      if (never || waiting >= MAX_SAID) return null;
      const ending = new AbortController();
      const late = setTimeout(PATIENCE_MS, null, { signal: ending.signal }).catch(() => null);
      const ranked = await Promise.race([rank(said), late]);
      ending.abort();
      return ranked;
    },
    stop: weighers.stop,
  };
}

import type { Asked, Encoded, Encoder } from '../core/ports/encoder.ts';
import type { Log } from '../core/ports/runtime.ts';
import { helperProcess, type ProcessOptions } from '../platform/one-helper.ts';

/** What goes to the encoder's process. */
export interface EncoderJob {
  id: number;
  asked: Asked;
}

interface EncoderHost extends Encoder {
  /** Ends the process; whoever waits goes on without. */
  stop(): Promise<void>;
}

/** One process for all texts, one text at a time: one of 512 pieces takes a second on a slow machine, and the process costs some 140 MB while it lives. */
export function createEncoderHost(log: Log, options: ProcessOptions = {}): EncoderHost {
  const weighers = helperProcess<EncoderJob, { encoded: Encoded }>(log, {
    name: 'its process',
    youngMb: 2,
    deadlineMs: 10_000,
    idleMs: 30_000,
    maxWaiting: 1_000,
    script: new URL('./weigher.ts', import.meta.url),
    says: {
      failed: 'The encoder could not weigh a text; texts are read without it until it can',
      never:
        'The encoder does not work here: texts are read without it. Install Tocsin anew, or write extract.encoder: false',
    },
    ...options,
  });
  return {
    encode: async (asked) => (await weighers.ask({ asked }))?.encoded ?? null,
    stop: weighers.stop,
  };
}

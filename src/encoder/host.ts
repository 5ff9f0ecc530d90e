import type { Asked, Encoded, Encoder } from '../core/ports/encoder.ts';
import type { Log } from '../core/ports/runtime.ts';
import { oneProcess } from '../platform/one-helper.ts';

export interface EncoderHostOptions {
  /** For one text, from when the process takes it, ms: that of 512 pieces takes a second on a slow machine. */
  deadlineMs?: number;
  /** The process ends after so long without work: it costs some 140 MB while it lives, and nothing afterwards. */
  idleMs?: number;
  /** Texts that may wait; whoever comes later is read without. */
  maxWaiting?: number;
  /** What the process runs. Tests bring one of their own. */
  script?: URL;
}

interface EncoderHost extends Encoder {
  /** Ends the process; whoever waits goes on without. */
  stop(): Promise<void>;
}

/**
 * One process for all texts, one text at a time; begun with the first text, ended when idle, replaced after a deadline or a crash. A process and no
 * thread: its memory goes back as a whole, and a fault in it does not end the bot.
 */
export function createEncoderHost(log: Log, options: EncoderHostOptions = {}): EncoderHost {
  const { deadlineMs = 10_000, idleMs = 30_000, maxWaiting = 1_000 } = options;
  const { script = new URL('./weigher.ts', import.meta.url) } = options;
  let stopped = false;
  const weighers = oneProcess<EncoderJob, EncoderAnswer>({
    log,
    script,
    youngMb: 2,
    name: 'its process',
    fails: 'The encoder could not weigh a text; texts are read without it until it can',
    hopeless:
      'The encoder does not work here: texts are read without it. Install Tocsin anew, or write extract.encoder: false',
    deadlineMs,
    idleMs,
  });

  return {
    async encode(asked) {
      if (stopped || weighers.problem() !== null || weighers.waiting() >= maxWaiting) return null;
      return (await weighers.ask({ asked }))?.encoded ?? null;
    },
    async stop() {
      stopped = true;
      await weighers.stop();
    },
  };
}

/** What goes between the bot and the encoder's process. */
export interface EncoderJob {
  id: number;
  asked: Asked;
}

interface EncoderAnswer {
  id: number;
  encoded: Encoded;
}

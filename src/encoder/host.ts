import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Asked, Encoded, Encoder } from '../core/ports/encoder.ts';
import type { Log } from '../core/ports/runtime.ts';
import { compileCacheFolder, oneHelper, type Told } from '../platform/one-helper.ts';

/** The encoder's process: how it is begun, held and ended. `impossible`: it said that it never will weigh any text. */
function startWeigher(script: URL, told: Told<EncoderAnswer>, impossible: (reason: string) => void) {
  const cache = compileCacheFolder();
  const weigher = fork(fileURLToPath(script), {
    execArgv: ['--max-old-space-size=96', '--max-semi-space-size=2'],
    // Nothing of ours that is secret, and nothing that would change how it runs.
    env: cache ? { NODE_COMPILE_CACHE: cache } : {},
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  weigher.on('message', (word: EncoderGreeting | EncoderAnswer) => {
    if (!('ready' in word)) told.answered(word);
    else if (word.ready) told.ready();
    else impossible(word.reason);
  });
  const failed = (how: string): void => told.failed(new Error(`its process ${how}`));
  weigher.on('error', (error) => failed(`failed: ${error.message.slice(0, 200)}`));
  weigher.on('exit', (code, signal) => failed(`ended (${signal ?? code})`));
  return {
    send: (job: EncoderJob) => void weigher.send(job),
    hold(on: boolean) {
      for (const one of [weigher, weigher.channel])
        if (on) one?.ref();
        else one?.unref();
    },
    end() {
      weigher.removeAllListeners();
      // One that is being ended may still report its end.
      weigher.on('error', () => {});
      weigher.kill('SIGKILL');
    },
  };
}

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
  const { deadlineMs = 10_000, idleMs = 30_000, maxWaiting = 1_000, script } = options;
  let impossible = false;
  let stopped = false;
  let failures = 0;

  /** The first failure is said, and those that follow it are not until one has worked. */
  const complain = (why: string): void => {
    if (failures++ === 0)
      log.warn('The encoder could not weigh a text; texts are read without it until it can', { why });
  };

  function giveUp(reason: string): void {
    impossible = true;
    log.warn(
      'The encoder does not work here: texts are read without it. Install Tocsin anew, or write extract.encoder: false',
      {
        why: reason,
      },
    );
    void weighers.stop(new Error(reason));
  }

  const weighers = oneHelper<EncoderJob, EncoderAnswer>({
    deadlineMs,
    idleMs,
    begin: (told) => startWeigher(script ?? new URL('./weigher.ts', import.meta.url), told, giveUp),
    lost({ ready, late, cause }) {
      const slow = ready ? `it took longer than ${deadlineMs} ms` : 'its process did not start within 20 s';
      const error = late ? new Error(slow) : cause!;
      complain(error.message);
      return error;
    },
  });

  return {
    async encode(asked) {
      if (stopped || impossible || weighers.waiting() >= maxWaiting) return null;
      const answer = await weighers.ask({ asked }).catch(() => null);
      if (answer === null) return null;
      if ('error' in answer) {
        complain(answer.error);
        return null;
      }
      failures = 0;
      return answer.encoded;
    },
    async stop() {
      stopped = true;
      await weighers.stop(new Error('stopped'));
    },
  };
}

/** What goes between the bot and the encoder's process. */
export interface EncoderJob {
  id: number;
  asked: Asked;
}

export type EncoderAnswer = { id: number; encoded: Encoded } | { id: number; error: string };

/** The first word of the process: it can work, or why it never will. */
export type EncoderGreeting = { ready: true } | { ready: false; reason: string };

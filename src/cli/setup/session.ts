/** Whoever sits at the terminal during a setup: how they are asked, and what Ctrl-C means at the moment. */
import type { ReadStream } from 'node:tty';
import { TocsinError } from '../../core/errors.ts';
import type { Asker } from '../../core/ports/setup.ts';
import { systemClock } from '../../platform/clock.ts';
import { createAsker } from './asker.ts';
import { canceled, type Front } from './front.ts';
import type { Options } from './options.ts';

/** Below this a question with arrows is no help; 0 is a terminal that does not tell. */
const LEAST_COLUMNS = 20;
/** One Ctrl-C may come several times: from the terminal to all of its processes, and passed on by npm. */
const SAME_WISH_MS = 1_000;

export interface Session {
  asker: Asker;
  /** Null = nobody sits there. */
  interactive: boolean;
  /** Aborts when the setup is ended. */
  signal: AbortSignal;
  /** While this is under way Ctrl-C ends it alone. */
  leavable<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T>;
  close(): void;
}

export async function openSession(options: Options, env: Record<string, string | undefined>): Promise<Session> {
  const ending = new AbortController();
  let leaving: AbortController | null = null;
  let lastAt = Number.NEGATIVE_INFINITY;
  const onInterrupt = (): void => {
    const now = systemClock.monotonic();
    if (now - lastAt < SAME_WISH_MS) return;
    lastAt = now;
    (leaving ?? ending).abort(canceled());
  };
  process.on('SIGINT', onInterrupt).on('SIGTERM', onInterrupt);
  const front = await openFront(options, env);
  const { values, files, yes } = options;
  return {
    asker: createAsker({ values, files, front, yes, cwd: process.cwd(), signal: ending.signal }),
    interactive: front !== null,
    signal: ending.signal,
    async leavable(work) {
      const own = new AbortController();
      leaving = own;
      try {
        return await work(own.signal);
      } finally {
        leaving = null;
      }
    },
    close() {
      process.off('SIGINT', onInterrupt).off('SIGTERM', onInterrupt);
      front?.close();
    },
  };
}

async function openFront({ plain }: Options, env: Record<string, string | undefined>): Promise<Front | null> {
  const { stdin, stderr } = process;
  if (!stdin.isTTY || !stderr.isTTY) return null;
  const able = env.TERM !== 'dumb' && (stderr.columns ?? 0) >= LEAST_COLUMNS;
  if (plain || !able) return (await import('./plain-front.ts')).plainFront(stdin as ReadStream, stderr);
  return (await import('./rich-front.ts')).richFront(stderr, { colour: !env.NO_COLOR });
}

export const isCanceled = (error: unknown): boolean => error instanceof TocsinError && error.code === 'canceled';

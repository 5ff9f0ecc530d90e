/** The other side of `helperProcess`: what runs there takes jobs one at a time and answers each; the host ends it when it takes too long. */
import { setPriority } from 'node:os';
import type { Answered, Greeting } from './one-helper.ts';

/** `open`: makes what works, or throws why it never will. */
export async function serveJobs<Job extends { id: number }, Result extends object>(
  open: () => Promise<(job: Job) => Result>,
): Promise<void> {
  // On a busy machine those who answer people go first.
  try {
    setPriority(5);
  } catch {
    // A sandbox that forbids it: then it is not so.
  }
  // Ctrl-C in a terminal reaches us as well; the host says when it is over, and goes away when it has to.
  process.on('SIGINT', () => {});
  process.on('disconnect', () => process.exit());
  const say = (word: Greeting | Answered<Result>): void => void process.send?.(word);
  try {
    const work = await open();
    process.on('message', (job: Job) => {
      try {
        say({ id: job.id, ...work(job) });
      } catch (error) {
        say({ id: job.id, error: String(error).slice(0, 200) });
      }
    });
    say({ ready: true });
  } catch (error) {
    say({ ready: false, reason: String((error as Error)?.message ?? error).slice(0, 350) });
  }
}

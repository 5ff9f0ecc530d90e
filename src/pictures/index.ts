import type { Log } from '../core/ports/runtime.ts';
import type { PictureHost } from './host.ts';

/** The pictures of this process: what makes them is loaded with the first that is asked for, and started then. */
export function createPictures(log: Log): PictureHost {
  let host: PictureHost | null = null;
  let stopped = false;
  const open = async (): Promise<PictureHost | null> => {
    const { createPictureHost } = await import('./host.ts');
    if (stopped) return null;
    host ??= createPictureHost(log);
    return host;
  };
  return {
    png: async (picture, signal) => (await open())?.png(picture, signal) ?? null,
    soon: () =>
      void open().then(
        (opened) => opened?.soon(),
        () => undefined,
      ),
    possible: () => host?.possible() ?? true,
    problem: () => host?.problem() ?? null,
    async stop() {
      stopped = true;
      await host?.stop();
    },
  };
}

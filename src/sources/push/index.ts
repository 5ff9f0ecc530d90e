import type { Source } from '../../core/ports/source.ts';
import type { PushConfig } from './config.ts';

/** A door is open as long as the program runs: whoever has the token posts (`desk.ts`). There is nothing to poll. */
export function createSource(config: PushConfig): Source {
  return {
    id: config.id,
    kind: 'push',
    label: `${config.name ?? config.publisher ?? config.id} (posts to us)`,
    cron: '*/10 * * * *',
    host: null,
    async poll({ signal }) {
      signal.throwIfAborted();
      return { items: [], measurements: [], unchanged: true, notBefore: null };
    },
  };
}

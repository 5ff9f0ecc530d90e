import { codeOf, TocsinError } from '../../core/errors.ts';
import type { Clock } from '../../core/ports/clock.ts';
import { factsOf } from './failure.ts';
import type { MatrixPort } from './port.ts';

/** When the server last answered anything, and whether it refuses our token. */
export interface Contact {
  at: number | null;
  refused: TocsinError | null;
}

const LOCAL = new Set(['close', 'wellKnown']);

/** The same port, with a note of every answer; it asks nothing for an account that another process holds now. */
export function watch(
  port: MatrixPort,
  clock: Clock,
  holds: () => boolean = () => true,
): { port: MatrixPort; contact: Contact } {
  const contact: Contact = { at: null, refused: null };
  const seen = new Proxy(port, {
    get(target, name, receiver) {
      const value: unknown = Reflect.get(target, name, receiver);
      if (typeof value !== 'function' || LOCAL.has(String(name))) return value;
      return async (...args: unknown[]) => {
        if (!holds()) throw new TocsinError('canceled', 'Another process holds this account now');
        try {
          const answer: unknown = await Reflect.apply(value, target, args);
          contact.at = clock.now();
          contact.refused = null;
          return answer;
        } catch (error) {
          if (factsOf(error).errcode !== null) contact.at = clock.now();
          if (codeOf(error) === 'auth' && error instanceof TocsinError) contact.refused = error;
          throw error;
        }
      };
    },
  });
  return { port: seen, contact };
}

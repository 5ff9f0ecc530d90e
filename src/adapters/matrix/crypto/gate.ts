import type { Clock } from '../../../core/ports/clock.ts';
import type { Log } from '../../../core/ports/log.ts';
import type { Json } from '../port.ts';
import { serverOf } from '../sync-answer.ts';

/** Lets a message to our device in, or leaves it out for good. `knows`: we share a room with this person, as far as is known without asking. */
export type Gate = (event: Json, knows: (userId: string) => boolean) => boolean;

/** Who speaks shares a key for each hundred messages of each room, or each week; a person's first ones come in a heap. */
const OF_A_PERSON = { burst: 500, perHour: 100 };
const OF_A_DOMAIN = { burst: 3_000, perHour: 300 };
const MAX_KNOWN = 5_000;
const HOUR_MS = 3_600_000;

/**
 * Anybody whose server reaches ours can send our device keys, each in a channel of its own, for rooms that nobody is in: the machine keeps all of them, in memory as well, and for good. So each
 * person has so many, and the strangers of a domain together; those of our own homeserver are bounded by it.
 */
export function createGate(self: string, clock: Pick<Clock, 'monotonic'>, log: Log): Gate {
  const [people, domains] = [budgets(OF_A_PERSON, clock), budgets(OF_A_DOMAIN, clock)];
  const own = serverOf(self);
  let saidAt = Number.NEGATIVE_INFINITY;
  let left = 0;

  function leftOut(sender: string): false {
    left++;
    if (clock.monotonic() - saidAt < HOUR_MS) return false;
    saidAt = clock.monotonic();
    log.warn('More keys of encrypted rooms come than anybody needs: left out', { from: sender.slice(0, 255), left });
    left = 0;
    return false;
  }

  return ({ type, sender: from }, knows) => {
    const sender = String(from);
    if (type !== 'm.room.encrypted' || sender === self) return true;
    const server = serverOf(sender);
    // In this order: whoever floods alone must not use up what is everybody's.
    const isIn = people(sender) && (server === own || knows(sender) || domains(domainOf(server)));
    return isIn || leftOut(sender);
  };
}

/** Whoever has a domain has all names below it. */
const domainOf = (server: string): string =>
  server
    .replace(/:\d+$/, '')
    .split('.')
    .slice(/^[\d.]+$/.test(server) ? 0 : -2)
    .join('.');

/** By name: false where it has nothing left now. */
function budgets({ burst, perHour }: typeof OF_A_PERSON, clock: Pick<Clock, 'monotonic'>): (name: string) => boolean {
  const known = new Map<string, { left: number; at: number }>();
  return (name) => {
    const now = clock.monotonic();
    const before = known.get(name) ?? { left: burst, at: now };
    const left = Math.min(burst, before.left + ((now - before.at) / HOUR_MS) * perHour);
    known.delete(name);
    if (known.size >= MAX_KNOWN) known.delete(known.keys().next().value!);
    known.set(name, { left: left >= 1 ? left - 1 : left, at: now });
    return left >= 1;
  };
}

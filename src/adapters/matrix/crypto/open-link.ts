/** Opens the keys of an account for a command, while no bot runs with them. */
import { TocsinError } from '../../../core/errors.ts';
import type { Clock } from '../../../core/ports/clock.ts';
import type { Log } from '../../../core/ports/log.ts';
import type { DurableRows } from '../../../core/ports/rows.ts';
import type { Json } from '../port.ts';
import { type Calls, connectCalls, refused } from './calls.ts';
import { type Link, linkOf } from './link.ts';
import { type DeviceParts, openDevice } from './start.ts';

export interface OpenedLink {
  link: Link;
  calls: Calls;
  close(): Promise<void>;
}

const LAST_WORDS_MS = 3_000;

interface Parts {
  homeserver: string;
  accessToken: string;
  proxy: string | null;
  rows: DurableRows;
  clock: Clock;
  log: Log;
  signal: AbortSignal;
}

/** Throws what whoever runs this must mend. */
export async function openLink(parts: Parts): Promise<OpenedLink> {
  const { rows, clock, log, signal } = parts;
  const over = new AbortController();
  const calls = connectCalls({ ...parts, now: () => clock.now(), signal: lasting(signal, clock, over.signal) });
  try {
    const identity = await whoAmI(calls);
    const { crypto } = await openDevice(
      { identity, rows, port: asPort(calls), clock, log, signal, broken: () => {} },
      { signal },
    );
    return {
      link: linkOf(crypto, calls),
      calls,
      async close() {
        over.abort();
        crypto.close();
        await calls.close();
      },
    };
  } catch (error) {
    over.abort();
    await calls.close();
    throw error;
  }
}

/** Aborts a moment after the signal: whoever is in the middle of something with us is told that it ends. */
function lasting(signal: AbortSignal, clock: Clock, over: AbortSignal): AbortSignal {
  const late = new AbortController();
  const ends = (): void =>
    void clock.sleep(LAST_WORDS_MS, over).then(
      () => late.abort(signal.reason),
      () => undefined,
    );
  if (signal.aborted) ends();
  else signal.addEventListener('abort', ends, { once: true });
  return late.signal;
}

export const asPort = ({ need, dataOf }: Calls): DeviceParts['port'] => ({
  ask: ({ method, path, body }) => need(method, path, body === null ? undefined : JSON.parse(body)),
  accountData: (userId, type) => dataOf(userId).get(type),
  setAccountData: (userId, type, content) => dataOf(userId).set(type, content as Json),
});

/** Of the access token. Throws where it is no session of its own. */
export async function whoAmI(calls: Calls): Promise<{ userId: string; deviceId: string }> {
  const answer = await calls.ask('GET', '/_matrix/client/v3/account/whoami');
  if (answer.status !== 200) throw refused(answer, 'the access token');
  const { user_id: userId, device_id: deviceId } = answer.body;
  if (typeof userId === 'string' && typeof deviceId === 'string' && deviceId.length <= 255) return { userId, deviceId };
  throw new TocsinError('client', 'the access token belongs to no session: log in anew, by password or in the browser');
}

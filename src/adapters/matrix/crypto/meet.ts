/** Waits for somebody who verifies, or asks somebody to, and sees it through. */

import { TocsinError } from '../../../core/errors.ts';
import type { Clock } from '../../../core/ports/clock.ts';
import { json } from '../sync-answer.ts';
import type { Calls } from './calls.ts';
import { signDevice, standing } from './cross-signing.ts';
import { sendInRoom, speaking } from './in-room.ts';
import type { Link } from './link.ts';
import type { MachineRequest } from './requests.ts';
import { type Begun, createRounds } from './rounds.ts';
import { type Flow, type Outcome, verification, type Witness } from './sas.ts';

export interface Meeting {
  /** Whom to ask: our own other sessions, or somebody else. Null = wait for whoever asks. */
  whom: string | null;
  /** Where the running bot stands in its sync; null = it has not begun. */
  since: string | null;
  /** How long to wait for somebody, ms; what is under way by then has its ten minutes. */
  patienceMs: number;
  witness: Witness;
  clock: Clock;
  /** For the transaction of a message. */
  txnId: string;
  signal: AbortSignal;
}

const POLL_MS = 4_000;
const PAUSE_MS = 2_000;
/** How long we wait for what our other session does after a verification. */
const LEARN_MS = 15_000;
/** Strangers could ask by the thousand. */
const MAX_WAITING = 5;

/** Null = nobody came. Rejects with the signal's reason; the other side is told so. */
export async function meet(quiet: Link, calls: Calls, meeting: Meeting): Promise<Outcome | null> {
  const link = speaking(quiet, calls);
  const { clock, witness, signal, patienceMs } = meeting;
  const until = clock.monotonic() + patienceMs;
  const rounds = createRounds(link, calls, meeting.since);
  let wake = (): void => {};
  const parts = {
    sdk: link.sdk,
    witness,
    send: async (request: MachineRequest) => void (await link.carry(request)),
    monotonic: () => clock.monotonic(),
    wake: () => wake(),
  };
  /** One round of the sync; a failure that may pass is waited out. */
  const look = async (): Promise<Begun[]> => {
    try {
      return await rounds.next(POLL_MS);
    } catch (error) {
      if (!(error instanceof TocsinError) || !['server', 'rate_limited', 'timeout'].includes(error.code)) throw error;
      await clock.sleep(Math.max(PAUSE_MS, Number(error.facts.retryAfterMs ?? 0)), signal);
      return [];
    }
  };
  // What waits on the server is taken in first; who asked a moment ago is meant, too.
  const begun: Begun[] = await look();
  let flow: Flow | null =
    meeting.whom === null ? null : verification(await ask({ link, quiet }, calls, meeting), parts);
  let looking: Promise<void> | null = null;
  let failed: { error: unknown } | null = null;
  const left = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  try {
    while (flow !== null || clock.monotonic() < until) {
      signal.throwIfAborted();
      if (failed) throw (failed as { error: unknown }).error;
      const first = flow === null ? begun.shift() : undefined;
      // Given up before we looked.
      if (first?.isCancelled() || first?.isDone()) continue;
      if (first) flow = verification(first, parts);
      const outcome = await flow?.step();
      if (outcome?.end === 'declined' && meeting.whom === null) flow = null;
      else if (outcome) {
        flow = null;
        await looking;
        if (outcome.end === 'done' && outcome.who.own) await learn(link, look, clock);
        return outcome;
      }
      const woken = new Promise<void>((resolve) => {
        wake = resolve;
      });
      looking ??= look()
        .then(
          (came) => void begun.push(...came.slice(0, Math.max(0, MAX_WAITING - begun.length))),
          (error: unknown) => {
            failed = { error };
          },
        )
        .finally(() => {
          looking = null;
        });
      await Promise.race([looking, woken, left]);
    }
    return null;
  } finally {
    await flow?.cancel().catch(() => undefined);
  }
}

/** A session of ours that we have just verified signs our device, or sends us the keys to do so. */
async function learn(link: Link, look: () => Promise<unknown>, clock: Clock): Promise<void> {
  const until = clock.monotonic() + LEARN_MS;
  await link.run('requestMissingSecretsIfNeeded', (machine) => machine.requestMissingSecretsIfNeeded());
  for (;;) {
    const { signed, identity } = await standing(link);
    if (signed) return;
    if (identity === 'ours') return await signDevice(link);
    if (clock.monotonic() >= until) return;
    await look();
  }
}

/** Own sessions are asked by message to the devices, others in a direct chat, as apps do. */
async function ask(
  { link, quiet }: { link: Link; quiet: Link },
  calls: Calls,
  { whom, txnId }: Meeting,
): Promise<Begun> {
  const { sdk, run, identity } = link;
  const userId = whom!;
  const own = userId === identity.userId;
  const user = () => new sdk.UserId(userId);
  await run('updateTrackedUsers', (machine) => machine.updateTrackedUsers([user()]));
  // Those that it knew it asks for again, too: they may have changed unseen.
  await run('queryKeysForUsers', (machine) => machine.queryKeysForUsers([user()])).then((query) =>
    link.carry(query as MachineRequest),
  );
  await link.flush();
  const found = await run('getIdentity', (machine) => machine.getIdentity(user()));
  if (found === undefined)
    throw new TocsinError(
      'client',
      `${userId} has no identity that could be verified: they set up encryption in their app first`,
    );
  const methods = [sdk.VerificationMethod.SasV1];
  if ('trustsOurOwnDevice' in found) {
    if (!own) throw new TocsinError('internal', 'an identity of our own that is not');
    const [request, message] = await found.requestVerification(methods);
    await link.carry(message as MachineRequest);
    return request;
  }
  const roomId = await chatWith(calls, identity.userId, userId);
  const content = found.verificationRequestContent(methods);
  const eventId = await sendInRoom(quiet, calls, { roomId, type: 'm.room.message', txnId, content });
  return found.requestVerification(new sdk.RoomId(roomId), new sdk.EventId(eventId), methods);
}

const MAX_ROOMS = 200;

/** A room of this person and us alone. */
async function chatWith(calls: Calls, self: string, userId: string): Promise<string> {
  const rooms = (await calls.need('GET', '/_matrix/client/v3/joined_rooms')).joined_rooms;
  for (const roomId of Array.isArray(rooms) ? rooms.slice(0, MAX_ROOMS) : []) {
    const path = `/_matrix/client/v3/rooms/${encodeURIComponent(String(roomId))}/joined_members`;
    const members = Object.keys(json((await calls.need('GET', path)).joined));
    if (members.length === 2 && members.includes(self) && members.includes(userId)) return String(roomId);
  }
  throw new TocsinError(
    'client',
    `there is no direct chat with ${userId}: open one with the bot, and verify it from there`,
  );
}

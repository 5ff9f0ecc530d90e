import type { Sas, VerificationRequest } from '@matrix-org/matrix-sdk-crypto-wasm';
import TEXTS from '../../../../config/terminal-texts.json' with { type: 'json' };
import { TocsinError } from '../../../core/errors.ts';
import type { Clock } from '../../../core/ports/runtime.ts';
import { filled } from '../../../i18n/packs.ts';
import { roomsOfTwo } from '../people.ts';
import { entries, isEventId, isUserId, type Json, json, list, onlyRooms } from '../untrusted.ts';
import { askForKeys, type Link, signDevice, standing } from './cross-signing.ts';
import { createSharing, KIND, kindOf, REQUEST } from './encryption.ts';
import { createCryptoRooms } from './kept.ts';
import { decrypt, type MachineRequest, readPart, userOf, usersOf } from './machine.ts';

const SAYS = TEXTS.keys;

/** What a verification says in a room, encrypted where the room is. */

/** A verification belongs into a chat of two; a key for thousands is not made for it. */
const MAX_MEMBERS = 50;

/** The machine asks again after an answer; it does not do so for ever. */
const MAX_ROUNDS = 20;

/** The same link, through which the machine speaks in rooms as well. */
function speaking(link: Link): Link {
  const { sdk, run } = link;
  const send: Link['send'] = async (request) => {
    const { type: kind, id, room_id: roomId, event_type: type, txn_id: txnId, body: content } = request;
    if (kind !== sdk.RequestType.RoomMessage || !id || !roomId || !type || !txnId) return await link.send(request);
    const answer = { event_id: await sendInRoom(link, { roomId, type, txnId, content }) };
    await run('markRequestAsSent', (machine) => machine.markRequestAsSent(id, kind, JSON.stringify(answer)));
  };
  const flush = async (): Promise<void> => {
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const now = await run('outgoingRequests', (machine) => machine.outgoingRequests());
      if (now.length === 0) return;
      for (const one of now) await send(one);
    }
  };
  return { ...link, send, flush };
}

/** `content` is JSON. */
type RoomWord = Record<'roomId' | 'type' | 'txnId' | 'content', string>;

/** Resolves with the event's id. As any message there: what the machine wants to say in rooms is not said on the way, this is how it is said. */
async function sendInRoom(link: Link, { roomId, type, txnId, content }: RoomWord): Promise<string> {
  const { port } = link;
  const said = json(JSON.parse(content));
  if (link.say) return await link.say(roomId, type, txnId, said, {});
  if ((await port.stateContent(roomId, 'm.room.encryption')) === null)
    return await port.sendEvent(roomId, type, txnId, said, {});
  const rooms = createCryptoRooms({
    stateContent: port.stateContent,
    async roomMembers(one, options) {
      const members = await port.roomMembers(one, options);
      if (members.length > MAX_MEMBERS) throw new TocsinError('client', SAYS.tooMany);
      return members;
    },
  });
  const sealed = json(JSON.parse(await createSharing(link, rooms).encrypt(roomId, type, said, {})));
  return await port.sendEvent(roomId, 'm.room.encrypted', txnId, sealed, {});
}

/** What a homeserver has for us while somebody verifies: rounds of its sync, handed to the crypto machine. */

/** A verification that somebody began, by request or at once. */
type Begun = VerificationRequest | Sas;

const MAX_EVENTS = 2_000;
const MAX_ROOMS = 500;
/** Somebody could have us look up the devices of thousands. */
const MAX_STRANGERS = 20;
const BEGINS = [REQUEST, `${KIND}start`];
const TIMELINE = ['m.room.encrypted', 'm.room.message', `${KIND}*`];

/**
 * `since`: where the running bot stands; null = from now on. Its own place is not moved: it hears again what it would have heard. So do we, and `former` are
 * the verifications of another time: of those nothing is taken up, since the machine would make new ones of them that the other side knows nothing of.
 */
export function createRounds(link: Link, since: string | null, former: ReadonlySet<unknown>) {
  const { sdk, run } = link;
  let at = since;

  /** Devices that begin something have to be known to the machine first, or it takes no notice. */
  async function strangers(events: readonly Json[]): Promise<void> {
    const begin = events.filter((event) => BEGINS.includes(kindOf(event) ?? ''));
    const senders = new Set(
      begin
        .map(({ sender }) => sender)
        .filter(isUserId)
        .slice(0, MAX_STRANGERS),
    );
    if (senders.size === 0) return;
    await run('updateTrackedUsers', (machine) => machine.updateTrackedUsers(usersOf(sdk, senders)));
    await askForKeys(link, () => usersOf(sdk, senders));
  }

  async function toDevice(answer: Json): Promise<Begun[]> {
    const events = readPart(answer).events.filter(({ content }) => !former.has(json(content).transaction_id));
    await strangers(events);
    await link.receive({ ...answer, to_device: { events } });
    await link.flush();
    const begun: Begun[] = [];
    for (const event of events) begun.push(...(await begunBy(event, json(event.content).transaction_id)));
    return begun;
  }

  /** What was begun is there when the machine has taken it for one. */
  async function begunBy(event: Json, flow: unknown): Promise<Begun[]> {
    const kind = kindOf(event);
    const user = isUserId(event.sender) ? userOf(sdk, event.sender) : null;
    if (user === null || typeof flow !== 'string' || flow.length > 255) return [];
    if (kind === REQUEST) {
      const request = await run('getVerificationRequest', (machine) => machine.getVerificationRequest(user, flow));
      return request ? [request] : [];
    }
    if (kind !== `${KIND}start`) return [];
    const sas = await run('getVerification', (machine) => machine.getVerification(user, flow));
    return sas && 'emojiIndex' in sas && !sas.startedFromRequest() ? [sas] : [];
  }

  async function inRoom(roomId: string, events: readonly Json[]): Promise<Begun[]> {
    const begun: Begun[] = [];
    for (const event of events) {
      // What cannot be decrypted is of no use here: the running bot reads it again.
      const found = event.type === 'm.room.encrypted' ? await taken(decrypt(sdk, run, roomId, event)) : null;
      const clear = event.type === 'm.room.encrypted' ? found?.ok && found.event : event;
      if (!clear || kindOf(clear) === null || !isEventId(clear.event_id)) continue;
      if (former.has(clear.event_id) || former.has(json(json(clear.content)['m.relates_to']).event_id)) continue;
      await strangers([clear]);
      const text = JSON.stringify({ ...clear, room_id: roomId });
      // Anybody in a room can send there what is no verification at all, whatever it calls itself.
      const heard = run('receiveVerificationEvent', async (machine) => {
        await machine.receiveVerificationEvent(text, new sdk.RoomId(roomId));
        return true;
      });
      if (!(await taken(heard))) continue;
      await link.flush();
      begun.push(...(await begunBy(clear, clear.event_id)));
    }
    return begun;
  }

  return {
    /** Waits up to `timeoutMs` for something; resolves with the verifications that others began meanwhile. */
    async next(timeoutMs: number): Promise<Begun[]> {
      const filter = onlyRooms({ limit: at ? 50 : 1, types: TIMELINE });
      const question = { since: at, timeoutMs: at === null ? 0 : timeoutMs, filter };
      const answer = await link.port.sync(question, { timeoutMs: timeoutMs + 60_000 });
      if (typeof answer.next_batch === 'string') at = answer.next_batch;
      const begun = await toDevice(answer);
      for (const [roomId, room] of entries(json(answer.rooms).join).slice(0, MAX_ROOMS))
        begun.push(...(await inRoom(roomId, list(json(room.timeline).events).slice(0, MAX_EVENTS))));
      return begun;
    },
  };
}

/** Null: the machine makes nothing of it. Throws where the machine itself is at its end. */
async function taken<T>(call: Promise<T>): Promise<T | null> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof TocsinError) throw error;
    return null;
  }
}

/** One interactive verification: both sides see the same seven emoji, or somebody sits between them. */

/** Who is on the other side. */
export interface Party {
  userId: string;
  /** Null = not known yet. */
  deviceId: string | null;
  /** Another session of our own account. */
  own: boolean;
}

/** Whoever sits at the terminal. */
export interface Witness {
  /** Somebody asks to verify; is that meant? The signal aborts when they gave up. */
  accepts(who: Party, signal: AbortSignal): Promise<boolean>;
  /** Indices of seven emoji (`verify-command.ts`); are they the same there? The signal aborts when it does not matter any more. */
  compare(emoji: readonly number[], who: Party, signal: AbortSignal): Promise<boolean>;
}

export type Outcome =
  | { end: 'done'; who: Party }
  | { end: 'mismatch'; who: Party; byUs: boolean }
  | { end: 'declined'; who: Party }
  | { end: 'cancelled'; who: Party; code: string; byUs: boolean }
  | { end: 'timeout'; who: Party }
  /** Another of our own sessions took it up. */
  | { end: 'elsewhere'; who: Party };

type Flow = ReturnType<typeof verification>;

/** Where they asked, they may also begin; we do, when they have not after this. */
const THEIR_TURN_MS = 5_000;
/** The specification gives the whole ten minutes from the request. */
const LONGEST_MS = 600_000;
const MISMATCH = 'm.mismatched_sas';

/**
 * `subject`: a request to verify, or a verification that the other side began without one. `wake`: the person has answered, so that whoever waits for the
 * network looks again.
 */
function verification(subject: Begun, link: Link, { witness, clock }: Meeting, wake: () => void) {
  const { sdk } = link;
  const began = clock.monotonic();
  const over = new AbortController();
  const request = 'phase' in subject ? subject : null;
  let sas: Sas | null = request ? null : (subject as Sas);
  /** What the person said, once; "asked" while they think. */
  const said: Record<'accepts' | 'compare', 'unasked' | 'asked' | 'yes' | 'no'> = {
    accepts: 'unasked',
    compare: 'unasked',
  };
  let readySince: number | null = null;
  let starting = false;
  /** The person left without an answer. */
  let left = false;

  function who(): Party {
    const { otherUserId, otherDeviceId } = sas ?? request!;
    const own = (sas ?? request!).isSelfVerification();
    return { userId: otherUserId.toString(), deviceId: otherDeviceId?.toString() ?? null, own };
  }

  function ended(outcome: Outcome): Outcome {
    over.abort(new Error('the verification is over'));
    return outcome;
  }

  /** A cancellation by whichever side, in our words. */
  function ofCancel(info: { cancelCode(): string; cancelledbyUs(): boolean } | undefined): Outcome {
    const code = info?.cancelCode().slice(0, 100) ?? '';
    const byUs = info?.cancelledbyUs() ?? false;
    if (code === MISMATCH || code === 'm.key_mismatch') return { end: 'mismatch', who: who(), byUs };
    if (code === 'm.timeout') return { end: 'timeout', who: who() };
    if (code === 'm.accepted') return { end: 'elsewhere', who: who() };
    if (said.accepts === 'no') return { end: 'declined', who: who() };
    return { end: 'cancelled', who: who(), code, byUs };
  }

  /** Asks the person, once, without waiting for the answer. */
  function consult(what: keyof typeof said, ask: () => Promise<boolean>): void {
    if (said[what] !== 'unasked') return;
    said[what] = 'asked';
    const answered = (yes: boolean): void => {
      said[what] = yes ? 'yes' : 'no';
    };
    const gone = (): void => {
      left = true;
    };
    ask().then(answered, gone).finally(wake);
  }

  const askWhetherMeant = (): void => consult('accepts', () => witness.accepts(who(), over.signal));

  async function send(made: MachineRequest | undefined): Promise<void> {
    if (made) await link.send(made);
  }

  const cancel = (code = said.compare === 'no' ? MISMATCH : 'm.user'): Promise<void> =>
    send(sas ? sas.cancelWithCode(code) : request?.cancel());

  async function stepRequest(open: VerificationRequest): Promise<Outcome | null> {
    if (open.isPassive()) return { end: 'elsewhere', who: who() };
    const { Requested, Ready, Transitioned } = sdk.VerificationRequestPhase;
    const phase = open.phase();
    if (phase === Requested && !open.weStarted()) {
      askWhetherMeant();
      if (said.accepts === 'no') await cancel();
      if (said.accepts === 'yes') await send(open.acceptWithMethods([sdk.VerificationMethod.SasV1]));
    }
    if (phase === Ready) {
      readySince ??= clock.monotonic();
      const ours = open.weStarted() || clock.monotonic() - readySince >= THEIR_TURN_MS;
      if (ours && !starting) {
        starting = true;
        await send((await open.startSas())?.[1]);
      }
    }
    if (phase === Transitioned) {
      const found = open.getVerification();
      if (found && 'emojiIndex' in found) sas = found;
    }
    return null;
  }

  async function stepSas(open: Sas): Promise<void> {
    // Without a request nobody was asked yet.
    if (request === null) askWhetherMeant();
    if (said.accepts === 'no') return cancel();
    if (!open.weStarted() && !open.hasBeenAccepted() && (request !== null || said.accepts === 'yes'))
      await send(open.accept());
    const emoji = open.canBePresented() ? open.emojiIndex() : undefined;
    if (emoji) consult('compare', () => witness.compare([...emoji], who(), over.signal));
    if (said.compare === 'no') return cancel();
    if (said.compare === 'yes' && !open.haveWeConfirmed()) for (const one of await open.confirm()) await send(one);
  }

  return {
    /** Looks how it stands and does what is next; to be called after whatever came, and now and then. Null = it goes on. */
    async step(): Promise<Outcome | null> {
      for (let before = ''; ;) {
        if (request?.isDone() || (request === null && sas?.isDone())) return ended({ end: 'done', who: who() });
        if (sas?.isCancelled()) return ended(ofCancel(sas.cancelInfo()));
        if (request?.isCancelled()) return ended(ofCancel(request.cancelInfo));
        if (clock.monotonic() - began >= LONGEST_MS || request?.timedOut() || sas?.timedOut()) {
          await cancel('m.timeout');
          return ended({ end: 'timeout', who: who() });
        }
        if (left) {
          await cancel();
          return ended({ end: 'cancelled', who: who(), code: 'm.user', byUs: true });
        }
        const outcome = sas ? await stepSas(sas) : await stepRequest(request!);
        if (outcome) return ended(outcome);
        // One thing may make the next possible.
        const now = [
          request?.phase(),
          sas?.canBePresented(),
          sas?.isCancelled(),
          sas?.isDone(),
          request?.isDone(),
        ].join();
        if (now === before) return null;
        before = now;
      }
    },
    /** Ends it for the other side, too. */
    async cancel() {
      await cancel();
      over.abort(new Error('the verification is over'));
    },
  };
}

/** Waits for somebody who verifies, or asks somebody to, and sees it through. */

export interface Meeting {
  /** Whom to ask: our own other sessions, or somebody else. Null = wait for whoever asks. */
  whom: string | null;
  /** Where the running bot stands in its sync; null = it has not begun. */
  since: string | null;
  /** Verifications of another time, however they ended: each is begun once. None given: none can come again. */
  former?: ReadonlySet<unknown>;
  /** Keeps one among those, before anything is said in it. */
  remember?(flow: string): Promise<void>;
  /** How long to wait for somebody, ms (default ten minutes); what is under way by then has its ten minutes. */
  patienceMs?: number;
  witness: Witness;
  clock: Clock;
  /** For the transaction of a message. */
  txnId: string;
  signal: AbortSignal;
}

/** How long somebody is waited for. */
const PATIENCE_MS = 600_000;
const POLL_MS = 4_000;
const PAUSE_MS = 2_000;
/** How long we wait for what our other session does after a verification. */
const LEARN_MS = 15_000;
/** Strangers could ask by the thousand. */
const MAX_WAITING = 5;

/** Null = nobody came. Rejects with the signal's reason; the other side is told so. */
export async function meet(quiet: Link, meeting: Meeting): Promise<Outcome | null> {
  const link = speaking(quiet);
  const { clock, signal, patienceMs = PATIENCE_MS, former = new Set() } = meeting;
  const until = clock.monotonic() + patienceMs;
  const rounds = createRounds(link, meeting.since, former);
  let wake = (): void => {};
  const begin = async (subject: Begun): Promise<Flow> => {
    await meeting.remember?.(subject.flowId);
    return verification(subject, link, meeting, () => wake());
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
  let flow: Flow | null = meeting.whom === null ? null : await begin(await ask({ link, quiet }, meeting));
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
      if (first) flow = await begin(first);
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
async function ask({ link, quiet }: { link: Link; quiet: Link }, { whom, txnId }: Meeting): Promise<Begun> {
  const { sdk, run, identity } = link;
  const userId = whom!;
  const own = userId === identity.userId;
  const user = () => new sdk.UserId(userId);
  await run('updateTrackedUsers', (machine) => machine.updateTrackedUsers([user()]));
  // Those that it knew it asks for again, too: they may have changed unseen.
  await askForKeys(link, () => [user()]);
  await link.flush();
  const found = await run('getIdentity', (machine) => machine.getIdentity(user()));
  if (found === undefined) throw new TocsinError('client', filled(SAYS.noIdentity, { user: userId }));
  const methods = [sdk.VerificationMethod.SasV1];
  if ('trustsOurOwnDevice' in found) {
    if (!own) throw new TocsinError('internal', 'an identity of our own that is not');
    const [request, message] = await found.requestVerification(methods);
    await link.send(message);
    return request;
  }
  const roomId = await chatWith(link, userId);
  const content = found.verificationRequestContent(methods);
  const eventId = await sendInRoom(quiet, { roomId, type: 'm.room.message', txnId, content });
  return found.requestVerification(new sdk.RoomId(roomId), new sdk.EventId(eventId), methods);
}

/** A room of this person and us alone. */
async function chatWith({ port }: Link, userId: string): Promise<string> {
  for await (const room of roomsOfTwo(port, await port.joinedRooms(), userId, {})) return room;
  throw new TocsinError('client', filled(SAYS.noChat, { user: userId }));
}

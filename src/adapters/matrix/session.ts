import { codeOf, TocsinError } from '../../core/errors.ts';
import type { AdapterDeps, AdapterHealth, Incoming, SendOutcome } from '../../core/ports/chat-adapter.ts';
import type { Log } from '../../core/ports/log.ts';
import { createAskedToVerify } from './asked-to-verify.ts';
import { type Cipher, createCipher } from './cipher.ts';
import type { MatrixAccount } from './config.ts';
import { createDirectness } from './direct.ts';
import { createEncryptionGuard, type EncryptionGuard } from './encryption.ts';
import { factsOf } from './failure.ts';
import { createDispatch } from './incoming.ts';
import { introduce, sayUnreachable } from './introduce.ts';
import { createInvites } from './invites.ts';
import { openMemory } from './memory.ts';
import type { Names } from './mention.ts';
import type { CallOptions, Json, MatrixPort, SyncAnswer } from './port.ts';
import { createPowerLevels } from './power.ts';
import { createReactions } from './reactions.ts';
import { type ReconcileParts, reconcile, refusal } from './reconcile.ts';
import { createRoomQueues } from './room-queues.ts';
import { createRooms } from './rooms.ts';
import { createSenders } from './senders.ts';
import { runSync, syncState } from './sync.ts';
import { encryptedIn, readMessages } from './sync-answer.ts';
import { watch } from './watch.ts';

/** The running parts of one account, put together. */
export interface Session {
  port: MatrixPort;
  guard: EncryptionGuard;
  /** Null: encrypted rooms are not served. */
  cipher: Cipher | null;
  /** A room of one person and us, as far as is known without asking. */
  isDirect(roomId: string): boolean;
  /** A message of ours is there to be seen. */
  spoke(roomId: string): void;
  /** What a 403 or 404 to a send means. Throws when the server cannot be asked. */
  refusal(roomId: string, detail: string, signal: AbortSignal): Promise<SendOutcome>;
  /** Finds out who we are; throws when the server refuses or cannot be reached. */
  identify(options: CallOptions): Promise<void>;
  /** Notes that it does not work yet, and says in the log what may be wrong with the address, when that can be found out. Never throws. */
  unreachable(error: unknown): Promise<void>;
  listen(emit: (event: Incoming) => Promise<void>): void;
  health(): AdapterHealth;
  /** After the signal has aborted: resolves when what was under way is done and kept. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

export interface SessionParts {
  account: MatrixAccount & { maxRooms: number };
  deps: AdapterDeps;
  port: MatrixPort;
  log: Log;
  signal: AbortSignal;
}

const RECONCILE_MS = 3_600_000;
const PERSIST_WAITS_MS = [500, 2_000, 8_000];
const MAX_PER_ROOM = 20;
const MAX_COMMANDS = 1_000;
const MAX_UNDER_WAY = 3_000;

export async function openSession({ account, deps, port: bare, log, signal }: SessionParts): Promise<Session> {
  const { clock, ids } = deps;
  const { port, contact } = watch(bare, clock, deps.holds);
  let late: (roomId: string, events: Json[]) => Promise<void> = async () => {};
  const memory = await openMemory(deps.state, log);
  const names: Names = { userId: '', displayName: null };
  const guard = createEncryptionGuard(port, memory, clock, account.e2ee === true);
  const cipher =
    account.e2ee && deps.rows
      ? createCipher({ account, deps, port, log, signal, whoami, late: (roomId, events) => late(roomId, events) })
      : null;
  const power = createPowerLevels(port, clock);
  const direct = createDirectness(port, memory, clock, signal);
  const senders = createSenders({ platform: 'matrix', lang: account.lang ?? null, power, direct, log, signal });
  const queues = createRoomQueues(MAX_PER_ROOM, MAX_COMMANDS);
  const state = syncState(log, deps.outage);
  let emit: (event: Incoming) => Promise<void> = async () => {};
  let running: Promise<unknown> = Promise.resolve();
  let answering: Promise<void> | null = null;
  let reconcileAt = Number.NEGATIVE_INFINITY;

  const address = (chat: string) => ({ accountId: account.id, chat, thread: null });
  const knownChats = async () => [...new Set((await deps.knownChats()).map(({ chat }) => chat))];
  const persist = persistence({ clock, signal });
  const say = (event: Incoming) => emit(event);
  const common = { accountId: account.id, port, memory, direct, senders, queues, clock, log, signal };
  const { rooms, invites } = createMembership(account, {
    ...common,
    guard,
    persist,
    knownChats,
    ids,
    names,
    cipher,
    emit: say,
  });
  const reality: ReconcileParts = { ...common, rooms, persist, knownChats, address };

  async function identify(options: CallOptions): Promise<void> {
    if (names.userId === '') await introduce({ account, names, port, memory, log, identity: deps.identity }, options);
  }

  /** Whose keys they are, once it is certain that the account is who it was. */
  async function whoami(options: CallOptions): Promise<{ userId: string; deviceId: string | null }> {
    await identify(options);
    return await port.whoami(options);
  }

  async function answered(answer: SyncAnswer, since: string | null): Promise<void> {
    for (const roomId of encryptedIn(answer)) guard.saw(roomId);
    guard.heard();
    await cipher?.answered(answer, since);
    if (cipher && since !== null) askedToVerify(answer);
  }

  const askedToVerify = createAskedToVerify({
    self: () => names.userId,
    lang: account.lang ?? 'en',
    async say(roomId, txnId, content) {
      const sender = (await guard.isEncrypted(roomId, { signal })) ? await cipher?.open({ signal }) : port;
      await sender?.sendEvent(roomId, 'm.room.message', txnId, content, { signal });
    },
    clock,
    log,
  });

  const encryptedRooms = (): string[] =>
    memory.rooms().flatMap(([roomId, facts]) => (facts.in && facts.encrypted && !facts.movedTo ? [roomId] : []));

  async function prepare(): Promise<void> {
    await identify({ signal });
    answering ??= invites.run();
    if (clock.monotonic() < reconcileAt) return;
    await reconcile(reality);
    reconcileAt = clock.monotonic() + RECONCILE_MS;
  }

  return {
    port,
    guard,
    cipher,
    isDirect: (roomId) => memory.room(roomId)?.direct === true,
    spoke: rooms.spoke,
    refusal: (roomId, detail, sending) => refusal(roomId, detail, sending, reality),
    identify,
    listen(handler) {
      emit = handler;
      const parts = {
        ...common,
        port: cipher?.reading(port) ?? port,
        names,
        rooms,
        invites,
        power,
        startedAt: clock.now(),
        located: deps.located,
        reactions: createReactions({ port: cipher?.reading(port) ?? port, names, cache: deps.cache, signal }),
        emit: say,
      };
      const dispatch = createDispatch(parts);
      late = async (roomId, events) => {
        const room = { roomId, limited: false, gapFrom: null, members: null, events: readMessages(events) };
        await Promise.all(dispatch({ next: '', invites: [], joined: [room], left: [], empty: false }, 'late'));
      };
      running = runSync({
        port,
        memory,
        clock,
        ids,
        outage: deps.outage,
        signal,
        self: () => names.userId,
        prepare,
        dispatch,
        answered,
        encrypted: cipher !== null,
        caughtUp() {
          void rooms.greetAgain().catch(() => {});
          cipher?.prepare(encryptedRooms());
        },
        interrupted: guard.interrupted,
        breathe: async () => {
          if (queues.size() > MAX_UNDER_WAY) await queues.idle();
        },
        state,
      });
    },
    async unreachable(error) {
      state.failing = error instanceof TocsinError ? error : null;
      state.trouble.logged(error);
      await sayUnreachable(error, { account, port, log, signal });
    },
    health() {
      const refused = contact.refused ?? (state.failing?.code === 'auth' ? state.failing : null);
      const problem = refused
        ? `the homeserver refuses the access token or the account (${factsOf(refused).errcode}): docs/matrix.md`
        : state.failing && `cannot receive from the homeserver (${state.failing.code})`;
      return { ok: !problem, problem: problem ?? null, lastContactAt: contact.at };
    },
    async idle() {
      await running;
      await answering;
      await queues.idle();
      await memory.flush();
    },
    async close() {
      cipher?.close();
      await port.close().catch(() => {});
    },
  };
}

type Membership = Omit<Parameters<typeof createRooms>[0], 'isWelcome'> &
  Pick<Parameters<typeof createInvites>[0], 'ids'> & { names: Names; cipher: Cipher | null };

/** Rooms that we are in and invitations to others: each asks the other. */
function createMembership({ inviteFrom, maxRooms }: SessionParts['account'], parts: Membership) {
  const { names } = parts;
  const rooms = createRooms({
    ...parts,
    isWelcome(invite) {
      const judged = invites.judge(invite);
      return judged.accept && judged.welcome;
    },
  });
  const { joining, joined, failed } = rooms;
  const self = () => names.userId;
  const invites = createInvites({ ...parts, inviteFrom, maxRooms, self, joining, joined, failed });
  return { rooms, invites };
}

/** Tries again a few times with growing waits; false when it never worked. */
const persistence =
  ({ clock, signal }: { clock: AdapterDeps['clock']; signal: AbortSignal }) =>
  async (attempt: () => Promise<unknown>): Promise<boolean> => {
    for (let tries = 0; ; tries++) {
      try {
        await attempt();
        return true;
      } catch (error) {
        const wait = PERSIST_WAITS_MS[tries];
        if (wait === undefined || signal.aborted || codeOf(error) === 'auth') return false;
        try {
          await clock.sleep(Math.max(wait, Math.min(factsOf(error).retryAfterMs ?? 0, 60_000)), signal);
        } catch {
          return false;
        }
      }
    }
  };

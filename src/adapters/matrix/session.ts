import { codeOf, TocsinError } from '../../core/errors.ts';
import type { AdapterDeps, AdapterHealth, Incoming, SendOutcome } from '../../core/ports/chat-adapter.ts';
import type { Clock, Log } from '../../core/ports/runtime.ts';
import {
  type Cipher,
  createAskedToVerify,
  createCipher,
  createEncryptionGuard,
  type EncryptionGuard,
} from './cipher.ts';
import { createReactions, type Names } from './commands.ts';
import type { MatrixAccount } from './config.ts';
import { createInvites } from './invites.ts';
import { type Memory, openMemory } from './memory.ts';
import { createDirectness, createPowerLevels, createSenders } from './people.ts';
import type { CallOptions, Json, MatrixPort, SyncAnswer } from './port.ts';
import { factsOf } from './request.ts';
import { createRoomQueues, createRooms, type ReconcileParts, reconcile, refusal } from './rooms.ts';
import { createDispatch, runSync, syncState } from './sync.ts';
import { encryptedIn, isRoomId, json, readMessages, serverOf } from './untrusted.ts';

/** The first exchange with a homeserver: who we are, and what may be wrong with the account or its address. */

interface Parts {
  account: Pick<MatrixAccount, 'inviteFrom' | 'e2ee'>;
  names: Names;
  port: MatrixPort;
  memory: Memory;
  log: Log;
  identity: AdapterDeps['identity'];
}

/** Fills `names` in. Throws when the server refuses or cannot be reached. */
async function introduce({ account, names, port, memory, log, identity }: Parts, options: CallOptions): Promise<void> {
  const { userId } = await port.whoami(options);
  const owner = memory.owner();
  await identity?.confirm({ id: userId, name: userId }, owner === null ? null : { id: owner, name: owner });
  await memory.belongsTo(userId);
  names.userId = userId;
  const invitesFrom = account.inviteFrom?.join(' ') ?? `*:${serverOf(userId)}`;
  const link = `https://matrix.to/#/${userId}`;
  log.info('Connected to Matrix', { user: userId, link, invitesFrom: invitesFrom.slice(0, 200) });
  await Promise.all([
    port.displayName(userId, options).then((name) => {
      names.displayName = name;
    }),
    account.e2ee ? undefined : warnOfKeys(userId, port, log, options),
    learnDirect(userId, port, memory, options),
  ]).catch(() => {});
}

/** Apps open encrypted direct chats with an account that has keys, and there this bot must stay silent. */
async function warnOfKeys(userId: string, port: MatrixPort, log: Log, options: CallOptions): Promise<void> {
  if (!(await port.hasEncryptionKeys(userId, options))) return;
  log.warn(
    'This Matrix account has encryption keys: apps will open encrypted chats with it, which the bot cannot use',
    { user: userId, remedy: 'set e2ee: true for the account, or log in as docs/matrix.md tells' },
  );
}

/** Direct chats that the account itself has noted, for the case that our own notes were lost. */
async function learnDirect(userId: string, port: MatrixPort, memory: Memory, options: CallOptions): Promise<void> {
  const chats = json(await port.accountData(userId, 'm.direct', options));
  const listed = Object.values(chats).flatMap((list) => (Array.isArray(list) ? list : []));
  const rooms = listed.slice(0, 5_000).filter(isRoomId);
  const strange = rooms.some((roomId) => !memory.room(roomId)?.in);
  // A room that we opened ourselves, before anything of it was noted here (`tocsin setup`).
  const joined = new Set(strange ? await port.joinedRooms(options) : []);
  const ours = rooms.filter((roomId) => memory.room(roomId)?.in || joined.has(roomId));
  await Promise.all(ours.map((roomId) => memory.setRoom(roomId, { direct: true })));
}

/** Logs that it does not work yet, and what may be wrong with the address, when that can be found out. Never throws. */
async function sayUnreachable(
  error: unknown,
  parts: { account: Pick<MatrixAccount, 'homeserver'>; port: MatrixPort; log: Log; signal: AbortSignal },
): Promise<void> {
  const { account, port, log, signal } = parts;
  const { status, errcode } = factsOf(error);
  const message = String((error as Error).message).slice(0, 200);
  log.warn('Matrix cannot be reached yet: trying on', { code: codeOf(error), error: message });
  if (status === 0 || errcode !== null) return;
  const other = await port.wellKnown({ signal });
  if (other)
    log.warn('This address is not that of a homeserver: its own word is to use another', {
      homeserver: account.homeserver,
      use: other,
    });
}

/** When the server last answered anything, and whether it refuses our token. */
interface Contact {
  at: number | null;
  refused: TocsinError | null;
}

const LOCAL = new Set(['close', 'wellKnown']);

/** The same port, with a note of every answer; it asks nothing for an account that another process holds now. */
function watch(
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

interface SessionParts {
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
      return { ok: !problem, problem: problem ?? null };
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

import { codeOf, TocsinError } from '../../core/errors.ts';
import type { AdapterDeps, AdapterHealth, Incoming } from '../../core/ports/chat-adapter.ts';
import type { Log } from '../../core/ports/log.ts';
import type { MatrixAccount } from './config.ts';
import { createDirectness } from './direct.ts';
import { createEncryptionGuard, type EncryptionGuard } from './encryption.ts';
import { factsOf } from './failure.ts';
import { dispatch } from './incoming.ts';
import { createInvites } from './invites.ts';
import { createLanes } from './lanes.ts';
import { openMemory } from './memory.ts';
import type { Names } from './mention.ts';
import type { CallOptions, MatrixPort } from './port.ts';
import { createPowerLevels } from './power.ts';
import { createRooms, type Rooms } from './rooms.ts';
import { createSenders } from './senders.ts';
import { runSync } from './sync.ts';
import { isRoomId, json, serverOf } from './sync-answer.ts';
import { watch } from './watch.ts';

/** The running parts of one account, put together. */
export interface Session {
  port: MatrixPort;
  guard: EncryptionGuard;
  rooms: Rooms;
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
  const { port, contact } = watch(bare, clock);
  const memory = await openMemory(deps.state, log);
  const names: Names = { userId: '', displayName: null };
  const guard = createEncryptionGuard(port, memory);
  const power = createPowerLevels(port, clock);
  const direct = createDirectness(port, memory, clock, signal);
  const senders = createSenders('matrix', account.lang ?? null, power, direct, log, signal);
  const lanes = createLanes(MAX_PER_ROOM, MAX_COMMANDS);
  const state: { failing: TocsinError | null } = { failing: null };
  let emit: (event: Incoming) => Promise<void> = async () => {};
  let running: Promise<void> = Promise.resolve();
  let reconcileAt = Number.NEGATIVE_INFINITY;

  const rooms = createRooms({
    accountId: account.id,
    port,
    memory,
    guard,
    direct,
    senders,
    lanes,
    clock,
    log,
    signal,
    emit: (event) => emit(event),
    persist,
    knownChats: async () => [...new Set((await deps.knownChats()).map(({ chat }) => chat))],
  });
  const invites = createInvites({
    port,
    memory,
    clock,
    ids,
    log,
    inviteFrom: account.inviteFrom,
    maxRooms: account.maxRooms,
    self: () => names.userId,
    signal,
    joining: rooms.joining,
    joined: rooms.joined,
  });

  async function persist(attempt: () => Promise<unknown>): Promise<boolean> {
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
  }

  async function identify(options: CallOptions): Promise<void> {
    if (names.userId !== '') return;
    const { userId } = await port.whoami(options);
    const owner = memory.owner();
    await deps.identity?.confirm({ id: userId, name: userId }, owner === null ? null : { id: owner, name: owner });
    await memory.belongsTo(userId);
    names.userId = userId;
    const invitesFrom = account.inviteFrom?.join(' ') ?? `*:${serverOf(userId)}`;
    log.info('Connected to Matrix', { user: userId, invitesFrom: invitesFrom.slice(0, 200) });
    await Promise.all([learnName(userId, options), warnOfKeys(userId, options), learnDirect(userId, options)]).catch(
      () => {},
    );
  }

  async function learnName(userId: string, options: CallOptions): Promise<void> {
    names.displayName = await port.displayName(userId, options);
  }

  /** Apps open encrypted direct chats with an account that has keys, and there this bot must stay silent. */
  async function warnOfKeys(userId: string, options: CallOptions): Promise<void> {
    if (!(await port.hasEncryptionKeys(userId, options))) return;
    log.warn(
      'This Matrix account has encryption keys: apps will open encrypted chats with it, which the bot cannot use',
      {
        user: userId,
        remedy: 'log in as docs/matrix.md tells',
      },
    );
  }

  /** Direct chats that the account itself has noted, for the case that our own notes were lost. */
  async function learnDirect(userId: string, options: CallOptions): Promise<void> {
    const chats = json(await port.accountData(userId, 'm.direct', options));
    const listed = Object.values(chats).flatMap((list) => (Array.isArray(list) ? list : []));
    const ours = listed.slice(0, 5_000).filter((roomId) => isRoomId(roomId) && memory.room(roomId)?.in);
    await Promise.all(ours.map((roomId) => memory.setRoom(roomId, { direct: true })));
  }

  async function prepare(): Promise<void> {
    await identify({ signal });
    if (clock.monotonic() < reconcileAt) return;
    await rooms.reconcile();
    reconcileAt = clock.monotonic() + RECONCILE_MS;
  }

  function listen(handler: (event: Incoming) => Promise<void>): void {
    emit = handler;
    const parts = {
      accountId: account.id,
      names,
      memory,
      lanes,
      rooms,
      invites,
      direct,
      power,
      senders,
      clock,
      log,
      signal,
    };
    const startedAt = clock.now();
    running = runSync({
      port,
      memory,
      clock,
      ids,
      log,
      outage: deps.outage,
      signal,
      self: () => names.userId,
      prepare,
      dispatch: (batch, first) => dispatch(batch, first, { ...parts, startedAt, emit }),
      interrupted: guard.interrupted,
      breathe: async () => {
        if (lanes.size() > MAX_UNDER_WAY) await lanes.idle();
      },
      state,
    });
  }

  return {
    port,
    guard,
    rooms,
    identify,
    listen,
    async unreachable(error) {
      state.failing = error instanceof TocsinError ? error : null;
      const { status, errcode } = factsOf(error);
      log.warn('Matrix cannot be reached yet: trying on', {
        code: codeOf(error),
        error: String((error as Error).message).slice(0, 200),
      });
      if (status === 0 || errcode !== null) return;
      const other = await port.wellKnown({ signal });
      if (other)
        log.warn('This address is not that of a homeserver: its own word is to use another', {
          homeserver: account.homeserver,
          use: other,
        });
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
      await lanes.idle();
      await memory.flush();
    },
    close: () => port.close().catch(() => {}),
  };
}

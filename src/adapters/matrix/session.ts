import { codeOf, TocsinError } from '../../core/errors.ts';
import type { AdapterDeps, AdapterHealth, Incoming } from '../../core/ports/chat-adapter.ts';
import { createCipher } from './cipher.ts';
import { createReactions } from './commands.ts';
import { DEFAULT_MAX_ROOMS, type MatrixAccount } from './config.ts';
import { type Context, openContext } from './context.ts';
import { createInvites } from './invites.ts';
import type { MatrixPort } from './port.ts';
import { type CallOptions, factsOf } from './request.ts';
import { createRooms, type Judged, reconcile, refusal } from './rooms.ts';
import { createDispatch, runSync, syncState } from './sync.ts';
import { encryptedIn, isRoomId, type Json, json, readMessages, type SyncAnswer, serverOf } from './untrusted.ts';

/** The running parts of one account, put together. */
export type Session = Awaited<ReturnType<typeof openSession>>;

const RECONCILE_MS = 3_600_000;

export async function openSession(account: MatrixAccount, deps: AdapterDeps, port: MatrixPort, signal: AbortSignal) {
  const { clock, log } = deps;
  const context = await openContext(account, deps, port, signal);
  const { memory, names, guard, queues } = context;
  let late: (roomId: string, events: Json[]) => Promise<void> = async () => {};
  if (account.e2ee && deps.rows)
    context.cipher = createCipher({
      account,
      deps,
      port,
      signal,
      whoami,
      self: () => names.userId,
      say,
      late: (roomId, events) => late(roomId, events),
      isOurs: (roomId) => memory.room(roomId)?.in === true || memory.invite(roomId) !== undefined,
    });
  const { cipher } = context;
  const rooms = createRooms(context, isWelcome);
  const { inviteFrom, maxRooms = DEFAULT_MAX_ROOMS } = account;
  const invites = createInvites(context, { inviteFrom, maxRooms }, rooms);
  const state = syncState(log, deps.outage);
  let running: Promise<unknown> = Promise.resolve();
  let answering: Promise<void> | null = null;
  let reconcileAt = Number.NEGATIVE_INFINITY;

  function isWelcome(invite: Judged): boolean {
    const judged = invites.judge(invite);
    return judged.accept && judged.welcome;
  }

  async function identify(options: CallOptions): Promise<void> {
    if (names.userId === '') await introduce(context, account, deps.identity, options);
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
  }

  /** Into a room, encrypted where that is. */
  async function say(...[roomId, type, txnId, content]: Parameters<MatrixPort['sendEvent']>): Promise<string> {
    const sender = cipher && (await guard.isEncrypted(roomId, { signal })) ? await cipher.open({ signal }) : port;
    return await sender.sendEvent(roomId, type, txnId, content, { signal });
  }

  const encryptedRooms = (): string[] =>
    memory.rooms().flatMap(([roomId, facts]) => (facts.in && facts.encrypted && !facts.movedTo ? [roomId] : []));

  async function prepare(): Promise<void> {
    await identify({ signal });
    answering ??= invites.run();
    if (clock.monotonic() < reconcileAt) return;
    await reconcile({ ...context, rooms });
    reconcileAt = clock.monotonic() + RECONCILE_MS;
  }

  return {
    port,
    guard,
    /** Null: encrypted rooms are not served. */
    cipher,
    /** A room of one person and us, as far as is known without asking. */
    isDirect: (roomId: string) => memory.room(roomId)?.direct === true,
    /** A message of ours is there to be seen. */
    spoke: rooms.spoke,
    /** What a 403 or 404 to a send means. Throws when the server cannot be asked. */
    refusal: (roomId: string, detail: string, sending: AbortSignal) =>
      refusal(roomId, detail, sending, { ...context, rooms }),
    /** Finds out who we are; throws when the server refuses or cannot be reached. */
    identify,
    listen(handler: (event: Incoming) => Promise<void>) {
      context.emit = handler;
      cipher?.serveTerminals();
      const reading = cipher?.reading(port) ?? port;
      const dispatch = createDispatch({
        ...context,
        port: reading,
        rooms,
        invites,
        startedAt: clock.now(),
        located: deps.located,
        reactions: createReactions({ port: reading, names, cache: deps.cache, signal }),
      });
      late = async (roomId, events) => {
        const room = { roomId, gapFrom: null, members: null, events: readMessages(events) };
        await Promise.all(dispatch({ next: '', invites: [], joined: [room], left: [] }, 'late'));
      };
      running = runSync(context, {
        outage: deps.outage,
        prepare,
        dispatch,
        answered,
        caughtUp() {
          void rooms.greetAgain().catch(() => {});
          cipher?.prepare(encryptedRooms());
        },
        state,
      });
    },
    /** Notes that it does not work yet, and says in the log what may be wrong with the address, when that can be found out. Never throws. */
    async unreachable(error: unknown) {
      state.failing = error instanceof TocsinError ? error : null;
      state.trouble.logged(error);
      const { status, errcode } = factsOf(error);
      const message = String((error as Error).message).slice(0, 200);
      log.warn('Matrix cannot be reached yet: trying on', { code: codeOf(error), error: message });
      if (status === 0 || errcode !== null) return;
      const use = await port.wellKnown({ signal });
      const { homeserver } = account;
      if (use)
        log.warn('This address is not that of a homeserver: its own word is to use another', { homeserver, use });
    },
    health(): AdapterHealth {
      const refused = port.refused() ?? (state.failing?.code === 'auth' ? state.failing : null);
      const problem = refused
        ? `the homeserver refuses the access token or the account (${factsOf(refused).errcode}): docs/matrix.md`
        : state.failing && `cannot receive from the homeserver (${state.failing.code})`;
      return { ok: !problem, problem: problem ?? null };
    },
    /** After the signal has aborted: resolves when what was under way is done and kept. */
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

/** The first exchange with a homeserver: fills `names` in. Throws when the server refuses or cannot be reached. */
async function introduce(
  { names, port, memory, log }: Context,
  { inviteFrom, e2ee }: MatrixAccount,
  identity: AdapterDeps['identity'],
  options: CallOptions,
): Promise<void> {
  const { userId } = await port.whoami(options);
  const owner = memory.owner();
  const link = `https://matrix.to/#/${userId}`;
  await identity?.confirm({ id: userId, name: userId, link }, owner === null ? null : { id: owner, name: owner });
  await memory.belongsTo(userId);
  names.userId = userId;
  const invitesFrom = inviteFrom?.join(' ') ?? `*:${serverOf(userId)}`;
  log.info('Rooms are joined by invitation', { user: userId, invitesFrom: invitesFrom.slice(0, 200) });

  /** Apps open encrypted direct chats with an account that has keys, and there this bot must stay silent. */
  async function warnOfKeys(): Promise<void> {
    if (!(await port.hasEncryptionKeys(userId, options))) return;
    log.warn(
      'This Matrix account has encryption keys: apps will open encrypted chats with it, which the bot cannot use',
      { user: userId, remedy: 'set e2ee: true for the account, or log in as docs/matrix.md tells' },
    );
  }

  /** Direct chats that the account itself has noted, for the case that our own notes were lost. */
  async function learnDirect(): Promise<void> {
    const chats = json(await port.accountData(userId, 'm.direct', options));
    const listed = Object.values(chats).flatMap((list) => (Array.isArray(list) ? list : []));
    const found = listed.slice(0, 5_000).filter(isRoomId);
    const strange = found.some((roomId) => !memory.room(roomId)?.in);
    // A room that we opened ourselves, before anything of it was noted here (`tocsin setup`).
    const joined = new Set(strange ? await port.joinedRooms(options) : []);
    const ours = found.filter((roomId) => memory.room(roomId)?.in || joined.has(roomId));
    await Promise.all(ours.map((roomId) => memory.setRoom(roomId, { direct: true })));
  }

  await Promise.all([
    port.displayName(userId, options).then((name) => {
      names.displayName = name;
    }),
    e2ee ? undefined : warnOfKeys(),
    learnDirect(),
  ]).catch(() => {});
}

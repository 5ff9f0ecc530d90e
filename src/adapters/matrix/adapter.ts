import { TocsinError, codeOf, messageOf } from '../../core/errors.ts';
import type {
  AdapterDeps,
  AdapterHandlers,
  ChatAdapter,
  Incoming,
  Outgoing,
  SendOutcome,
} from '../../core/ports/chat-adapter.ts';
import { inOrderByKey } from '../../core/wakeable.ts';
import { publishedLine } from './cipher.ts';
import { offersOf } from './commands.ts';
import { DEFAULT_RATE, type MatrixAccount } from './config.ts';
import { COMMAND_PREFIX, again, createPreplace, deliver, pinEvent } from './deliver.ts';
import { roomWith } from './people.ts';
import { type MatrixPort, connectPort } from './port.ts';
import { factsOf } from './request.ts';
import { type Session, openSession } from './session.ts';
import { isEventId, isRoomId } from './untrusted.ts';

const STOP_MS = 1_500;
const HANDLER_MS = 120_000;
/** Synapse keeps transaction ids for 24 hours and clears them up every few minutes. */
const KEYS_HOLD_MS = 23 * 3_600_000;

/** One Matrix account. */
export function createAdapter(account: MatrixAccount, deps: AdapterDeps): ChatAdapter {
  const { clock, log } = deps;
  /** Aborts at `stop`: nothing more is received or begun. */
  const ending = new AbortController();
  /** Aborts when what was under way at `stop` had its time. */
  const cutting = new AbortController();
  // Sends to one room go out one after another, whatever the outbox has under way.
  const sends = inOrderByKey({ perKey: 1_000, total: 10_000 });
  /** Encrypted rooms are served by this account, but not from here, or not any more: that is no word about them. */
  const keysElsewhere = async (): Promise<boolean> =>
    account.e2ee ? !deps.rows : ((await deps.rows?.of('device')) ?? []).length > 0;
  const preplace = createPreplace({
    port: async () => (await open()).port,
    clock,
    log,
    signal: ending.signal,
    allowed: account.rate !== undefined,
  });
  const connect = (holds?: () => boolean): Promise<MatrixPort> =>
    connectPort(account.homeserver, account.accessToken, { proxy: deps.proxy, now: () => clock.now(), holds });
  let session: Session | null = null;
  let opening: Promise<Session> | null = null;
  let stopping: Promise<void> | null = null;

  function open(): Promise<Session> {
    opening ??= (async () => {
      const port = await connect(deps.holds);
      session = await openSession(account, deps, port, ending.signal);
      return session;
    })();
    opening.catch(() => {
      opening = null;
    });
    return opening;
  }

  /** An alert to a room of many brings no reactions of ours: it goes to many rooms at a time, and the text names the numbers. */
  function noteForReactions({ op, document, address }: Outgoing, outcome: SendOutcome): void {
    if (outcome.kind === 'retry' && outcome.reason === 'rate_limited') preplace.tooFast();
    if (outcome.kind !== 'delivered' || op !== 'send' || document.picture || document.file) return;
    if (document.tone === 'alert' && !session?.isDirect(address.chat)) return;
    const keys = offersOf(document).map(({ key }) => key);
    preplace.offer(address.chat, outcome.messageRef, keys);
  }

  return {
    accountId: account.id,
    platform: 'matrix',
    service: 'element',
    talk: { prefix: COMMAND_PREFIX, buttons: false, attachments: true, locations: 'message', place: 'room' },
    // Its keys go on in one place: whoever answers must be who sends.
    ...(account.e2ee ? { oneHolder: true as const } : {}),
    pace: { perSecond: account.rate ?? DEFAULT_RATE, perChatMs: 0, perGroupMinute: 0, window: 4 },
    keysHoldMs: KEYS_HOLD_MS,

    async start(handlers: AdapterHandlers) {
      const opened = await open();
      const emit = async (event: Incoming): Promise<void> => {
        const tooLong = new AbortController();
        try {
          const handled = handlers.incoming(event).then(() => true);
          // One handler that never ends must not hold up its room and the sync token for ever.
          const waited = clock.sleep(HANDLER_MS, AbortSignal.any([tooLong.signal, ending.signal]));
          const inTime = await Promise.race([handled, waited.then(() => false).catch(() => handled)]);
          if (!inTime) log.error('A handler of a Matrix event does not end: going on', { kind: event.kind });
        } catch (error) {
          log.error('A handler of a Matrix event failed', { kind: event.kind, error: String(error).slice(0, 300) });
        } finally {
          tooLong.abort();
        }
      };
      if (!account.e2ee && (await keysElsewhere()))
        log.warn('This account has served encrypted rooms before: they hear nothing while e2ee is not on');
      try {
        await opened.identify({ signal: ending.signal, timeoutMs: 5_000 });
        // Else what an operator must mend would be found out with the first message.
        await opened.cipher?.open({ signal: ending.signal, timeoutMs: 10_000 });
      } catch (error) {
        if (codeOf(error) === 'auth') throw refused(account, error);
        if (codeOf(error) === 'identity_changed' || codeOf(error) === 'config_invalid') throw error;
        void opened.unreachable(error);
      }
      opened.listen(emit);
    },

    async send(message, signal) {
      if (ending.signal.aborted) return again('canceled', 'stopped');
      const both = AbortSignal.any([signal, cutting.signal]);
      const sentNow = preplace.sending();
      try {
        const { chat } = message.address;
        if (sends.isFull(chat)) return again('client', 'too many sends under way', 1_000);
        const outcome = await sends(chat, () =>
          deliver(message, both, { open, cache: deps.cache, pictures: deps.pictures, keysElsewhere }),
        );
        noteForReactions(message, outcome);
        return outcome;
      } catch (error) {
        return again('server', `unexpected: ${String(error).slice(0, 200)}`);
      } finally {
        sentNow();
      }
    },

    async pin({ chat }, messageRef, signal) {
      if (!isRoomId(chat) || !isEventId(messageRef)) return false;
      const { port } = await open();
      return await pinEvent(port, chat, messageRef, AbortSignal.any([signal, cutting.signal]));
    },

    async privately(personId, signal) {
      const { port } = await open();
      const encrypted = account.e2ee === true && !(await keysElsewhere());
      return await roomWith(port, personId, { signal, timeoutMs: 15_000 }, encrypted);
    },

    health() {
      return session?.health() ?? { ok: false, problem: 'not started' };
    },

    login: {
      hasIdentity: true,
      async check(signal) {
        let port: MatrixPort | undefined;
        try {
          port = await connect();
          const { userId, deviceId } = await port.whoami({ signal, timeoutMs: 10_000 });
          const identity = { id: userId, name: userId };
          if (!account.e2ee) return { ok: true, problem: null, identity };
          const { ok, says } = await publishedLine(port, userId, deviceId, { signal });
          return ok ? { ok, problem: null, identity, detail: says } : { ok, problem: says, identity };
        } catch (error) {
          const { errcode, status } = factsOf(error);
          const other = status > 0 && errcode === null ? await port?.wellKnown({ signal }) : null;
          const hint = other ? `; its host names ${other} as the homeserver` : '';
          const problem = codeOf(error) === 'auth' ? refused(account, error).message : shortly(error) + hint;
          return { ok: false, problem };
        } finally {
          await port?.close().catch(() => {});
        }
      },
    },

    stop() {
      stopping ??= (async () => {
        ending.abort();
        const opened = await opening?.catch(() => null);
        const giveUp = new AbortController();
        const work = Promise.all([sends.idle(), opened?.idle()]);
        await Promise.race([work, clock.sleep(STOP_MS, giveUp.signal).catch(() => {})]);
        giveUp.abort();
        cutting.abort();
        await opened?.close();
      })();
      return stopping;
    },
  };
}

const shortly = (error: unknown): string => messageOf(error).slice(0, 200);

function refused(account: MatrixAccount, cause: unknown): TocsinError {
  const { errcode } = factsOf(cause);
  return new TocsinError(
    'auth',
    `Account "${account.id}": ${account.homeserver} does not accept the access token (${errcode ?? 'refused'}). It ends when its session is signed out or removed: get a new one (docs/matrix.md, "An access token") and put it into accessToken or MATRIX_ACCESS_TOKEN`,
    { account: account.id, homeserver: account.homeserver, errcode },
    cause,
  );
}

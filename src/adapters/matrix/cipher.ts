import { messageOf, TocsinError } from '../../core/errors.ts';
import type { AdapterDeps } from '../../core/ports/chat-adapter.ts';
import type { Log } from '../../core/ports/log.ts';
import { sayIn } from '../../i18n/packs.ts';
import type { MatrixAccount } from './config.ts';
import type { Encryption } from './crypto/encryption.ts';
import type { CallOptions, Json, MatrixPort, SyncAnswer } from './port.ts';
import { fingerprintOf, keepStanding } from './standing-kept.ts';
import { tame } from './text.ts';

/** The encryption of an account that serves encrypted rooms (`e2ee`); its library is loaded when it is opened first. */
export interface Cipher {
  /** Throws `config_invalid` for what an operator must mend, else what the homeserver or the database threw: then try again. */
  open(options: CallOptions): Promise<Encryption>;
  /** The same port, which shows what was encrypted as if it had not been. */
  reading(port: MatrixPort): MatrixPort;
  answered(answer: SyncAnswer, since: string | null): Promise<void>;
  /** Keys for these rooms, behind all else. */
  prepare(roomIds: readonly string[]): void;
  close(): void;
}

interface CipherParts {
  account: MatrixAccount;
  deps: AdapterDeps;
  port: MatrixPort;
  log: Log;
  signal: AbortSignal;
  /** Asked anew as long as it is not known. */
  whoami(options: CallOptions): Promise<{ userId: string; deviceId: string | null }>;
  late(roomId: string, events: Json[]): Promise<void>;
}

/** What broke is begun anew after this, ms: not at once, in case it breaks again. */
const ANEW_AFTER_MS = 5_000;

export function createCipher(parts: CipherParts): Cipher {
  const { account, deps, port, log, signal } = parts;
  let opening: Promise<Encryption> | null = null;
  let ended: TocsinError | null = null;

  function broken(error: TocsinError): void {
    ended = error;
    log.error('Encryption has broken: the account is begun anew, what is durable is whole', {
      error: messageOf(error),
    });
    void deps.clock
      .sleep(ANEW_AFTER_MS, signal)
      .then(() => deps.broken?.())
      .catch(() => undefined);
  }

  async function begin(options: CallOptions): Promise<Encryption> {
    const { rows, clock } = deps;
    const { userId, deviceId } = await parts.whoami(options);
    if (deviceId === null)
      throw new TocsinError(
        'config_invalid',
        `Account "${account.id}": its access token belongs to no session (device), and encryption needs one. Get a token by logging in (docs/matrix.md, "An access token"), or take out "e2ee"`,
        { account: account.id },
      );
    if (!rows) throw new TocsinError('internal', `Account "${account.id}": there is no place for encryption keys here`);
    const { startEncryption } = await import('./crypto/start.ts');
    const lang = account.lang ?? 'en';
    const opened = await startEncryption(
      {
        port,
        rows,
        clock,
        log,
        signal,
        identity: { userId, deviceId },
        broken,
        late: parts.late,
        unreadable: (sender) => ({
          msgtype: 'm.notice',
          body: sayIn(lang, 'encrypted.unreadable', { sender: tame(sender) }),
          'm.mentions': {},
        }),
      },
      options,
    );
    log.info('Encrypted Matrix rooms are served', { device: deviceId });
    void tellStanding(opened).catch((error: unknown) =>
      log.info('Unable to find out whether the device is cross-signed', { error: messageOf(error).slice(0, 200) }),
    );
    return opened;
  }

  /** How others see our device, for `tocsin status`; a word in the log where they may refuse it. */
  async function tellStanding({ crypto }: Encryption): Promise<void> {
    const [{ standing }, { linkOf }] = await Promise.all([
      import('./crypto/cross-signing.ts'),
      import('./crypto/link.ts'),
    ]);
    const link = linkOf(crypto, {
      need: (method, path, body) =>
        port.ask({ method, path, body: body ? JSON.stringify(body) : null }, { signal, timeoutMs: 30_000 }),
    });
    const now = await standing(link);
    await keepStanding(deps.state, link, now);
    if (now.signed) return;
    log.warn('The device is not signed by the identity of its account: apps that demand it hear nothing from the bot', {
      device: link.identity.deviceId,
      fingerprint: fingerprintOf(now.fingerprint),
      remedy: `stop the bot, run tocsin matrix verify --account ${account.id}, start it`,
    });
  }

  async function open(options: CallOptions): Promise<Encryption> {
    if (ended) throw ended;
    opening ??= begin(options);
    const asked = opening;
    try {
      return await asked;
    } catch (error) {
      if (opening === asked) opening = null;
      throw error;
    }
  }

  return {
    open,
    reading: (bare) => ({
      ...bare,
      async messages(roomId, range, options) {
        const { chunk, end } = await bare.messages(roomId, range, options);
        if (!Array.isArray(chunk)) return { chunk, end };
        const { read } = await open({ signal });
        const events: Json[] = [];
        for (const event of chunk) events.push(await read(roomId, event as Json));
        return { chunk: events, end };
      },
      async event(roomId, eventId, options) {
        const found = await bare.event(roomId, eventId, options);
        return found && (await readWithEdit(roomId, found, await open({ signal })));
      },
    }),
    async answered(answer, since) {
      await (await open({ signal })).take(answer, since);
    },
    prepare(roomIds) {
      if (roomIds.length === 0) return;
      void open({ signal })
        .then((encryption) => encryption.prepare(roomIds))
        .catch(() => undefined);
    },
    close: () => void opening?.then((encryption) => encryption.close()).catch(() => undefined),
  };
}

/** A message with the newest edit beside it. */
async function readWithEdit(roomId: string, event: Json, { read }: Encryption): Promise<Json> {
  const plain = await read(roomId, event);
  const unsigned = plain.unsigned as Json | undefined;
  const relations = unsigned?.['m.relations'] as Json | undefined;
  const edit = relations?.['m.replace'];
  if (typeof edit !== 'object' || edit === null) return plain;
  const replaced = { ...relations, 'm.replace': await read(roomId, edit as Json) };
  return { ...plain, unsigned: { ...unsigned, 'm.relations': replaced } };
}

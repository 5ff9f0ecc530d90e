import { TocsinError, messageOf } from '../../core/errors.ts';
import type { AdapterDeps } from '../../core/ports/chat-adapter.ts';
import type { Clock, DurableState, Log } from '../../core/ports/runtime.ts';
import { createBuckets } from '../../core/recent.ts';
import { sayIn } from '../../i18n/packs.ts';
import type { MatrixAccount } from './config.ts';
import type { Machine } from './crypto/cross-signing.ts';
import type { Encryption } from './crypto/encryption.ts';
import { type Published, publishedDevice } from './crypto/published.ts';
import type { Memory } from './memory.ts';
import type { MatrixPort } from './port.ts';
import type { CallOptions } from './request.ts';
import { entries, isEventId, type Json, json, list, type SyncAnswer, tame } from './untrusted.ts';

/** How our device stood when it was looked at last: what `tocsin status` shows without asking anybody. */

const KEY = 'encryption';

export const keepStanding = (
  state: DurableState,
  { identity }: Pick<Machine, 'identity'>,
  { fingerprint, signed }: Published,
): Promise<void> => state.set(KEY, { deviceId: identity.deviceId, fingerprint, signed });

/** As people compare it: in groups of four. */
export const fingerprintOf = (base64: string): string => (base64.match(/.{1,4}/g) ?? []).join(' ');

/** One line for people; null = nothing is known yet. */
export async function standingLine(state: Pick<DurableState, 'get'>): Promise<string | null> {
  const { deviceId, fingerprint, signed } = json(await state.get(KEY));
  if (typeof deviceId !== 'string' || typeof fingerprint !== 'string') return null;
  return standingText(deviceId, { fingerprint, signed: signed === true });
}

function standingText(deviceId: string, { fingerprint, signed }: Published): string {
  const how = signed ? 'cross-signed' : 'NOT cross-signed: tocsin matrix verify';
  return `encrypted rooms on; device ${deviceId}, fingerprint ${fingerprintOf(fingerprint)}, ${how}`;
}

/** The encryption of an account that serves encrypted rooms (`e2ee`); its library is loaded when it is opened first. */
export type Cipher = ReturnType<typeof createCipher>;

interface CipherParts {
  account: MatrixAccount;
  deps: AdapterDeps;
  port: MatrixPort;
  signal: AbortSignal;
  /** Asked anew as long as it is not known. */
  whoami(options: CallOptions): Promise<{ userId: string; deviceId: string | null }>;
  late(roomId: string, events: Json[]): Promise<void>;
  /** Our name, once it is known. */
  self(): string;
  /** Into a room, encrypted where that is. */
  say: MatrixPort['sendEvent'];
  /** Are we in this room, or invited? */
  isOurs(roomId: string): boolean;
}

/** What broke is begun anew after this, ms: not at once, in case it breaks again. */
const ANEW_AFTER_MS = 5_000;

export function createCipher(parts: CipherParts) {
  const { account, deps, signal } = parts;
  const { log } = deps;
  let opening: Promise<Encryption> | null = null;
  let ended: TocsinError | null = null;

  function broken(error: TocsinError): void {
    if (ended) return;
    ended = error;
    // What another process holds now goes on there.
    if (deps.holds?.() === false) return;
    log.error(
      error.code === 'config_invalid'
        ? 'The keys of encrypted rooms go on elsewhere: nothing more is sent with them here'
        : 'Encryption has broken: the account is begun anew, what is durable is whole',
      { error: messageOf(error) },
    );
    void deps.clock
      .sleep(ANEW_AFTER_MS, signal)
      .then(() => deps.broken?.())
      .catch(() => undefined);
  }

  async function begin(options: CallOptions): Promise<Encryption> {
    const { rows } = deps;
    const { userId, deviceId } = await parts.whoami(options);
    if (deviceId === null)
      throw new TocsinError(
        'config_invalid',
        `Account "${account.id}": its access token belongs to no session (device), and encryption needs one. Get a token by logging in (docs/matrix.md, "An access token"), or take out "e2ee"`,
        { account: account.id },
      );
    if (!rows) throw new TocsinError('internal', `Account "${account.id}": there is no place for encryption keys here`);
    const { startEncryption } = await import('./crypto/encryption.ts');
    const opened = await startEncryption(
      {
        ...deps,
        ...parts,
        rows,
        identity: { userId, deviceId },
        broken,
        renew() {
          log.info('Memory of many keys that were let go is given back: the account is begun anew');
          deps.broken?.();
        },
        unreadable: (sender) => noticeOf(sayIn(account.lang ?? 'en', 'encrypted.unreadable', { sender: tame(sender) })),
        signed: account.trust === 'signed',
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
    const { standing } = await import('./crypto/cross-signing.ts');
    const now = await standing(crypto);
    await keepStanding(deps.state, crypto, now);
    if (now.signed) return;
    log.warn('The device is not signed by the identity of its account: apps that demand it hear nothing from the bot', {
      device: crypto.identity.deviceId,
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

  const askedToVerify = createAskedToVerify({
    self: parts.self,
    lang: account.lang ?? 'en',
    say: (roomId, txnId, content) => parts.say(roomId, 'm.room.message', txnId, content, { signal }),
    ...deps,
  });

  const afterwards = (work: (encryption: Encryption) => unknown): void =>
    void open({ signal })
      .then(work)
      .catch(() => undefined);

  return {
    /** Throws `config_invalid` for what an operator must mend, else what the homeserver or the database threw: then try again. */
    open,
    /** The same port, which shows what was encrypted as if it had not been. */
    reading: (bare: MatrixPort): MatrixPort => ({
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
    async answered(answer: SyncAnswer, since: string | null) {
      const encryption = await open({ signal });
      await encryption.take(answer, since);
      if (since !== null && !encryption.isVerifying()) askedToVerify(answer);
    },
    /** Does what a terminal beside the bot wants verified. */
    serveTerminals() {
      afterwards(async (encryption) => {
        const { serveTerminals } = await import('./crypto/beside.ts');
        await serveTerminals({ ...deps, signal }, async (work) => {
          const outcome = await encryption.verifying(parts.say, work);
          await tellStanding(encryption);
          return outcome;
        });
      });
    },
    /** Keys for these rooms, behind all else. */
    prepare(roomIds: readonly string[]) {
      if (roomIds.length > 0) afterwards((encryption) => encryption.prepare(roomIds));
    },
    close: () => void opening?.then((encryption) => encryption.close()).catch(() => undefined),
  };
}

const noticeOf = (body: string): object => ({ msgtype: 'm.notice', body, 'm.mentions': {} });

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

const MAX_PLAIN = 10_000;
/** Without a word of the stream for longer, ms (it has one each half minute), rooms may have changed unseen as well. */
const HEARD_MS = 45_000;

/**
 * Keeps plain text out of encrypted rooms. `always`: asks before each message in the clear. Between the answer and the message, and between an event and its sync, the room may still become encrypted: both are
 * as short as a way to the server, and no client can close them.
 */
export function createEncryptionGuard(
  port: Pick<MatrixPort, 'stateContent'>,
  memory: Memory,
  clock: Pick<Clock, 'monotonic'>,
  always: boolean,
) {
  let plain = new Set<string>();
  let heardAt = Number.NEGATIVE_INFINITY;
  const wasSeen = (roomId: string): boolean => memory.room(roomId)?.encrypted === true;

  return {
    /** As far as it was seen, without asking: to be looked at once more right before something goes out in the clear. */
    wasSeen,
    /** Throws when it cannot be known: then nothing may be sent. */
    async isEncrypted(roomId: string, options: CallOptions): Promise<boolean> {
      if (wasSeen(roomId)) return true;
      // Whoever does not listen, or hears nothing, asks each time.
      if (!always && plain.has(roomId) && clock.monotonic() - heardAt <= HEARD_MS) return false;
      const before = plain;
      const state = await port.stateContent(roomId, 'm.room.encryption', options);
      if (state !== null) await memory.setRoom(roomId, { encrypted: true });
      // It may have been seen, or the stream interrupted, while we asked.
      if (wasSeen(roomId)) return true;
      if (before === plain && plain.size < MAX_PLAIN) plain.add(roomId);
      return false;
    },
    /** An `m.room.encryption` event was seen. */
    saw(roomId: string) {
      plain.delete(roomId);
      void memory.setRoom(roomId, { encrypted: true });
    },
    /** The stream of events goes on: all until now was seen. */
    heard() {
      heardAt = clock.monotonic();
    },
    /** The stream of events was interrupted: rooms may have changed unseen, so "not encrypted" is asked anew. */
    interrupted() {
      plain = new Set();
      heardAt = Number.NEGATIVE_INFINITY;
    },
  };
}

/** Somebody asks to verify the running bot while nobody sits at its terminal: they are told how it is done. */

interface Parts {
  self(): string;
  lang: string;
  /** Into a room, encrypted where that is. */
  say(roomId: string, txnId: string, content: object): Promise<unknown>;
  clock: Clock;
  log: Log;
}

const REQUEST = 'm.key.verification.request';
const MAX_ROOMS = 1_000;
const MAX_EVENTS = 200;
/** A request lives ten minutes. */
const MAX_AGE_MS = 600_000;

/** To be called with each answer whose timelines are decrypted. Never throws. */
export function createAskedToVerify({ self, lang, say, clock, log }: Parts): (answer: SyncAnswer) => void {
  const hourly = createBuckets({ burst: 1, perSecond: 1 / 3_600, most: MAX_ROOMS });
  /** True at most once in an hour, for a room or the log. */
  const first = (name: string): boolean => hourly.take(name, 1, clock.monotonic()) === 0;

  function noted(user: unknown): void {
    if (first('log'))
      log.warn('Somebody asks to verify the bot, which is done from a terminal', {
        user: String(user).slice(0, 255),
        remedy: 'run tocsin matrix verify --with anybody, and let them ask again',
      });
  }

  const isMeant = (event: Json): boolean => {
    const { msgtype, to } = json(event.content);
    const { age } = json(event.unsigned);
    const fresh = typeof age !== 'number' || age < MAX_AGE_MS;
    return event.type === 'm.room.message' && msgtype === REQUEST && to === self() && event.sender !== self() && fresh;
  };

  return (answer) => {
    const last = (part: unknown): Json[] => list(json(part).events).slice(-MAX_EVENTS);
    for (const event of last(answer.to_device)) if (event.type === REQUEST) noted(event.sender);
    for (const [roomId, room] of entries(json(answer.rooms).join)) {
      const asked = last(room.timeline).find(isMeant);
      if (!asked || !isEventId(asked.event_id)) continue;
      noted(asked.sender);
      if (!first(roomId)) continue;
      say(roomId, `verify.${asked.event_id.replace(/[^\w-]/g, '')}`, noticeOf(sayIn(lang, 'encrypted.verify'))).catch(
        (error: unknown) =>
          log.info('Unable to say in a room how the bot is verified', { error: String(error).slice(0, 200) }),
      );
    }
  };
}

/** How others see us, for people: one line, and whether all of them hear us. */
export async function publishedLine(
  port: Pick<MatrixPort, 'ask'>,
  userId: string,
  deviceId: string | null,
  options: CallOptions,
): Promise<{ ok: boolean; says: string }> {
  if (deviceId === null)
    return { ok: false, says: 'encrypted rooms: the access token belongs to no session; log in anew' };
  const found = await publishedDevice(port, { userId, deviceId }, options);
  if (!found) return { ok: true, says: `encrypted rooms on; device ${deviceId} has no keys yet` };
  return { ok: found.signed, says: standingText(deviceId, found) };
}

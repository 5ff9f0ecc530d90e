import TEXTS from '../../../../config/terminal-texts.json' with { type: 'json' };
import { messageOf, TocsinError } from '../../../core/errors.ts';
import type { Clock } from '../../../core/ports/runtime.ts';
import type { Asker, CompleteDeps } from '../../../core/ports/setup.ts';
import { filled } from '../../../i18n/packs.ts';
import { fingerprintOf } from '../cipher.ts';
import { connectPort, type MatrixPort } from '../port.ts';
import { factsOf } from '../request.ts';
import {
  hasRecovery,
  type Link,
  makeIdentity,
  makeRecovery,
  type Standing,
  signDevice,
  standing,
  takeIdentity,
} from './cross-signing.ts';
import { openDevice } from './encryption.ts';

const SAYS = TEXTS.keys;

/** From whatever state the account is in to a device that others accept, with whoever sits there (or by options alone). */

export interface SecureParts extends Pick<CompleteDeps, 'random' | 'keep'> {
  asker: Asker;
  /** The password of the account where it is known already, or null. */
  password: string | null;
  /** A new identity in the place of the one that is there. */
  reset: boolean;
  /** A new recovery key in the place of the one that is there. */
  renew: boolean;
  /** Options are named like this in front: "" for a command of its own, "matrix-" in the setup. */
  prefix: string;
}

/** How it stands at the end. `signed` false: whoever sits there left it for later, or wants to verify with another session. Throws what must be mended. */
export async function secure(link: Link, parts: SecureParts): Promise<Standing> {
  const { asker, reset, renew } = parts;
  const before = await standing(link);
  const { userId, deviceId } = link.identity;
  const how = before.signed ? 'cross-signed' : 'not cross-signed';
  const fingerprint = fingerprintOf(before.fingerprint);
  asker.say(filled(SAYS.stands, { user: userId, device: deviceId, how, fingerprint }));
  if (before.identity === 'none' || reset) {
    await makeIdentity(link, confirmation(link, parts), before.identity !== 'none');
    asker.say(reset ? SAYS.newIdentity : SAYS.firstIdentity);
  } else if (!before.signed) {
    if (before.identity === 'elsewhere' && !(await taken(link, parts))) return before;
    await signDevice(link);
    asker.say(SAYS.signedNow);
  }
  const after = await standing(link);
  if (after.identity === 'ours' && (reset || renew || !(await hasRecovery(link)))) await offerRecovery(link, parts);
  return after;
}

function confirmation({ identity }: Link, { asker, password, prefix }: SecureParts) {
  const flag = `${prefix}password-file`;
  return {
    userId: identity.userId,
    async password() {
      if (password !== null) return password;
      if (!asker.attended && !asker.given(flag)) return null;
      return await asker.ask({ kind: 'secret', flag, says: filled(SAYS.password, { user: identity.userId }) });
    },
    approve: asker.attended
      ? async (link: string) => {
          asker.say(filled(SAYS.approve, { user: identity.userId }));
          asker.link(link);
          await asker.ask({ kind: 'yes-no', flag: `${prefix}approved`, says: 'Is it approved?', initial: true });
        }
      : null,
  };
}

/** The identity was made in another app. True: its keys are here now. */
async function taken(link: Link, { asker, prefix }: SecureParts): Promise<boolean> {
  const flag = `${prefix}recovery-key-file`;
  if (!asker.attended && !asker.given(flag))
    throw new TocsinError('usage', filled(SAYS.elsewhere, { user: link.identity.userId, flag }));
  asker.say(SAYS.elsewhereAsk);
  for (;;) {
    const has = { flag: `${prefix}has-recovery-key`, says: 'Do you have the recovery key?', initial: true };
    if (!asker.given(flag) && (await asker.ask({ kind: 'yes-no', ...has })) !== 'yes') return false;
    const typed = await asker.ask({ kind: 'secret', flag, says: 'The recovery key' });
    try {
      await takeIdentity(link, typed);
      return true;
    } catch (error) {
      if (!(error instanceof TocsinError) || error.code !== 'usage') throw error;
      asker.wrong(messageOf(error));
    }
  }
}

/** Shown once, to somebody; or into a file, where that is wished. */
async function offerRecovery(link: Link, { asker, prefix, random, keep }: SecureParts): Promise<void> {
  const flag = `${prefix}save-recovery-key`;
  if (!asker.attended && !asker.given(flag)) return asker.say(filled(SAYS.noRecovery, { flag }));
  const file = await asker.ask({
    kind: 'text',
    flag,
    says: 'A file to keep the recovery key in (empty: it is only shown, once)',
    example: 'recovery-key.txt',
    initial: '',
  });
  const show = (recoveryKey: string): void => {
    asker.say(filled(SAYS.recoveryShown, { user: link.identity.userId }));
    asker.say(`\n    ${recoveryKey}\n`);
  };
  await makeRecovery(link, random, (recoveryKey) => {
    if (file.trim() === '') return show(recoveryKey);
    try {
      keep(file.trim(), recoveryKey);
      asker.say(filled(SAYS.recoveryKept, { file: file.trim() }));
    } catch (error) {
      if (!asker.attended) throw error;
      asker.wrong(messageOf(error));
      show(recoveryKey);
    }
  });
}

/** Opens the keys of an account for a command, while no bot runs with them. */

const LAST_WORDS_MS = 3_000;

type Parts = Pick<CompleteDeps, 'proxy' | 'rows' | 'clock' | 'ids' | 'log' | 'signal'> & {
  homeserver: string;
  accessToken: string;
};

/** Throws what whoever runs this must mend. */
export async function openLink(parts: Parts) {
  const { clock, signal } = parts;
  await using ends = new AsyncDisposableStack();
  const over = new AbortController();
  ends.defer(() => over.abort());
  const reach = { ...parts, now: () => clock.now(), signal: lasting(signal, clock, over.signal) };
  const port = await connectPort(parts.homeserver, parts.accessToken, reach);
  ends.defer(() => port.close());
  const identity = await sessionOf(port, parts.homeserver);
  const { crypto } = await openDevice({ ...parts, identity, port, broken: () => {} }, { signal });
  ends.defer(() => crypto.close());
  const all = ends.move();
  return { link: { ...crypto, port }, close: () => all.disposeAsync() };
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

/** Of the access token. Throws where it is no session of its own. */
export async function sessionOf(port: Pick<MatrixPort, 'whoami'>, homeserver: string) {
  const { userId, deviceId } = await port.whoami().catch((error: unknown) => {
    if (factsOf(error).status > 0) throw error;
    throw new TocsinError('server', `${homeserver} cannot be reached (${messageOf(error)})`, {}, error);
  });
  if (deviceId !== null) return { userId, deviceId };
  throw new TocsinError('client', SAYS.noSession);
}

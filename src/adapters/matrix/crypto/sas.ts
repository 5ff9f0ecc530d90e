/** One interactive verification: both sides see the same seven emoji, or somebody sits between them. */
import type { Sas, VerificationRequest } from '@matrix-org/matrix-sdk-crypto-wasm';
import type { Sdk } from './engine.ts';
import type { MachineRequest } from './requests.ts';

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
  /** Indices of seven emoji (`signs.ts`); are they the same there? The signal aborts when it does not matter any more. */
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

export interface FlowParts {
  sdk: Sdk;
  witness: Witness;
  /** Sends what the machine made, to a device or into a room. */
  send(request: MachineRequest): Promise<void>;
  /** Milliseconds that only grow. */
  monotonic(): number;
  /** The person has answered: whoever waits for the network looks again. */
  wake(): void;
}

export interface Flow {
  /** Looks how it stands and does what is next; to be called after whatever came, and now and then. Null = it goes on. */
  step(): Promise<Outcome | null>;
  /** Ends it for the other side, too. */
  cancel(): Promise<void>;
}

/** Where they asked, they may also begin; we do, when they have not after this. */
const THEIR_TURN_MS = 5_000;
/** The specification gives the whole ten minutes from the request. */
const LONGEST_MS = 600_000;
const MISMATCH = 'm.mismatched_sas';

/** `subject`: a request to verify, or a verification that the other side began without one. */
export function verification(subject: VerificationRequest | Sas, parts: FlowParts): Flow {
  const { sdk, witness, send, monotonic, wake } = parts;
  const began = monotonic();
  const over = new AbortController();
  const request = 'phase' in subject ? subject : null;
  let sas: Sas | null = request ? null : (subject as Sas);
  /** What the person said, once; "asked" while they think. */
  let consent: 'unasked' | 'asked' | 'yes' | 'no' = 'unasked';
  let verdict: 'unasked' | 'asked' | 'yes' | 'no' = 'unasked';
  let readySince: number | null = null;
  let starting = false;
  /** The person left without an answer. */
  let left = false;

  const who = (): Party => ({
    userId: (sas ?? request!).otherUserId.toString(),
    deviceId: (sas ?? request!).otherDeviceId?.toString() ?? null,
    own: (sas ?? request!).isSelfVerification(),
  });

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
    if (consent === 'no') return { end: 'declined', who: who() };
    return { end: 'cancelled', who: who(), code, byUs };
  }

  /** Asks the person, without waiting for the answer. */
  function consult(ask: Promise<boolean>, then: (yes: boolean) => void): void {
    ask
      .then(then, () => {
        left = true;
      })
      .finally(wake);
  }

  async function cancel(): Promise<void> {
    const made = sas ? (verdict === 'no' ? sas.cancelWithCode(MISMATCH) : sas.cancel()) : request?.cancel();
    if (made) await send(made as MachineRequest);
  }

  async function stepRequest(open: VerificationRequest): Promise<Outcome | null> {
    if (open.isPassive()) return { end: 'elsewhere', who: who() };
    const { Requested, Ready, Transitioned } = sdk.VerificationRequestPhase;
    const phase = open.phase();
    if (phase === Requested && !open.weStarted()) {
      if (consent === 'unasked') {
        consent = 'asked';
        consult(witness.accepts(who(), over.signal), (yes) => {
          consent = yes ? 'yes' : 'no';
        });
      }
      if (consent === 'no') await cancel();
      if (consent === 'yes') {
        const accepted = open.acceptWithMethods([sdk.VerificationMethod.SasV1]);
        if (accepted) await send(accepted as MachineRequest);
      }
    }
    if (phase === Ready) {
      readySince ??= monotonic();
      const ours = open.weStarted() || monotonic() - readySince >= THEIR_TURN_MS;
      if (ours && !starting) {
        starting = true;
        const begun = await open.startSas();
        if (begun) await send(begun[1] as MachineRequest);
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
    if (request === null && consent === 'unasked') {
      consent = 'asked';
      consult(witness.accepts(who(), over.signal), (yes) => {
        consent = yes ? 'yes' : 'no';
      });
    }
    if (consent === 'no') return cancel();
    if (!open.weStarted() && !open.hasBeenAccepted() && (request !== null || consent === 'yes')) {
      const accepted = open.accept();
      if (accepted) await send(accepted as MachineRequest);
    }
    const emoji = open.canBePresented() ? open.emojiIndex() : undefined;
    if (emoji && verdict === 'unasked') {
      verdict = 'asked';
      consult(witness.compare([...emoji], who(), over.signal), (yes) => {
        verdict = yes ? 'yes' : 'no';
      });
    }
    if (verdict === 'no') return cancel();
    if (verdict === 'yes' && !open.haveWeConfirmed())
      for (const one of await open.confirm()) await send(one as MachineRequest);
  }

  return {
    async step() {
      for (let before = ''; ; ) {
        if (request?.isDone() || (request === null && sas?.isDone())) return ended({ end: 'done', who: who() });
        if (sas?.isCancelled()) return ended(ofCancel(sas.cancelInfo()));
        if (request?.isCancelled()) return ended(ofCancel(request.cancelInfo));
        if (monotonic() - began >= LONGEST_MS || request?.timedOut() || sas?.timedOut()) {
          await cancel();
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
    async cancel() {
      await cancel();
      over.abort(new Error('the verification is over'));
    },
  };
}

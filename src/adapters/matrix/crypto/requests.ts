import type {
  KeysClaimRequest,
  OlmMachine,
  RequestType,
  SignatureUploadRequest,
  ToDeviceRequest,
} from '@matrix-org/matrix-sdk-crypto-wasm';
import { TocsinError } from '../../../core/errors.ts';
import type { AskedOf, Json } from '../port.ts';
import { askForDevices } from './devices.ts';
import type { Sdk } from './engine.ts';

/** One request to the homeserver with our token, one attempt. Throws a `TocsinError` with `FailureFacts` (`port.ts`). */
export type Ask = (request: AskedOf, signal: AbortSignal) => Promise<Json>;

/** Anything that the machine wants sent. */
export type Wanted =
  | Awaited<ReturnType<OlmMachine['outgoingRequests']>>[number]
  | KeysClaimRequest
  | ToDeviceRequest
  | SignatureUploadRequest;

/** Of each kind of request its fields; which of them there are depends on the kind. */
export interface MachineRequest {
  readonly type: RequestType;
  readonly id: string | undefined;
  readonly body: string;
  readonly event_type?: string;
  readonly txn_id?: string;
  readonly room_id?: string;
}

/** A call of the machine: within its time, and never after it broke. */
export type Run = <T>(name: string, call: (machine: OlmMachine) => Promise<T> | T) => Promise<T>;

export interface Pump {
  /**
   * Sends all that the machine wants sent of its own (keys, questions for devices, answers to verifications), until it wants nothing. Several calls
   * share one round; one that comes while a round is under way waits for the next. Throws what the first failing request threw, after trying the others
   * (a refusal only where nothing else failed); what failed is wanted again at the next call.
   */
  flush(): Promise<void>;
  /** Sends one request and gives the answer to the machine. */
  send(request: Wanted): Promise<void>;
}

/**
 * Did the server refuse the request itself, so that trying again may never help? That keeps no message back: all that it holds for others goes on without.
 * A refused question for devices is none: without its answer, people would be left out.
 */
export const isRefusal = (error: unknown): boolean =>
  error instanceof TocsinError &&
  typeof error.facts.refused === 'string' &&
  !error.facts.refused.endsWith('/keys/query');

const SIDE_BY_SIDE = 4;
const MAX_ROUNDS = 20;

export function createPump({ sdk, run, ask, signal }: { sdk: Sdk; run: Run; ask: Ask; signal: AbortSignal }): Pump {
  let running: Promise<void> | null = null;
  let next: Promise<void> | null = null;

  async function send(request: Wanted): Promise<void> {
    const type = request.type as RequestType;
    const { id } = request;
    const asked = askedOf(sdk, request as MachineRequest);
    // A backup of keys on the server: we have none, so the machine never asks.
    if (asked === null || id === undefined) return;
    const isQuestion = type === sdk.RequestType.KeysQuery;
    const answer = await (isQuestion ? askForDevices(asked, ask, signal) : ask(asked, signal));
    await run('markRequestAsSent', (machine) => machine.markRequestAsSent(id, type, JSON.stringify(answer)));
  }

  async function all(): Promise<void> {
    let before = '';
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const wanted = await run('outgoingRequests', (machine) => machine.outgoingRequests());
      // A server that knows nothing of somebody is asked again and again: with the next flush.
      const now = JSON.stringify(wanted.map(({ type, body }) => [type, body]));
      if (wanted.length === 0 || now === before) return;
      before = now;
      const refused: unknown[] = [];
      await inTurns(wanted, async (one) => {
        try {
          await send(one);
        } catch (error) {
          if (!isRefusal(error)) throw error;
          refused.push(error);
        }
      });
      if (refused.length > 0) throw refused[0];
    }
  }

  function begin(): Promise<void> {
    const round = all().finally(() => {
      if (running === round) running = null;
    });
    running = round;
    return round;
  }

  return {
    flush() {
      if (!running) return begin();
      next ??= running
        .catch(() => undefined)
        .then(() => {
          next = null;
          return begin();
        });
      return next;
    },
    send,
  };
}

/** Some at a time; all are tried, then it throws what the first failing one threw. */
export async function inTurns<T>(list: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
  const left = [...list];
  let failed: { error: unknown } | null = null;
  const worker = async (): Promise<void> => {
    for (let one = left.shift(); one !== undefined; one = left.shift())
      try {
        await work(one);
      } catch (error) {
        failed ??= { error };
      }
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, worker));
  if (failed !== null) throw (failed as { error: unknown }).error;
}

/** The call that the machine wants; null = it is none that goes out as it is: what a verification says in a room is encrypted first (`in-room.ts`). */
export function askedOf({ RequestType: Types }: Sdk, request: MachineRequest): AskedOf | null {
  const { type, body, event_type: eventType = '', txn_id: txnId } = request;
  const post = (path: string): AskedOf => ({ method: 'POST', path: `/_matrix/client/v3/${path}`, body });
  if (type === Types.KeysUpload) return post('keys/upload');
  if (type === Types.KeysQuery) return post('keys/query');
  if (type === Types.KeysClaim) return post('keys/claim');
  if (type === Types.SignatureUpload) return post('keys/signatures/upload');
  if (type !== Types.ToDevice || txnId === undefined) return null;
  const path = `/_matrix/client/v3/sendToDevice/${encodeURIComponent(eventType)}/${encodeURIComponent(txnId)}`;
  return { method: 'PUT', path, body };
}

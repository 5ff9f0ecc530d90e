/** The crypto machine and its homeserver, for what needs an answer of the homeserver (`requests.ts` sends what needs none). */
import type { OlmMachine } from '@matrix-org/matrix-sdk-crypto-wasm';
import { TocsinError } from '../../../core/errors.ts';
import type { Json } from '../port.ts';
import { json } from '../sync-answer.ts';
import type { Calls } from './calls.ts';
import type { Sdk } from './engine.ts';
import { askedOf, type MachineRequest } from './requests.ts';

/** What is needed of an open machine (`open.ts`). */
export interface Opened {
  readonly sdk: Sdk;
  readonly identity: { userId: string; deviceId: string };
  run<T>(name: string, call: (machine: OlmMachine) => Promise<T> | T): Promise<T>;
  /** Sends all that the machine wants sent of its own. */
  flush(): Promise<void>;
}

export interface Link extends Opened {
  /** Carries out one request of the machine, tells it what was answered, and returns that. Into rooms only by `speaking` (`in-room.ts`). */
  carry(request: MachineRequest): Promise<Json>;
}

export function linkOf({ sdk, identity, run, flush }: Opened, calls: Pick<Calls, 'need'>): Link {
  return {
    sdk,
    identity,
    run,
    flush,
    async carry(request) {
      const { id, type } = request;
      const asked = askedOf(sdk, request);
      if (asked === null) throw new TocsinError('internal', `the crypto machine asks for something unknown (${type})`);
      const answer = await calls.need(asked.method, asked.path, json(JSON.parse(request.body)));
      if (type === sdk.RequestType.SignatureUpload) allTaken(answer);
      if (id !== undefined)
        await run('markRequestAsSent', (machine) => machine.markRequestAsSent(id, type, JSON.stringify(answer)));
      return answer;
    },
  };
}

/** The server answers 200 also where it took none of the signatures. */
function allTaken(answer: Json): void {
  const failed = Object.values(json(answer.failures)).flatMap((byKey) => Object.values(json(byKey)));
  if (failed.length === 0) return;
  const said = json(failed[0]).errcode;
  throw new TocsinError(
    'client',
    `the homeserver does not take the signature (${typeof said === 'string' ? said.slice(0, 60) : 'no reason given'})`,
  );
}

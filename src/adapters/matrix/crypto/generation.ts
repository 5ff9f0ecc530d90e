import { TocsinError } from '../../../core/errors.ts';
import type { Ids } from '../../../core/ports/runtime.ts';
import { oneMore } from '../../../core/wakeable.ts';
import type { MatrixPort } from '../port.ts';
import type { CallOptions } from '../request.ts';
import { type Json, json, list, RUN } from '../untrusted.ts';
import type { CryptoParts } from './machine.ts';

/** Account data of ours: by device the number of the last step of its keys. */
const NUMBER = 'org.tocsin.encryption';
const NUMBERS = 'generation';
const RUNS = 'run';
const TIMEOUT_MS = 30_000;

/** Tells keys that go on from those that come back: a copy of the database may be a second old, and may run beside the one it was made of. */
export type Generation = Awaited<ReturnType<typeof openGeneration>>;

type GenerationParts = Pick<CryptoParts, 'rows' | 'identity' | 'signal' | 'broken'> & {
  port: Pick<MatrixPort, 'accountData' | 'setAccountData'>;
  ids: Pick<Ids, 'next'>;
};

/**
 * Each step of the keys that others may come to know of is durable first, then it is counted here (in the database, then at the homeserver), then it is done. So a database whose number is lower than
 * the homeserver's lacks steps that were done, however young it is, and a crash loses none.
 *
 * Two that go on from the same state: whoever begins says so, then reads the number; whoever counts writes the number, then reads who has begun. One of them sees the other.
 *
 * Throws `config_invalid` for an old copy, before anything is written.
 */
export async function openGeneration(
  { rows, port, identity, ids, signal, broken }: GenerationParts,
  options: CallOptions,
) {
  const { userId, deviceId } = identity;
  const kept = async (bucket: string): Promise<unknown> => {
    const value = await rows.get(bucket, deviceId);
    return value === null ? null : JSON.parse(Buffer.from(value).toString());
  };
  const row = (bucket: string, value: unknown) => ({
    bucket,
    key: deviceId,
    value: Buffer.from(JSON.stringify(value)),
  });
  const shown = async (type: string, within: CallOptions): Promise<unknown> =>
    json(await port.accountData(userId, type, within))[deviceId];
  // Of other devices nothing is kept: they are never used again.
  const show = (type: string, value: unknown, within: CallOptions): Promise<void> =>
    port.setAccountData(userId, type, { [deviceId]: value }, within);
  let number = read(await kept(NUMBERS));
  const before = json(await kept(RUNS));
  let run: unknown = before.run;
  let lost: TocsinError | null = null;

  function assertNewest(known: number, claimed: unknown): void {
    // A start that was cut off has not said that it goes on.
    const isOurs = run === undefined || claimed === undefined || claimed === run || claimed === before.from;
    if (known > number || !isOurs) throw oldCopy(identity, { known, current: number });
  }

  function stop(error: unknown): never {
    if (!lost) {
      lost = error instanceof TocsinError ? error : new TocsinError('internal', String(error).slice(0, 200));
      broken(lost);
    }
    throw lost;
  }

  function saw(claimed: unknown): void {
    if (typeof claimed === 'string' && claimed !== run) stop(oldCopy(identity, { current: number }));
  }

  async function raise(): Promise<void> {
    if (lost) throw lost;
    const within = { signal, timeoutMs: TIMEOUT_MS };
    // A standby that lags and was promoted takes over from under us.
    if (read(await kept(NUMBERS)) !== number) stop(oldCopy(identity, { known: number }));
    number++;
    await rows.write([row(NUMBERS, number)]).catch(stop);
    await show(NUMBER, number, within);
    saw(await shown(RUN, within));
  }

  const [known, from] = await Promise.all([shown(NUMBER, options), shown(RUN, options)]);
  assertNewest(read(known), from);
  return {
    /** From here on the keys go on here. Throws as above, where somebody else was faster. */
    async begin() {
      const mine = ids.next();
      await rows.write([row(NUMBERS, number + 1), row(RUNS, { run: mine, from })]);
      await show(RUN, mine, options);
      try {
        assertNewest(read(await shown(NUMBER, options)), from);
      } catch (error) {
        // Whoever was faster goes on, if need be when begun anew.
        await show(RUN, from, options).catch(() => undefined);
        throw error;
      }
      [number, run] = [number + 1, mine];
      await show(NUMBER, number, options);
    },
    /** Resolves when all steps that are durable by now are counted; several share one count. Throws where it could not be: then nothing may be done with them. */
    count: oneMore(raise),
    /** Of an answer to a sync: somebody else has begun with the same keys. */
    saw(answer: Json) {
      for (const { type, content } of list(json(answer.account_data).events))
        if (type === RUN) saw(json(content)[deviceId]);
    },
  };
}

const read = (value: unknown): number => (typeof value === 'number' && Number.isSafeInteger(value) ? value : 0);

const oldCopy = ({ userId, deviceId }: CryptoParts['identity'], facts: Record<string, number>): TocsinError =>
  new TocsinError(
    'config_invalid',
    `The encryption keys in the database are an old copy: the session ${deviceId} of ${userId} went on since, or goes on in another bot. Nothing more is sent with them: stop the other bot where there is one, then log in anew for a new session (npx tocsin setup; docs/matrix.md, "After a restore")`,
    facts,
  );

import type { Client } from 'pg';
import { TocsinError } from '../../core/errors.ts';
import type { PostgresAddress, SessionAttrs } from '../../core/model/postgres-address.ts';

export interface Hosts {
  /** The address of the server that will do, found anew after `doubt`. Throws where none will. */
  find(): Promise<string>;
  /** That which was found last. */
  current(): string;
  /** It may be another by now. */
  doubt(): void;
  /** Rises with each doubt: connections from before may lead to the wrong server. */
  generation(): number;
}

const ASK = 'select pg_is_in_recovery() as standby, current_setting($$transaction_read_only$$) as "readOnly"';

/**
 * Of several hosts the one that answers as `target_session_attrs` wants. In order, as libpq does; where only the one primary will do, all are asked
 * at once, so that a machine that swallows what is sent to it holds up nobody.
 */
export function hostsOf(address: PostgresAddress, connect: (url: string) => Promise<Client>): Hosts {
  const { each, attrs } = address;
  let found: Promise<string> | null = null;
  let last = each[0]!;
  let generation = 0;

  const suits = async (url: string, wanted: SessionAttrs): Promise<string> => {
    const client = await connect(url);
    try {
      if (wanted === 'any') return url;
      const { rows } = await client.query<{ standby: boolean; readOnly: string }>(ASK);
      if (fits(wanted, rows[0]!)) return url;
      throw new TocsinError('store_failed', `The server that answers is not "${wanted}" (target_session_attrs).`, {
        reason: 'no server that will do',
      });
    } finally {
      void client.end().catch(() => undefined);
    }
  };
  const inOrder = async (wanted: SessionAttrs): Promise<string> => {
    let failure: unknown;
    for (const url of each) {
      try {
        return await suits(url, wanted);
      } catch (error) {
        failure = error;
      }
    }
    throw failure;
  };
  const search = async (): Promise<string> => {
    if (attrs === 'prefer-standby') return inOrder('standby').catch(() => inOrder('any'));
    if (attrs !== 'read-write' && attrs !== 'primary') return inOrder(attrs);
    return Promise.any(each.map((url) => suits(url, attrs))).catch((error: AggregateError) => {
      // One that answers, and will not do, says more than one that does not answer.
      throw error.errors.find((one) => one instanceof TocsinError) ?? error.errors[0];
    });
  };

  return {
    async find() {
      if (each.length === 1 && attrs === 'any') return last;
      found ??= search();
      const asked = found;
      try {
        last = await asked;
        return last;
      } catch (error) {
        if (found === asked) found = null;
        throw error;
      }
    },
    current: () => last,
    doubt() {
      found = null;
      generation++;
    },
    generation: () => generation,
  };
}

function fits(wanted: SessionAttrs, { standby, readOnly }: { standby: boolean; readOnly: string }): boolean {
  if (wanted === 'primary') return !standby;
  if (wanted === 'standby') return standby;
  return (readOnly === 'on') === (wanted === 'read-only');
}

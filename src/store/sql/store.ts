import { afterwards } from '../../core/errors.ts';
import type { Clock, Tools } from '../../core/ports/runtime.ts';
import type { Store, StoreFault, Tables } from '../../core/ports/store.ts';
import { forgettable, keyvNow } from '../keyv.ts';
import { alertTable, broadcastTable, noticeTable } from './alerts.ts';
import { digest, dump, restore, spooled } from './backup.ts';
import { chatTable } from './chats.ts';
import { measurementTable, postTable, reportTable, seenTable } from './evidence.ts';
import { incidentTable } from './incidents.ts';
import { boardTable, linkTable } from './links.ts';
import { outbox } from './outbox/index.ts';
import { createPrune } from './prune.ts';
import { readerTable } from './readers.ts';
import type { Session } from './session.ts';
import { durableRows, durableState, sourceStates } from './states.ts';
import { silenceTable, subscriptionTable } from './subscriptions.ts';

/** A session that sees one moment of the database, for long reads beside writers. While it is open the journal grows: end it soon. */
export interface Snapshot {
  session: Session;
  end(): Promise<void>;
}

interface SqlStoreParts extends Pick<Tools, 'clock' | 'log'> {
  session: Session;
  snapshot(): Promise<Snapshot>;
  /** Where the lines of an export may lie until they are read. */
  spoolIn?: readonly string[];
  verify?(): Promise<StoreFault | null>;
  close(): Promise<void>;
}

export function sqlStore({ session, clock, log, snapshot, spoolIn = [], verify, close }: SqlStoreParts): Store {
  return {
    ...tables(session, clock),
    transaction: (work) => session.atomically((inner) => work(tables(inner, clock)), 'once'),
    cache: (namespace) => forgettable(session, namespace, clock, log),
    sourceStates: sourceStates(session),
    async *dump(withKeys) {
      const seen = await snapshot();
      yield* spooled(dump(seen.session, clock.now(), withKeys), spoolIn, seen.end);
    },
    verify: verify ?? (async () => null),
    restore: (lines) => restore(session, lines),
    async digest() {
      const seen = await snapshot();
      await using _ = afterwards(() => seen.end());
      return await digest(seen.session);
    },
    prune: createPrune(session, () => clock.monotonic(), keyvNow),
    close,
  };
}

const tables = (session: Session, clock: Clock): Tables => ({
  seen: seenTable(session),
  incidents: incidentTable(session),
  reports: reportTable(session),
  alerts: alertTable(session),
  broadcasts: broadcastTable(session),
  chats: chatTable(session, clock),
  subscriptions: subscriptionTable(session),
  silences: silenceTable(session),
  outbox: outbox(session),
  measurements: measurementTable(session),
  links: linkTable(session),
  notices: noticeTable(session),
  boards: boardTable(session),
  posts: postTable(session),
  readers: readerTable(session),
  state: (namespace) => durableState(session, namespace),
  rows: (namespace) => durableRows(session, namespace),
});

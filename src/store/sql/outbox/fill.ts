import { TocsinError } from '../../../core/errors.ts';
import type { Broadcast } from '../../../core/model/alert.ts';
import type { FillResult, Outbox } from '../../../core/ports/outbox.ts';
import { broadcastTable } from '../broadcasts.ts';
import { levelNo, MAX_BROADCAST } from '../codes.ts';
import { commitLater } from '../commit-later.ts';
import type { Session } from '../session.ts';
import { fillAll } from './fill-all.ts';
import { fillHolders } from './fill-holders.ts';
import { anySilence, type FillJob, jobMatchers } from './fill-job.ts';
import { fillOthers } from './fill-others.ts';
import { anyLink, copyToSpares } from './spares.ts';

export const fill =
  (session: Session): Outbox['fill'] =>
  (broadcast, plan) =>
    session.atomically(async (inner): Promise<FillResult> => {
      if (!session.inside) await commitLater(inner);
      const row = await inner.db
        .selectFrom('broadcasts')
        .select(['no', 'alert_no', 'lane', 'kind', 'loud', 'phase', 'cursor', 'state'])
        .where('id', '=', broadcast.id)
        .executeTakeFirst();
      if (!row)
        throw new TocsinError('store_failed', 'This broadcast is not in the database.', { broadcast: broadcast.id });
      if (row.no > MAX_BROADCAST)
        throw new TocsinError('store_failed', 'The database has no numbers for broadcasts left.');
      const table = broadcastTable(inner);
      if (row.state === 'done') return { written: 0, broadcast: (await table.get(broadcast.id))! };

      const job: FillJob = {
        session: inner,
        broadcastNo: row.no,
        alertNo: row.alert_no,
        priority: row.lane,
        loud: row.loud === 1,
        level: levelNo(plan.level),
        matchers: await jobMatchers(inner, row.alert_no, plan.matchers),
        supersedes: plan.supersedes,
        now: plan.now,
        chunk: Math.max(1, Math.trunc(plan.chunk)),
        cursor: row.cursor,
        silences: await anySilence(inner, plan.now),
        links: await anyLink(inner),
      };
      const holders = row.phase === 'holders';
      const step = row.kind === 'announce' ? fillAll : holders ? fillHolders : fillOthers;
      const { written: own, reach } = await step(job);
      const written = own + (reach === null || row.kind === 'announce' ? 0 : await copyToSpares(job, reach));
      const next: Pick<Broadcast, 'phase' | 'cursor' | 'state'> =
        reach !== null
          ? { phase: holders ? 'holders' : 'others', cursor: reach.high, state: 'filling' }
          : holders && plan.othersToo
            ? { phase: 'others', cursor: 0, state: 'filling' }
            : { phase: holders ? 'holders' : 'others', cursor: row.cursor, state: 'done' };
      await inner.db.updateTable('broadcasts').set(next).where('no', '=', row.no).execute();
      return { written, broadcast: (await table.get(broadcast.id))! };
    });

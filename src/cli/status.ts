import { adapterKinds } from '../adapters/index.ts';
import type { Config } from '../config/schema.ts';
import { ANY } from '../core/model/chat.ts';
import { iso } from '../core/model/facts.ts';
import type { LeaseBoard } from '../core/ports/leases.ts';
import { quietLog } from '../core/ports/runtime.ts';
import type { Store } from '../core/ports/store.ts';
import { isPresent, isRecordAlone } from '../core/state/fold.ts';
import { createWorld } from '../core/state/world.ts';
import { paintFor } from '../platform/log.ts';
import { sourceKinds } from '../sources/index.ts';
import { together } from './check.ts';
import { lastBeat, looking } from './open-database.ts';
import { counted, optionsOf } from './runtime.ts';

/** Which processes live on the database, and who holds what since when; `nobody`: held by a process that is not seen any more. */
export function sharesOf({ processes, leases }: LeaseBoard) {
  const live = new Set(processes.map(({ id }) => id));
  const holds = (id: string) =>
    leases
      .filter((one) => one.processId === id && one.endsIn > 0)
      .map(({ name, since }) => ({ lease: name, since: iso(since) }));
  return {
    processes: processes.map(({ id, label, roles, startedAt, waitsFor }) => ({
      process: label,
      roles,
      startedAt: iso(startedAt),
      holds: holds(id),
      waitsFor,
    })),
    nobody: leases.filter((one) => one.endsIn <= 0 || !live.has(one.processId)).map(({ name }) => name),
  };
}

/** For people: a line a process. Nothing where one process has the database to itself. */
export const shareLines = ({ processes, nobody }: ReturnType<typeof sharesOf>): string[] => [
  ...processes.map(
    ({ process, startedAt, holds, waitsFor }) =>
      `Process ${process} since ${startedAt}: holds ${holds.map(({ lease, since }) => `${lease} (since ${since})`).join(', ') || 'nothing'}; waits for ${waitsFor.join(', ') || 'nothing'}.`,
  ),
  ...(nobody.length > 0 ? [`Nobody holds ${nobody.join(', ')} at this moment.`] : []),
];

/** What a platform has to tell of an account, where it has. */
async function aboutAccounts(config: Config, store: Store): Promise<{ id: string; about: string }[]> {
  const all = await Promise.all(
    config.accounts.map(async (account) => {
      const kind = adapterKinds.find(({ platform }) => platform === account.platform);
      return { id: account.id, about: (await kind?.about?.(account, store.state(`account/${account.id}`))) ?? null };
    }),
  );
  return all.filter((one): one is { id: string; about: string } => one.about !== null);
}

export async function run(args: string[]): Promise<number> {
  const { values } = optionsOf(args, ['config'], ['json']);
  return looking(values.config, async ({ config, store, clock }) => {
    const { running, at: beatAt } = await lastBeat(store, clock);
    const states = await store.sourceStates.getMany(config.sources.map((source) => source.id));
    const queue = await store.outbox.depth();
    const open = await store.incidents.list({ open: true, limit: 100_000 });
    const world = createWorld({ ...store, baseline: config.baseline, log: quietLog });
    const asked = { matchers: [{ country: ANY, service: ANY }], everything: true };
    const present = (await world.of(asked, clock.now())).states.filter(isPresent);
    const recorded = present.filter(isRecordAlone).length;
    const chats = await store.chats.counts();
    const sources = config.sources.map((configured) => {
      const { id, kind } = configured;
      const off = sourceKinds.find((one) => one.kind === kind)?.off?.(configured) ?? null;
      const state = states.get(id);
      const failing = (state?.failures ?? 0) > 0;
      return {
        id,
        lastPollAt: iso(state?.lastPollAt ?? null),
        lastOkAt: iso(state?.lastOkAt ?? null),
        failingSince: failing ? iso(state?.failingSince ?? null) : null,
        ...(off === null ? {} : { off }),
        problem: failing ? `${state?.lastCode}: ${state?.lastMessage}` : null,
      };
    });
    const abouts = await aboutAccounts(config, store);
    const shares = sharesOf(await store.leases.list());
    const answer = {
      running,
      heartbeatAt: iso(beatAt),
      processes: shares.processes,
      openIncidents: open.length,
      present: { reported: present.length - recorded, recorded },
      chats,
      subscriptions: await store.subscriptions.count(),
      accounts: abouts,
      queue: queue.map((one) => ({ ...one, oldestCreatedAt: iso(one.oldestCreatedAt) })),
      sources,
      baseline: config.baseline.map(({ since, monthOnly, ...one }) => ({
        ...one,
        since: new Date(since).toISOString().slice(0, monthOnly ? 7 : 10),
      })),
    };
    if (values.json) process.stdout.write(`${JSON.stringify(answer)}\n`);
    else {
      const paint = paintFor(process.stdout, process.env);
      const out = [
        running
          ? paint('good', `Running; last heartbeat ${answer.heartbeatAt}.`)
          : paint('bad', `Not running; last heartbeat ${answer.heartbeatAt ?? 'never'}.`),
        ...shareLines(shares),
        `${counted(open.length, 'open incident')}, ${counted(chats.active, 'chat')}, ${counted(answer.subscriptions, 'subscription')}.`,
        ...abouts.map(({ id, about }) => `${id}: ${about}.`),
        ...answer.queue.map((one) => `Queue of ${one.accountId}: ${one.queued} waiting, ${one.sending} being sent.`),
        `Cut off, limited or threatened now: ${present.length - recorded} by reports and measurements, ${recorded} by the public record alone.`,
        ...together(
          sources.map(({ id, off, problem, lastOkAt }) => {
            const detail = off
              ? paint('aside', 'off: no token')
              : (problem ?? (lastOkAt ? paint('good', `read ${lastOkAt}`) : paint('doubtful', 'not read yet')));
            return { part: 'source' as const, name: id, ok: problem === null || off !== undefined, detail };
          }),
        ).map(({ name, ok, detail }) => `${name.padEnd(24)} ${ok ? detail : paint('bad', detail)}`),
      ];
      process.stdout.write(`${out.join('\n')}\n`);
    }
  });
}

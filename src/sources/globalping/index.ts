import { TocsinError } from '../../core/errors.ts';
import type { PollContext, PollResult, Source, SourceDeps } from '../../core/ports/source.ts';
import { emptyUntilOf, freeAt, spend, spentOf } from './budget.ts';
import { createClient } from './client.ts';
import type { GlobalpingConfig } from './config.ts';
import { type Asked, CUT_AGAIN_MS, observed, type Seen, seenOf } from './observed.ts';
import { costOf, costOfNames, lookAtName, lookFrom, type RoundResult, resolversOf } from './round.ts';
import { afterLook, nameSeen, type Pair, planWatch, settled, type Watched, watchedOf } from './watch.ts';

const SPENT = 'spent';
const SEEN = 'seen';
const WATCHED = 'watched';
/** Of the last looks, so many are remembered. */
const MAX_SEEN = 500;
/** Wishes that wait; the newest go first, for they are what people wait for. */
const MAX_ASKED = 20;
/** The same is not looked at again within. */
const AGAIN_MS = 30 * 60_000;
/** One poll takes two minutes at most, a round half of that. */
const MAX_ROUNDS = 2;

const nameOf = ({ service, country }: Asked): string => `${country} ${service}`;

/** Looks where and when it is asked to, within a budget of tests an hour that a restart does not renew. */
export function createSource(config: GlobalpingConfig, deps: SourceDeps): Source & Required<Pick<Source, 'nudge'>> {
  const { clock, log, state, http } = deps;
  const client = createClient({ http, clock, base: config.url, token: config.token });
  const asked = new Map<string, Asked>();
  const lookedAt = new Map<string, number>();
  let toldFull = false;

  /** Looks that are due once more, as if they were asked for. */
  function followUps(seen: ReadonlyMap<string, Seen>): Asked[] {
    return [...seen].flatMap(([name, { again }]) => {
      const [country = '', service = ''] = name.split(' ');
      return again !== null && again <= clock.now() && !asked.has(name) ? { country, service } : [];
    });
  }

  async function round(one: Asked, context: PollContext): Promise<RoundResult | 'later' | null> {
    const hosts = await deps.serviceHosts();
    const [domain] = hosts.domainsOf(one.service);
    if (domain === undefined) return null;
    const resolvers = await resolversOf(one.country);
    const cost = costOf(resolvers);
    const now = clock.now();
    let spent = spentOf(await state.get(SPENT));
    if (freeAt(spent, cost, config.testsPerHour, now) > now) {
      if (!toldFull)
        log.info('The tests of this hour are used up; what was asked for waits', { testsPerHour: config.testsPerHour });
      toldFull = true;
      return 'later';
    }
    const left = await client.left(context.signal);
    if (left !== null && left < cost) {
      await state.set(SPENT, { ...spent, emptyUntil: now + 600_000 });
      return 'later';
    }
    toldFull = false;
    // Before they are made: a crash must not make them twice.
    spent = spend(spent, cost, now);
    await state.set(SPENT, spent);
    const more = async (tests: number): Promise<boolean> => {
      if (freeAt(spent, tests, config.testsPerHour, now) > now) return false;
      spent = spend(spent, tests, now);
      await state.set(SPENT, spent);
      return true;
    };
    const found = await lookFrom(one.country, domain, { client, resolvers, more, signal: context.signal });
    const emptyUntil = emptyUntilOf(found.headers, cost, clock.now());
    if (emptyUntil !== null) await state.set(SPENT, { ...spent, emptyUntil });
    log.debug('Looked from abroad', {
      country: one.country,
      service: one.service,
      says: found.says,
      looks: found.looks,
    });
    return found.says === 'unclear' ? null : found;
  }

  /** What is watched: followed services that have a name, in countries that have a DNS of their own. */
  async function watchedPairs(): Promise<Pair[]> {
    const followed = await deps.followed?.();
    const hosts = await deps.serviceHosts();
    const services = (followed?.services ?? []).filter((one) => hosts.domainsOf(one).length > 0);
    const countries: string[] = [];
    for (const one of config.countries ?? followed?.countries ?? [])
      if ((await resolversOf(one)).length > 0) countries.push(one);
    return services.flatMap((service) => countries.map((country) => ({ service, country })));
  }

  /** One name, if its turn has come. What has come or gone is looked at closely with the next poll, as if somebody spoke of it. */
  async function watch({ signal }: PollContext, watched: Watched): Promise<void> {
    const now = clock.now();
    const spent = spentOf(await state.get(SPENT));
    const plan = planWatch(watched, await watchedPairs(), { spent, perHour: config.testsPerHour, now });
    if (plan.do === 'wait') return;
    const { service, country } = plan.pair;
    const [domain] = (await deps.serviceHosts()).domainsOf(service);
    const [resolver] = await resolversOf(country);
    // Before they are made, and with its turn: one that cannot be looked at holds up no other.
    await state.set(SPENT, spend(spent, costOfNames(), now));
    await state.set(WATCHED, { ...watched, next: plan.next, lookedAt: now });
    const { dns } = await lookAtName(country, { domain: domain!, resolver: resolver! }, { client, signal });
    const after = afterLook(watched, plan.pair, nameSeen(dns), { next: plan.next, now });
    await state.set(WATCHED, after.watched);
    if (after.isNews) asked.set(nameOf(plan.pair), plan.pair);
    log.debug('Looked at a name in the national DNS', { country, service, news: after.isNews });
  }

  return {
    id: config.id,
    kind: 'globalping',
    label: `${config.id} (${client.host})`,
    cron: config.cron,
    host: client.host,
    nudge(services, country) {
      if (country === null || (config.countries && !config.countries.includes(country))) return;
      for (const service of services) {
        const one = { service, country };
        const last = lookedAt.get(nameOf(one));
        if (last !== undefined && clock.monotonic() - last < AGAIN_MS) continue;
        asked.delete(nameOf(one));
        asked.set(nameOf(one), one);
      }
      for (const first of asked.keys()) if (asked.size > MAX_ASKED) asked.delete(first);
    },
    async poll(context) {
      if (context.signal.aborted) throw new TocsinError('canceled', 'The poll was stopped.');
      const result: PollResult = { items: [], measurements: [], unchanged: true, notBefore: null };
      const seen = seenOf(await state.get(SEEN));
      const wishes = [...[...asked.values()].reverse(), ...followUps(seen)];
      const watched = watchedOf(await state.get(WATCHED));
      if (wishes.length === 0 && config.watch) await watch(context, watched);
      let { names } = watched;
      const done: string[] = [];
      for (const one of wishes.slice(0, MAX_ROUNDS)) {
        const found = await round(one, context);
        if (found === 'later') break;
        const name = nameOf(one);
        done.push(name);
        const last = seen.get(name);
        seen.delete(name);
        if (found) {
          const measured = { id: deps.ids.next(), sourceId: config.id, at: clock.now() };
          const made = observed(one, found, { last, wasThere: names[name] === 'there' }, measured);
          names = settled(names, name, found);
          result.measurements.push(made.measurement);
          seen.set(name, made.seen);
        } else if (last) seen.set(name, { ...last, again: last.says === 'cut' ? clock.now() + CUT_AGAIN_MS : null });
      }
      result.unchanged = result.measurements.length === 0;
      if (done.length > 0)
        result.commit = async () => {
          for (const name of done) {
            asked.delete(name);
            lookedAt.set(name, clock.monotonic());
          }
          for (const first of lookedAt.keys()) if (lookedAt.size > MAX_SEEN) lookedAt.delete(first);
          await state.set(SEEN, Object.fromEntries([...seen].slice(-MAX_SEEN)));
          if (names !== watched.names) await state.set(WATCHED, { ...watched, names });
        };
      return result;
    },
  };
}

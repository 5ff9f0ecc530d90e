import { createHash, timingSafeEqual } from 'node:crypto';
import * as v from 'valibot';
import { isTold } from '../../../core/errors.ts';
import type { Measurement } from '../../../core/model/measurement.ts';
import type { AgentConfig, AgentDesk, AgentResponse, DeskDeps } from '../../../core/ports/agents.ts';
import { type Answer, type Batch, batchSchema, bounded, MAX_BODY } from './wire.ts';

interface Known {
  epoch: string | null;
  seq: number;
  lastSeenAt: number | null;
  stopped: boolean;
  dropped: number;
}

const DAY = 86_400_000;
const FUTURE = 5 * 60_000;

/** The centre's side: takes agents' batches, each once and in order, and hands them on. */
export async function createAgentDesk(deps: DeskDeps): Promise<AgentDesk> {
  const { clock, log, state } = deps;
  const began = clock.now();
  const hash = (text: string): Buffer => createHash('sha256').update(text).digest();
  const agents = deps.agents.map((a) => ({ ...a, hash: hash(a.token) }));
  const known = new Map<string, Known>();
  for (const { id } of agents) {
    const kept = (await state.get(id)) as Partial<Known> | null | undefined;
    known.set(id, {
      epoch: kept?.epoch ?? null,
      seq: kept?.seq ?? 0,
      lastSeenAt: kept?.lastSeenAt ?? null,
      stopped: kept?.stopped === true,
      dropped: kept?.dropped ?? 0,
    });
  }
  const turns = new Map<string, Promise<unknown>>();

  function who(authorization: string | null): AgentConfig | null {
    const token = /^Bearer ([\x21-\x7e]{8,500})$/.exec(authorization ?? '')?.[1];
    if (!token) return null;
    const given = hash(token);
    // All are compared: the time taken tells nothing about which one.
    return agents.filter((a) => timingSafeEqual(a.hash, given))[0] ?? null;
  }

  async function take(agent: AgentConfig, batch: Batch): Promise<Answer> {
    const at = known.get(agent.id)!;
    at.lastSeenAt = clock.now();
    if (batch.seq === 0) return { acked: 0, stop: at.stopped };
    const newer = batch.epoch !== at.epoch || batch.seq > at.seq;
    if (newer) {
      await deps.deliver(
        agent.id,
        batch.measurements.flatMap((m) => ownedBy(agent, m as Measurement)),
      );
      at.epoch = batch.epoch;
      at.seq = batch.seq;
      at.dropped += batch.dropped;
      await state.set(agent.id, at);
    }
    return { acked: batch.seq, stop: at.stopped };
  }

  /** Its own name on everything; what is dated in the future or a week old is corrected or left out. */
  function ownedBy(agent: AgentConfig, m: Measurement): Measurement[] {
    const now = clock.now();
    if (m.at < now - 7 * DAY) return [];
    const tail = /\/.*/.exec(m.vantageId)?.[0] ?? '';
    return [
      {
        ...bounded(m),
        id: `${agent.id}-${m.id}`,
        sourceId: `agent/${agent.id}`,
        at: m.at > now + FUTURE ? now : m.at,
        probeCc: agent.country,
        probeAsn: agent.asn,
        vantageId: `${agent.id}${tail}`,
      },
    ];
  }

  return {
    maxBytes: MAX_BODY,
    async handle(request) {
      const say = (status: number, body: object): AgentResponse => ({ status, body: JSON.stringify(body) });
      if (request.method !== 'POST') return say(405, { error: 'POST only' });
      const agent = who(request.authorization);
      if (!agent) return say(401, { error: 'unknown token' });
      const body = await request.body();
      if (body.length > MAX_BODY) return say(413, { error: 'too large' });
      let batch: Batch;
      try {
        batch = v.parse(batchSchema, JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body)));
      } catch {
        return say(400, { error: 'not a batch of results' });
      }
      // One at a time for each agent: a repeated delivery must not overtake the first.
      const turn = (turns.get(agent.id) ?? Promise.resolve()).then(() => take(agent, batch));
      turns.set(
        agent.id,
        turn.catch(() => undefined),
      );
      try {
        return say(200, await turn);
      } catch (error) {
        if (!isTold(error))
          log.error("Unable to keep an agent's results", {
            agent: agent.id,
            error: error instanceof Error ? error.message : String(error),
          });
        return say(503, { error: 'try again' });
      }
    },
    async stop(id, stopped) {
      const at = known.get(id);
      if (!at) return false;
      at.stopped = stopped;
      await state.set(id, at);
      log.info(stopped ? 'An operator stops an agent' : 'An operator lets an agent go on', { agent: id });
      return true;
    },
    list: () => agents.map(({ id, country, asn }) => ({ id, country, asn, ...pick(known.get(id)!) })),
    silent: (ms) => {
      const now = clock.now();
      // After a start everybody gets the time to come back.
      const heard = [...known].filter(([, k]) => k.lastSeenAt !== null);
      return heard.filter(([, k]) => now - Math.max(k.lastSeenAt!, began) > ms).map(([id]) => id);
    },
  };
}

const pick = ({ lastSeenAt, stopped, dropped }: Known) => ({ lastSeenAt, stopped, dropped });

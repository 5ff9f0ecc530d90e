import type { BaselineEntry } from '../../../src/core/model/catalogue.ts';
import type { Measurement } from '../../../src/core/model/measurement.ts';
import type { AgentConfig } from '../../../src/core/ports/intakes.ts';
import { createAgentIntake } from '../../../src/sources/probe/agent-intake.ts';
import { MINUTE } from '../harness.ts';
import { type LiarsTown, liarsTown } from './feeds.ts';

const agent = (id: string, asn: string, over: Partial<AgentConfig> = {}): AgentConfig => ({
  id,
  token: `a-token-of-the-agent-${id}`,
  country: 'RU',
  asn,
  ...over,
});

export interface Answered {
  acked: number;
  stop: boolean;
  refused?: string[];
  refusedInAll?: number;
}

/** The town of liars with a desk for three agents: two in networks of their own, and a neighbour in the first one's. */
export async function agentsTown(
  over: Partial<AgentConfig> = {},
  more: { id: string; asn: string }[] = [],
  baseline: readonly BaselineEntry[] = [],
) {
  const town: LiarsTown = await liarsTown('en', baseline);
  const { store, clock, pipeline } = town.town;
  const quiet = { ...silentLog(town) };
  const desk = await createAgentIntake({
    agents: [
      agent('liar', 'AS64501', over),
      agent('other', 'AS64502'),
      agent('neighbour', 'AS64501'),
      ...more.map(({ id, asn }) => agent(id, asn)),
    ],
    clock,
    log: quiet,
    state: store.state('agents'),
    services: ['whatsapp', 'telegram', 'signal', 'instagram', 'facebook', 'internet'],
    configured: [{ targets: [{ id: 'freepress', name: 'www.freepress.example' }] }],
    deliver: (_id, measurements) => pipeline.measurements(measurements),
  });
  const seq = new Map<string, number>();
  let count = 0;

  const measurement = (verdict: string, what: Partial<Measurement> = {}): Measurement => ({
    id: `m${count++}`,
    sourceId: 'probe',
    kind: 'probe',
    at: clock.now(),
    probeCc: 'RU',
    probeAsn: 'AS0',
    vantageId: 'vantage',
    target: 'whatsapp',
    component: null,
    verdict: verdict.split(':')[0]!,
    detail: verdict.split(':')[1] ?? null,
    notes: [],
    raw: null,
    ...what,
  });

  /** One post. */
  async function post(id: string, measurements: Measurement[]): Promise<Answered> {
    seq.set(id, (seq.get(id) ?? 0) + 1);
    const batch = { v: 1, epoch: 'abcdefgh', seq: seq.get(id), dropped: 0, measurements };
    const answer = await desk.handle({
      method: 'POST',
      authorization: `Bearer a-token-of-the-agent-${id}`,
      body: async () => new TextEncoder().encode(JSON.stringify(batch)),
    });
    if (answer.status !== 200) throw new Error(`${answer.status} ${answer.body}`);
    await town.town.drain();
    return JSON.parse(answer.body) as Answered;
  }

  return {
    ...town,
    desk,
    measurement,
    post,
    /** As an honest agent does: a round, posted at once, every five minutes. */
    async rounds(id: string, verdicts: readonly string[], what: Partial<Measurement> = {}): Promise<void> {
      for (const verdict of verdicts) {
        await post(id, [measurement(verdict, what)]);
        await town.town.pass(5 * MINUTE);
      }
    },
    /** Bytes of the row in which the judge remembers. */
    memory: async (): Promise<number> => JSON.stringify(await store.state('judge').get('memory')).length,
  };
}
export type AgentsTown = Awaited<ReturnType<typeof agentsTown>>;

function silentLog(town: LiarsTown) {
  const note =
    (level: string) =>
    (message: string, facts: Record<string, unknown> = {}): void =>
      void town.lines.push({ level, message, facts });
  const log = { debug() {}, info: note('info'), warn: note('warn'), error: note('error'), child: () => log };
  return log;
}

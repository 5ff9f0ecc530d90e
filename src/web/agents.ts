import type { AgentDesk } from '../core/ports/agents.ts';
import type { WebServer } from './server.ts';

/** Where agents post to. */
const PATH = '/agents';
/** They wait half a minute for an answer. */
const ANSWER_MS = 30_000;

/** Agents' posts reach the desk; while the program stops they are answered to try again. */
export function mountAgents(mount: WebServer['mount'], desk: AgentDesk, stopping: AbortSignal): void {
  mount(PATH, {
    methods: ['POST'],
    maxBytes: desk.maxBytes,
    timeoutMs: ANSWER_MS,
    // Each agent has places of its own (the desk turns away more): a slow one holds up nobody else.
    concurrency: 16 + 4 * desk.list().length,
    async handle({ method, headers, body }) {
      if (stopping.aborted) return { status: 503, headers: { 'retry-after': '5' } };
      const answer = await desk.handle({ method, authorization: headers.authorization ?? null, body });
      return { status: answer.status, type: 'application/json; charset=utf-8', body: answer.body };
    },
  });
}

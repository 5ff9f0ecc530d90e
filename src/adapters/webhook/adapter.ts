/**
 * A webhook: one place outside that is told of each change, once, in order. Nothing is received. What fails is tried again for a day, with all
 * that comes after it waiting behind; then, or at a 410, the target has ended until the next start or an operator's word, and that is said once.
 */
import { logFailure } from '../../core/failures.ts';
import {
  type AdapterDeps,
  type ChatAdapter,
  type Outgoing,
  PLAIN_TALK,
  type SendOutcome,
} from '../../core/ports/chat-adapter.ts';
import { type Preset, signingKeys, TARGET, type WebhookAccount } from './config.ts';
import { alertsAt, FORMS, type Post, signed } from './forms.ts';
import { createEnding, createPatience, type Verdict, verdictOf, verdictOfError } from './outcome.ts';
import { createRepeats, createStanding, type Told, untold } from './told.ts';

const TIMEOUT_MS = 15_000;
/** Messages a second; Slack documents 1, Discord 5 in 2 s, the public ntfy a burst of 60 and then one in 5 s. */
const RATES: Record<Preset, number> = { standard: 10, slack: 1, discord: 2, mattermost: 5, ntfy: 1, alertmanager: 10 };
const remedyOf = (id: string): string =>
  `nothing is sent to it any more; put the receiver right, then: tocsin webhooks resume ${id} (where its url or secret changes: restart Tocsin); it begins anew with what changes from then on`;

const CANCELED: SendOutcome = { kind: 'retry', afterMs: null, scope: 'chat', reason: 'canceled', detail: 'stopping' };

export function createAdapter(account: WebhookAccount, deps: AdapterDeps): ChatAdapter {
  const { clock, log, state } = deps;
  const { url, preset, secret } = account;
  const { host } = new URL(url);
  const patience = createPatience(deps);
  const keys = preset === 'standard' && secret !== undefined ? signingKeys(secret) : [];
  const ending = createEnding(deps, host);
  const standing = createStanding(deps);
  let failing: string | null = null;

  async function attempt(post: Post, signal: AbortSignal): Promise<Verdict> {
    const bearer: Record<string, string> = secret === undefined ? {} : { authorization: `Bearer ${secret}` };
    const proof = preset === 'standard' ? signed(post.id, post.body, keys, clock.now()) : bearer;
    const headers = { 'content-type': 'application/json', ...proof };
    try {
      const request = { url: post.url, method: 'POST', headers, body: post.body, signal } as const;
      const answer = await deps.http({ ...request, timeoutMs: TIMEOUT_MS, maxRedirects: 0, statusOnly: true });
      return verdictOf(answer, host, clock.now());
    } catch (error) {
      return verdictOfError(error, host, signal);
    }
  }

  const toldKey = (incidentId: string): string => `told/${incidentId}`;

  async function toldOf(message: Outgoing): Promise<Told> {
    const told = new Map<string, number>();
    for (const { incident } of message.document.facts?.incidents ?? []) {
      const seq = await state.get(toldKey(incident.id));
      if (typeof seq === 'number') told.set(incident.id, seq);
    }
    return told;
  }

  async function end(detail: string): Promise<SendOutcome> {
    await ending.begin(detail);
    failing = null;
    log.error('A webhook has ended', { host, detail, remedy: remedyOf(account.id) });
    await patience.over();
    return { kind: 'gone', reason: 'client', detail };
  }

  async function outcomeOf(verdict: Exclude<Verdict, { is: 'taken' }>): Promise<SendOutcome> {
    if (verdict.is === 'canceled') return CANCELED;
    if (verdict.is === 'over') return await end(verdict.detail);
    const { reason, detail } = verdict;
    const afterMs = await patience.failed(verdict.afterMs);
    if (afterMs === null) return await end(`${detail}, and nothing better for a day`);
    failing = detail;
    return { kind: 'retry', afterMs, scope: 'account', reason, detail };
  }

  /** Each post by itself, in order; what was taken is written down before the next, so that a kill repeats one at most, under the same id. */
  async function deliver(message: Outgoing, signal: AbortSignal): Promise<SendOutcome> {
    const { document, key } = message;
    const changes = document.facts ? untold(document.facts, await toldOf(message)) : [];
    const replaces = message.op === 'edit' ? message.messageRef : null;
    const delivered: SendOutcome = { kind: 'delivered', messageRef: replaces ?? key };
    // An edit and the reply that goes with it say the same: the first that comes says it.
    if (document.facts && changes.length === 0) return delivered;
    const telling = { key, document, replaces, changes, now: clock.now(), pageOf: deps.pageOf };
    for (const post of FORMS[preset](telling, url)) {
      const verdict = await attempt(post, signal);
      if (verdict.is !== 'taken') return await outcomeOf(verdict);
      for (const one of post.standing ?? []) await standing.note(one);
      for (const { incident, change } of post.tells) await state.set(toldKey(incident.id), change.seq);
    }
    failing = null;
    await patience.over();
    return delivered;
  }

  function problemNow(): string | null {
    const ended = ending.why();
    if (ended !== null) return `has ended (${ended}); once it is put right: tocsin webhooks resume ${account.id}`;
    const since = patience.since();
    if (since === null) return repeats.problem();
    return `fails since ${new Date(since).toISOString().slice(0, 16)}Z${failing === null ? '' : `: ${failing}`}`;
  }

  const repeats = createRepeats({
    ...deps,
    host,
    standing,
    // What is tried again anyway, or has ended, is not asked more often for that.
    quiet: () => ending.why() !== null || patience.since() !== null,
    post: (alerts, signal) => attempt({ id: '', url: alertsAt(url), body: JSON.stringify(alerts), tells: [] }, signal),
  });

  return {
    accountId: account.id,
    platform: 'webhook',
    talk: PLAIN_TALK,
    onlyChat: { chat: TARGET, operator: null },
    pace: { perSecond: RATES[preset], perChatMs: 0, perGroupMinute: 0, window: 1 },
    async start() {
      await patience.restore();
      await ending.restore();
      if (preset !== 'alertmanager') return;
      await standing.restore();
      repeats.start();
    },

    async send(message, signal) {
      if (signal.aborted) return CANCELED;
      if (message.address.chat !== TARGET) return { kind: 'rejected', reason: 'client', detail: 'no such target' };
      try {
        if (!(await ending.over())) return { kind: 'gone', reason: 'client', detail: ending.why() ?? '' };
        return await repeats.between(() => deliver(message, signal));
      } catch (error) {
        logFailure(log, 'Unable to tell a webhook', error, { host });
        return { kind: 'retry', afterMs: 5_000, scope: 'account', reason: 'server', detail: 'the store fails' };
      }
    },

    health() {
      const problem = problemNow();
      return { ok: problem === null, problem };
    },

    login: {
      hasIdentity: false,
      async check() {
        try {
          await deps.resolves(url);
          return { ok: true, problem: null, detail: `${preset} at ${host}; no message was sent` };
        } catch (error) {
          return { ok: false, problem: (error as Error).message };
        }
      },
    },

    async stop() {
      ending.stop();
      await repeats.stop();
    },
  };
}

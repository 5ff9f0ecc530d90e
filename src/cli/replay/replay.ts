import type { Broadcast } from '../../core/model/alert.ts';
import type { Incident, Level } from '../../core/model/incident.ts';
import type { MessageDocument } from '../../core/model/message.ts';
import type { Policy } from '../../core/model/policy.ts';
import { createBroadcaster } from '../../core/outbox/broadcaster.ts';
import { createCompose } from '../../core/outbox/compose.ts';
import { createPipeline } from '../../core/pipeline.ts';
import type { Extractor } from '../../core/ports/extractor.ts';
import type { Ids } from '../../core/ports/ids.ts';
import type { Log } from '../../core/ports/log.ts';
import type { Claim, Store } from '../../core/ports/store.ts';
import type { Translators } from '../../core/ports/translate.ts';
import { renderAlert } from '../../core/render/alert.ts';
import { renderReply } from '../../core/render/reply.ts';
import { openServices, STATUS_POLICY } from '../../core/status/derive.ts';
import { type Recorded, timeOfRecord } from './recording.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** What the one subscriber of everything would have been sent: one line a message, edit and reply of one change together. */
export interface ReplayedAlert {
  kind: 'new' | 'update' | 'lifted' | 'correction';
  at: number;
  incidents: string[];
  document: MessageDocument;
}

export interface ReplayDeps {
  store: Store;
  clock: VirtualClock;
  ids: Ids;
  log: Log;
  extractor: Extractor;
  policy: Policy;
  translators: Translators;
  level: Level;
  lang: string;
  told(alert: ReplayedAlert): void;
  progress(done: number): void;
}

const kindOf = (broadcast: Broadcast, incidents: Incident[]): ReplayedAlert['kind'] => {
  if (broadcast.kind === 'new')
    return incidents.length > 0 && incidents.every((one) => one.state === 'lifted') ? 'lifted' : 'new';
  return broadcast.kind === 'announce' ? 'update' : broadcast.kind;
};

/** Runs recorded items and measurements through the real pipeline on a virtual clock. The store must be empty. */
export async function replay(items: Recorded[], deps: ReplayDeps): Promise<void> {
  const { store, clock, ids, log, translators, lang } = deps;
  const words = translators.of(lang);
  const signal = new AbortController().signal;
  const chat = await store.chats.ensure(
    { accountId: 'replay', chat: 'replay', thread: null },
    { platform: 'replay', kind: 'private', lang, now: clock.now() },
  );
  if (chat.level !== deps.level) await store.chats.update(chat.id, { level: deps.level });
  await store.subscriptions.add(chat.id, [{ country: '*', service: '*' }], clock.now());

  const broadcaster = createBroadcaster({ store, clock, log, onFilled: () => undefined });
  const pipeline = createPipeline({
    store,
    extractor: deps.extractor,
    policy: deps.policy,
    clock,
    ids,
    log,
    wake: () => undefined,
  });
  const compose = createCompose({
    store,
    clock,
    works: (incidents, country, now) => openServices(incidents, country, { now, policy: STATUS_POLICY }),
    renderAlert: (view) => renderAlert(view, words),
    renderReply: (view, change) => renderReply(view, words, change),
  });

  async function drain(): Promise<void> {
    await broadcaster.run(signal);
    const byBroadcast = new Map<string, { claim: Claim; document: MessageDocument }[]>();
    for (;;) {
      const claims = await store.outbox.peek('replay', 50, clock.now(), []);
      if (claims.length === 0) break;
      const composed = await compose(claims);
      await store.outbox.advance(
        [],
        claims.map((claim, i) => ({ id: claim.id, payload: JSON.stringify(composed[i]) })),
        clock.now(),
      );
      for (const [i, claim] of claims.entries()) {
        const what = composed[i]!;
        if ('skip' in what) {
          await store.outbox.advance([{ id: claim.id, outcome: 'superseded', reason: what.skip }], [], clock.now());
          continue;
        }
        await store.outbox.advance(
          [{ id: claim.id, outcome: 'sent', messageRef: claim.messageRef ?? String(claim.id) }],
          [],
          clock.now(),
        );
        byBroadcast.set(claim.broadcastId, [
          ...(byBroadcast.get(claim.broadcastId) ?? []),
          { claim, document: what.document },
        ]);
      }
    }
    for (const [id, sent] of byBroadcast) {
      const broadcast = (await store.broadcasts.get(id))!;
      const alert = (await store.alerts.get(broadcast.alertId))!;
      const changed = broadcast.kind === 'new' ? alert.incidents.map((one) => one.incidentId) : broadcast.incidentIds;
      const shown = sent.find((one) => one.claim.op === 'reply') ?? sent[0]!;
      deps.told({
        kind: kindOf(broadcast, await store.incidents.getMany(changed)),
        at: clock.now(),
        incidents: changed,
        document: shown.document,
      });
    }
  }

  /** Lets time pass until `target`, doing what falls due on the way. */
  async function passUntil(target: number): Promise<void> {
    for (;;) {
      const due = await store.broadcasts.nextDueAt();
      if (due === null || due > target) break;
      clock.moveTo(due);
      await drain();
    }
    clock.moveTo(target);
  }

  for (const [i, one] of items.entries()) {
    await passUntil(timeOfRecord(one));
    if ('item' in one) await pipeline.recorded(one.item, one.id, one.voice);
    else await pipeline.measurements(one.round);
    await drain();
    deps.progress(i + 1);
  }
  await passUntil(Number.MAX_SAFE_INTEGER / 2);
}

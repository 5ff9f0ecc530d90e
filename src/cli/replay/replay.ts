import { composeCore } from '../../compose-core.ts';
import type { Broadcast } from '../../core/model/alert.ts';
import type { BaselineEntry } from '../../core/model/baseline.ts';
import type { Catalogue } from '../../core/model/catalogue.ts';
import type { Chat } from '../../core/model/chat.ts';
import type { Incident, Level } from '../../core/model/incident.ts';
import type { MessageDocument } from '../../core/model/message.ts';
import type { Policy } from '../../core/model/policy.ts';
import { createOutage } from '../../core/outbox/outage.ts';
import type { Extractor } from '../../core/ports/extractor.ts';
import type { Gazetteer } from '../../core/ports/gazetteer.ts';
import type { Ids } from '../../core/ports/ids.ts';
import type { Log } from '../../core/ports/log.ts';
import type { Store } from '../../core/ports/store.ts';
import type { Translators } from '../../core/ports/translate.ts';
import { type Recorded, timeOfRecord } from './recording.ts';
import { createRecordingAdapter, type RecordedSend } from './recording-adapter.ts';
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
  gazetteer?: Gazetteer;
  catalogue?: Catalogue;
  baseline?: readonly BaselineEntry[];
  level: Level;
  lang: string;
  /** The one chat, where it is not one that follows everything, in UTC, and chose nothing. */
  chat?: Partial<Pick<Chat, 'timeZone' | 'settings'>> & { follows?: { country: string; service: string }[] };
  onAlert(alert: ReplayedAlert): void;
  /** Each message, edit and reply by itself, as it leaves. */
  onSend?(send: RecordedSend, at: number): void;
  progress(done: number): void;
}

const kindOf = (broadcast: Broadcast, incidents: Incident[]): ReplayedAlert['kind'] => {
  if (broadcast.kind === 'new')
    return incidents.length > 0 && incidents.every((one) => one.state === 'lifted') ? 'lifted' : 'new';
  return broadcast.kind === 'lifted' || broadcast.kind === 'correction' ? broadcast.kind : 'update';
};

const ACCOUNT = 'replay';
/** What falls due so long after the last item is done, ms. */
const AFTERWARDS = 14 * 86_400_000;
const END = Number.MAX_SAFE_INTEGER / 2;

/** The store must be empty. */
async function makeChat({ store, clock, lang, level, chat: wishes }: ReplayDeps): Promise<void> {
  const chat = await store.chats.ensure(
    { accountId: ACCOUNT, chat: 'replay', thread: null },
    { platform: 'replay', kind: 'private', lang, now: clock.now() },
  );
  const { follows = [{ country: '*', service: '*' }], ...change } = wishes ?? {};
  await store.chats.update(chat.id, { level, ...change });
  await store.subscriptions.add(chat.id, follows, clock.now());
}

/** A reply is one line; the message that was edited beside it has the rest. */
function documentOf(pieces: readonly RecordedSend[]): MessageDocument {
  const reply = pieces.find((one) => one.op === 'reply')?.document;
  const other = pieces.find((one) => one.op !== 'reply')?.document;
  return reply && other ? { ...reply, blocks: [...reply.blocks, ...other.blocks] } : (reply ?? other)!;
}

/** Edit and reply of one broadcast are one alert. */
async function alertsOf(sent: readonly RecordedSend[], { store, clock }: ReplayDeps): Promise<ReplayedAlert[]> {
  const alerts: ReplayedAlert[] = [];
  for (const [id, pieces] of Map.groupBy(sent, (one) => one.broadcastId)) {
    const broadcast = (await store.broadcasts.get(id))!;
    const alert = (await store.alerts.get(broadcast.alertId))!;
    const incidents = broadcast.kind === 'new' ? alert.incidents.map((one) => one.incidentId) : broadcast.incidentIds;
    alerts.push({
      kind: kindOf(broadcast, await store.incidents.getMany(incidents)),
      at: clock.now(),
      incidents,
      document: documentOf(pieces),
    });
  }
  return alerts;
}

/** Runs recorded items and measurements through the real core on a virtual clock. The store must be empty. */
export async function replay(items: Recorded[], deps: ReplayDeps): Promise<void> {
  const { store, clock } = deps;
  const { signal } = new AbortController();
  await makeChat(deps);
  const { pipeline, broadcaster, waker, addAccount } = composeCore(deps);
  const adapter = createRecordingAdapter(ACCOUNT);
  const sender = addAccount({ adapter, outage: createOutage(), everyEdit: true });

  async function drain(): Promise<void> {
    await broadcaster.run(signal);
    await waker.run(signal);
    await sender.drain(signal);
    const sent = adapter.take();
    for (const send of sent) deps.onSend?.(send, clock.now());
    for (const alert of await alertsOf(sent, deps)) deps.onAlert(alert);
  }

  /** What a chat has regularly would go on for ever. */
  async function nextDue(): Promise<number> {
    const times = [
      await store.broadcasts.nextDueAt(),
      await store.chats.nextDueAt(),
      await store.outbox.nextDueAt(ACCOUNT),
    ];
    const next = Math.min(...times.map((at) => at ?? Number.POSITIVE_INFINITY));
    return next > lastItem + AFTERWARDS ? Number.POSITIVE_INFINITY : next;
  }

  /** Lets time pass until `target`, doing what falls due on the way. */
  async function passUntil(target: number): Promise<void> {
    for (;;) {
      const due = await nextDue();
      if (due > target) break;
      clock.moveTo(due);
      await drain();
    }
    clock.moveTo(target);
  }

  const lastItem = items.length > 0 ? timeOfRecord(items.at(-1)!) : clock.now();
  for (const [i, one] of items.entries()) {
    await passUntil(timeOfRecord(one));
    if ('item' in one) await pipeline.recorded(one.item, one.id, one.voice);
    else await pipeline.measurements(one.round);
    await drain();
    deps.progress(i + 1);
  }
  await passUntil(END);
}

import type { Alert, Broadcast } from '../../../src/core/model/alert.ts';
import type { Chat } from '../../../src/core/model/chat.ts';
import type { Incident } from '../../../src/core/model/incident.ts';
import type { Measurement } from '../../../src/core/model/measurement.ts';
import type { Report } from '../../../src/core/model/report.ts';
import type { FillMatcher, Settlement } from '../../../src/core/ports/outbox.ts';
import type { Clock } from '../../../src/core/ports/runtime.ts';
import type { Store } from '../../../src/core/ports/store.ts';
import { systemClock } from '../../../src/platform/clock.ts';
import { createIds } from '../../../src/platform/ids.ts';
import { quietLog as quiet } from '../../fakes/fake-log.ts';

export const NOW = Date.UTC(2026, 1, 1);
export const DAY = 24 * 3_600_000;
/** Stands at `NOW` for what is written, and runs for what waits. */
export const clock: Clock = { ...systemClock, now: () => NOW };
export const deps = { clock, log: quiet, ids: createIds(systemClock) };

export const incident = (change: Partial<Incident> = {}): Incident => ({
  id: 'RU-whatsapp-3f9k',
  country: 'RU',
  service: 'whatsapp',
  family: 'access',
  action: 'block',
  state: 'active',
  confidence: 'reported',
  liftConfidence: null,
  method: null,
  regions: [],
  openedAt: NOW,
  corroboratedAt: null,
  confirmedAt: null,
  closedAt: null,
  lastReportAt: NOW,
  linkedId: null,
  withdrawnBecause: null,
  open: true,
  version: 1,
  ...change,
});

export const report = (change: Partial<Report> = {}): Report => ({
  id: 'report-1',
  sourceId: 'source-1',
  itemId: 'item-1',
  at: NOW,
  country: 'RU',
  service: 'whatsapp',
  action: 'block',
  method: 'dns',
  region: null,
  secondary: false,
  kind: 'news',
  voice: 'outlet-1',
  title: 'WhatsApp заблокирован 🔕',
  url: 'https://news.example/1',
  publisherName: 'Outlet',
  lang: 'ru',
  summary: 'Lead "quoted" \\ with\nlines',
  measured: { strength: 'anomaly', networks: ['AS64500'], verdict: 'sni_blocked:rst', component: null },
  ...change,
});

export const measurement = (change: Partial<Measurement> = {}): Measurement => ({
  id: 'measurement-1',
  sourceId: 'probe',
  kind: 'probe',
  at: NOW,
  probeCc: 'RU',
  probeAsn: 'AS64500',
  vantageId: 'v1',
  target: 'whatsapp',
  component: null,
  verdict: 'ok',
  detail: null,
  notes: ['slow'],
  raw: { ms: 12, nested: [1, null, 'x'] },
  ...change,
});

export const alert = (change: Partial<Alert> = {}): Alert => ({
  id: 'alert-1',
  country: 'RU',
  level: 'corroborated',
  createdAt: NOW,
  notifiedAt: NOW,
  widenRepliedAt: null,
  incidents: [{ incidentId: 'RU-whatsapp-3f9k', addedAt: NOW }],
  ...change,
});

export const broadcast = (change: Partial<Broadcast> = {}): Broadcast => ({
  id: 'broadcast-1',
  alertId: 'alert-1',
  kind: 'new',
  loud: true,
  reason: 'opened',
  incidentIds: ['RU-whatsapp-3f9k'],
  priority: 'alert',
  createdAt: NOW,
  dueAt: NOW,
  phase: 'others',
  cursor: 0,
  state: 'waiting',
  ...change,
});

export const matcher = (change: Partial<FillMatcher> = {}): FillMatcher => ({
  incidentId: 'RU-whatsapp-3f9k',
  country: 'RU',
  service: 'whatsapp',
  onlyEarlier: false,
  ...change,
});

export const address = (chat: string, thread: string | null = null, accountId = 'tg') => ({ accountId, chat, thread });

/** A chat that follows these since long ago: `'RU *'`, `'* whatsapp'`. */
export async function follower(store: Store, name: string, ...follows: string[]): Promise<Chat> {
  const chat = await store.chats.ensure(address(name), {
    platform: 'telegram',
    kind: 'private',
    lang: 'en',
    now: NOW - DAY,
  });
  await store.subscriptions.add(chat.id, pairs(follows), NOW - DAY);
  return chat;
}

export const pairs = (follows: string[]) =>
  follows.map((text) => {
    const [country, service] = text.split(' ');
    return { country: country!, service: service! };
  });

export interface FillOptions {
  matchers?: FillMatcher[];
  level?: Broadcast['state'] extends never ? never : 'early' | 'corroborated' | 'confirmed';
  supersedes?: string[];
  now?: number;
  chunk?: number;
}

/** Fills a stored broadcast in to its end; the number of deliveries of each call. */
export async function fillAll(store: Store, id: string, options: FillOptions = {}): Promise<number[]> {
  const written: number[] = [];
  let current = (await store.broadcasts.get(id))!;
  while (current.state !== 'done') {
    const filled = await store.outbox.fill(current, {
      level: options.level ?? 'corroborated',
      matchers: options.matchers ?? [matcher()],
      supersedes: options.supersedes ?? [],
      othersToo: current.loud && current.kind !== 'correction',
      now: options.now ?? NOW,
      chunk: options.chunk ?? 10_000,
    });
    written.push(filled.written);
    current = filled.broadcast;
    if (written.length > 100) throw new Error('a walk without an end');
  }
  return written;
}

/** Everything that is due, taken to be sent: `'alice send'` by chat name and op. Settled by `settle`. */
export async function takeAll(
  store: Store,
  settle: (id: number, chat: string, op: string) => Settlement | null = (id) => ({
    id,
    outcome: 'sent',
    messageRef: `m${id}`,
  }),
  now = NOW,
): Promise<string[]> {
  const taken: string[] = [];
  for (let round = 0; round < 100; round++) {
    const claims = await store.outbox.peek('tg', 100, now, []);
    if (claims.length === 0) break;
    await store.outbox.advance(
      [],
      claims.map(({ id }) => ({ id, payload: 'text' })),
      now,
    );
    const settled: Settlement[] = [];
    for (const claim of claims) {
      taken.push(`${claim.chat.chat} ${claim.op}`);
      const outcome = settle(claim.id, claim.chat.chat, claim.op);
      if (outcome) settled.push(outcome);
    }
    await store.outbox.advance(settled, [], now);
  }
  return taken;
}

/** Alert, broadcast and incident of a `new`, stored. */
export async function announced(store: Store, incidentId = 'RU-whatsapp-3f9k', no = 1): Promise<string> {
  await store.alerts.insert(alert({ id: `alert-${no}`, incidents: [{ incidentId, addedAt: NOW }] }));
  await store.broadcasts.insert(
    broadcast({ id: `broadcast-${no}`, alertId: `alert-${no}`, incidentIds: [incidentId] }),
  );
  return `broadcast-${no}`;
}

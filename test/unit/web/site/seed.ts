import type { ChangeKind, Incident, IncidentState, Transition } from '../../../../src/core/model/incident.ts';
import type { Report } from '../../../../src/core/model/report.ts';
import type { Store } from '../../../../src/core/ports/store.ts';
import { incident, measured, report } from '../../render/support.ts';

const DAY = 86_400_000;

/** Puts an incident on the record, with its reports and its log. */
export async function put(
  store: Pick<Store, 'transaction'>,
  one: Incident,
  reports: readonly Report[] = [],
  log: readonly Omit<Transition, 'incidentId' | 'seq'>[] = [],
): Promise<void> {
  await store.transaction(async (tables) => {
    await tables.incidents.insert(one);
    for (const said of reports) await tables.reports.insert(one.id, said, []);
    for (const step of log) await tables.incidents.addTransition({ ...step, incidentId: one.id });
  });
}

interface Told {
  country: string | null;
  service: string | null;
  action?: Incident['action'];
  state?: IncidentState;
  confidence?: Incident['confidence'];
  /** Days ago. */
  from: number;
  to?: number;
  /** Days since the last report. */
  last?: number;
  regions?: string[];
  method?: Incident['method'];
}

const step = (at: number, change: ChangeKind, over: Partial<Transition>) => ({
  at,
  change,
  action: 'block' as const,
  state: 'active' as const,
  confidence: 'reported' as const,
  method: null,
  reportId: null,
  ...over,
});

/** An incident as it would have come about, told by two outlets and a measurement. */
export async function tell(store: Pick<Store, 'transaction'>, now: number, tail: string, told: Told): Promise<string> {
  const { country, service, action = 'block', confidence = 'corroborated', from, to, last = 0.1, regions = [] } = told;
  const over = to !== undefined;
  const isWarn = action === 'warn';
  const state = told.state ?? (over ? 'lifted' : isWarn ? 'threatened' : 'active');
  const openedAt = now - from * DAY;
  const id = `${country ?? 'XX'}-${service ?? 'any'}-${tail}`;
  const one = incident({
    id,
    country,
    service,
    family: isWarn ? 'warn' : 'access',
    action,
    state,
    confidence,
    liftConfidence: over ? 'corroborated' : null,
    method: told.method ?? null,
    regions,
    openedAt,
    corroboratedAt: confidence === 'reported' ? null : openedAt + DAY / 24,
    confirmedAt: confidence === 'confirmed' ? openedAt + DAY / 12 : null,
    closedAt: over ? now - to * DAY : null,
    lastReportAt: over ? now - to * DAY : now - Math.min(last, from) * DAY,
    open: !over,
  });
  const { reports: _, ...bare } = one;
  const at = { country, service, action };
  const reports = [
    report({
      ...at,
      id: `${id}-1`,
      voice: 'bbc',
      publisherName: 'BBC',
      at: openedAt,
      title: `${service} is cut off, users report`,
    }),
    report({
      ...at,
      id: `${id}-2`,
      voice: 'dw',
      publisherName: 'DW',
      at: openedAt + DAY / 24,
      title: 'Provider confirms that access is limited',
    }),
    ...(confidence === 'confirmed'
      ? [measured(['AS8359', 'AS12389'], { ...at, id: `${id}-3`, at: openedAt + DAY / 12 })]
      : []),
  ];
  const log = [
    step(openedAt, 'opened', { action, state: isWarn ? 'threatened' : 'active' }),
    ...(confidence === 'reported'
      ? []
      : [
          step(openedAt + DAY / 24, 'confidence-up', {
            action,
            confidence: 'corroborated',
            state: isWarn ? 'threatened' : 'active',
          }),
        ]),
    ...(over ? [step(now - to * DAY, 'lifted', { action, confidence, state: 'lifted' })] : []),
  ];
  await put(store, bare as Incident, reports, log);
  return id;
}

/** A few countries with a bit of everything. */
export async function seed(store: Pick<Store, 'transaction'>, now: number): Promise<void> {
  const all: [string, Told][] = [
    ['3f9k', { country: 'RU', service: 'whatsapp', from: 24, confidence: 'confirmed', method: 'sni' }],
    ['2b1c', { country: 'RU', service: 'telegram', action: 'throttle', from: 40 }],
    [
      '7d2e',
      {
        country: 'RU',
        service: 'youtube',
        action: 'restrict',
        from: 12,
        confidence: 'reported',
        regions: ['RU-DA', 'RU-CE'],
      },
    ],
    ['5k5k', { country: 'RU', service: 'signal', from: 70, to: 20 }],
    ['8x8x', { country: 'RU', service: 'facetime', action: 'warn', from: 3 }],
    ['9z9z', { country: 'RU', service: 'dw', from: 60, last: 30 }],
    ['1a1a', { country: 'IR', service: 'internet', action: 'shutdown', from: 5, confidence: 'confirmed' }],
    ['4c4c', { country: 'IR', service: 'instagram', from: 80 }],
    ['6f6f', { country: 'TR', service: 'x', action: 'throttle', from: 2, confidence: 'suspected' }],
    ['0h0h', { country: 'TR', service: 'instagram', from: 50, to: 42 }],
    ['3j3j', { country: 'KE', service: 'telegram', from: 8, to: 6 }],
    ['2q2q', { country: 'PK', service: 'x', from: 75 }],
    ['7r7r', { country: null, service: 'wikipedia', from: 1, confidence: 'reported' }],
  ];
  for (const [tail, told] of all) await tell(store, now, tail, told);
}

import { plainText } from '../../src/adapters/console/adapter.ts';
import { createVirtualClock, type Recorded, type ReplayedAlert, replay } from '../../src/cli/replay.ts';
import { bundledPublishers } from '../../src/config/catalogue.ts';
import { DEFAULT_POLICY, type Policy } from '../../src/core/model/alert.ts';
import type { BaselineEntry } from '../../src/core/model/catalogue.ts';
import type { Incident, Level } from '../../src/core/model/incident.ts';
import type { ExtractedEvent } from '../../src/core/model/item.ts';
import type { Extractor } from '../../src/core/ports/reading.ts';
import { createTranslators } from '../../src/i18n/index.ts';
import { createIds } from '../../src/platform/ids.ts';
import { openStore } from '../../src/store/open.ts';
import { bundledCatalogue } from '../fakes/bundled.ts';
import { quietLog as silent } from '../fakes/fake-log.ts';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
/** 11 February 2026, 12:00 UTC. */
export const T0 = Date.UTC(2026, 1, 11, 12);

/** One outlet's item: when (ms after T0), whose voice, what it says. Every text is in words of its own unless `text` is given. */
export interface Said {
  at: number;
  voice: string;
  says: string;
  text?: string;
}

/** "block RU whatsapp,telegram dns; warn RU max" → events. `-` = none named; "~" before the action = secondary, "?" = vague. */
export function eventsOf(says: string): ExtractedEvent[] {
  return says.split(';').map((one) => {
    const [action, countries, services, ...rest] = one.trim().split(' ');
    const list = (text: string | undefined): string[] => (text === undefined || text === '-' ? [] : text.split(','));
    const event: ExtractedEvent = {
      action: action!.replace(/[~?]/g, '') as ExtractedEvent['action'],
      countries: list(countries),
      services: list(services),
    };
    if (action!.startsWith('~')) event.secondary = true;
    if (action!.startsWith('?')) event.vague = true;
    for (const extra of rest) {
      if (extra.startsWith('@')) event.region = extra.slice(1);
      else event.method = extra as NonNullable<ExtractedEvent['method']>;
    }
    return event;
  });
}

/** Words that no other item shares in their first six letters, which are all that is compared: so no two items pass for copies. */
export const ownWords = (i: number): string =>
  Array.from({ length: 14 }, (_, k) => `w${String.fromCharCode(97 + k)}${i}`).join(' ');

export interface Outcome {
  /** "new WhatsApp" as kind and the incidents' "CC/service/action state". */
  told: string[];
  texts: string[];
  alerts: ReplayedAlert[];
  incidents: Incident[];
}

/** Runs what outlets said through the real pipeline, with an extractor that knows what each text means. */
export async function scenario(
  said: Said[],
  options: { level?: Level; policy?: Partial<Policy>; lang?: string; baseline?: readonly BaselineEntry[] } = {},
): Promise<Outcome> {
  const meaning = new Map<string, ExtractedEvent[]>();
  const items = said.map((one, i): Recorded => {
    const title = `${one.text ?? ownWords(i)} #${i}`;
    meaning.set(title, eventsOf(one.says));
    const at = T0 + one.at;
    return {
      id: `i${i}`,
      voice: one.voice,
      item: {
        sourceId: 'replay',
        guid: `i${i}`,
        url: `https://example.org/${one.voice}/${i}`,
        title,
        summary: '',
        lang: 'en',
        publishedAt: at,
        dated: true,
        publisher: one.voice,
        publisherName: one.voice,
        authority: one.voice.startsWith('authority:'),
      },
    };
  });
  const extractor: Extractor = {
    extract: (text) => ({ relevant: true, events: meaning.get(text.title) ?? [], lang: 'en', credit: null }),
  };
  const clock = createVirtualClock(T0);
  const ids = createIds(clock);
  const store = await openStore(':memory:', { clock, log: silent, ids });
  const alerts: ReplayedAlert[] = [];
  const told: string[] = [];
  await replay(items, {
    store,
    clock,
    ids,
    log: silent,
    extractor,
    policy: { ...DEFAULT_POLICY, ...options.policy },
    translators: createTranslators(bundledCatalogue()),
    publishers: bundledPublishers(),
    level: options.level ?? 'corroborated',
    lang: options.lang ?? 'en',
    ...(options.baseline ? { baseline: options.baseline } : {}),
    progress: () => undefined,
    onAlert: (alert) => {
      alerts.push(alert);
      told.push(
        `${alert.kind} ${alert.incidents.map((id) => id.slice(0, -5)).join(' ')} +${Math.round((alert.at - T0) / MINUTE)}m`,
      );
    },
  });
  const incidents = (await store.incidents.list({ limit: 1000 })).sort((a, b) => a.openedAt - b.openedAt);
  await store.close();
  return { told, alerts, texts: alerts.map((alert) => plainText(alert.document)), incidents };
}

/** What the parts of the webhook adapter are handed in their tests. */

import type { Telling } from '../../../src/adapters/webhook/adapter.ts';
import { untold } from '../../../src/adapters/webhook/told.ts';
import type { ChangeFacts, IncidentFacts, IncidentLine } from '../../../src/core/model/facts.ts';
import type { MessageDocument } from '../../../src/core/model/message.ts';

const at = (seq: number): string => new Date(Date.UTC(2026, 10, 25, 12, seq)).toISOString();

export const change = (seq: number, over: Partial<ChangeFacts> = {}): ChangeFacts => ({
  seq,
  at: at(seq),
  kind: 'opened',
  action: 'block',
  state: 'active',
  confidence: 'corroborated',
  method: null,
  source: { publisher: 'BBC', title: 'It is blocked', url: 'https://bbc.example/1', at: at(seq) },
  ...over,
});

export const facts = (changes: ChangeFacts[], over: Partial<IncidentLine> = {}): IncidentFacts => ({
  incident: {
    type: 'incident',
    id: 'RU-whatsapp-3f9k',
    country: 'RU',
    service: 'whatsapp',
    action: 'block',
    method: null,
    state: 'active',
    confidence: 'corroborated',
    openedAt: at(1),
    corroboratedAt: at(2),
    closedAt: null,
    items: [],
    phases: changes.map((one) => ({ at: one.at, action: one.action, state: one.state })),
    since: at(1),
    sinceKind: 'first-reported',
    part: null,
    regions: [],
    ...over,
  },
  changes,
  heardFrom: changes.at(-1)?.seq ?? 0,
  sources: [],
  withdrawnBecause: null,
});

export const documentOf = (...lines: string[]): MessageDocument => ({
  blocks: lines.map((line) => ({ type: 'paragraph', inline: [line] })),
  buttons: [],
  lang: 'en',
  tone: 'alert',
});

export const NOW = Date.UTC(2026, 10, 25, 13);

/** Of one incident that the target hears of for the first time, unless said otherwise. */
export const telling = (over: Partial<Telling> = {}): Telling => ({
  key: 'tocsin.b1.7.send',
  document: documentOf('🔴 Russia: WhatsApp blocked', 'since 25 Nov'),
  replaces: null,
  changes: untold({ incidents: [facts([change(1)])] }, new Map()),
  now: NOW,
  pageOf: () => null,
  ...over,
});

import type { Incident } from '../model/incident.ts';
import type { MessageDocument } from '../model/message.ts';
import type { Report } from '../model/report.ts';
import type { Translator } from '../ports/translate.ts';
import { bodyOf } from './alert.ts';
import type { Seen } from './facts.ts';

/** No code of a country and no id of a service: whoever reads the example finds nothing of it anywhere. */
const NOWHERE = 'ZZ';
const NOTHING = 'example';

/**
 * What an alert looks like, after the word that this is none. About a country and a service that do not exist, so that a part of it that is passed on
 * alarms nobody; by the same renderer as any other, and without an id or buttons, since there is no incident behind it.
 */
export function renderTestAlert(view: Seen, words: Translator): MessageDocument {
  const invented: Translator = {
    ...words,
    country: () => words.say('test.country'),
    service: () => 'Example Messenger',
  };
  const incident = { ...example(view.now), reports: OUTLETS.map((outlet) => reportOf(outlet, view.now)) };
  const body = bodyOf([incident], view, invented, { categoryOf: () => null, sources: true, advice: null });
  return {
    blocks: [
      { type: 'paragraph', inline: ['🔔 ', { bold: [words.say('test.head')] }, ' ', words.say('test.what')] },
      ...body,
    ],
    buttons: [],
    lang: words.lang,
    tone: 'alert',
  };
}

const example = (now: number): Incident => ({
  id: 'ZZ-example-test',
  country: NOWHERE,
  service: NOTHING,
  family: 'access',
  action: 'block',
  state: 'active',
  confidence: 'corroborated',
  liftConfidence: null,
  method: null,
  regions: [],
  openedAt: now,
  corroboratedAt: now,
  confirmedAt: null,
  closedAt: null,
  lastReportAt: now,
  linkedId: null,
  withdrawnBecause: null,
  open: true,
  version: 1,
});

/** Names and addresses that belong to nobody (RFC 2606). */
const OUTLETS = [
  { voice: 'example-herald', publisherName: 'The Example Herald', url: 'https://herald.example.org/' },
  { voice: 'example-wire', publisherName: 'Example Wire', url: 'https://wire.example.com/' },
];

const reportOf = (outlet: (typeof OUTLETS)[number], at: number): Report => ({
  ...outlet,
  id: outlet.voice,
  sourceId: outlet.voice,
  itemId: null,
  at,
  country: NOWHERE,
  service: NOTHING,
  action: 'block',
  method: null,
  region: null,
  secondary: false,
  kind: 'news',
  title: '',
  lang: 'en',
  summary: '',
  measured: null,
});

/** Every phrase of an alert is said by some alert or reply, in each language, and reads as a sentence: no holes, no English in Russian. */
import { describe, expect, test } from 'vitest';
import { reportOf } from '../../../src/core/judge/readers.ts';
import {
  ACTIONS,
  CONFIDENCES,
  type ChangeKind,
  METHODS,
  type Method,
  type Standing,
} from '../../../src/core/model/incident.ts';
import type { MessageDocument } from '../../../src/core/model/message.ts';
import type { Report } from '../../../src/core/model/report.ts';
import { EVERYWHERE } from '../../../src/core/ports/readers.ts';
import type { PhraseKey } from '../../../src/core/ports/translate.ts';
import { type IncidentWithReports, renderAlert, renderReply } from '../../../src/core/render/alert.ts';
import { listeningTo, proseOf } from '../../fakes/listening-words.ts';
import { keysOf } from '../../fakes/packs.ts';
import { NOW, asText, incident, known, measured, report, translators, twoOutlets, view } from './support.ts';

const DAY = 86_400_000;
const SERVICES = ['whatsapp', 'internet', null];
const KINDS: ChangeKind[] = [
  'escalated',
  'widened',
  'resumed',
  'confidence-up',
  'lift-confidence-up',
  'partly-lifted',
  'easing',
  'lifted',
];

const OF_REGISTER = { country: 'RU', kind: 'register' } as const;
const STOOD: Standing = {
  by: 'record',
  action: 'block',
  method: null,
  since: NOW - 900 * DAY,
  monthOnly: false,
  reference: 'https://record.example/ru',
};

const lift = (over: Partial<Report> = {}): Report => report({ id: 'lift', action: 'unblock', at: NOW - DAY, ...over });
const over = (one: IncidentWithReports, state: 'lifted' | 'withdrawn'): IncidentWithReports => ({
  ...one,
  state,
  open: false,
  closedAt: NOW - DAY,
  liftConfidence: state === 'lifted' ? 'corroborated' : null,
  reports: [...one.reports, lift()],
});

/** Each way in which an incident can stand, of a service, of the network, of nothing that is named. */
const ways = SERVICES.flatMap((service) =>
  ACTIONS.flatMap((action) => {
    const id = `RU-${service ?? 'any'}-${action}`;
    const one = incident({ id, service, action, reports: twoOutlets, family: action === 'warn' ? 'warn' : 'access' });
    return action === 'unblock' ? [one] : [one, over(one, 'lifted'), over(one, 'withdrawn')];
  }),
);

const fingerprint = measured(['AS1'], {
  measured: { strength: 'fingerprint', networks: ['AS1'], verdict: 'http_blockpage:ru-x', component: 'media' },
});
const anomaly = measured(['AS2'], {
  measured: { strength: 'anomaly', networks: ['AS2'], verdict: 'ip_blocked:timeout', component: null },
});
const ofPart = (component: string): Report =>
  measured(['AS3'], {
    action: 'restrict',
    measured: { strength: 'round-rule', networks: ['AS3'], verdict: 'sni_blocked', component },
  });
const observed = (networks: string[]): Report =>
  measured(networks, {
    publisherName: 'OONI',
    measured: {
      strength: 'window-rule',
      networks,
      verdict: 'ip_blocked',
      component: null,
      observatory: networks.length > 0 ? 'ooni' : 'ioda',
      measurements: 412,
      signals: ['bgp', 'ping'],
      openOn: ['AS8359'],
    },
  });
const special: IncidentWithReports[] = [
  incident({ reports: [observed(['AS1', 'AS2']), observed([])] }),
  ...[true, false].map((silence) => {
    const sign = observed(['AS1']);
    return incident({
      reports: [
        { ...sign, measured: { ...sign.measured!, strength: 'anomaly' as const, ...(silence ? { silence } : {}) } },
      ],
    });
  }),
  ...METHODS.map((method) => incident({ id: `RU-m-${method}`, method, reports: twoOutlets })),
  ...CONFIDENCES.flatMap((confidence) => [incident({ confidence }), incident({ confidence, reports: twoOutlets })]),
  incident({ reports: [report({ kind: 'authority', publisherName: 'Roskomnadzor' }), fingerprint, anomaly] }),
  incident({
    reports: [
      report(),
      report({ voice: 'state:RU', publisherName: 'DW', outlet: { country: 'RU', kind: 'state' } }),
      report({ voice: 'new:a', publisherName: 'BBC', outlet: { country: null, kind: 'unknown' } }),
    ],
  }),
  incident({
    regions: ['Moscow', 'Tver', 'Tula', 'Perm', 'Omsk', 'Ufa', 'Orel'],
    service: 'internet',
    action: 'shutdown',
  }),
  incident({ reports: [...twoOutlets, lift({ region: 'Tver' }), lift({ region: 'Tver', voice: 'dw' })] }),
  incident({ regions: ['Moscow'], reports: [...twoOutlets, report({ region: 'Tver', voice: 'dw' })] }),
  incident({ state: 'easing', reports: [...twoOutlets, lift()] }),
  incident({ state: 'easing', reports: [...twoOutlets, measured(['AS1'], { action: 'unblock' })] }),
  incident({ state: 'easing', reports: [...twoOutlets, lift({ kind: 'authority', outlet: OF_REGISTER })] }),
  incident({ service: 'vk', method: 'legal', reports: twoOutlets }),
  incident({ service: 'vpn', reports: twoOutlets }),
  incident({ linkedId: 'RU-whatsapp-0000' }),
  incident({ family: 'warn', action: 'warn', state: 'threatened', linkedId: 'RU-whatsapp-0000' }),
  incident({ openedAt: NOW - 9 * DAY, reports: [report({ action: 'throttle', at: NOW - 9 * DAY }), ...twoOutlets] }),
  ...(['restrict', 'throttle', 'block'] as const).map((action, i) =>
    incident({
      action,
      lastReportAt: NOW,
      reports: [
        report({ action, at: NOW }),
        report({ voice: 'dw', at: NOW, action: (['throttle', 'block', 'shutdown'] as const)[i]! }),
      ],
    }),
  ),
  { ...over(incident({ reports: twoOutlets }), 'withdrawn'), withdrawnBecause: 'the outlet took it back' },
  incident({ country: null, service: null, reports: twoOutlets }),
  ...['calls', 'photos', 'registration'].map((part) =>
    incident({
      action: 'restrict',
      reports: [report({ action: 'restrict', title: `Russia limits ${part} in WhatsApp` })],
    }),
  ),
  incident({ action: 'restrict', reports: [ofPart('web')] }),
  ...[['RU-DA'], ['RU-DA', 'RU-CE'], ['RU-DA', 'RU-CE', 'RU-IN', 'RU-BEL']].map((regions) =>
    incident({
      service: 'internet',
      action: 'shutdown',
      regions,
      reports: [report({ service: 'internet', action: 'shutdown', title: 'Mobile internet is off' })],
    }),
  ),
  ...['web', 'calls', 'media', 'registration', 'bridges', 'persian', 'russian', 'servers'].map((part) =>
    incident({ reports: [ofPart(part), report()] }),
  ),
  incident({
    confidence: 'suspected',
    reports: [reportOf({ country: 'RU', service: 'whatsapp', since: NOW, fails: 40, works: 3 }, 'r')],
  }),
  { ...over(incident({ reports: twoOutlets }), 'withdrawn'), withdrawnBecause: EVERYWHERE },
  incident({ service: 'facebook' }),
  incident({ method: 'app-store' }),
  incident({
    service: 'facebook',
    action: 'throttle',
    reports: [measured(['AS1'], { measured: { ...anomaly.measured!, agent: 'narva' } })],
  }),
];

function everyAlert(lang: string): { heard: Set<PhraseKey>; documents: MessageDocument[] } {
  const { words: listening, heard } = listeningTo(translators);
  const words = listening.of(lang);
  const alert = (...incidents: IncidentWithReports[]) =>
    renderAlert(view(incidents, { known: known({ works: ['telegram'] }) }), words);
  const twins = ways.map((one) => alert(one, { ...one, id: `${one.id}-2`, service: one.service ?? 'signal' }));
  const documents = [...[...ways, ...special].map((one) => alert(one)), ...twins];
  documents.push(alert(...ways), alert(...ways.filter((one) => one.state === 'withdrawn')));
  const [first] = ways;
  documents.push(
    alert(first!, {
      ...first!,
      id: 'b',
      openedAt: NOW,
      confidence: 'confirmed',
      reports: [fingerprint, measured(['AS3'])],
    }),
  );
  const stood = (method: Method, over: Partial<IncidentWithReports> = {}) =>
    incident({
      standing: { ...STOOD, changes: [{ at: NOW, action: 'block', method, confidence: 'corroborated' }] },
      ...over,
    });
  for (const method of ['dns', 'app-store', 'legal'] as const) documents.push(alert(stood(method)));
  documents.push(alert(incident({ standing: { ...STOOD, since: null } })));
  const delisted = (n: number) =>
    Array.from({ length: n }, (_, at) => stood('dns', { id: `RU-s${at}`, service: `s${at}` }));
  documents.push(alert(...delisted(6)));
  documents.push(
    alert(
      ...ways
        .filter(({ service, state }) => service === 'whatsapp' && state === 'active')
        .map((one, at) => ({ ...one, service: `s${at}` })),
    ),
  );
  for (const one of ways.filter(({ service }) => service === 'whatsapp'))
    documents.push(
      alert(one, { ...one, id: `${one.id}-3`, service: 'signal' }),
      alert(...Array.from({ length: 6 }, (_, at) => ({ ...one, id: `RU-t${at}`, service: `t${at}` }))),
    );
  const dated = (openedAt: number) =>
    incident({ id: `RU-d${openedAt}`, openedAt, confidence: 'confirmed', reports: [{ ...fingerprint, at: openedAt }] });
  documents.push(alert(dated(NOW - DAY), { ...dated(NOW), service: 'signal' }));
  const gone = over(ways[0]!, 'lifted');
  documents.push(renderReply(view([gone]), words, { reason: 'lifted', incidentIds: [gone.id] }));
  for (const reason of KINDS) documents.push(renderReply(view([first!]), words, { reason, incidentIds: [first!.id] }));
  return { heard, documents };
}

/** Said in a country's stead (`i18n/words.test.ts`), to a question (`commands/phrases.test.ts`), or of an alert that is a test (`render/test-alert.test.ts`). */
const elsewhere = new Set(
  'wrong.unblock head.withdrawn net.withdrawn label.block label.shutdown label.unblock label.warn label.withdrawn label.warnOver place.occupied place.claimed place.apart place.partly place.reference country.none place.unknown network.seen network.none network.country test.head test.what test.country'.split(
    ' ',
  ),
);
const buttons = ['button.evidence', 'button.mute', 'button.muteCountry', 'button.status'];
const phrases = [
  ...keysOf(
    'head',
    'net',
    'any',
    'group',
    'several',
    'changed',
    'wrong',
    'stands',
    'label',
    'headline',
    'country',
    'list',
  ),
  ...keysOf('method', 'confidence', 'sure', 'why', 'count', 'alert', 'reply', 'test'),
  ...keysOf('noun', 'place', 'network', 'part', 'component', 'advice', 'probe'),
  ...buttons,
];
/** Names, ids and what strangers wrote. */
const NAMES =
  /[A-Z]{2}-[a-z0-9-]+|WhatsApp|Facebook|Wi-Fi|Telegram|Signal|BBC|DW|Roskomnadzor|Tocsin probe|DNS|SNI|BGP|OONI|bgp|ping|IP|GMT[+-]?\d*|the outlet took it back|https:\/\/record\.example\/ru|Moscow|Tver|Tula|Perm|Omsk|Ufa|Orel|[Mm]edia/g;

describe.each(['en', 'ru'])('alerts in %s', (lang) => {
  const { heard, documents } = everyAlert(lang);

  test('every phrase: said by one of them', () => {
    expect(phrases.filter((key) => !elsewhere.has(key) && !heard.has(key as PhraseKey))).toEqual([]);
  });

  test('every line: no hole, no odd value, no space before a sign', () => {
    for (const document of documents) {
      expect(asText(document)).not.toMatch(/\{\w+\}|undefined|NaN|\[object|\bnull\b| {2}|\s[,.;:!?](?:\s|$)/m);
    }
  });

  test('every alert: a mark and a headline first, its ids last', () => {
    for (const { blocks, tone } of documents) {
      expect(tone).toBe('alert');
      expect(blocks[0]).toMatchObject({
        type: 'paragraph',
        inline: expect.arrayContaining([expect.stringMatching(/^[🔴🟠⚫🟡🟢⚪] $/u), { bold: [expect.any(String)] }]),
      });
      // A reply is one line, with the id at its end.
      if (blocks.length > 1) expect(blocks.at(-1)).toMatchObject({ type: 'note' });
      else expect(JSON.stringify(blocks)).toMatch(/"code":"[^"]+"\}\]\}\]$/);
    }
  });
});

test('no Russian alert has English in it', () => {
  const english = everyAlert('ru')
    .documents.flatMap(proseOf)
    .filter((line) => /[a-z]{3,}/.test(line.replace(NAMES, '')));
  expect([...new Set(english)]).toEqual([]);
});

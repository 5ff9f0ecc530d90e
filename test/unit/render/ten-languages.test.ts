/** Alerts, replies, summaries and reminders in each language: the same marks, names, links, ids and buttons; only the words differ. */
import { describe, expect, test } from 'vitest';
import type { ChangeKind } from '../../../src/core/model/incident.ts';
import type { MessageDocument } from '../../../src/core/model/message.ts';
import type { Translator } from '../../../src/core/ports/translate.ts';
import { type AlertView, type IncidentWithReports, renderAlert, renderReply } from '../../../src/core/render/alert.ts';
import { renderLate, renderReminder } from '../../../src/core/render/regular.ts';
import { isWhole } from '../../fakes/packs.ts';
import { NOW, asText, at, incident, known, measured, report, translators, twoOutlets, view } from './support.ts';

const CODES = translators.languages.filter(isWhole).map(({ code }) => code);
const DAY = 86_400_000;
const lifts = twoOutlets.map((one) => ({
  ...one,
  id: `${one.id}-lift`,
  action: 'unblock' as const,
  at: at('2026-02-13T09:00:00Z'),
}));
const lifted = (over: Partial<IncidentWithReports> = {}): IncidentWithReports =>
  incident({
    state: 'lifted',
    open: false,
    closedAt: at('2026-02-13T09:00:00Z'),
    liftConfidence: 'corroborated',
    reports: [...lifts, ...twoOutlets],
    ...over,
  });
const of = (service: string | null, over: Partial<IncidentWithReports> = {}): IncidentWithReports =>
  incident({
    id: `RU-${service ?? 'unknown'}-${(service ?? 'none').slice(0, 4).padEnd(4, 'x')}`,
    service,
    reports: twoOutlets,
    ...over,
  });

/** Situations by name. */
const SITUATIONS: Record<string, IncidentWithReports[]> = {
  'blocked, by two outlets': [of('whatsapp')],
  'blocked by DNS in one region': [of('whatsapp', { method: 'dns', regions: ['Moscow'] })],
  'blocked by address': [of('signal', { method: 'ip' })],
  'blocked by name': [of('signal', { method: 'sni' })],
  'taken from app stores': [of('vpn', { method: 'app-store' })],
  'by court': [of('x', { method: 'legal' })],
  'reported by one outlet': [of('telegram', { confidence: 'reported', reports: [report({ service: 'telegram' })] })],
  'suspected by measurements': [
    of('youtube', { confidence: 'suspected', reports: [measured(['AS1'], { service: 'youtube' })] }),
  ],
  'confirmed by two networks': [
    of('youtube', {
      confidence: 'confirmed',
      confirmedAt: NOW,
      reports: [measured(['AS1']), measured(['AS2'], { id: 'm2', voice: 'network:AS2' })],
    }),
  ],
  'news and measurements': [of('dw', { confidence: 'confirmed', reports: [...twoOutlets, measured(['AS1'])] })],
  'slowed down': [of('youtube', { action: 'throttle', method: 'throttle' })],
  'a part restricted': [of('facebook', { action: 'restrict' })],
  'the network is off': [of('internet', { action: 'shutdown' })],
  'the network of a region is off': [of('internet', { action: 'shutdown', regions: ['Dagestan'] })],
  'without a service': [of(null)],
  'a threat': [of('whatsapp', { action: 'warn', family: 'warn', state: 'threatened' })],
  'without a country': [of('whatsapp', { country: null })],
  easing: [of('whatsapp', { state: 'easing', reports: [lifts[0]!, ...twoOutlets] })],
  lifted: [lifted()],
  'lifted, and never known before': [
    lifted({ action: 'unblock', openedAt: at('2026-02-13T09:00:00Z'), reports: lifts }),
  ],
  withdrawn: [of('whatsapp', { state: 'withdrawn', open: false, closedAt: NOW, withdrawnBecause: 'a typing error' })],
  'three at once': [of('whatsapp'), of('telegram'), of('facebook')],
  'blocked and slowed down': [of('whatsapp'), of('youtube', { action: 'throttle' })],
  'one lifted, one not': [of('telegram'), lifted()],
  'fifteen at once': [
    'whatsapp',
    'telegram',
    'signal',
    'max',
    'line',
    'facebook',
    'instagram',
    'x',
    'vk',
    'youtube',
    'google',
    'dw',
    'rt',
    'vpn',
    'odnoklassniki',
  ].map((one) => of(one)),
};

const NAMES = ['WhatsApp', 'Telegram', 'Signal', 'YouTube', 'Facebook', 'Deutsche Welle', 'BBC', 'DW', 'LINE', 'MAX'];
const ISOLATES = /[\u200e\u200f\u2066-\u2069]/g;

function factsOf(document: MessageDocument): string[] {
  const text = asText(document)
    .replace(ISOLATES, '')
    .replace(/\[[^\]]* → [^\]]*\]/g, '');
  const pattern = new RegExp(
    `[🔴🟠⚫🟡🟢❔⚪]|\\b[A-Z]{2}-[a-z0-9-]+-[a-z0-9]{4}\\b|https?://[^\\s>]+|\\bAS\\d+\\b|(?<!\\p{L})(?:${NAMES.join('|')})(?!\\p{L})`,
    'gu',
  );
  return [...text.matchAll(pattern)].map(([fact]) => fact).sort();
}
const shapeOf = ({ blocks, buttons, tone }: MessageDocument) => ({
  tone,
  blocks: blocks.map((block) => (block.type === 'list' ? `list of ${block.items.length}` : block.type)),
  buttons: buttons.map((row) => row.map(({ press }) => ('command' in press ? press.command : press.url))),
});

type Made = (shown: AlertView, words: Translator) => MessageDocument;
const replyAs =
  (reason: ChangeKind): Made =>
  (shown, words) =>
    renderReply(shown, words, { reason, incidentIds: shown.incidents.map(({ id }) => id) });
const MADE: Record<string, Made> = {
  alert: renderAlert,
  'reply: escalated': replyAs('escalated'),
  'reply: lifted': replyAs('lifted'),
  'reply: withdrawn': replyAs('withdrawn'),
  late: renderLate,
  reminder: (shown, words) => renderReminder(shown.incidents, { ...shown, ...regular }, words),
};
const regular = { timeZone: 'Europe/Moscow', now: NOW, typed: (command: string) => `/${command}` };

const shownIn = (lang: string, incidents: IncidentWithReports[]): AlertView =>
  view(incidents, { lang, known: known({ works: ['telegram', 'whatsapp', 'signal'] }) });
const cases = Object.keys(MADE).flatMap((how) => Object.keys(SITUATIONS).map((situation) => [how, situation] as const));

describe.each(CODES.filter((code) => code !== 'en'))('%s', (lang) => {
  test.each(cases)('%s of %s: as in English, in its own words', (how, situation) => {
    const incidents = SITUATIONS[situation]!;
    const made = (code: string) => MADE[how]!(shownIn(code, incidents), translators.of(code));
    const [own, english] = [made(lang), made('en')];
    expect(own.lang).toBe(lang);
    expect(factsOf(own)).toEqual(factsOf(english));
    expect(shapeOf(own)).toEqual(shapeOf(english));
    expect(asText(own)).not.toBe(asText(english));
  });
});

describe('in every language', () => {
  test.each(CODES)('%s: each situation is told in words of its own', (lang) => {
    const headlines = Object.entries(SITUATIONS).map(([name, incidents]) => {
      const [first] = asText(renderAlert(shownIn(lang, incidents), translators.of(lang))).split('\n');
      return [first!.replace(ISOLATES, ''), name] as const;
    });
    const apart = ['blocked, by two outlets', 'a threat', 'lifted', 'withdrawn'];
    const read = headlines.filter(([, name]) => apart.includes(name)).map(([line]) => line);
    expect(new Set(read).size).toBe(apart.length);
    for (const [line, name] of headlines) expect(`${name}: ${line}`).toMatch(/: .{6,}/u);
  });

  test.each(CODES)('%s: nothing is left to fill in, and nothing reads "undefined"', (lang) => {
    for (const [how, make] of Object.entries(MADE))
      for (const [name, incidents] of Object.entries(SITUATIONS)) {
        const text = asText(make(shownIn(lang, incidents), translators.of(lang)));
        expect(`${how} of ${name}: ${text}`).not.toMatch(/undefined|null|NaN|\[object|\{\w+\}/);
      }
  });

  test.each(CODES)('%s: since when, in the zone of the chat and by its own calendar words', (lang) => {
    const of = (timeZone: string) =>
      asText(renderAlert({ ...shownIn(lang, [incident({ reports: twoOutlets })]), timeZone }, translators.of(lang)));
    const [moscow, tehran] = [of('Europe/Moscow'), of('Asia/Tehran')];
    expect(moscow).not.toBe(tehran);
  });

  test.each(CODES)('%s: how long it has lasted grows with the time', (lang) => {
    const words = translators.of(lang);
    const texts = [60_000, 3_600_000, DAY, 3 * DAY, 40 * DAY].map((ms) => words.duration(ms));
    expect(new Set(texts).size).toBe(texts.length);
  });
});

/** What comes at its time, as messages: every phrase of it is said, each is complete by itself, and nothing grows without bound. */
import { describe, expect, test } from 'vitest';
import type { PhraseKey } from '../../../src/core/ports/translate.ts';
import {
  renderDigest,
  renderLate,
  renderReminder,
  renderReport,
  renderSummary,
} from '../../../src/core/render/regular.ts';
import { listeningTo } from '../../fakes/listening-words.ts';
import { keysOf } from '../../fakes/packs.ts';
import { asText, at, incident, NOW, nothingKnown, translators, twoOutlets } from './support.ts';

const view = { timeZone: 'Europe/Moscow', now: NOW, typed: (command: string) => `/${command}` };
const blocked = incident({ reports: twoOutlets });
const lifted = incident({
  id: 'RU-signal-1111',
  service: 'signal',
  state: 'lifted',
  open: false,
  closedAt: at('2026-02-14T01:00:00Z'),
  liftConfidence: 'corroborated',
});
const slow = incident({
  id: 'RU-telegram-2222',
  service: 'telegram',
  action: 'throttle',
  openedAt: at('2026-02-13T22:00:00Z'),
});
const many = Array.from({ length: 40 }, (_, n) => incident({ id: `RU-x-${n}`, service: 'x', openedAt: n }));
const sight = { sources: 49, answering: 47, oftenMs: 300_000, vantages: 2 };
const alert = {
  id: 'a',
  country: 'RU',
  level: 'corroborated',
  createdAt: 0,
  notifiedAt: 0,
  widenRepliedAt: null,
  incidents: [],
} as const;

describe.each(translators.languages.map(({ code }) => code))('in %s', (lang) => {
  const { words, heard } = listeningTo(translators);
  const own = words.of(lang);
  const documents = [
    renderSummary({ incidents: [blocked], changes: 1 }, view, own),
    renderSummary({ incidents: [lifted, slow, blocked], changes: 5 }, view, own),
    renderLate({ ...view, alert: { ...alert, incidents: [] }, incidents: [blocked], known: nothingKnown, lang }, own),
    renderDigest({ every: 'day', fresh: [slow], over: [lifted], standing: [blocked] }, view, own),
    renderDigest({ every: 'week', fresh: [], over: [], standing: [] }, view, own),
    renderReminder([blocked], view, own),
    renderReport({ sight: { ...sight, answering: sight.sources }, open: [], dates: [] }, view, own),
    renderReport(
      { sight, open: [blocked], dates: [{ at: at('2026-03-01T00:00:00Z'), what: 'A law', who: 'Example Wire' }] },
      view,
      own,
    ),
  ];

  test('every phrase: said in some situation, in that language, without holes', () => {
    expect(keysOf('summary', 'digest', 'remind', 'report').filter((key) => !heard.has(key as PhraseKey))).toEqual([]);
    for (const document of documents) {
      expect(document.lang).toBe(lang);
      expect(asText(document)).not.toMatch(/\{\w+\}|undefined|NaN|\[object|\bnull\b| {2}/u);
    }
  });

  test('a day ahead: the headline, and whose it is', () => {
    expect(asText(documents.at(-1)!)).toContain(own.say('text.brackets', { text: 'A law', more: 'Example Wire' }));
  });

  test('each thing that is told: country, service and id', () => {
    const [one, several] = documents.map(asText);
    for (const text of [one!, several!]) expect(text).toContain('RU-whatsapp-3f9k');
    for (const id of ['RU-signal-1111', 'RU-telegram-2222']) expect(several).toContain(id);
    for (const name of ['WhatsApp', 'Signal', 'Telegram', own.country('RU')]) expect(several).toContain(name);
  });
});

const en = translators.of('en');

test('a summary rings, the rest does not', () => {
  expect(renderSummary({ incidents: [blocked], changes: 1 }, view, en).tone).toBe('alert');
  for (const document of [
    renderDigest({ every: 'day', fresh: [slow], over: [], standing: [] }, view, en),
    renderReminder([blocked], view, en),
    renderReport({ sight, open: [], dates: [] }, view, en),
  ])
    expect(document.tone).toBe('notice');
});

test('a night in which forty things happened: a dozen lines, the worst first, and how many more', () => {
  const text = asText(renderSummary({ incidents: [slow, ...many], changes: 41 }, view, en));
  expect(text).toContain('29 more');
  expect(text).not.toContain('Telegram');
  expect(text.length).toBeLessThan(3_000);
  expect(asText(renderReminder(many, view, en))).toContain('28 more');
});

test('nothing known of sources and vantage points: nothing is claimed of them', () => {
  const text = asText(
    renderReport({ sight: { sources: 1, answering: 1, oftenMs: null, vantages: 0 }, open: [], dates: [] }, view, en),
  );
  expect(text).toContain('The one source that I read answers.');
  expect(text).not.toMatch(/every|vantage|open/u);
});

/** The evidence card: what newsrooms keep, check and cite. */

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import type { ChangeKind, Transition } from '../../src/core/model/incident.ts';
import { PLAIN_TALK } from '../../src/core/ports/chat-adapter.ts';
import { type Card, type CardFacts, cardOf, cardText, citation } from '../../src/core/render/evidence-card.ts';
import { testIf } from '../fakes/shared.ts';
import { createBot } from './commands/support.ts';
import { asText, at, bare, incident, measured, NOW, report, translators, twoOutlets } from './render/support.ts';

const en = translators.of('en');
const home = {
  platform: 'telegram',
  talk: { ...PLAIN_TALK, prefix: '/', buttons: true },
  pace: { perSecond: 27, perChatMs: 0, perGroupMinute: 0, window: 1 },
};
const HOUR = 3_600_000;
const step = (seq: number, change: ChangeKind, over: Partial<Transition> = {}): Transition => ({
  incidentId: 'RU-whatsapp-3f9k',
  seq,
  at: at('2026-02-12T11:05:00Z') + seq * HOUR,
  change,
  action: 'throttle',
  state: 'active',
  confidence: 'reported',
  method: null,
  reportId: null,
  ...over,
});
const log = [
  step(1, 'opened'),
  step(2, 'confidence-up', { confidence: 'corroborated' }),
  step(3, 'escalated', { action: 'block', confidence: 'corroborated' }),
  step(4, 'method-revealed', { action: 'block', confidence: 'corroborated', method: 'sni' }),
  step(5, 'lifted', { action: 'block', confidence: 'corroborated', state: 'lifted' }),
];
const probe = measured(['AS8359'], { at: at('2026-02-12T11:47:33Z') });
const observatory = measured(['AS1', 'AS2'], {
  id: 'o',
  publisherName: 'OONI',
  url: 'https://explorer.example/m/1',
  at: at('2026-02-12T12:31:00Z'),
  measured: {
    strength: 'window-rule',
    networks: ['AS1', 'AS2'],
    verdict: 'ip_blocked',
    component: null,
    observatory: 'ooni',
    measurements: 412,
    licence: 'CC BY-NC-SA 4.0',
  },
});
const lift = report({ id: 'lift', action: 'unblock', title: 'WhatsApp is back', at: at('2026-02-12T16:05:00Z') });
const facts = (over: Partial<CardFacts> = {}): CardFacts => ({
  incident: bare(
    incident({ state: 'lifted', open: false, closedAt: NOW, liftConfidence: 'corroborated', method: 'sni' }),
  ),
  reports: [lift, observatory, ...twoOutlets, probe],
  count: 5,
  log,
  timeZone: 'Europe/Moscow',
  now: NOW,
  ...over,
});

describe('the card', () => {
  const card = cardOf(facts(), en);

  test('says what, where, when in UTC and by the reader’s clock', () => {
    expect(card).toMatchObject({
      format: 'tocsin-evidence/1',
      id: 'RU-whatsapp-3f9k',
      country: { code: 'RU', name: 'Russia' },
      service: { id: 'whatsapp', name: 'WhatsApp' },
      action: 'block',
      state: 'lifted',
      timeZone: 'Europe/Moscow',
      times: {
        since: { utc: '2026-02-12T11:05:00Z', local: '12 Feb 2026, 14:05 MSK' },
        corroborated: null,
        ended: { utc: '2026-02-14T12:00:00Z' },
      },
    });
  });

  test('keeps every report, lifts too, oldest first, with its link', () => {
    expect(card.sources.map(({ publisher, action, link }) => [publisher, action, link])).toEqual([
      ['BBC', 'block', 'https://bbc.example/1'],
      ['DW', 'block', 'https://dw.example/2'],
      ['our own measurement (AS8359)', 'block', null],
      ['OONI', 'block', 'https://explorer.example/m/1'],
      ['BBC', 'unblock', 'https://bbc.example/1'],
    ]);
    expect(card.sources[3]!.measured).toMatchObject({ measurements: 412, licence: 'CC BY-NC-SA 4.0' });
  });

  test('a probe’s time is told by the hour, an observatory’s as it is', () => {
    expect(card.sources[2]!.at.utc).toBe('2026-02-12T11:00:00Z');
    expect(card.sources[3]!.at.utc).toBe('2026-02-12T12:31:00Z');
  });

  test('says from where it was measured: country and network', () => {
    expect(card.vantages).toEqual([
      { country: 'RU', network: 'AS8359', reports: 1 },
      { country: 'RU', network: 'AS1', reports: 1 },
      { country: 'RU', network: 'AS2', reports: 1 },
    ]);
  });

  test('tells how the wording changed: only where it did', () => {
    expect(card.wording.map(({ headline }) => headline)).toEqual([
      '🟠 Russia: WhatsApp slowed down (reported)',
      '🟠 Russia: WhatsApp slowed down (corroborated)',
      '🔴 Russia: WhatsApp blocked (corroborated)',
      '🟢 Russia: WhatsApp works again (corroborated)',
    ]);
  });

  test('the digest is that of the JSON without madeAt and sha256', () => {
    const { madeAt, sha256, ...rest } = JSON.parse(JSON.stringify(card)) as Card;
    expect(createHash('sha256').update(JSON.stringify(rest)).digest('hex')).toBe(sha256);
    expect(madeAt.utc).toBe('2026-02-14T12:00:00Z');
  });

  testIf(
    spawnSync('jq', ['--version']).status === 0,
    'needs jq',
    'the line of docs/evidence.md counts the same',
    () => {
      const line = /^ {4}(jq .*)$/m.exec(readFileSync('docs/evidence.md', 'utf8'))![1]!.replace('< CARD', '');
      const { stdout } = spawnSync('sh', ['-c', line], { input: JSON.stringify(card, null, 2), encoding: 'utf8' });
      expect(stdout.split(' ')[0]).toBe(card.sha256);
    },
  );

  test('the same evidence an hour later, in another order: the same digest; one report more: another', () => {
    const same = cardOf(facts({ now: NOW + HOUR, reports: [...facts().reports].reverse() }), en);
    expect(same.sha256).toBe(card.sha256);
    const more = cardOf(facts({ reports: [...facts().reports, report({ id: 'new', voice: 'x' })] }), en);
    expect(more.sha256).not.toBe(card.sha256);
  });

  test('what was left out is counted', () => expect(cardOf(facts({ count: 250 }), en).sourcesLeftOut).toBe(245));

  test('hostile words stay on their line, and links that hide something are none', () => {
    const evil = report({ title: 'a\nb\u202e', url: 'javascript:alert(1)', publisherName: 'x\ny' });
    const [source] = cardOf(facts({ reports: [evil] }), en).sources;
    expect(source).toMatchObject({ title: 'a b', link: null, publisher: 'x y' });
  });

  test('whatever stands in it: a text without holes, and JSON that reads back', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ title: fc.string(), at: fc.integer({ min: 0, max: 4e12 }), lang: fc.string() }), {
          maxLength: 6,
        }),
        fc.constantFrom('en', 'ru', 'fa'),
        (all, lang) => {
          const reports = all.map((one, i) => report({ ...one, id: `r${i}` }));
          const made = cardOf(facts({ reports }), translators.of(lang));
          expect(JSON.parse(JSON.stringify(made))).toEqual(made);
          expect(cardText(made, translators.of(lang))).not.toMatch(/undefined|\[object|\{(?:id|zone|hash|when)\}/u);
        },
      ),
    );
  });
});

describe('as text', () => {
  const card = cardOf(facts(), en);
  const text = cardText(card, en);

  test.each([
    'Evidence card RU-whatsapp-3f9k',
    'First reported: 2026-02-12T11:05:00Z (12 Feb 2026, 14:05 MSK)',
    '2026-02-12T11:05:00Z (12 Feb 2026, 14:05 MSK) – BBC: Russia blocks WhatsApp [Blocked]\n    https://bbc.example/1',
    'ip_blocked · AS1, AS2 · 412 measurements · CC BY-NC-SA 4.0\n    https://explorer.example/m/1',
    'RU AS8359 × 1',
    'got worse: Blocked, corroborated',
    'SHA-256 of the JSON without madeAt and sha256: ',
  ])('it has: %s', (part) => expect(text).toContain(part));

  test('how to cite it: the headline, since when, as of when, and the digest', () => {
    expect(citation(card, en)).toBe(
      `Tocsin, incident RU-whatsapp-3f9k: “Russia: WhatsApp works again (corroborated)”, first reported 2026-02-12T11:05:00Z; as of 2026-02-14T12:00:00Z, SHA-256 ${card.sha256.slice(0, 16)}…`,
    );
  });

  test('for a reader in UTC each time stands there once', () =>
    expect(cardText(cardOf(facts({ timeZone: 'UTC' }), en), en)).toContain('First reported: 2026-02-12T11:05:00Z\n'));
});

describe('the command', () => {
  let bot: ReturnType<typeof createBot>;
  beforeEach(() => {
    bot = createBot();
    bot.tables.stored = [
      incident({ reports: twoOutlets }),
      incident({ id: 'RU-signal-0001', service: 'signal', reports: twoOutlets }),
    ];
    bot.tables.log = log;
  });

  test('by id: the card, and the JSON on a button', async () => {
    const said = await bot.say('evidence RU-whatsapp-3f9k');
    expect(said).toContain('Evidence card RU-whatsapp-3f9k');
    expect(said).toContain('[JSON → evidence RU-whatsapp-3f9k json]');
    const json = await bot.say('evidence ru-whatsapp-3f9k json');
    expect(json).toContain('"format": "tocsin-evidence/1"');
  });

  test('where files are taken: a text, then the card to read and the card to check', async () => {
    const filing = createBot({
      account: () => ({ ...home, talk: { ...home.talk, attachments: true } }),
    });
    filing.tables.stored = [incident({ reports: twoOutlets })];
    filing.tables.log = log;
    const [text, txt, json, ...more] = (await filing.answer('evidence RU-whatsapp-3f9k'))!.documents;
    expect(more).toEqual([]);
    expect(asText(text!)).toContain('How to cite it: Tocsin, incident RU-whatsapp-3f9k');
    expect(text!.file).toBeUndefined();
    expect(txt!.file).toMatchObject({ name: 'tocsin-RU-whatsapp-3f9k.txt', type: 'text/plain' });
    expect(json!.file).toMatchObject({ name: 'tocsin-RU-whatsapp-3f9k.json', type: 'application/json' });
    const card = JSON.parse(json!.file!.text) as Card;
    expect(txt!.file!.text).toContain(card.sha256);
    // Asked for by its part it comes as text here, too.
    expect((await filing.answer('evidence RU-whatsapp-3f9k json'))!.documents).toHaveLength(1);
  });

  test('by words: the cards of what is open', async () => {
    expect(await bot.say('evidence ru')).toContain('[RU-whatsapp-3f9k → evidence RU-whatsapp-3f9k]');
  });

  test.each([
    ['evidence', 'A card of which incident? Its id stands at the end of each alert: /evidence RU-whatsapp-3f9k'],
    ['evidence tr', 'A card of which incident?'],
    ['evidence RU-nope-0000', 'I know no incident RU-nope-0000'],
  ])('%s: says what to type', async (typed, expected) => expect(await bot.say(typed)).toContain(expected));

  test('from an incident’s own answer it is one tap away', async () =>
    expect(await bot.say('incident RU-whatsapp-3f9k')).toContain('[Card to keep → evidence RU-whatsapp-3f9k]'));
});

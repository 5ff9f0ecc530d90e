import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { breaksThrough, isRegular, whenFor } from '../../../src/core/audience.ts';
import { REGULAR } from '../../../src/core/model/alert.ts';
import type { Incident } from '../../../src/core/model/incident.ts';
import { broadcast, incident, NOW } from '../../contract/store/samples.ts';

const END = NOW + 3_600_000;
const piece = {
  op: 'send',
  kind: 'new',
  messageRef: null as string | null,
  inSummary: false,
  heldBefore: false,
  begun: false,
} as const;
type Piece = Parameters<typeof whenFor>[0];

describe('when a piece goes', () => {
  const CASES: [string, Partial<Piece>, { quiet?: boolean; critical?: boolean }, string][] = [
    ['by day: now', {}, {}, 'send not-quiet'],
    ['by night: it waits for the summary', {}, { quiet: true }, 'hold quiet-hours'],
    ['by night, critical: now', {}, { quiet: true, critical: true }, 'send critical'],
    ['a reply by night: it waits', { op: 'reply', messageRef: 'm1' }, { quiet: true }, 'hold quiet-hours'],
    ['a reply by day: now', { op: 'reply', messageRef: 'm1' }, {}, 'send not-quiet'],
    [
      'a reply by day, its alert still waits: behind it',
      { op: 'reply', heldBefore: true },
      {},
      'hold behind-what-waits',
    ],
    ['a reply by day whose message is not known: as a message', { op: 'reply' }, {}, 'send not-quiet'],
    [
      'an edit by night: at once, it makes no sound',
      { op: 'edit', messageRef: 'm1' },
      { quiet: true },
      'send makes-no-sound',
    ],
    [
      'an edit of what waits: the summary shows it',
      { op: 'edit', heldBefore: true },
      { quiet: true },
      'drop summary-shows-it',
    ],
    [
      'an edit of what waits and has become critical: a message',
      { op: 'edit', heldBefore: true },
      { quiet: true, critical: true },
      'send critical',
    ],
    [
      'an edit of what waits, by day: its summary shows it',
      { op: 'edit', heldBefore: true },
      { critical: true },
      'drop summary-shows-it',
    ],
    [
      'an edit of a summary: it stays as it is',
      { op: 'edit', messageRef: 'm1', inSummary: true },
      {},
      'drop summary-stays',
    ],
    ['an attempt of the evening: as it is, in the morning', { begun: true }, { quiet: true }, 'wait begun-already'],
    ['an attempt of the evening, by day: now', { begun: true }, {}, 'send not-quiet'],
    ['a digest by night: in the morning', { kind: 'digest' }, { quiet: true }, 'wait regular'],
    ['a summary by day: now', { kind: 'summary' }, {}, 'send not-quiet'],
    ['nothing regular is critical', { kind: 'reminder' }, { quiet: true, critical: true }, 'wait regular'],
  ];
  test.each(CASES)('%s', (_name, over, { quiet = false, critical = false }, expected) => {
    const when = whenFor({ ...piece, ...over }, quiet ? END : null, critical, NOW);
    expect(`${when.do} ${when.why}`).toBe(expected);
    if (when.do === 'hold' || when.do === 'wait') expect(when.until).toBe(quiet ? END : NOW);
  });

  test('any: in quiet hours nothing rings that is not critical; by day nothing waits but behind what waits', () => {
    const any = fc.record({
      op: fc.constantFrom('send' as const, 'edit' as const, 'reply' as const),
      kind: fc.constantFrom('new' as const, 'update' as const, 'lifted' as const, ...REGULAR),
      messageRef: fc.option(fc.constant('m1')),
      inSummary: fc.boolean(),
      heldBefore: fc.boolean(),
      begun: fc.boolean(),
    });
    fc.assert(
      fc.property(any, fc.boolean(), fc.boolean(), (one, quiet, critical) => {
        const when = whenFor(one, quiet ? END : null, critical, NOW);
        const rings = when.do === 'send' && (one.op !== 'edit' || one.messageRef === null);
        if (quiet && rings && !(one.op === 'edit' && !one.heldBefore))
          expect(critical && !isRegular(one.kind)).toBe(true);
        if (!quiet && (when.do === 'hold' || when.do === 'wait')) expect(when.why).toBe('behind-what-waits');
        // What is dropped is an edit, which something else shows.
        if (when.do === 'drop') expect(one.op).toBe('edit');
      }),
    );
  });
});

describe('what is critical for a chat', () => {
  const national = { service: 'internet', action: 'shutdown' } as const;
  const CASES: [string, Partial<Incident>, string, object, string | null][] = [
    ['a confirmed block, followed by name', { confidence: 'confirmed' }, 'RU whatsapp', {}, 'followed-by-name'],
    [
      'a confirmed block, followed by name everywhere',
      { confidence: 'confirmed' },
      '* whatsapp',
      {},
      'followed-by-name',
    ],
    ['a confirmed block of one of a country', { confidence: 'confirmed' }, 'RU *', {}, null],
    ['a corroborated block, followed by name', { confidence: 'corroborated' }, 'RU whatsapp', {}, null],
    ['confirmed, but slowed down only', { confidence: 'confirmed', action: 'throttle' }, 'RU whatsapp', {}, null],
    [
      'one outlet says it is over',
      { confidence: 'confirmed', state: 'easing', liftConfidence: 'reported' },
      'RU whatsapp',
      {},
      'followed-by-name',
    ],
    [
      'over, as sure as the chat wants it',
      { confidence: 'confirmed', state: 'easing', liftConfidence: 'corroborated' },
      'RU whatsapp',
      {},
      null,
    ],
    ['a network that is off, as sure as the chat wants it', national, 'RU *', {}, 'national-shutdown'],
    ['a network that is off in some regions', { ...national, regions: ['RU-DA'] }, 'RU *', {}, null],
    ['the platform of the chat', { service: 'telegram' }, 'RU *', {}, 'own-platform'],
    ['the platform of another chat', { service: 'signal' }, 'RU *', {}, null],
    [
      'it got surer',
      { confidence: 'confirmed' },
      'RU whatsapp',
      { kind: 'update', reason: 'confidence-up' },
      'followed-by-name',
    ],
    [
      'it got worse',
      { confidence: 'confirmed' },
      'RU whatsapp',
      { kind: 'update', reason: 'escalated' },
      'followed-by-name',
    ],
    ['it is over', { confidence: 'confirmed' }, 'RU whatsapp', { kind: 'lifted', reason: 'lifted' }, null],
    ['it was wrong', { confidence: 'confirmed' }, 'RU whatsapp', { kind: 'correction', reason: 'withdrawn' }, null],
    [
      'an update about another one',
      { confidence: 'confirmed' },
      'RU whatsapp',
      { kind: 'update', reason: 'escalated', incidentIds: ['x'] },
      null,
    ],
  ];
  test.each(CASES)('%s', (_name, over, followed, change, expected) => {
    const [country, service] = followed.split(' ');
    const chat = {
      platform: 'telegram',
      level: 'corroborated' as const,
      subscriptions: [{ country: country!, service: service! }],
    };
    expect(breaksThrough({ ...broadcast(), ...change }, chat, [incident(over)])).toBe(expected);
  });
});

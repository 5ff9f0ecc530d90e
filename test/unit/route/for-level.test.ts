import { describe, expect, test } from 'vitest';
import { forLevel } from '../../../src/core/audience.ts';
import type { ChangeKind, Incident, Level } from '../../../src/core/model/incident.ts';

const incident = (change: Partial<Incident>): Incident => ({
  id: 'RU-whatsapp-aaaa',
  country: 'RU',
  service: 'whatsapp',
  family: 'access',
  action: 'block',
  state: 'active',
  confidence: 'reported',
  liftConfidence: null,
  method: null,
  regions: [],
  openedAt: 0,
  corroboratedAt: null,
  confirmedAt: null,
  closedAt: null,
  lastReportAt: 0,
  linkedId: null,
  withdrawnBecause: null,
  open: true,
  version: 1,
  ...change,
});
const reported = incident({});
const sure = incident({ confidence: 'corroborated' });

describe('what chats of a level hear', () => {
  const cases: [string, Incident | null, Incident, ChangeKind[], Level, object][] = [
    ['first outlet, early', null, reported, ['opened'], 'early', { notify: 'new', why: 'reached-level' }],
    ['first outlet, default', null, reported, ['opened'], 'corroborated', { notify: 'nothing', why: 'below-level' }],
    [
      'second outlet, default',
      reported,
      sure,
      ['confidence-up'],
      'corroborated',
      { notify: 'new', why: 'reached-level' },
    ],
    [
      'second outlet, early',
      reported,
      sure,
      ['confidence-up'],
      'early',
      { notify: 'update', loud: false, why: 'confidence-up' },
    ],
    ['third outlet', sure, sure, [], 'corroborated', { notify: 'nothing', why: 'evidence-only' }],
    ['escalation', sure, sure, ['escalated'], 'corroborated', { notify: 'update', loud: true, why: 'escalated' }],
    ['escalation below the level', sure, sure, ['escalated'], 'confirmed', { notify: 'nothing', why: 'below-level' }],
    [
      'method',
      sure,
      sure,
      ['method-revealed'],
      'corroborated',
      { notify: 'update', loud: false, why: 'method-revealed' },
    ],
    [
      'one outlet says it is back, default',
      sure,
      incident({ confidence: 'corroborated', state: 'easing', liftConfidence: 'reported' }),
      ['easing'],
      'corroborated',
      { notify: 'update', loud: false, why: 'easing' },
    ],
    [
      'one outlet says it is back, early',
      sure,
      incident({ confidence: 'corroborated', state: 'easing', liftConfidence: 'reported' }),
      ['easing'],
      'early',
      { notify: 'update', loud: false, why: 'easing' },
    ],
    [
      'two outlets say it is back',
      incident({ confidence: 'corroborated', state: 'easing', liftConfidence: 'reported' }),
      incident({ confidence: 'corroborated', state: 'lifted', liftConfidence: 'corroborated' }),
      ['lifted'],
      'corroborated',
      { notify: 'lifted', why: 'lifted' },
    ],
    [
      'two outlets say it is back, early',
      incident({ confidence: 'corroborated', state: 'easing', liftConfidence: 'reported' }),
      incident({ confidence: 'corroborated', state: 'lifted', liftConfidence: 'corroborated' }),
      ['lifted'],
      'early',
      { notify: 'lifted', why: 'lifted' },
    ],
    [
      'a lift surer than the block ever was: news, as restored',
      incident({ state: 'easing', liftConfidence: 'reported' }),
      incident({ state: 'lifted', liftConfidence: 'corroborated' }),
      ['lifted'],
      'corroborated',
      { notify: 'new', why: 'restored' },
    ],
    [
      'withdrawn after chats were notified',
      sure,
      incident({ confidence: 'corroborated', state: 'withdrawn' }),
      ['withdrawn'],
      'corroborated',
      { notify: 'correction', why: 'withdrawn' },
    ],
    [
      'withdrawn before chats were notified',
      reported,
      incident({ state: 'withdrawn' }),
      ['withdrawn'],
      'corroborated',
      { notify: 'nothing', why: 'below-level' },
    ],
  ];
  for (const [name, before, after, kinds, level, decision] of cases) {
    test(`${name}: ${JSON.stringify(decision)}`, () => expect(forLevel(before, after, kinds, level)).toEqual(decision));
  }
});

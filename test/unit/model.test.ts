/** The words that everything else is decided by: levels, families, what is in force, and addresses with percent signs. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { deliveryKey, partsOfKey } from '../../src/core/model/alert.ts';
import { decoded, percentFault } from '../../src/core/model/connection-address.ts';
import {
  ACTIONS,
  CONFIDENCES,
  familyOf,
  type Incident,
  isInForce,
  isNationalShutdown,
  LEVELS,
  liftReaches,
  rankOf,
  reaches,
  severityOf,
  speaksForServices,
} from '../../src/core/model/incident.ts';
import { agentOf } from '../../src/core/model/measurement.ts';

describe('levels', () => {
  test('who hears of what', () => {
    const table = Object.fromEntries(
      LEVELS.map((level) => [level, CONFIDENCES.filter((confidence) => reaches(confidence, level))]),
    );
    expect(table).toEqual({
      early: [...CONFIDENCES],
      corroborated: ['corroborated', 'confirmed'],
      confirmed: ['confirmed'],
    });
    expect(CONFIDENCES.map(rankOf)).toEqual([0, 1, 2, 3]);
  });

  test('a lift: known to those whom its own confidence reaches, and to nobody below two voices', () => {
    for (const level of LEVELS) {
      expect([liftReaches(null, level), liftReaches({ liftConfidence: null }, level)]).toEqual([false, false]);
      for (const confidence of CONFIDENCES)
        expect(liftReaches({ liftConfidence: confidence }, level)).toBe(
          reaches(confidence, 'corroborated') && reaches(confidence, level),
        );
    }
  });
});

describe('actions', () => {
  test('a threat is a story of its own; everything else is about access', () => {
    expect(ACTIONS.map(familyOf)).toEqual(['access', 'access', 'access', 'access', 'access', 'warn']);
  });
  test('worse and worse', () => {
    expect(ACTIONS.toSorted((a, b) => severityOf(a) - severityOf(b))).toEqual([
      'unblock',
      'warn',
      'restrict',
      'throttle',
      'block',
      'shutdown',
    ]);
    expect([severityOf('unblock'), severityOf('warn')]).toEqual([0, 0]);
  });

  type Named = Pick<Incident, 'country' | 'service' | 'action' | 'regions' | 'state'>;
  const off: Named = { country: 'IR', service: 'internet', action: 'shutdown', regions: [], state: 'active' };
  test.each<[string, Partial<Named>, boolean, boolean]>([
    ['the whole network of a country is off', {}, true, true],
    ['it eases', { state: 'easing' }, true, true],
    ['it is over', { state: 'lifted' }, true, false],
    ['it was taken back', { state: 'withdrawn' }, true, false],
    ['it is threatened', { state: 'threatened' }, true, false],
    ['in one city', { regions: ['Ahvaz'] }, false, false],
    ['of no country that is known', { country: null }, false, false],
    ['one service', { service: 'whatsapp' }, false, false],
    ['slowed, not off', { action: 'throttle' }, false, false],
  ])('%s', (_name, over, national, speaks) => {
    const one = { ...off, ...over };
    expect([isNationalShutdown(one), speaksForServices(one)]).toEqual([national, speaks]);
    expect(isInForce(one)).toBe(['active', 'easing'].includes(one.state));
  });
});

describe('names', () => {
  test('a delivery’s key: says its parts again, whatever the broadcast is called', () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^[\w.-]{1,30}$/),
        fc.nat(),
        fc.constantFrom('send' as const, 'edit' as const, 'reply' as const),
        (broadcastId, chatId, op) => {
          expect(partsOfKey(deliveryKey({ broadcastId, chatId, op }))).toEqual({ broadcastId, chatId, op });
        },
      ),
    );
  });
  test.each([
    '',
    'tocsin',
    'tocsin.a.b.send',
    'tocsin.a.1.drop',
    'other.a.1.send',
    'tocsin..1.send',
    'tocsin.a.1.send ',
  ])('%j: no key', (text) => expect(() => partsOfKey(text)).toThrow('not the key of a delivery'));
  test.each([
    ['agent/home', 'home'],
    ['agent/a/b', 'a/b'],
    ['agent/', ''],
    ['probe', null],
    ['reagent/x', null],
  ])('who brought %s', (sourceId, agent) => expect(agentOf({ sourceId })).toBe(agent));
});

describe('percent signs of an address', () => {
  test.each<[string, string | null]>([
    ['https://a.example/%2F', null],
    ['https://a.example/100%', 'holds a "%" that is no escape (character 22)'],
    ['https://a.example/?q=%zz', 'holds a "%" that is no escape (character 22)'],
    ['https://me:p%40ss@a.example/', null],
    ['https://me:p%ss@a.example/', 'holds a user name or password with a "%" that is no escape'],
    ['https://me:%ff@a.example/', 'holds a user name or password with a "%" that is no escape'],
    ['https://a.example/%ff', null],
    ['postgres://db/%ff', 'holds an escape that is no UTF-8'],
    ['POSTGRESQL://db/%ff', 'holds an escape that is no UTF-8'],
    ['data/100%.db', null],
    ['', null],
  ])('%s', (text, fault) => expect(percentFault(text)).toBe(fault));

  test('any password: what is encoded as it should be has no fault, and comes back', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (password) => {
        const coded = encodeURIComponent(password);
        expect([percentFault(`https://me:${coded}@a.example/`), decoded(coded)]).toEqual([null, password]);
      }),
    );
    expect(decoded('%')).toBeNull();
  });

  test('whatever is wrong: the sentence quotes nothing of it', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Z0-9]{8}%[A-Z]$/), (password) => {
        for (const text of [`https://me:${password}@a.example/`, `https://a.example/?key=${password}`])
          expect(percentFault(text)).not.toContain(password.slice(0, 4));
      }),
    );
  });
});

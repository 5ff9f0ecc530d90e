/** Whose word would be the second of an incident: asked before a text is read once more. */
import { describe, expect, test } from 'vitest';
import type { Action, Family, Incident } from '../../../src/core/model/incident.ts';
import type { Report } from '../../../src/core/model/report.ts';
import { createSecondWord } from '../../../src/core/read.ts';

type Told = [publisher: string, action: Action];

function asked(open: Partial<Incident> | null, told: Told[], action: Action = 'block') {
  const keys: unknown[] = [];
  const isSecond = createSecondWord({
    incidents: {
      openByKey: async (country: string | null, service: string | null, family: Family) => {
        keys.push([country, service, family]);
        return open === null ? null : ({ id: 'i', confidence: 'reported', liftConfidence: null, ...open } as Incident);
      },
    },
    reports: {
      byIncident: async () =>
        told.map(
          ([publisher, what]) =>
            ({ publisher, action: what, fingerprint: [] }) as unknown as Report & { fingerprint: number[] },
        ),
    },
  });
  return { keys, answer: isSecond('mine', { country: 'GH', service: 'signal', action }) };
}

describe('a second word', () => {
  test.each<[string, Partial<Incident> | null, Told[], Action, boolean]>([
    ['nothing is open', null, [], 'block', false],
    ['one other outlet reported it', {}, [['other', 'block']], 'block', true],
    ['only this outlet reported it', {}, [['mine', 'block']], 'block', false],
    [
      'two outlets reported it',
      { confidence: 'corroborated' },
      [
        ['other', 'block'],
        ['third', 'block'],
      ],
      'block',
      false,
    ],
    ['another outlet said that it is slowed', {}, [['other', 'throttle']], 'block', true],
    ['its end, which nobody reported', {}, [['other', 'block']], 'unblock', false],
    [
      'its end, which another reported',
      { confidence: 'corroborated', liftConfidence: 'reported' },
      [['other', 'unblock']],
      'unblock',
      true,
    ],
    [
      'its end, which only this one reported',
      { liftConfidence: 'reported' },
      [
        ['other', 'block'],
        ['mine', 'unblock'],
      ],
      'unblock',
      false,
    ],
    ['its end, which two reported', { liftConfidence: 'corroborated' }, [['other', 'unblock']], 'unblock', false],
    ['a threat, which another reported', {}, [['other', 'warn']], 'warn', true],
  ])('%s', async (_name, open, told, action, expected) => {
    expect(await asked(open, told, action).answer).toBe(expected);
  });

  test('a threat and a measure: incidents of two families', async () => {
    const threat = asked(null, [], 'warn');
    const lift = asked(null, [], 'unblock');
    await Promise.all([threat.answer, lift.answer]);
    expect([...threat.keys, ...lift.keys]).toEqual([
      ['GH', 'signal', 'warn'],
      ['GH', 'signal', 'access'],
    ]);
  });
});

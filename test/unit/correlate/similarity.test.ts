import { describe, expect, test } from 'vitest';
import { fingerprint, isCopy, similarity } from '../../../src/core/correlate/voices.ts';

const lead =
  'The national regulator ordered providers to cut access to the messenger on Friday evening after the company had ignored three requests to store the data of its users inside the country.';
const other =
  'People in the capital could not open the messenger since dawn; engineers at two operators said that they had received a list of addresses during the night and had to apply it within hours.';

describe('copies and other words', () => {
  const cases: [string, [string, string], [string, string], boolean][] = [
    ['the same text', ['Regulator blocks messenger', lead], ['Regulator blocks messenger', lead], true],
    [
      'the same lead under another headline',
      ['Regulator blocks messenger', lead],
      ['Country cuts off popular chat app', lead],
      true,
    ],
    [
      'a copy that was cut',
      ['Regulator blocks messenger', lead],
      ['Regulator blocks messenger', lead.slice(0, 110)],
      true,
    ],
    [
      'the same event in own words',
      ['Regulator blocks messenger', lead],
      ['Messenger down across the country', other],
      false,
    ],
    [
      'short headlines alone that differ by a word',
      ['Country blocks messenger Aster', ''],
      ['Country blocks messenger Borea', ''],
      false,
    ],
  ];
  for (const [name, a, b, copy] of cases) {
    test(`${name}: ${copy ? 'one voice' : 'two voices'}`, () =>
      expect(isCopy(fingerprint(...a), fingerprint(...b))).toBe(copy));
  }

  test('Chinese text without spaces: a copy is recognised, another story is not', () => {
    const a = fingerprint(
      '某国监管机构宣布封锁即时通讯应用',
      '监管机构周五晚间要求运营商切断对该应用的访问，此前该公司多次无视要求。',
    );
    const b = fingerprint(
      '某国监管机构宣布封锁即时通讯应用',
      '监管机构周五晚间要求运营商切断对该应用的访问，此前该公司多次无视。',
    );
    const c = fingerprint('足球队昨晚主场获胜', '球迷在体育场外庆祝到深夜，教练称赞了年轻球员的表现。');
    expect(isCopy(a, b)).toBe(true);
    expect(similarity(a, c)).toBeLessThan(0.2);
  });

  test('100 kB of one letter: bounded and alike nothing', () => {
    const long = fingerprint('a'.repeat(100_000), 'b'.repeat(100_000));
    expect(long.length).toBeLessThanOrEqual(96);
    expect(similarity(long, fingerprint('Regulator blocks messenger', lead))).toBe(0);
  });
});

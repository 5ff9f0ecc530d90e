/** For which name and place a report counts, and when an incident holds in another place. */
import { describe, expect, test } from 'vitest';
import { besides, countsFor, placing } from '../../../src/core/correlate/places.ts';
import type { Incident, Transition } from '../../../src/core/model/incident.ts';
import type { Report } from '../../../src/core/model/report.ts';
import { incident, report } from '../../contract/store/samples.ts';

let n = 0;
/** "a shutdown @r1": whose voice, what, where. */
function said(text: string, over: Partial<Report> = {}): Report {
  const [voice, action, place] = text.split(' ') as [string, Report['action'], string | undefined];
  const kind = voice === 'rkn' ? 'authority' : 'news';
  return report({
    id: `p${n++}`,
    voice,
    publisher: voice,
    action,
    kind,
    measured: null,
    region: place?.slice(1) ?? null,
    at: n,
    ...over,
  });
}
const of = (regions: string, over: Partial<Incident> = {}): Incident =>
  incident({ service: 'internet', action: 'shutdown', regions: regions === '' ? [] : regions.split(' '), ...over });
const sure = { confidence: 'corroborated' as const };

/** What the last of these reports changes. */
function placed(of: Incident, all: string[], turns: { change: Transition['change']; of: number }[] = []): string {
  n = 0;
  const reports = all.map((text) => said(text));
  const log = turns.map(({ change, of: i }, seq): Transition => ({
    incidentId: of.id,
    seq,
    at: reports[i]!.at,
    change,
    action: of.action,
    state: of.state,
    confidence: of.confidence,
    method: null,
    reportId: reports[i]!.id,
  }));
  const { why, regions } = placing(of, reports.at(-1)!, reports.toReversed(), log);
  return [why, ...regions].join(' ');
}

describe('a report counts', () => {
  test.each<[string, Incident, Partial<Report>, boolean]>([
    ['that names the service', incident({ service: 'whatsapp' }), { service: 'whatsapp' }, true],
    ['that names none, of a named service: not', incident({ service: 'whatsapp' }), { service: null }, false],
    ['that names none, of a story without a name', incident({ service: null }), { service: null }, true],
    ['of the whole, for a region', of('r1'), { region: null }, true],
    ['of that region', of('r1 r2'), { region: 'r2' }, true],
    ['of another region: not', of('r1'), { region: 'other' }, false],
    ['of a region, for the whole country: not', of(''), { region: 'r1' }, false],
  ])('%s', (_name, one, over, expected) =>
    expect(countsFor(one, report({ service: 'internet', ...over }))).toBe(expected),
  );
});

describe('where it holds', () => {
  test.each<[string, Incident, string[], string]>([
    [
      'another region by one outlet: its word',
      of('r1', sure),
      ['a shutdown @r1', 'b shutdown @r1', 'c shutdown @east'],
      'first-word r1',
    ],
    ['and again by that one: nothing', of('r1', sure), ['c shutdown @east', 'c shutdown @east'], 'as-before r1'],
    ['by a second one', of('r1', sure), ['c shutdown @east', 'd shutdown @east'], 'widened r1 east'],
    ['by an authority', of('r1', sure), ['rkn shutdown @east'], 'widened r1 east'],
    ['the whole country by one outlet: it may only not say where', of('r1', sure), ['a shutdown'], 'as-before r1'],
    ['the whole country by two', of('r1', sure), ['a shutdown', 'b shutdown'], 'widened'],
    ['two that say something milder of the whole', of('r1', sure), ['a throttle', 'b throttle'], 'as-before r1'],
    ['a region where the whole is sure', of('', sure), ['a shutdown @r1', 'b shutdown @r1'], 'as-before'],
    [
      'a region where the whole stood before',
      of('', {
        standing: { by: 'record', action: 'block', method: null, since: null, monthOnly: false, reference: null },
      }),
      ['a shutdown @r1', 'b shutdown @r1'],
      'as-before',
    ],
    ['one region where one outlet says the whole', of(''), ['a shutdown', 'b shutdown @r1'], 'as-before'],
    [
      'two say a region where one says the whole: the region',
      of(''),
      ['a shutdown', 'b shutdown @r1', 'c shutdown @r1'],
      'instead r1',
    ],
    [
      'two say a region where one says another: that one',
      of('r1'),
      ['a shutdown @r1', 'b shutdown @east', 'c shutdown @east'],
      'instead east',
    ],
    [
      'one outlet names several regions: all are its word',
      of('r1'),
      ['a shutdown @r1', 'a shutdown @east'],
      'widened r1 east',
    ],
    [
      'of several that one names a second one bears one out: that one',
      of('r1 east'),
      ['a shutdown @r1', 'a shutdown @east', 'b shutdown @east'],
      'instead east',
    ],
    ['two say the whole where one says a region', of('r1'), ['a shutdown @r1', 'b shutdown', 'c shutdown'], 'widened'],
    ['one of two regions is back, says one outlet', of('r1 east', sure), ['a unblock @r1'], 'as-before r1 east'],
    ['says a second one', of('r1 east', sure), ['a unblock @r1', 'b unblock @r1'], 'partly-lifted east'],
    ['the last region is no part', of('r1', sure), ['a unblock @r1', 'b unblock @r1'], 'as-before r1'],
    ['a region of the whole is back, say two', of('', sure), ['a unblock @r1', 'b unblock @r1'], 'partly-lifted'],
    [
      'of a service, too',
      of('', { ...sure, service: 'whatsapp', action: 'block' }),
      ['a unblock @r1', 'b unblock @r1'],
      'partly-lifted',
    ],
  ])('%s', (_name, one, all, expected) => expect(placed(one, all)).toBe(expected));

  test.each<[string, Incident, string[], Parameters<typeof placed>[2], string]>([
    [
      'back there, then off again by one: its word',
      of('east', sure),
      ['a shutdown @r1', 'b shutdown @r1', 'a unblock @r1', 'b unblock @r1', 'c shutdown @r1'],
      [{ change: 'partly-lifted', of: 3 }],
      'first-word east',
    ],
    [
      'off again by two',
      of('east', sure),
      ['a shutdown @r1', 'b shutdown @r1', 'a unblock @r1', 'b unblock @r1', 'c shutdown @r1', 'd shutdown @r1'],
      [{ change: 'partly-lifted', of: 3 }],
      'widened east r1',
    ],
    [
      'told that a region of the whole is back: once',
      of('', sure),
      ['a unblock @r1', 'b unblock @r1', 'c unblock @r1', 'd unblock @r1'],
      [{ change: 'partly-lifted', of: 1 }],
      'as-before',
    ],
  ])('%s', (_name, one, all, turns, expected) => expect(placed(one, all, turns)).toBe(expected));
});

describe('what is said beside that', () => {
  test.each<[string, Incident, string[], string]>([
    ['one outlet says another region', of('r1', sure), ['a shutdown @r1', 'c shutdown @east'], 'claimed east'],
    ['which was off, and is back', of('r1', sure), ['c shutdown @east', 'a unblock @east', 'b unblock @east'], ''],
    [
      'and is off again, says one',
      of('r1', sure),
      ['a unblock @east', 'b unblock @east', 'c shutdown @east'],
      'claimed east',
    ],
    ['of the whole country one region is back, says one', of('', sure), ['a unblock @east'], ''],
    ['say two', of('', sure), ['a unblock @east', 'b unblock @east'], 'back east'],
  ])('%s', (_name, one, all, expected) => {
    n = 0;
    const { back, claimed } = besides(
      { ...one, lastReportAt: 10 },
      all.map((text) => said(text)),
    );
    expect([...back.map((where) => `back ${where}`), ...claimed.map((where) => `claimed ${where}`)].join()).toBe(
      expected,
    );
  });
});

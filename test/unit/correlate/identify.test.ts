/** Which incident a report belongs to, and for which reason: the table of domain.md, "Same incident?", case by case. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { identify } from '../../../src/core/correlate/correlate.ts';
import { fingerprint } from '../../../src/core/correlate/voices.ts';
import { DEFAULT_POLICY } from '../../../src/core/model/alert.ts';
import { type Incident, familyOf } from '../../../src/core/model/incident.ts';
import type { MeasuredFacts, Report } from '../../../src/core/model/report.ts';
import type { Store } from '../../../src/core/ports/store.ts';
import { openStore } from '../../../src/store/open.ts';
import { DAY, NOW, deps, incident, report } from '../../contract/store/samples.ts';

const HOUR = 3_600_000;
let store: Store;
beforeAll(async () => {
  store = await openStore(':memory:', deps);
});
afterAll(() => store.close());

/** An incident as "CC service action", and what is special about it. Its id is its name in the case. */
interface Known {
  is: string;
  over?: Partial<Incident>;
  /** Items that report on it, newest first, and their texts. */
  items?: [item: string, text?: string][];
}

let next = 0;
/** Countries are the case's own, so that the cases of one store do not meet. */
const letters = (n: number): string => String.fromCharCode(65 + (Math.floor(n / 26) % 26), 65 + (n % 26));

async function found(
  known: Record<string, Known>,
  reported: string,
  over: Partial<Report> = {},
  text = 'nothing like it',
) {
  const cc = letters(next++);
  const place = (word: string): string | null => (word === '-' ? null : word === 'CC' ? cc : word);
  const names = new Map<string, string>();
  for (const [name, { is, over: more, items = [] }] of Object.entries(known)) {
    const [country, service, action] = is.split(' ') as [string, string, Incident['action']];
    const id = `${cc}-${name}`;
    names.set(id, name);
    const one = incident({
      id,
      country: place(country),
      service: service === '-' ? null : service === 'own' ? `own-${cc}` : service,
      action,
      family: familyOf(action),
      openedAt: NOW - DAY,
      lastReportAt: NOW - HOUR,
      ...more,
    });
    await store.incidents.insert({ ...one, open: one.state !== 'lifted' && one.state !== 'withdrawn' });
    for (const [i, [item, words = `${name} ${item}`]] of items.entries())
      await store.reports.insert(
        id,
        report({ id: `${id}-${i}`, itemId: `${cc}-${item}`, at: NOW - DAY - i, title: words, measured: null }),
        fingerprint(words, ''),
      );
  }
  const [country, service, action] = reported.split(' ') as [string, string, Report['action']];
  const asked = report({
    country: place(country),
    service: service === '-' ? null : service === 'own' ? `own-${cc}` : service,
    action,
    measured: null,
    ...over,
  });
  const result = await identify(store, asked, fingerprint(text, ''), DEFAULT_POLICY);
  const ids = result.incidents.map(({ id }) => names.get(id) ?? id).sort();
  const expired = result.why === 'new' && result.expired ? ` past ${names.get(result.expired.id)}` : '';
  return `${result.why}${expired}${ids.length > 0 ? `: ${ids.join(', ')}` : ''}`;
}

type Case = [name: string, known: Record<string, Known>, reported: string, expected: string, over?: Partial<Report>];
const table = (cases: Case[]): void =>
  test.each(cases)('%s', async (_name, known, reported, expected, over) => {
    expect(await found(known, reported, over)).toBe(expected);
  });

describe('by its key', () => {
  table([
    ['nothing is known: a new one', {}, 'CC whatsapp block', 'new'],
    ['the same country, service and family', { a: { is: 'CC whatsapp block' } }, 'CC whatsapp block', 'key: a'],
    ['a stronger measure is the same incident', { a: { is: 'CC whatsapp throttle' } }, 'CC whatsapp block', 'key: a'],
    ['a weaker word, too', { a: { is: 'CC whatsapp block' } }, 'CC whatsapp restrict', 'key: a'],
    ['a lift ends what is open', { a: { is: 'CC whatsapp block' } }, 'CC whatsapp unblock', 'key: a'],
    ['another service: a new one', { a: { is: 'CC whatsapp block' } }, 'CC signal block', 'new'],
    ['another country: a new one', { a: { is: 'XK whatsapp block' } }, 'CC whatsapp block', 'new'],
    ['the network is a service of its own', { a: { is: 'CC internet shutdown' } }, 'CC internet shutdown', 'key: a'],
    ['a threat is another family', { a: { is: 'CC whatsapp warn' } }, 'CC whatsapp block', 'new'],
    ['a threat joins a threat', { a: { is: 'CC whatsapp warn' } }, 'CC whatsapp warn', 'key: a'],
  ]);
});

describe('after a quiet time', () => {
  const quiet = (days: number) => ({ lastReportAt: NOW - days * DAY, openedAt: NOW - 80 * DAY });
  table([
    [
      '45 days to the hour: still the same',
      { a: { is: 'CC whatsapp block', over: quiet(45) } },
      'CC whatsapp block',
      'key: a',
    ],
    [
      'a day more: a new one, past the old',
      { a: { is: 'CC whatsapp block', over: quiet(46) } },
      'CC whatsapp block',
      'new past a',
    ],
    [
      'a threat after 21 days: the same',
      { a: { is: 'CC whatsapp warn', over: quiet(21) } },
      'CC whatsapp warn',
      'key: a',
    ],
    [
      'a threat after 22 days: another one',
      { a: { is: 'CC whatsapp warn', over: quiet(22) } },
      'CC whatsapp warn',
      'new past a',
    ],
  ]);
});

describe('a threat where something is cut already', () => {
  table([
    [
      'by two outlets: evidence of that',
      { a: { is: 'CC whatsapp block', over: { confidence: 'corroborated' } } },
      'CC whatsapp warn',
      'measure: a',
    ],
    [
      'confirmed: evidence of that',
      { a: { is: 'CC whatsapp throttle', over: { confidence: 'confirmed' } } },
      'CC whatsapp warn',
      'measure: a',
    ],
    [
      'by one outlet, which may have misread the threat: a threat of its own',
      { a: { is: 'CC whatsapp block', over: { confidence: 'reported' } } },
      'CC whatsapp warn',
      'new',
    ],
    [
      'lifted long ago: a threat of its own',
      {
        a: { is: 'CC whatsapp block', over: { confidence: 'confirmed', state: 'lifted', closedAt: NOW - 30 * DAY } },
      },
      'CC whatsapp warn',
      'new',
    ],
    [
      'a threat that is known goes before',
      { a: { is: 'CC whatsapp block', over: { confidence: 'confirmed' } }, b: { is: 'CC whatsapp warn' } },
      'CC whatsapp warn',
      'key: b',
    ],
    ['no country: no such thing', { a: { is: '- own block', over: { confidence: 'confirmed' } } }, '- own warn', 'new'],
  ]);
});

describe('without a service', () => {
  table([
    ['the only open story of its country', { a: { is: 'CC whatsapp block' } }, 'CC - block', 'only-story: a'],
    ['another family: none of it', { a: { is: 'CC whatsapp warn' } }, 'CC - block', 'new'],
    [
      'two that one text reported together: both',
      { a: { is: 'CC whatsapp block', items: [['x']] }, b: { is: 'CC signal block', items: [['x'], ['y']] } },
      'CC - block',
      'only-story: a, b',
    ],
    [
      'two that no text joins: neither',
      { a: { is: 'CC whatsapp block', items: [['x']] }, b: { is: 'CC signal block', items: [['y']] } },
      'CC - block',
      'new',
    ],
    [
      'joined by a third: all of them',
      {
        a: { is: 'CC whatsapp block', items: [['x']] },
        b: { is: 'CC signal block', items: [['y']] },
        c: { is: 'CC telegram block', items: [['x'], ['y']] },
      },
      'CC - block',
      'only-story: a, b, c',
    ],
    [
      'one of this week, one of last month: that of this week',
      {
        a: { is: 'CC whatsapp block' },
        b: { is: 'CC signal block', over: { lastReportAt: NOW - 20 * DAY, openedAt: NOW - 21 * DAY } },
      },
      'CC - block',
      'only-story: a',
    ],
    ['one that has no service either', { a: { is: 'CC - block' } }, 'CC - block', 'key: a'],
  ]);
});

describe('where it is cut in a part of the country', () => {
  const sure = { confidence: 'corroborated' as const };
  const part = { ...sure, regions: ['CC-1'] };
  table([
    [
      'the whole is cut as badly: evidence of that',
      { a: { is: 'CC x block', over: sure } },
      'CC x block',
      'key: a',
      { region: 'CC-1' },
    ],
    [
      'worse than what is sure of the whole: a story of its own',
      { a: { is: 'CC x throttle', over: sure } },
      'CC x block',
      'new',
      { region: 'CC-1' },
    ],
    [
      'worse than what one outlet says of the whole: the same',
      { a: { is: 'CC x throttle', over: { confidence: 'reported' } } },
      'CC x block',
      'key: a',
      { region: 'CC-1' },
    ],
    [
      'both are open: the part has its reports, the whole its own, a lift is of both',
      { a: { is: 'CC x throttle', over: sure }, b: { is: 'CC x block', over: part } },
      'CC x block',
      'key: b',
      { region: 'CC-1' },
    ],
    [
      'both are open, no place named: the whole',
      { a: { is: 'CC x throttle', over: sure }, b: { is: 'CC x block', over: part } },
      'CC x block',
      'key: a',
    ],
    [
      'both are open, a lift',
      { a: { is: 'CC x throttle', over: sure }, b: { is: 'CC x block', over: part } },
      'CC x unblock',
      'key: a, b',
    ],
    ['only a part is open, no place named: that one', { b: { is: 'CC x block', over: part } }, 'CC x block', 'key: b'],
  ]);
});

describe('a lift without a service', () => {
  table([
    [
      'ends what began within one week',
      {
        a: { is: 'CC whatsapp block', over: { openedAt: NOW - 6 * DAY } },
        b: { is: 'CC signal throttle', over: { openedAt: NOW - 2 * DAY } },
      },
      'CC - unblock',
      'wave: a, b',
    ],
    [
      'older and newer ones: nobody knows which are meant',
      {
        a: { is: 'CC whatsapp block', over: { openedAt: NOW - 30 * DAY } },
        b: { is: 'CC signal block', over: { openedAt: NOW - 2 * DAY } },
      },
      'CC - unblock',
      'new',
    ],
    [
      'not the network, and not what began after it',
      {
        a: { is: 'CC whatsapp block' },
        b: { is: 'CC internet shutdown' },
        c: { is: 'CC signal block', over: { openedAt: NOW + HOUR } },
      },
      'CC - unblock',
      'wave: a',
    ],
    [
      'nothing is open: what was lifted in these days',
      {
        a: { is: 'CC whatsapp block', over: { state: 'lifted', closedAt: NOW - 2 * DAY } },
        b: { is: 'CC signal block', over: { state: 'lifted', closedAt: NOW - 1 * DAY } },
        c: { is: 'CC telegram block', over: { state: 'lifted', closedAt: NOW - 9 * DAY } },
      },
      'CC - unblock',
      'late: a, b',
    ],
    [
      'what was lifted is the network: not that',
      { a: { is: 'CC internet shutdown', over: { state: 'lifted', closedAt: NOW - DAY } } },
      'CC - unblock',
      'new',
    ],
    [
      'withdrawn is not lifted',
      { a: { is: 'CC whatsapp block', over: { state: 'withdrawn', closedAt: NOW - DAY } } },
      'CC - unblock',
      'new',
    ],
    [
      'its own key is open: that one, whatever was lifted lately',
      {
        a: { is: 'CC - block', over: { openedAt: NOW + HOUR } },
        b: { is: 'CC whatsapp block', over: { state: 'lifted', closedAt: NOW - DAY } },
      },
      'CC - unblock',
      'key: a',
    ],
  ]);
});

describe('a name for what had none', () => {
  table([
    ['the next text names it', { a: { is: 'CC - block' } }, 'CC whatsapp block', 'names-it: a'],
    ['another action: no', { a: { is: 'CC - throttle' } }, 'CC whatsapp block', 'new'],
    ['the network is no such name', { a: { is: 'CC - shutdown' } }, 'CC internet shutdown', 'new'],
    ['a lift names nothing', { a: { is: 'CC - block', over: { openedAt: NOW - DAY } } }, 'CC whatsapp unblock', 'new'],
    [
      'after more than a week it keeps none',
      { a: { is: 'CC - block', over: { lastReportAt: NOW - 8 * DAY, openedAt: NOW - 9 * DAY } } },
      'CC whatsapp block',
      'new',
    ],
    [
      'beside another story of these days: nobody knows',
      { a: { is: 'CC - block' }, b: { is: 'CC signal block' } },
      'CC whatsapp block',
      'new',
    ],
    [
      'what is sure without a name keeps none: its name is one outlet’s word',
      { a: { is: 'CC - block', over: { confidence: 'corroborated' } } },
      'CC whatsapp block',
      'new',
    ],
    ['a warning names the only one', { a: { is: 'CC - warn' } }, 'CC whatsapp warn', 'names-it: a'],
    ['a warning that lists many names none', { a: { is: 'CC - warn' } }, 'CC whatsapp warn', 'new', { listed: true }],
    [
      'of a block the list does not matter',
      { a: { is: 'CC - block' } },
      'CC whatsapp block',
      'names-it: a',
      { listed: true },
    ],
  ]);
});

describe('late words', () => {
  const lifted = (over: Partial<Incident> = {}): Known => ({
    is: 'CC whatsapp block',
    over: {
      state: 'lifted',
      liftConfidence: 'corroborated',
      openedAt: NOW - 5 * DAY,
      closedAt: NOW - DAY,
      lastReportAt: NOW - DAY,
      ...over,
    },
  });
  const unsure = lifted({ liftConfidence: 'reported' });
  table([
    ['a second lift belongs to what was lifted', { a: lifted() }, 'CC whatsapp unblock', 'late: a'],
    ['a block that is older than the lift', { a: lifted() }, 'CC whatsapp block', 'late: a', { at: NOW - 2 * DAY }],
    ['a block after the lift: a new one', { a: lifted() }, 'CC whatsapp block', 'new'],
    [
      'a block that is older than one outlet’s lift: nobody’s word disappears with that',
      { a: unsure },
      'CC whatsapp block',
      'new',
      { at: NOW - 2 * DAY },
    ],
    ['a second lift beside one outlet’s', { a: unsure }, 'CC whatsapp unblock', 'late: a'],
    [
      'and what was lifted surely before that',
      {
        a: unsure,
        b: lifted({ closedAt: NOW - 36 * 3_600_000, lastReportAt: NOW - 36 * 3_600_000 }),
      },
      'CC whatsapp block',
      'late: b',
      { at: NOW - 2 * DAY },
    ],
    [
      'a straggler of what was withdrawn',
      { a: lifted({ state: 'withdrawn' }) },
      'CC whatsapp block',
      'late: a',
      { at: NOW - 2 * DAY },
    ],
    [
      'a lift of what was withdrawn: for the record',
      { a: lifted({ state: 'withdrawn' }) },
      'CC whatsapp unblock',
      'new',
    ],
    [
      'a lift that is older than the open block is about the one before',
      {
        a: lifted({ closedAt: NOW - 3 * DAY, lastReportAt: NOW - 3 * DAY }),
        b: { is: 'CC whatsapp block', over: { openedAt: NOW - HOUR } },
      },
      'CC whatsapp unblock',
      'late: a',
      { at: NOW - 2 * DAY },
    ],
    [
      'and where there was none before, it is about this one',
      { b: { is: 'CC whatsapp block', over: { openedAt: NOW - HOUR } } },
      'CC whatsapp unblock',
      'key: b',
      { at: NOW - 2 * DAY },
    ],
  ]);

  const words = 'The regulator ordered providers to cut off the messenger in all regions from Monday morning on';
  const other = { publisher: 'another', voice: 'another' };
  const hours = (n: number) => NOW - DAY + n * HOUR;
  test.each<[string, string, Partial<Report>, string]>([
    ['a copy of an older text, hours later', words, { ...other, at: hours(12) }, 'late: a'],
    ['a copy that comes after that', words, { ...other, at: hours(13) }, 'new'],
    ['who said it says it again, in its own words of then', words, { at: hours(3) }, 'new'],
    [
      'the same event in other words',
      'Since today the app does not open for anybody, users in the capital complain',
      { ...other, at: hours(3) },
      'new',
    ],
    [
      'a round of measurements, which all read alike',
      words,
      { measured: measured('window-rule'), at: hours(3) },
      'new',
    ],
    ['a sign among measurements may be an echo', words, { measured: measured('anomaly'), at: hours(3) }, 'late: a'],
    ['a sign a day later', words, { measured: measured('anomaly') }, 'new'],
  ])('after the lift: %s', async (_name, text, over, expected) => {
    const known = { a: { ...lifted(), items: [['x', words]] as [string, string][] } };
    expect(await found(known, 'CC whatsapp block', over, text)).toBe(expected);
  });
});

describe('without a country', () => {
  const words = 'The messenger does not work for users of several providers since this morning, monitors say';
  const other = 'A court fined the company for not storing data of its users in the country, the agency says';
  const story = (text: string): Known => ({ is: 'CC own block', items: [['x', text]] });
  test.each<[string, Record<string, Known>, string, string]>([
    ['the only story of the service that reads like it', { a: story(words) }, words, 'same-text: a'],
    ['one that does not: a new one', { a: story(other) }, words, 'new'],
    ['two that do: nobody knows', { a: story(words), b: { ...story(words), is: 'XK own block' } }, words, 'new'],
    ['one of two', { a: story(words), b: { ...story(other), is: 'XK own block' } }, words, 'same-text: a'],
  ])('%s', async (_name, known, text, expected) => {
    expect(await found(known, '- own block', {}, text)).toBe(expected);
  });
});

function measured(strength: MeasuredFacts['strength']): MeasuredFacts {
  return { strength, networks: ['AS64500'], verdict: 'sni_blocked:rst', component: null };
}

/** What the page sends: its proof of work, and what is taken of those who send without end, twice, early, late, or what no page says. */
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import type { ReaderReport } from '../../../../src/core/ports/readers.ts';
import { createTeller } from '../../../../src/web/site/here/tell.ts';
import { sha256, workFor } from '../../../../src/web/site/here/work.js';
import { Problem } from '../../../../src/web/site/respond.ts';
import { FakeClock } from '../../../fakes/fake-clock.ts';

const BITS = 6;
const HOUR = 3_600_000;

const SERVICES = {
  whatsapp: [],
  signal: [],
  ...Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`service${i}`, []])),
};
const own = { hosts: { services: SERVICES }, instance: async () => 'thisone000000001' };

const opened = (outcome: 'taken' | 'known' | 'refused' = 'taken') => {
  const clock = new FakeClock();
  const taken: ReaderReport[] = [];
  const take = async (report: ReaderReport) => (taken.push(report), outcome);
  const said = async () => Promise.reject(new Error('nobody asked'));
  return { clock, taken, tell: createTeller({ take, said }, clock, own, BITS) };
};
type Tell = ReturnType<typeof opened>['tell'];

/** What it is refused for: the field, and what to do. */
async function problemOf(told: ReturnType<Tell>): Promise<[number, string | null, string]> {
  const problem = await told.catch((error: unknown) => error);
  if (!(problem instanceof Problem)) throw new Error('It was taken.');
  return [problem.status, problem.field, problem.message];
}

const report = (at: number, more = {}) =>
  JSON.stringify({
    country: 'RU',
    operator: '',
    verdicts: { whatsapp: 'fails', signal: 'works' },
    voice: 'abcdefgh12',
    at,
    to: 'thisone000000001',
    ...more,
  });
const bytes = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
const shown = async (text: string) => bytes({ report: text, work: await workFor(text, BITS) });

const wordsOf = (state: number[]) => state.map((one) => (one >>> 0).toString(16).padStart(8, '0')).join('');

test.each([0, 1, 54, 55, 56, 63, 64, 65, 119, 120, 1_000])(
  'a text of %d letters: the digest that everybody else makes of it',
  (length) => {
    const text = 'abcdefghijklmnopqrstuvwxyz0123456789'.repeat(30).slice(0, length);
    expect(wordsOf(sha256(text))).toBe(createHash('sha256').update(text).digest('hex'));
  },
);

test('a report of the page: taken as its reader said it, at the door of the page, and never as of somebody known', async () => {
  const { clock, taken, tell } = opened();
  const text = report(clock.now(), { operator: 'AS8359' });
  expect(await tell('192.0.2.1', await shown(text))).toEqual({ status: 200, body: 'taken' });
  const verdicts = [
    { service: 'whatsapp', verdict: 'fails' },
    { service: 'signal', verdict: 'works' },
  ];
  expect(taken).toEqual([{ country: 'RU', operator: 'AS8359', door: 'page', verdicts, token: 'page abcdefgh12' }]);
});

test('letters of any script in it: the work is found, and holds', async () => {
  const { clock, taken, tell } = opened();
  expect((await tell('192.0.2.1', await shown(report(clock.now(), { more: 'مصر 🇪🇬' })))).body).toBe('taken');
  expect(taken).toHaveLength(1);
});

const UNSHOWN: [string, (now: number) => unknown, string | null][] = [
  ['nothing', () => null, null],
  ['a list', () => [], null],
  ['a report that is no text', (now) => ({ report: { at: now }, work: 1 }), 'report'],
  ['no work', (now) => ({ report: report(now) }), 'work'],
  ['a number that is no work for this text', (now) => ({ report: report(now), work: 0.5 }), 'work'],
];
test.each(UNSHOWN)('%s: refused with what to send, nothing is taken', async (_, made, field) => {
  const { clock, taken, tell } = opened();
  const [status, named, says] = await problemOf(tell('192.0.2.1', bytes(made(clock.now()))));
  expect([status, named]).toEqual([400, field]);
  expect(says).toMatch(/^Send JSON|digest/u);
  expect(taken).toEqual([]);
});

test('no JSON: refused with what to send, nothing is taken', async () => {
  const { taken, tell } = opened();
  const [status, field, says] = await problemOf(tell('192.0.2.1', new Uint8Array([255, 123])));
  expect([status, field, taken]).toEqual([400, null, []]);
  expect(says).toMatch(/^Send JSON/u);
});

const UNTOLD: [string, object, string][] = [
  ['a verdict that no page sends', { verdicts: { whatsapp: 'blocked' } }, 'verdicts: Say "fails" or "works"'],
  ['a service that the page does not ask about', { verdicts: { napster: 'fails' } }, 'verdicts: Name services'],
  ['a service that every object has', { verdicts: { constructor: 'fails' } }, 'verdicts: Name services'],
  ['no verdicts', { verdicts: null }, 'verdicts: Name at least one'],
  ['verdicts that are a text', { verdicts: 'fails' }, 'verdicts: Name at least one'],
  ['a voice that is another text', { voice: 'x'.repeat(41) }, 'voice: Send 8 to 40'],
  ['no country', { country: 7 }, 'country: Name a country'],
  ['a country that there is not', { country: 'ZZ' }, 'country: Name a country'],
  ['an operator that is a list', { operator: [] }, 'operator: Name a provider'],
  ['an operator by its name', { operator: 'MTS' }, 'operator: Name a provider'],
  ['no time', { at: '1' }, 'at: Send the time'],
  [
    'a page that stood open for more than two hours',
    { at: -2 * HOUR - 1 },
    'at: The page was opened more than two hours ago',
  ],
  ['a clock that is ahead of ours by more than ten minutes', { at: 600_001 }, 'at: This is ahead'],
  ['written for another Tocsin', { to: 'another000000002' }, 'to: This was written for another Tocsin'],
  ['written for none', { to: undefined }, 'to: This was written for another Tocsin'],
];
test.each(UNTOLD)('%s, with its work: refused with the remedy, nothing is taken', async (_, more, said) => {
  const { clock, taken, tell } = opened();
  const at = 'at' in more && typeof more.at === 'number' ? { at: clock.now() + more.at } : {};
  const [status, field, says] = await problemOf(
    tell('192.0.2.1', await shown(report(clock.now(), { ...more, ...at }))),
  );
  expect([status, `${field}: ${says}`]).toEqual([400, expect.stringContaining(said)]);
  expect(taken).toEqual([]);
});

test('a report that is no JSON, with its work: refused, nothing is taken', async () => {
  const { taken, tell } = opened();
  const [status, field] = await problemOf(tell('192.0.2.1', await shown('[RU]')));
  expect([status, field, taken]).toEqual([400, 'report', []]);
});

test('those who keep the counts take no more today: told to come later', async () => {
  const { clock, tell } = opened('refused');
  const { status, headers } = await tell('192.0.2.1', await shown(report(clock.now())));
  expect([status, headers]).toEqual([429, { 'retry-after': '3600' }]);
});

test('the same again, from anywhere: it is known, and taken once; another text with the same number is refused', async () => {
  const { clock, taken, tell } = opened();
  const first = await shown(report(clock.now()));
  expect((await tell('192.0.2.1', first)).body).toBe('taken');
  expect((await tell('198.51.100.9', first)).body).toBe('known');
  const { work } = JSON.parse(new TextDecoder().decode(first)) as { work: number };
  const others = await Promise.all(
    Array.from({ length: 20 }, (_, i) =>
      tell('198.51.100.9', bytes({ report: report(clock.now(), { voice: `abcdefgh${i}` }), work })).then(
        ({ status }) => status,
        () => null,
      ),
    ),
  );
  expect(others.filter((one) => one === 200).length).toBeLessThan(5);
  expect(taken.length).toBeLessThan(5);
});

test('one address sends without end: twenty at once, then one in half a minute; others are heard', async () => {
  const { clock, taken, tell } = opened();
  const answers = [];
  for (let i = 0; i < 30; i++)
    answers.push((await tell('192.0.2.1', await shown(report(clock.now(), { voice: `abcdefgh${i}` })))).status);
  expect(answers.filter((status) => status === 200)).toHaveLength(20);
  expect(answers.at(-1)).toBe(429);
  expect((await tell('192.0.2.2', await shown(report(clock.now(), { voice: 'abcdefghzz' })))).status).toBe(200);
  await clock.pass(30_000);
  expect((await tell('192.0.2.1', await shown(report(clock.now(), { voice: 'abcdefgh99' })))).status).toBe(200);
  expect(taken).toHaveLength(22);
});

test('a thousand addresses send at once: three hundred are taken, the rest is told to come later', async () => {
  const { clock, taken, tell } = opened();
  const statuses = [];
  for (let i = 0; i < 400; i++)
    statuses.push((await tell(`host ${i}`, await shown(report(clock.now(), { voice: `abcdefgh${i}` })))).status);
  expect(taken).toHaveLength(300);
  expect(new Set(statuses.slice(300))).toEqual(new Set([429]));
});

test('a patient crowd of liars: forty thousand verdicts a day, then none until the next', async () => {
  const { clock, taken, tell } = opened();
  const verdicts = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`service${i}`, 'fails']));
  const send = async (i: number) => {
    await clock.pass(1_000);
    return await tell(`host ${i}`, await shown(report(clock.now(), { verdicts, voice: `abcdefgh${i}` })));
  };
  for (let i = 0; i < 2_000; i++) await send(i);
  expect(taken).toHaveLength(2_000);
  const late = await send(2_000);
  const rest = Math.ceil((24 * HOUR - (clock.now() % (24 * HOUR))) / 1_000);
  expect([late.status, late.headers]).toEqual([429, { 'retry-after': String(rest) }]);
  await clock.pass(24 * HOUR);
  expect((await send(2_001)).status).toBe(200);
});

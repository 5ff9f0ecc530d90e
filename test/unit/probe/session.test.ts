/** What lives as long as the probe: what it left behind at addresses, who is silent, one flow at a time, and answers from outside. */
import * as v from 'valibot';
import { beforeEach, describe, expect, test } from 'vitest';
import { vantageSchema } from '../../../src/sources/probe/config.ts';
import { askHelper, deadFlow, type EndpointPlan, taint } from '../../../src/sources/probe/endpoint.ts';
import { loadFingerprints, pageFacts } from '../../../src/sources/probe/fingerprints.ts';
import { type Due, mendTimes } from '../../../src/sources/probe/index.ts';
import { createSession, type Session, watchLag } from '../../../src/sources/probe/session.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';
import { cut, flow, noTcp } from '../judge/facts.ts';
import { fixedIds } from '../outbox/samples.ts';

const never = new AbortController().signal;
const prints = await loadFingerprints();
const vantage = (over: object = {}) =>
  v.parse(vantageSchema, { resolvers: { system: '192.0.2.53', control: [] }, ...over });

let clock: FakeClock;
let session: Session;
beforeEach(() => {
  clock = new FakeClock();
  session = createSession(vantage(), { clock, ids: fixedIds(), fingerprints: prints, roots: [] });
});

const plan = (over: Partial<EndpointPlan> = {}): EndpointPlan => ({
  name: 'forbidden.example',
  address: '192.0.2.1',
  port: 443,
  fromControl: true,
  fromSystem: true,
  helper: true,
  trust: session.trust,
  page: true,
  tcpOnly: false,
  budget: 1_000,
  ...over,
});

describe('what our own names left behind', () => {
  test('a name that was cut at an address: remembered there for as long as censors do, then forgotten', async () => {
    taint(session, plan(), cut('reset'));
    expect(session.taintOf('192.0.2.1')).toMatchObject({ name: 'forbidden.example', kind: 'rst' });
    expect(session.taintOf('192.0.2.2')).toBeNull();
    await clock.pass(199_999);
    expect(session.taintOf('192.0.2.1')).not.toBeNull();
    await clock.pass(1);
    expect([session.taintOf('192.0.2.1'), session.taints.size]).toEqual([null, 0]);
  });

  test.each<[string, Parameters<typeof taint>[2], string | null]>([
    ['silence to the name', cut('timeout'), 'timeout'],
    ['an end without a word', cut('eof'), 'rst'],
    ['a handshake that went well', flow(), null],
    ['no connection at all', noTcp('timeout'), null],
  ])('%s: %s', (_name, seen, kind) => {
    taint(session, plan(), seen);
    expect(session.taintOf('192.0.2.1')?.kind ?? null).toBe(kind);
  });

  test('thousands of addresses: those of long ago make room', async () => {
    for (let n = 0; n < 500; n++) taint(session, plan({ address: `192.0.2.${n}` }), cut());
    await clock.pass(300_000);
    taint(session, plan(), cut());
    expect(session.taints.size).toBe(1);
  });
});

describe('addresses that were silent', () => {
  test('for a minute; one that speaks is not any more', async () => {
    session.noteSilence('a', true);
    expect([session.silentLately('a'), session.silentLately('b')]).toEqual([true, false]);
    await clock.pass(59_999);
    expect(session.silentLately('a')).toBe(true);
    await clock.pass(2);
    expect(session.silentLately('a')).toBe(false);
    session.noteSilence('a', true);
    session.noteSilence('a', false);
    expect(session.silentLately('a')).toBe(false);
  });
});

describe('one flow at a time', () => {
  test('to an address, in order; others go beside it; one that fails holds nobody up', async () => {
    const done: string[] = [];
    const first = Promise.withResolvers<void>();
    const a1 = session.lock('a', async () => {
      await first.promise;
      done.push('a1');
      throw new Error('x');
    });
    const a2 = session.lock('a', async () => void done.push('a2'));
    await session.lock('b', async () => void done.push('b'));
    first.resolve();
    await expect(a1).rejects.toThrow('x');
    await a2;
    expect(done).toEqual(['b', 'a1', 'a2']);
  });
});

describe('the helper', () => {
  test('asked once a minute for each name, address and port; without one there is no word from outside', async () => {
    let asked = 0;
    session.helper = {
      via: 'helper',
      dial: async () => {
        asked++;
        return { tcp: 'refused', socket: null, ms: 3, errno: 'x' };
      },
    };
    const port = plan({ tcpOnly: true });
    const [one, two] = await Promise.all([
      askHelper({ ...session, signal: never }, port),
      askHelper({ ...session, signal: never }, port),
    ]);
    expect([one, asked]).toEqual([two, 1]);
    expect(one).toMatchObject({ flow: { tcp: 'refused', tcpMs: 3 }, page: null, http: null });
    await askHelper({ ...session, signal: never }, { ...port, port: 5222 });
    await clock.pass(60_000);
    await askHelper({ ...session, signal: never }, port);
    expect(asked).toBe(3);
    session.helper = null;
    expect(await askHelper({ ...session, signal: never }, { ...port, name: 'other.example' })).toBeNull();
  });

  test('of no use itself: not a word about the site', async () => {
    session.helper = { via: 'helper', dial: async () => ({ tcp: 'unavailable', socket: null, ms: 3, errno: 'x' }) };
    expect(await askHelper({ ...session, signal: never }, plan({ tcpOnly: true }))).toBeNull();
    expect(await askHelper({ ...session, signal: never }, plan())).toBeNull();
  });
});

test('who is asked as system resolver, and which name is harmless: as the vantage file says', () => {
  const made = (over: object) =>
    createSession(vantage(over), { clock, ids: fixedIds(), fingerprints: prints, roots: [] });
  expect(session.systemResolvers).toEqual(['192.0.2.53']);
  expect(made({ resolvers: { system: ['192.0.2.1', '192.0.2.2'], control: [] } }).systemResolvers).toEqual([
    '192.0.2.1',
    '192.0.2.2',
  ]);
  const sites = [{ id: 'a', name: 'a.example', v4: '192.0.2.9' }];
  expect([
    session.innocuous.sni,
    made({ reference_sites: sites }).innocuous.sni,
    made({ reference_sites: sites, innocuous_sni: 'b.example' }).innocuous.sni,
  ]).toEqual(['www.wikipedia.org', 'a.example', 'b.example']);
  expect([session.helper, made({ helper_proxy: 'http://192.0.2.8:3128' }).helper?.via]).toEqual([null, 'helper']);
});

describe('a page as facts', () => {
  const answer = (body: string, headers: Record<string, string> = {}, over: object = {}) => ({
    outcome: 'ok' as const,
    status: 200,
    headers: new Map(Object.entries(headers)),
    body: Buffer.from(body),
    bytes: Buffer.byteLength(body),
    complete: true,
    arrivals: [],
    ms: 5,
    sha256: 'aa',
    ...over,
  });

  test('what is in it is looked at and forgotten: title, kinship, clock; never the body', () => {
    const facts = pageFacts(
      answer('<html><TITLE lang="en"> Front page </TITLE>secret words</html>', {
        date: 'Thu, 01 Jan 1970 00:00:10 GMT',
        'x-site': '1',
        'alt-svc': 'h3=":443"; ma=86400',
      }),
      prints,
      4_000,
    );
    expect(facts).toMatchObject({
      title: 'Front page',
      headers: ['alt-svc', 'date', 'x-site'],
      h3: true,
      skewMs: 6_000,
      fingerprint: null,
      location: null,
    });
    expect(JSON.stringify(facts)).not.toContain('secret');
  });

  test('a known block page: its id, and just the words that tell it; a redirect to one: its id', () => {
    const print = prints.blockPages.find((one) => one.body.length > 0)!;
    const facts = pageFacts(
      answer(`<p>${'x'.repeat(500)} ${print.body.join(' and ')} ${'y'.repeat(500)}</p>`),
      prints,
      0,
    );
    expect(facts.fingerprint).toBe(print.id);
    for (const phrase of print.body) expect(facts.excerpt).toContain(phrase);
    expect(facts.excerpt!.length).toBeLessThan(500);
    expect(pageFacts(answer('', { location: 'http://warning.rt.ru/?id=1' }), prints, 0)).toMatchObject({
      fingerprint: 'ru-rostelecom',
      location: 'http://warning.rt.ru/?id=1',
    });
    expect(pageFacts(answer('', { location: 'http://warning.rt.ru/' }), prints, 0)).not.toHaveProperty('excerpt');
  });

  test('hostile pages: bounded, and none is taken for a date or a title that is not there', () => {
    const many = Object.fromEntries(Array.from({ length: 200 }, (_, n) => [`x-${n}`, 'v']));
    const facts = pageFacts(
      answer(
        `<title>${'t'.repeat(290)}</title>`,
        { ...many, location: 'l'.repeat(2_000), date: 'soon' },
        { status: -1 },
      ),
      prints,
      0,
    );
    expect([facts.status, facts.title!.length, facts.location!.length, facts.headers.length, facts.skewMs]).toEqual([
      0,
      120,
      300,
      40,
      null,
    ]);
    expect(pageFacts(answer('<title>cut he'), prints, 0).title).toBe('cut he');
  });
});

test('a flow that was not worth trying again: as a connection met with silence', () => {
  expect(deadFlow(session, plan({ address: '2001:db8::1' }), 4_000)).toMatchObject({
    family: 6,
    tcp: 'timeout',
    tcpMs: 4_000,
    tls: null,
    sni: null,
    certificate: null,
  });
});

describe('a clock that was set back', () => {
  const due = (next: number, heavy: number, last: number): Due => ({
    target: { id: 'a', kind: 'host', name: 'a.example' },
    next,
    heavy,
    last,
  });
  test('what is due later than it ever can be: within one interval; what is in order: as it was', () => {
    const list = [due(100_000_000, 100_000_000, 99_000_000), due(1_500, 20_000, 900)];
    mendTimes(list, 1_000, { regular: 600, speed: 3_600_000 }, () => 0.5);
    expect(list.map(({ next, heavy, last }) => [next, heavy, last])).toEqual([
      [1_300, 1_801_000, 1_000],
      [1_500, 20_000, 900],
    ]);
  });
  test('speed that is never measured stays so', () => {
    const list = [due(1_000, Number.POSITIVE_INFINITY, 0)];
    mendTimes(list, 1_000, { regular: 600, speed: Number.POSITIVE_INFINITY }, () => 0.5);
    expect(list[0]!.heavy).toBe(Number.POSITIVE_INFINITY);
  });
});

test('a process that was held up: the time for which it could not look is counted, and little delays are not', async () => {
  let now = 0;
  const lag = watchLag({ now: () => now, monotonic: () => now, sleep: async () => undefined });
  now = 54;
  expect(lag.total()).toBe(0);
  now = 1_055;
  expect(lag.total()).toBe(1_000);
  lag.stop();
});

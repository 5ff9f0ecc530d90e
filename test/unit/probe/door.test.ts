/** What an agent hands in, and what the centre makes of it: its own names only, known targets only, and pages by what they show. */
import { describe, expect, test } from 'vitest';
import { PAGE_KNOWN } from '../../../src/core/judge/measured.ts';
import type { Measurement } from '../../../src/core/model/measurement.ts';
import { type Known, type Names, admit, knownTargets } from '../../../src/sources/probe/agent-intake.ts';
import { bounded, knownPage, pagesAlone } from '../../../src/sources/probe/agent-wire.ts';
import { loadServicePlans } from '../../../src/sources/probe/components.ts';
import { loadFingerprints } from '../../../src/sources/probe/fingerprints.ts';
import { measurement } from '../../contract/store/samples.ts';

const DAY = 86_400_000;
const NOW = 1_800_000_000_000;
const plans = await loadServicePlans();
const prints = await loadFingerprints();
const known = (targets: Known['targets'] = null): Known => ({ targets, plans, prints });
const agent = (over: object = {}) => ({ id: 'tallinn', token: 'x', country: 'EE', asn: 'AS64500', ...over });
const nobody = (): Names => ({ vantage: null, asn: null, resolvers: [] });
const seen = (over: Partial<Measurement> = {}): Measurement =>
  measurement({
    id: 'm1',
    at: NOW,
    vantageId: 'laptop',
    probeAsn: 'AS64500',
    target: 'whatsapp',
    notes: [],
    raw: null,
    ...over,
  });
const let_in = (m: Measurement, { of = agent(), names = nobody(), targets = null as Known['targets'] } = {}) =>
  admit(m, of, names, { known: known(targets), now: NOW });

describe('under its own name', () => {
  test('taken: with the id, country, network and place that its token stands for', () => {
    expect(
      let_in(seen({ probeCc: 'US', vantageId: 'laptop/national-dns/nsdi', sourceId: 'agent/other' })),
    ).toMatchObject({
      take: {
        id: 'tallinn-m1',
        sourceId: 'agent/tallinn',
        probeCc: 'EE',
        probeAsn: 'AS64500',
        vantageId: 'tallinn/national-dns/nsdi',
      },
    });
  });

  test.each<[string, Partial<Measurement>, object, Names, RegExp]>([
    [
      'another vantage point than before',
      { vantageId: 'other' },
      {},
      { ...nobody(), vantage: 'laptop' },
      /vantage "other" is none/,
    ],
    [
      'one that the configuration does not name',
      { vantageId: 'laptop' },
      { vantages: ['server'] },
      nobody(),
      /vantage "laptop" is none/,
    ],
    ['another network than before', { probeAsn: 'AS2' }, {}, { ...nobody(), asn: 'AS1' }, /network "AS2" is none/],
    [
      'a place below it that is no resolver',
      { vantageId: 'laptop/elsewhere' },
      {},
      nobody(),
      /vantage "laptop\/elsewhere" is none/,
    ],
    [
      'a ninth resolver',
      { vantageId: 'laptop/national-dns/nine' },
      {},
      { ...nobody(), resolvers: Array.from({ length: 8 }, (_, n) => `national-dns/${n}`) },
      /none of this token/,
    ],
    [
      'a name that would forge a line',
      { vantageId: 'x"\n\u202ey' },
      { vantages: ['a'] },
      nobody(),
      /^vantage "x\?\?\?y" is none/,
    ],
    ['older than a week', { at: NOW - 8 * DAY }, {}, nobody(), /older than a week/],
  ])('%s: refused', (_name, over, of, names, why) => {
    const admitted = let_in(seen(over), { of: agent(of), names });
    expect('refuse' in admitted && admitted.refuse).toMatch(why);
  });

  test('learnt at first: its vantage point, its network, its resolvers; a network that is not stated teaches nothing', () => {
    const names = nobody();
    let_in(seen({ probeAsn: 'AS0' }), { names });
    expect(names).toEqual({ vantage: 'laptop', asn: null, resolvers: [] });
    let_in(seen({ probeAsn: 'AS7', vantageId: 'laptop/national-dns/nsdi' }), { names });
    expect(names).toEqual({ vantage: 'laptop', asn: 'AS7', resolvers: ['national-dns/nsdi'] });
    expect('take' in let_in(seen({ probeAsn: 'AS64500' }), { names })).toBe(true);
    expect('refuse' in let_in(seen({ probeAsn: 'AS8' }), { names })).toBe(true);
  });

  test('a time ahead of ours: a little is a clock, more is now', () => {
    const at = (ahead: number) => (let_in(seen({ at: NOW + ahead })) as { take: Measurement }).take.at - NOW;
    expect([at(-DAY), at(4 * 60_000), at(6 * 60_000), at(400 * DAY)]).toEqual([-DAY, 240_000, 0, 0]);
  });
});

describe('about what is known here', () => {
  const targets = new Set(['whatsapp', 'www.bbc.com']);
  test.each<[string, Partial<Measurement>, object, boolean]>([
    ['a service', { target: 'whatsapp' }, {}, true],
    ['a host in capitals', { target: 'WWW.BBC.com' }, {}, true],
    ['the vantage point itself', { target: null }, {}, true],
    ['what the agent’s own line names', { target: 'our.example' }, { targets: ['our.example'] }, true],
    ['anything else', { target: 'our.example' }, {}, false],
    ['a part of the service', { component: 'web' }, {}, true],
    ['a part that it does not have', { component: 'kitchen' }, {}, false],
    ['a resolver’s word', { component: 'national-dns' }, {}, true],
  ])('%s: taken = %s', (_name, over, of, taken) => {
    expect('take' in let_in(seen(over), { of: agent(of), targets })).toBe(taken);
  });

  test('all targets: services, what they are made of, and what any part of the configuration names', () => {
    const all = knownTargets(
      ['Own-Service'],
      [
        { targets: ['a.example', { id: 'B', name: 'b.example' }, 5, null] },
        { vantage: { targets: [{ id: 'c', name: 'C.example' }] } },
        null,
        'x',
      ],
      plans,
    );
    for (const one of ['own-service', 'whatsapp', 'web.whatsapp.com', 'a.example', 'b', 'b.example', 'c', 'c.example'])
      expect([one, all.has(one)]).toEqual([one, true]);
  });
});

describe('a block page', () => {
  const raw = (http: object, more: object = {}) => ({ observations: [{ endpoints: [{ http, ...more }] }] });
  const redirect = { status: 302, location: 'http://warning.rt.ru/?id=1', title: null };
  const challenge = { status: 403, title: 'Just a moment...' };
  const valid = { target: [{ certificate: { valid: true } }] };

  test.each<[string, unknown, string | null]>([
    ['a redirect that we know', raw(redirect), 'ru-rostelecom'],
    [
      'behind the site’s own certificate it is the site’s word',
      { observations: [{ endpoints: [{ page: redirect, ...valid }] }] },
      null,
    ],
    [
      'behind a foreign one it is not',
      { observations: [{ endpoints: [{ page: redirect, target: [{ certificate: { valid: false } }] }] }] },
      'ru-rostelecom',
    ],
    ['a challenge of a network', raw(challenge), null],
    ['no answer at all', raw({ ...redirect, status: 0 }), null],
    ['the agent’s word alone', raw({ status: 200, fingerprint: 'ru-rostelecom', title: 'Welcome' }), null],
    ['nothing', null, null],
    ['nonsense', { observations: 'x' }, null],
    ['deeper nonsense', { observations: [{ endpoints: [null, 5, { http: [] }] }] }, null],
  ])('%s: %s', (_name, given, id) => expect(knownPage(given, prints)).toBe(id));

  test('seen here as well: noted, under the name of our list; claimed only: neither', () => {
    const claimed = seen({ verdict: 'http_blockpage', detail: 'ru-made-up', notes: [PAGE_KNOWN, 'slow'] });
    expect(let_in({ ...claimed, raw: raw(redirect) })).toMatchObject({
      take: { detail: 'ru-rostelecom', notes: ['slow', PAGE_KNOWN] },
    });
    expect(let_in(claimed)).toMatchObject({ take: { detail: 'ru-made-up', notes: ['slow'] } });
    expect(let_in(seen({ notes: [PAGE_KNOWN] }))).toMatchObject({ take: { notes: [] } });
  });

  test('observations that are too large: the pages that were recognised stay, so that the centre can see them', () => {
    const page = { ...redirect, fingerprint: 'ru-rostelecom' };
    const large = { ...raw(page), padding: 'x'.repeat(70_000) };
    const kept = bounded(seen({ verdict: 'http_blockpage', raw: large }));
    expect(JSON.stringify(kept.raw).length).toBeLessThan(1_000);
    expect(knownPage(kept.raw, prints)).toBe('ru-rostelecom');
    expect(bounded(seen({ raw: { padding: 'x'.repeat(70_000) } })).raw).toBeNull();
    expect(bounded(seen({ raw: { small: 1 } })).raw).toEqual({ small: 1 });
    expect(pagesAlone(raw({ status: 200 }))).toBeNull();
  });
});

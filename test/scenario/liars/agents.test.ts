/** Agents that lie, were stolen, or only had no link for a while. */
import { afterEach, describe, expect, test } from 'vitest';
import { DAY, HOUR, MINUTE } from '../harness.ts';
import { type AgentsTown, agentsTown } from './lab.ts';

let at: AgentsTown;
afterEach(() => at.town.store.close());

const BAD = ['sni_blocked:rst', 'sni_blocked:rst', 'sni_blocked:rst'];
const OK = ['ok', 'ok', 'ok', 'ok'];
const page = (http: object) => ({ observations: [{ name: 'x', endpoints: [{ http: { status: 200, ...http } }] }] });
const alertsAtDefaultLevel = (): string[] => at.heard('corroborated');

describe('honest agents', () => {
  test('three rounds on one network: corroborated, said so; a second network: confirmed', async () => {
    at = await agentsTown();
    await at.rounds('other', BAD);
    expect(await at.only()).toBe('block corroborated active');
    expect(at.newest('corroborated')).toContain('Corroborated: measured on one network');
    await at.rounds('liar', BAD);
    expect(await at.only()).toBe('block confirmed active');
    expect(at.newest('confirmed')).toContain('Confirmed: measured from 2 networks');
  });

  test('an agent that measures every five seconds: three rounds are three rounds', async () => {
    at = await agentsTown();
    for (let round = 0; round < 3; round++) {
      await at.post('other', [at.measurement('sni_blocked:rst')]);
      await at.town.pass(5_000);
    }
    expect(await at.only()).toBe('block corroborated active');
  });

  test('our own probe, three rounds six seconds apart, and one outlet: confirmed', async () => {
    at = await agentsTown();
    await at.says('a', 'block RU whatsapp');
    for (let round = 0; round < 3; round++) {
      await at.town.pipeline.measurements([
        at.measurement('sni_blocked:rst', { sourceId: 'msk', vantageId: 'msk', probeAsn: 'AS64500' }),
      ]);
      await at.town.pass(6_000);
      expect(await at.only()).toBe(`block ${round < 2 ? 'suspected' : 'confirmed'} active`);
    }
    expect(at.newest('confirmed')).toContain('Confirmed: 1 outlet, measured on one network');
  });

  test('one outlet and then three rounds: confirmed', async () => {
    at = await agentsTown();
    await at.says('a', 'block RU whatsapp');
    await at.rounds('other', BAD);
    expect(await at.only()).toBe('block confirmed active');
  });

  test('a block that goes on for days adds up with the news of the third day', async () => {
    at = await agentsTown();
    await at.rounds('other', BAD);
    for (let hour = 0; hour < 72; hour++) {
      await at.post('other', [at.measurement('sni_blocked:rst')]);
      await at.town.pass(HOUR);
    }
    await at.says('a', 'block RU whatsapp');
    expect(await at.only()).toBe('block confirmed active');
    const [incident] = await at.town.incidents();
    expect((await at.town.store.reports.byIncident(incident!.id, 100)).length).toBeLessThan(12);
  });

  test('a link that was down for an hour: all is kept, and three fresh rounds say that it is blocked now', async () => {
    at = await agentsTown();
    const held = [0, 10, 20, 30, 40, 50].map((minute) =>
      at.measurement('sni_blocked:rst', { at: at.town.clock.now() + minute * MINUTE }),
    );
    await at.town.pass(HOUR + 10 * MINUTE);
    for (const one of held) await at.post('other', [one]);
    expect(await at.town.store.measurements.recent({ since: 0, limit: 100 })).toHaveLength(6);
    expect(await at.only()).toBe('block suspected active');
    expect(alertsAtDefaultLevel()).toEqual([]);
    await at.rounds('other', BAD);
    expect(await at.only()).toBe('block corroborated active');
  });

  test('a round that was lost for two minutes holds up the count by a round at most', async () => {
    at = await agentsTown();
    const now = () => at.town.clock.now();
    await at.post('other', [at.measurement(BAD[0]!)]);
    await at.town.pass(4 * MINUTE);
    const late = [-2, 0].map((minute) => at.measurement(BAD[0]!, { at: now() + minute * MINUTE }));
    for (const one of late) await at.post('other', [one]);
    await at.town.pass(2 * MINUTE);
    await at.post('other', [at.measurement(BAD[0]!)]);
    expect(await at.only()).toBe('block corroborated active');
  });

  test('its own block it lifts alone', async () => {
    at = await agentsTown();
    await at.rounds('other', [...BAD, ...OK]);
    expect(await at.only()).toBe('block corroborated lifted');
  });
});

describe('rounds that were never made', () => {
  const backdated = (ages: number[]) =>
    ages.map((minutes) => at.measurement('sni_blocked:rst', { at: at.town.clock.now() - minutes * MINUTE }));

  test('three back-dated rounds in one post: one; the default level hears nothing', async () => {
    at = await agentsTown();
    await at.post('liar', backdated([10, 5, 0]));
    await at.town.pass(HOUR);
    expect(await at.only()).toBe('block suspected active');
    expect(alertsAtDefaultLevel()).toEqual([]);
  });

  test('the same in three posts at once, and a hundred of them: one', async () => {
    at = await agentsTown();
    for (const one of backdated([10, 5, 0])) await at.post('liar', [one]);
    await at.post('liar', backdated(Array.from({ length: 100 }, (_, i) => 100 - i)));
    await at.town.pass(HOUR);
    expect(await at.only()).toBe('block suspected active');
    expect(alertsAtDefaultLevel()).toEqual([]);
  });

  test('rounds from before the news do not raise it, rounds after it do', async () => {
    at = await agentsTown();
    await at.says('a', 'block RU whatsapp');
    const before = at.town.clock.now() - 2 * HOUR;
    for (const minute of [0, 3, 6]) {
      await at.post('liar', [at.measurement('sni_blocked:rst', { at: before + minute * MINUTE })]);
      await at.town.pass(3 * MINUTE);
    }
    expect(await at.only()).toBe('block reported active');
    expect(alertsAtDefaultLevel()).toEqual([]);
    await at.rounds('liar', BAD);
    expect(await at.only()).toBe('block confirmed active');
  });

  test('good rounds in a bunch lift nothing', async () => {
    at = await agentsTown();
    await at.rounds('other', BAD);
    const bunch = [20, 10, 0].map((m) => at.measurement('ok', { at: at.town.clock.now() - m * MINUTE }));
    await at.post('other', bunch);
    await at.town.pass(HOUR);
    expect(await at.only()).toBe('block corroborated active');
  });
});

describe('one agent alone', () => {
  test('a known block page on one network: corroborated, not confirmed', async () => {
    at = await agentsTown();
    const raw = page({ location: 'http://warning.rt.ru/?id=1', status: 302 });
    await at.rounds('liar', Array(3).fill('http_blockpage:ru-rostelecom'), { raw });
    expect(await at.only()).toBe('block corroborated active');
    expect(at.heard('confirmed')).toEqual([]);
  });

  test('what two outlets reported it does not lift: easing, and the default level hears no lift', async () => {
    at = await agentsTown();
    await at.says('a', 'block RU whatsapp');
    await at.says('b', 'block RU whatsapp');
    await at.rounds('liar', [...BAD, ...OK]);
    expect(await at.only()).toBe('block confirmed easing');
    expect(alertsAtDefaultLevel().filter((line) => line.startsWith('🟢'))).toEqual([]);
    expect(at.heard('early').filter((line) => line.startsWith('🟢'))).toEqual([]);
    for (const level of ['early', 'corroborated', 'confirmed'] as const)
      expect(at.newest(level)).toContain('Measurements say it may be back; not certain yet');
    await at.says('a', 'unblock RU whatsapp');
    expect(await at.only()).toBe('block confirmed lifted');
  });

  test('what another agent measured it does not lift, even when that one has fallen silent', async () => {
    at = await agentsTown();
    await at.rounds('other', BAD);
    await at.rounds('liar', BAD);
    await at.town.pass(2 * DAY);
    await at.rounds('liar', OK);
    expect(await at.only()).toBe('block confirmed easing');
  });

  test('it goes on to report a block that our own probe saw end: the lift is told at once', async () => {
    at = await agentsTown();
    const own = async (verdict: string): Promise<void> => {
      await at.town.pipeline.measurements([
        at.measurement(verdict, { sourceId: 'msk', vantageId: 'msk', probeAsn: 'AS64500' }),
      ]);
      await at.town.pass(5 * MINUTE);
    };
    await at.rounds('liar', BAD);
    for (const verdict of BAD) await own(verdict);
    expect(await at.only()).toBe('block confirmed active');
    for (const verdict of OK) {
      await own(verdict);
      await at.rounds('liar', [BAD[0]!]);
    }
    expect(await at.only()).toBe('block confirmed lifted');
    expect(alertsAtDefaultLevel().at(-1)).toMatch(/^🟢/);
    // It may be right about its own network: half a day later that is one network's word, as it would be at any time.
    await at.town.pass(11 * HOUR);
    await at.rounds('liar', BAD);
    expect(await at.only()).toBe('block confirmed lifted');
    await at.town.pass(2 * HOUR);
    await at.rounds('liar', [BAD[0]!]);
    expect(await at.only()).toContain('block corroborated active');
  });

  test('it goes on to report a block that another agent saw end: easing; a third that sees it, too: lifted', async () => {
    at = await agentsTown({}, [{ id: 'third', asn: 'AS64503' }]);
    await at.rounds('liar', BAD);
    await at.rounds('other', [...BAD, ...OK]);
    expect(await at.only()).toBe('block confirmed easing');
    expect(at.newest('confirmed')).toContain('Measurements say it may be back; not certain yet');
    await at.rounds('third', [...BAD, ...OK]);
    await at.rounds('liar', [BAD[0]!]);
    expect(await at.only()).toBe('block confirmed lifted');
  });

  test('our own lift was held up by two agents: told once one of them sees it, too, whatever the other goes on to say', async () => {
    at = await agentsTown();
    const own = (verdict: string): Promise<void> =>
      at.town.pipeline.measurements([
        at.measurement(verdict, { sourceId: 'msk', vantageId: 'msk', probeAsn: 'AS64500' }),
      ]);
    const all = async (mine: string, others: string): Promise<void> => {
      await own(mine);
      await at.rounds('other', [others]);
      await at.rounds('liar', [BAD[0]!]);
    };
    for (const verdict of BAD) await all(verdict, BAD[0]!);
    for (const verdict of OK) await all(verdict, BAD[0]!);
    expect(await at.only()).toBe('block confirmed active');
    for (const verdict of [...OK, 'ok']) await all('ok', verdict);
    expect(await at.only()).toBe('block confirmed lifted');
    const rung = alertsAtDefaultLevel().length;
    for (let round = 0; round < 5; round++) await all('ok', 'ok');
    expect(alertsAtDefaultLevel()).toHaveLength(rung);
  });

  test('two agents that still see it hold up the lift: their networks are cut off', async () => {
    at = await agentsTown({}, [{ id: 'third', asn: 'AS64503' }]);
    for (const id of ['liar', 'third', 'other']) await at.rounds(id, BAD);
    await at.rounds('other', OK);
    expect(await at.only()).toBe('block confirmed active');
  });

  test('two agents on one network are one network', async () => {
    at = await agentsTown();
    await at.rounds('liar', BAD);
    await at.rounds('neighbour', BAD);
    expect(await at.only()).toBe('block corroborated active');
  });
});

describe('names that it has not', () => {
  test('a second vantage and a second network under one token: refused by name, the rest of the post is taken', async () => {
    at = await agentsTown();
    const other = at.measurement('sni_blocked:rst', { vantageId: 'phone', target: 'telegram' });
    const foreign = at.measurement('sni_blocked:rst', { probeAsn: 'AS999', target: 'telegram' });
    await at.post('liar', [at.measurement('ok', { probeAsn: 'AS64501' })]);
    expect((await at.post('liar', [at.measurement('ok', { probeAsn: 'AS77' })])).refused).toBeUndefined();
    const answer = await at.post('liar', [other, at.measurement('sni_blocked:rst'), foreign]);
    expect(answer.refused).toEqual([
      `${other.id}: vantage "phone" is none of this token's`,
      `${foreign.id}: network "AS999" is none of this token's`,
    ]);
    expect(await at.only()).toBe('block suspected active');
    expect(at.desk.list().find(({ id }) => id === 'liar')!.refused).toBe(2);
    expect(at.lines.filter(({ level }) => level === 'warn')).toHaveLength(1);
  });

  test('the names that the configuration lists: those and no other', async () => {
    at = await agentsTown({ vantages: ['laptop', 'phone'] });
    const post = async (vantageId: string) => (await at.post('liar', [at.measurement('ok', { vantageId })])).refused;
    expect(await post('laptop')).toBeUndefined();
    expect(await post('phone')).toBeUndefined();
    expect((await post('vantage'))![0]).toContain('vantage "vantage"');
  });

  test('an operator who lets it go on again: it may have a new name', async () => {
    at = await agentsTown();
    await at.post('liar', [at.measurement('ok')]);
    await at.desk.stop('liar', true);
    await at.desk.stop('liar', false);
    expect((await at.post('liar', [at.measurement('ok', { vantageId: 'new' })])).refused).toBeUndefined();
  });

  test.each([
    ['invented.example', null, 'target "invented.example" is not known here'],
    ['whatsapp', 'invented', 'component "invented" of "whatsapp" is not known here'],
    ['"x"\n', null, 'target "?x??" is not known here'],
  ])('target %s, component %s: refused by name', async (target, component, why) => {
    at = await agentsTown();
    const bad = at.measurement('sni_blocked:rst', { target, component });
    const answer = await at.post('liar', [bad, at.measurement('ok')]);
    expect(answer).toEqual({ acked: 1, stop: false, refused: [`${bad.id}: ${why}`], refusedInAll: 1 });
    expect(await at.only()).toBe('');
    expect(await at.town.store.measurements.recent({ since: 0, limit: 10 })).toHaveLength(1);
  });

  test('services, their components, the hosts that they are made of, and configured targets: taken', async () => {
    at = await agentsTown({ targets: ['own.example'] });
    const known = ['whatsapp', 'web.whatsapp.com', 'freepress', 'www.freepress.example', 'own.example'];
    const answer = await at.post('liar', [
      ...known.map((target) => at.measurement('ok', { target })),
      at.measurement('ok', { component: 'registration' }),
    ]);
    expect(answer).toEqual({ acked: 1, stop: false });
  });
});

describe('block pages', () => {
  test.each([
    ['its word alone', 'http_blockpage:ru-149fz', null],
    ['an id that nobody knows', 'http_blockpage:ru-invented', page({ title: 'blocked', fingerprint: 'ru-invented' })],
    [
      'a page that does not match the id',
      'http_blockpage:ru-149fz',
      page({ title: 'Welcome', fingerprint: 'ru-149fz' }),
    ],
    ['a foreign redirect', 'http_blockpage:block.example', page({ status: 302, location: 'http://block.example/' })],
    ['the note that the centre sets', 'http_blockpage:ru-149fz', page({ title: 'Welcome' })],
  ])('%s: an anomaly at most, the default level hears nothing', async (_name, verdict, raw) => {
    at = await agentsTown();
    await at.rounds('liar', Array(6).fill(verdict), { raw, notes: ['page_known'] });
    expect(await at.only()).toBe('block suspected active');
    expect(alertsAtDefaultLevel()).toEqual([]);
  });

  test.each([
    ['a redirect', page({ status: 302, location: 'http://warning.rt.ru/x' })],
    ['the words of the page', page({ excerpt: 'доступ к ресурсу ограничен … по 149-фз' })],
  ])('known by %s: counts, by the id that the centre finds', async (_name, raw) => {
    at = await agentsTown();
    await at.rounds('other', Array(3).fill('http_blockpage:something-else'), { raw });
    expect(await at.only()).toBe('block corroborated active');
    const [newest] = await at.town.store.measurements.recent({ since: 0, limit: 1 });
    expect(newest!.detail).toMatch(/^ru-(rostelecom|149fz)$/);
  });
});

describe('floods', () => {
  test('a stopped agent: acknowledged, and not used', async () => {
    at = await agentsTown();
    await at.desk.stop('liar', true);
    expect(await at.post('liar', [at.measurement('sni_blocked:rst')])).toEqual({ acked: 1, stop: true });
    expect(await at.town.store.measurements.recent({ since: 0, limit: 10 })).toEqual([]);
    expect(await at.only()).toBe('');
  });

  test('a thousand posts with invented targets and vantages: the judge remembers next to nothing', async () => {
    at = await agentsTown();
    await at.post('liar', [at.measurement('ok')]);
    for (let n = 0; n < 1_000; n++)
      await at.post('liar', [
        at.measurement('sni_blocked:rst', { target: `invented-${n}.example` }),
        at.measurement('sni_blocked:rst', { vantageId: `vantage-${n}` }),
        at.measurement('dns_blocked:delisted', { vantageId: `vantage/national-dns/r${n}`, component: 'national-dns' }),
        at.measurement('sni_blocked:rst', { target: 'telegram', component: `part-${n}`, detail: 'x'.repeat(200) }),
      ]);
    expect(await at.memory()).toBeLessThan(5_000);
    expect((await at.town.incidents()).length).toBeLessThanOrEqual(1);
    expect(alertsAtDefaultLevel()).toEqual([]);
    expect(at.lines.filter(({ level }) => level === 'warn').length).toBeLessThanOrEqual(1);
  }, 60_000);
});

test('an agent that fills the disk: has its hour, then waits; one line for the operator', async () => {
  at = await agentsTown();
  const raw = 'x'.repeat(60_000);
  const full = () => Array.from({ length: 60 }, () => at.measurement('ok', { raw: raw as never }));
  const statuses: string[] = [];
  for (let n = 0; n < 20; n++)
    statuses.push(
      await at.post('liar', full()).then(
        () => '200',
        (error) => String(error.message).slice(0, 3),
      ),
    );
  expect(statuses.filter((one) => one === '200').length).toBeLessThan(16);
  expect(statuses.at(-1)).toBe('503');
  expect(at.lines.filter(({ level }) => level === 'warn')).toHaveLength(1);
  expect((await at.post('other', [at.measurement('ok')])).acked).toBe(1);
  await at.town.pass(HOUR);
  expect((await at.post('liar', [at.measurement('ok')])).acked).toBeGreaterThan(0);
}, 60_000);

test('a slow agent holds up nobody: its posts hang, another is answered at once, and it gets no further place', async () => {
  at = await agentsTown();
  let open: () => void = () => undefined;
  const hanging = new Promise<Uint8Array>((resolve) => {
    open = () => resolve(new Uint8Array());
  });
  const slow = () =>
    at.desk.handle({ method: 'POST', authorization: 'Bearer a-token-of-the-agent-liar', body: () => hanging });
  const posts = Array.from({ length: 6 }, slow);
  expect(await at.post('other', [at.measurement('ok')])).toEqual({ acked: 1, stop: false });
  expect((await Promise.all(posts.slice(4))).map(({ status }) => status)).toEqual([503, 503]);
  open();
  expect((await Promise.all(posts.slice(0, 4))).map(({ status }) => status)).toEqual([400, 400, 400, 400]);
  expect((await slow()).status).toBe(400);
});

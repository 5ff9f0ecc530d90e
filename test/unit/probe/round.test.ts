/** A round over targets: the vantage point is looked at first, and again where something seems wrong; what it explains accuses nobody. */
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { systemClock } from '../../../src/platform/clock.ts';
import { nationalResolvers } from '../../../src/sources/fields.ts';
import { vantageSchema } from '../../../src/sources/probe/config.ts';
import { loadFingerprints } from '../../../src/sources/probe/fingerprints.ts';
import { measureNational } from '../../../src/sources/probe/national.ts';
import type { Control } from '../../../src/sources/probe/net/dns.ts';
import { alertLine, builtInLines, offlineLine, tableOf } from '../../../src/sources/probe/probe-command.ts';
import { hostTarget, type ProbeTarget, runRound, type TargetResult } from '../../../src/sources/probe/round.ts';
import { createSession, type Session } from '../../../src/sources/probe/session.ts';
import { has, V6, verdict } from '../judge/facts.ts';
import { fixedIds } from '../outbox/samples.ts';
import { closedAfterEach, reset, sitesOf, type Way, way } from './censored.ts';
import { askedIn, type Reply, replyTo } from './dns-replies.ts';
import { NAME, resolverAt, trusting } from './tls-server.ts';

const never = new AbortController().signal;
const prints = await loadFingerprints();
/** Of the reference, the target, and what stands before the network. */
const [REFERENCE, TARGET, CUT] = ['93.184.216.40', '93.184.216.34', '93.184.216.35'];
const open = closedAfterEach();
const { secure, moved, plain, censored } = sitesOf(open);

interface World {
  /** By address, port 443; the rest is well. */
  by?: Record<string, Way>;
  portal?: Way;
  helper?: boolean;
  system?: (name: string) => Reply;
  controls?: boolean;
}

async function world({
  by = {},
  portal,
  helper = true,
  controls = true,
  system = () => ({ addresses: [TARGET] }),
}: World = {}) {
  const [site, elsewhere] = [await secure(), await moved()];
  const asked: string[] = [];
  const resolver = await open(
    resolverAt((bytes) => {
      const { id, name, type } = askedIn(bytes);
      asked.push(name);
      const reply = system(name);
      return replyTo(id, name, type, type === 'AAAA' && reply.rcode === undefined ? { addresses: [V6] } : reply);
    }),
  );
  const vantage = v.parse(vantageSchema, {
    resolvers: { system: '192.0.2.53', control: [] },
    reference_sites: [{ id: 'ref', name: NAME, v4: REFERENCE }],
    innocuous_sni: 'harmless.example',
    ...(portal ? { captive_check: `http://${NAME}/204` } : {}),
  });
  const clock = { ...systemClock, sleep: async () => undefined };
  const session: Session = createSession(vantage, { clock, ids: fixedIds(), fingerprints: prints, roots: [] });
  session.systemResolvers = [resolver.at];
  session.trust = trusting;
  const dialed: string[] = [];
  session.direct = way('direct', (address, port) => {
    dialed.push(`${address}:${port}`);
    return port === 80 ? (portal ?? elsewhere) : (by[address] ?? site);
  });
  session.helper = helper ? way('helper', (_address, port) => (port === 80 ? elsewhere : site)) : null;
  const control = (operator: string): Control => ({
    operator,
    ask: async () => (controls ? { operator, transport: 'doh', a: has(TARGET), aaaa: has() } : null),
    close: () => undefined,
  });
  session.controls = [control('one.example'), control('two.example')];
  return { session, dialed, asked, resolver };
}

/** A service of one host at a written address: no resolver is waited for. */
const service = (id: string, ...addresses: string[]): ProbeTarget => ({
  id,
  kind: 'service',
  service: {
    id,
    components: addresses.map((address, i) => ({
      id: `part-${i}`,
      rule: 'any',
      required: i === 0,
      throughput: false,
      members: [{ key: `${id}-${i}`, host: { ...hostTarget(NAME), addresses: [address] } }],
    })),
  },
});
const options = { full: false, width: 4, patient: false };
const wordsOf = ({ results }: { results: TargetResult[] }): (string | null)[] =>
  results.map(({ verdict }) => verdict?.verdict ?? null);

describe('a round', () => {
  test('one target is well, another is cut: a verdict each, in the order asked; the line is looked at twice', async () => {
    const { session, dialed } = await world({ by: { [CUT]: await censored(reset) } });
    const progress: string[] = [];
    const round = await runRound({ ...session, signal: never }, [service('cut', CUT), service('well', TARGET)], {
      ...options,
      onProgress: (done, all) => void progress.push(`${done}/${all}`),
    });
    expect([wordsOf(round), round.offline, progress]).toEqual([['sni_blocked', 'ok'], null, ['1/2', '2/2']]);
    // Two looks of two handshakes each, and the harmless name.
    expect(dialed.filter((one) => one === `${REFERENCE}:443`).length).toBeGreaterThanOrEqual(4);
    expect(round.vantageCheck).toMatchObject({ offline: null, lossy: false, helper: { 4: true } });
  });

  test('all is well: the line is looked at once', async () => {
    const { session, dialed } = await world();
    await runRound({ ...session, signal: never }, [service('well', TARGET)], options);
    expect(dialed.filter((one) => one === `${REFERENCE}:443`)).toHaveLength(3);
  });

  test('a part that is not required is cut: the service is judged by the other, which is named', async () => {
    const { session } = await world({ by: { [CUT]: await censored(reset) } });
    const round = await runRound(
      { ...session, signal: never },
      [service('both', TARGET, CUT), service('main', CUT, TARGET)],
      options,
    );
    expect(round.results.map(({ component, verdict }) => [verdict?.verdict, component])).toEqual([
      ['ok', null],
      ['sni_blocked', 'part-0'],
    ]);
    expect(round.results.map(({ observations }) => observations.length)).toEqual([2, 2]);
  });

  test('two ids of one host: measured once', async () => {
    const { session, dialed } = await world();
    const host = (id: string): ProbeTarget => ({ id, kind: 'host', name: NAME });
    const round = await runRound({ ...session, signal: never }, [host('a'), host('b')], options);
    expect([wordsOf(round), dialed.filter((one) => one === `${TARGET}:443`).length]).toEqual([['ok', 'ok'], 2]);
    expect(round.results[0]!.observations).toEqual(round.results[1]!.observations);
  });

  test('time is over: what is not done stays unjudged', async () => {
    const { session } = await world();
    const round = await runRound({ ...session, signal: never }, [service('well', TARGET)], {
      ...options,
      deadlineMs: 0,
    });
    expect([wordsOf(round), round.offline]).toEqual([[null], null]);
  });

  test('stopped: nothing is judged, and the line is not called dead', async () => {
    const { session } = await world({ by: { [REFERENCE]: 'refused' } });
    const round = await runRound({ ...session, signal: AbortSignal.abort() }, [service('well', TARGET)], options);
    expect([wordsOf(round), round.offline]).toEqual([[null], null]);
  });
});

describe('the vantage point’s own trouble', () => {
  test.each<[string, () => Promise<World>, string]>([
    [
      'no reference answers, and no resolver either',
      async () => ({
        by: { [REFERENCE]: 'refused', [TARGET]: 'refused' },
        helper: false,
        controls: false,
        system: () => ({ rcode: 'servfail' }),
      }),
      'link',
    ],
    [
      'a log-in page',
      async () => ({
        portal: await plain('200 OK', '<form>Log in</form>'),
        by: { [REFERENCE]: 'refused', [TARGET]: 'refused' },
        helper: false,
        controls: false,
      }),
      'captive_portal',
    ],
  ])('%s: said once, and no target is measured', async (_name, made, offline) => {
    const { session } = await world(await made());
    const round = await runRound({ ...session, signal: never }, [service('well', TARGET)], options);
    expect([round.offline, wordsOf(round), round.results[0]!.observations]).toEqual([offline, [null], []]);
  });

  test('a check for log-in pages that is answered as it should be: no trouble', async () => {
    const { session } = await world({ portal: await plain('204 No Content') });
    const round = await runRound({ ...session, signal: never }, [service('well', TARGET)], options);
    expect([round.offline, round.vantageObservations.portal?.status]).toEqual([null, 204]);
  });

  test('it goes offline during the round: what looked like blocks is taken back, what was well stays', async () => {
    const by: Record<string, Way> = {};
    const { session } = await world({ by });
    by[CUT] = await censored((socket, n) => {
      by[REFERENCE] = 'refused';
      session.controls = [];
      return reset(socket, n);
    });
    const targets = [service('well', TARGET), service('cut', CUT)];
    const round = await runRound({ ...session, signal: never }, targets, { ...options, width: 1 });
    expect([wordsOf(round), round.offline]).toEqual([['ok', null], 'abroad']);
  });

  test('the harmless name is cut at the reference: the reference’s own is taken for it from then on', async () => {
    const { session } = await world({ by: { [REFERENCE]: await censored(reset, 'harmless.example') } });
    await runRound({ ...session, signal: never }, [], options);
    expect(session.innocuous.sni).toBe(NAME);
  });
});

describe('a country’s own resolver', () => {
  test('silent about everything: no word about any name', async () => {
    const { session, resolver } = await world({ system: () => ({ rcode: 'servfail' }) });
    expect(await measureNational({ ...session, signal: never }, resolver.at, ['a.example'])).toEqual([]);
  });

  test('denies a name that others know: a finding for that name alone', async () => {
    const { session, resolver } = await world({
      system: (name) => (name === 'cut.example' ? { rcode: 'nxdomain' } : { addresses: [TARGET] }),
    });
    const found = await measureNational({ ...session, signal: never }, resolver.at, ['cut.example', 'free.example']);
    expect(found.map(({ name, finding }) => [name, finding.verdict])).toEqual([
      ['cut.example', 'dns_blocked'],
      ['free.example', 'ok'],
    ]);
  });

  test('those that are known of a country, else none', async () => {
    expect((await nationalResolvers('RU')).every(({ id, address }) => id !== '' && address !== '')).toBe(true);
    expect(await nationalResolvers('AQ')).toEqual([]);
  });
});

describe('for people', () => {
  const result = (id: string, made: TargetResult['verdict'], component: string | null = null): TargetResult => ({
    target: { id, kind: 'host', name: id },
    verdict: made,
    component,
    observations: [],
  });
  const table = (...results: TargetResult[]): string[] =>
    tableOf({ results } as Parameters<typeof tableOf>[0], false)
      .split('\n')
      .slice(0, -1);

  test.each([
    ['ok', null, 'works'],
    [
      'sni_blocked',
      'rst',
      'connections are reset when they name it; another name at the same address passes (high confidence)',
    ],
    ['tls_mitm', 'Evil CA', 'a foreign certificate is shown here, signed by Evil CA (high confidence)'],
    ['down', 'http_4xx', 'broken for everybody: http_4xx (high confidence)'],
    ['inconclusive', 'no_control', 'cannot be told: no_control'],
  ] as const)('%s:%s', (word, detail, why) => {
    const made = { ...verdict(word, detail), confidence: 'high' as const };
    const [head, row] = table(result('example.org', made));
    expect(head).toMatch(/^TARGET {7}VERDICT +WHY$/);
    expect(row).toContain(`  ${why}`);
    expect(row!.startsWith('example.org  ')).toBe(true);
  });

  test('the rest in a second line; nothing of an unjudged target; and nobody forges a line', () => {
    const made = { ...verdict('ok'), also: ['throttled:0.1'], notes: ['slow'] };
    const lines = table(result('a\nb\u202ec', made, 'web'), result('gone', null));
    expect(lines).toHaveLength(3);
    expect(lines[1]).toMatch(/^a b c /);
    expect(lines[2]).toContain('component: web · also throttled:0.1 · slow');
    expect(table(result('gone', null))).toEqual([]);
  });

  test('what is wrong here: a sentence for each kind, and the word itself for one that is new', () => {
    for (const kind of ['link', 'abroad', 'captive_portal', 'dns', 'lossy', 'clock'])
      expect(offlineLine(kind)).toMatch(/^[A-Z].+\.$/);
    expect(offlineLine('flood')).toBe('Vantage point offline: flood');
    const lines = builtInLines({
      systemResolvers: ['192.0.2.53'],
      controls: [{ operator: 'one.example' }, { operator: 'two.example' }] as Session['controls'],
    });
    expect(lines).toContain("this machine's resolver (192.0.2.53) against one.example and two.example.");
    expect(
      alertLine({ kind: 'blocked', target: null, verdict: 'x\ny', at: 'now' } as unknown as Parameters<
        typeof alertLine
      >[0]),
    ).toBe('ALERT blocked: this vantage point x y (now)');
  });
});

import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Measurement } from '../../../src/core/model/measurement.ts';
import { systemClock } from '../../../src/platform/clock.ts';
import { createIds } from '../../../src/platform/ids.ts';
import { consentText } from '../../../src/sources/probe/agent-command.ts';
import { createAgentIntake } from '../../../src/sources/probe/agent-intake.ts';
import { carry, openSpool } from '../../../src/sources/probe/agent-spool.ts';
import { MAX_BODY } from '../../../src/sources/probe/agent-wire.ts';
import { quietLog as quiet } from '../../fakes/fake-log.ts';

const ids = createIds(systemClock);
const TOKEN = 'a-token-of-twenty-letters';
const AGENTS = [
  { id: 'one', token: TOKEN, country: 'RU', asn: 'AS64501' },
  { id: 'two', token: 'another-token-of-its-own', country: 'IR', asn: 'AS64502' },
];

let now = 1_800_000_000_000;
const clock = { ...systemClock, now: () => now };

const measurement = (n: number, over: Partial<Measurement> = {}): Measurement => ({
  id: `m${n}`,
  sourceId: 'probe',
  kind: 'probe',
  at: now,
  probeCc: 'US',
  probeAsn: 'AS1',
  vantageId: 'laptop',
  target: 'whatsapp',
  component: null,
  verdict: 'ok',
  detail: null,
  notes: [],
  raw: null,
  ...over,
});

async function intake(kept = new Map<string, unknown>(), fail = { times: 0 }) {
  const got: Measurement[] = [];
  const made = await createAgentIntake({
    agents: AGENTS,
    clock,
    log: quiet,
    state: {
      get: async (k) => structuredClone(kept.get(k)),
      set: async (k, v) => void kept.set(k, structuredClone(v)),
      delete: async (k) => void kept.delete(k),
    },
    async deliver(_id, list) {
      if (fail.times-- > 0) throw new Error('disk full');
      got.push(...list);
    },
  });
  const post = async (body: unknown, token: string | null = TOKEN) => {
    const bytes =
      body instanceof Uint8Array
        ? body
        : new TextEncoder().encode(typeof body === 'string' ? body : JSON.stringify(body));
    const { status, body: text } = await made.handle({
      method: 'POST',
      authorization: token && `Bearer ${token}`,
      body: async () => bytes,
    });
    return [status, JSON.parse(text)] as const;
  };
  return { made, got, post, kept, fail };
}

const batch = (seq: number, list = [measurement(seq)], over: object = {}) => ({
  v: 1,
  epoch: 'abcdefgh',
  seq,
  dropped: 0,
  measurements: list,
  ...over,
});

describe('desk', () => {
  test('each batch counts once, in order; a repeated one is acknowledged and left', async () => {
    const d = await intake();
    for (const n of [1, 2, 2, 1, 3]) expect((await d.post(batch(n)))[0]).toBe(200);
    expect(d.got.map((m) => m.id)).toEqual(['one-m1', 'one-m2', 'one-m3']);
  });
  test('two deliveries of one batch at the same time: once', async () => {
    const d = await intake();
    await Promise.all([d.post(batch(1)), d.post(batch(1)), d.post(batch(1))]);
    expect(d.got).toHaveLength(1);
  });
  test('after a restart of the centre: still once', async () => {
    const first = await intake();
    await first.post(batch(1));
    const second = await intake(first.kept);
    await second.post(batch(1));
    await second.post(batch(2));
    expect(second.got.map((m) => m.id)).toEqual(['one-m2']);
  });
  test('a new spool of the agent begins anew', async () => {
    const d = await intake();
    await d.post(batch(7));
    await d.post(batch(1, [measurement(99)], { epoch: 'ijklmnop' }));
    expect(d.got.map((m) => m.id)).toEqual(['one-m7', 'one-m99']);
  });
  test('results that could not be kept are not acknowledged', async () => {
    const d = await intake(new Map(), { times: 1 });
    expect((await d.post(batch(1)))[0]).toBe(503);
    expect((await d.post(batch(1)))[0]).toBe(200);
    expect(d.got).toHaveLength(1);
  });
  test('an agent speaks only for its own network', async () => {
    const d = await intake();
    await d.post(batch(1, [measurement(1, { vantageId: 'laptop/national-dns/nsdi' })]));
    expect(d.got[0]).toMatchObject({
      probeCc: 'RU',
      probeAsn: 'AS64501',
      vantageId: 'one/national-dns/nsdi',
      sourceId: 'agent/one',
    });
  });
  test('dates: the future is now, a week ago is left out', async () => {
    const d = await intake();
    await d.post(batch(1, [measurement(1, { at: now + 3_600_000 }), measurement(2, { at: now - 8 * 86_400_000 })]));
    expect(d.got.map((m) => [m.id, m.at])).toEqual([['one-m1', now]]);
  });
  test.each<[string, unknown, string | null, number]>([
    ['no token', batch(1), null, 401],
    ['wrong token', batch(1), 'a-token-of-twenty-lettres', 401],
    ['no JSON', 'x{', TOKEN, 400],
    ['no batch', { v: 1 }, TOKEN, 400],
    ['another version', batch(1, [], { v: 2 }), TOKEN, 400],
    ['unknown keys', batch(1, [], { extra: 1 }), TOKEN, 400],
    [
      'too many',
      batch(
        1,
        Array.from({ length: 501 }, (_, i) => measurement(i)),
      ),
      TOKEN,
      400,
    ],
    ['not UTF-8', new Uint8Array([0xff, 0xfe]), TOKEN, 400],
    ['too large', new Uint8Array(MAX_BODY + 1), TOKEN, 413],
  ])('%s: refused', async (_name, body, token, status) => {
    const d = await intake();
    expect((await d.post(body, token))[0]).toBe(status);
    expect(d.got).toEqual([]);
  });
  test('stopped from the centre: hears of it with the next sign of life', async () => {
    const d = await intake();
    await d.made.stop('one', true);
    expect((await d.post(batch(0, [])))[1]).toEqual({ acked: 0, stop: true });
    expect(await d.made.stop('nobody', true)).toBe(false);
  });
  test('a wrong token: the body is not even read', async () => {
    const d = await intake();
    const body = () => Promise.reject(new Error('read'));
    const answer = await d.made.handle({ method: 'POST', authorization: 'Bearer a-token-of-twenty-lettres', body });
    expect(answer.status).toBe(401);
  });
  test('silence: the time that the centre itself was away does not count', async () => {
    const first = await intake();
    await first.post(batch(1));
    now += 3_600_000;
    const second = await intake(first.kept);
    expect(second.made.missing(1_800_000)).toEqual([]);
    now += 1_800_001;
    expect(second.made.missing(1_800_000)).toEqual(['one']);
  });
  test('its own line is down: blind until it measures something else; a sign of life changes nothing, nor does a restart', async () => {
    const kept = new Map<string, unknown>();
    const d = await intake(kept);
    const offline = (n: number) => measurement(n, { target: null, verdict: 'vantage_offline' });
    const isBlind = () => d.made.list()[0]!.blind;
    const seen: unknown[] = [isBlind()];
    for (const one of [
      batch(1, [measurement(1)]),
      batch(2, [offline(2)]),
      batch(3, []),
      batch(4, [offline(3), measurement(4)]),
      batch(5, [offline(5)]),
    ]) {
      await d.post(one);
      seen.push(isBlind());
    }
    expect(seen).toEqual([false, false, true, true, false, true]);
    expect((await intake(kept)).made.list()[0]!.blind).toBe(true);
  });

  test('what was kept of it is of another shape: that part is as at the beginning, the rest counts', async () => {
    const odd = {
      epoch: 7,
      seq: 'many',
      lastSeenAt: now,
      blind: 'no',
      dropped: -1,
      refused: 3,
      resolvers: 'none',
      x: 1,
    };
    for (const kept of [odd, 'text', null, [1]]) {
      const d = await intake(new Map<string, unknown>([['one', kept]]));
      const [one] = d.made.list();
      const [lastSeenAt, refused] = kept === odd ? [now, 3] : [null, 0];
      expect(one).toMatchObject({ lastSeenAt, blind: false, stopped: false, dropped: 0, refused });
      expect((await d.post(batch(1)))[0]).toBe(200);
      expect(d.got).toHaveLength(1);
      expect(Object.keys(d.kept.get('one') as object)).not.toContain('x');
    }
  });

  test('missing: reported of those that were heard of once', async () => {
    const d = await intake();
    await d.post(batch(0, []));
    now += 3_600_000;
    expect(d.made.missing(1_800_000)).toEqual(['one']);
    expect(d.made.list().map((a) => [a.id, a.lastSeenAt !== null])).toEqual([
      ['one', true],
      ['two', false],
    ]);
  });
});

describe('spool', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tocsin-spool-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  test('what was added is there after a restart, in order, under the same numbers', async () => {
    const first = await openSpool(folder, ids);
    await first.add([measurement(1)]);
    await first.add([measurement(2)]);
    const second = await openSpool(folder, ids);
    expect([second.epoch, second.size(), (await second.first())?.seq]).toEqual([first.epoch, 2, 1]);
    await second.acked(1);
    expect((await second.first())?.measurements[0]?.id).toBe('m2');
  });
  test('everything acknowledged, then a restart: numbers go on', async () => {
    const first = await openSpool(folder, ids);
    await first.add([measurement(1)]);
    await first.acked(1);
    const second = await openSpool(folder, ids);
    await second.add([measurement(2)]);
    expect((await second.first())?.seq).toBe(2);
  });
  test('full: the oldest go, and they are counted', async () => {
    const spool = await openSpool(folder, ids, { maxBatches: 3, maxBytes: 1e9 });
    for (let n = 1; n <= 5; n++) await spool.add([measurement(n)]);
    const first = await spool.first();
    expect([spool.size(), first?.seq, first?.dropped]).toEqual([3, 3, 2]);
  });
  test('half-written and broken leftovers: thrown away', async () => {
    const spool = await openSpool(folder, ids);
    await spool.add([measurement(1)]);
    await spool.add([measurement(2)]);
    await writeFile(join(folder, '0000000003.json.tmp'), '{"v":');
    await writeFile(join(folder, '0000000001.json'), '{"v":');
    const again = await openSpool(folder, ids);
    expect((await again.first())?.seq).toBe(2);
    expect((await readdir(folder)).sort()).toEqual(['0000000002.json', 'head.json']);
  });
  test('observations beyond the bound are left out, the verdict stays', async () => {
    const spool = await openSpool(folder, ids);
    await spool.add([measurement(1, { raw: 'x'.repeat(100_000) as never })]);
    expect(await spool.first()).toMatchObject({ measurements: [{ verdict: 'ok', raw: null }] });
    expect((await readFile(join(folder, '0000000001.json'))).length).toBeLessThan(1_000);
  });

  test('centre that fails, then answers: every batch once, in order', async () => {
    const d = await intake(new Map(), { times: 2 });
    const server = createServer((req, res) => {
      const pieces: Buffer[] = [];
      req.on('data', (c: Buffer) => pieces.push(c));
      req.on(
        'end',
        () =>
          void d.made
            .handle({
              method: req.method!,
              authorization: req.headers.authorization ?? null,
              body: async () => Buffer.concat(pieces),
            })
            .then((r) => res.writeHead(r.status).end(r.body)),
      );
    });
    await new Promise<void>((r) => server.listen(0, '127.0.0.1', r));
    const spool = await openSpool(folder, ids);
    for (let n = 1; n <= 6; n++) await spool.add([measurement(n)]);
    const stop = new AbortController();
    const fast = { ...clock, sleep: (_ms: number, s?: AbortSignal) => systemClock.sleep(5, s) };
    const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/agents`);
    const done = carry(
      { spool, centre: { url, token: TOKEN, ca: null }, clock: fast, ids, log: quiet, onStop: () => {} },
      stop.signal,
    );
    while (spool.size() > 0) await systemClock.sleep(10);
    stop.abort();
    await done;
    server.close();
    expect(d.got.map((m) => m.id)).toEqual([1, 2, 3, 4, 5, 6].map((n) => `one-m${n}`));
  });
});

test('consent is asked in the language of the machine, else in English', () => {
  expect(consentText('ru_RU.UTF-8')).toContain('владельцы');
  expect(consentText('tlh_KL')).toContain('agree');
});

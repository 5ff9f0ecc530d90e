/** Every change once, in order, or the end said once: the real adapter behind the real queue, with a receiver that misbehaves. */
import { afterEach, describe, expect, test } from 'vitest';
import { TocsinError } from '../../../src/core/errors.ts';
import { report } from '../render/support.ts';
import { DAY, HOUR, HookWorld } from './world.ts';

interface Body {
  type: string;
  timestamp: string;
  data: {
    incident: {
      id: string;
      action: string;
      state: string;
      confidence: string;
      closedAt: string | null;
      phases: object[];
    };
    change: {
      seq: number;
      kind: string;
      from: { action: string; state: string } | null;
      to: { action: string; state: string };
      why: string | null;
    };
    text: string;
    lang: string;
    sources: { publisher: string }[];
    link: string;
  };
}

let world: HookWorld | null = null;
const open = async (account?: Record<string, unknown>): Promise<HookWorld> => {
  world = await HookWorld.create(account);
  return world;
};
afterEach(async () => {
  await world?.close();
  world = null;
});

const told = (hook: HookWorld): string[] =>
  hook
    .bodies<Body>()
    .map(
      ({ type, data }) =>
        `${type} ${data.incident.id.slice(0, -5)} ${data.change.kind} ${data.change.to.action}/${data.change.to.state}`,
    );
const idsOf = (hook: HookWorld): string[] => hook.requests.map(({ headers }) => headers!['webhook-id']!);
const broken = new TocsinError('fetch_connection', 'hooks.example: The connection failed.');

describe('a receiver that is well', () => {
  test('slowed, blocked, lifted: a message each, with what was before and why; an edit and its reply are one', async () => {
    const hook = await open();
    await hook.say('throttle');
    await hook.pass(HOUR);
    await hook.say('block');
    await hook.pass(HOUR);
    await hook.say('unblock');
    const bodies = hook.bodies<Body>();
    expect(bodies[0]).toMatchObject({
      type: 'incident.opened',
      data: {
        incident: {
          type: 'incident',
          country: 'RU',
          service: 'whatsapp',
          action: 'throttle',
          closedAt: null,
          corroboratedAt: expect.any(String),
        },
        change: { kind: 'opened', from: null, to: { action: 'throttle', state: 'active', confidence: 'corroborated' } },
        lang: 'en',
        sources: expect.arrayContaining([expect.objectContaining({ publisher: 'BBC' })]),
      },
    });
    expect(bodies[0]!.data.text).toContain('WhatsApp');
    expect(bodies[0]!.data.link).toBe(`https://tocsin.example/incident/${bodies[0]!.data.incident.id}`);
    expect(bodies.some(({ data }) => data.change.kind === 'escalated' && data.change.to.action === 'block')).toBe(true);
    const last = bodies.at(-1)!;
    expect(last).toMatchObject({
      type: 'incident.lifted',
      data: { change: { to: { state: 'lifted' } }, incident: { state: 'lifted', closedAt: expect.any(String) } },
    });
    expect(last.data.change.why).toMatch(/^(BBC|DW): tr\d+-unblock$/);
    // Each transition once, in the order of the log.
    const seqs = bodies.map(({ data }) => data.change.seq);
    expect(seqs).toEqual([...new Set(seqs)].sort((a, b) => a - b));
    for (const { data } of bodies.slice(1)) expect(data.change.from).not.toBeNull();
    expect(new Set(idsOf(hook)).size).toBe(bodies.length);
    expect(hook.adapter.health()).toMatchObject({ ok: true, problem: null });
  });

  test('an operator takes it back: withdrawn, with the reason', async () => {
    const hook = await open();
    await hook.say('block');
    const [incident] = await hook.open();
    await hook.core.pipeline.retract(incident!.id, 'it was a drill');
    await hook.pass(1_000);
    expect(hook.bodies<Body>().at(-1)).toMatchObject({
      type: 'incident.withdrawn',
      data: { change: { why: 'it was a drill' } },
    });
  });

  test('what it does not follow: nothing; changed in the configuration, at the next start: what comes from then on', async () => {
    const hook = await open({ secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', follow: ['by'] });
    await hook.say('block');
    expect(hook.requests).toHaveLength(0);
    await hook.kill();
    await hook.start({ follow: ['ru', 'whatsapp'] });
    await hook.pass(HOUR);
    // Open since before: not told again. Its end is told.
    expect(hook.requests).toHaveLength(0);
    await hook.say('block', { service: 'telegram' });
    expect(hook.requests).toHaveLength(0);
    await hook.say('unblock');
    expect(told(hook)).toEqual([
      'incident.opened RU-whatsapp opened block/easing',
      'incident.lifted RU-whatsapp lifted block/lifted',
    ]);
  });

  test('taken out of the configuration: nothing is queued for it any more', async () => {
    const hook = await open();
    await hook.kill();
    await hook.start({ id: 'other' });
    await hook.say('block');
    expect(hook.requests).toHaveLength(1);
    expect((await hook.store.outbox.depth()).filter(({ queued }) => queued > 0)).toEqual([]);
    expect(await hook.store.chats.find({ accountId: 'hook', chat: 'target', thread: null })).toMatchObject({
      state: 'gone',
    });
  });
});

describe('a receiver that is not', () => {
  test.each<[string, { status: number } | Error]>([
    ['answers 500', { status: 500 }],
    ['answers 404', { status: 404 }],
    ['breaks every connection', broken],
    ['does not answer in time', new TocsinError('fetch_timeout', 'hooks.example: The server did not answer in time.')],
    ['redirects', new TocsinError('fetch_redirect', 'hooks.example: more than 0 redirects.')],
  ])('%s for an hour, while three things change: every change once, in order', async (_, answer) => {
    const hook = await open();
    hook.answer = () => answer;
    await hook.say('throttle');
    await hook.pass(20 * 60_000);
    await hook.say('block', { service: 'telegram' });
    await hook.say('block');
    await hook.pass(20 * 60_000);
    await hook.say('unblock', { service: 'telegram' });
    const during = hook.requests.length;
    // Only the first is tried, as often as patience has it; the same each time.
    expect(new Set(hook.requests.map(({ body }) => body)).size).toBe(1);
    expect(new Set(idsOf(hook)).size).toBe(1);
    expect(during).toBeGreaterThan(8);
    expect(during).toBeLessThan(25);
    expect(hook.adapter.health()).toMatchObject({ ok: false, problem: expect.stringContaining('fails since') });
    hook.answer = () => ({ status: 204 });
    await hook.pass(20 * 60_000);
    const bodies = hook
      .bodies<Body>()
      .slice(hook.requests.findLastIndex(({ headers }) => headers!['webhook-id'] === idsOf(hook)[0]));
    const of = (service: string) =>
      bodies.filter(({ data }) => data.incident.id.includes(service)).map(({ data }) => data.change.seq);
    for (const service of ['whatsapp', 'telegram'])
      expect(of(service)).toEqual([...new Set(of(service))].sort((a, b) => a - b));
    expect(bodies[0]).toMatchObject({
      type: 'incident.opened',
      data: { incident: { service: 'whatsapp', action: 'throttle' } },
    });
    expect(bodies.findLast(({ data }) => data.incident.id.includes('whatsapp'))).toMatchObject({
      data: { change: { to: { action: 'block', state: 'active' } } },
    });
    // It began and ended while nothing could be said: both are told.
    expect(bodies.find(({ data }) => data.incident.id.includes('telegram'))).toMatchObject({
      type: 'incident.opened',
      data: { incident: { state: 'active' } },
    });
    expect(bodies.findLast(({ data }) => data.incident.id.includes('telegram'))).toMatchObject({
      type: 'incident.lifted',
    });
    expect(new Set(idsOf(hook)).size).toBe(bodies.length);
    expect(hook.said('error')).toEqual([]);
    expect(hook.said('warn')).toEqual(['Unable to send; will go on trying']);
    expect(hook.adapter.health().ok).toBe(true);
  });

  test('answers 500 for a day: ended, said once; nothing is sent any more; the next start begins anew', async () => {
    const hook = await open();
    hook.answer = () => ({ status: 500 });
    await hook.say('block');
    await hook.skip(DAY - 2 * HOUR);
    await hook.say('block', { service: 'telegram' });
    expect(hook.said('error')).toEqual([]);
    await hook.skip(3 * HOUR);
    expect(hook.said('error')).toEqual(['A webhook has ended']);
    expect(hook.log.lines.find(({ level }) => level === 'error')?.fields).toMatchObject({
      host: 'hooks.example',
      detail: 'hooks.example answered 500, and nothing better for a day',
      remedy: expect.stringContaining('restart'),
    });
    const until = hook.requests.length;
    await hook.say('block', { service: 'signal' });
    await hook.skip(DAY);
    expect(hook.requests).toHaveLength(until);
    expect(hook.said('error')).toHaveLength(1);
    expect(hook.adapter.health()).toMatchObject({ ok: false, problem: expect.stringContaining('has ended') });
    expect((await hook.store.outbox.depth()).filter(({ queued, sending }) => queued + sending > 0)).toEqual([]);

    await hook.kill();
    hook.answer = () => ({ status: 200 });
    await hook.start();
    await hook.pass(HOUR);
    expect(hook.requests).toHaveLength(until);
    await hook.say('block', { service: 'viber' });
    expect(hook.requests).toHaveLength(until + 1);
    expect(hook.adapter.health().ok).toBe(true);
  });

  test('a day over restarts is a day; a fault of last week is none of today', async () => {
    const hook = await open();
    hook.answer = () => broken;
    await hook.say('block');
    for (let i = 0; i < 11; i++) {
      await hook.skip(2 * HOUR);
      await hook.kill();
      await hook.start();
    }
    expect(hook.said('error')).toEqual([]);
    await hook.skip(3 * HOUR);
    expect(hook.said('error')).toEqual(['A webhook has ended']);

    await hook.kill();
    await hook.start();
    await hook.say('block', { service: 'telegram' });
    hook.answer = () => ({ status: 200 });
    await hook.pass(HOUR);
    hook.clock.jump(7 * DAY);
    await hook.pass(HOUR);
    hook.answer = () => broken;
    await hook.say('unblock', { service: 'telegram' });
    await hook.pass(HOUR);
    expect(hook.said('error')).toHaveLength(1);
  });

  test('410: ended at once, said once, with all that waited; another message does not ask again', async () => {
    const hook = await open();
    hook.answer = (n) => ({ status: n === 1 ? 500 : 410 });
    await hook.say('block');
    await hook.say('block', { service: 'telegram' });
    await hook.pass(HOUR);
    await hook.say('block', { service: 'signal' });
    await hook.pass(HOUR);
    expect(hook.requests).toHaveLength(2);
    expect(hook.said('error')).toEqual(['A webhook has ended']);
    expect(hook.adapter.health().problem).toContain('answered 410');
  });

  test.each([
    ['429 with Retry-After: 120', 429, '120', 120_000],
    ['503 with Retry-After: 600', 503, '600', 600_000],
    ['a Retry-After of a year: an hour', 503, '31536000', HOUR],
  ])('%s: not before', async (_, status, after, waited) => {
    const hook = await open();
    hook.answer = (n) => (n === 1 ? { status, headers: { 'retry-after': after } } : { status: 200 });
    await hook.say('block');
    await hook.pass(2 * HOUR);
    const [first, second] = hook.requests;
    expect(second!.at - first!.at).toBeGreaterThanOrEqual(waited);
    expect(second!.at - first!.at).toBeLessThan(waited + 10_000);
    expect(hook.requests).toHaveLength(2);
  });

  test('killed while the request is under way: once more at the next start, under the same id and with the same body', async () => {
    const hook = await open();
    hook.answer = (n) => (n === 1 ? 'hangs' : { status: 200 });
    await hook.say('block');
    await hook.kill();
    await hook.start();
    await hook.pass(1_000);
    expect(hook.requests).toHaveLength(2);
    const [first, second] = hook.requests;
    expect(second!.headers!['webhook-id']).toBe(first!.headers!['webhook-id']);
    expect(second!.body).toBe(first!.body);
    await hook.kill();
    await hook.start();
    await hook.pass(HOUR);
    expect(hook.requests).toHaveLength(2);
  });

  test('of thirteen services in one alert the seventh fails: those before it are not repeated, the others follow', async () => {
    const hook = await open();
    hook.answer = (n) => ({ status: n === 7 ? 502 : 200 });
    const services = Array.from({ length: 13 }, (_, i) => `service-${String(i).padStart(2, '0')}`);
    for (const voice of ['bbc', 'dw'])
      await hook.core.pipeline.reports(
        services.map((service, i) => ({ ...reportOf(hook, voice, service), id: `${voice}-${i}`, itemId: voice })),
      );
    await hook.pass(100);
    await hook.pass(HOUR);
    const bodies = hook.bodies<Body>();
    expect(bodies.map(({ data }) => data.incident.id)).toHaveLength(14);
    expect(new Set(bodies.map(({ data }) => data.incident.id)).size).toBe(13);
    expect(idsOf(hook)[6]).toBe(idsOf(hook)[7]);
  });
});

const reportOf = (hook: HookWorld, voice: string, service: string) =>
  report({
    voice,
    publisher: voice,
    sourceId: voice,
    at: hook.clock.now(),
    service,
    title: `${voice}-list`,
  });

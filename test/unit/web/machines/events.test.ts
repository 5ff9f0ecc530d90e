/** Changes as they happen: each once and in order, also for who comes back; bounded in listeners, in what waits, and at the stop. */
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { SiteDeps } from '../../../../src/web/site/deps.ts';
import {
  createListeners,
  idOf,
  MAX_EACH,
  MAX_LISTENERS,
  placeOfId,
  placeOfStep,
} from '../../../../src/web/site/machines/events.ts';
import { openTestSite, type TestSite } from '../site/support.ts';
import { change, put } from './world.ts';

let site: TestSite;
const open = new Set<AbortController>();
beforeEach(async () => {
  site = await openTestSite();
});
afterEach(async () => {
  for (const one of open) one.abort();
  open.clear();
  await site.close();
});

interface Said {
  id: string;
  change: string;
  seq: number;
  incident: { id: string; confidence: string };
}

/** A listener: what it was told so far, waiting for what is to come. */
async function listen({
  query = '',
  last,
  from = '203.0.113.1',
}: {
  query?: string;
  last?: string;
  from?: string;
} = {}) {
  const stop = new AbortController();
  open.add(stop);
  const headers = { 'x-forwarded-for': from, ...(last === undefined ? {} : { 'last-event-id': last }) };
  const answer = await fetch(`${site.url}/events${query}`, { headers, signal: stop.signal });
  let text = '';
  let ended = false;
  const reading = (async () => {
    const decoder = new TextDecoder();
    for await (const part of answer.body ?? []) text += decoder.decode(part, { stream: true });
  })().catch(() => undefined);
  void reading.finally(() => {
    ended = true;
  });
  const events = (): Said[] =>
    text.split('\n\n').flatMap((part) => {
      const id = /^id: (.*)$/m.exec(part)?.[1];
      const data = /^data: (.*)$/m.exec(part)?.[1];
      return id && data ? [{ id, ...(JSON.parse(data) as Omit<Said, 'id'>) }] : [];
    });
  return {
    answer,
    events,
    text: () => text,
    ended: () => ended,
    close: () => stop.abort(),
    /** Looks go on until it has been told so many. */
    async told(count: number): Promise<Said[]> {
      for (let look = 0; look < 200 && events().length < count; look++) {
        await site.clock.pass(1_000);
        await new Promise((wake) => setTimeout(wake, 5));
      }
      return events();
    },
    async until(met: () => boolean): Promise<void> {
      for (let look = 0; look < 400 && !met(); look++) await new Promise((wake) => setTimeout(wake, 5));
      expect(met()).toBe(true);
    },
  };
}
const started = async (options?: Parameters<typeof listen>[0]) => {
  const one = await listen(options);
  await one.until(() => one.text().includes('retry:'));
  // What there was before is read first, in four questions, and one is answered after the other.
  for (let at = 0; at < 5; at++) await site.deps.record.incidents.get('none');
  await site.clock.pass(1_500);
  return one;
};
/** An id as reports have it: made at this moment of the clock. */
let made = 0;
const reportId = () => `${site.clock.now().toString(36).padStart(9, '0')}${String(++made).padStart(7, '0')}`;
const rise = (id = 'RU-whatsapp-3f9k') =>
  change(site, id, { confidence: 'corroborated' }, { change: 'confidence-up' }, reportId());

describe('what is told', () => {
  test('what happens from now on: each change once, in order, with the incident as the interface has it', async () => {
    await put(site);
    const one = await started();
    expect(one.answer.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(one.answer.headers.get('access-control-allow-origin')).toBe('*');
    await rise();
    expect(await one.told(1)).toMatchObject([
      { seq: 2, change: 'confidence-up', incident: { id: 'RU-whatsapp-3f9k', confidence: 'corroborated' } },
    ]);
    await put(site, { id: 'IR-signal-aaaa', country: 'IR', service: 'signal', openedAt: site.clock.now() }, [
      { report: { id: reportId() } },
    ]);
    await change(
      site,
      'RU-whatsapp-3f9k',
      { state: 'lifted', open: false, closedAt: site.clock.now() },
      { change: 'lifted' },
      reportId(),
    );
    expect((await one.told(3)).map(({ change: kind, incident }) => `${incident.id} ${kind}`)).toEqual([
      'RU-whatsapp-3f9k confidence-up',
      'IR-signal-aaaa opened',
      'RU-whatsapp-3f9k lifted',
    ]);
    const { incident } = one.events()[2]!;
    const {
      items: _items,
      phases: _phases,
      ...line
    } = JSON.parse((await site.get('/api/v1/incidents/RU-whatsapp-3f9k')).text) as Record<string, unknown>;
    expect(incident).toEqual(line);
  });

  test('of a country, of a service', async () => {
    await put(site);
    const [iran, whatsapp] = [await started({ query: '?country=ir' }), await started({ query: '?service=whatsapp' })];
    await rise();
    await put(site, { id: 'IR-signal-aaaa', country: 'IR', service: 'signal', openedAt: site.clock.now() }, [
      { report: { id: reportId() } },
    ]);
    await iran.told(1);
    expect(iran.events().map(({ incident }) => incident.id)).toEqual(['IR-signal-aaaa']);
    expect(whatsapp.events().map(({ incident }) => incident.id)).toEqual(['RU-whatsapp-3f9k']);
  });

  test('a sign of life each fifteen seconds', async () => {
    const one = await started();
    await site.clock.pass(31_000);
    await one.until(() => one.text().split(':\n\n').length >= 3);
  });

  test('a wrong parameter: a problem; no stream', async () => {
    const { answer } = await listen({ query: '?country=Russia' });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([400, 'application/problem+json']);
  });
});

describe('who comes back', () => {
  test.each([
    ['while others listen: from what was sent', true],
    ['after nobody listened: from the record', false],
  ])('%s: what was missed, each once, then what comes', async (_name, others) => {
    await put(site);
    const keeper = others ? await started({ from: '203.0.113.7' }) : null;
    const one = await started();
    await rise();
    const [first] = await one.told(1);
    one.close();
    await one.until(one.ended);
    await site.clock.pass(1_000);
    await change(site, 'RU-whatsapp-3f9k', { method: 'dns' }, { change: 'method-revealed' }, reportId());
    await site.clock.pass(1_000);
    await change(site, 'RU-whatsapp-3f9k', {}, { change: 'widened' }, reportId());
    if (keeper) await keeper.told(3);
    const again = await started({ last: first!.id });
    await again.told(2);
    await rise();
    expect((await again.told(3)).map(({ seq }) => seq)).toEqual([3, 4, 5]);
  });

  test('with an id that is none: only what comes', async () => {
    await put(site);
    for (const last of ['x', '../..', '0', `${'z'.repeat(500)}`, '000000000.RU-x.0x1']) {
      const one = await started({ last });
      expect(one.events()).toEqual([]);
      one.close();
    }
  });

  test('with an id of long ago: the newest two hundred, and a word that there was more', async () => {
    await put(
      site,
      { openedAt: site.clock.now() - 3_600_000 },
      Array.from({ length: 230 }, (_, i) => ({ report: { at: site.clock.now() - 3_000_000 + i } })),
    );
    const one = await started({ last: '000000001.RU-whatsapp-3f9k.1' });
    await one.until(() => one.events().length === 200);
    expect(one.text()).toContain(': 30 older changes are left out');
    expect(one.events().at(-1)!.seq).toBe(230);
  });

  test('one address that comes back again and again for what it missed: refused, long before its requests are too many', async () => {
    const statuses: number[] = [];
    for (let at = 0; at < 25; at++) {
      const one = await listen({ last: '000000001.RU-whatsapp-3f9k.1' });
      statuses.push(one.answer.status);
      one.close();
      await one.until(one.ended);
    }
    expect(statuses.slice(0, 15)).toEqual(Array.from({ length: 15 }, () => 200));
    expect(statuses.at(-1)).toBe(429);
    expect((await listen({ from: '203.0.113.2', last: '000000001.RU-whatsapp-3f9k.1' })).answer.status).toBe(200);
  });

  test('six at once with an id of long ago, forty incidents: of one incident in a turn of the loop, so that alerts go between', async () => {
    for (let i = 0; i < 40; i++)
      await put(site, { id: `RU-s${i}-aaaa`, service: `s${i}`, openedAt: site.clock.now() - 3_600_000 });
    const { reports } = site.deps.record;
    let [turn, most, asked] = [0, 0, 0];
    const counted: SiteDeps['record'] = {
      ...site.deps.record,
      reports: {
        ...reports,
        byIncident(...args) {
          most = Math.max(most, ++turn);
          asked++;
          setImmediate(() => (turn = 0));
          return reports.byIncident(...args);
        },
      },
    };
    const listeners = createListeners({ ...site.deps, record: counted });
    const last = placeOfId('000000001.RU-whatsapp-3f9k.1');
    const scope = { country: null, service: null };
    const told = Array.from({ length: 6 }, async (_, i) => {
      const stop = new AbortController();
      const decoder = new TextDecoder();
      let text = '';
      for await (const part of listeners.open({ client: `203.0.113.${i}`, scope, last, signal: stop.signal })) {
        text += decoder.decode(part, { stream: true });
        if (text.split('\nid: ').length > 40) stop.abort();
      }
      return text.split('\nid: ').length - 1;
    });
    expect(await Promise.all(told)).toEqual([40, 40, 40, 40, 40, 40]);
    expect([asked, most]).toEqual([240, 1]);
  });

  test('an id says when it was noted, not when it was written', () => {
    const step = {
      incidentId: 'RU-x-1',
      seq: 3,
      at: 5,
      reportId: `${(1_764_072_000_000).toString(36).padStart(9, '0')}00000a1`,
    } as Parameters<typeof placeOfStep>[0];
    expect(placeOfStep(step).at).toBe(1_764_072_000_000);
    expect(placeOfId(idOf(placeOfStep(step)))).toEqual(placeOfStep(step));
    expect(placeOfStep({ ...step, reportId: null }).at).toBe(5);
  });
});

describe('bounds', () => {
  test('more of one address than may listen: 503 with when to come again; others are heard; who goes makes room', async () => {
    const all = [];
    for (let i = 0; i < MAX_EACH; i++) all.push(await started());
    const { answer } = await listen();
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '60']);
    await started({ from: '203.0.113.2' });
    all[0]!.close();
    await all[0]!.until(all[0]!.ended);
    await all[0]!.until(() => true);
    for (let wait = 0; wait < 100; wait++) {
      const next = await listen();
      if (next.answer.status === 200) return;
      await new Promise((wake) => setTimeout(wake, 10));
    }
    throw new Error('no room was made');
  });

  const asking = (client: string, signal = new AbortController().signal) => ({
    client,
    scope: { country: null, service: null },
    last: null,
    signal,
  });

  test('in all: full, whoever asks', async () => {
    const stop = new AbortController();
    const listeners = createListeners({ ...site.deps, stopping: stop.signal });
    for (let i = 0; i < MAX_LISTENERS; i++)
      expect(listeners.open(asking(`198.51.100.${i}`))).toBeInstanceOf(ReadableStream);
    expect(() => listeners.open(asking('192.0.2.1'))).toThrow('Too many listen already');
    stop.abort();
    expect(listeners.size()).toBe(0);
  });

  test('who does not read is cut off, and nobody else waits', async () => {
    await put(site);
    const stop = new AbortController();
    const listeners = createListeners({ ...site.deps, stopping: stop.signal }, 4_000);
    const slow = (listeners.open(asking('198.51.100.1')) as ReadableStream<Uint8Array>).getReader();
    const quick = listeners.open(asking('198.51.100.2')) as ReadableStream<Uint8Array>;
    let bytes = 0;
    const reading = (async () => {
      for await (const part of quick) bytes += part.byteLength;
    })();
    const cut = slow.closed.catch((error: Error) => error.message);
    await site.clock.pass(2_000);
    for (let round = 0; round < 40; round++) {
      await rise();
      await site.clock.pass(1_000);
      await new Promise((wake) => setImmediate(wake));
    }
    expect(await cut).toBe('too slow');
    expect(listeners.size()).toBe(1);
    expect(bytes).toBeGreaterThan(3 * 4_000);
    stop.abort();
    await reading;
  });

  test('HEAD, and a connection that is gone at once: no listener stays', async () => {
    const head = await fetch(`${site.url}/events`, { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
    const { port } = new URL(site.url);
    for (let i = 0; i < MAX_EACH + 2; i++)
      await new Promise<void>((done) => {
        const socket = connect(Number(port), '127.0.0.1', () => {
          socket.write('GET /events HTTP/1.1\r\nhost: x\r\nx-forwarded-for: 203.0.113.1\r\n\r\n', () => {
            socket.destroy();
            done();
          });
        });
      });
    for (let wait = 0; wait < 100; wait++) {
      const next = await listen();
      if (next.answer.status === 200) return;
      await new Promise((wake) => setTimeout(wake, 10));
    }
    throw new Error('those who are gone still count');
  });

  test('the program stops: streams end, as ends', async () => {
    const one = await started();
    await site.close();
    await one.until(one.ended);
    expect(one.text()).toContain('retry:');
    site = await openTestSite();
  });
});

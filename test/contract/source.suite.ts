import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { TocsinError } from '../../src/core/errors.ts';
import { ACTIONS, METHODS } from '../../src/core/model/incident.ts';
import { MAX_STATEMENT_ID, STATEMENT_KINDS } from '../../src/core/model/report.ts';
import type { PollResult } from '../../src/core/ports/source.ts';
import { brokenDocuments, FAULTS, overTime } from './source-documents.suite.ts';
import {
  ends,
  keysOf,
  openWorld,
  type Ready,
  SECRET,
  type SourceEntry,
  serveBody,
  type World,
} from './source-world.ts';

const DAY = 86_400_000;
/** What `core/ports/source.ts` promises, for one kind. */
export function sourceContract(entry: SourceEntry): void {
  const { documents } = entry;
  /** `n` results are there, and something is due. */
  const ready = async (world: World, n: number) => {
    if (!('none' in documents)) world.answer(serveBody(documents.honest(n), documents.contentType));
    await world.clock.pass(entry.everyMs);
    if ('none' in documents) documents.ready?.(world, n);
  };
  describe('any source', () => anySource(entry, ready));
  if ('none' in documents) {
    if (documents.ready) return;
    test(`no documents (${documents.none}): asks for none`, async () => {
      const world = await openWorld(entry);
      await ready(world, 1);
      await world.poll();
      expect(world.asked).toEqual([]);
    });
    return;
  }
  describe('hostile and broken documents', () => brokenDocuments(entry, documents, ready));
  describe('documents over time', () => overTime(entry, documents, ready));
}

function anySource(entry: SourceEntry, ready: Ready): void {
  const { documents } = entry;
  test('its description: of its kind, with a schedule, and strict about unknown keys', async () => {
    const world = await openWorld(entry);
    const config = entry.config('http://127.0.0.1:9', SECRET);
    expect(world.source).toMatchObject({ id: config.id, kind: entry.kind.kind });
    expect(world.source.cron.trim().split(/\s+/).length).toBeOneOf([5, 6]);
    expect(v.safeParse(entry.kind.schema, { ...config, unheard_of: 1 }).success).toBe(false);
  });

  if (entry.passive) {
    test('a poll: nothing, at once, and nothing is asked, kept or made known', async () => {
      const world = await openWorld(entry);
      const result = await world.poll({ firstPoll: true });
      expect(result).toMatchObject({ items: [], measurements: [], unchanged: true, notBefore: null });
      expect([world.asked, ...world.state, ...world.cache]).toEqual([[]]);
      const shown = JSON.stringify([world.source, result, world.lines]);
      expect(shown).not.toContain(SECRET);
      expect(await ends(world.poll({ signal: AbortSignal.abort(new TocsinError('canceled', 'stop')) }))).toBe(
        'canceled',
      );
    });
    return;
  }

  test('killed before `commit`: the same comes again, from this instance and from a new one', async () => {
    const world = await openWorld(entry);
    await ready(world, 2);
    const first = keysOf(await world.poll({ firstPoll: true }));
    expect(first.length).toBeGreaterThan(0);
    await ready(world, 2);
    expect(keysOf(await world.poll())).toEqual(first);
    await world.restart();
    await ready(world, 2);
    expect(keysOf(await world.poll())).toEqual(first);
  });

  test('restarted after `commit`, and with a memory of another shape: goes on', async () => {
    const world = await openWorld(entry);
    await ready(world, 2);
    const first = await world.poll({ firstPoll: true });
    await first.commit?.();
    for (const junk of [undefined, null, 5, 'x', [], {}, { url: 7 }]) {
      for (const kept of [world.state, world.cache])
        if (junk !== undefined) for (const key of kept.keys()) kept.set(key, JSON.stringify(junk));
      await world.restart();
      await ready(world, 3);
      const again = await world.poll();
      // Where only changes are told, a memory that is lost begins anew, in silence.
      if ('none' in documents || documents.baseline === undefined)
        expect(keysOf(again)).toEqual(expect.arrayContaining(keysOf(first)));
    }
  });

  test.each([-DAY, DAY])(
    'the clock jumps by %i ms: the next result comes in its usual time, dated by the new clock',
    async (jump) => {
      const world = await openWorld(entry);
      await ready(world, 1);
      await (await world.poll({ firstPoll: true })).commit?.();
      world.clock.jump(jump);
      const results: PollResult[] = [];
      // At once, which may be when it sees the new time, and when its usual time has passed.
      for (const wait of [false, true]) {
        if (wait) await ready(world, 2);
        const now = world.clock.now();
        const result = await world.poll();
        results.push(result);
        expect(result.notBefore === null || (result.notBefore > now && result.notBefore <= now + DAY)).toBe(true);
        for (const { publishedAt } of result.items) {
          expect(publishedAt).toBeLessThanOrEqual(now);
        }
        for (const { at } of result.statements ?? []) expect(at).toBeLessThanOrEqual(now);
        for (const { at } of result.measurements) expect(Math.abs(at - now)).toBeLessThan(2 * 60_000);
      }
      expect(results.flatMap(keysOf)).not.toEqual([]);
    },
  );

  test.each([
    ['before it begins', 0],
    ['while it runs', 100],
  ])('aborted %s: ends at once, invents nothing, and the next poll works', async (_name, afterMs) => {
    const world = await openWorld(entry);
    await ready(world, 1);
    if (afterMs > 0) world.answer(() => {});
    const stop = new AbortController();
    if (afterMs === 0) stop.abort();
    else setTimeout(() => stop.abort(), afterMs);
    expect(await ends(world.start({ signal: stop.signal }))).toBe('canceled');
    await ready(world, 1);
    expect(keysOf(await world.poll())).not.toEqual([]);
  });

  test('what it states in terms: within the bounds of a statement', async () => {
    const world = await openWorld(entry);
    await ready(world, 2);
    for (const one of (await world.poll()).statements ?? []) {
      expect(one.id.length).toBeLessThanOrEqual(MAX_STATEMENT_ID);
      expect(one.country).toMatch(/^[A-Z]{2}$/);
      expect(one.service).toMatch(/^[a-z0-9][a-z0-9-]*$/);
      expect([one.action, one.kind]).toEqual([expect.toBeOneOf(ACTIONS), expect.toBeOneOf(STATEMENT_KINDS)]);
      expect(one.method).toBeOneOf([null, ...METHODS]);
      expect(one.url ?? 'https://').toMatch(/^https?:\/\//);
      expect(one.title.trim()).not.toBe('');
      expect(one.publisher).toMatch(/^[\w.-]{1,64}$/);
    }
  });

  test('its secrets: in no id, label, host, result, line or error', async () => {
    const world = await openWorld(entry);
    await ready(world, 2);
    const shown: unknown[] = [world.source.id, world.source.label, world.source.host];
    shown.push(await world.poll({ firstPoll: true }));
    for (const answer of FAULTS.map(([, listener]) => listener).slice(0, 4)) {
      world.answer(answer);
      await world.poll().catch((error: Error) => shown.push(error.message, error));
    }
    expect(`${JSON.stringify(shown)} ${world.lines.join()}`).not.toContain(SECRET);
  });
}

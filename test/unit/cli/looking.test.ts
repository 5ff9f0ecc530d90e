/** What an operator's scripts and eyes read of a database beside the running bot, and what goes in and out of it. */
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { parse } from 'yaml';
import { endBeat } from '../../../src/app/housekeeping.ts';
import { checkVantage } from '../../../src/cli/check.ts';
import { main } from '../../../src/cli/index.ts';
import { lastBeat } from '../../../src/cli/open-database.ts';
import { groundText, reasonText } from '../../../src/cli/reason-texts.ts';
import { commandDeps } from '../../../src/cli/source-command.ts';
import { REASON_TEXTS } from '../../../src/core/extract/fact.ts';
import type { SharedStore } from '../../../src/core/ports/leases.ts';
import type { SourceState } from '../../../src/core/ports/source.ts';
import type { Store } from '../../../src/core/ports/store.ts';
import { systemClock } from '../../../src/platform/clock.ts';
import { createIds } from '../../../src/platform/ids.ts';
import { vantageSchema } from '../../../src/sources/probe/config.ts';
import { openStore } from '../../../src/store/open.ts';
import { deps, follower, incident, NOW, report } from '../../contract/store/samples.ts';
import { capturedOutput } from '../../fakes/captured-output.ts';
import { quietLog } from '../../fakes/fake-log.ts';
import { OFFLINE_VANTAGE } from '../probe/command-world.ts';
import { hastyVantage } from '../probe/hasty-vantage.ts';

hastyVantage();

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tocsin-look-'));
  vi.spyOn(process, 'cwd').mockReturnValue(folder);
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

const FEEDS = ['bbc', 'dw', 'fresh'].map(
  (id) => `{ id: ${id}, kind: rss, publisher: ${id}, url: "https://${id}.example/feed" }`,
);
function config(): string {
  const file = join(folder, 'tocsin.yaml');
  writeFileSync(file, `database: kept.db\nbaseline: null\nsources: [${FEEDS.join(', ')}]\n`);
  return file;
}
/** `work` is done beside it while it is open, as a bot has it. */
async function kept(
  fill: (store: Store) => Promise<unknown> = async () => undefined,
  work: () => Promise<unknown> = async () => undefined,
): Promise<void> {
  const store = await openStore(join(folder, 'kept.db'), deps);
  try {
    await fill(store);
    await work();
  } finally {
    await store.close();
  }
}
const firstOf = async (): Promise<string> => (await run('status')).out[0]!;
const state = (over: Partial<SourceState>): SourceState => ({
  lastPollAt: NOW,
  lastOkAt: NOW,
  firstPollDone: true,
  failures: 0,
  failingSince: null,
  lastCode: null,
  lastMessage: null,
  notBefore: null,
  nextDueAt: null,
  ...over,
});
async function run(...args: string[]): Promise<{ code: number; out: string[]; err: string }> {
  const { out, err } = capturedOutput();
  const code = await main([...args, '--config', config()]);
  return { code, out: out.join('').split('\n').slice(0, -1), err: err.join('') };
}

describe('status', () => {
  test('for people: is it running, what is open, what waits, and each source with its trouble', async () => {
    let said: Awaited<ReturnType<typeof run>> | null = null;
    const fill = async (store: Store): Promise<void> => {
      await follower(store, 'ann', 'RU *');
      await follower(store, 'ben', 'RU *', 'IR *');
      await store.incidents.insert(incident());
      await store.incidents.insert(incident({ id: 'RU-signal-1a2b', service: 'signal', open: false, state: 'lifted' }));
      await store.state('app').set('heartbeat', { at: Date.now() - 10_000, pid: 1 });
      await store.sourceStates.setMany([{ id: 'bbc', state: state({}) }]);
      await store.sourceStates.setMany([
        {
          id: 'dw',
          state: state({
            failures: 3,
            failingSince: NOW,
            lastOkAt: null,
            lastCode: 'fetch_status',
            lastMessage: 'dw.example answers 503',
          }),
        },
      ]);
    };
    await kept(fill, async () => (said = await run('status')));
    const { code, out } = said!;
    expect(code).toBe(0);
    expect(out).toEqual([
      expect.stringMatching(/^Running; last heartbeat 20\d\d-/),
      '1 open incident, 2 chats, 3 subscriptions.',
      'Cut off, limited or threatened now: 1 by reports and measurements, 0 by the public record alone.',
      `${'bbc'.padEnd(24)} read 2026-02-01T00:00:00.000Z`,
      `${'dw'.padEnd(24)} fetch_status: dw.example answers 503`,
      `${'fresh'.padEnd(24)} not read yet`,
    ]);
  });

  test('without internet: one line for all that fail alike', async () => {
    const away = (name: string) =>
      state({ failures: 1, failingSince: NOW, lastCode: 'fetch_dns', lastMessage: `${name}.example: no such name` });
    await kept((store) => store.sourceStates.setMany(['bbc', 'dw', 'fresh'].map((id) => ({ id, state: away(id) }))));
    expect((await run('status')).out.slice(3)).toEqual([
      `${'3 sources'.padEnd(24)} fetch_dns: no such name (bbc, dw and 1 more)`,
    ]);
  });

  test('stopped a moment ago, as it was told: not running', async () => {
    await kept(async (store) => {
      await store.state('app').set('heartbeat', { at: Date.now() - 1_000, pid: 1 });
      await endBeat(store, 2);
      expect((await lastBeat(store as SharedStore, systemClock)).running, "another's stop").toBe(true);
      await endBeat(store, 1);
      expect(await firstOf(), 'while it still holds the file').toMatch(/^Not running; last heartbeat 20\d\d-/);
    });
    expect(await firstOf()).toMatch(/^Not running; last heartbeat 20\d\d-/);
  });

  test('killed a moment ago, with no word of it: nobody holds the file, so it is not running', async () => {
    await kept(
      (store) => store.state('app').set('heartbeat', { at: Date.now() - 1_000, pid: 1 }),
      async () => expect(await firstOf()).toMatch(/^Running; /),
    );
    expect(await firstOf()).toMatch(/^Not running; last heartbeat 20\d\d-/);
  });

  test('its lock is nowhere to be seen, as in a container that has the file alone: the heartbeat says', async () => {
    await kept((store) => store.state('app').set('heartbeat', { at: Date.now() - 1_000, pid: 1 }));
    rmSync(join(folder, 'kept.db.lock'));
    expect(await firstOf()).toMatch(/^Running; /);
  });

  test('asked again and again while another starts: the start is not disturbed', async () => {
    await kept();
    let over = false;
    const asking = (async () => {
      while (!over) await firstOf();
    })();
    for (let i = 0; i < 20; i++) await kept();
    over = true;
    await asking;
  });

  test.each<[string, number | null, RegExp]>([
    ['a heartbeat of a minute ago', 60_000, /^Running; /],
    ['one of three minutes ago: it is not running any more', 180_000, /^Not running; last heartbeat 20\d\d-/],
    ['none', null, /^Not running; last heartbeat never\.$/],
  ])('%s', async (_name, ago, expected) => {
    await kept(
      async (store) => {
        if (ago !== null) await store.state('app').set('heartbeat', { at: Date.now() - ago, pid: 1 });
      },
      async () => expect(await firstOf()).toMatch(expected),
    );
  });

  test('for scripts: one line, the same facts, nulls where there is nothing', async () => {
    await kept((store) =>
      store.sourceStates.setMany([
        {
          id: 'dw',
          state: state({ failures: 1, failingSince: NOW, lastCode: 'fetch_dns', lastMessage: 'no such name' }),
        },
      ]),
    );
    const { out } = await run('status', '--json');
    expect(out).toHaveLength(1);
    const answer = JSON.parse(out[0]!);
    expect(answer).toMatchObject({ running: false, heartbeatAt: null, openIncidents: 0, subscriptions: 0, queue: [] });
    expect(answer.sources[1]).toMatchObject({
      id: 'dw',
      failingSince: '2026-02-01T00:00:00.000Z',
      problem: 'fetch_dns: no such name',
    });
    expect(answer.sources[2]).toMatchObject({ id: 'fresh', lastPollAt: null, lastOkAt: null, problem: null });
  });

  test('looking changes nothing: the file is as it was', async () => {
    await kept((store) => store.incidents.insert(incident()));
    const before = readFileSync(join(folder, 'kept.db'));
    await run('status');
    await run('incidents');
    expect(readFileSync(join(folder, 'kept.db')).equals(before)).toBe(true);
  });
});

describe('incidents', () => {
  test('oldest first; only open ones; only those of these days', async () => {
    const days = (n: number): number => Date.now() - n * 86_400_000;
    await kept(async (store) => {
      await store.incidents.insert(incident({ id: 'RU-whatsapp-aaaa', openedAt: days(40), lastReportAt: days(40) }));
      await store.incidents.insert(
        incident({ id: 'RU-signal-bbbb', service: 'signal', openedAt: days(5), lastReportAt: days(5) }),
      );
      await store.incidents.insert(
        incident({
          id: 'RU-x-cccc',
          service: 'x',
          state: 'lifted',
          open: false,
          openedAt: days(3),
          closedAt: days(1),
          lastReportAt: days(1),
        }),
      );
    });
    const ids = async (...args: string[]) => (await run('incidents', ...args)).out.map((line) => line.split(' ')[0]);
    expect(await ids()).toEqual(['RU-whatsapp-aaaa', 'RU-signal-bbbb', 'RU-x-cccc']);
    expect(await ids('--open')).toEqual(['RU-whatsapp-aaaa', 'RU-signal-bbbb']);
    expect(await ids('--since', '10')).toEqual(['RU-signal-bbbb', 'RU-x-cccc']);
    expect(await ids('--since', '2', '--open')).toEqual(['No']);
  });

  test('as lines for scripts: every field of the door, times in UTC, items once each', async () => {
    await kept(async (store) => {
      await store.incidents.insert(incident({ corroboratedAt: NOW, method: 'dns' }));
      await store.reports.insert('RU-whatsapp-3f9k', report({ id: 'r1', itemId: 'a' }), []);
      await store.reports.insert('RU-whatsapp-3f9k', report({ id: 'r2', itemId: 'a', at: NOW + 1 }), []);
      await store.reports.insert('RU-whatsapp-3f9k', report({ id: 'r3', itemId: 'b', at: NOW + 2 }), []);
    });
    expect((await run('incidents', '--json')).out.map((line) => JSON.parse(line))).toEqual([
      {
        type: 'incident',
        id: 'RU-whatsapp-3f9k',
        country: 'RU',
        service: 'whatsapp',
        action: 'block',
        method: 'dns',
        state: 'active',
        confidence: 'reported',
        openedAt: '2026-02-01T00:00:00.000Z',
        corroboratedAt: '2026-02-01T00:00:00.000Z',
        closedAt: null,
        items: ['a', 'b'],
        phases: [],
        since: '2026-02-01T00:00:00.000Z',
        sinceKind: 'first-reported',
        part: null,
        regions: [],
      },
    ]);
  });
});

describe('out and in again', () => {
  test('a whole database goes over, and each says what it moved, alike', async () => {
    await kept(async (store) => {
      await follower(store, 'ann', 'RU *');
      await store.incidents.insert(incident());
    });
    const out = await run('export', join(folder, 'all.jsonl'));
    expect([out.code, statSync(join(folder, 'all.jsonl')).mode & 0o777]).toEqual([0, 0o600]);
    const back = await run('import', join(folder, 'all.jsonl'), '--database', join(folder, 'other.db'));
    expect(back.code).toBe(0);
    // What is left out is said where it is left.
    expect(out.out.at(-1)).toMatch(/^Left out: keys of encrypted Matrix rooms \(--with-keys\)\./);
    expect(back.out).toEqual(out.out.slice(0, -1));
    expect(back.out.at(-1)).toMatch(/^\d+ rows in \d+ tables\.$/);
    const other = await openStore(join(folder, 'other.db'), deps);
    expect([(await other.incidents.get('RU-whatsapp-3f9k'))?.service, await other.subscriptions.count()]).toEqual([
      'whatsapp',
      1,
    ]);
    await other.close();
  });

  test('into what is not empty: refused, and nothing is changed', async () => {
    await kept((store) => store.incidents.insert(incident()));
    await run('export', join(folder, 'all.jsonl'));
    const again = await run('import', join(folder, 'all.jsonl'));
    expect(again.code).toBe(1);
    expect(again.err).toMatch(/empty/);
    expect((await run('incidents')).out).toHaveLength(1);
  });

  test.each<[string, (path: string) => string, RegExp]>([
    ['a folder that is not there', (path) => join(path, 'no', 'such', 'all.jsonl'), /cannot be written \(ENOENT\)/],
    ['a folder instead of a file', (path) => path, /cannot be written \(E\w+\)/],
  ])('written to %s: says so, and leaves nothing half-done', async (_name, where, why) => {
    await kept();
    const { code, err } = await run('export', where(folder));
    expect([code, err]).toEqual([2, expect.stringMatching(why)]);
    expect(existsSync(`${where(folder)}.partial`)).toBe(false);
  });

  test.each([
    ['what is no export', 'hello\n'],
    ['an export that breaks off', '{"begin":"export"}\n'],
    ['nothing at all', ''],
  ])('read from %s: refused in a sentence', async (_name, text) => {
    writeFileSync(join(folder, 'all.jsonl'), text);
    const { code, err } = await run('import', join(folder, 'all.jsonl'), '--database', join(folder, 'new.db'));
    expect(code).not.toBe(0);
    expect(err).toMatch(/^tocsin: [A-Z“"a-z].*\n$/s);
    expect(err).not.toMatch(/\n {4}at |a mistake of the program/);
  });
});

describe('check of a vantage point', () => {
  test('its line is of no use: a row that says why; its certificates cannot be read: a row that says so', async () => {
    const checking = { clock: systemClock, ids: createIds(systemClock), log: quietLog } as never;
    const data = v.parse(vantageSchema, parse(OFFLINE_VANTAGE));
    const file = join(folder, 'vantage.yaml');
    expect(await checkVantage({ file, data }, checking)).toEqual([
      { part: 'vantage', name: 'vantage.yaml', ok: false, detail: expect.stringMatching(/^vantage_offline:/) },
    ]);
    const [row] = await checkVantage({ file, data: { ...data, ca: 'none.pem' } as never }, checking);
    expect(row).toMatchObject({ ok: false, detail: expect.stringContaining('none.pem') });
  });
});

describe('explanations in words', () => {
  test.each(Object.keys(REASON_TEXTS))('%s: a sentence of its own', (id) => {
    expect(reasonText(id)).toMatch(/\S/);
    expect(reasonText(id, 'Meta')).toBe('done by Meta itself');
  });

  test.each<[string, string]>([
    ['asserted-block', 'block asserted'],
    ['held-future', 'a lift that has not come (future): still in force'],
    ['threat', 'threat'],
    ['constructor', 'constructor'],
    ['something new', 'something new'],
  ])('%s: %s', (id, text) => expect(groundText(id)).toBe(text));

  test('an id that nobody listed is shown as it is, and no name of JavaScript is taken for one', () => {
    expect([reasonText('toString'), reasonText('new-reason')]).toEqual(['toString', 'new-reason']);
  });
});

test('a command of a source: nobody sits at a pipe, so nobody is asked; a signal stops it', async () => {
  const before = { SIGINT: process.listeners('SIGINT'), SIGTERM: process.listeners('SIGTERM') };
  const made = commandDeps();
  const added = process.listeners('SIGTERM').filter((one) => !before.SIGTERM.includes(one));
  expect(made.interrupted.aborted).toBe(false);
  if (process.stdin.isTTY !== true) expect(await made.ask('Do you agree? ')).toBeNull();
  (added[0] as () => void)();
  expect(made.interrupted.aborted).toBe(true);
  for (const name of ['SIGINT', 'SIGTERM'] as const)
    for (const one of process.listeners(name)) if (!before[name].includes(one)) process.off(name, one);
});

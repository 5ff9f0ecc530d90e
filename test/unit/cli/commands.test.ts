/** The command line from within: what goes to which stream, and with which code it ends. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { type CheckDeps, failure, type Row, tableOf, throwaway, together } from '../../../src/cli/check.ts';
import { run as classify, classifyLine } from '../../../src/cli/classify.ts';
import { main } from '../../../src/cli/index.ts';
import { createVirtualClock, readRecordings, timeOfRecord } from '../../../src/cli/replay.ts';
import { TocsinError } from '../../../src/core/errors.ts';
import type { SyncExtractor } from '../../../src/core/extract/extractor.ts';
import type { Clock } from '../../../src/core/ports/runtime.ts';
import { eachLimited, within } from '../../../src/core/wakeable.ts';
import { openStore } from '../../../src/store/open.ts';
import { deps, incident, NOW, report } from '../../contract/store/samples.ts';
import { capturedOutput } from '../../fakes/captured-output.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tocsin-cli-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const written = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

describe('the command', () => {
  test('without a name: the help, and it is wrong usage; asked for: the help, and all is well', async () => {
    const { out } = capturedOutput();
    expect([await main([]), await main(['help']), await main(['-h'])]).toEqual([2, 0, 0]);
    expect(out[0]).toBe(out[1]);
    for (const name of [
      'start',
      'check',
      'classify',
      'replay',
      'status',
      'incidents',
      'export',
      'import',
      'feeds',
      'probe',
      'agent',
    ])
      expect(out[0]).toMatch(new RegExp(`^  ${name} +\\S`, 'm'));
    expect(out[0]).toContain('Exit codes: 0 ');
  });

  test.each([
    'start',
    'check',
    'classify',
    'replay',
    'status',
    'incidents',
    'export',
    'import',
    'feeds',
    'probe',
    'agent',
  ])('%s --help: usage, an example and the exit codes, and nothing is done', async (name) => {
    const { out, err } = capturedOutput();
    expect(await main([name, '--help'])).toBe(0);
    expect(out.join('')).toMatch(
      new RegExp(`Usage: tocsin ${name}[\\s\\S]*Example: [\\s\\S]*tocsin ${name}[\\s\\S]*Exit codes: `),
    );
    expect(err).toEqual([]);
  });

  test.each(['constructor', '__proto__', 'toString'])('%s: no command', async (name) => {
    const { err } = capturedOutput();
    expect([await main([name]), err.join('').startsWith(`tocsin: unknown command "${name}"`)]).toEqual([2, true]);
  });

  test.each([
    ['strat', 'strat', / Did you mean start\?/],
    ['strat'.repeat(100), 'strat'.repeat(8), /". tocsin help/],
  ])('a name that there is not, %s: said short, with those that are near', async (name, shown, more) => {
    const { out, err } = capturedOutput();
    expect(await main([name])).toBe(2);
    expect(err.join('')).toMatch(more);
    expect(err.join('')).toMatch(new RegExp(`^tocsin: unknown command "${shown}"\\..*tocsin help lists all\\.\n$`));
    expect(out).toEqual([]);
  });

  test.each<[string, string[], RegExp]>([
    [
      'an option that there is not',
      ['status', '--jsn'],
      /^tocsin status: Unknown option '--jsn'[\s\S]*Try: tocsin status --help/,
    ],
    ['an option without its value', ['incidents', '--since'], /tocsin incidents: .*--since/],
    ['a value that is none', ['incidents', '--since', 'soon'], /^tocsin: --since is a number of days, not "soon"/],
    ['a number of days that is none', ['incidents', '--since', '-3'], /--since/],
    ['a file too many', ['export', 'a', 'b'], /^tocsin: One file, or - for the pipe: tocsin backup/],
    ['a file too few', ['import'], /^tocsin: One file, or - for the pipe: tocsin restore/],
    ['a text to read that is not there', ['classify', 'nowhere.jsonl'], /^tocsin: There is no file nowhere\.jsonl/],
    ['two texts to read', ['classify', 'a', 'b'], /^tocsin: Usage: tocsin classify/],
    ['an option of another command', ['classify', '-', '--json'], /^tocsin: Usage: tocsin classify/],
    ['a recording that is not there', ['replay', 'nowhere.jsonl'], /^tocsin: nowhere\.jsonl: there is no such file/],
    ['no recording', ['replay'], /^tocsin: replay needs a file\. Usage: /],
    ['a folder for a recording', ['replay', '.'], /^tocsin: \.: this is a directory/],
    [
      'a language that there is not',
      ['replay', '/dev/null', '--lang', 'xx'],
      /--lang is en, ru, fa, tr, uk, de, fr, es, ar, zh, not "xx"/,
    ],
    [
      'a level that there is not',
      ['replay', 'x', '--level', 'sure'],
      /--level is early, corroborated, confirmed, not "sure"/,
    ],
    [
      'a config that is not there',
      ['status', '--config', 'nowhere.yaml'],
      /^tocsin: .*nowhere\.yaml: there is no such file/,
    ],
  ])('%s: code 2, a reason on stderr, nothing on stdout', async (_name, args, why) => {
    const { out, err } = capturedOutput();
    expect([await main(args), out]).toEqual([2, []]);
    expect(err.join('')).toMatch(why);
    expect(err.join('')).not.toMatch(/\n {4}at /);
  });

  test('probe without a target and without a vantage file: says what to type', async () => {
    const { err } = capturedOutput();
    expect([await main(['probe']), err.join('')]).toEqual([
      2,
      'tocsin: name what to measure, such as "tocsin probe whatsapp www.bbc.com"\n',
    ]);
  });
});

describe('what a database holds', () => {
  beforeEach(() => void vi.spyOn(process, 'cwd').mockReturnValue(folder));
  afterEach(() => void vi.restoreAllMocks());
  const config = () => written('tocsin.yaml', 'sources: []\ndatabase: kept.db\n');
  const lines = (out: string[]): string[] => out.join('').trim().split('\n');

  test('no database yet: an error that says what to do', async () => {
    const { err } = capturedOutput();
    expect(await main(['incidents', '--config', written('empty.yaml', 'sources: []\ndatabase: none.db\n')])).not.toBe(
      0,
    );
    expect(err.join('')).toMatch(/none\.db/);
  });

  test('incidents and status, for people and for scripts', async () => {
    const store = await openStore(join(folder, 'kept.db'), deps);
    await store.incidents.insert(
      incident({ id: 'RU-whatsapp-3f9k', openedAt: NOW - 5 * 86_400_000, lastReportAt: NOW - 86_400_000 }),
    );
    await store.incidents.insert(
      incident({ id: 'RU-signal-1a2b', service: 'signal', state: 'lifted', open: false, closedAt: NOW }),
    );
    await store.reports.insert('RU-whatsapp-3f9k', report({ id: 'r1', itemId: 'item-1' }), []);
    await store.close();

    const human = capturedOutput();
    expect(await main(['incidents', '--open', '--config', config()])).toBe(0);
    expect(lines(human.out)).toEqual([
      'RU-whatsapp-3f9k  block active, reported, since 2026-01-27T00:00:00.000Z, 1 item',
    ]);
    human.out.length = 0;
    expect(await main(['incidents', '--json', '--config', config()])).toBe(0);
    const listed = lines(human.out).map((line) => JSON.parse(line));
    expect(listed.map(({ id }) => id).sort()).toEqual(['RU-signal-1a2b', 'RU-whatsapp-3f9k']);
    expect(listed.find(({ id }) => id === 'RU-whatsapp-3f9k')).toMatchObject({
      type: 'incident',
      country: 'RU',
      service: 'whatsapp',
      closedAt: null,
      items: ['item-1'],
      phases: [],
    });
    human.out.length = 0;
    expect(await main(['status', '--config', config()])).toBe(0);
    expect(human.out.join('')).toMatch(
      /^Not running; last heartbeat never\.\n1 open incident, 0 chats, 0 subscriptions\./,
    );
    human.out.length = 0;
    expect(await main(['status', '--json', '--config', config()])).toBe(0);
    expect(JSON.parse(human.out.join(''))).toMatchObject({
      running: false,
      heartbeatAt: null,
      openIncidents: 1,
      sources: [],
      queue: [],
    });
    human.out.length = 0;
    // All of 2026 has passed by the real clock's word, or lies ahead of it: nothing is younger than a minute.
    expect(await main(['incidents', '--since', '0.0001', '--config', config()])).toBe(0);
    expect(human.out.join('')).toBe('No incidents.\n');
  });
});

describe('classify', () => {
  const made: SyncExtractor = {
    extract: ({ title, lang }: { title: string; lang?: string }, { explain }: { explain?: boolean } = {}) => ({
      relevant: title !== '',
      events: [{ action: 'block', countries: ['RU'], services: ['whatsapp'], vague: true, confidence: 0.9 }],
      lang,
      credit: null,
      ...(explain ? { why: { lang: 'en', rules: [], spans: [], rejected: [] } } : {}),
    }),
  } as unknown as SyncExtractor;

  test.each<[string, boolean, object]>([
    [
      '{"id":"1","title":"x","lang":"en"}',
      false,
      { id: '1', relevant: true, events: [{ action: 'block', countries: ['RU'], services: ['whatsapp'] }] },
    ],
    [
      '{"title":"x"}',
      true,
      { id: null, events: [{ confidence: 0.9 }], credit: null, why: { lang: 'en', clauses: [] } },
    ],
    ['{"id":7,"title":5}', false, { id: 7, relevant: false }],
  ])('%s, explained %s', (line, explain, expected) => {
    const answer = JSON.parse(classifyLine(made, line, explain));
    expect(answer).toMatchObject(expected);
    // How firm a word was is no door that stays put.
    expect(answer.events[0]).not.toHaveProperty('vague');
    if (!explain) expect(Object.keys(answer)).toEqual(['id', 'relevant', 'events']);
  });

  test('a file: one answer a line, in order, empty lines passed over', async () => {
    const file = written('items.jsonl', '{"id":"a","title":"x"}\n\n  \n{"id":"b","title":"y"}');
    const { out } = capturedOutput();
    expect(await classify([file], () => made)).toBe(0);
    expect(out.map((line) => JSON.parse(line).id)).toEqual(['a', 'b']);
  });

  test('a line that is none: says which, after the answers before it', async () => {
    const file = written('broken.jsonl', '{"id":"a","title":"x"}\nnot JSON\n');
    const { out } = capturedOutput();
    await expect(classify([file], () => made)).rejects.toThrow(/broken\.jsonl, line 2: not a JSON object/);
    expect(out).toHaveLength(1);
  });
});

describe('a recording', () => {
  const item = (over: object = {}) =>
    JSON.stringify({
      id: 'a',
      publishedAt: '2026-01-01T10:00',
      title: 'Russia blocks WhatsApp',
      source: 'Alpha',
      ...over,
    });
  const round = (over: object = {}) =>
    JSON.stringify({
      at: '2026-01-01T09:00:00Z',
      probeCc: 'ru',
      probeAsn: 'AS1',
      vantageId: 'v',
      target: 'whatsapp',
      verdict: 'ok',
      ...over,
    });
  const read = (...lines: string[]) => readRecordings([written('recorded.jsonl', lines.join('\n'))]);

  test('items and rounds, in the order of their times; equal times as they stand; one round of a vantage point is one', async () => {
    const found = await read(
      item({ id: 'late', publishedAt: '2026-01-02' }),
      item(),
      item({ id: 'b' }),
      round(),
      round({ target: 'signal' }),
      round({ vantageId: 'w' }),
    );
    expect(
      found.map((one) => ('item' in one ? one.id : `${one.round[0]!.vantageId}:${one.round.map((m) => m.target)}`)),
    ).toEqual(['v:whatsapp,signal', 'w:whatsapp', 'a', 'b', 'late']);
    expect(new Date(timeOfRecord(found[2]!)).toISOString()).toBe('2026-01-01T10:00:00.000Z');
  });

  test('who speaks: the outlet, whom it repeats, or an authority', async () => {
    const found = await read(
      item(),
      item({ id: 'b', derived_from: 'dpa' }),
      item({ id: 'c', outlet_group: 'g' }),
      item({ id: 'd', authority: true }),
      item({ id: 'e', source: undefined }),
    );
    expect(found.map((one) => 'item' in one && one.voice)).toEqual(['Alpha', 'dpa', 'g', 'authority:Alpha', 'e']);
  });

  test('an agent stays an agent, anything else is the recording; texts are bounded', async () => {
    const [own, agent] = (await read(
      round({ sourceId: 'probe', detail: 'd'.repeat(999) }),
      round({ sourceId: 'agent/one', vantageId: 'w' }),
    )) as { round: { sourceId: string; detail: string }[] }[];
    expect([own!.round[0]!.sourceId, own!.round[0]!.detail.length, agent!.round[0]!.sourceId]).toEqual([
      'replay',
      200,
      'agent/one',
    ]);
  });

  test.each<[string, string, RegExp]>([
    ['no object', '[1]', /line 1: not a JSON object/],
    ['an item without an id', item({ id: undefined }), /"id" is missing; items have/],
    ['an item without a title', item({ title: '' }), /"title" is missing/],
    ['an item of no day', item({ publishedAt: 'yesterday' }), /"publishedAt" is no date/],
    ['a round without a network', round({ probeAsn: '' }), /"probeAsn" is missing; measurements have/],
    ['a round of no day', round({ at: 'soon' }), /"at" is no date/],
    ['a line without end', item({ title: 'x'.repeat(200_001) }), /longer than 200000 characters/],
  ])('%s: says what and where', async (_name, line, why) => {
    await expect(read(line)).rejects.toMatchObject({ code: 'usage', message: expect.stringMatching(why) });
  });

  test('its clock: goes forward as it is moved, never back, and sleeping takes no time', async () => {
    const clock = createVirtualClock(1_000);
    clock.moveTo(5_000);
    clock.moveTo(2_000);
    await (clock as Clock).sleep(1_000_000);
    expect([clock.now(), clock.monotonic()]).toEqual([5_000, 5_000]);
  });
});

describe('parts of check', () => {
  const rows: Row[] = [
    { part: 'config', name: 'a.yaml', ok: true, detail: 'fine' },
    { part: 'database', name: 'x'.repeat(60), ok: false, detail: 'broken\n\u202eok  source' },
  ];

  test('a table: columns as wide as they must be, and nobody forges a line', () => {
    expect(tableOf(rows).split('\n')).toEqual([
      `ok    config    a.yaml${' '.repeat(34)}  fine`,
      `FAIL  database  ${'x'.repeat(60)}  broken ok  source`,
    ]);
  });

  test('thirty feeds that fail alike: one row; what works, what fails otherwise and what is alone: its own', () => {
    const feed = (name: string, detail: string, ok = false): Row => ({ part: 'source', name, ok, detail });
    const offline = Array.from({ length: 30 }, (_, n) =>
      feed(`f${n}`, `fetch_dns: f${n}.example: The name does not resolve.`),
    );
    const others = [
      feed('a', '3 items', true),
      feed('b', '3 items', true),
      feed('c', '3 items', true),
      feed('d', 'fetch_status: 404'),
    ];
    expect(together([...others, ...offline]).map(({ name, detail }) => `${name}: ${detail}`)).toEqual([
      'a: 3 items',
      'b: 3 items',
      'c: 3 items',
      'd: fetch_status: 404',
      '30 sources: fetch_dns: The name does not resolve. (f0, f1 and 28 more)',
    ]);
  });

  test('what failed: its code where there is one', () => {
    expect(failure('source', 'a', new TocsinError('fetch_dns', 'no such name')).detail).toBe('fetch_dns: no such name');
    expect(failure('source', 'a', new Error('x')).detail).toBe('x');
    expect(failure('source', 'a', 'odd').detail).toBe('odd');
  });

  test('work that hangs: given up in time, and stopped; work that ends: its answer or its error', async () => {
    const clock = new FakeClock();
    const checking = { clock } as unknown as CheckDeps;
    let stopped = false;
    const hangs = within(
      10_000,
      (signal) => new Promise(() => signal.addEventListener('abort', () => (stopped = true))),
      checking,
    );
    const given = expect(hangs).rejects.toThrow('no answer within 10 s');
    await clock.pass(10_000);
    await given;
    expect(stopped).toBe(true);
    expect(await within(10_000, async () => 5, checking)).toBe(5);
    await expect(within(10_000, () => Promise.reject(new Error('x')), checking)).rejects.toThrow('x');
  });

  test('many at once: no more than allowed, and answers in order', async () => {
    let [busy, most] = [0, 0];
    const answers = await eachLimited([5, 1, 4, 2, 3], 2, async (n) => {
      most = Math.max(most, ++busy);
      for (let i = 0; i < n; i++) await new Promise(setImmediate);
      busy--;
      return n * 10;
    });
    expect([answers, most]).toEqual([[50, 10, 40, 20, 30], 2]);
    expect(await eachLimited([], 4, async () => 1)).toEqual([]);
  });

  test('what a check learns is forgotten with it', async () => {
    const [a, b] = [throwaway(), throwaway()];
    await a.state.set('k', 1);
    expect([
      await a.state.get('k'),
      await b.state.get('k'),
      await a.cache.set('k', 1, 1),
      await a.cache.get('k'),
    ]).toEqual([1, undefined, false, undefined]);
    await a.state.delete('k');
    expect(await a.state.get('k')).toBeUndefined();
  });
});

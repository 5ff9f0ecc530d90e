/** HTTP/3 by an installed curl: what it is asked, how often, and when its silence is a note. The curl here is a script that writes down its arguments. */
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import type { Endpoint } from '../../../src/sources/probe/endpoint.ts';
import type { Session } from '../../../src/sources/probe/session.ts';
import { page } from '../judge/facts.ts';

const never = new AbortController().signal;
const NAME = 'www.example.org';
const sites = [
  { id: 'one', name: 'one.example', v4: '192.0.2.1', v6: '2001:db8::1' },
  { id: 'two', name: 'two.example', v4: '192.0.2.2' },
];

beforeEach(() => void vi.resetModules());

interface Curl {
  /** What `curl -V` says; null = it is not installed. */
  version?: string | null;
  /** Names that it reaches over HTTP/3, and at which try first. */
  reaches?: Record<string, number>;
}

/** A curl of our own is the first on the path. It counts its tries by name in files. */
async function world({ version = 'curl 8.9 libcurl/8.9\nFeatures: HTTP2 HTTP3 SSL', reaches = {} }: Curl = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-curl-'));
  const before = process.env.PATH;
  onTestFinished(() => {
    process.env.PATH = before;
    rmSync(folder, { recursive: true, force: true });
  });
  const log = join(folder, 'log');
  if (version !== null) {
    const cases = Object.entries(reaches).map(([name, at]) => `    https://${name}/) needs=${at} ;;`);
    writeFileSync(
      join(folder, 'curl'),
      [
        '#!/bin/sh',
        `if [ "$1" = -V ]; then echo V >> ${log}; printf '%s' '${version}'; exit 0; fi`,
        `echo "$*" >> ${log}`,
        'needs=99',
        'for last; do :; done',
        '  case "$last" in',
        ...cases,
        '    *) ;;',
        '  esac',
        `tries=$(grep -c -- "$last" ${log})`,
        '[ "$tries" -ge "$needs" ] && exit 0',
        'exit 28',
      ].join('\n'),
    );
    chmodSync(join(folder, 'curl'), 0o755);
  }
  process.env.PATH = version === null ? folder : `${folder}:${before}`;
  const { measureQuic } = await import('../../../src/sources/probe/endpoint.ts');
  const session = { vantage: { reference_sites: sites } } as unknown as Session;
  const measure = (over: Partial<Endpoint> | null = {}, signal = never, at: Session = session) =>
    measureQuic(
      { ...at, signal },
      NAME,
      over && ({ address: '198.51.100.7', family: 4, page: page({ h3: true }), ...over } as Endpoint),
    );
  const asked = (): string[] => (existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : []);
  return { measure, asked };
}
const targetOf = (line: string): string => line.split(' ').at(-1)!;

describe('not measured', () => {
  test.each<[string, Partial<Endpoint> | null]>([
    ['no address answered', null],
    ['no page came', { page: null }],
    ['its page does not offer HTTP/3', { page: page({ h3: false }) }],
  ])('%s: curl is not even looked for', async (_name, endpoint) => {
    const { measure, asked } = await world();
    expect([await measure(endpoint), asked()]).toEqual([null, []]);
  });

  test.each<[string, string | null]>([
    ['curl is not installed', null],
    ['a curl without HTTP/3', 'curl 7.88 libcurl/7.88\nFeatures: HTTP2 SSL'],
    ['a curl that only looks like it', 'curl 8.9\nFeatures: HTTP33'],
  ])('%s', async (_name, version) => {
    const { measure, asked } = await world({ version });
    expect([await measure(), await measure()]).toEqual([null, null]);
    // Looked for once in the life of the program.
    expect(asked()).toEqual(version === null ? [] : ['V']);
  });

  test('neither the site nor any reference: this line carries no HTTP/3, which says nothing of the site', async () => {
    const { measure, asked } = await world();
    expect(await measure()).toBeNull();
    expect(asked().slice(1).map(targetOf)).toEqual([
      ...Array<string>(3).fill(`https://${NAME}/`),
      'https://one.example/',
      'https://two.example/',
    ]);
  });

  test('stopped before it began: nothing is asked', async () => {
    const { measure, asked } = await world({ reaches: { [NAME]: 1 } });
    expect(await measure({}, AbortSignal.abort())).toBeNull();
    expect(asked()).toEqual([]);
  });

  test('stopped while curl is looked for: that does not settle it for those who come later', async () => {
    const { measure } = await world({ reaches: { [NAME]: 1 } });
    const stop = new AbortController();
    const first = measure({}, stop.signal);
    stop.abort();
    expect(await first).toBeNull();
    expect(await measure()).toBe('ok');
  });
});

describe('measured', () => {
  test.each([1, 2, 3])('it answers at try %i: fine, and no reference is asked', async (at) => {
    const { measure, asked } = await world({ reaches: { [NAME]: at } });
    expect(await measure()).toBe('ok');
    expect(asked().slice(1)).toHaveLength(at);
  });

  test('silent three times while a reference answers: blocked', async () => {
    const { measure, asked } = await world({ reaches: { 'one.example': 1 } });
    expect(await measure()).toBe('blocked');
    expect(asked().slice(1).map(targetOf)).toEqual([
      ...Array<string>(3).fill(`https://${NAME}/`),
      'https://one.example/',
    ]);
  });

  test('the first reference is silent, too: the second decides', async () => {
    const { measure } = await world({ reaches: { 'two.example': 1 } });
    expect(await measure()).toBe('blocked');
  });

  test('over IPv6: its own address in brackets, and only references that have one', async () => {
    const { measure, asked } = await world({ reaches: { 'two.example': 1 } });
    expect(await measure({ address: '2001:db8::7', family: 6 })).toBeNull();
    const lines = asked().slice(1);
    expect(lines[0]).toContain(`--connect-to ${NAME}:443:[2001:db8::7]:443`);
    expect(lines.map(targetOf)).toEqual([...Array<string>(3).fill(`https://${NAME}/`), 'https://one.example/']);
    expect(lines[3]).toContain('one.example:443:[2001:db8::1]:443');
  });

  test('what it is asked: that protocol alone, at the address that is measured, a kilobyte, three seconds, into nothing', async () => {
    const { measure, asked } = await world({ reaches: { [NAME]: 1 } });
    await measure();
    expect(asked()[1]).toBe(
      `-sk --http3-only -o /dev/null -r 0-1023 -m 3 --connect-to ${NAME}:443:198.51.100.7:443 https://${NAME}/`,
    );
  });

  test('no references in the vantage file: silence says nothing', async () => {
    const { measure } = await world();
    const alone = { vantage: { reference_sites: [] } } as unknown as Session;
    expect(await measure({}, never, alone)).toBeNull();
  });
});

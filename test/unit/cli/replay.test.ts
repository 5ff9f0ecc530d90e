import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const main = resolve(import.meta.dirname, '../../../src/main.ts');
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tocsin-replay-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Ran {
  code: number | null;
  lines: Record<string, unknown>[];
  stdout: string;
  stderr: string;
}

function replay(args: string[], stdin = ''): Promise<Ran> {
  return new Promise((done) => {
    const child = spawn(process.execPath, [main, 'replay', ...args], {
      cwd: folder,
      env: { PATH: process.env.PATH, TZ: 'Asia/Tokyo' },
    });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
    });
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    child.on('close', (code) => {
      const lines = args.includes('--json') && code === 0 ? stdout.split('\n').filter(Boolean) : [];
      done({ code, stdout, stderr, lines: lines.map((line) => JSON.parse(line)) });
    });
    child.stdin.end(stdin);
  });
}

const item = (id: string, publishedAt: string, title: string, source: string): string =>
  JSON.stringify({ id, publishedAt, title, source });
const round = (minute: number, asn: string, verdict: string): string =>
  JSON.stringify({
    at: new Date(Date.UTC(2026, 0, 1, 12, minute)).toISOString(),
    kind: 'probe',
    probeCc: 'RU',
    probeAsn: asn,
    vantageId: `v-${asn}`,
    target: 'whatsapp',
    verdict,
    detail: verdict === 'ok' ? null : 'rst',
  });

const INCIDENT =
  'type id country service action method state confidence openedAt corroboratedAt closedAt items phases since sinceKind part regions'.split(
    ' ',
  );

describe('replay --json', () => {
  test('items from the pipe, a mark at the begin, times without a zone: alerts, then incidents, nothing else', async () => {
    const lines = [
      item('b', '2026-01-01T10:30', 'WhatsApp is blocked in Russia, providers confirm', 'Beta'),
      item('a', '2026-01-01T10:00', 'Russia blocks WhatsApp', 'Alpha'),
    ];
    const { code, lines: out, stderr } = await replay(['-', '--json'], `\uFEFF${lines.join('\r\n')}\n`);
    // On a machine that is busy for ten seconds it also says how far it is.
    expect({ code, stderr: stderr.replace(/^replaying: .*\n/gm, '') }).toEqual({ code: 0, stderr: '' });
    expect(out.map((one) => Object.keys(one))).toEqual([['type', 'kind', 'at', 'incidents', 'text'], INCIDENT]);
    expect(out[0]).toMatchObject({ type: 'alert', kind: 'new', at: '2026-01-01T10:31:00.000Z' });
    expect(out[1]).toMatchObject({
      country: 'RU',
      service: 'whatsapp',
      openedAt: '2026-01-01T10:00:00.000Z',
      corroboratedAt: '2026-01-01T10:30:00.000Z',
      closedAt: null,
      method: null,
      items: ['a', 'b'],
    });
  });

  test('recorded rounds beside an item: the block is confirmed at once, the lift waits for its rounds', async () => {
    const file = join(folder, 'rounds.jsonl');
    const rounds = [0, 1, 2].map((minute) => round(minute, 'AS64500', 'sni_blocked'));
    const good = [20, 25, 30, 35].map((minute) => round(minute, 'AS64500', 'ok'));
    const told = item('a', '2026-01-01T12:05:00Z', 'Russia blocks WhatsApp', 'Alpha');
    writeFileSync(file, [told, ...rounds, ...good].join('\n'));
    const { code, lines } = await replay([file, '--json']);
    expect(code).toBe(0);
    expect(lines.map((one) => `${one.kind ?? one.state} ${one.at ?? one.confidence}`)).toEqual([
      'new 2026-01-01T12:03:00.000Z',
      'update 2026-01-01T12:05:00.000Z',
      expect.stringMatching(/^lifted 2026-01-01T12:3\d:00.000Z$/),
      'lifted confirmed',
    ]);
  });
});

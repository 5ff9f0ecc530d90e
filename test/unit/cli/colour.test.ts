/** Colours in `status`, `incidents`, `check`: for whoever sits there, never in a pipe, and never the only sign. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { incidentText } from '../../../src/cli/incidents.ts';
import { main } from '../../../src/cli/index.ts';
import { paintFor, printable } from '../../../src/platform/log.ts';
import { openStore } from '../../../src/store/open.ts';
import { deps, incident } from '../../contract/store/samples.ts';
import { capturedOutput } from '../../fakes/captured-output.ts';

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tocsin-colour-'));
  const feed = '{ id: bbc, kind: rss, publisher: bbc, url: "https://bbc.example/feed" }';
  writeFileSync(
    join(folder, 'tocsin.yaml'),
    `database: ${join(folder, 'kept.db')}\nbaseline: null\nsources: [${feed}]\n`,
  );
  const store = await openStore(join(folder, 'kept.db'), deps);
  await store.incidents.insert(incident());
  await store.incidents.insert(incident({ id: 'RU-signal-1a2b', service: 'signal', open: false, state: 'lifted' }));
  await store.close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

async function printed(args: string[], { tty = false, env = {} }: { tty?: boolean; env?: Record<string, string> }) {
  for (const name of ['NO_COLOR', 'FORCE_COLOR', 'TERM']) vi.stubEnv(name, undefined);
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  const before = process.stdout.isTTY;
  process.stdout.isTTY = tty;
  try {
    const { out } = capturedOutput();
    await main([...args, '--config', join(folder, 'tocsin.yaml')]);
    return out.join('');
  } finally {
    process.stdout.isTTY = before;
  }
}

const COMMANDS = [['status'], ['incidents'], ['check', '--offline']];
const ESCAPE = '\u001b[';

describe.each(COMMANDS)('%s', (...args) => {
  test('in a pipe: not one escape', async () => {
    expect(await printed(args, {})).not.toContain(ESCAPE);
  });

  test('at a terminal: coloured, and without its colours the same to the byte', async () => {
    const [pipe, terminal] = [await printed(args, {}), await printed(args, { tty: true, env: { TERM: 'xterm' } })];
    expect(terminal).toContain(ESCAPE);
    expect(stripVTControlCharacters(terminal)).toBe(pipe);
  });

  test.each([
    ['NO_COLOR', { NO_COLOR: '1' }],
    ['a dumb terminal', { TERM: 'dumb' }],
    ['FORCE_COLOR=0', { FORCE_COLOR: '0' }],
    ['both: who forbids is heard', { NO_COLOR: '1', FORCE_COLOR: '1' }],
  ])('at a terminal with %s: plain', async (_name, env) => {
    expect(await printed(args, { tty: true, env })).toBe(await printed(args, {}));
  });

  test('--json: for programs, at a terminal, too', async () => {
    expect(await printed([...args, '--json'], { tty: true })).not.toContain(ESCAPE);
  });

  test('FORCE_COLOR in a pipe: asked for', async () => {
    expect(await printed(args, { env: { FORCE_COLOR: '1' } })).toContain(ESCAPE);
  });
});

test('each state has its colour, and its word', () => {
  const paint = paintFor({ isTTY: true }, {});
  const line = { id: 'x', action: 'block', confidence: 'reported', openedAt: 't', items: [] };
  const seen = ['active', 'easing', 'lifted', 'withdrawn'].map((state) => {
    const text = incidentText({ ...line, state } as unknown as Parameters<typeof incidentText>[0], paint);
    expect(stripVTControlCharacters(text)).toContain(`block ${state}`);
    return text.replace(state, '');
  });
  expect(new Set(seen).size).toBe(4);
});

test("a stranger's text: its own escapes, line breaks and turns are taken out", () => {
  expect(printable('a\u001b[31mred\u001b]0;title\u0007\nb\u202ec\u009b1m')).not.toMatch(
    /[\u0000-\u001f\u007f-\u009f\u202e]/,
  );
  expect(printable('Роскомнадзор ۱۲ 中文')).toBe('Роскомнадзор ۱۲ 中文');
});

import { hash } from 'node:crypto';
import type { RequestListener } from 'node:http';
import * as v from 'valibot';
import { onTestFinished } from 'vitest';
import type { Statement } from '../../../src/core/model/report.ts';
import type { HttpRequest } from '../../../src/core/ports/runtime.ts';
import type { PollResult, SourceDeps } from '../../../src/core/ports/source.ts';
import { createHttp } from '../../../src/platform/http.ts';
import { createIds } from '../../../src/platform/ids.ts';
import { registrySchema } from '../../../src/sources/registry/config.ts';
import { createSource } from '../../../src/sources/registry/index.ts';
import { bundledHosts } from '../../fakes/bundled.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';
import { serve } from '../http/servers.ts';

/** The letters of windows-1251 that Russian has. */
export function windows1251(text: string): Buffer {
  const bytes = Array.from(text, (letter) => {
    const code = letter.codePointAt(0)!;
    if (code < 0x80) return code;
    if (code >= 0x410 && code <= 0x44f) return code - 0x410 + 0xc0;
    return { ё: 0xb8, Ё: 0xa8, '№': 0xb9 }[letter] ?? 0x3f;
  });
  return Buffer.from(bytes);
}

export const row = (domain: string, url = '', agency = 'Роскомнадзор', decision = '№ 2-1234/2026') =>
  `192.0.2.1 | 2001:db8::1;${domain};${url};${agency};${decision};2026-11-20\n`;
/** Rows that are nobody's business, and long enough to be a register. */
export const filler = (count = 100) => Array.from({ length: count }, (_, i) => row(`site-${i}.example`)).join('');
export const dump = (rows: string, updated = '2026-11-25 11:05:00 +0000') =>
  windows1251(`Updated: ${updated}\n${filler()}${rows}`);

/** A register on loopback whose parts are what `files` holds, with validators; memory that survives `restart`. */
export async function registerWorld(config: Record<string, unknown> = {}, parts = 1) {
  const files = new Map<string, Buffer | RequestListener>();
  const asked: HttpRequest[] = [];
  const server = await serve((request, response) => {
    const file = files.get(request.url!);
    if (file === undefined) return void response.writeHead(404).end();
    if (typeof file === 'function') return file(request, response);
    const etag = `"${hash('sha1', file)}"`;
    if (request.headers['if-none-match'] === etag) return void response.writeHead(304, { etag }).end();
    return void response.writeHead(200, { etag }).end(file);
  });
  const client = createHttp({ allowPrivateAddresses: true });
  onTestFinished(async () => {
    await client.close();
    await server.close();
  });
  const clock = new FakeClock();
  const kept = new Map<string, string>();
  const lines: string[] = [];
  const note = (text: string) => void lines.push(text);
  const log: SourceDeps['log'] = { debug: note, info: note, warn: note, error: note, child: () => log };
  const deps: SourceDeps = {
    clock,
    ids: createIds(clock),
    log,
    http: (request) => {
      asked.push(request);
      return client.http(request);
    },
    state: {
      get: async (key) => (kept.has(key) ? JSON.parse(kept.get(key)!) : undefined),
      set: async (key, value) => void kept.set(key, JSON.stringify(value)),
      delete: async (key) => void kept.delete(key),
    },
    cache: { get: async () => undefined, set: async () => true, delete: async () => true },
    serviceHosts: bundledHosts,
  };
  const urls = Array.from({ length: parts }, (_, i) => `${server.url}/dump-${i}.csv?key=hush`);
  const parsed = v.parse(registrySchema, {
    id: 'register',
    kind: 'registry',
    format: 'z-i',
    country: 'RU',
    urls,
    ...config,
  });
  let source = createSource(parsed, deps);
  const world = {
    clock,
    kept,
    lines,
    asked,
    serve(file: Buffer | RequestListener, part = 0) {
      files.set(`/dump-${part}.csv?key=hush`, file);
    },
    poll: (): Promise<PollResult> =>
      source.poll({ now: clock.now(), firstPoll: false, signal: new AbortController().signal }),
    /** What a poll states, once it is stored. */
    async told(): Promise<Statement[]> {
      const result = await world.poll();
      await result.commit?.();
      return result.statements ?? [];
    },
    label: () => source.label,
    held: (country: string) => source.held!(country),
    restart() {
      source = createSource(parsed, deps);
    },
  };
  return world;
}

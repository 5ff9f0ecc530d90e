/** A desk for the commands of the probe: their output captured, a centre on loopback, a vantage file; with `hastyVantage()` no wait is longer than a moment. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { commandDeps } from '../../../src/cli/source-command.ts';
import { systemClock } from '../../../src/platform/clock.ts';
import { createIds } from '../../../src/platform/ids.ts';
import type { CommandDeps } from '../../../src/sources/kind.ts';
import type { Batch } from '../../../src/sources/probe/agent-wire.ts';
import { recordingLog } from '../../fakes/fake-log.ts';

/** The real reader of checked files, without the signals that the real command listens to. */
function checkedReader(): CommandDeps['readChecked'] {
  const before = { SIGINT: process.listeners('SIGINT'), SIGTERM: process.listeners('SIGTERM') };
  const { readChecked } = commandDeps();
  for (const name of ['SIGINT', 'SIGTERM'] as const)
    for (const one of process.listeners(name)) if (!before[name].includes(one)) process.off(name, one);
  return readChecked;
}

export function folderOf(): { folder: string; write(name: string, text: string): string } {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-probe-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return {
    folder,
    write(name, text) {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    },
  };
}

/** One reference and one target, both this machine, where nothing answers; its resolver may not be asked: offline by its own judgment. */
export const OFFLINE_VANTAGE = `
id: desk
country: KE
asn: 64500
resolvers: { system: 255.255.255.255, control: [], national: [] }
reference_sites: [{ id: reference, name: reference.invalid, v4: 127.0.0.1 }]
targets:
  - { id: site, name: site.invalid, v4: 127.0.0.1 }
  - { id: other, name: other.invalid, v4: 127.0.0.1 }
`;

export function commandWorld(over: Partial<CommandDeps> = {}) {
  const [out, err, asked, secrets, told]: [string[], string[], string[], string[], string[]] = [[], [], [], [], []];
  const stop = new AbortController();
  const log = recordingLog();
  const deps: CommandDeps = {
    clock: { ...systemClock, sleep: (ms, signal) => systemClock.sleep(Math.min(ms, 2), signal) },
    ids: createIds(systemClock),
    env: {},
    logFor: (hidden) => {
      secrets.push(...hidden);
      return log.log;
    },
    readChecked: checkedReader(),
    progress: (what, unit) => ({
      tell: (done, all) => void told.push(`${what}: ${done} of ${all} ${unit}`),
      hide: () => undefined,
      end: () => void told.push('end'),
      [Symbol.dispose]: () => undefined,
    }),
    paint: (_tone, text) => text,
    out: (text) => void out.push(text),
    err: (text) => void err.push(text),
    ask: async (question) => {
      asked.push(question);
      return null;
    },
    interrupted: stop.signal,
    ...over,
  };
  return {
    deps,
    out: out,
    err: err,
    asked: asked,
    secrets: secrets,
    told,
    log,
    interrupt: () => stop.abort(new Error('SIGINT')),
  };
}

/** Takes batches; `answer` says what each is answered with, by its number. */
export async function centre(answer: (batch: Batch, n: number) => { status?: number; body?: object } = () => ({})) {
  const batches: Batch[] = [];
  const bearers = new Set<string | undefined>();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const batch = JSON.parse(Buffer.concat(chunks).toString()) as Batch;
      bearers.add(request.headers.authorization);
      const { status = 200, body = {} } = answer(batch, batches.push(batch) - 1);
      response.writeHead(status).end(JSON.stringify({ acked: batch.seq, stop: false, ...body }));
    });
  });
  await new Promise<void>((done) => {
    server.listen(0, '127.0.0.1', done);
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/agents`, batches, bearers };
}

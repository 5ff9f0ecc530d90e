/** `tocsin probe SERVICE --from CC`: volunteers' probes are asked once; what is refused before anybody is asked. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { main } from '../../../src/cli/index.ts';
import { capturedOutput } from '../../fakes/captured-output.ts';
import { FAILED, FINE_DNS, FINE_HTTP, type Finds, fine, globalping } from '../globalping/server.ts';

/** Sleeping between looks takes no time: the answers of the stand-in are there at once. */
vi.mock('../../../src/platform/clock.ts', async (original) => {
  const real = await original<typeof import('../../../src/platform/clock.ts')>();
  return {
    ...real,
    systemClock: {
      ...real.systemClock,
      sleep: (_ms: number, signal?: AbortSignal) => real.systemClock.sleep(1, signal),
    },
  };
});

const cut: Finds = ({ type, country }) => (type === 'dns' ? FINE_DNS : country === 'RU' ? FAILED : FINE_HTTP);

async function asked(args: string[], listener: RequestListener, extra = '') {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-from-'));
  const server = createServer(listener);
  await new Promise<void>((done) => {
    server.listen(0, '127.0.0.1', done);
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  writeFileSync(
    join(folder, 'tocsin.yaml'),
    `network: { allowPrivateAddresses: true }\nsources: [{ id: gp, kind: globalping, url: "${url}"${extra} }]\n`,
  );
  const { out, err } = capturedOutput();
  const code = await main(['probe', ...args, '--config', join(folder, 'tocsin.yaml')]);
  return { code, out: out.join(''), err: err.join('') };
}

describe('what is found', () => {
  test('cut there and fine abroad: for people with counts and a link', async () => {
    const { listener, told } = globalping(cut);
    const { code, out } = await asked(['whatsapp', '--from', 'RU'], listener);
    expect(code).toBe(0);
    expect(out).toMatch(
      /^whatsapp {13}unreachable +6 probes, 6 networks, https:\/\/globalping\.io\/\?measurement=m0\n$/,
    );
    expect(told.posts.every(({ target }) => target === 'whatsapp.com')).toBe(true);
  });

  test('as a script reads it: the fields of probe, one line a service, in the order asked', async () => {
    const { listener } = globalping(fine);
    const { out } = await asked(['whatsapp', 'signal', '--from', 'ru', '--json'], listener);
    const lines = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.map(({ target, verdict, confidence }) => [target, verdict, confidence])).toEqual([
      ['whatsapp', 'ok', 'high'],
      ['signal', 'ok', 'high'],
    ]);
    expect(Object.keys(lines[0])).toEqual(['target', 'verdict', 'detail', 'also', 'notes', 'families', 'confidence']);
  });

  test('a domain of a service is that service, and a country of the configuration does not narrow what is asked', async () => {
    const { listener, told } = globalping(fine);
    const { out } = await asked(['web.whatsapp.com', '--from', 'IR'], listener, ', countries: [RU]');
    expect(out).toMatch(/^whatsapp +ok/);
    expect(told.tests).toBeGreaterThan(0);
  });

  test('nothing is left of the hour: it cannot be told, which is no failure of the command', async () => {
    const { listener } = globalping(fine, { remaining: 0 });
    const { code, out } = await asked(['whatsapp', '--from', 'RU', '--json'], listener);
    expect([code, JSON.parse(out)]).toMatchObject([
      0,
      { target: 'whatsapp', verdict: 'inconclusive', confidence: 'low', notes: [] },
    ]);
  });
});

describe('refused, and nobody is asked', () => {
  test.each<[string, string[], RegExp]>([
    [
      'no such country',
      ['whatsapp', '--from', 'Atlantis'],
      /--from takes a country of ISO 3166-1, such as RU, not "ATLANTIS"/,
    ],
    ['a union is no country', ['whatsapp', '--from', 'EU'], /not "EU"/],
    ['no country', ['whatsapp', '--from', ''], /not ""/],
    ['a long one is cut', ['whatsapp', '--from', 'x'.repeat(90)], /not "X{20}"/],
    ['no service', ['--from', 'RU'], /name one to 3 services, such as "tocsin probe whatsapp --from RU"/],
    ['four services', ['whatsapp', 'signal', 'telegram', 'youtube', '--from', 'RU'], /name one to 3 services/],
    [
      'a service that nobody knows',
      ['atlantis', '--from', 'RU'],
      /"atlantis" is no service that has a domain of its own/,
    ],
    ['an option of the other way to look', ['whatsapp', '--from', 'RU', '--rounds', '3'], /--rounds/],
  ])('%s', async (_name, args, why) => {
    let requests = 0;
    const { code, out, err } = await asked(args, (_request, response) => {
      requests++;
      response.writeHead(500).end();
    });
    expect([code, out, requests]).toEqual([2, '', 0]);
    expect(err).toMatch(why);
  });
});

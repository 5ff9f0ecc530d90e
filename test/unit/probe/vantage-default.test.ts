/** The vantage point that comes with Tocsin: what every line can measure from. */
import { isIP } from 'node:net';
import { join, resolve } from 'node:path';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { Problems } from '../../../src/config/problems.ts';
import { readData } from '../../../src/config/read.ts';
import { type Vantage, vantageSchema } from '../../../src/sources/probe/config.ts';
import { builtInLines } from '../../../src/sources/probe/probe-command.ts';
import { createSession } from '../../../src/sources/probe/session.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';

const file = join(resolve(import.meta.dirname, '../../..'), 'config/vantage.default.yaml');
const read = async (): Promise<Vantage> => v.parse(vantageSchema, await readData(file, 'default', new Problems()));

describe('config/vantage.default.yaml', () => {
  test('two operators over HTTPS at pinned addresses, references in several networks, a page that must be 204', async () => {
    const { resolvers, reference_sites, captive_check } = await read();
    expect(resolvers.system).toBe('auto');
    expect(resolvers.control.map(({ doh, doh_ip }) => [doh?.startsWith('https://'), isIP(doh_ip ?? '')])).toEqual([
      [true, 4],
      [true, 4],
    ]);
    expect(new Set(resolvers.control.map(({ doh_ip }) => doh_ip)).size).toBe(2);
    expect(new Set(reference_sites.map(({ v4 }) => v4?.split('.')[0])).size).toBeGreaterThanOrEqual(3);
    expect(captive_check).toMatch(/^http:\/\/.*204/);
  });

  test('a forbidden name is sent to nobody but its own site; nothing says where the line is', async () => {
    const { sni_control, helper_proxy, country, asn, targets } = await read();
    expect([sni_control, helper_proxy, country, asn, targets]).toEqual([false, null, 'XX', 'AS0', []]);
  });

  test('system resolvers: those of this machine, at most four, and the first lines name them', async () => {
    const fingerprints = { blockPages: [], lookalikes: [], censorIssuers: [] };
    const deps = { clock: new FakeClock(), ids: { next: () => 'x', random: () => 0 }, fingerprints, roots: [] };
    const session = createSession(await read(), deps as never);
    expect(session.systemResolvers.length).toBeGreaterThan(0);
    expect(session.systemResolvers.length).toBeLessThanOrEqual(4);
    expect(session.systemResolvers.every((address) => isIP(address) > 0)).toBe(true);
    const text = builtInLines(session);
    expect(text).toContain(session.systemResolvers[0]);
    expect(text).toMatch(/against cloudflare-dns\.com and dns\.google[\s\S]*"inconclusive"[\s\S]*docs\/vantage\.md/);
    session.close();
  });
});

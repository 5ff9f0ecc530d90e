import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { matchFingerprint } from '../../../src/core/judge/http.ts';
import { eachLimited } from '../../../src/core/wakeable.ts';
import { systemClock } from '../../../src/platform/clock.ts';
import { loadServicePlans } from '../../../src/sources/probe/components.ts';
import { splitHostPort, vantageSchema } from '../../../src/sources/probe/config.ts';
import { assetPaths, loadFingerprints } from '../../../src/sources/probe/fingerprints.ts';
import { findTarget, publicName } from '../../../src/sources/probe/index.ts';

describe('block pages', () => {
  const page = (over: object) => ({ redirectHost: null, location: null, title: '', body: '', ...over });
  test('redirect host and its subdomains; not a name that only ends alike', async () => {
    const { blockPages } = await loadFingerprints();
    expect(matchFingerprint(blockPages, page({ redirectHost: 'warning.rt.ru' }))).toBe('ru-rostelecom');
    expect(matchFingerprint(blockPages, page({ redirectHost: 'x.peyvandha.ir' }))).toBe('ir-peyvandha');
    expect(matchFingerprint(blockPages, page({ redirectHost: 'notpeyvandha.ir' }))).toBeNull();
  });
  test('ordinary pages match nothing, challenges are known', async () => {
    const { blockPages, benign } = await loadFingerprints();
    for (const body of [
      '<h1>Welcome</h1> access to our shop',
      'page not found',
      'доступ к личному кабинету',
      'the court has restricted access to files',
    ]) {
      expect(matchFingerprint(blockPages, page({ body }))).toBeNull();
    }
    expect(matchFingerprint(benign, page({ title: 'just a moment...' }))).toBe('cdn-challenge');
  });
  test('ids are unique', async () => {
    const { blockPages, benign } = await loadFingerprints();
    const all = [...blockPages, ...benign].map((f) => f.id);
    expect(new Set(all).size).toBe(all.length);
  });
});

const vantage = v.parse(vantageSchema, {
  resolvers: { system: '10.0.0.1', control: [] },
  targets: [{ id: 'freepress', name: 'www.freepress.example', v4: '192.0.2.1', v6: null }],
});

describe('targets', () => {
  test('id, host name, service, any host; nothing else', async () => {
    const plans = await loadServicePlans();
    expect(findTarget('freepress', vantage, plans)).toMatchObject({ id: 'freepress', name: 'www.freepress.example' });
    expect(findTarget('WWW.freepress.example', vantage, plans)).toMatchObject({
      id: 'WWW.freepress.example',
      kind: 'host',
    });
    expect(findTarget('WhatsApp', vantage, plans)).toMatchObject({ kind: 'service' });
    expect(findTarget('www.bbc.com', vantage, plans)).toMatchObject({ kind: 'host', name: 'www.bbc.com' });
    for (const bad of ['whatsap', '', 'a b.example', 'http://x.example/', '../etc', `${'a'.repeat(300)}.example`])
      expect(findTarget(bad, vantage, plans)).toBeNull();
  });
  test('services of the catalogue: every one has a component that is required', async () => {
    const plans = await loadServicePlans();
    expect(plans.size).toBeGreaterThan(20);
    for (const plan of plans.values())
      expect(
        plan.components.some((c) => c.required),
        plan.id,
      ).toBe(true);
    expect(publicName({ id: 'whatsapp', kind: 'service', service: plans.get('whatsapp')! })).toBe('web.whatsapp.com');
  });
});

describe('vantage file', () => {
  test('what may be missing is missing', () => {
    expect(vantage).toMatchObject({ country: 'XX', asn: 'AS0', helper_proxy: null, blobs: [], not_bogons: [] });
  });
  test.each<[string, object]>([
    ['unknown key', { foo: 1 }],
    ['no address', { resolvers: { system: 'x', control: [] } }],
    ['no country', { country: 'Russia' }],
    ['no proxy', { helper_proxy: 'ftp://x' }],
    ['no range', { not_bogons: ['10.0.0.0/40'] }],
    ['no host name', { innocuous_sni: 'https://x/' }],
  ])('%s: refused', (_name, over) => {
    expect(v.safeParse(vantageSchema, { resolvers: { system: '10.0.0.1', control: [] }, ...over }).success).toBe(false);
  });
  test('asn as number or text', () => {
    for (const asn of [64500, '64500', 'AS64500', 'as64500'])
      expect(v.parse(vantageSchema, { resolvers: { system: '10.0.0.1', control: [] }, asn }).asn).toBe('AS64500');
  });
  test('addresses with ports', () => {
    expect(splitHostPort('192.0.2.1:853', 53)).toEqual({ address: '192.0.2.1', port: 853 });
    expect(splitHostPort('[2001:db8::1]:853', 53)).toEqual({ address: '2001:db8::1', port: 853 });
    expect(splitHostPort('2001:db8::1', 53)).toEqual({ address: '2001:db8::1', port: 53 });
    for (const bad of ['host:53', '192.0.2.1:0', '192.0.2.1:99999', '']) expect(splitHostPort(bad, 53)).toBeNull();
  });
});

test('assets: same host, plain files, twenty at most', () => {
  const html = `<script src="/a.js"></script><img src='https://other.example/b.png'><link href="c.css?x=1"><a href="/page">${'<img src="/p.png">'.repeat(3)}`;
  expect(assetPaths(Buffer.from(html), 'a.example')).toEqual(['/a.js', '/c.css?x=1', '/p.png']);
});

test('eachLimited: in order, never more at a time', async () => {
  let running = 0;
  let most = 0;
  const got = await eachLimited([1, 2, 3, 4, 5, 6, 7], 3, async (n) => {
    most = Math.max(most, ++running);
    await systemClock.sleep(2);
    running--;
    return n * 2;
  });
  expect([got, most]).toEqual([[2, 4, 6, 8, 10, 12, 14], 3]);
});

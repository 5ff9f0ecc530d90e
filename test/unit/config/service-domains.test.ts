import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { serviceHosts } from '../../../src/config/catalogue.ts';
import { bundledCatalogue, bundledHosts } from '../../fakes/bundled.ts';

const hosts = await bundledHosts();

test.each([
  ['whatsapp.com', 'whatsapp', true],
  ['WWW.WhatsApp.com.', 'whatsapp', true],
  ['web.whatsapp.com', 'whatsapp', true],
  ['*.whatsapp.net', 'whatsapp', true],
  ['static.whatsapp.net', 'whatsapp', false],
  ['*.static.whatsapp.net', 'whatsapp', false],
  ['m.me', 'messenger', true],
  ['t.me', 'telegram', true],
  ['news.google.com', 'google-news', true],
  ['www.google.com', 'google', true],
  ['facetime.apple.com', 'facetime', true],
])('%s: %s', (host, service, whole) => {
  expect(hosts.find(host)).toMatchObject({ service, whole });
});

test.each([
  'notwhatsapp.com',
  'whatsapp.com.example',
  'sites.google.com',
  'somebody.tumblr.com',
  '157.240.1.60',
  '2a03:2880::1',
  'com',
  '*.com',
  '',
  ' ',
  'a'.repeat(10_000),
  '..',
  'пример.рф',
])('%s: none', (host) => {
  expect(hosts.find(host)).toBeNull();
});

test('the bundled file: services of the catalogue only, each domain once, and found again', () => {
  const file = parse(readFileSync(new URL('../../../config/service-domains.yaml', import.meta.url), 'utf8')) as Record<
    string,
    string[]
  >;
  const known = bundledCatalogue().services.map(({ id }) => id);
  expect(Object.keys(file).filter((id) => !known.includes(id))).toEqual([]);
  const all = Object.values(file).flat();
  expect(new Set(all).size).toBe(all.length);
  for (const [id, domains] of Object.entries(file))
    for (const domain of domains) expect(hosts.find(domain.replace('=', '')), domain).toMatchObject({ service: id });
});

test('an alias of the operator that is a host name: found as well', () => {
  const service = { id: 'mine', name: 'Mine', aliases: ['Mine.example', 'my own'], category: 'other' };
  expect(serviceHosts({ services: [service] }, {}).find('www.mine.example')).toMatchObject({ service: 'mine' });
});

/** What the page asks (`config/here.json`), and where buttons lead to it. */
import { expect, test } from 'vitest';
import { hereHosts, testPageOf } from '../../../../src/app/account.ts';
import type { Config } from '../../../../src/config/schema.ts';
import { COUNTRIES } from '../../../../src/core/commands/asking/country-names.ts';
import { bundledCatalogue } from '../../../fakes/bundled.ts';

const HOST = /^(?:[a-z0-9-]+\.)+[a-z]{2,}(?:\/[\w./%-]+)?$/u;

test('the hosts that come with it: services and countries that there are, two and more of each, each a host or a picture', () => {
  const { abroad, home, framedBy, services } = hereHosts({ web: { measure: true } })!;
  const ids = bundledCatalogue().services.map(({ id }) => id);
  expect(Object.keys(services).filter((id) => !ids.includes(id))).toEqual([]);
  expect(Object.keys(home).filter((code) => !COUNTRIES.includes(code))).toEqual([]);
  const all = [abroad, ...Object.values(home), ...Object.values(services)];
  expect(all.filter((hosts) => hosts.length < 2 || new Set(hosts).size < hosts.length)).toEqual([]);
  expect([...all.flat(), ...framedBy].filter((one) => !HOST.test(one))).toEqual([]);
});

const web = (over: object) =>
  ({ web: { publicUrl: 'https://x.example/bot', measure: true, ...over } }) as Pick<Config, 'web'>;

test.each([
  ['no listener', { web: null }],
  ['no page that measures', web({ measure: false })],
  ['no public address', web({ publicUrl: null })],
])('%s: no button leads to it', (_, config) => expect(testPageOf(config)).toBeUndefined());

test('the page is there: an address for each service that it measures, of a country or of any', () => {
  const page = testPageOf(web({}))!;
  expect(page('RU', 'whatsapp', 'fa')).toBe('https://x.example/bot/here?service=whatsapp&lang=fa&country=ru');
  expect(page('*', 'whatsapp', 'en')).toBe('https://x.example/bot/here?service=whatsapp&lang=en');
  expect([page('RU', 'internet', 'en'), page('RU', 'constructor', 'en')]).toEqual([null, null]);
});

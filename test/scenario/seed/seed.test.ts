/**
 * The seed table: each of its rows by probe, by news, by register or DNS, in the status of the first day and after an alert, in English and Russian. The
 * names of the tests make docs/coverage.md ("npm run coverage:seed"): "row: column".
 */
import { describe, expect, test } from 'vitest';
import type { RegistryConfig } from '../../../src/sources/registry/config.ts';
import { statementOf } from '../../../src/sources/registry/index.ts';
import { compare, type Listing, type Part } from '../../../src/sources/registry/listing.ts';
import { T0 } from '../harness.ts';
import { DELISTED, ROWS, type Row } from './rows.ts';
import { baseline, catalogue, hosts, type Lang, world } from './world.ts';

const LANGS: readonly Lang[] = ['en', 'ru'];
const nameOf = (service: string): string => catalogue.services.find(({ id }) => id === service)!.name;
const COUNTRY = { en: 'Russia', ru: 'Россия' };
const WORD = { block: { en: /blocked/, ru: /заблокирован/i }, throttle: { en: /throttled|slowed/, ru: /замедл/i } };

const config: RegistryConfig = {
  id: 'register',
  kind: 'registry',
  format: 'z-i',
  country: 'RU',
  urls: ['https://register.example/dump.csv'],
  cron: '15 5 * * *',
  name: 'Roskomnadzor register',
};

/** What the register states when these names are added to it. */
function listed(domains: readonly string[]) {
  const part = (entries: Part['entries']): Part => ({
    url: config.urls[0]!,
    etag: null,
    lastModified: null,
    rows: 100,
    updatedAt: null,
    entries,
  });
  const before: Listing = { made: '', generation: 0, parts: [part([])], missing: [], refusedSince: null, least: null };
  const entries = domains.map((host) => {
    const { service, whole } = hosts.find(host)!;
    return { service, host, whole, agency: '', decision: '2-1234/2026', date: '2026-02-10' };
  });
  const found = compare(before, [part(entries)], T0);
  if (found.why !== 'read') throw new Error(found.why);
  return found.changes.map((change) => statementOf(change, { config, generation: 0, updatedAt: null, now: T0 }));
}

/** The alert names country, service and what is done to it, in the chat's language. */
function expectAlert(text: string, row: Pick<Row, 'service' | 'action'>, lang: Lang) {
  const [first = ''] = text.split('\n');
  expect(first).toContain(COUNTRY[lang]);
  expect(text).toContain(nameOf(row.service));
  expect(text).toMatch(WORD[row.action][lang]);
}

for (const row of ROWS) {
  describe(row.name, () => {
    test(`${row.name}: probe`, async () => {
      for (const lang of LANGS) {
        const own = await world(lang);
        await own.rounds(4, 2, [row.service], row.verdict);
        expectAlert(await own.hear(), row, lang);
        expect(await own.town.incidents()).toMatchObject([
          { service: row.service, action: row.action, confidence: 'corroborated' },
        ]);
        await own.close();
      }
    });

    test(`${row.name}: news`, async () => {
      const own = await world('en');
      await own.news(row.news);
      const text = await own.hear();
      expectAlert(text, row, 'en');
      for (const outlet of ['Outlet 1', 'Outlet 2']) expect(text).toContain(outlet);
      expect(await own.town.incidents()).toMatchObject([{ country: 'RU', service: row.service, action: row.action }]);
      await own.close();
    });

    test(`${row.name}: register or DNS`, async () => {
      for (const lang of LANGS) {
        const own = await world(lang);
        await own.states(listed([row.domain]));
        const text = await own.hear();
        expectAlert(text, { service: row.service, action: 'block' }, lang);
        expect(text).toContain('Roskomnadzor register');
        await own.close();
      }
    });

    test(`${row.name}: status`, async () => {
      const entry = baseline.find((one) => one.country === 'RU' && one.service === row.service) ?? null;
      for (const [i, lang] of LANGS.entries()) {
        const own = await world(lang);
        const before = await own.status(`ru ${row.service}`);
        if (row.dayOne) expect(before).toMatch(row.dayOne[i]!);
        else expect([entry, before.includes('https://')]).toEqual([null, false]);
        // Nothing of it was ever an alert.
        expect(await own.hear()).toBe('');
        await own.rounds(4, 2, [row.service], row.verdict);
        const after = await own.status(`ru ${row.service}`);
        expect(after).toMatch(lang === 'en' ? /last evidence/ : /последние данные/);
        await own.close();
      }
    });

    for (const lang of LANGS) {
      test(`${row.name}: alert, ${lang}`, async () => {
        const own = await world(lang);
        await own.news(row.news);
        await own.rounds(4, 2, [row.service], row.verdict);
        const text = await own.hear();
        expectAlert(text, row, lang);
        expect(await own.town.incidents()).toMatchObject([{ confidence: 'confirmed', action: row.action }]);
        await own.close();
      });
    }
  });
}

describe('National DNS directory', () => {
  const row = 'National DNS directory';
  const NATIONAL = { vantageId: 'moscow/national-dns/nsdi-a', component: 'national-dns' };

  test(`${row}: probe`, async () => {
    const own = await world('en');
    await own.rounds(7, 5, DELISTED, 'dns_blocked:delisted', NATIONAL);
    const text = await own.hear();
    for (const service of DELISTED) expect(text).toContain(nameOf(service));
    expect((await own.town.incidents()).map(({ method }) => method)).toEqual(DELISTED.map(() => 'dns'));
    await own.close();
  });

  test(`${row}: news`, async () => {
    const own = await world('en');
    await own.news([
      'Russia removes WhatsApp and YouTube from its national DNS',
      'WhatsApp и YouTube удалены из национальной системы доменных имен России',
    ]);
    const text = await own.hear();
    expect(text).toContain('WhatsApp');
    expect(text).toContain('YouTube');
    await own.close();
  });

  test(`${row}: register or DNS`, async () => {
    const own = await world('en');
    await own.states(listed(DELISTED.map((service) => hosts.domainsOf(service)[0]!)));
    expect(own.town.heard('c')).toEqual([]);
    await own.town.pass(5 * 60_000);
    // Thirteen services, one message.
    expect(own.town.heard('c')).toHaveLength(1);
    const text = own.town.texts('c').at(-1)!;
    for (const service of DELISTED) expect(text).toContain(nameOf(service));
    await own.close();
  });

  test(`${row}: status`, async () => {
    for (const lang of LANGS) {
      const own = await world(lang);
      const text = await own.status('ru all');
      for (const service of ['whatsapp', 'facebook', 'bbc']) expect(text).toContain(nameOf(service));
      expect(text).toMatch(/https:\/\//);
      await own.close();
    }
  });

  for (const lang of LANGS) {
    test(`${row}: alert, ${lang}`, async () => {
      const own = await world(lang);
      await own.rounds(7, 5, DELISTED, 'dns_blocked:delisted', NATIONAL);
      const text = await own.hear();
      expect(text).toContain(COUNTRY[lang]);
      for (const service of DELISTED) expect(text).toContain(nameOf(service));
      expect(text).toMatch(/DNS/);
      await own.close();
    });
  }
});

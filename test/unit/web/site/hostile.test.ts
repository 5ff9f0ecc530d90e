/** Whatever strangers write — titles, addresses, names, reasons, what is typed into the search — a page is the same markup around it. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { anyCharacter } from '../../../fakes/any-text.ts';
import { healthy, source } from '../../commands/support.ts';
import { incident, report } from '../../render/support.ts';
import { put, tell } from './seed.ts';
import { openTestSite, type TestSite } from './support.ts';

let site: TestSite;
const label = { text: 'BBC' };
beforeAll(async () => {
  const health = { ...healthy, sources: [source()] };
  Object.defineProperty(health.sources[0], 'label', { get: () => label.text });
  site = await openTestSite({ health });
});
afterAll(() => site.close());

/** What breaks out of text, attributes, addresses and lines. */
const NASTY = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  '</style></title><svg onload=alert(1)>',
  '&lt;b&gt; &amp;',
  '\u202Eelgoog\u202C \u2066x\u2069',
  'javascript:alert(1)',
  '{n} {text} ${1+1}',
  '\u0000\u0007\r\n\t',
  'a'.repeat(5_000),
];
const nasty = fc.oneof(fc.constantFrom(...NASTY), fc.string({ unit: anyCharacter, maxLength: 60 }));
const address = fc.oneof(
  fc.constantFrom(
    'javascript:alert(1)',
    ' JaVaScRiPt:alert(1)',
    'data:text/html,<script>alert(1)</script>',
    'https://user:pw@x.example/',
    'https://x.example/"onclick="alert(1)',
    'https://x.example/<b>',
    `https://x.example/${'a'.repeat(5_000)}`,
    'vbscript:x',
    '//x.example',
  ),
  fc.webUrl(),
  nasty,
);

const TAGS =
  'a bdi body br button code div dl dt dd details footer form h1 h2 head header html input label li link main meta nav ol p section small span style summary table tbody td th thead time title tr ul svg defs pattern rect circle path text b i'.split(
    ' ',
  );
const ATTRIBUTES =
  'lang dir title charset name content rel href class id tabindex aria-label aria-current aria-hidden aria-labelledby focusable width height viewbox d fill x y cx cy r stroke stroke-width stroke-dasharray patternunits patterntransform font-size font-weight text-anchor role action method type value for maxlength placeholder scope datetime hreflang property'.split(
    ' ',
  );

/** Throws where the page is not the markup that we write. */
function checkMarkup(page: string): void {
  expect(page).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u202a-\u202e\u200e\u200f]/);
  const bare = page.replace(/<style>[^<]*<\/style>/, '');
  for (const [whole, name, rest] of bare.matchAll(/<\/?([^\s>/]*)([^>]*)>/g)) {
    if (whole.toLowerCase() === '<!doctype html>') continue;
    expect(TAGS, whole.slice(0, 200)).toContain(name!.toLowerCase());
    const left = rest!.replace(/\s([\w-]+)="([^"<>]*)"/g, (_, attribute: string, value: string) => {
      expect(ATTRIBUTES).toContain(attribute.toLowerCase());
      if (attribute === 'href' || attribute === 'action')
        expect(value).toMatch(/^(\/(?!\/)|#|https?:\/\/|data:image\/svg)/);
      return '';
    });
    expect(left.trim(), whole.slice(0, 200)).toMatch(/^\/?$/);
  }
  expect(bare.replace(/<[^<>]*>/g, '')).not.toMatch(/[<>]/);
}

let tails = 0;
const fresh = (): string => `n${(100_000 + tails++).toString(36)}`;

describe('hostile input', () => {
  test('reports, reasons, regions and ids of whatever kind: an incident page, its country and the first page are markup of ours', async () => {
    await fc.assert(
      fc.asyncProperty(nasty, nasty, address, nasty, nasty, async (title, publisherName, url, lang, why) => {
        const id = `DE-whatsapp-${fresh()}`;
        const at = site.clock.now() - 3_600_000;
        const { reports: _, ...one } = incident({
          id,
          country: 'DE',
          openedAt: at,
          lastReportAt: at,
          regions: [why.slice(0, 100), 'DE-BY'],
          ...(tails % 2 ? { state: 'withdrawn', open: false, closedAt: at, withdrawnBecause: why } : {}),
        });
        const about = { country: 'DE', at, title, publisherName, url, lang, voice: 'x' };
        const measured = {
          strength: 'anomaly' as const,
          networks: [title, why],
          verdict: publisherName,
          component: lang,
        };
        await put(site.store, one, [
          report({ ...about, id: `${id}1` }),
          report({
            ...about,
            id: `${id}2`,
            kind: 'measurement',
            measured: { ...measured, licence: why, signals: [lang] },
          }),
        ]);
        await site.clock.pass(61_000);
        for (const path of [`/incident/${id}`, '/country/de', '/']) {
          const { status, text } = await site.get(`${path}?lang=en`);
          expect(status).toBe(200);
          checkMarkup(text);
          expect(text.length).toBeLessThan(60_000);
        }
      }),
      { numRuns: 40 },
    );
  }, 60_000);

  test('whatever is typed into the search, or asked for by its address: markup of ours', async () => {
    await fc.assert(
      fc.asyncProperty(nasty, nasty, async (typed, name) => {
        const paths = [
          `/search?q=${encodeURIComponent(typed.slice(0, 400))}`,
          `/${encodeURIComponent(name.slice(0, 400))}`,
        ];
        for (const path of [
          ...paths,
          `/service/${encodeURIComponent(name.slice(0, 300))}`,
          `/?lang=${encodeURIComponent(typed.slice(0, 200))}`,
        ]) {
          const { status, text } = await site.get(path);
          expect([200, 400, 404, 414]).toContain(status);
          if (status === 200 || status === 404) checkMarkup(text);
        }
      }),
      { numRuns: 60 },
    );
  }, 60_000);

  test('names of sources', async () => {
    await fc.assert(
      fc.asyncProperty(nasty, async (text) => {
        label.text = text;
        await site.clock.pass(61_000);
        checkMarkup((await site.get('/sources?lang=en')).text);
      }),
      { numRuns: 40 },
    );
  });

  test('thousands of incidents, hundreds of reports and steps: pages of the same size, with what was left out', async () => {
    const now = site.clock.now();
    const countries = [
      'AF',
      'AL',
      'AM',
      'AO',
      'AR',
      'AT',
      'AU',
      'AZ',
      'BD',
      'BE',
      'BG',
      'BI',
      'BO',
      'BR',
      'BY',
      'CA',
      'CD',
      'CH',
      'CL',
      'CM',
      'CN',
      'CO',
      'CU',
      'CZ',
      'DK',
      'DZ',
      'EC',
      'EE',
      'EG',
      'ES',
    ];
    const services = (await import('../../../fakes/bundled.ts').then((all) => all.bundledCatalogue())).services.slice(
      0,
      60,
    );
    for (const country of countries)
      for (const { id } of services.slice(0, 20))
        await tell(site.store, now, fresh(), { country, service: id, from: 30 });
    for (const { id } of services) await tell(site.store, now, fresh(), { country: 'RU', service: id, from: 3 });
    const id = `RU-telegram-${fresh()}`;
    const { reports: _, ...one } = incident({ id, service: 'telegram', openedAt: now - 9e8, lastReportAt: now });
    const reports = Array.from({ length: 300 }, (_, at) =>
      report({
        id: `r${at}`,
        voice: `v${at}`,
        title: 'x'.repeat(300),
        url: `https://x.example/${'y'.repeat(500)}/${at}`,
        at: now - at * 1e5,
      }),
    );
    const steps = Array.from({ length: 300 }, (_, at) => ({
      at: now - 9e8 + at,
      change: 'widened' as const,
      action: 'block' as const,
      state: 'active' as const,
      confidence: 'reported' as const,
      method: null,
      reportId: null,
    }));
    await put(site.store, { ...one, open: false }, reports, steps);
    await site.clock.pass(61_000);
    for (const [path, said] of [
      ['/', 'more'],
      // Every one is named, if not drawn.
      ['/country/ru', `/service/${services.at(-1)!.id}?`],
      [`/service/${services[0]!.id}`, '/country/es?'],
      [`/incident/${id}`, '270 more'],
    ] as const) {
      const { text } = await site.get(`${path}?lang=fa`);
      const english = await site.get(`${path}?lang=en`);
      expect(Buffer.byteLength(text), path).toBeLessThan(60_000);
      expect(english.text, path).toContain(said);
      checkMarkup(english.text);
    }
  }, 60_000);
});

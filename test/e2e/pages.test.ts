/** The pages in a real browser: legible to everyone, complete without JavaScript, one request each, nothing to be scrolled sideways. */
import { createRequire } from 'node:module';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LeaseName } from '../../src/core/ports/leases.ts';
import { describeIf } from '../fakes/shared.ts';
import { healthy, source } from '../unit/commands/support.ts';
import { seed } from '../unit/web/site/seed.ts';
import { openTestSite, type TestSite } from '../unit/web/site/support.ts';
import { chromiumPath } from './chromium.ts';

const PAGES = {
  home: '/',
  country: '/country/ru',
  service: '/service/whatsapp',
  incident: '/incident/RU-whatsapp-3f9k',
  search: '/search?q=telegram+ru',
  sources: '/sources',
  missing: '/nothing/here',
};
const LOOKS = ['light', 'dark'] as const;
const WIDTHS = [360, 1440];

let site: TestSite;
let browser: Browser;
const addressOf = (path: string, lang: string) => `${site.url}${path}${path.includes('?') ? '&' : '?'}lang=${lang}`;

describeIf(chromiumPath, 'needs a Chromium', 'in Chromium', () => {
  beforeAll(async () => {
    const agent = { id: 'a', country: 'EE', asn: 'AS64500', lastSeenAt: 1_700_000_001_234, stopped: false, dropped: 0 };
    const health = {
      ...healthy,
      sources: [
        source(),
        source({ id: 'b', label: 'B', failingSince: 1 }),
        source({ id: 'c', label: 'C', stale: true }),
      ],
      agents: [{ ...agent, missing: false }],
    };
    const lease = (name: LeaseName) => ({ name, processId: 'p1', epoch: 1, since: 0, endsIn: 5_000 });
    const processes = ['p1', 'p2'].map((id) => ({
      id,
      label: '',
      roles: [],
      waitsFor: [],
      startedAt: 0,
      seenAt: 0,
    }));
    const leases = { leases: [lease('ingest'), lease('send/tg')], processes };
    site = await openTestSite({ health, leases });
    await seed(site.store, site.clock.now());
    // Root may not use the sandbox, and needs none here: the pages are ours.
    browser = await chromium.launch({ executablePath: chromiumPath!, args: ['--no-sandbox'] });
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });

  const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

  /** The first look is judged by every rule; others by those that colours and widths decide. */
  const look = (whole: boolean): string =>
    whole
      ? '{}'
      : "{ runOnly: ['color-contrast', 'link-in-text-block', 'scrollable-region-focusable', 'target-size'] }";

  test.concurrent.each(['en', 'ru', 'ar', 'fa'])(
    '%s, light and dark, 360 and 1440 px: no violation of axe, no scrolling sideways, one request a page, no word of trouble',
    async (lang) => {
      const context = await browser.newContext({ bypassCSP: true });
      const page = await context.newPage();
      const trouble: string[] = [];
      page.on('console', (message) => void trouble.push(message.text()));
      page.on('pageerror', (error) => void trouble.push(error.message));
      const requests: string[] = [];
      page.on('request', (one) => void requests.push(one.url()));
      const found: Record<string, unknown> = {};
      for (const [name, path] of Object.entries(PAGES)) {
        requests.length = 0;
        await page.goto(addressOf(path, lang));
        expect(requests.filter((one) => !one.startsWith('data:'))).toHaveLength(1);
        // Folded parts are judged, too.
        await page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true");
        await page.addScriptTag({ path: axe });
        for (const colorScheme of LOOKS)
          for (const width of WIDTHS) {
            await page.emulateMedia({ colorScheme });
            await page.setViewportSize({ width, height: 800 });
            const whole = colorScheme === 'light' && width === WIDTHS[0];
            const beyond = await page.evaluate(
              'document.documentElement.scrollWidth - document.documentElement.clientWidth',
            );
            const violations = (await page.evaluate(
              `axe.run(document, { resultTypes: ['violations'], ...${look(whole)} }).then((all) => all.violations.map((one) => one.id + ': ' + one.nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(' | ')))`,
            )) as string[];
            if (violations.length > 0 || beyond !== 0)
              found[`${name} ${colorScheme} ${width}`] = { violations, beyond };
          }
      }
      await context.close();
      expect(found).toEqual({});
      expect(trouble.filter((one) => !one.includes('404'))).toEqual([]);
    },
    240_000,
  );

  test('JavaScript off, and the policy in force: the same text, the style applied, nothing refused', async () => {
    const texts: string[][] = [];
    for (const javaScriptEnabled of [true, false]) {
      const context = await browser.newContext({ javaScriptEnabled });
      const page = await context.newPage();
      const refused: string[] = [];
      page.on('console', (message) => void refused.push(message.text()));
      const seen: string[] = [];
      for (const path of Object.values(PAGES)) {
        await page.goto(addressOf(path, 'en'));
        seen.push((await page.locator('body').textContent()) ?? '');
      }
      expect((await page.locator('main').boundingBox())!.width).toBe(992);
      texts.push(seen);
      expect(refused.filter((one) => !one.includes('404'))).toEqual([]);
      await context.close();
    }
    expect(texts[0]).toEqual(texts[1]);
    expect(texts[0]!.every((one) => one.length > 200)).toBe(true);
  }, 60_000);

  test('by keyboard: the first stop leads past the head of the page, each stop can be seen', async () => {
    const page = await browser.newPage();
    await page.goto(addressOf('/', 'en'));
    await page.keyboard.press('Tab');
    const skip = page.locator('a.skip');
    expect(await skip.evaluate((one) => (one as { matches(selector: string): boolean }).matches(':focus'))).toBe(true);
    expect((await skip.boundingBox())!.y).toBeGreaterThanOrEqual(0);
    await page.keyboard.press('Enter');
    expect(await page.evaluate('document.activeElement.id')).toBe('content');
    await page.keyboard.press('Tab');
    const outline = await page.evaluate('getComputedStyle(document.activeElement).outlineStyle');
    expect(outline).toBe('solid');
    await page.close();
  });

  test('from the search to an incident and into another language, as a person would', async () => {
    const page = await browser.newPage();
    await page.goto(addressOf('/', 'en'));
    await page.fill('input[type=search]', 'whatsapp russia');
    await page.keyboard.press('Enter');
    await page.click('text=Russia: WhatsApp blocked');
    expect(page.url()).toContain('/incident/RU-whatsapp-3f9k?lang=en');
    await page.click('.languages summary');
    await page.click('text=Русский');
    expect(page.url()).toContain('/incident/RU-whatsapp-3f9k?lang=ru');
    expect(await page.locator('h1').textContent()).toContain('Россия');
    expect(await page.context().cookies()).toEqual([]);
    await page.close();
  });

  test('360 px, each language: what the search asks for fits into its field', async () => {
    const page = await browser.newPage({ viewport: { width: 360, height: 640 } });
    const room = `(() => {
      const field = document.querySelector('#q');
      const { font } = getComputedStyle(field, '::placeholder');
      const pen = document.createElement('canvas').getContext('2d');
      pen.font = font;
      const { paddingLeft, paddingRight } = getComputedStyle(field);
      return field.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight) - pen.measureText(field.placeholder).width;
    })()`;
    const tight: string[] = [];
    for (const { code } of site.deps.translators.languages) {
      await page.goto(addressOf('/', code));
      if (((await page.evaluate(room)) as number) < 0) tight.push(code);
    }
    expect(tight).toEqual([]);
    await page.close();
  });

  test('on paper: dark or not, black on white, with the addresses of the sources', async () => {
    const page = await browser.newPage({ colorScheme: 'dark' });
    await page.goto(addressOf('/incident/RU-whatsapp-3f9k', 'en'));
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(255, 255, 255)');
    const sizes = (await page.evaluate(
      "['body', 'tbody th', 'tbody td'].map((one) => getComputedStyle(document.querySelector(one)).fontSize)",
    )) as string[];
    expect(new Set(sizes).size).toBe(1);
    expect(await page.evaluate("getComputedStyle(document.querySelector('tbody a.out'), '::after').content")).toContain(
      'bbc.example',
    );
    await page.close();
  });
});

/** The page that measures from the reader's own line, in a real browser: each row is a line as the browser meets it, and how a person should read it. */
import { createRequire } from 'node:module';
import { type Browser, type BrowserContext, chromium, type Route } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeIf } from '../fakes/shared.ts';
import { openTestSite, type TestSite } from '../unit/web/site/support.ts';
import { chromiumPath } from './chromium.ts';

const here = {
  abroad: ['a.neutral.example', 'b.neutral.example'],
  home: { RU: ['home.example'] },
  framedBy: ['messenger.example'],
  services: {
    whatsapp: ['www.whatsapp.example', 'web.whatsapp.example'],
    telegram: ['telegram.example', 'web.telegram.example'],
    signal: ['signal.example'],
  },
};

let site: TestSite;
let browser: Browser;

type Met = 'opens' | 'refused' | 'silent' | 'missing';
const CODES = { refused: 'connectionrefused', silent: 'timedout', missing: 'namenotresolved' } as const;

interface Line {
  /** The device's clock; absent: of the country named. */
  timeZone?: string;
  /** Another page of this site has left a worker that answers for it. */
  worker?: boolean;
  offline?: boolean;
  /** By part of a host's name; everything else opens. */
  met?: Record<string, Met>;
  /** This server, once the page is there. */
  own?: 'opens' | 'portal' | 'gone';
  blocker?: boolean;
}

interface Said {
  line: string;
  blocker: boolean;
  services: { id: string; verdict: string }[];
}

const fulfil = (route: Route, met: Met) =>
  met === 'opens' ? route.fulfill({ status: 404, body: '' }) : route.abort(CODES[met]);

/** It answers whatever is asked with an empty page, as a portal's or another program's on this address might. */
async function leaveWorker(context: BrowserContext): Promise<void> {
  await context.route('**/other/**', (route) =>
    route.request().url().endsWith('.js')
      ? route.fulfill({ contentType: 'text/javascript', headers: { 'service-worker-allowed': '/' }, body: WORKER })
      : route.fulfill({ contentType: 'text/html', body: '<title>Another</title>' }),
  );
  const page = await context.newPage();
  await page.goto(`${site.url}/other/page`);
  await page.evaluate(
    "navigator.serviceWorker.register('/other/worker.js', { scope: '/' }).then(() => navigator.serviceWorker.ready)",
  );
  await page.close();
}
const WORKER = `
addEventListener('install', () => skipWaiting());
addEventListener('activate', (event) => event.waitUntil(clients.claim()));
addEventListener('fetch', (event) => { if (event.request.mode === 'no-cors' && !event.request.url.startsWith(location.origin)) event.respondWith(new Response('')); });
`;

async function onLine({
  met = {},
  own = 'opens',
  blocker = false,
  timeZone = 'Europe/Moscow',
  worker = false,
  offline = false,
}: Line): Promise<Said & { text: string; form: boolean; asked: Set<string> }> {
  const context = await browser.newContext({ viewport: { width: 360, height: 740 }, timezoneId: timeZone });
  try {
    if (worker) await leaveWorker(context);
    const page = await context.newPage();
    const trouble: string[] = [];
    page.on('pageerror', (error) => void trouble.push(error.message));
    page.on('console', (message) => void (/Content Security/.test(message.text()) && trouble.push(message.text())));
    const asked = new Set<string>();
    await page.goto(`${site.url}/here?country=ru&lang=en`);
    await page.route('**/*', (route) => {
      const { hostname, pathname } = new URL(route.request().url());
      if (hostname === '127.0.0.1') {
        if (blocker && pathname.includes('/ads/')) return route.abort('blockedbyclient');
        if (own === 'gone') return route.abort('internetdisconnected');
        if (own === 'portal') return route.fulfill({ status: 200, body: '<h1>Sign in</h1>' });
        return route.continue();
      }
      asked.add(hostname);
      const found = Object.entries(met).find(([part]) => hostname.includes(part));
      return fulfil(route, found ? found[1] : 'opens');
    });
    if (offline) await context.setOffline(true);
    await page.click('#here-start');
    await page.waitForSelector('#here[data-done]', { timeout: 20_000 });
    const said = JSON.parse((await page.getAttribute('#here', 'data-done'))!) as Said;
    const text = await page.innerText('#here-told');
    expect(trouble).toEqual([]);
    return { ...said, text, form: await page.isVisible('#here-tell'), asked };
  } finally {
    await context.close();
  }
}

const all: Record<string, Met> = { example: 'silent' };
const ROWS: [string, Line, string, Record<string, string>][] = [
  ['nothing wrong', {}, 'fine', {}],
  ['a name that is not found', { met: { 'whatsapp.example': 'missing' } }, 'fine', { whatsapp: 'fails' }],
  ['a connection that is refused', { met: { 'whatsapp.example': 'refused' } }, 'fine', { whatsapp: 'fails' }],
  ['silence', { met: { 'signal.example': 'silent' } }, 'fine', { signal: 'fails' }],
  ['one of two hosts', { met: { 'web.telegram': 'refused' } }, 'fine', { telegram: 'partly' }],
  ['the line is down', { met: all, own: 'gone' }, 'line', {}],
  ['a portal that wants a sign-in', { met: { example: 'refused' }, own: 'portal' }, 'portal', {}],
  ['the border is cut', { met: { 'home.example': 'opens', example: 'silent' } }, 'border', {}],
  ['this site alone opens', { met: all }, 'unclear', {}],
  ['the controls are blocked', { met: { neutral: 'silent' } }, 'controls', {}],
  ['one control is blocked', { met: { 'a.neutral': 'silent' } }, 'fine', {}],
  ['hosts of the country are down', { met: { 'home.example': 'silent' } }, 'fine', {}],
  [
    'a blocker of advertisements',
    { blocker: true, met: { 'web.whatsapp': 'refused' } },
    'fine',
    { whatsapp: 'unclear' },
  ],
];

describeIf(chromiumPath, 'needs a Chromium', 'in Chromium', () => {
  beforeAll(async () => {
    site = await openTestSite({ here });
    browser = await chromium.launch({ executablePath: chromiumPath!, args: ['--no-sandbox'] });
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });

  test.each(ROWS)(
    '%s: as a person should read it',
    async (_, line, expected, services) => {
      const said = await onLine(line);
      expect(said.line).toBe(expected);
      const names = ['fine', 'shaky', 'controls'].includes(expected) ? Object.keys(here.services) : [];
      expect(Object.fromEntries(said.services.map(({ id, verdict }) => [id, verdict]))).toEqual(
        Object.fromEntries(names.map((id) => [id, services[id] ?? 'works'])),
      );
    },
    30_000,
  );

  test('the clock is that of the country named: nothing is asked; it is of another one: whether a VPN is on', async () => {
    const question = 'clock is that of another country';
    expect((await onLine({})).text).not.toContain(question);
    expect((await onLine({ timeZone: 'America/New_York' })).text).toContain(question);
  }, 30_000);

  test('the device is offline: that is said, and no service named', async () => {
    const said = await onLine({ offline: true, met: all, own: 'gone' });
    expect([said.line, said.services]).toEqual(['offline', []]);
  }, 30_000);

  test('a worker of another page answers in place of everybody: something in the browser is named, and nothing can be sent', async () => {
    const said = await onLine({ worker: true });
    expect(said.blocker).toBe(true);
    expect(said.text).toContain('Something in your browser');
    expect(said.form).toBe(false);
  }, 30_000);

  test('what opened a minute ago is no answer now: nothing is read from a cache', async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    let silent = false;
    await page.goto(`${site.url}/here?country=ru&lang=en`);
    await page.route(/https:/, (route) =>
      silent && route.request().url().includes('signal')
        ? route.abort('timedout')
        : route.fulfill({ status: 200, headers: { 'cache-control': 'public, max-age=86400' }, body: 'x' }),
    );
    const verdict = async () => {
      await page.evaluate("document.getElementById('here').removeAttribute('data-done')");
      await page.click('#here-start');
      await page.waitForSelector('#here[data-done]', { timeout: 20_000 });
      const { services } = JSON.parse((await page.getAttribute('#here', 'data-done'))!) as Said;
      return services.find(({ id }) => id === 'signal')!.verdict;
    };
    expect(await verdict()).toBe('works');
    silent = true;
    expect(await verdict()).toBe('fails');
    await context.close();
  }, 60_000);

  test('its reader sends it, once asked: counted under no name; the same page again is known; where the line is at fault nothing is asked', async () => {
    const context = await browser.newContext({ timezoneId: 'Europe/Moscow' });
    const page = await context.newPage();
    const posts: string[] = [];
    page.on('request', (one) => void (one.method() === 'POST' && posts.push(one.postData() ?? '')));
    await page.goto(`${site.url}/here?country=ru&lang=en`);
    await page.route(/https:/, (route) =>
      fulfil(route, route.request().url().includes('whatsapp') ? 'refused' : 'opens'),
    );
    for (const said of ['Counted. Thank you!', 'You have said so already']) {
      await page.click('#here-start');
      await page.waitForSelector('#here-tell:not([hidden])', { timeout: 20_000 });
      await page.click('#here-tell button');
      await expect.poll(() => page.textContent('#here-sent'), { timeout: 20_000 }).toContain(said);
    }
    expect(await site.store.readers.counts({ since: 0, limit: 100 })).toMatchObject(
      [
        ['signal', 'works'],
        ['telegram', 'works'],
        ['whatsapp', 'fails'],
      ].map(([service, verdict]) => ({
        service,
        verdict,
        country: 'RU',
        operator: '',
        door: 'page',
        people: 1,
        settled: 0,
      })),
    );
    const { report } = JSON.parse(posts[0]!) as { report: string };
    expect(Object.keys(JSON.parse(report) as object).toSorted()).toEqual([
      'at',
      'country',
      'operator',
      'to',
      'verdicts',
      'voice',
    ]);
    await context.close();
    expect((await onLine({ met: { 'home.example': 'opens', example: 'silent' } })).form).toBe(false);
  }, 60_000);

  test('others said the same within the hour: told with what fails here, from ten people on', async () => {
    const speak = (service: string, people: number) =>
      Array.from({ length: people }, (_, n) =>
        site.deps.readerReports!.take({
          country: 'RU',
          door: 'chat',
          token: `${service} ${n}`,
          verdicts: [{ service, verdict: 'fails' }],
        }),
      );
    await Promise.all([...speak('whatsapp', 12), ...speak('signal', 8)]);
    // What was made before stands for some seconds.
    await site.clock.pass(20_000);
    const { text } = await onLine({ met: { 'whatsapp.example': 'refused', 'signal.example': 'refused' } });
    expect(text).toMatch(/WhatsApp: .*does not work for 1[23]/u);
    expect(text).not.toContain('Signal: ');
    expect((await onLine({})).text, 'where it opens').not.toContain('does not work for');
  }, 30_000);

  test('before it is told to, it asks nobody; then the hosts of its policy alone; it keeps nothing', async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    const asked: string[] = [];
    page.on('request', (one) => void asked.push(one.url()));
    const answer = await page.goto(`${site.url}/here?country=ru&lang=en`);
    await page.waitForTimeout(300);
    expect(asked.filter((one) => !one.startsWith('data:'))).toHaveLength(1);
    const policy = answer!.headers()['content-security-policy']!;
    expect(policy).not.toContain('unsafe');
    const { asked: hosts } = await onLine({});
    for (const host of hosts) expect(policy).toContain(`https://${host}`);
    expect(hosts.size).toBe(8);
    expect(await context.cookies()).toEqual([]);
    const script = (await answer!.text()).split('<script>')[1]!.split('</script>')[0]!;
    expect(Buffer.byteLength(script)).toBeLessThan(15_000);
    expect(policy).toContain('frame-ancestors https://messenger.example');
    for (const path of ['/', '/country/ru', '/here?lang=en']) {
      const other = await site.get(path);
      expect(other.text).not.toContain('<script');
      expect(other.headers.get('content-security-policy')).not.toContain('script-src');
    }
    await context.close();
  }, 30_000);

  const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

  test.each(['en', 'ru', 'fa', 'zh'])(
    '%s, 360 px, light and dark: no violation of axe, no scrolling sideways, before and after',
    async (lang) => {
      const context = await browser.newContext({ bypassCSP: true, viewport: { width: 360, height: 740 } });
      const page = await context.newPage();
      await page.goto(`${site.url}/here?country=ru&lang=${lang}`);
      await page.addScriptTag({ path: axe });
      await page.route('**/*', (route) =>
        fulfil(route, route.request().url().includes('whatsapp') ? 'refused' : 'opens'),
      );
      const found: unknown[] = [];
      for (const step of ['before', 'after']) {
        if (step === 'after') {
          await page.unroute('**/*');
          await page.route(/https:/, (route) =>
            fulfil(route, route.request().url().includes('whatsapp') ? 'refused' : 'opens'),
          );
          await page.click('#here-start');
          if (process.env.TOCSIN_SCREENSHOTS)
            await page.screenshot({ path: `${process.env.TOCSIN_SCREENSHOTS}/${lang}-during.png` });
          await page.waitForSelector('#here[data-done]', { timeout: 20_000 });
        }
        for (const colorScheme of ['light', 'dark'] as const) {
          await page.emulateMedia({ colorScheme });
          found.push(
            ...((await page.evaluate(
              "axe.run(document, { resultTypes: ['violations'] }).then((all) => all.violations.map((one) => one.id + ': ' + one.nodes.map((node) => node.html.slice(0, 160)).join(' | ')))",
            )) as string[]),
          );
        }
        found.push(
          ...(((await page.evaluate(
            'document.documentElement.scrollWidth - document.documentElement.clientWidth',
          )) as number) > 0
            ? ['sideways']
            : []),
        );
        if (process.env.TOCSIN_SCREENSHOTS)
          await page.screenshot({ path: `${process.env.TOCSIN_SCREENSHOTS}/${lang}-${step}.png`, fullPage: true });
      }
      await context.close();
      expect(found).toEqual([]);
    },
    60_000,
  );
});

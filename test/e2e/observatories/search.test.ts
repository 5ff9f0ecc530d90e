/** A running program reads one outlet's feed and looks through a stand-in for GDELT's article list: whose title rings beside the feed, and whose does not. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { counted, eventually, MINUTE, rudeness, type World, world } from './world.ts';

let rows: { title: string; url: string }[] = [];
let server: Awaited<ReturnType<typeof counted>>;
let w: World;
/** When the list was made; it is made anew each minute. */
const builtAt = () => Math.floor(Date.now() / MINUTE) * MINUTE;
const gmt = (at: number) => new Date(at).toUTCString();
const list = () =>
  `<?xml version="1.0"?><rss version="2.0"><channel><lastBuildDate>${gmt(builtAt())}</lastBuildDate>${rows
    .map(
      ({ title, url }) =>
        `<item><title>${title}</title><link>${url}</link><pubDate>${gmt(Date.now() - MINUTE)}</pubDate></item>`,
    )
    .join('')}</channel></rss>`;
const feed = () =>
  `<?xml version="1.0"?><rss version="2.0"><channel><title>Daily Monitor</title><item><title>Uganda blocks Telegram ahead of the election</title><link>https://www.monitor.co.ug/news/1</link><guid>1</guid><description>The Uganda Communications Commission ordered operators to block Telegram on Monday.</description><pubDate>${gmt(Date.now() - 2 * MINUTE)}</pubDate></item></channel></rss>`;

beforeAll(async () => {
  server = await counted((request, response) => {
    const body = request.url === '/monitor.xml' ? feed() : request.url === '/gal/feed.rss' ? list() : null;
    response.writeHead(body === null ? 404 : 200, { 'content-type': 'application/xml' }).end(body ?? '');
  });
  w = await world(
    {
      sources: [
        {
          id: 'monitor',
          kind: 'rss',
          url: `${server.url}/monitor.xml`,
          publisher: 'monitor.co.ug',
          name: 'Daily Monitor',
          cron: '*/3 * * * * *',
        },
        { id: 'gdelt', kind: 'search', url: `${server.url}/gal/feed.rss`, cron: '*/3 * * * * *' },
      ],
    },
    { follow: 'uganda' },
  );
}, 90_000);
afterAll(async () => {
  await w?.close();
  await server?.close();
});

const looks = () => server.requests.filter(({ path }) => path.startsWith('/gal/'));
/** Two more looks through the list as it is now. */
async function looked(): Promise<void> {
  const before = looks().length;
  await eventually(
    async () => looks().length,
    (n) => n >= before + 3,
    30_000,
  );
}

test('one outlet by its feed: nobody is notified; its owner’s other title, its own article and an aggregator in the index: neither', async () => {
  rows = [
    {
      title: 'Telegram blocked in Uganda, regulator confirms',
      url: 'https://nation.africa/kenya/news/telegram-uganda-1',
    },
    { title: 'Uganda blocks Telegram ahead of the election', url: 'https://www.monitor.co.ug/news/1' },
    {
      title: 'Users in Uganda lose access to Telegram after government order',
      url: 'https://www.msn.com/en-xl/africa/1',
    },
    { title: 'Uganda Cranes win in Kampala', url: 'https://www.newvision.co.ug/sport/1' },
  ];
  await looked();
  expect(await w.heard()).toEqual([]);
}, 60_000);

test('twenty domains that nobody has met, in one answer: nobody is notified', async () => {
  rows = Array.from({ length: 20 }, (_, i) => ({
    title: `Telegram is shut off in Uganda, ${['users', 'sources', 'readers', 'experts'][i % 4]} ${i} say`,
    url: `https://uganda-times-${i}.example/telegram-shut-off-in-uganda`,
  }));
  await looked();
  expect(await w.heard()).toEqual([]);
}, 60_000);

test('another owner’s title in the index: the second voice, which rings, with both linked', async () => {
  rows = [
    { title: 'Uganda cuts off access to Telegram as election nears', url: 'https://chimpreports.com/uganda-telegram/' },
  ];
  const alert = await w.ann.chat.waitFor({ contains: 'UG-telegram-', timeout_ms: 40_000 });
  expect(alert.text).toMatch(/^🔴 Uganda: Telegram blocked/);
  expect(alert.text).toMatch(/Corroborated: 2 outlets/);
  expect(alert.text).toContain('Daily Monitor, ChimpReports');
  expect(JSON.stringify(alert)).toContain('https://chimpreports.com/uganda-telegram');
  expect(JSON.stringify(alert)).toContain('monitor.co.ug');
  const russian = await w.olga.chat.waitFor({ contains: 'UG-telegram-', timeout_ms: 20_000 });
  expect(russian.text).toMatch(/^🔴 Уганда: /);
}, 60_000);

test('all the while: two seconds apart; about names the index', async () => {
  expect(rudeness(looks())).toEqual([]);
  await w.ann.send('/about');
  const about = await w.ann.chat.waitFor({ contains: 'GDELT', timeout_ms: 10_000 });
  expect(about.text).toContain('News index: The GDELT Project');
});

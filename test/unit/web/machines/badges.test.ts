import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Incident } from '../../../../src/core/model/incident.ts';
import { isWhole, WHOLE } from '../../../fakes/packs.ts';
import { openTestSite, type TestSite } from '../site/support.ts';
import { HOUR, put } from './world.ts';

let site: TestSite;
beforeEach(async () => {
  site = await openTestSite();
});
afterEach(() => site.close());

const badge = async (path: string) => {
  const { status, headers, text } = await site.get(path);
  expect([status, headers.get('content-type'), headers.get('cache-control')]).toEqual([
    200,
    'image/svg+xml; charset=utf-8',
    'public, max-age=5',
  ]);
  return text;
};
const titleOf = (svg: string) => /<title>(.*?)<\/title>/.exec(svg)![1];

test.each<[string, Partial<Incident> | null, string]>([
  ['blocked', { action: 'block' }, 'Russia: WhatsApp – blocked'],
  ['restricted', { action: 'restrict' }, 'Russia: WhatsApp – partly restricted'],
  ['throttled', { action: 'throttle' }, 'Russia: WhatsApp – slowed down'],
  ['shut down with the network', { action: 'shutdown', service: 'internet' }, 'Russia: WhatsApp – shut down'],
  [
    'lifted',
    { state: 'lifted', open: false, liftConfidence: 'corroborated', closedAt: Date.UTC(2026, 10, 25, 11) },
    'Russia: WhatsApp – open',
  ],
  ['taken back', { state: 'withdrawn', open: false }, 'Russia: WhatsApp – unknown'],
  ['long ago, and nobody said since', { openedAt: Date.UTC(2026, 5, 1) }, 'Russia: WhatsApp – unknown'],
  ['one outlet’s word', { confidence: 'reported' }, 'Russia: WhatsApp – blocked (reported)'],
  ['nothing known', null, 'Russia: WhatsApp – unknown'],
])('%s: by word and by colour, with a title that is read aloud', async (_name, over, title) => {
  if (over) await put(site, { confidence: 'corroborated', ...over });
  const svg = await badge('/badge/ru-whatsapp.svg');
  expect(titleOf(svg)).toBe(title);
  expect(svg).toContain(`role="img" aria-label="${title}"`);
});

test('each state has a colour on which white can be read', async () => {
  const colours = new Set<string>();
  for (const [i, action] of (['block', 'throttle', 'shutdown'] as const).entries()) {
    await put(site, { id: `RU-x-${i}`, action, service: ['whatsapp', 'signal', 'telegram'][i]! });
    const svg = await badge(`/badge/ru-${['whatsapp', 'signal', 'telegram'][i]}.svg`);
    colours.add(/<path d="[^"]+" fill="(#\w+)"/.exec(svg)![1]!);
  }
  colours.add(/<path d="[^"]+" fill="(#\w+)"/.exec(await badge('/badge/de-signal.svg'))![1]!);
  expect(colours.size).toBe(4);
  for (const colour of colours) expect(contrastWithWhite(colour)).toBeGreaterThanOrEqual(4.5);
});

/** WCAG 2.2, relative luminance. */
function contrastWithWhite(colour: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 1.05 / (0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05);
}

test('in ten languages; from right to left the label stands on the right', async () => {
  await put(site);
  const titles = new Set<string | undefined>();
  for (const { code } of site.deps.translators.languages.filter(isWhole)) {
    const svg = await badge(`/badge/ru-whatsapp.svg?lang=${code}`);
    titles.add(titleOf(svg));
    expect(svg).toContain(`lang="${code}"`);
    const [label, word] = [...svg.matchAll(/<text x="([\d.]+)"/g)].map(([, x]) => Number(x)) as [number, number];
    expect(label > word).toBe(code === 'ar' || code === 'fa');
  }
  expect(titles.size).toBe(WHOLE.length);
});

test('what it rests on: a long-standing block of the public record, too', async () => {
  const own = await openTestSite({
    baseline: [
      {
        country: 'CN',
        service: 'signal',
        action: 'block',
        since: Date.UTC(2021, 2, 16),
        reference: 'https://a.example/',
      } as never,
    ],
  });
  expect(titleOf((await own.get('/badge/cn-signal.svg')).text)).toBe('China: Signal – blocked');
  await own.close();
});

test.each([
  '/badge/zz-whatsapp.svg',
  '/badge/ru-nothing.svg',
  '/badge/ru.svg',
  '/badge/ru-whatsapp.png',
  '/badge/%3Cscript%3E-x.svg',
  '/badge/__proto__',
])('%s: 404 with a remedy', async (path) => {
  const { status, text } = await site.get(path);
  expect([status, JSON.parse(text)]).toMatchObject([404, { status: 404 }]);
  expect(text).not.toContain('<script');
});

test('as it was: 304; what changes shows within some seconds', async () => {
  const first = await site.get('/badge/ru-whatsapp.svg');
  const known = { 'if-none-match': first.headers.get('etag')! };
  expect((await site.get('/badge/ru-whatsapp.svg', known)).status).toBe(304);
  await put(site, { openedAt: site.clock.now() - HOUR });
  await site.clock.pass(6_000);
  expect((await site.get('/badge/ru-whatsapp.svg', known)).status).toBe(200);
});

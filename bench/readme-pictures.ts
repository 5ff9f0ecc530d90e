/**
 * The pictures of the README, anew: alerts of `tocsin demo` on a screen of a phone's size, and the status page on an invented record, light and dark.
 * `node bench/readme-pictures.ts`; needs a Chromium. Writes `docs/pictures/`.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { escaped } from '../src/core/picture.ts';
import { chromiumPath } from '../test/e2e/chromium.ts';
import { healthy, source } from '../test/unit/commands/support.ts';
import { seed } from '../test/unit/web/site/seed.ts';
import { openTestSite } from '../test/unit/web/site/support.ts';

const root = join(import.meta.dirname, '..');
const into = join(root, 'docs/pictures');
mkdirSync(into, { recursive: true });
const browser = await chromium.launch({ executablePath: chromiumPath!, args: ['--no-sandbox'] });

/** Colours of the marks, drawn: not every machine that makes these pictures has them as letters. */
const MARKS: Record<string, string> = { '🔴': '#dd2e44', '🟠': '#f4900c', '🟢': '#78b159', '⚫': '#31373d' };
const drawn = (text: string): string =>
  text.replaceAll(/[🔴🟠🟢⚫]/gu, (mark) => `<i style="background:${MARKS[mark]}"></i>`);

/**
 * The block of the demo's week and its end, a bubble each, as they rang; addresses of sources are links there, and not seen. That it was slowed down the
 * day before is left out: who sees this for the first time looks for three seconds.
 */
const week = readFileSync(join(root, 'docs/demo.jsonl'), 'utf8').split('\n').slice(4).join('\n');
const { stdout } = spawnSync(process.execPath, [join(root, 'src/main.ts'), 'replay', '-'], {
  encoding: 'utf8',
  input: week,
});
const messages = [...stdout.matchAll(/^── (\S+) (\S+) UTC · (\w+) ──\n([\s\S]*?)\n\n/gmu)];
const bubble = (kind: string, only = Number.POSITIVE_INFINITY): string => {
  const [, day, time, , text] = messages.find((one) => one[3] === kind)!;
  const [head, ...rest] = text!
    .replaceAll(/ \(https?:[^)]*\)/gu, '')
    .split('\n')
    .slice(0, only)
    .map(escaped);
  const [what, ...more] = head!.split(' · ');
  const lines = [...(more.length > 0 ? [more.join(' · ')] : []), ...rest.map((line) => line.replace(/^- /u, '• '))];
  const date = new Date(day!).toLocaleDateString('en', { day: 'numeric', month: 'long', timeZone: 'UTC' });
  return `<h2>${date}</h2><p><b>${drawn(what!)}</b>${lines.map((line) => `<br>${line}`).join('')}<time>${time}</time></p>`;
};
const chat = `<style>body{margin:0;background:#dfe7ef;font:15px/1.4 system-ui,"Noto Sans",sans-serif;color:#111}header{background:#fff;padding:.8rem 1rem;font-weight:700;border-bottom:1px solid #ccd5de}i{display:inline-block;width:.85em;height:.85em;border-radius:50%;vertical-align:-.08em}header span{display:block;font-weight:400;color:#667;font-size:.85em}h2{font:600 .8em/1 system-ui,"Noto Sans",sans-serif;color:#fff;background:#8fa3b5;width:max-content;margin:.9rem auto .5rem;padding:.35rem .7rem;border-radius:1rem}p{margin:0 .8rem;max-width:20rem;background:#fff;border-radius:.9rem;padding:.6rem .85rem;overflow-wrap:anywhere}b{font-size:1.15em}time{display:block;text-align:end;color:#667;font-size:.8em}body{padding-bottom:.9rem}</style><header>Tocsin<span>bot</span></header>${bubble('new')}${bubble('lifted', 1)}`;
const phone = await browser.newPage({ viewport: { width: 380, height: 480 } });
await phone.setContent(chat);
await phone.screenshot({ path: join(into, 'alert.png'), fullPage: true });

const site = await openTestSite({ health: { ...healthy, sources: [source()] } });
await seed(site.store, site.clock.now());
for (const [name, colorScheme, width, height] of [
  ['page-light', 'light', 1000, 640],
  ['page-dark', 'dark', 380, 640],
] as const) {
  const page = await browser.newPage({ viewport: { width, height }, colorScheme });
  await page.goto(`${site.url}/?lang=en`);
  await page.screenshot({ path: join(into, `${name}.png`) });
}
await browser.close();
await site.close();

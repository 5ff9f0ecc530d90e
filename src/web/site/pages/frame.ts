import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { BELL, THEMES } from '../../../core/picture.ts';
import { creditLine } from '../../../core/render/evidence.ts';
import { type Html, html, inlineHtml, outward, raw, type View } from '../html.ts';
import type { WorldNow } from '../known.ts';
import { feedLinks, scopeOfPage } from '../machines/asked.ts';
import type { Made } from '../shelf.ts';
import { joined, patterns, sizeOf, variableOf } from './lines.ts';

/** Colours of the marks are those of the chat's pictures; they stand where `style.css` has the comment of their theme. */
const coloursOf = (name: 'light' | 'dark'): string =>
  Object.entries(THEMES[name])
    .filter(([mark]) => mark !== 'cut')
    .map(([mark, colour]) => `--${variableOf(mark)}:${colour};`)
    .join('');

/** As it stands in the page, byte for byte: its digest is what the policy allows. */
const STYLE = readFileSync(new URL('./style.css', import.meta.url), 'utf8')
  .replace(/\n/gu, '')
  .replace(/\/\*(light|dark)\*\//gu, (_, name: 'light' | 'dark') => coloursOf(name));

const digest = createHash('sha256').update(STYLE).digest('base64');

/** Nothing runs, nothing is loaded from anywhere, nothing is framed; a form leads to this site alone. */
const policyOf = (own: string, framedBy: readonly string[] = []): string =>
  `default-src 'none'; style-src 'sha256-${digest}'; ${own}; form-action 'self'; base-uri 'none'; frame-ancestors ${framedBy.map((host) => `https://${host}`).join(' ') || "'none'"}`;

const bell = (fill: string, more = ''): string =>
  `<svg ${more} viewBox="0 0 24 24"><path d="${BELL}" fill="${fill}"/></svg>`;
const DECORATION = 'aria-hidden="true" focusable="false"';
const FAVICON = `data:image/svg+xml,${encodeURIComponent(bell('#cf222e', 'xmlns="http://www.w3.org/2000/svg"'))}`;

interface Page {
  /** Of the window, and of what others show as a link. */
  title: string;
  /** What it tells, in a sentence, for what others show as a link; absent: what this all is. */
  summary?: string;
  /** As in `View.to`. */
  path: string;
  query?: Record<string, string | number>;
  /** Path of a picture of it. */
  picture?: { path: string; alt: string };
  /** A function: of how many bytes there is room for. */
  body: Html | ((bytes: number) => Html);
  /** When what it tells was read; absent: just now. */
  read?: WorldNow['read'];
  /** Default 200. */
  status?: number;
  /** Nothing to be found by: it is made of what somebody typed. */
  unlisted?: boolean;
  /** Absent, as on all pages but one: nothing runs. `policy`: what it may do, and what pictures may come from. `framedBy`: hosts. */
  script?: { text: string; policy: string; framedBy: readonly string[] };
}

const VARY = 'accept-encoding, accept-language';
/** No page is larger, in bytes. */
const MOST = 59_500;

/** A whole page; complete in itself: it asks for nothing else. */
export async function framed(page: Page, view: View): Promise<Made> {
  const { words, deps, rtl } = view;
  const at = deps.publicUrl;
  const summary = page.summary ?? words.say('about.what');
  const { at: readAt, monotonic } = page.read ?? { at: view.now, monotonic: deps.clock.monotonic() };
  const iso = new Date(readAt).toISOString();
  const before = html`<!doctype html>
<html lang="${view.lang}" dir="${rtl ? 'rtl' : 'ltr'}">
<head>
<meta charset="utf-8">
<title>${page.title} · Tocsin</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="description" content="${summary}">
${page.unlisted ? html`<meta name="robots" content="noindex">` : ''}
<link rel="icon" href="${FAVICON}">
${at === null ? '' : html`<link rel="canonical" href="${absolute(at, page)}">`}
${at === null || page.unlisted ? '' : deps.translators.languages.map(({ code }) => html`<link rel="alternate" hreflang="${code}" href="${absolute(at, page, code)}">`)}
${feedLinks(deps.base, scopeOfPage(page.path), view.lang).map(({ type, title, href }) => html`<link rel="alternate" type="${type}" title="${title}" href="${href}">`)}
<meta property="og:type" content="website">
<meta property="og:site_name" content="Tocsin">
<meta property="og:title" content="${page.title}">
<meta property="og:description" content="${summary}">
${at !== null && page.picture ? pictureTags(at, page.picture) : ''}
<style>${raw(STYLE)}</style>
</head>
<body>
<a class="skip" href="#content">${words.say('site.skip')}</a>
${patterns()}
${header(page, view)}
<main id="content" tabindex="-1">
${deps.invented ? html`<p class="warned">⚠️ ${words.say('demo.note')}</p>` : ''}
<p class="small"><time datetime="${iso}">`;
  const foot = html`
</main>
${footer(view)}
${page.script ? html`<script>${raw(page.script.text)}</script>` : ''}
</body>
</html>
`;
  const links = await doors(page, view);
  const room = MOST - sizeOf(before) - sizeOf(links) - sizeOf(foot);
  const body = typeof page.body === 'function' ? page.body(room) : page.body;
  const rest = `</time>${links}</p>\n${body}${foot}`;
  const when = iso.slice(11, 19);
  return {
    status: page.status ?? 200,
    type: 'text/html; charset=utf-8',
    body: (age) => `${before}${html`${view.text(words.say('site.asOf', { when, seconds: String(age) }))}`}${rest}`,
    readAt: monotonic,
    headers: {
      'content-security-policy': policyOf(page.script?.policy ?? 'img-src data:', page.script?.framedBy),
      'content-language': view.lang,
      vary: VARY,
    },
  };
}

function absolute(publicUrl: string, { path, query = {} }: Page, lang?: string): string {
  const asked = new URLSearchParams(lang === undefined ? {} : { lang });
  for (const [key, value] of Object.entries(query)) asked.set(key, String(value));
  return `${publicUrl}${encodeURI(path)}${asked.size > 0 ? `?${asked}` : ''}`;
}

const pictureTags = (publicUrl: string, { path, alt }: NonNullable<Page['picture']>): Html =>
  html`<meta property="og:image" content="${publicUrl}${encodeURI(path)}">
<meta property="og:image:type" content="image/png">
<meta property="og:image:width" content="1200">
<meta property="og:image:height" content="630">
<meta property="og:image:alt" content="${alt}">
<meta name="twitter:card" content="summary_large_image">`;

function header({ path, query }: Page, view: View): Html {
  const { words } = view;
  const { languages } = view.deps.translators;
  const links = languages.map(({ code, name }) => {
    const current = code === view.lang ? html` aria-current="true"` : '';
    const to = view.to(path, { ...query, lang: code });
    return html`<li><a href="${to}" lang="${code}" hreflang="${code}"${current}><bdi>${name}</bdi></a></li>`;
  });
  const item = (to: string, text: string): Html =>
    html`<li><a href="${view.to(to)}"${path === to ? html` aria-current="page"` : ''}>${text}</a></li>`;
  return html`<header class="top"><div class="wide">
<a class="brand" href="${view.to('/')}">${raw(bell('currentColor', DECORATION))}<bdi>Tocsin</bdi></a>
<nav class="languages" aria-label="${words.say('site.language')}"><details><summary><bdi>${languages.find(({ code }) => code === view.lang)!.name}</bdi></summary><ul>${links}</ul></details></nav>
<nav aria-label="Tocsin"><ul>${item('/', words.say('site.now'))}${item('/sources', words.say('site.sees'))}</ul></nav>
<form role="search" action="${view.deps.base}/search" method="get">
<input type="hidden" name="lang" value="${view.lang}">
<label for="q">${words.say('site.searchLabel')}</label>
<input id="q" type="search" name="q" value="${path === '/search' ? String(query?.q ?? '') : ''}" maxlength="100" placeholder="${words.say('site.searchLabel')}" dir="auto">
<button aria-label="${words.say('site.search')}">${raw(`<svg ${DECORATION} viewBox="0 0 24 24"><path d="M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM15.5 15.5L21 21" fill="none" stroke="currentColor" stroke-width="2.5"/></svg>`)}</button>
</form>
</div></header>`;
}

/** Other ways to hear of the same: the bot itself, feeds, the interface. */
async function doors({ path }: Page, view: View): Promise<Html> {
  const { deps, words, lang } = view;
  const bots = (await deps.bots()).map(({ name, link }) => outward(link, name));
  const feeds = feedLinks(deps.base, scopeOfPage(path), lang);
  const links = feeds.map(({ title, href }) => html`<a href="${href}">${title}</a>`);
  const all = [...links, html`<a href="${view.to('/api/v1/openapi.json')}">API</a>`];
  return html`${bots.length > 0 ? html` · <b>${words.say('site.alerts')} ${joined(bots)}</b>` : ''} · ${joined(all)}`;
}

function footer(view: View): Html {
  const { words, deps } = view;
  const made = words.rich('picture.asOf', { when: words.dateTime(view.now, 'UTC', view.now) });
  return html`<footer class="bottom"><div class="wide">
<p>${view.text(made.join(''))} · ${words.say('site.utc')}</p>
<p>${view.text(words.say('about.what'))}</p>
${deps.credits.length === 0 ? '' : html`<p class="small">${inlineHtml(creditLine(deps.credits, words), view)}</p>`}
</div></footer>`;
}

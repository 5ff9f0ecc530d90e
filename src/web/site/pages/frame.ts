import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { THEMES } from '../../../core/picture.ts';
import { creditLine } from '../../../core/render/evidence.ts';
import { type Html, html, inlineHtml, raw, type View } from '../html.ts';
import type { WorldNow } from '../known.ts';
import { feedLinks, scopeOfPage } from '../machines/asked.ts';
import type { Made } from '../shelf.ts';
import { patterns, sizeOf, variableOf } from './lines.ts';

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
const policyOf = (own: string): string =>
  `default-src 'none'; style-src 'sha256-${digest}'; ${own}; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`;

const BELL =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path d="M12 2a2 2 0 0 1 2 2 6 6 0 0 1 4 6c0 5 2 6 2 8H4c0-2 2-3 2-8a6 6 0 0 1 4-6 2 2 0 0 1 2-2zM9.5 20h5a2.5 2.5 0 0 1-5 0z" fill="#cf222e"/></svg>';
const FAVICON = `data:image/svg+xml,${encodeURIComponent(BELL)}`;

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
  /** Absent, as on all pages but one: nothing runs. `policy`: what it may do, and what pictures may come from. */
  script?: { text: string; policy: string };
}

const VARY = 'accept-encoding, accept-language';
/** No page is larger, in bytes. */
const MOST = 59_500;

/** A whole page; complete in itself: it asks for nothing else. */
export function framed(page: Page, view: View): Made {
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
<p class="small"><time datetime="${iso}">`;
  const foot = html`
</main>
${footer(page, view)}
${page.script ? html`<script>${raw(page.script.text)}</script>` : ''}
</body>
</html>
`;
  const body = typeof page.body === 'function' ? page.body(MOST - sizeOf(before) - sizeOf(foot)) : page.body;
  const rest = `</time></p>\n${body}${foot}`;
  const when = iso.slice(11, 19);
  return {
    status: page.status ?? 200,
    type: 'text/html; charset=utf-8',
    body: (age) => `${before}${html`${view.text(words.say('site.asOf', { when, seconds: String(age) }))}`}${rest}`,
    readAt: monotonic,
    headers: {
      'content-security-policy': policyOf(page.script?.policy ?? 'img-src data:'),
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
<meta property="og:image:alt" content="${alt}">
<meta name="twitter:card" content="summary_large_image">`;

function header({ path, query }: Page, view: View): Html {
  const { words } = view;
  const item = (to: string, text: string): Html =>
    html`<li><a href="${view.to(to)}"${path === to ? html` aria-current="page"` : ''}>${text}</a></li>`;
  return html`<header class="top"><div class="wide">
<a class="brand" href="${view.to('/')}"><svg viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d="M12 2a2 2 0 0 1 2 2 6 6 0 0 1 4 6c0 5 2 6 2 8H4c0-2 2-3 2-8a6 6 0 0 1 4-6 2 2 0 0 1 2-2zM9.5 20h5a2.5 2.5 0 0 1-5 0z" fill="currentColor"/></svg><bdi>Tocsin</bdi></a>
<nav aria-label="Tocsin"><ul>${item('/', words.say('site.now'))}${item('/sources', words.say('site.sees'))}</ul></nav>
<form role="search" action="${view.deps.base}/search" method="get">
<input type="hidden" name="lang" value="${view.lang}">
<label for="q">${words.say('site.searchLabel')}</label>
<input id="q" type="search" name="q" value="${path === '/search' ? String(query?.q ?? '') : ''}" maxlength="100" placeholder="${words.say('site.searchLabel')}" dir="auto">
<button>${words.say('site.search')}</button>
</form>
</div></header>`;
}

function footer({ path, query = {} }: Page, view: View): Html {
  const { words, deps } = view;
  const languages = deps.translators.languages.map(({ code, name }) => {
    const current = code === view.lang ? html` aria-current="true"` : '';
    const to = view.to(path, { ...query, lang: code });
    return html`<li><a href="${to}" lang="${code}" hreflang="${code}"${current}><bdi>${name}</bdi></a></li>`;
  });
  const made = words.rich('picture.asOf', { when: words.dateTime(view.now, 'UTC', view.now) });
  return html`<footer class="bottom"><div class="wide">
<p>${made.map(String)} · ${words.say('site.utc')}</p>
<p>${view.text(words.say('about.what'))}</p>
${deps.credits.length === 0 ? '' : html`<p class="small">${inlineHtml(creditLine(deps.credits, words), view)}</p>`}
<nav aria-label="${words.say('site.language')}"><ul class="languages">${languages}</ul></nav>
</div></footer>`;
}

import { createHash } from 'node:crypto';
import { THEMES } from '../../../core/picture.ts';
import { type Html, html, raw, type View } from '../html.ts';
import { feedLinks, scopeOfPage } from '../machines/asked.ts';
import type { Made } from '../shelf.ts';
import { patterns } from './lines.ts';

/** Colours of the marks are those of the chat's pictures. */
const coloursOf = (name: 'light' | 'dark', more: string): string => {
  const { ground, text, faint, line, band, open, warn, restrict, throttle, block, shutdown } = THEMES[name];
  return (
    `--ground:${ground};--text:${text};--faint:${faint};--mark-line:${line};--band:${band};--open:${open};--warn:${warn};` +
    `--restrict:${restrict};--throttle:${throttle};--block:${block};--shutdown:${shutdown};${more}`
  );
};

const SHEET = `
:root{color-scheme:light dark;${coloursOf('light', '--link:#0b57a4;--edge:#d8dee4;--focus:#0b57a4;--warned:#fff8e1;--field:#6e7781')}}
@media (prefers-color-scheme:dark){:root{${coloursOf('dark', '--link:#7ab8ff;--edge:#2c343e;--focus:#7ab8ff;--warned:#2b2413;--field:#8b949e')}}}
*{box-sizing:border-box}
html{font:100%/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Noto Sans Arabic","Noto Sans SC",sans-serif;-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0;background:var(--ground);color:var(--text);overflow-wrap:break-word}
.wide,main{max-width:62rem;margin-inline:auto;padding-inline:1rem}
main{padding-block:1.5rem 3rem}
main:focus{outline:none}
a{color:var(--link);text-underline-offset:.15em;text-decoration-thickness:.06em}
a:hover{text-decoration-thickness:.14em}
:focus-visible{outline:.18rem solid var(--focus);outline-offset:.15rem;border-radius:.15rem}
.skip{position:absolute;inset-inline-start:1rem;top:-4rem;background:var(--ground);padding:.5rem 1rem;z-index:1}
.skip:focus{top:.5rem}
.defs{position:absolute}
.top{border-block-end:1px solid var(--edge);background:var(--band)}
.top .wide{display:flex;flex-wrap:wrap;align-items:center;gap:.5rem 1.5rem;padding-block:.75rem}
.brand{display:inline-flex;align-items:center;gap:.4rem;font-weight:700;font-size:1.15rem;color:var(--text);text-decoration:none}
.brand svg{width:1.4rem;height:1.4rem;color:var(--block)}
ul{list-style:none;margin:0;padding:0}
nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem}
nav a{display:inline-block;padding-block:.25rem}
[aria-current]{color:var(--text);font-weight:600;text-decoration:none}
form{display:flex;gap:.4rem;margin-inline-start:auto;flex:0 1 22rem;min-width:0}
form label{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
input[type=search],button{font:inherit;padding:.35rem .7rem;border:1px solid var(--field);border-radius:.4rem;background:var(--ground);color:var(--text)}
input[type=search]{flex:1;min-width:0;width:100%}
input::placeholder{color:var(--faint);opacity:1}
button{cursor:pointer;font-weight:600}
h1{font-size:clamp(1.5rem,4vw,2.1rem);line-height:1.2;margin:.25rem 0 .5rem;text-wrap:balance}
h2{font-size:1.25rem;line-height:1.3;margin:0}
section{margin-block-start:2.25rem}
section>h2{margin-block-end:.5rem}
p{margin:.35rem 0;max-width:46rem}
.lead{font-size:1.1rem;color:var(--faint)}
tbody th,td:first-child{min-width:4.5rem}thead th{overflow-wrap:normal}.warned{margin-block-end:1rem;border-inline-start:.3rem solid var(--warn);background:var(--warned);padding:.6rem 1rem;font-weight:600}
.small,.axis{font-size:.875rem;color:var(--faint)}
.place{border-block-start:1px solid var(--edge);padding-block:1.1rem;margin:0}
.place>h2 a{color:var(--text)}
.rows>li,.list>li{border-block-start:1px solid var(--edge);padding-block:.7rem}
.place .rows>li{border:0;padding-block:.2rem}
.row{display:grid;grid-template-columns:minmax(0,1fr);gap:.3rem 1.5rem;align-items:center}
.who{display:flex;gap:.5rem;align-items:baseline}
.who>svg{flex:none;align-self:center}
.who b,.who a{font-weight:600}
.row p{margin:0}
.state{font-weight:500}
.sign{width:1.05rem;height:1.05rem;vertical-align:-.15rem}
.strip{display:block;width:100%;height:auto;background:var(--band);border-radius:.2rem}
.axis{max-width:none;display:flex;justify-content:space-between;gap:1rem}
.legend{margin-block:1rem;font-size:.9rem}
summary{cursor:pointer;color:var(--link)}
.legend ul,.services{display:flex;flex-wrap:wrap;gap:.35rem 1.5rem;margin-block-start:.6rem}
dl{display:grid;grid-template-columns:minmax(0,max-content) minmax(0,1fr);gap:.3rem 1.25rem}
dt{color:var(--faint)}
dd{margin:0}
.facts li{padding-block:.15rem}
.id{display:inline-block;max-width:100%;overflow-wrap:anywhere}.alone{max-width:44rem}
.log{list-style:none;margin:0;border-inline-start:.15rem solid var(--edge);padding-inline-start:1rem}
.log li{padding-block:.3rem}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%}
th,td{text-align:start;vertical-align:top;padding:.45rem .75rem .45rem 0;border-block-end:1px solid var(--edge);overflow-wrap:anywhere}
[dir=rtl] th,[dir=rtl] td{padding:.45rem 0 .45rem .75rem}
th{font-size:.875rem;color:var(--faint);font-weight:600}
tbody th{color:var(--text);font-size:1rem;font-weight:500}
td:first-child time{white-space:normal}
code,.cite{overflow-wrap:anywhere}
.cite{border:1px solid var(--edge);border-radius:.4rem;background:var(--band);padding:.8rem 1rem;max-width:none}
.pages{display:flex;gap:1.5rem;margin-block-start:1rem}
.bottom{border-block-start:1px solid var(--edge);color:var(--faint);font-size:.875rem;padding-block:1.5rem}
@media (min-width:44rem){.row{grid-template-columns:minmax(0,11rem) minmax(0,1fr) minmax(0,24rem)}.row.plain{grid-template-columns:minmax(0,11rem) minmax(0,1fr)}.place>.days{display:grid;grid-template-columns:minmax(0,1fr)}.place{display:grid;grid-template-columns:minmax(0,1fr) minmax(0,24rem);gap:.4rem 1.5rem}.place>.rows{grid-column:1/-1;grid-row:2}}
@media (forced-colors:active){.strip,.sign{forced-color-adjust:none;background:#fff}}
@media print{.top form,.top nav,.bottom nav,.skip,.pages,.legend summary{display:none}:root{${coloursOf('light', '--link:#000;--edge:#999;--focus:#000;--warned:#fff;--field:#000')}}a{color:inherit;text-decoration:none}.out::after{content:" (" attr(href) ")";font-size:.8em;overflow-wrap:anywhere}section,li,tr{break-inside:avoid}.strip,.sign{print-color-adjust:exact;-webkit-print-color-adjust:exact}html{font-size:10pt}}
`;

/** As it stands in the page, byte for byte: its digest is what the policy allows. */
const STYLE = SHEET.replace(/\n/gu, '');

const digest = createHash('sha256').update(STYLE).digest('base64');

/** Nothing runs, nothing is loaded from anywhere, nothing is framed; a form leads to this site alone. */
const POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${digest}'`,
  'img-src data:',
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

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
  body: Html;
  /** Default 200. */
  status?: number;
  /** Nothing to be found by: it is made of what somebody typed. */
  unlisted?: boolean;
}

/** A whole page; complete in itself: it asks for nothing else. */
export function framed(page: Page, view: View): Made {
  const { words, deps, rtl } = view;
  const at = deps.publicUrl;
  const summary = page.summary ?? words.say('about.what');
  const whole = html`<!doctype html>
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
${feedLinks(deps.base, scopeOfPage(page.path), view.lang).map(({ rel, type, title, href }) => html`<link rel="${rel}" type="${type}" title="${title}" href="${href}">`)}
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
${page.body}
</main>
${footer(page, view)}
</body>
</html>
`;
  return {
    status: page.status ?? 200,
    type: 'text/html; charset=utf-8',
    body: String(whole),
    headers: {
      'content-security-policy': POLICY,
      'content-language': view.lang,
      vary: 'accept-encoding, accept-language',
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
<nav aria-label="${words.say('site.language')}"><ul class="languages">${languages}</ul></nav>
</div></footer>`;
}

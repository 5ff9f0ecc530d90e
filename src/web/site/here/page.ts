import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { COUNTRIES } from '../../../core/commands/asking/country-names.ts';
import { ANY } from '../../../core/model/chat.ts';
import { isPresent } from '../../../core/state/fold.ts';
import type { HereHosts } from '../deps.ts';
import { countryPath, type Html, html, type View } from '../html.ts';
import { framed } from '../pages/frame.ts';
import type { Made } from '../shelf.ts';

/** The page that measures from the reader's own line, and the only one with a script: `measure.js` with the rules before it. What comes of it stays in the browser. */

const MAX_SERVICES = 20;
/** After so long nothing new is tried; the last tries end some seconds later. */
const MOST_MS = 9_000;
const NUMBER = /^[a-z0-9]{1,20}$/;

const fileOf = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8');

/** One program of both files: without what joins modules, and without comments. */
const SCRIPT = `(function(){"use strict";\n${fileOf('./rules.js')}${fileOf('./measure.js')}})();`
  .replace(/^\s*(?:\/\*\*[^]*?\*\/|\/\/.*)$/gmu, '')
  .replace(/^import .*$/gmu, '')
  .replace(/^export /gmu, '')
  .replace(/\n\s*/gu, '\n');
const digest = createHash('sha256').update(SCRIPT).digest('base64');

/** What this page asks, and nothing else may be asked by it. */
const policyOf = (hosts: readonly string[]): string => {
  const list = hosts.map((one) => `https://${one}`).join(' ');
  return `script-src 'sha256-${digest}'; connect-src 'self' ${list}; img-src data: ${list}`;
};

/** What is sent back of a number, so that somebody else's answer in our place is known; null = it is no number of ours. */
export const echoOf = (typed: string): string | null => (NUMBER.test(typed) ? typed : null);

export async function herePage(country: string | null, hosts: HereHosts, view: View): Promise<Made> {
  const { words } = view;
  const title = words.say('here.title');
  const query: Record<string, string> = country === null ? {} : { country: country.toLowerCase() };
  const page = { title, path: '/here', query, summary: words.say('here.summary') };
  if (country === null)
    return framed(
      {
        ...page,
        body: html`<h1>${title}</h1><p class="lead">${view.text(words.say('here.summary'))}</p>${chooser(view)}`,
      },
      view,
    );

  const { rows } = await view.deps.known.place({ country, service: ANY });
  const cut = rows.filter(({ state }) => isPresent(state)).flatMap(({ state }) => state.service ?? []);
  const ids = [...new Set([...cut, ...Object.keys(hosts.services)])].filter((id) => id in hosts.services);
  const services = ids
    .slice(0, MAX_SERVICES)
    .map((id) => ({ id, name: words.service(id), hosts: hosts.services[id]! }));
  const home = hosts.home[country] ?? [];
  const asked = [...hosts.abroad, ...home, ...services.flatMap((one) => one.hosts)];
  const base = view.deps.base;
  const plan = {
    services,
    abroad: hosts.abroad,
    home,
    mostMs: MOST_MS,
    echo: `${base}/here/echo/`,
    bait: `${base}/here/ads/banner-ad.js?ad_unit=`,
    words: scriptWords(view),
  };
  const body = html`<h1>${title}</h1>
<p>${view.text(words.say('here.what', { services: words.list(services.map(({ name }) => name)) }))}</p>
<p>${view.text(words.say('here.seen'))} ${view.text(words.say('here.vpn'))}</p>
<div id="here" data-plan="${JSON.stringify(plan)}">
<p><button id="here-start" type="button" hidden>${words.say('here.start')}</button></p>
<noscript><p class="warned">${view.text(words.say('here.noscript'))}</p></noscript>
<progress id="here-bar" aria-label="${words.say('here.running')}" hidden></progress>
<div id="here-told" role="status" tabindex="-1"></div>
</div>
<p><a href="${view.to(countryPath(country))}">${words.say('here.known', { country: words.country(country) })}</a></p>
<p class="small">${view.text(words.say('here.limits'))}</p>
${chooser(view)}`;
  return framed({ ...page, body, script: { text: SCRIPT, policy: policyOf(asked) } }, view);
}

function scriptWords({ words }: View): Record<string, string> {
  const services = '%s';
  return {
    running: words.say('here.running'),
    again: words.say('here.again'),
    fine: words.say('here.fine'),
    fails: words.say('here.fails', { services }),
    partly: words.say('here.partly', { services }),
    slow: words.say('here.slow', { services }),
    works: words.say('here.works', { services }),
    unclear: words.say('here.unclear', { services }),
    alone: words.say('here.alone'),
    blocker: words.say('here.blocker'),
    line_offline: words.say('here.offline'),
    line_line: words.say('here.line'),
    line_portal: words.say('here.portal'),
    line_border: words.say('here.border'),
    line_shaky: words.say('here.shaky'),
    line_controls: words.say('here.controls'),
    line_unclear: words.say('here.nothingElse'),
  };
}

/** Another country, without a script. */
function chooser(view: View): Html {
  const { words, lang, deps } = view;
  const named = COUNTRIES.map((code) => ({ code, name: words.country(code) }));
  const options = named
    .toSorted((a, b) => a.name.localeCompare(b.name, lang))
    .map(({ code, name }) => html`<option value="${code.toLowerCase()}">${name}</option>`);
  return html`<form class="where" action="${deps.base}/here" method="get"><input type="hidden" name="lang" value="${lang}"><label for="country">${words.say('here.country')}</label><select id="country" name="country">${options}</select><button>${words.say('here.choose')}</button></form>`;
}

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { COUNTRIES } from '../../../core/commands/asking/country-names.ts';
import { vocabularyOf } from '../../../core/commands/asking/vocabulary.ts';
import { saidByReaders } from '../../../core/commands/look/readers.ts';
import { ANY } from '../../../core/model/chat.ts';
import { isPresent } from '../../../core/state/fold.ts';
import type { HereHosts } from '../deps.ts';
import { countryPath, type Html, html, raw, type View, ZONE } from '../html.ts';
import { framed } from '../pages/frame.ts';
import type { Made } from '../shelf.ts';
import { BITS } from './tell.ts';

/** The page that measures from the reader's own line, and the only one with a script. What comes of it stays in the browser, unless its reader sends it (`tell.ts`). */

const MAX_SERVICES = 20;
const MAX_COUNTS = 5_000;
const HOURS = 6 * 3_600_000;
const NUMBER = /^[a-z0-9]{1,20}$/;

const fileOf = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8');

/** One program of three files: without what joins modules, and without comments. */
const SCRIPT = `(function(){"use strict";\n${['./rules.js', './work.js', './measure.js'].map(fileOf).join('')}})();`
  .replace(/^\s*(?:\/\*\*[^]*?\*\/|\/\/.*)$/gmu, '')
  .replace(/^import .*$/gmu, '')
  .replace(/^export /gmu, '')
  .replace(/\n\s*/gu, '\n');
const digest = createHash('sha256').update(SCRIPT).digest('base64');

/** What this page asks, and nothing else may be asked by it. */
const policyOf = (hosts: readonly string[]): string => {
  const list = [...new Set(hosts.map((one) => `https://${one.split('/')[0]}`))].join(' ');
  return `script-src 'sha256-${digest}'; connect-src 'self' ${list}; img-src data: ${list}`;
};

/** What is sent back of a number, so that somebody else's answer in our place is known; null = it is no number of ours. */
export const echoOf = (typed: string): string | null => (NUMBER.test(typed) ? typed : null);

/** `first`: the service that somebody came for. */
export async function herePage(
  country: string | null,
  first: string | null,
  hosts: HereHosts,
  view: View,
): Promise<Made> {
  const { words } = view;
  const title = words.say('here.title');
  const query = { ...(country ? { country: country.toLowerCase() } : {}), ...(first ? { service: first } : {}) };
  const page = { title, path: '/here', query, summary: words.say('here.summary') };
  if (country === null)
    return framed(
      {
        ...page,
        body: html`<h1>${title}</h1><p class="lead">${view.text(words.say('here.summary'))}</p>${chooser(null, first, view)}`,
      },
      view,
    );

  const { rows } = await view.deps.known.place({ country, service: ANY });
  const cut = rows.filter(({ state }) => isPresent(state)).flatMap(({ state }) => state.service ?? []);
  const ids = [...new Set([...(first ? [first] : []), ...cut, ...Object.keys(hosts.services)])].filter((id) =>
    Object.hasOwn(hosts.services, id),
  );
  const counts = await view.deps.record.readers.counts({ country, since: view.now - HOURS, limit: MAX_COUNTS });
  const services = ids.slice(0, MAX_SERVICES).map((id) => {
    const name = words.service(id);
    const said = saidByReaders(
      counts.filter(({ service }) => service === id),
      { words, timeZone: ZONE, now: view.now },
    );
    return {
      id,
      name: view.text(name),
      hosts: hosts.services[id]!,
      others: said === null ? null : view.text(`${name}: ${said}`),
    };
  });
  const home = hosts.home[country] ?? [];
  const asked = [...hosts.abroad, ...home, ...services.flatMap((one) => one.hosts)];
  const { base } = view.deps;
  const plan = {
    country,
    services,
    abroad: hosts.abroad,
    home,
    clocks: clocksOf(country, view.now),
    at: view.now,
    bits: BITS,
    tell: `${base}/here`,
    to: await view.deps.instance(),
    echo: `${base}/here/echo/`,
    bait: `${base}/here/ads/banner-ad.js?ad_unit=`,
    words: scriptWords(view),
  };
  const body = html`<h1>${title}</h1>
<p>${view.text(words.say('here.what', { services: words.list(services.map(({ name }) => name)) }))}</p>
<p>${view.text(words.say('here.seen'))}</p>
<p>${view.text(words.say('here.vpn'))}</p>
<div id="here" data-plan="${JSON.stringify(plan)}">
<p><button id="here-start" class="main" type="button" hidden>${words.say('here.start')}</button></p>
<noscript><p class="warned">${view.text(words.say('here.noscript'))}</p></noscript>
<progress id="here-bar" aria-label="${words.say('here.running')}" max="1" value="0" hidden></progress>
<div id="here-told" role="status" tabindex="-1"></div>
${view.deps.readerReports ? tellForm(country, view) : ''}
</div>
<p><a href="${view.to(countryPath(country))}">${words.say('here.known', { country: words.country(country) })}</a></p>
<p class="small">${view.text(words.say('here.limits'))}</p>
${chooser(country, first, view)}`;
  return framed({ ...page, body, script: { text: SCRIPT, policy: policyOf(asked), framedBy: hosts.framedBy } }, view);
}

/** Asked anew for each result. */
function tellForm(country: string, { words, text, deps }: View): Html {
  const operators = vocabularyOf(deps.translators.typed).operators.filter((one) => one.country === country);
  const options = operators.map(({ asn, name }) => html`<option value="${asn}">${name}</option>`);
  const select = html`<label for="operator">${words.say('here.operator')}</label><select id="operator" name="operator"><option value="">${words.say('here.noOperator')}</option>${options}</select>`;
  return html`<form id="here-tell" class="where" hidden><p>${text(words.say('here.tell', { country: words.country(country) }))}</p>${operators.length > 0 ? select : ''}<button class="main">${words.say('here.send')}</button></form>
<p id="here-sent" role="status" tabindex="-1"></p>`;
}

/** Minutes that clocks there may be ahead of UTC now: another one is asked about. */
function clocksOf(country: string, now: number): number[] {
  const locale: Intl.Locale & { getTimeZones?(): string[] | undefined } = new Intl.Locale('und', { region: country });
  const zones = locale.getTimeZones?.() ?? [];
  const minutes = zones.map((timeZone) => {
    const format = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' });
    const [, sign, hour = '0', minute = '0'] = /([+-])(\d\d):(\d\d)/u.exec(format.format(now)) ?? [];
    return (sign === '-' ? -1 : 1) * (Number(hour) * 60 + Number(minute));
  });
  return [...new Set(minutes)];
}

function scriptWords({ words, text }: View): Record<string, string> {
  const say = (key: Parameters<typeof words.say>[0]) => text(words.say(key));
  // An isolate would part the place from its sign; names have theirs.
  const list = (key: Parameters<typeof words.say>[0]) => words.say(key, { services: '%s' });
  return {
    running: say('here.running'),
    again: words.say('here.again'),
    fine: say('here.fine'),
    fails: list('here.fails'),
    partly: list('here.partly'),
    slow: list('here.slow'),
    works: list('here.works'),
    unclear: list('here.unclear'),
    alone: say('here.alone'),
    blocker: say('here.blocker'),
    clock: say('here.clock'),
    sending: say('here.sending'),
    sent_taken: say('here.taken'),
    sent_known: say('readers.known'),
    sent_refused: say('here.refused'),
    line_offline: say('here.offline'),
    line_line: say('here.line'),
    line_portal: say('here.portal'),
    line_border: say('here.border'),
    line_shaky: say('here.shaky'),
    line_controls: say('here.controls'),
    line_unclear: say('here.nothingElse'),
  };
}

/** Another country, without a script; `chosen`: this one. */
function chooser(chosen: string | null, first: string | null, view: View): Html {
  const { words, lang, deps } = view;
  const named = COUNTRIES.map((code) => ({ code, name: words.country(code) }));
  const options = named
    .toSorted((a, b) => a.name.localeCompare(b.name, lang))
    .map(
      ({ code, name }) =>
        html`<option value="${code.toLowerCase()}"${code === chosen ? raw(' selected') : ''}>${name}</option>`,
    );
  return html`<form class="where" action="${deps.base}/here" method="get"><input type="hidden" name="lang" value="${lang}">${first === null ? '' : html`<input type="hidden" name="service" value="${first}">`}<label for="country">${words.say('here.country')}</label><select id="country" name="country" required>${chosen === null ? html`<option value=""></option>` : ''}${options}</select><button>${words.say('here.choose')}</button></form>`;
}

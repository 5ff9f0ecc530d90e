import { nameOfThing } from '../../../core/commands/answer.ts';
import { NETWORK } from '../../../core/model/incident.ts';
import type { Translator } from '../../../core/ports/translate.ts';
import { oneLine } from '../../../core/render/plain.ts';
import { isCut, isWhole, type State } from '../../../core/state/fold.ts';
import { isRightToLeft } from '../../../i18n/direction.ts';
import type { SiteDeps } from '../deps.ts';
import { html } from '../html.ts';
import { type About, isOneWord, type SitePart } from '../known.ts';
import { answered, Problem } from '../respond.ts';
import { countryOf, langOf, only, serviceOf } from './asked.ts';

/** A badge: what is known of one service in one country, as a small picture for other people's pages. Pure. */

/** What a badge can say. */
type BadgeState = 'block' | 'restrict' | 'throttle' | 'shutdown' | 'open' | 'unknown';

/** White on each of these has a contrast of 4.5 to 1 at least (WCAG 2.2, AA). */
const COLOURS: Record<BadgeState, string> = {
  block: '#b3261e',
  restrict: '#8f4a00',
  throttle: '#8f4a00',
  shutdown: '#1b1b1b',
  open: '#1a6e31',
  unknown: '#5a5f66',
};
const LABEL_COLOUR = '#3d4248';
const HEIGHT = 20;
const PADDING = 7;

function badgeStateOf({ access, action }: State): BadgeState {
  if (access === 'blocked') return 'block';
  if (access !== 'degraded') return access;
  return action === 'throttle' ? 'throttle' : 'restrict';
}

/** "blocked", "blocked in Dagestan", "mobile internet: shut down (reported)". */
function wordOf(told: State, state: BadgeState, words: Translator): string {
  if (state === 'open' || state === 'unknown') return words.say(`state.${state}`);
  const label = words.say(`label.${state}`);
  let said = label.charAt(0).toLocaleLowerCase(words.lang) + label.slice(1);
  const { region, network } = told;
  if (region !== null) said = words.say('status.part', { state: said, regions: oneLine(words.region(region), 40) });
  if (network !== 'all')
    said = words.say('headline', { country: nameOfThing({ service: NETWORK, network }, words), what: said });
  return isOneWord(told) ? `${said} (${words.say(`confidence.${told.confidence!}`)})` : said;
}

/** The whole, where it is cut; else the worst of its parts that is, which is never the whole; else what is known of the whole. */
function toldOf(states: readonly State[]): State | null {
  const whole = states.find(isWhole) ?? null;
  if (whole && isCut(whole)) return whole;
  return states.find(isCut) ?? whole;
}

function badgeSvg({ country, service }: About, told: State | null, words: Translator): string {
  const label = `${words.country(country)}: ${words.service(service)}`;
  const state = told ? badgeStateOf(told) : 'unknown';
  const word = told ? wordOf(told, state, words) : words.say('state.unknown');
  const [first, second] = [boxOf(label), boxOf(word)];
  const width = first + second;
  const isRtl = isRightToLeft(words.lang);
  // The label stands where reading begins.
  const [labelAt, wordAt] = isRtl ? [second, 0] : [0, first];
  const said = `${label}${words.dash}${word}`;
  const textOf = (content: string, at: number, box: number) =>
    html`<text x="${at + box / 2}" y="14" textLength="${box - 2 * PADDING}" lengthAdjust="spacingAndGlyphs">${content}</text>`;
  return String(
    html`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${HEIGHT}" role="img" aria-label="${said}" lang="${words.lang}"><title>${said}</title><rect width="${width}" height="${HEIGHT}" rx="3" fill="${LABEL_COLOUR}"/><path d="${wordBox(wordAt, second, isRtl)}" fill="${COLOURS[state]}"/><g fill="#fff" text-anchor="middle" font-family="Verdana,DejaVu Sans,Geneva,sans-serif" font-size="11"${isRtl ? html` direction="rtl"` : ''}>${textOf(label, labelAt, first)}${textOf(word, wordAt, second)}</g></svg>
`,
  );
}

/** Rounded where the badge ends, straight where it meets the label. */
function wordBox(at: number, width: number, isRtl: boolean): string {
  const end = at + width;
  return isRtl
    ? `M3 0H${end}V${HEIGHT}H3A3 3 0 0 1 0 ${HEIGHT - 3}V3A3 3 0 0 1 3 0Z`
    : `M${at} 0H${end - 3}A3 3 0 0 1 ${end} 3V${HEIGHT - 3}A3 3 0 0 1 ${end - 3} ${HEIGHT}H${at}Z`;
}

/** Fonts differ: the text is stretched to the width that it gets here. */
function boxOf(text: string): number {
  let width = 0;
  for (const char of text)
    width += /[\u2e80-\u9fff\uac00-\ud7af\uff00-\uffef]/u.test(char) ? 11 : /[iljtf.,:!|' ]/.test(char) ? 4 : 7;
  return Math.round(width) + 2 * PADDING;
}

/** `ru-whatsapp.svg`: two letters, and an id of the catalogue. */
const NAME = /^([a-z]{2})-([a-z0-9][a-z0-9-]{0,63})\.svg$/i;

/** `/badge/ru-whatsapp.svg`. */
export const badges: SitePart = (site, deps) => {
  site.get('/badge/:name', (c) =>
    answered(
      c,
      deps,
      (query) => ({ lang: langOf(only(query, ['lang']), deps), ...placeOf(c.req.param('name'), deps) }),
      {
        key: ({ country, service, lang }) => `/badge/${country}-${service} ${lang}`,
        async make({ country, service, lang }) {
          const { read, states } = await deps.known.states({ country, service });
          const body = badgeSvg({ country, service }, toldOf(states), deps.translators.of(lang));
          return { type: 'image/svg+xml; charset=utf-8', body, readAt: read.monotonic };
        },
      },
    ),
  );
};

function placeOf(name: string, deps: SiteDeps): { country: string; service: string } {
  const found = NAME.exec(name);
  try {
    if (found) {
      const said = new URLSearchParams({ country: found[1]!, service: found[2]! });
      return { country: countryOf(said)!, service: serviceOf(said, deps)! };
    }
  } catch (error) {
    if (error instanceof Problem) throw new Problem(404, error.field, error.message);
    throw error;
  }
  throw new Problem(404, null, 'A badge is called by a country and a service, such as /badge/ru-whatsapp.svg.');
}

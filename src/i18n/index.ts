import { orNull } from '../core/errors.ts';
import type { Catalogue } from '../core/model/catalogue.ts';
import type { Inline } from '../core/model/message.ts';
import type { Gazetteer } from '../core/ports/reading.ts';
import type { PhraseKey, RichArguments, Translator, Translators } from '../core/ports/translate.ts';
import { keepNewest, onceFor } from '../core/recent.ts';
import { packs as bundled, FALLBACK, type Language, type Packs, piecesOf } from './packs.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Formatters are dear to make; zones are many, so the oldest go. */
const MAX_FORMATTERS = 256;

const own = (record: Readonly<Record<string, string>>, key: string): string | undefined =>
  Object.hasOwn(record, key) ? record[key] : undefined;

type Menu = ReturnType<Translators['descriptions']>;

/** `gazetteer`: of regions; absent = they are shown as they are stored. */
export function createTranslators(
  catalogue: Catalogue,
  gazetteer?: Pick<Gazetteer, 'nameOf'>,
  packs: Packs = bundled,
): Translators {
  const names = new Map(catalogue.services.map((service) => [service.id, service.name]));
  const made = new Map<string, Translator>();
  const commandsOf = (code: string) =>
    Object.fromEntries(Object.entries(packs.read(code)).filter(([key]) => /^command\.[^_]+$/u.test(key)));
  const menuOf = onceFor((code: string): Menu => ({ ...commandsOf(FALLBACK), ...commandsOf(code) }) as Menu);
  return {
    languages: packs.languages.map(({ code, name, near, script, letters }) => ({ code, name, near, script, letters })),
    typed: packs.words,
    has: (lang) => packs.language(lang).code === lang,
    descriptions: (lang) => menuOf(packs.language(lang).code),
    of(lang, place = 'chat') {
      const language = packs.language(lang);
      const template: Template = (key, args) => packs.template(language.code, key, args, place);
      return made.getOrInsertComputed(`${language.code} ${place}`, () =>
        createTranslator(language, template, names, gazetteer),
      );
    },
  };
}

type Template = (key: PhraseKey, args: RichArguments) => string;

function createTranslator(
  language: Language,
  template: Template,
  names: ReadonlyMap<string, string>,
  gazetteer: Pick<Gazetteer, 'nameOf'> | undefined,
): Translator {
  const { locale } = language;
  const numbers = new Intl.NumberFormat(locale);
  const regions = new Intl.DisplayNames(locale, { type: 'region', fallback: 'code' });
  const formatters = new Map<string, unknown>();

  const rich = (key: PhraseKey, args: RichArguments = {}): Inline[] => {
    const out: Inline[] = [];
    // Split at placeholders: an argument that looks like a placeholder is never replaced again.
    for (const [index, piece] of piecesOf(template(key, args)).entries()) {
      const value = index % 2 === 1 ? args[piece] : piece;
      if (value === undefined || value === '') continue;
      if (Array.isArray(value)) out.push(...value);
      else out.push(typeof value === 'number' ? numbers.format(value) : value);
    }
    return out;
  };
  const say = (key: PhraseKey, args?: RichArguments): string =>
    rich(key, args)
      .map((piece) => (typeof piece === 'string' ? piece : ''))
      .join('');

  const made = <F>(key: string, make: () => F): F =>
    (formatters.get(key) ?? keepNewest(formatters, key, make(), MAX_FORMATTERS)) as F;
  const format = (at: number, timeZone: string, kind: Kind, withYear: boolean): string => {
    if (!Number.isFinite(at)) return '?';
    const formatter = made(`${kind} ${withYear} ${timeZone}`, () => dateFormat(language, timeZone, kind, withYear));
    const name = kind === 'time' ? own(language.zones, timeZone) : undefined;
    const parts = formatter.formatToParts(at);
    return (
      (kind === 'short' ? '' : language.article) +
      // What stands in brackets would have to stand in others.
      parts.map(({ type, value }) => (type === 'timeZoneName' && name ? name : value.replace(/[()]/gu, ''))).join('')
    );
  };
  /** In the chat's zone, by the language's own calendar. */
  const year = (at: number, timeZone: string): string =>
    Number.isFinite(at)
      ? made(`year ${timeZone}`, () => inZone(locale, timeZone, { year: 'numeric' })).format(at)
      : '?';
  const unit = (value: number, name: 'day' | 'hour' | 'minute'): string =>
    made(
      `unit ${name}`,
      () => new Intl.NumberFormat(locale, { style: 'unit', unit: name, unitDisplay: language.units }),
    ).format(value);

  const aged = (text: string): string =>
    Object.entries(language.ages).reduce((before, [from, to]) => before.replace(from, to), text);

  return {
    lang: language.code,
    dash: language.dash,
    say,
    rich,
    country(code) {
      if (code === null) return say('country.none');
      return own(language.countries, code) ?? orNull(() => regions.of(code)) ?? code;
    },
    region: (idOrText) => gazetteer?.nameOf(idOrText, language.code) ?? idOrText,
    service: (id) => own(language.services, id) ?? names.get(id) ?? id,
    dateTime: (at, timeZone, now) => format(at, timeZone, 'time', year(at, timeZone) !== year(now, timeZone)),
    day: (at, timeZone, now) => format(at, timeZone, 'day', year(at, timeZone) !== year(now, timeZone)),
    shortDay: (at, timeZone, now) => format(at, timeZone, 'short', year(at, timeZone) !== year(now, timeZone)),
    month(at) {
      if (!Number.isFinite(at)) return '?';
      // Of the day's form, which has the month as it follows a number, or "since"; without the number and what parts it from the rest.
      const parts = made('day true UTC', () => dateFormat(language, 'UTC', 'day', true)).formatToParts(at);
      const day = parts.findIndex(({ type }) => type === 'day');
      return parts
        .filter((_, index) => index !== day && index !== day + 1)
        .map(({ value }) => value)
        .join('');
    },
    list: (items) => items.join(language.separator),
    duration(ms) {
      const whole = Math.max(MINUTE, Math.round(ms / MINUTE) * MINUTE);
      const days = Math.floor(whole / DAY);
      const hours = Math.floor((whole % DAY) / HOUR);
      const minutes = Math.floor((whole % HOUR) / MINUTE);
      const parts = [];
      if (days) parts.push(unit(days, 'day'));
      if (hours) parts.push(unit(hours, 'hour'));
      if (minutes && !days) parts.push(unit(minutes, 'minute'));
      return parts.join(' ');
    },
    age(ms) {
      if (ms >= 2 * DAY) return aged(unit(Math.round(ms / DAY), 'day'));
      if (ms >= 2 * HOUR) return aged(unit(Math.round(ms / HOUR), 'hour'));
      return ms < MINUTE ? say('age.moment') : aged(unit(Math.round(ms / MINUTE), 'minute'));
    },
  };
}

type Kind = 'day' | 'short' | 'time';

function dateFormat(language: Language, timeZone: string, kind: Kind, withYear: boolean): Intl.DateTimeFormat {
  return inZone(language.locale, timeZone, {
    day: 'numeric',
    month: kind === 'short' ? kind : language.month,
    ...(withYear ? { year: 'numeric' } : {}),
    ...(kind === 'time' ? { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZoneName: 'short' } : {}),
  });
}

function inZone(locale: string, timeZone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const inIt = (zone: string) => new Intl.DateTimeFormat(locale, { ...options, timeZone: zone });
  // A zone that this runtime does not know (an imported chat): UTC, which the text then says.
  return orNull(() => inIt(timeZone)) ?? inIt('UTC');
}

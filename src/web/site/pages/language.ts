import type { Translators } from '../../../core/ports/translate.ts';

/** No header is read further. */
const MAX_HEADER = 300;

/** The language of a page: the one that its address asks for, else the one that the browser likes best of those that there are, else English. */
export function languageOf(asked: string | undefined, accepted: string | undefined, translators: Translators): string {
  const primary = (tag: string): string => tag.trim().toLowerCase().split(/[-_]/u)[0] ?? '';
  if (asked !== undefined && translators.has(primary(asked))) return primary(asked);
  const liked = (accepted ?? '')
    .slice(0, MAX_HEADER)
    .split(',')
    .map((one, at) => {
      const [tag = '', ...more] = one.split(';');
      const weight = more.map((part) => /^\s*q=([\d.]{1,5})\s*$/u.exec(part)?.[1]).find((part) => part !== undefined);
      return { lang: primary(tag), weight: weight === undefined ? 1 : Number(weight), at };
    })
    .filter(({ lang, weight }) => weight > 0 && translators.has(lang))
    .sort((a, b) => b.weight - a.weight || a.at - b.at);
  return liked[0]?.lang ?? 'en';
}

import type { Plural } from '../core/ports/translate.ts';

/** Forms of a phrase in the order in which each language's grammar has them; with whole numbers, nothing else is ever counted. */

/** German: "1 Dienst", "2 Dienste". */
export const oneOther = (one: string, other: string): Plural => ({ one, other });

/** Turkish and Persian, where a noun stays as it is after a number. */
export const unchanged = (text: string): Plural => ({ one: text, other: text });

/** Chinese, which has one form. */
export const always = (text: string): Plural => ({ other: text });

/** French and Spanish: whole millions take "de" ("1.000.000 de servicios"). */
export const millions = (one: string, other: string, many = other.replace('{n} ', '{n} de ')): Plural => ({
  one,
  many,
  other,
});

/** Ukrainian: 1 and 21, 2–4, 5–20. */
export const slavic = (one: string, few: string, many: string): Plural => ({ one, few, many, other: many });

/** Arabic: none, one, two, 3–10, 11–99, whole hundreds. */
export const arabic = (
  ...[zero, one, two, few, many, other]: [string, string, string, string, string, string]
): Plural => ({
  zero,
  one,
  two,
  few,
  many,
  other,
});

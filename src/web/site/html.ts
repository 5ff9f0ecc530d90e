/**
 * Templates whose every value is escaped, in text and in attributes (which stand in double quotes, always): `hono/html`. An address from outside passes
 * `safeLink` before it stands in a `href`. `raw` is for what was escaped where it was made: a drawing, the style.
 */
import { html as template } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';

export { raw } from 'hono/html';

export type Html = HtmlEscapedString;
/** What may stand in a template: lists are joined; null, undefined and booleans are nothing. */
type Value = string | number | Html | readonly Value[] | null | undefined | boolean;

/** Nothing in it is waited for, so it is there at once. */
export const html = (strings: TemplateStringsArray, ...values: Value[]): Html =>
  template(strings, ...values) as HtmlEscapedString;

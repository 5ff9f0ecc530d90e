/**
 * The flat part of YAML that the lexicon files keep to: `key: text`, `section:` with `  key: text` below it, `>-` with deeper lines that go
 * on with the text, `#` comments on lines of their own, a text in double quotes. A lexicon is some hundred kilobytes of phrases; reading
 * them with a full YAML parser would cost every start more than all the rest together. A test holds both readings equal.
 */
export type Flat = Record<string, string | Record<string, string>>;

const LINE = /^( {0,2})((?:"[^"]*"|[^\s:#"][^:]*)):(?: +(.*))?$/u;

export function parseFlat(text: string): Flat {
  const out: Flat = {};
  let section: Record<string, string> | null = null;
  /** The folded text that deeper lines go on with. */
  let open: { into: Flat | Record<string, string>; key: string; indent: number } | null = null;
  let number = 0;
  for (const raw of text.split('\n')) {
    number++;
    const line = raw.trimEnd();
    const indent = line.length - line.trimStart().length;
    if (open !== null && line !== '' && indent > open.indent) {
      const known = open.into[open.key] as string;
      open.into[open.key] = known === '' ? line.trim() : `${known} ${line.trim()}`;
      continue;
    }
    open = null;
    if (line === '' || line.trimStart().startsWith('#')) continue;
    const match = LINE.exec(line);
    if (match === null) throw new Error(`line ${number} is neither "key: text" nor a section`);
    const depth = match[1]!.length;
    const key = unquote(match[2]!.trim());
    const value = match[3] ?? '';
    const into: Flat | Record<string, string> = depth === 0 ? out : (section ?? fail(number));
    if (value === '>-') {
      into[key] = '';
      open = { into, key, indent: depth };
    } else if (value === '' && depth === 0) {
      section = {};
      out[key] = section;
    } else if (value === '{}' && depth === 0) out[key] = {};
    else into[key] = unquote(value);
  }
  return out;
}

const unquote = (text: string): string =>
  text.length >= 2 && text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1) : text;

function fail(number: number): never {
  throw new Error(`line ${number} belongs to no section`);
}

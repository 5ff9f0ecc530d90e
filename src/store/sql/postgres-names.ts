/** So many different statements are known by a name; each connection keeps the plans of those that it was asked. */
const MOST = 500;
/** Longer ones are made anew for each list that stands in them. */
const LONGEST = 8_000;

/**
 * Names of statements: PostgreSQL reads and plans a named one once a connection, which takes as long as carrying it out. The text of a statement is
 * always the same, since lists go in as arrays. Undefined = it has none, and is read anew.
 */
export function statementNames(): (text: string) => string | undefined {
  const names = new Map<string, string>();
  return (text) => {
    const known = names.get(text);
    if (known !== undefined || names.size >= MOST || text.length > LONGEST) return known;
    const name = `t${names.size}`;
    names.set(text, name);
    return name;
  };
}

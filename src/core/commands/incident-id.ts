/** `RU-whatsapp-3f9k`, in any case; also several in a row. */
const ID = /^[a-z]{2}-[a-z0-9-]{1,60}-[a-z0-9]{4,8}$/iu;

const looksLikeId = (word: string): boolean => ID.test(word);

const canonicalId = (word: string): string => {
  const at = word.indexOf('-');
  return word.slice(0, at).toUpperCase() + word.slice(at).toLowerCase();
};

/** Ids and the other words of a text. */
export function splitIds(text: string, max: number): { ids: string[]; rest: string } {
  const ids: string[] = [];
  const rest: string[] = [];
  for (const word of text.split(/[\s,;]+/u)) {
    if (!looksLikeId(word)) rest.push(word);
    else if (ids.length < max) ids.push(canonicalId(word));
  }
  return { ids: [...new Set(ids)], rest: rest.join(' ').trim() };
}

/** What an id says that it is about; `*` where no country or service was named. Null = no id. */
export function aboutOf(id: string): { country: string; service: string } | null {
  if (!looksLikeId(id)) return null;
  const [country = '', ...rest] = canonicalId(id).split('-');
  const service = rest.slice(0, -1).join('-');
  return { country: country === 'XX' ? '*' : country, service: service === 'any' ? '*' : service };
}

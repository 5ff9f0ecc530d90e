import { COUNTRIES } from '../core/commands/country-names.ts';
import type { Catalogue } from '../core/model/catalogue.ts';
import { NETWORK } from '../core/model/incident.ts';
import { suggestion } from './problems.ts';
import type { SourceConfig } from './schema.ts';
import type { Place } from './secrets.ts';

/** Faults that are named of one source. */
const MAX_NAMED = 10;

/** Countries and services that sources name must be some: of one that is mistyped nothing would ever be heard, and nobody would know. */
export function checkAskedFor(
  sources: readonly SourceConfig[],
  { services }: Catalogue,
  { name, problems }: Pick<Place, 'name' | 'problems'>,
): void {
  const ids = [NETWORK, ...services.map(({ id }) => id)];
  const lists: { key: string; known: readonly string[]; what: string; how(word: string): string }[] = [
    { key: 'country', known: COUNTRIES, what: 'is no country', how: asCode },
    { key: 'countries', known: COUNTRIES, what: 'is no country', how: asCode },
    { key: 'services', known: ids, what: 'is no service of the catalogue', how: (word) => serviceLike(word, ids) },
  ];
  for (const source of sources) {
    for (const { key, known, what, how } of lists) {
      const written = (source as unknown as Record<string, unknown>)[key];
      const words = Array.isArray(written) ? written : [written];
      const wrong = words.filter((one): one is string => typeof one === 'string' && !known.includes(one));
      for (const word of wrong.slice(0, MAX_NAMED))
        problems.add(name, 'sources', `"${word}" under "${key}" of "${source.id}" ${what}`, how(word));
    }
  }
}

const asCode = (): string => 'write the two letters of ISO 3166-1, such as RU';

function serviceLike(word: string, ids: readonly string[]): string {
  const hint = suggestion(word, ids);
  return hint.startsWith('did') ? hint : 'take an id of config/services.yaml, or add it under extract.services';
}

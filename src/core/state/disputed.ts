import type { Inline } from '../model/message.ts';
import type { DisputedPlace } from '../ports/reading.ts';
import type { Translator } from '../ports/translate.ts';

/** Places whose networks are not under the control of the state in which they lie (`config/disputed-places.json`). Pure. */

/** Countries of which people hear when they ask for this region: its own first, then whose law, and whose blocks hold there. */
export function countriesAt(region: string, place: DisputedPlace | null): string[] {
  const others = place === null ? [] : [place.law, place.applies ?? []].flat();
  return [...new Set([region.slice(0, 2), ...others])];
}

/** Which sentence says so. `apart`: nobody's blocks but its own. `claimed`: it lies in the country whose blocks hold there, and another claims it. */
export function sayingOf(region: string, { applies, law }: DisputedPlace): 'occupied' | 'claimed' | 'apart' {
  if (applies === null) return 'apart';
  // Western Sahara has no regions of its own: they are listed under who holds them.
  return applies === region.slice(0, 2) && law !== 'EH' ? 'claimed' : 'occupied';
}

/** Whose it is by law, whose blocks networks there apply, and who says so. */
export function disputedLine(region: string, place: DisputedPlace, words: Translator): Inline[] {
  const { law, applies, part, since, reference } = place;
  const name = words.region(region);
  const when = since.length > 4 ? words.month(Date.parse(since)) : since;
  const said = {
    region: part ? words.say('place.partly', { region: name }) : name,
    country: words.country(law),
    link: { link: reference, text: words.say('place.reference') },
  };
  const saying = sayingOf(region, place);
  if (saying === 'apart') return words.rich('place.apart', said);
  const other = words.country(applies);
  if (saying === 'claimed') return words.rich('place.claimed', { ...said, other });
  return words.rich('place.occupied', { ...said, other, since: words.say('line.since', { when }) });
}

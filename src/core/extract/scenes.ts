/** Where an event takes place: the countries of its clause, its sentence, the title, the text. */

import { isHistory } from './dates.ts';
import type { Fact } from './fact.ts';
import { countriesOf, isListed } from './places.ts';
import type { Field, Place } from './read.ts';
import { cuesAround } from './read.ts';
import { HEADING, HINT, PLAIN, SURE, WEAK } from './scene-scores.ts';
import type { Claim } from './settle.ts';

/** "Spain to ban …", says the title; "Spain and Greece proposed bans", the text: both. */
export function joinScenes(claims: Claim[]): void {
  for (const claim of claims) {
    if (claim.rank !== 0 || claim.countries.length !== 1) continue;
    const wider = claims.find(
      (c) =>
        c.rank === 1 &&
        c.id === claim.id &&
        c.action === claim.action &&
        c.countries.length > 1 &&
        c.countries.includes(claim.countries[0]!),
    );
    // "Turkey blocks X, Russia Y": said of each.
    const apart = claims.some(
      (c) =>
        c.rank === 0 &&
        c.id !== claim.id &&
        c.countries.some((code) => wider?.countries.includes(code) && !claim.countries.includes(code)),
    );
    if (wider !== undefined && !apart) claim.countries = wider.countries;
  }
}

/** "UK threatens to block X", says the title; "two others blocked Y", a later sentence: not this news. */
export function isElsewhere({ rank, countries, fact }: Claim, claims: Claim[], title: Field): boolean {
  const { field, act } = fact;
  if (rank !== 1 || countries.length === 0 || field.sentence[act.from] === 0) return false;
  if (field.cuesIn[field.sentence[act.from]!]!.some((c) => c.cls === 'also')) return false;
  const titled = claims.filter((c) => c.rank === 0 && c.fact.state !== 'held' && c.countries.length > 0);
  return (
    titled.length > 0 &&
    !countries.some(
      (code) => titled.some((c) => c.countries.includes(code)) || title.places.some((p) => p.code === code),
    )
  );
}

/** Where it happens: named beside the act, in its sentence, in the title, somewhere in the text; at last what the language means by "the country". */
export function countriesFor(fact: Fact, fields: Field[], home: string | null): string[] {
  const { field, act } = fact;
  const here = (places: Place[]): Place[] => places.filter((p) => field.sentence[p.from] === field.sentence[act.from]);
  const near = here(field.places);
  // "Russia blocks 81 sites in response to the EU": what the reason names is no scene beside one that stands before it.
  const reason = cuesAround(field, act.from).find((c) => c.cls === 'after' && c.from >= act.to);
  const named = reason === undefined ? near : near.filter((p) => p.from < reason.from);
  const sentence = named.some((p) => p.score >= PLAIN) ? named : near;
  const prop = sentence.filter((p) => field.prop[p.from] === field.prop[act.from]);
  const title = fields[0]!.places;
  // From near to far; what is far is looked for only when nothing near was named.
  const ways: (() => string[])[] = [
    () => (field.name === 'title' ? countriesOf(sentence, HEADING) : []),
    () => countriesOf(prop, PLAIN),
    () => countriesOf(sentence, PLAIN),
    () => (title.length === 0 ? [] : countriesOf(precedingPlaces(fact, title), SURE)),
    () => countriesOf(title, PLAIN),
    () => countriesOf(prop, HINT),
    () => countriesOf(sentence, HINT),
    () => countriesOf(title, HINT),
    () => countriesOf(before(fact), HINT),
    () => countriesOf(ruled(everything(fact, fields)), HINT),
    () => countriesOf(everything(fact, fields), WEAK),
  ];
  for (const way of ways) {
    const found = way();
    if (found.length > 0) return field.name === 'title' ? found : asTitled(found, fact, title);
  }
  return home === null ? [] : [home];
}

/** Of several countries named in the text, without being a list, the title tells which one is the scene. */
function asTitled(found: string[], { field, act }: Fact, title: Place[]): string[] {
  const scene = found.filter((code) => title.some((p) => p.code === code && p.score >= HINT));
  if (scene.length === 0 || scene.length === found.length) return found;
  const places = field.places.filter((p) => field.sentence[p.from] === field.sentence[act.from]);
  const listed = places.some((p, i) => i > 0 && places[i - 1]!.code !== p.code && isListed(field, places[i - 1]!, p));
  return listed ? found : scene;
}

const everything = ({ field }: Fact, fields: Field[]): Place[] =>
  fields
    .filter((f) => f.name !== 'body' || field.name === 'body')
    .flatMap((f) => f.places.filter((p) => !isHistory(f, p.from)));

/** Somewhere in the text: who rules there says more than what is named in passing ("in China it is banned, too"). */
const ruled = (places: Place[]): Place[] => {
  const rulers = places.filter((p) => p.kind === 'authority' && p.score >= SURE);
  return rulers.length > 0 ? rulers : places;
};

/** The sentence before, where it picks one of the title's countries: "Algeria and Iraq …" – "Algeria's government …. Facebook, too, is blocked." */
function precedingPlaces({ field, act }: Fact, title: Place[]): Place[] {
  const sentence = field.sentence[act.from]! - 1;
  return field.places.filter((p) => field.sentence[p.from] === sentence && title.some((t) => t.code === p.code));
}

const before = ({ field, act }: Fact): Place[] => field.places.filter((p) => p.from < act.from);

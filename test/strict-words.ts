/** For every test: a phrase throws where an argument is missing, where no form of it has a place for one, and where it has no text at all. */
import { FALLBACK, packs, watchPhrases } from '../src/i18n/packs.ts';
import { formsOf, placeholdersIn } from './fakes/packs.ts';

const wanted = new Map(
  [...formsOf(packs.read(FALLBACK))].map(([key, forms]) => [
    key,
    new Set([
      ...forms.flatMap(({ text }) => placeholdersIn(text)),
      ...(forms.some(({ plural }) => plural) ? ['n'] : []),
    ]),
  ]),
);

watchPhrases((key, args) => {
  const names = wanted.get(key);
  if (names === undefined) throw new Error(`There is no phrase "${key}"`);
  const missing = [...names].filter((name) => args[name] === undefined);
  const surplus = Object.keys(args).filter((name) => args[name] !== undefined && !names.has(name));
  if (missing.length > 0) throw new Error(`Phrase "${key}" lacks ${missing.join(', ')}`);
  if (surplus.length > 0) throw new Error(`Phrase "${key}" has no place for ${surplus.join(', ')}`);
});

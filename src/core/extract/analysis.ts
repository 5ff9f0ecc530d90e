/** What the rules make of a text, before anything is decided: fields with their names and cues, facts, claims, and what was turned down. */
import type { Catalogue } from '../model/catalogue.ts';
import type { NewsText } from '../model/item.ts';
import { keepNewest } from '../recent.ts';
import { factsOf, SITE } from './acts.ts';
import { eventsOf, type Found } from './events.ts';
import type { Fact, Rejected, Setting } from './fact.ts';
import type { Cue, Field } from './field.ts';
import { assignRoles, scorePlaces } from './names.ts';
import type { CueClass } from './rules/classes.ts';
import { type Noise, noiseOf } from './rules/noise.ts';
import { isOfBill } from './rules/unusable.ts';
import { createDetector } from './text/language.ts';
import {
  addDeclined,
  addShared,
  compileLanguage,
  compileServices,
  type LanguageData,
  type Lexicon,
  type Tag,
  writingOf,
} from './text/lexicon.ts';
import { readField } from './text/read-field.ts';
import type { Trie } from './text/trie.ts';

const MAX_TITLE = 600;
const MAX_SUMMARY = 2_400;
const MAX_BODY = 6_000;

export interface Analysis {
  lang: string;
  /** The country that "the country" means of this outlet or in this language, or null. */
  home: string | null;
  fields: Field[];
  setting: Setting;
  noise: Noise;
  facts: Fact[];
  found: Found;
  rejected: Rejected[];
}

/** `explain`: fields keep which rules fired. */
export type Analyser = (text: NewsText, explain?: boolean) => Analysis;

/** `held`: so many languages are kept compiled; another takes the place of the one that was read longest ago. Absent = all. */
export function createAnalyser(
  lexicon: Lexicon,
  catalogue: Catalogue,
  held: number = Number.POSITIVE_INFINITY,
): Analyser {
  const packs = new Map<string, LanguageData>(lexicon.languages.map((data) => [data.lang, data]));
  const tries = new Map<string, Trie<Tag>>();
  const detect = createDetector(lexicon.languages, lexicon.shared);
  const writing = writingOf(lexicon.languages);
  // One trie for what every language shares: names of services first, since of two readings alike the first wins.
  const shared = compileServices(catalogue);
  addShared(shared, lexicon);

  const triesFor = (lang: string): Trie<Tag>[] => {
    const out = [shared];
    const data = packs.get(lang) ?? packs.get(lexicon.shared.largest.latin ?? '');
    if (data !== undefined) out.push(keepNewest(tries, data.lang, tries.get(data.lang) ?? compiled(data), held));
    return out;
  };
  function compiled(data: LanguageData): Trie<Tag> {
    const trie = compileLanguage(data);
    addDeclined(trie, catalogue, data);
    return trie;
  }

  return (input, explain = false) => {
    const title = clip(input.title, MAX_TITLE);
    const summary = clip(input.summary, MAX_SUMMARY);
    const body = clip(input.body ?? '', MAX_BODY);
    const lang = languageOf(input.lang, `${title}\n${summary}`, packs, detect);
    const tries = triesFor(lang);
    const data = packs.get(lang);
    const how = { writing, explain };
    const fields: Field[] = [readField('title', title, tries, how)];
    if (summary !== '') fields.push(readField('summary', summary, tries, how));
    if (body !== '') fields.push(readField('body', body, tries, how));
    const told = fields.find((f) => f.name !== 'body' && f.homes.length > 0)?.homes[0];
    const home = input.home ?? data?.home ?? told ?? null;
    for (const field of fields) scorePlaces(field);
    assignRoles(fields);
    const rejected: Rejected[] = [];
    const noise = noiseOf(fields);
    const setting = settingOf(fields, data);
    const facts = fields.flatMap((field) => factsOf(field, setting, rejected));
    const found = eventsOf({ fields, facts, noise, home, rejected });
    return { lang, home, fields, setting, noise, facts, found, rejected };
  };
}

/** What the title and the lead say as a whole, whatever single acts say. */
function settingOf(all: Field[], data: LanguageData | undefined): Setting {
  const fields = all.filter((f) => f.name !== 'body');
  const tells = (cls: CueClass, where: (field: Field, cue: Cue) => boolean = () => true): boolean =>
    fields.some((f) => f.hasWord(cls, (cue) => where(f, cue)));
  return {
    verbFinal: data?.cues.verbfinal !== undefined,
    freeOrder: data?.inflects === true,
    aged: tells('age'),
    judged: tells('court'),
    pending: tells('bill') && tells('effect'),
    billed: tells('bill', (f, c) => f.name === 'title' || f.sentence[c.from] === 0),
    online: all.some(
      (f) =>
        f.mentions.length > 0 ||
        (f.name !== 'body' && SITE.test(f.text)) ||
        f.hasWord(['net', 'netother', 'social', 'monitor']),
    ),
    banned: tells('block'),
    ordered: tells('order', (f, c) => !isOfBill(f, c)),
    placed: fields.some((f) => f.places.length > 0),
    governed: fields.some((f) => f.places.some((p) => p.kind === 'authority')),
  };
}

const clip = (text: string, most: number): string => (text.length > most ? text.slice(0, most) : text);

function languageOf(
  stated: string | null | undefined,
  text: string,
  packs: ReadonlyMap<string, LanguageData>,
  detect: (t: string) => string,
): string {
  const short = stated?.slice(0, 2).toLowerCase() ?? '';
  if (packs.has(short)) return short;
  const detected = detect(text);
  if (detected !== 'und') return detected;
  return /^[a-z]{2}$/.test(short) ? short : 'und';
}

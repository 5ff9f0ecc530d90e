/**
 * From a text to its events, room by room; words come from `config/lexicon`, here are only rules.
 *
 * 1. text → tokens: `normalise` `traditional` `tokens` `language`; phrases found in them: `lexicon` `trie` `read`
 * 2. what each name is: places (`places`), services (`roles`, with `everyday` `lists` `role-cues`), sources (`credit`)
 * 3. what each act says: how it stands (`mood`), when (`when`), who does it (`agent` `account` `power`), about what (`about` `objects` `unknown`),
 *    and so which action (`acts` `verdict`); `scope` holds what all of these ask of a sentence
 * 4. what is news: texts that are none (`noise`), facts that are none (`unusable`); the rest becomes claims with a country each (`events` `scenes`),
 *    of which the latest state stands (`settle`), with method and region (`detail`)
 */
import type { Catalogue } from '../model/catalogue.ts';
import type { Explanation, Extraction } from '../model/extraction.ts';
import type { NewsText } from '../model/item.ts';
import type { Rejected } from './acts.ts';
import { factsOf } from './acts.ts';
import { creditOf } from './credit.ts';
import { eventsOf } from './events.ts';
import { createDetector } from './language.ts';
import type { LanguageData, Lexicon, Tag } from './lexicon.ts';
import { compileLanguage, compileShared } from './lexicon.ts';
import { noiseOf } from './noise.ts';
import { fold } from './normalise.ts';
import { scorePlaces } from './places.ts';
import type { Cue, Field } from './read.ts';
import { readField } from './read.ts';
import { assignRoles } from './roles.ts';
import { Trie } from './trie.ts';
import { SITE } from './unknown.ts';

const MAX_TITLE = 600;
const MAX_SUMMARY = 2_400;
const MAX_BODY = 6_000;

export interface SyncExtractor {
  extract(text: NewsText, options?: { explain?: boolean }): Extraction;
}

/** What one language brings to a text: its compiled phrases (made when first needed) and its habits. */
interface Pack {
  data: LanguageData;
  trie: Trie<Tag> | null;
}

export function createExtractor(lexicon: Lexicon, catalogue: Catalogue): SyncExtractor {
  const packs = new Map<string, Pack>(lexicon.languages.map((data) => [data.lang, { data, trie: null }]));
  const detect = createDetector(lexicon.languages);
  const shared = compileShared(lexicon);
  const services = compileServices(catalogue);

  const triesFor = (lang: string): Trie<Tag>[] => {
    const out = [services, shared];
    const pack = packs.get(lang) ?? packs.get('en');
    if (pack !== undefined) {
      pack.trie ??= compileLanguage(pack.data);
      out.push(pack.trie);
    }
    return out;
  };

  return {
    extract(input, options = {}) {
      const title = clip(input.title, MAX_TITLE);
      const summary = clip(input.summary, MAX_SUMMARY);
      const body = clip(input.body ?? '', MAX_BODY);
      const lang = languageOf(input.lang, `${title}\n${summary}`, packs, detect);
      const tries = triesFor(lang);
      const data = packs.get(lang)?.data;
      const fields: Field[] = [readField('title', title, tries)];
      if (summary !== '') fields.push(readField('summary', summary, tries));
      if (body !== '') fields.push(readField('body', body, tries));
      for (const field of fields) scorePlaces(field);
      assignRoles(fields);
      const rejected: Rejected[] = [];
      const rules: string[] = [];
      const noise = noiseOf(fields);
      const setting = {
        verbFinal: data?.cues.verbfinal !== undefined,
        aged: fields.some((f) => f.name !== 'body' && f.cues.some((c) => c.cls === 'age')),
        freeOrder: data?.inflects === true,
        judged: fields.some((f) => f.name !== 'body' && f.cues.some((c) => c.cls === 'court')),
        pending: ['bill', 'effect'].every((cls) =>
          fields.some((f) => f.name !== 'body' && f.cues.some((c) => c.cls === cls)),
        ),
        billed: fields.some(
          (f) =>
            f.name !== 'body' &&
            f.cues.some((c) => c.cls === 'bill' && (f.name === 'title' || f.sentence[c.from] === 0)),
        ),
        online: fields.some(
          (f) =>
            f.mentions.length > 0 ||
            (f.name !== 'body' && SITE.test(f.text)) ||
            f.cues.some((c) => c.cls === 'net' || c.cls === 'netother' || c.cls === 'social' || c.cls === 'monitor'),
        ),
        banned: fields.some((f) => f.name !== 'body' && f.cues.some((c) => c.cls === 'block')),
        ordered: fields.some((f) => f.name !== 'body' && f.cues.some((c) => c.cls === 'order' && !isDraft(f, c))),
        placed: fields.some((f) => f.name !== 'body' && f.places.length > 0),
        governed: fields.some((f) => f.name !== 'body' && f.places.some((p) => p.kind === 'authority')),
      };
      const facts = noise.silent !== null ? [] : fields.flatMap((field) => factsOf(field, setting, rejected));
      if (noise.silent !== null) rules.push(`noise: ${noise.silent}`);
      const found = eventsOf({ fields, facts, noise, home: data?.home ?? null, rejected });
      rules.push(...found.rules);
      const out: Extraction = {
        relevant: found.events.length > 0,
        events: found.events,
        lang,
        credit: creditOf(fields),
      };
      if (options.explain === true) out.why = explain(lang, rules, found.spans, rejected);
      return out;
    },
  };
}

/** "a draft order": no order yet. */
const isDraft = (field: Field, order: Cue): boolean =>
  field.cuesIn[field.sentence[order.from]!]!.some((c) => c.cls === 'bill' && c.from < order.from && c.to >= order.to);

const clip = (text: string, most: number): string => (text.length > most ? text.slice(0, most) : text);

function languageOf(
  stated: string | null | undefined,
  text: string,
  packs: Map<string, Pack>,
  detect: (t: string) => string,
): string {
  const short = stated?.slice(0, 2).toLowerCase() ?? '';
  if (packs.has(short)) return short;
  const detected = detect(text);
  if (detected !== 'und') return detected;
  return /^[a-z]{2}$/.test(short) ? short : 'und';
}

/** Names of one or two letters, all in Latin script, are matched as they are written. */
export function compileServices(catalogue: Catalogue): Trie<Tag> {
  const trie = new Trie<Tag>();
  for (const { id, name, aliases, category, everyday } of catalogue.services) {
    const common = new Set(everyday ?? []);
    for (const alias of new Set([name, ...aliases])) {
      const bare = alias
        .replace(/[«»„“”"()|]/gu, ' ')
        .replace(/[*~=]/gu, '')
        .trim();
      if (bare === '') continue;
      const tag: Tag = { kind: 'service', id, category, everyday: common.has(alias) };
      const tail = fold(bare)
        .split(/[^\p{L}\p{M}\p{N}]+/u)
        .at(-1)!;
      const inflects = !common.has(alias) && tail.length >= leastTail(tail);
      const cased = common.has(alias) || (bare.length <= 3 && /^[A-Z]/u.test(bare));
      const words = bare.split(/\s+/u);
      // As it stands, too: else the exact name of an agency of that name would win.
      if (inflects && !cased) trie.add(bare, tag);
      trie.add(
        words
          .map((w, i) =>
            cased ? `=${w}` : words.length > 1 || inflects ? declined(w, i === words.length - 1 && inflects) : w,
          )
          .join(' '),
        tag,
      );
    }
  }
  return trie;
}

/** Letters from which on a name may take an ending; a syllable of Korean is one letter. */
const leastTail = (tail: string): number =>
  /[\uac00-\ud7a3]$/u.test(tail) ? 2 : /[\u0400-\u04ff]$/u.test(tail) ? 5 : /[a-z]$/iu.test(tail) ? 6 : 4;

/** A word of a name with room for its endings: "Новая газета" is also "Новой газеты". */
function declined(word: string, last: boolean): string {
  if (/^[\u0400-\u04ff]{4,}$/u.test(word)) return `${word.replace(/(?:[аяыиоеую][йея]|[аяьойыи])$/u, '')}~`;
  return last ? `${word}~` : word;
}

function explain(lang: string, rules: string[], spans: Explanation['spans'], rejected: Rejected[]): Explanation {
  return {
    lang,
    rules,
    spans,
    rejected: rejected.map((r) => ({
      text: r.field.text.slice(r.field.tokens[r.from]!.start, r.field.tokens[r.to - 1]!.end),
      as: r.as,
      why: r.why,
    })),
  };
}

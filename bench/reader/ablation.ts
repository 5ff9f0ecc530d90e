/**
 * node src/launch.mjs bench/reader/ablation.ts [--only NAME,…] [--texts FILE] [--write FILE]: what each rule and each class of the lexicon does. One after the other is taken out, and
 * the texts on which it speaks are read again: our own sentences and, where they are, the labelled sets; with `--texts` those of a file, too.
 * What changes nothing anywhere is dead weight.
 *
 * A change is counted twice: in what the rules alone make of a text, and in what the score makes of it with the weights as they are. "better" and
 * "worse" compare the score's reading with the label.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { loadCatalogue, loadLexicon } from '../../src/config/lexicon.ts';
import { type Analyser, createAnalyser } from '../../src/core/extract/analysis.ts';
import { creditOf } from '../../src/core/extract/names.ts';
import { CLASSES, type CueClass } from '../../src/core/extract/rules/classes.ts';
import { createScorer } from '../../src/core/extract/score/scorer.ts';
import type { LanguageData, Lexicon } from '../../src/core/extract/text/lexicon.ts';
import type { ExtractedEvent } from '../../src/core/model/item.ts';
import { type Item, loadItems, triplesOf } from './items.ts';
import { TABLES } from './tables.ts';

interface Read {
  /** Whatever the rules alone report, with method, region and source. */
  ruled: string;
  /** The same as the score reports it. */
  scored: string;
  /** Its triples, as labels are written. */
  triples: string;
}

/** A text, how it is read with everything there, and what speaks on it. */
interface Text {
  item: Item;
  /** As detected: taking a class out must not change the language. */
  lang: string;
  before: Read;
  rules: Set<string>;
  classes: Set<string>;
}

interface Effect {
  name: string;
  /** Texts on which it speaks: ours, real ones. */
  ours: number;
  real: number;
  ruled: number;
  scored: number;
  better: number;
  worse: number;
}

const option = (name: string): string | undefined => {
  const at = process.argv.indexOf(name);
  return at < 0 ? undefined : process.argv[at + 1];
};

const only = option('--only');
const lexicon = loadLexicon();
const catalogue = loadCatalogue();
if (lexicon.weights === undefined)
  throw new Error('The ablation needs config/lexicon/weights.json: npm run train:reader');
const score = createScorer(lexicon.weights);
const wholes = createAnalyser(lexicon, catalogue);

const line = (triples: string[]): string => [...triples].sort().join(' ');

/** Events without how sure they are: that moves with every word. */
const shown = (events: readonly ExtractedEvent[], credit: string | null): string =>
  JSON.stringify([...events.map(({ confidence: _confidence, ...event }) => JSON.stringify(event)).sort(), credit]);

function readWith(analyse: Analyser, item: Item, lang: string | null): Read & { analysis: ReturnType<Analyser> } {
  const analysis = analyse({ title: item.title, summary: item.summary, lang }, true);
  const credit = creditOf(analysis.fields);
  const { events } = score(analysis, null);
  return {
    ruled: shown(analysis.found.events, credit),
    scored: shown(events, credit),
    triples: line(triplesOf(events)),
    analysis,
  };
}

function textOf(item: Item): Text {
  const { analysis, ruled, scored, triples } = readWith(wholes, item, item.lang);
  return {
    item,
    lang: analysis.lang,
    before: { ruled, scored, triples },
    rules: new Set(analysis.fields.flatMap((f) => f.fired!.map(({ rule }) => rule))),
    classes: new Set(analysis.fields.flatMap((f) => f.cues.map(({ cls }) => cls as string))),
  };
}

/** Others may rest on a row: then the text cannot be read without it. */
function tryRead(analyse: Analyser, item: Item, lang: string): Read {
  try {
    return readWith(analyse, item, lang);
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    return { ruled: 'unreadable', scored: 'unreadable', triples: 'unreadable' };
  }
}

function effectOf(name: string, texts: readonly Text[], analyse: Analyser): Effect {
  const effect: Effect = { name, ours: 0, real: 0, ruled: 0, scored: 0, better: 0, worse: 0 };
  for (const { item, lang, before } of texts) {
    effect[item.kind === 'ours' ? 'ours' : 'real']++;
    const now = tryRead(analyse, item, lang);
    if (now.ruled !== before.ruled) effect.ruled++;
    if (now.scored === before.scored) continue;
    effect.scored++;
    const want = line(item.want);
    if (before.triples === want && now.triples !== want) effect.worse++;
    else if (before.triples !== want && now.triples === want) effect.better++;
  }
  return effect;
}

function withoutClass(all: Lexicon, cls: CueClass): Lexicon {
  const left = ({ cues }: Pick<LanguageData, 'cues'>): LanguageData['cues'] => {
    const { [cls]: _without, ...rest } = cues;
    return rest;
  };
  return {
    ...all,
    // A copy that keeps the getter of `names`.
    languages: all.languages.map(
      (data) => Object.create(data, { cues: { value: left(data), enumerable: true } }) as LanguageData,
    ),
    shared: { ...all.shared, cues: left(all.shared) },
  };
}

/** Every row out of its table for a while. */
function ofRules(texts: readonly Text[]): Effect[] {
  return TABLES.flatMap(({ stage, rules }) =>
    rules
      .filter((row) => isAsked(`${stage}/${row.id}`))
      .map((row) => {
        const name = `${stage}/${row.id}`;
        const at = rules.indexOf(row);
        const rows = rules as unknown[];
        rows.splice(at, 1);
        const effect = effectOf(
          name,
          texts.filter((t) => t.rules.has(name)),
          wholes,
        );
        rows.splice(at, 0, row);
        return effect;
      }),
  );
}

/** Nothing named = all. */
const isAsked = (name: string): boolean => only === undefined || only.split(',').includes(name);

const ofClasses = (texts: readonly Text[]): Effect[] =>
  (Object.keys(CLASSES) as CueClass[]).filter(isAsked).map((cls) => {
    // A class that is a setting finds no words: then all texts of the languages that have it.
    const speaks = texts.some((t) => t.classes.has(cls));
    const having = new Set(lexicon.languages.filter((l) => l.cues[cls] !== undefined).map((l) => l.lang));
    const own = texts.filter((t) => (speaks ? t.classes.has(cls) : having.has(t.lang)));
    return effectOf(cls, own, own.length === 0 ? wholes : createAnalyser(withoutClass(lexicon, cls), catalogue));
  });

const changesNothing = ({ ruled, scored }: Effect): boolean => ruled === 0 && scored === 0;

function page(title: string, effects: readonly Effect[]): string {
  const dead = effects.filter(changesNothing);
  return [
    `## ${title}: ${effects.length}, of which ${dead.length} change nothing`,
    '',
    dead.map(({ name, ours, real }) => `${name} (${ours} + ${real})`).join(' · ') || 'none',
    '',
    '| | ours | real | changed by rules | by score | better without | worse without |',
    '|---|---|---|---|---|---|---|',
    ...effects.map(
      (e) => `| ${e.name} | ${e.ours} | ${e.real} | ${e.ruled} | ${e.scored} | ${e.better} | ${e.worse} |`,
    ),
    '',
  ].join('\n');
}

/** More texts, without labels: one `{"title","summary","lang"}` a line. */
const more = (file: string): Item[] =>
  readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((raw, n) => {
      const { title, summary, lang } = JSON.parse(raw);
      return { id: `${file}:${n}`, kind: 'ours', lang: lang ?? null, title, summary: summary ?? '', want: [] };
    });

const extra = option('--texts');
const texts = [...loadItems().items, ...(extra === undefined ? [] : more(extra))].map(textOf);
const ours = texts.filter((t) => t.item.kind === 'ours').length;
const out = [
  '# What each rule and each class does',
  '',
  `${ours} sentences of ours, ${texts.length - ours} real items. In brackets: texts of ours and real ones on which it speaks.`,
  '',
  page('Rules', ofRules(texts)),
  page('Classes', ofClasses(texts)),
].join('\n');
const file = option('--write');
if (file === undefined) process.stdout.write(out);
else writeFileSync(file, out);

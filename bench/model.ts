/**
 * node src/launch.mjs bench/model.ts --ask FOLDER: writes what the program would ask a language model (`extract.model`) about the real texts that no rule
 * was tuned on, one file a text, each named by the hash of its prompt, with nothing in it that the program would not send.
 * node src/launch.mjs bench/model.ts: figures with the recorded answers of `test/fixtures/reading/model-answers.json` (prompt's hash → answer), by group of
 * languages. A text whose prompt has no answer there is read as without a model, and counted.
 *
 * Every text is read by a score and an encoder that had not learnt from it (`reader/encoder/folds.json`); a fifth of the texts has no such encoder and
 * is left out. `--readings FILE` keeps these readings, which take minutes, and uses them when the file is there.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadCatalogue, loadLexicon } from '../src/config/lexicon.ts';
import { createExtractor } from '../src/core/extract/extractor.ts';
import { choose, levelled, type Scored } from '../src/core/extract/score/choose.ts';
import { LEAST_ODDS } from '../src/core/extract/score/scorer.ts';
import { type EncoderMix, groupOf, logistic, mixed } from '../src/core/extract/score/weights.ts';
import { writingOf } from '../src/core/extract/text/lexicon.ts';
import { ACTIONS } from '../src/core/model/incident.ts';
import type { Extraction, NewsText } from '../src/core/model/item.ts';
import { FIRM_READING } from '../src/core/model/report.ts';
import { quietLog } from '../src/core/ports/runtime.ts';
import { createModelExtractor } from '../src/platform/model-extractor.ts';
import { FakeClock } from '../test/fakes/fake-clock.ts';
import { fitMix, type Heard, hear } from './reader/encoder/mix.ts';
import { f1, figuresOf } from './reader/figures.ts';
import { crossFit, foldOf, readAll, surenessIn } from './reader/fit.ts';
import { dataFolder, type Item, triplesOf } from './reader/items.ts';
import { trainingItems } from './reader/labelled.ts';

/** A text and how it was read by models that did not know it. */
interface Own {
  item: Item;
  lang: string;
  relevant: number;
  /** Best first: candidates, and which stand how surely. */
  candidates: { triple: string; probability: number }[];
  chosen: { service: string; country: string; action: Scored['action']; sure: number }[];
}

const option = (name: string): string | undefined => {
  const at = process.argv.indexOf(name);
  return at < 0 ? undefined : process.argv[at + 1];
};

/** As `bench/reader/encoder/mix.ts` weighs: what the encoder said beside the score. */
function readBy(mix: EncoderMix, { reading, said }: Heard): Own {
  const group = groupOf(reading.lang);
  const odds = mixed(mix.relevance[group], reading.odds, said.relevant);
  const apart = reading.apart.map((cell) => ({
    ...cell,
    score: mixed(
      mix.triple[group],
      cell.score,
      said.pairs[`${cell.service} ${cell.country}`]?.[ACTIONS.indexOf(cell.action)] ?? cell.score,
    ),
  }));
  const cells = levelled(apart, reading.lists);
  const chosen = odds < LEAST_ODDS ? [] : choose(cells, odds);
  const whole = { ...reading, odds, apart, cells, chosen };
  const sure = surenessIn(mix.event[group])(whole);
  return {
    item: reading.item,
    lang: reading.lang,
    relevant: logistic(odds),
    candidates: (odds < LEAST_ODDS ? [] : cells.toSorted((a, b) => b.score - a.score)).slice(0, 6).map((cell) => ({
      triple: `${cell.country}/${cell.service === '' ? '-' : cell.service}/${cell.action}`,
      probability: Math.round(logistic(cell.score) * 1000) / 1000,
    })),
    chosen: chosen.map(({ service, country, action }, i) => ({ service, country, action, sure: sure[i]! })),
  };
}

async function readings(): Promise<Own[]> {
  const file = option('--readings');
  if (file !== undefined && existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as Own[];
  const { items } = await trainingItems(dataFolder);
  const { weights: _none, ...unweighed } = loadLexicon();
  const all = crossFit(readAll(unweighed, items), 0);
  const heard = hear(all);
  const own = [0, 1, 2, 3, 4].flatMap((fold) => {
    const isOwn = ({ reading }: Heard): boolean => foldOf(reading, 0) === fold;
    const mine = heard.filter(isOwn);
    if (mine.length === 0) return [];
    const mix = fitMix(heard.filter((one) => !isOwn(one)));
    return mine.map((one) => readBy(mix, one));
  });
  const cut = new Set(heard.map(({ reading }) => foldOf(reading, 0)));
  const known = new Set(own.map(({ item }) => item.id));
  // Texts without a candidate report nothing, whoever reads them.
  const mute = all
    .filter((r) => !known.has(r.item.id) && r.apart.length === 0 && cut.has(foldOf(r, 0)))
    .map(({ item, lang }): Own => ({ item, lang, relevant: 0, candidates: [], chosen: [] }));
  const out = [...own, ...mute].filter(({ item }) => item.kind === 'fresh' || item.kind === 'far');
  if (file !== undefined) writeFileSync(file, JSON.stringify(out));
  return out;
}

const all = await readings();
process.stdout.write(`${all.length} texts\n`);

const ANSWERS = join(import.meta.dirname, '../test/fixtures/reading/model-answers.json');
const { answers } = JSON.parse(readFileSync(ANSWERS, 'utf8')) as { answers: Record<string, string> };
const folder = option('--ask');
const texts = new Map(
  ['news-dev-2.jsonl', 'news-dev-3.jsonl'].flatMap((name) =>
    readFileSync(join(dataFolder, name), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { id: string; url: string | null; source: string })
      .map((one) => [one.id, one] as const),
  ),
);
const lexicon = loadLexicon();
const writing = writingOf(lexicon.languages);
const builtIn = createExtractor(lexicon, loadCatalogue());
const textOf = ({ item: { id, title, summary, lang } }: Own): NewsText => {
  const { url = null, source = '' } = texts.get(id) ?? {};
  return { title, summary, lang, url, publisherName: source, publisher: id };
};
/** Its clauses, with places, are the rules' and need no weights. */
function readingOf(own: Own): Extraction {
  const { why, credit } = builtIn.extract(textOf(own), { explain: true });
  return {
    relevant: own.chosen.length > 0,
    probability: Math.round(own.relevant * 1000) / 1000,
    events: own.chosen.map(({ country, service, action, sure }) => ({
      action,
      countries: [country],
      services: service === '' ? [] : [service],
      confidence: sure,
    })),
    lang: own.lang,
    credit,
    why: { ...why!, candidates: own.candidates },
  };
}

if (folder !== undefined) mkdirSync(folder, { recursive: true });
const asked = new Map<string, string | undefined>();
const byId = new Map<string, Own>(all.map((one) => [one.item.id, one]));
const extractor = createModelExtractor(
  { url: 'http://recorded.test/v1', name: 'recorded', key: null, timeoutMs: 1, maxTokens: 600, perHour: 100_000 },
  {
    clock: new FakeClock(),
    log: quietLog,
    catalogue: loadCatalogue(),
    writing: () => writing,
    builtIn: { extract: ({ publisher }) => readingOf(byId.get(publisher!)!) },
    async http({ body }) {
      const { messages } = JSON.parse(String(body)) as { messages: { content: string }[] };
      const key = createHash('sha256')
        .update(messages.map(({ content }) => content).join('\n\n'))
        .digest('hex')
        .slice(0, 32);
      asked.set(key, answers[key]);
      if (folder !== undefined) writeFileSync(join(folder, `${key}.txt`), `${messages[1]!.content}\n`);
      const content = answers[key] ?? '';
      return {
        status: 200,
        url: '',
        headers: {},
        body: new TextEncoder().encode(JSON.stringify({ choices: [{ message: { content } }] })),
      };
    },
  },
);

interface Judged {
  own: Own;
  got: string[];
  /** Triples that stand by themselves. */
  firm: string[];
}

const judgedBy = (own: Own, { events }: Extraction): Judged => ({
  own,
  got: triplesOf(events),
  firm: triplesOf(events.filter(({ confidence = 1 }) => confidence >= FIRM_READING)),
});
const without = all.map((own) => judgedBy(own, readingOf(own)));
const withIt: Judged[] = [];
for (const own of all) withIt.push(judgedBy(own, await extractor.extract(textOf(own))));

const GROUPS: Record<string, (own: Own) => boolean> = {
  all: () => true,
  English: ({ lang }) => groupOf(lang) === 'en',
  Russian: ({ lang }) => groupOf(lang) === 'ru',
  'ten others': ({ lang }) => groupOf(lang) === 'ten',
  'the rest': ({ lang }) => groupOf(lang) === 'rest',
  'news-dev-2': ({ item }) => item.kind === 'fresh',
  'news-dev-3': ({ item }) => item.kind === 'far',
};
const NAMES = ['relevant', 'countries', 'services', 'triples'];
process.stdout.write(
  `${all.length} texts, ${asked.size} of them grey: ${[...asked.values()].filter((one) => one !== undefined).length} with a recorded answer\n\n` +
    `| without → with the model | texts | ${NAMES.join(' | ')} | firm: right | firm: found |\n|---|${'---|'.repeat(NAMES.length + 3)}\n`,
);
for (const [name, isIn] of Object.entries(GROUPS)) {
  const [before, after] = [without, withIt].map((list) => {
    const some = list.filter(({ own }) => isIn(own));
    const figures = figuresOf(some.map(({ own: { item }, got }) => ({ item, got })));
    const firm = some.flatMap((one) => one.firm.map((triple) => one.own.item.want.includes(triple)));
    const right = firm.filter((one) => one).length;
    const wanted = some.reduce((sum, { own }) => sum + own.item.want.length, 0);
    return [...NAMES.map((one) => f1(figures[one]!)), right / Math.max(1, firm.length), right / Math.max(1, wanted)];
  });
  const cells = before!.map((value, i) => `${value.toFixed(3)} → ${after![i]!.toFixed(3)}`);
  process.stdout.write(`| ${name} | ${all.filter(isIn).length} | ${cells.join(' | ')} |\n`);
}
if (process.argv.includes('--wrong'))
  for (const { own, got } of withIt)
    if ([...got].sort().join() !== [...own.item.want].sort().join())
      process.stdout.write(
        `${own.item.id} ${own.lang}: ${own.item.want.join(' ')} → ${got.join(' ')}: ${own.item.title}\n`,
      );

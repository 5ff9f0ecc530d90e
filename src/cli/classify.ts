import { createReadStream, existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import COMMANDS from '../../config/commands.json' with { type: 'json' };
import { builtInExtractor } from '../app/built-in-extractor.ts';
import { createPhraseFinder, loadCatalogue } from '../config/lexicon.ts';
import { TocsinError } from '../core/errors.ts';
import type { SyncExtractor } from '../core/extract/extractor.ts';
import type { ExplainedWord, Explanation, Extraction, NewsText } from '../core/model/item.ts';
import type { Extractor } from '../core/ports/reading.ts';
import { systemClock } from '../platform/clock.ts';
import { createLog } from '../platform/log.ts';
import { groundText, reasonText } from './reason-texts.ts';

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

type Line = Record<string, unknown>;

const textOf = (item: Line): NewsText => ({
  title: text(item.title),
  summary: text(item.summary),
  ...(typeof item.body === 'string' ? { body: item.body } : {}),
  lang: typeof item.lang === 'string' ? item.lang : null,
});

/** Without the encoder. */
export function classifyLine(extractor: SyncExtractor, raw: string, explain: boolean): string {
  const item = JSON.parse(raw) as Line;
  return answerOf(item, extractor.extract(textOf(item), { explain }), explain);
}

function answerOf(item: Line, found: Extraction, explain: boolean): string {
  const { relevant, events, credit, why } = found;
  // How firm a word was is for correlation; how likely a reading is stands in explanations only.
  const shown = events.map(({ vague: _vague, confidence, ...event }) => (explain ? { ...event, confidence } : event));
  return JSON.stringify({
    id: item.id ?? null,
    relevant,
    events: shown,
    ...(why === undefined ? {} : { credit, why: inWords(why) }),
  });
}

const fileOf = createPhraseFinder();
const withFile = (lang: string, word: ExplainedWord): object => ({
  ...word,
  file: fileOf(lang, word) ?? 'the configuration',
});

/** An explanation with its ids in words, and each phrase with its file. */
const inWords = (why: Explanation): object => ({
  ...why,
  rules: why.rules.map(groundText),
  clauses: (why.clauses ?? []).map((clause) => ({
    ...clause,
    acts: clause.acts.map((word) => withFile(why.lang, word)),
    words: clause.words.map((word) => withFile(why.lang, word)),
  })),
  rejected: why.rejected.map(({ text, as, why: id, by }) => ({ text, as, id, why: reasonText(id, by) })),
});

/** `tocsin classify FILE|-`: the answers go to stdout, one line each, in input order. Returns the exit code. */
export async function run(args: string[], make?: () => Extractor): Promise<number> {
  const [explain, alone] = ['--explain', '--no-encoder'].map((one) => args.includes(one)) as [boolean, boolean];
  const [file, ...more] = args.filter((one) => one !== '--explain' && one !== '--no-encoder');
  if (file === undefined || more.length > 0 || (file !== '-' && file.startsWith('-')))
    throw new TocsinError('usage', `Usage: ${COMMANDS.classify.usage}`);
  if (file !== '-' && !existsSync(file)) throw new TocsinError('usage', `There is no file ${file}`, { file });
  const input = file === '-' ? process.stdin : createReadStream(file);
  const log = createLog({ clock: systemClock, level: 'warn' });
  const builtIn = make ? null : builtInExtractor({ phrases: {}, catalogue: loadCatalogue(), encoder: !alone }, log);
  const extractor = make?.() ?? builtIn!;
  let number = 0;
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    number++;
    if (line.trim() === '') continue;
    let answer: string;
    try {
      const item = JSON.parse(line) as Line;
      answer = answerOf(item, await extractor.extract(textOf(item), { explain }), explain);
    } catch (cause) {
      const place = `${file === '-' ? 'stdin' : file}, line ${number}`;
      throw new TocsinError('usage', `${place}: not a JSON object`, { line: number }, cause);
    }
    if (!process.stdout.write(`${answer}\n`)) await new Promise((resolve) => process.stdout.once('drain', resolve));
  }
  await builtIn?.stop();
  return 0;
}

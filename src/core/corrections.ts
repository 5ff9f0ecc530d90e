/** Texts in which an outlet says that what it reported itself was wrong (`config/corrections.json`). */
import WORDS from '../../config/corrections.json' with { type: 'json' };
import { familyOf, NETWORK } from './model/incident.ts';
import type { Explanation, Extraction, Item } from './model/item.ts';
import type { Report } from './model/report.ts';

/** `retraction`: it says that it was wrong. `correction`: something of it was; what the text still reports it still says. */
type CorrectionKind = 'retraction' | 'correction';

/** Words of a text that tell so stand in its title or its lead. */
const LEAD = 600;
/** So many signs may stand before the word that heads a text: a bracket, a mark. */
const BEFORE = 3;

const plain = (text: string): string => text.slice(0, LEAD).normalize('NFKC').toLowerCase().replaceAll('’', "'");
const isLetter = (sign: string | undefined): boolean => sign !== undefined && /\p{L}/u.test(sign);

function isHeadedBy(text: string, word: string): boolean {
  const at = text.indexOf(word);
  return at >= 0 && at <= BEFORE && !/\p{L}/u.test(text.slice(0, at)) && !isLetter(text[at + word.length]);
}

/** Does the item say of itself that it corrects something? Null = it does not. */
export function correctionKind({ title, summary }: Pick<Item, 'title' | 'summary'>): CorrectionKind | null {
  const texts = [plain(title), plain(summary)];
  if (texts.some((text) => WORDS.retractions.some((words) => text.includes(words)))) return 'retraction';
  return texts.some((text) => WORDS.heads.some((word) => isHeadedBy(text, word))) ? 'correction' : null;
}

type Pair = Pick<Report, 'country' | 'service'>;

/** What an item corrects: reports of the same source and publisher that came before it. */
export interface Correction {
  sourceId: string;
  publisher: string;
  /** When, ms since the epoch. */
  at: number;
  /** Reports of this address are meant: it is the same item, with another text. Null = it is another item. */
  url: string | null;
  /** What the text names; a null country is any. */
  pairs: readonly Pair[];
  /** What it reports all the same, as `keyOf`. */
  still: ReadonlySet<string>;
  /** Its title. */
  because: string;
}

const keyOf = (country: string | null, service: string | null, action: Report['action']): string =>
  `${country} ${service} ${familyOf(action)}`;

/** `isSame`: it is known, and its text is another than it was. */
export function correctionOf(item: Item, kind: CorrectionKind, read: Extraction, isSame: boolean): Correction {
  const events = kind === 'retraction' ? [] : read.events;
  const pairsOf = ({ countries, services }: Extraction['events'][number]): Pair[] =>
    eachOf(countries).flatMap((country) => eachOf(services).map((service) => ({ country, service })));
  const still = events.flatMap((one) => pairsOf(one).map((pair) => keyOf(pair.country, pair.service, one.action)));
  return {
    sourceId: item.sourceId,
    publisher: item.publisher,
    at: item.publishedAt,
    url: isSame ? item.url : null,
    pairs: [...read.events.flatMap(pairsOf), ...pairsIn(read.why)],
    still: new Set(still),
    because: item.title,
  };
}

const eachOf = (list: readonly string[]): (string | null)[] => (list.length > 0 ? [...list] : [null]);

/** Services and networks that the text names, each in the countries that it names. */
function pairsIn(why: Explanation | undefined): Pair[] {
  const clauses = why?.clauses ?? [];
  const services = new Set(clauses.flatMap(({ names }) => names.map((name) => name.split(' ')[0]!)));
  if (clauses.some(({ acts, words }) => [...acts, ...words].some((one) => one.class === 'net'))) services.add(NETWORK);
  const countries = new Set(clauses.flatMap(({ places }) => places.map((place) => place.split(' ')[0]!)));
  return eachOf([...countries]).flatMap((country) => [...services].map((service) => ({ country, service })));
}

/** An outlet corrects what it reported within this time, ms. */
export const CORRECTS_WITHIN = 14 * 86_400_000;

/** Is this report, of the same source and publisher, what the correction is about? */
export function isCorrected(report: Report, correction: Correction): boolean {
  const { sourceId, publisher, url, pairs, still, at } = correction;
  const { country, service, action } = report;
  if (report.kind === 'measurement' || report.sourceId !== sourceId) return false;
  if ((report.publisher ?? report.voice.replace(/^authority:/, '')) !== publisher) return false;
  if (still.has(keyOf(country, service, action))) return false;
  if (url !== null && report.url === url) return true;
  const isBefore = report.at <= at && at - report.at <= CORRECTS_WITHIN;
  return isBefore && pairs.some((one) => one.service === service && (one.country === null || one.country === country));
}

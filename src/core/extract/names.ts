import { besideNames, spreadLists } from './beside.ts';
import { type Field, isAct, type Mention, type Place, REACH, type Span } from './field.ts';
import { inContext, roleOf } from './rules/role.ts';
import { HINT, NOT, PLAIN, SURE, scoreOf, WEAK } from './rules/scene.ts';
import { GAP } from './text/tokens.ts';

/** Where things happen: each place of a field gets a score, and lists of places share it. */

/** "After Australia, …": tokens that may stand before a name which only opens the sentence. */
const OPENING_PLACE = 2;

/** Gives every place of a field its score: datelines, owners and outlets are no scene, "in X" and its authorities are. */
export function scorePlaces(field: Field): void {
  for (const place of field.places) place.score = scoreOf(field, place);
  for (const place of field.places) if (isCircumstance(field, place)) place.score = Math.min(place.score, WEAK);
  for (const [i, place] of field.places.entries()) {
    // "Rusya ve Türkiye'de": the ending of the last is that of all in the list.
    const before = place.at ? field.places[i - 1] : undefined;
    if (before?.kind === 'country' && besideNames(field, before, place))
      before.score = Math.max(before.score, place.score);
  }
  for (const place of field.places) {
    if (place.score >= PLAIN) lift(field, place);
    else if (place.score === WEAK) lower(field, place);
  }
}

/** "X bans Y over an article about Z", "cut in X as Z attacks": behind the act a word that opens its circumstances, and a scene named before. */
function isCircumstance(field: Field, { from, code, score }: Place): boolean {
  if (score < HINT) return false;
  const sentence = field.sentence[from];
  for (const cue of field.cuesIn[sentence!]!) {
    if (cue.cls !== 'circumstance' || cue.to > from) continue;
    const act = field.cuesIn[sentence!]!.find((c) => isAct(c) && c.to <= cue.from);
    if (act === undefined || field.otherActBetween(cue.to, from, ['lift', 'fail'])) continue;
    const scene = field.places.some(
      (p) => p.score >= PLAIN && p.to <= cue.from && field.sentence[p.from] === sentence && p.code !== code,
    );
    if (scene && !field.places.some((p) => p.code === code && p.to <= cue.from && p.score >= HINT))
      return !DEPENDENT.has(code);
  }
  return false;
}
/** Parts of a state with a code of their own. */
const RULED: Record<string, string> = { NC: 'FR', PF: 'FR', RE: 'FR', HK: 'CN', MO: 'CN', PR: 'US', GL: 'DK' };
/** Ruled from elsewhere: who acts is named first, the scene behind. */
const DEPENDENT = new Set(['EH', 'GL', 'HK', 'MO', 'NC', 'PF', 'PR', 'PS', 'RE', 'XK']);

/** "in Iran and Iraq", "Algeria, Iraq": what stands beside a scene in a list is one. */
function lift(field: Field, place: Place): void {
  const at = field.places.indexOf(place);
  const next = field.places[at + 1];
  if (next === undefined || next.from - place.to > REACH.beside || next.score < WEAK || next.score >= place.score)
    return;
  if (next.kind === 'demonym') return;
  if (besideNames(field, place, next)) next.score = place.score;
}

/** "joins India and Nepal": what stands beside one that is no scene is none either. But "After Australia, Malaysia plans …". */
function lower(field: Field, place: Place): void {
  const { gap } = field.tokens[place.to] ?? { gap: 0 };
  const aside = field.cueBefore(place.from, 'notloc');
  if ((aside?.from ?? place.from) <= OPENING_PLACE && (gap & GAP.comma) !== 0) return;
  const next = field.places[field.places.indexOf(place) + 1];
  const open = next !== undefined && (next.score === PLAIN || (next.score === SURE && !next.at));
  if (open && next.kind !== 'authority' && besideNames(field, place, next)) next.score = WEAK;
}

/** The countries of a stretch of places: the surest ones, none where only owners and datelines are named. */
export function countriesOf(places: Place[], least: number): string[] {
  const best = Math.max(NOT, ...places.map((p) => p.score));
  if (best < least) return [];
  // "Israel cuts the internet in Gaza": the scene beats the one who acts.
  const out = new Set(places.filter((p) => p.score === best).map((p) => p.code));
  // "New Caledonia: the Council of State …": who rules it from afar is no scene.
  for (const code of out) {
    const ruler = RULED[code];
    if (ruler !== undefined) out.delete(ruler);
  }
  return [...out];
}

/** Decides for each service named whether it can be what the news is about, or is a channel, a source, a rival, a means of circumvention … */

export function assignRoles(fields: Field[]): void {
  const sure = new Set<string>();
  for (const field of fields) for (const m of field.mentions) if (!m.everyday) sure.add(m.id);
  for (const field of fields) {
    for (const m of field.mentions) m.role = roleOf(field, m);
    for (const m of field.mentions) m.role ??= roleElsewhere(field, m);
    vouch(field, sure);
    for (const m of field.mentions) if (m.everyday && m.role === null && !sure.has(m.id)) m.role = 'everyday word';
    spreadLists(field);
  }
  // Named surely in a later field: the earlier everyday mention counts, too.
  for (const field of fields)
    for (const m of field.mentions) if (m.role === 'everyday word' && sure.has(m.id)) m.role = null;
}

/** Called the source once in a sentence, the same name is no target in it. */
const roleElsewhere = (field: Field, m: Mention): string | null =>
  field.mentionsAround(m.from).find((o) => o.id === m.id && o.role === 'source')?.role ?? null;

/** An everyday word is a service when it is named so elsewhere, stands beside sure ones in a list, or is called an app here. */
function vouch(field: Field, sure: Set<string>): void {
  for (let pass = 0; pass < 2; pass++)
    for (const m of field.mentions)
      if (m.role === null && m.everyday && !sure.has(m.id) && inContext(field, m, sure)) sure.add(m.id);
}

/** The agency or outlet on which the text says that it rests: "(Reuters)", "РБК: …", "сообщает ТАСС", "FT reports". */
export function creditOf(fields: Field[]): string | null {
  for (const field of fields) {
    if (field.name === 'body') continue;
    // Media of the service catalogue can be a source, too, once their role says so.
    const media = field.mentions.filter((m) => m.role === 'source');
    const credit = [...field.agencies, ...media].sort((a, b) => a.from - b.from).find((one) => isCredited(field, one));
    if (credit !== undefined) return credit.id;
  }
  return null;
}

function isCredited(field: Field, { from, to }: Span): boolean {
  const first = field.tokens[from]!;
  const next = field.tokens[to];
  if ((first.gap & GAP.open) !== 0 && (next === undefined || (next.gap & GAP.close) !== 0)) return true;
  if (from === 0 && next !== undefined && (next.gap & (GAP.colon | GAP.clause)) !== 0) return true;
  if (field.name === 'title' && to === field.tokens.length && (first.gap & (GAP.clause | GAP.comma)) !== 0) return true;
  return field.hasAfter(to, 'say', REACH.near) || field.hasBefore(from, ['say', 'acc', 'citing'], REACH.close);
}

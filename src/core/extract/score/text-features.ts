import type { Analysis } from '../analysis.ts';
import type { Field } from '../field.ts';
import { isYear } from '../rules/when.ts';
import type { Claim } from '../settle.ts';
import {
  add,
  addOnce,
  clear,
  type Features,
  isNew,
  keyed,
  keyOf,
  keyOfPart,
  mix,
  startRound,
  stemKey,
  symbolsOf,
} from './features.ts';

/** Years that a text names. News of the day seldom does; chronicles, encyclopedias and look-backs do. */

/** Words of a field that are looked at. */
export const MAX_WORDS = 70;
const VALUE = 0.7;

const FIRST = keyOf('year at the head');
const WITHIN = keyOf('year within');
const LAST = keyOf('year at the end');
const IN_FIRST = keyOf('year in the first sentence');
const BESIDE = keyOf('year beside');

/** How many a field names, where, and beside which cues; in the round of the field's other features. */
function yearFeatures(field: Field, to: Features): void {
  const where = keyOf(field.name);
  const { tokens, sentence } = field;
  let count = 0;
  for (let i = 0; i < tokens.length && i < MAX_WORDS; i++) {
    if (!isYear(field, i)) continue;
    count++;
    addOnce(to, mix(where, i === 0 ? FIRST : WITHIN), VALUE);
    if (i === tokens.length - 1) addOnce(to, mix(where, LAST), VALUE);
    if (sentence[i] === 0) addOnce(to, mix(where, IN_FIRST), VALUE);
    cuesBeside(field, i, to);
  }
  addOnce(to, mix(where, keyed('years', Math.min(count, 3))), VALUE);
}

function cuesBeside(field: Field, at: number, to: Features): void {
  for (const cue of field.cuesAround(at))
    if (cue.to === at || cue.to === at - 1 || cue.from === at + 1) addOnce(to, mix(BESIDE, cue.key), VALUE);
}

/** What a text shows of being news of access: its words, its cues and their order, and what the rules found or turned down. */

/** Words of a field that are looked at letter by letter. */
const MAX_LETTERED = 30;
const MAX_SYMBOLS = 60;
const MAX_REJECTED = 30;
const MAX_CUES = 200;
/** Letters of a run, and runs of a word. */
const RUN = 4;
const MAX_RUNS = 10;

/** How much a feature of each kind counts beside the others; what is dense and few counts most. */
const WEIGHT = { rule: 1, cue: 0.7, sequence: 0.5, word: 0.35, letters: 0.25 };

const START = keyOf('<');
const END = keyOf('>');
const BIAS = keyOf('bias');
const RULE = keyOf('r:');
const WORD = keyOf('w');
const W_TITLE = keyOf('w:title');
const W_TEXT = keyOf('w:text');
const LETTERS = keyOf('l');
const ANY = keyOf('any');
const LEAD = keyOf('lead');

/** Features of the whole text, in `to`. */
export function textFeatures(analysis: Analysis, to: Features): Features {
  add(clear(to), BIAS, 2);
  ofRules(analysis, to);
  for (const field of analysis.fields) {
    if (field.name === 'body') continue;
    ofCues(field, to);
    ofWords(field, to);
  }
  return to;
}

const FLAGS = ['down', 'weak', 'part', 'carried', 'unknown', 'bare', 'threat', 'still', 'generic'] as const;
const OF_TEXT = ['ordered', 'governed', 'pending', 'billed', 'banned', 'aged', 'placed', 'online', 'judged'] as const;
const OF_NOISE = ['outage', 'monitored', 'suspected'] as const;

function ofRules({ noise, found, rejected, facts, setting, fields }: Analysis, to: Features): void {
  const rule = (name: number, value: number): void => add(to, mix(RULE, name), value);
  const { claims } = found;
  rule(keyOf(claims.length > 0 ? 'events' : 'none'), WEIGHT.rule);
  rule(keyed('events', Math.min(claims.length, 3)), 0.5);
  startRound(to);
  for (const claim of claims) ofClaim(claim, to);
  if (facts.length > 0 && claims.length === 0) rule(keyOf('facts without events'), WEIGHT.rule);
  for (const { why, field } of rejected.slice(0, MAX_REJECTED)) {
    ruleOnce(to, keyed('no', why));
    ruleOnce(to, keyed('no', why, field.name));
  }
  for (const flag of OF_TEXT) if (setting[flag]) rule(keyed('text', flag), 0.4);
  for (const flag of OF_NOISE) if (noise[flag]) rule(keyed('text', flag), 0.4);
  if (fields.some((f) => f.name === 'summary' && f.tokens.length > 0)) rule(keyOf('with lead'), 0.3);
}

function ruleOnce(to: Features, name: number): void {
  if (isNew(to, name)) add(to, mix(RULE, name), 0.5);
}

function ofClaim({ action, id, rank, fact }: Claim, to: Features): void {
  const kind = id === '' ? 'of many' : id === 'internet' ? 'of internet' : 'named';
  ruleOnce(to, keyed(action));
  ruleOnce(to, keyed(action, rank));
  ruleOnce(to, keyed(action, kind, rank));
  ruleOnce(to, keyed('by', fact.act.cls, fact.field.name));
  ruleOnce(to, keyed('state', fact.state, fact.time));
  for (const flag of FLAGS) if (fact[flag]) ruleOnce(to, keyed('flag', flag));
  for (const name of fact.rules) ruleOnce(to, keyed('rule', name));
}

/** What stands in a field, each once. */
function ofCues(field: Field, to: Features): void {
  const where = keyOf(field.name);
  const title = field.name === 'title';
  startRound(to);
  const { cues, mentions, places } = field;
  for (const cue of cues.slice(0, MAX_CUES)) {
    const cls = cue.key;
    addOnce(to, mix(where, cls), WEIGHT.cue);
    addOnce(to, mix(ANY, cls), WEIGHT.cue / 2);
    if (!title && field.sentence[cue.from] === 0) addOnce(to, mix(LEAD, cls), WEIGHT.cue);
  }
  for (const { category, role } of mentions.slice(0, MAX_SYMBOLS)) {
    addOnce(to, mix(where, keyed('category', category)), WEIGHT.cue / 2);
    addOnce(to, mix(where, keyed('role', role ?? 'target')), WEIGHT.cue / 2);
  }
  for (const { kind, score } of places.slice(0, MAX_SYMBOLS)) {
    addOnce(to, mix(where, keyed('place', kind)), WEIGHT.cue / 2);
    addOnce(to, mix(where, keyed('scene', Math.floor(score))), WEIGHT.cue / 2);
  }
  if (places.length === 0) addOnce(to, mix(where, keyOf('no place')), WEIGHT.cue / 2);
  if (mentions.length === 0) addOnce(to, mix(where, keyOf('no name')), WEIGHT.cue / 2);
  if (field.sentences.some((s) => s.question)) addOnce(to, mix(where, keyOf('question')), WEIGHT.cue);
  yearFeatures(field, to);
  ofOrder(field, to);
}

/** Pairs of neighbours, in a title threes, too; in the round of `ofCues`. */
function ofOrder(field: Field, to: Features): void {
  const where = keyOf(field.name);
  const title = field.name === 'title';
  const symbols = symbolsOf(field, MAX_SYMBOLS);
  let before = START;
  let earlier = START;
  for (let i = 0; i <= symbols.length; i++) {
    const symbol = i < symbols.length ? symbols[i]! : END;
    const two = mix(before, symbol);
    addOnce(to, mix(where, two), WEIGHT.sequence);
    if (title && i > 0) addOnce(to, mix(earlier, two), WEIGHT.sequence);
    earlier = before;
    before = symbol;
  }
}

/** Stems of words, pairs of words, and runs of four letters. */
function ofWords(field: Field, to: Features): void {
  const count = Math.min(field.tokens.length, MAX_WORDS);
  const share = 1 / Math.sqrt(1 + count / 8);
  const where = field.name === 'title' ? W_TITLE : W_TEXT;
  const ofWord = WEIGHT.word * share;
  const ofRun = WEIGHT.letters * share;
  startRound(to);
  let before = START;
  for (let n = 0; n < count; n++) {
    const { w } = field.tokens[n]!;
    const stem = stemKey(w);
    addOnce(to, mix(WORD, stem), ofWord);
    addOnce(to, mix(where, stem), ofWord);
    addOnce(to, mix(where, mix(before, stem)), ofWord);
    before = stem;
    if (n >= MAX_LETTERED) continue;
    const last = Math.min(w.length - RUN, MAX_RUNS - 1);
    for (let i = 0; i <= last; i++) add(to, mix(LETTERS, keyOfPart(w, i, i + RUN)), ofRun);
  }
}

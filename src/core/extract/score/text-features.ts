/** What a text shows of being news of access: its words, its cues and their order, and what the rules found or turned down. */
import type { Analysis } from '../analysis.ts';
import type { Field } from '../read.ts';
import { add, asKey, type Features, hash, keyed, keyOf, mix, stemKey } from './features.ts';

/** Bounds of what is looked at: a longer text says the same, and hostile ones cost no more. */
const MAX_WORDS = 70;
/** Words of a field that are looked at letter by letter. */
const MAX_LETTERED = 30;
const MAX_SYMBOLS = 60;
const MAX_REJECTED = 30;
const MAX_CUES = 200;

/** How much a feature of each kind counts beside the others; what is dense and few counts most. */
const WEIGHT = { rule: 1, cue: 0.7, sequence: 0.5, word: 0.35, letters: 0.25 };

const START = keyOf('<');
const END = keyOf('>');
const RULE = keyOf('r:');
const WORD = keyOf('w');
const LETTERS = keyOf('l');
const ANY = keyOf('any');
const LEAD = keyOf('lead');

/** The cues, names and places of a field in their order, as keys. */
export function symbolsOf(field: Field, most: number): number[] {
  const at: { from: number; key: number }[] = [];
  for (const cue of field.cues.slice(0, 2 * most)) at.push({ from: cue.from, key: keyOf(cue.cls) });
  for (const m of field.mentions.slice(0, most))
    at.push({ from: m.from, key: keyOf(m.role === null ? 'NAME' : 'name') });
  for (const p of field.places.slice(0, most)) at.push({ from: p.from, key: keyOf(p.kind) });
  at.sort((a, b) => a.from - b.from);
  return at.slice(0, most).map(({ key }) => key);
}

export function textFeatures(analysis: Analysis, to: Features): void {
  add(to, keyOf('bias'), 2);
  ofRules(analysis, to);
  for (const field of analysis.fields) {
    if (field.name === 'body') continue;
    ofCues(field, to);
    ofWords(field, to);
  }
}

function ofRules({ noise, found, rejected, facts, setting, fields }: Analysis, to: Features): void {
  const rule = (name: string | number, value: number = WEIGHT.rule): void => add(to, mix(RULE, asKey(name)), value);
  const { claims } = found;
  rule(noise.silent === null ? 'heard' : 'silent');
  if (noise.silent !== null) {
    rule(keyed('silent', noise.silent));
    rule(keyed('silent', claims.length > 0 ? 'with' : 'without', 'events'));
  } else rule(claims.length > 0 ? 'events' : 'none');
  rule(keyed('events', Math.min(claims.length, 3)), 0.5);
  const seen = new Set<number>();
  const once = (name: number, value = 0.5): void => {
    if (seen.has(name)) return;
    seen.add(name);
    rule(name, value);
  };
  for (const { action, id, rank, fact } of claims) {
    const kind = id === '' ? 'of many' : id === 'internet' ? 'of internet' : 'named';
    once(keyed(action));
    once(keyed(action, rank));
    once(keyed(action, kind, rank));
    once(keyed('by', fact.act.cls, fact.field.name));
    once(keyed('state', fact.state, fact.time));
    for (const flag of ['down', 'weak', 'part', 'carried', 'unknown', 'bare', 'threat', 'still', 'generic'] as const)
      if (fact[flag]) once(keyed('flag', flag));
    for (const name of fact.rules) once(keyed('rule', name));
  }
  if (facts.length > 0 && claims.length === 0) rule('facts without events');
  for (const r of rejected.slice(0, MAX_REJECTED)) {
    once(keyed('no', r.why));
    once(keyed('no', r.why, r.field.name));
  }
  for (const flag of [
    'ordered',
    'governed',
    'pending',
    'billed',
    'banned',
    'aged',
    'placed',
    'online',
    'judged',
  ] as const)
    if (setting[flag]) rule(keyed('text', flag), 0.4);
  for (const flag of ['outage', 'monitored', 'suspected'] as const) if (noise[flag]) rule(keyed('text', flag), 0.4);
  if (fields.some((f) => f.name === 'summary' && f.tokens.length > 0)) rule('with lead', 0.3);
}

function ofCues(field: Field, to: Features): void {
  const where = keyOf(field.name);
  const seen = new Set<number>();
  const once = (key: number, value: number): void => {
    if (seen.has(key)) return;
    seen.add(key);
    add(to, key, value);
  };
  for (const cue of field.cues.slice(0, MAX_CUES)) {
    const cls = keyOf(cue.cls);
    once(mix(where, cls), WEIGHT.cue);
    once(mix(ANY, cls), WEIGHT.cue / 2);
    if (field.name !== 'title' && field.sentence[cue.from] === 0) once(mix(LEAD, cls), WEIGHT.cue);
  }
  for (const m of field.mentions.slice(0, MAX_SYMBOLS)) {
    once(mix(where, keyed('category', m.category)), WEIGHT.cue / 2);
    once(mix(where, keyed('role', m.role ?? 'target')), WEIGHT.cue / 2);
  }
  for (const p of field.places.slice(0, MAX_SYMBOLS)) {
    once(mix(where, keyed('place', p.kind)), WEIGHT.cue / 2);
    once(mix(where, keyed('scene', Math.floor(p.score))), WEIGHT.cue / 2);
  }
  if (field.places.length === 0) once(mix(where, keyOf('no place')), WEIGHT.cue / 2);
  if (field.mentions.length === 0) once(mix(where, keyOf('no name')), WEIGHT.cue / 2);
  if (field.sentences.some((s) => s.question)) once(mix(where, keyOf('question')), WEIGHT.cue);
  const symbols = [START, ...symbolsOf(field, MAX_SYMBOLS), END];
  for (let i = 1; i < symbols.length; i++) {
    const two = mix(symbols[i - 1]!, symbols[i]!);
    once(mix(where, two), WEIGHT.sequence);
    if (field.name === 'title' && i > 1) once(mix(symbols[i - 2]!, two), WEIGHT.sequence);
  }
}

/** Stems of words, pairs of words, and runs of four letters. */
function ofWords(field: Field, to: Features): void {
  const title = field.name === 'title';
  const tokens = field.tokens.slice(0, MAX_WORDS);
  const share = 1 / Math.sqrt(1 + tokens.length / 8);
  const where = keyOf(title ? 'w:title' : 'w:text');
  const seen = new Set<number>();
  const once = (key: number, value: number): void => {
    if (seen.has(key)) return;
    seen.add(key);
    add(to, key, value);
  };
  let before = START;
  let letters = MAX_LETTERED;
  for (const { w } of tokens) {
    const stem = stemKey(w);
    once(mix(WORD, stem), WEIGHT.word * share);
    once(mix(where, stem), WEIGHT.word * share);
    once(mix(where, mix(before, stem)), WEIGHT.word * share);
    before = stem;
    if (letters-- > 0)
      for (let i = 0; i + 4 <= w.length && i < 10; i++)
        add(to, mix(LETTERS, hash(w, i, i + 4)), WEIGHT.letters * share);
  }
}

/** What is said of a service, near it and elsewhere, against an action in question: it is the same question for every action. */
import type { Action } from '../../model/action.ts';
import type { Analysis } from '../analysis.ts';
import type { Cue, Field, Span } from '../read.ts';
import { isOf, MAX_CUES, MAX_FACTS, MAX_SEEN, type Named, type Naming } from './candidates.ts';
import { addOnce, type Features, keyed, keyOf, mix, startRound } from './features.ts';

/** What an act of each class says by itself. */
const PLAIN_ACTION: ReadonlyMap<string, Action> = new Map<string, Action>([
  ['block', 'block'],
  ['cut', 'block'],
  ['down', 'block'],
  ['fail', 'block'],
  ['delist', 'block'],
  ['ban', 'block'],
  ['restrict', 'restrict'],
  ['leave', 'restrict'],
  ['throttle', 'throttle'],
  ['shutdown', 'shutdown'],
  ['unblock', 'unblock'],
  ['lift', 'unblock'],
  ['legal', 'warn'],
]);

/** Actions that something in the text says, each with the key of where it is said; each pair once. */
export interface Said {
  keys: number[];
  actions: (Action | null)[];
}

const CUE = keyOf('cue');
const YES = keyOf('yes');
const NO = keyOf('no');

export function saidOf({ facts, found }: Analysis, id: string, namings: readonly Named<Naming>[]): Said {
  const said: Said = { keys: [], actions: [] };
  const put = (key: number, action: Action | null): void => {
    for (let i = 0; i < said.keys.length; i++) if (said.keys[i] === key && said.actions[i] === action) return;
    said.keys.push(key);
    said.actions.push(action);
  };
  for (let i = 0; i < facts.length && i < MAX_FACTS; i++) {
    const fact = facts[i]!;
    const own = isOf(fact, id);
    put(keyed(own ? 'own' : 'other', 'fact', fact.field.name), fact.action);
    if (own) put(keyed('own fact', fact.time, fact.state), fact.action);
  }
  for (const claim of found.claims) put(keyed(claim.id === id ? 'own' : 'other', 'claim', claim.rank), claim.action);
  for (const { field, spans } of namings) {
    const where = mix(CUE, keyOf(field.name));
    for (let i = 0; i < field.cues.length && i < MAX_CUES; i++) {
      const plain = PLAIN_ACTION.get(field.cues[i]!.cls);
      if (plain !== undefined) put(where, plain);
    }
    for (const { span } of spans) {
      const cue = nearestAct(field, span);
      put(keyed('near', cue === null ? 'none' : 'act', field.name), cue === null ? null : PLAIN_ACTION.get(cue.cls)!);
    }
  }
  return said;
}

function nearestAct(field: Field, span: Span): Cue | null {
  let nearest: Cue | null = null;
  let least = 99;
  const cues = field.cuesIn[field.sentence[span.from]!]!;
  for (let i = 0; i < cues.length && i < MAX_SEEN; i++) {
    const cue = cues[i]!;
    if (!PLAIN_ACTION.has(cue.cls) || field.prop[cue.from] !== field.prop[span.from]) continue;
    const gap = cue.from >= span.to ? cue.from - span.to : span.from - cue.to;
    if (gap < least) {
      nearest = cue;
      least = gap;
    }
  }
  return nearest;
}

/** Does what is said agree with an action? Each place once. */
export function agreementFeatures({ keys, actions }: Said, action: Action, to: Features): void {
  startRound(to);
  for (let i = 0; i < keys.length; i++) addOnce(to, mix(actions[i] === action ? YES : NO, keys[i]!), 0.4);
}

/** Whether an act is done, ahead, or only threatened: and by whom. */
import { REACH } from './distances.ts';
import type { Draft } from './extent.ts';
import type { Fact } from './fact.ts';
import { isFuture } from './future.ts';
import { isPart } from './part.ts';
import { isOwners, isRuled } from './power.ts';
import type { Cue, Field } from './read.ts';
import { clauseOf, cueAfter, cueBefore, cuesAround } from './read.ts';
import type { Ground, Reason } from './reasons.ts';
import { firstOf, type Rule, table } from './rules.ts';
import { inSentence } from './scope.ts';

/** The fact, or why it is none. */
export function tensed(draft: Draft): Fact | Reason {
  const { field, act, fact, rules } = draft;
  const rule = firstOf(TENSE, draft, field, act);
  if (rule !== null) return rule.effect(draft);
  rules.push(`asserted-${act.cls}`);
  return fact;
}

const TENSE_RULES: Rule<Draft, (draft: Draft) => Fact | Reason>[] = [
  // "Apple, on the order of Beijing, …" takes off its shelf what another orders.
  {
    id: 'owner-orders',
    needs: ['order'],
    when: ({ mood, act, field }) =>
      mood === 'ordered' && act.cls !== 'delist' && !isRuled(field, act) && isOwners(field, act, 'order'),
    effect: () => 'owner-orders',
    example: 'en| Musk ordered engineers to cut off Starlink near Crimea',
  },
  {
    id: 'owner-threatens',
    needs: ['threat'],
    when: ({ mood, field, act }) => mood === 'threatened' && isOwners(field, act, 'threat'),
    effect: () => 'owner-threatens',
    example: 'en| Musk threatens to switch off X in the EU',
  },
  {
    id: 'threat',
    needs: [],
    when: ({ mood }) => mood === 'threatened',
    effect: (d) => ahead(d, 'threat', true),
    example: 'Spotify faces ban in Turkey',
  },
  {
    id: 'ahead',
    needs: [],
    when: (d) =>
      (d.mood === 'planned' && !stays(d)) || d.mood === 'conditional' || (d.setting.pending && d.act.cls === 'block'),
    // "may make the block permanent": a threat beside what runs.
    effect: (d) => ahead(d, d.mood, isPart(d.field, d.act, 'forever')),
    example: 'Russia says it may block YouTube',
  },
  // "The state blocks X" || "A bill was submitted to parliament": told as done, and only proposed.
  {
    id: 'tabled',
    needs: [],
    when: ({ mood, field, act, setting, fact }) =>
      mood === 'asserted' &&
      field.name === 'title' &&
      setting.tabled &&
      fact.action !== 'shutdown' &&
      (act.cls === 'block' || act.cls === 'restrict' || act.cls === 'throttle'),
    effect: (d) => ahead(d, 'tabled', false),
    example: 'en| Kenya blocks Wikipedia for censoring history || A bill was submitted to parliament on Tuesday.',
  },
  // "Jordan to block X in two months": decided or not, it has not begun. A network is cut by the calendar, and that is news of the cut.
  {
    id: 'horizon',
    needs: ['soon'],
    when: (d) =>
      d.mood !== 'ordered' &&
      d.fact.action !== 'shutdown' &&
      isFuture(d.field, d.act, d.setting) &&
      clauseOf(d.field, d.act.from).cues.some((c) => c.cls === 'soon') &&
      !stays(d),
    effect: (d) => ahead(d, 'horizon', isPart(d.field, d.act, 'forever')),
    example: 'Jordan to block access to Telegram in two months || The ministry told providers to prepare the order.',
  },
  {
    id: 'future',
    needs: ['will', 'inf'],
    when: (d) =>
      d.mood !== 'ordered' &&
      !d.setting.ordered &&
      d.fact.action !== 'shutdown' &&
      isFuture(d.field, d.act, d.setting) &&
      !stays(d) &&
      !isJoined(d),
    effect: (d) => ahead(d, 'future', isPart(d.field, d.act, 'forever')),
    example: 'Philippines to block Grok',
  },
];
export const TENSE = table('tense', TENSE_RULES);

function ahead({ fact, rules }: Draft, why: Ground, threat: boolean): Fact {
  rules.push(why);
  return { ...fact, action: 'warn', state: 'warn', threat };
}

const stays = ({ mood, field, act }: Draft): boolean =>
  (mood === 'planned' || mood === 'asserted') && staysAhead(field, act);

/** "the network is cut during exams. X will also be blocked": one decision. */
const isJoined = ({ field, act }: Draft): boolean =>
  field.name !== 'title' && cueBefore(field, act.from, REACH.near, 'also') !== null;

/** "plans to extend the ban": what is planned is that it stays. Not "to extend limits to X". */
function staysAhead(field: Field, act: Cue): boolean {
  if (act.cls === 'restrict' || cueAfter(field, act.to, REACH.touching, 'inf') !== null) return false;
  const still =
    cueBefore(field, act.from, REACH.close, 'still') ??
    cuesAround(field, act.from).find((c) => c.cls === 'still' && c.from <= act.from && c.to >= act.to);
  if (still == null) return false;
  return (
    cueBefore(field, still.from, REACH.near, ['modal', 'will']) !== null && inSentence(field, act.from, 'ask') === null
  );
}

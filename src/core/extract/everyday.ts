/** Names that are ordinary words ("X", "Signal", "Max"): which of them mean the service. */
import { REACH } from './distances.ts';
import { beside } from './lists.ts';
import type { Field, Mention } from './read.ts';
import { clauseOf, cueAfter, cueBefore, cuesAround, mentionsAround } from './read.ts';
import { firstOf, type Rule, table } from './rules.ts';
import { ACT_SET, ACTS, isAct } from './scope.ts';
import { GAP } from './tokens.ts';

/** Words that may stand between a name and its verb. */
const LITTLE = new Set([
  'adv',
  'modal',
  'maybe',
  'threat',
  'neg',
  'will',
  'begin',
  'partial',
  'past',
  'remain',
  'still',
]);

/** "messenger" is what others are called: alone it is no name, in a list of names it is. */
const isKind = (field: Field, m: Mention): boolean =>
  field.cuesAt[m.from]!.some((c) => c.to === m.to && (c.cls === 'kind' || c.cls === 'social'));

interface Named {
  field: Field;
  m: Mention;
  /** Services that are named for sure. */
  sure: ReadonlySet<string>;
}

export const inContext = (field: Field, m: Mention, sure: ReadonlySet<string>): boolean =>
  firstOf(EVERYDAY, { field, m, sure }, field, m)?.effect ?? false;

const EVERYDAY_RULES: Rule<Named, boolean>[] = [
  {
    id: 'called-app',
    needs: ['kind'],
    when: ({ field, m }) =>
      !isKind(field, m) &&
      (cueBefore(field, m.from, REACH.beside, 'kind') !== null || cueAfter(field, m.to, REACH.beside, 'kind') !== null),
    effect: true,
    example: 'X accessible again in Tanzania',
  },
  // Two of a kind side by side ("RT and Sputnik") vouch for each other.
  { id: 'in-list', needs: [], when: isVouchedFor, effect: true, example: 'en| EU imposes ban on RT, Sputnik' },
  {
    id: 'only-a-kind',
    needs: [],
    when: ({ field, m }) => isKind(field, m),
    effect: false,
    example: 'en| Saudi Arabia blocks BlackBerry Messenger',
  },
  // "X'i": what takes an apostrophe and an ending is a name, however far its verb is.
  {
    id: 'declined',
    needs: [],
    when: (at) => isDeclined(at) && clauseOf(at.field, at.m.from).cues.some(isAct),
    effect: true,
    example: 'zh| X在多国当机 台湾用户也受影响',
  },
  // "Max Verstappen", "Signal Iduna": a capital that no one knows follows, and it is another name.
  { id: 'longer-name', needs: [], when: isLongerName, effect: false, example: 'Signal Iduna reports record profit' },
  // "takes X offline": the act stands around the name.
  {
    id: 'act-around',
    needs: [],
    when: ({ field, m }) =>
      cuesAround(field, m.from).some(
        (c) => c.from < m.from && c.to > m.to && (ACT_SET.has(c.cls) || c.cls === 'legal'),
      ),
    effect: true,
    example: 'en| Maduro takes X out of circulation in Venezuela',
  },
  // "Signal, the app that was blocked": what it is, behind a comma.
  {
    id: 'apposed',
    needs: ['kind'],
    when: ({ field, m }) =>
      ((field.tokens[m.to]?.gap ?? 0) & GAP.comma) !== 0 && cueAfter(field, m.to, APPOSED, 'kind') !== null,
    effect: true,
    example:
      'es| Signal, la nueva aplicación bloqueada en Venezuela || La ONG VE Sin Filtro constató que la app de mensajería no funciona en las principales operadoras. El jueves el gobierno había ordenado bloquear X.',
  },
  // "X in Pakistan for a month blocked": at the head of a title, before a scene.
  {
    id: 'heads-title',
    needs: ['block', 'restrict', 'throttle', 'unblock', 'down'],
    when: headsTitle,
    effect: true,
    example:
      'de| Signal in Russland gesperrt || Die Medienaufsicht begründete dies mit Verstößen gegen Anti-Terror-Gesetze. Bei Youtube klagen Nutzer seit Wochen über Probleme.',
  },
  {
    id: 'behind-act',
    needs: [...ACTS, 'access', 'legal', 'threat'],
    when: ({ field, m }) => cueBefore(field, m.from, REACH.near, [...ACTS, 'access', 'legal', 'threat']) !== null,
    effect: true,
    example: 'en| EU fines X €120m',
  },
  // "X access restored"
  {
    id: 'before-access',
    needs: ['access'],
    when: ({ field, m }) => cueAfter(field, m.to, REACH.touching, 'access') !== null,
    effect: true,
    example: 'Calls on Signal restricted in Oman',
  },
  // "Signal appears to be blocked": little words may stand between, a noun may not ("Signal failure blocks trains").
  { id: 'before-act', needs: [...ACTS], when: isBeforeAct, effect: true, example: 'Elon Musk says X will block bots' },
];
export const EVERYDAY = table('everyday', EVERYDAY_RULES);

/** Letters from here on have no capitals, or are not Latin. */
const _FIRST_UNCASED = 0x500;

function isVouchedFor({ field, m, sure }: Named): boolean {
  return mentionsAround(field, m.from).some(
    (other) =>
      other !== m &&
      other.role === null &&
      other.id !== m.id &&
      (!other.everyday || sure.has(other.id) || other.category === m.category) &&
      beside(field, m, other),
  );
}

function isDeclined({ field, m }: Named): boolean {
  const ending = field.tokens[m.to];
  return (
    ending?.gap === GAP.none &&
    !ending.cap &&
    ending.w !== 's' &&
    ending.w.length <= LONGEST_ENDING &&
    field.tokens[m.from]!.cap
  );
}
const LONGEST_ENDING = 4;

function isLongerName({ field, m }: Named): boolean {
  const next = field.tokens[m.to];
  return (
    next?.cap === true &&
    next.gap === GAP.space &&
    field.cuesAt[m.to]!.length === 0 &&
    !field.places.some((p) => p.from === m.to)
  );
}

function headsTitle({ field, m }: Named): boolean {
  return (
    field.name === 'title' &&
    m.from === 0 &&
    field.places.some((p) => p.from === m.to + 1) &&
    cueAfter(field, m.to, HEADED, ['block', 'restrict', 'throttle', 'unblock', 'down']) !== null
  );
}

function isBeforeAct({ field, m }: Named): boolean {
  let reach = 0;
  while (reach < MOST_LITTLE && isLittle(field, m.to + reach)) reach++;
  return cueAfter(field, m.to, reach, ACTS) !== null;
}
const MOST_LITTLE = 4;

/** Words between a name and what it is called. */
const APPOSED = 3;

const HEADED = 8;

function isLittle(field: Field, i: number): boolean {
  const token = field.tokens[i];
  if (token === undefined) return false;
  // "X in Brazil blocked": a place may stand between, too.
  if (field.places.some((p) => p.from <= i && i < p.to)) return true;
  return !token.cap && (token.w.length <= 3 || field.cuesAt[i]!.some((c) => LITTLE.has(c.cls)));
}

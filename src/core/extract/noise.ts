/** What the text as a whole is: news of access or something else, a failure, a suspicion, a measurement. */
import { isDatedYear, isHistory } from './dates.ts';
import { judgesFalse } from './disproof.ts';
import { REACH } from './distances.ts';
import { bracketsYears, defines, isDefinition, rangesYears, spansYears } from './history.ts';
import type { Field } from './read.ts';
import { cueBefore } from './read.ts';
import { firstOf, type Rule, table } from './rules.ts';
import { isAct } from './scope.ts';
import { silences } from './silence.ts';

type Void = 'disproved' | 'looks-back';

export interface Noise {
  /** Class that silences the whole text, or null. */
  silent: string | null;
  /** What the text as a whole says of what it tells: not so, or long ago. Null = neither. */
  voids: Void | null;
  /** A failure of the service or of the line, and nobody who sees a state's hand in it: what only "is down" is no event. */
  outage: boolean;
  /** Someone measures. */
  monitored: boolean;
  /** Someone suspects or measures a measure. */
  suspected: boolean;
}

export function noiseOf(fields: Field[], tally: ReadonlySet<string>): Noise {
  const heard = fields.filter((f) => f.name !== 'body');
  const has = (...classes: string[]): boolean => heard.some((f) => f.cues.some((c) => classes.includes(c.cls)));
  const monitored = has('monitor');
  const blamed = heard.some((f) => f.cues.some((c) => c.cls === 'blame' && !isHistory(f, c.from)));
  const phrase = silentClass(heard);
  const form = silentTitle(heard, tally);
  return {
    silent: phrase ?? form?.as ?? null,
    voids: phrase === 'rumour' ? 'disproved' : phrase === 'hindsight' ? 'looks-back' : (form?.voids ?? null),
    outage: !blamed && has('outage', 'tech'),
    monitored,
    suspected: monitored || blamed || has('suspect'),
  };
}

/** A phrase that silences the text. */
function silentClass(fields: Field[]): string | null {
  const eventful = tells(fields[0]!);
  for (const field of fields) for (const cue of field.cues) if (silences({ field, cue, eventful })) return cue.cls;
  return null;
}

interface Heading {
  title: Field;
  lead: Field | undefined;
  /** Words of number. */
  tally: ReadonlySet<string>;
}

/** What a title is by its form, and what becomes of the acts that the text tells. */
interface Form {
  as: string;
  voids?: Void;
}

/** A title that by its form is no news. */
function silentTitle([title, lead]: Field[], tally: ReadonlySet<string>): Form | null {
  return firstOf(TITLE, { title: title!, lead, tally }, title!, { from: 0, to: title!.tokens.length })?.effect ?? null;
}

const TITLE_RULES: Rule<Heading, Form>[] = [
  {
    id: 'tally',
    needs: [],
    when: ({ title, tally }) => isTally(title, tally),
    effect: { as: 'retro' },
    example: 'India blocked 6,775 links in 2022',
  },
  {
    id: 'years',
    needs: [],
    when: ({ title, lead }) => spansYears(title, lead),
    effect: { as: 'retro', voids: 'looks-back' },
    example: 'Telegram in Russia || From 2018 to 2020 the messenger was blocked in Russia.',
  },
  {
    id: 'years-in-brackets',
    needs: [],
    when: ({ title }) => bracketsYears(title),
    effect: { as: 'retro', voids: 'looks-back' },
    example: 'Internet shutdown in Kashmir (2019–2021)',
  },
  {
    id: 'range-of-years',
    needs: [],
    when: ({ title }) => rangesYears(title),
    effect: { as: 'retro', voids: 'looks-back' },
    example: 'Blocking of Wikipedia in Turkey, 2017 to 2020',
  },
  {
    id: 'verdict',
    needs: [],
    when: ({ title, lead }) => judgesFalse(title, lead),
    effect: { as: 'rumour', voids: 'disproved' },
    example: 'Uganda has shut down WhatsApp: false',
  },
  {
    id: 'forecast',
    needs: [],
    when: ({ title }) => isForecast(title),
    effect: { as: 'opinion' },
    example: 'ru| Юристы объяснили, можно ли пользоваться VPN в 2026 году',
  },
  {
    id: 'definition',
    needs: [],
    when: ({ title, lead }) => isDefinition(title, lead) || defines(title, lead),
    effect: { as: 'definition', voids: 'looks-back' },
    example: 'Блокировка Viber в России || Блокировка Viber в России (Дело Viber) — ограничение доступа к сервису.',
  },
  // Somebody's account, and no country: the platform's own business.
  {
    id: 'account',
    needs: [],
    when: ({ title }) => isOfAccount(title),
    effect: { as: 'account' },
    example: 'en| Pope launches Twitter account',
  },
];
export const TITLE = table('noise', TITLE_RULES);

function isOfAccount(title: Field): boolean {
  const account = title.cues.find((c) => c.cls === 'account');
  return (
    account !== undefined &&
    !title.cues.some((c) => c.cls === 'threat' && c.from < account.from) &&
    !title.places.some((p) => p.kind === 'country')
  );
}

/** "Expert: a ban may come": one voice of no authority, and what may be. */
function isForecast(title: Field): boolean {
  const voice = title.cues.find((c) => c.cls === 'voice' && c.from <= 1);
  if (voice === undefined || title.places.some((p) => p.kind === 'authority')) return false;
  return !title.cues.some((c) => c.cls === 'auth') && title.cues.some((c) => AHEAD.has(c.cls));
}
const AHEAD = new Set(['modal', 'maybe', 'cond', 'will', 'threat']);

/** "In 2025 the agency blocked more than 34 thousand sites": a year and a count in the title are statistics. */
function isTally(field: Field, tally: ReadonlySet<string>): boolean {
  const inYear = (i: number): boolean =>
    /^(?:19|20)\d\d$/u.test(field.tokens[i]!.w) &&
    isDatedYear(field, i) &&
    cueBefore(field, i, REACH.beside, 'month') === null;
  if (!field.tokens.some((_, i) => inYear(i))) return false;
  return field.tokens.some(({ w }) => tally.has(w) || (/^\d{2,}$/u.test(w) && !/^(?:19|20)\d\d$/u.test(w)));
}

/** "X blocks Y": an act and what it hits. What such a title tells stays news, though its lead speaks of "a growing list of countries". */
const tells = (title: Field): boolean =>
  title.cues.some((c) => isAct(c) && c.cls !== 'legal') &&
  (title.mentions.some((m) => m.role === null) ||
    (title.places.length > 0 && title.cues.some((c) => c.cls === 'net' || c.cls === 'social')));

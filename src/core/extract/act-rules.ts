/** Acts that tell nothing of access: one row a reason, asked before anything else is found out. */
import { isDisclaimer, namesApp } from './about.ts';
import type { CueClass } from './classes.ts';
import type { Setting } from './fact.ts';
import type { Cue, Field } from './read.ts';
import { cuesAround } from './read.ts';
import type { Reason } from './reasons.ts';
import { type Rule, table } from './rules.ts';
import { inSentence } from './scope.ts';
import { isBidden, namesSite } from './state-words.ts';

/** An act in its text. */
export interface Acting {
  field: Field;
  act: Cue;
  /** The word that lifts it. */
  lift: Cue | undefined;
  setting: Setting;
}

/** Classes that speak of something else. */
type Aside = AsideOf<Reason> & CueClass;
type AsideOf<T> = T extends `aside-${infer C}` ? C : never;

/** Sentences that hold a word of the class speak of something else, unless `spared`. */
const aside = (
  cls: Aside,
  example: string,
  spared: (at: Acting, cue: Cue) => boolean = () => false,
): Rule<Acting, Reason> => ({
  id: `aside-${cls}`,
  needs: [cls],
  when: (at) => {
    const cue = inSentence(at.field, at.act.from, cls);
    return cue !== null && !spared(at, cue);
  },
  effect: `aside-${cls}`,
  example,
});

const ACT_RULES: Rule<Acting, Reason>[] = [
  // A site that leaves over an age check limits a place; any other leaves by its own choice.
  {
    id: 'leaves',
    needs: [],
    when: ({ act, setting }) => act.cls === 'leave' && !setting.aged,
    effect: 'leaves',
    example: 'Shopee pulls out of India',
  },
  // "remains open": nothing that comes back.
  {
    id: 'never-cut',
    needs: ['remain'],
    when: ({ field, act }) =>
      act.cls === 'unblock' &&
      cuesAround(field, act.from).some((c) => c.cls === 'remain' && c.from <= act.from && c.to >= act.to),
    effect: 'never-cut',
    example: 'en| Ghana blocks Signal; WhatsApp would be allowed to operate',
  },
  // A channel taken off the air is television; a messenger beside it is not.
  aside(
    'broadcast',
    'Kenya suspends Al Jazeera TV licence',
    ({ field, act }, cue) => namesApp(field, act) || namesSite(field, cue),
  ),
  aside('company', 'Hulu blocks VPN users', ({ field, setting }, cue) => setting.aged || isBidden(field, cue)),
  {
    id: 'disclaimer',
    needs: ['disclaimer'],
    when: (at) => !isNews(at) && isDisclaimer(at.field, at.act),
    effect: 'disclaimer',
    example: 'Meta признали экстремистской организацией',
  },
];
export const ACT = table('act', ACT_RULES);

/** Named undesirable in the headline is the news itself. */
const isNews = ({ field, act }: Acting): boolean =>
  field.name === 'title' && act.cls === 'legal' && field.mentions.some((m) => m.to <= act.from && m.from <= 2);

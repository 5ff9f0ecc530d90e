import type { Action } from '../model/incident.ts';
import type { Plain } from './plain.ts';

/** What headlines can say: the action in force, or how it ended. */
export type Headline = Action | 'withdrawn' | 'warnOver';

type Heads = { [H in Headline as `head.${H}`]: { service: string } } & {
  /** The network itself (`internet`). */ [H in Headline as `net.${H}`]: { service: string };
} & { [/** No service is named. */ H in Headline as `any.${H}`]: Plain } & {
  [H in Headline as `group.${H}`]: { n: number };
} & { [H in Headline as `label.${H}`]: Plain };

/** What happened to what, in a few words. */
export interface HeadlinePhrases extends Heads {
  /** "Russia: WhatsApp blocked". */
  headline: { country: string; what: string };

  'country.none': Plain;
  /** Some of its regions, not the whole country. */
  'country.inPlaces': { country: string };

  /** Headline of incidents that differ in kind. */
  'group.mixed': { n: number };

  'list.more': { n: number };
}

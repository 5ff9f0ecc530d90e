import type { Action, Method } from '../model/action.ts';
import type { Confidence } from '../model/incident.ts';
import type { ChatPhrases } from './phrases-chat.ts';
import type { PlacePhrases } from './phrases-place.ts';

/** No placeholders. */
type Plain = Record<never, never>;

/** Every sentence that a chat may read, with its placeholders. `n` chooses the plural form. */
export interface Phrases extends RenderPhrases, ChatPhrases, PlacePhrases {}

/** What headlines can say: the action in force, or how it ended. */
export type Headline = Action | 'withdrawn' | 'warnOver';

type Heads = { [H in Headline as `head.${H}`]: { service: string } } & {
  /** The network itself (`internet`). */ [H in Headline as `net.${H}`]: { service: string };
} & { [/** No service is named. */ H in Headline as `any.${H}`]: Plain } & {
  [H in Headline as `group.${H}`]: { n: number };
} & { [H in Headline as `label.${H}`]: Plain };

type Words = { [M in Method as `method.${M}`]: Plain } & { [C in Confidence as `confidence.${C}`]: Plain } & {
  [C in Confidence as `sure.${C}`]: { why: string };
};

interface RenderPhrases extends Heads, Words {
  /** "Russia: WhatsApp blocked". */
  headline: { country: string; what: string };
  'country.none': Plain;
  /** Some of its regions, not the whole country. */
  'country.inPlaces': { country: string };
  /** Headline of incidents that differ in kind. */
  'group.mixed': { n: number };
  'list.more': { n: number };

  'why.outlets': { n: number };
  'why.authority': { name: string };
  'why.networks': { n: number };
  'why.anomalies': { n: number };
  'why.blockpage': Plain;
  /** An observatory takes it for likely; measurements from there have stopped. */
  'why.sign': { name: string };
  'why.silence': { name: string };
  /** What an observatory counted. */
  'count.measurements': { n: number };
  'count.networks': { n: number };
  'count.signals': { n: number; names: string };
  /** Weakest of a group whose members are not equally sure. */
  'why.each': { sure: string };

  'alert.since': { when: string };
  'alert.earlier': { label: string; when: string };
  'alert.sinceEarliest': { when: string };
  'alert.warnedAt': { when: string };
  'alert.lasted': { from: string; to: string; duration: string };
  'alert.backAt': { when: string };
  'alert.was': { what: string };
  'alert.how': { method: string };
  'alert.where': { regions: string };
  /** Of a measure on the whole country: where it is over. */
  'alert.backIn': { regions: string };
  'alert.part': { parts: string };
  'alert.works': { services: string };
  'alert.sources': { sources: string };
  /** So many outlets say that it is worse than what is in force; not corroborated. */
  'alert.worse.throttle': { n: number };
  'alert.worse.block': { n: number };
  'alert.worse.shutdown': { n: number };
  /** An observatory sees it, from so many networks; our own probes in `ours` do not. */
  'alert.disagree': { name: string; n: number; ours: string };
  'alert.disagreeAll': { name: string; ours: string };
  'alert.easing': { n: number };
  'alert.easingMeasured': Plain;
  'alert.because': { why: string };
  'alert.withdrawn': Plain;
  'alert.linked': { id: string };
  'alert.cameTrue': { id: string };

  'reply.escalated': Plain;
  'reply.widened': Plain;
  'reply.resumed': Plain;
  'reply.surer': Plain;
  'reply.easing': Plain;
  'reply.partly': Plain;

  'button.evidence': Plain;
  'button.mute': Plain;
  'button.muteCountry': { country: string };
  'button.status': Plain;
}

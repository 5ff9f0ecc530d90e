/** What one chat gets of a broadcast, in words: the fan-out in SQL is held to this. */
import { follows, isSilenced } from '../../../src/core/audience.ts';
import type { Broadcast, DeliveryOp } from '../../../src/core/model/alert.ts';
import type { Silence, Subscription } from '../../../src/core/model/chat.ts';
import type { Level } from '../../../src/core/model/incident.ts';
import type { FillMatcher, FillPlan } from '../../../src/core/ports/outbox.ts';

/** Why a chat does not hear of a change. */
type NotHeard =
  | 'chat-gone'
  | 'other-level'
  | 'not-followed'
  | 'followed-later'
  | 'spoken-for'
  | 'silenced'
  | 'notified-already'
  | 'not-notified-before'
  | 'queued-message-shows-it';

/** What is known of a chat when a broadcast reaches it. */
export interface ChatFacts {
  active: boolean;
  level: Level;
  /** `before`: does it stand since before this incident joined the alert? By the order of writing. */
  subscriptions: readonly (Pick<Subscription, 'country' | 'service'> & { before(incidentId: string): boolean })[];
  /** Those in force. */
  silences: readonly Silence[];
  /** Did it follow this incident when that joined the alert, by what it does not follow any more? */
  once(incidentId: string): boolean;
  /** Does it have the alert's message, or one on its way? */
  holds: boolean;
  /** Incidents of which it has a message, or one on its way, by whatever alert. */
  notifiedOf: ReadonlySet<string>;
  /** Did it subscribe so after this incident was told at the broadcast's level, so that the answer told of it? */
  toldOf(incidentId: string, subscription: Pick<Subscription, 'country' | 'service'>): boolean;
  /** Pieces of this alert by other broadcasts that wait in the queue and were not tried: they will show the newest state. */
  queued: ReadonlySet<DeliveryOp>;
}

/** What a chat gets of a broadcast. */
type ForChat =
  | { notify: 'send'; ops: ['send']; why: 'first-message' }
  | { notify: 'edit'; ops: ['edit']; why: 'quiet-change' | 'kept-true' }
  | { notify: 'edit-and-reply'; ops: ['edit', 'reply']; why: 'loud-change' }
  | { notify: 'reply'; ops: ['reply']; why: 'queued-edit-shows-it' }
  | { notify: 'nothing'; ops: []; why: NotHeard };

const nothing = (why: NotHeard): ForChat => ({ notify: 'nothing', ops: [], why });

/** What one chat gets of a broadcast with this plan (`recipientsOf`). */
export function deliveriesFor(
  broadcast: Pick<Broadcast, 'kind' | 'loud'>,
  plan: Pick<FillPlan, 'level' | 'matchers' | 'othersToo'>,
  chat: ChatFacts,
): ForChat {
  if (!chat.active) return nothing('chat-gone');
  const wish = wishOf(plan.matchers, chat);
  if (!chat.holds) {
    if (!plan.othersToo) return nothing('not-notified-before');
    if (chat.level !== plan.level) return nothing('other-level');
    const notNotified = plan.matchers.filter((one) => !chat.notifiedOf.has(one.incidentId));
    const heard = notNotified.filter(({ spokenFor }) => !spokenFor || !knowsOf(spokenFor, chat));
    const fresh = wishOf(heard, chat);
    if (fresh !== 'wanted' && wishOf(notNotified, chat) === 'wanted') return nothing('spoken-for');
    if (fresh === 'wanted') return { notify: 'send', ops: ['send'], why: 'first-message' };
    return nothing(wish === 'wanted' ? 'notified-already' : fresh);
  }
  if (broadcast.kind === 'new') return nothing('notified-already');
  const isHeard = broadcast.loud && wish === 'wanted';
  if (wish !== 'wanted' && !isKeptTrue(plan.matchers, chat)) return nothing(wish);
  if (chat.queued.has('send')) return nothing('queued-message-shows-it');
  if (chat.queued.has('edit'))
    return isHeard
      ? { notify: 'reply', ops: ['reply'], why: 'queued-edit-shows-it' }
      : nothing('queued-message-shows-it');
  if (isHeard) return { notify: 'edit-and-reply', ops: ['edit', 'reply'], why: 'loud-change' };
  return { notify: 'edit', ops: ['edit'], why: wish === 'wanted' ? 'quiet-change' : 'kept-true' };
}

/** Does its message show one of these, silenced as it may be by now, or not followed any more? What is added is not shown where it is silenced. */
const isKeptTrue = (matchers: readonly FillMatcher[], { subscriptions, once }: ChatFacts): boolean =>
  matchers.some((one) => once(one.incidentId) || (!one.onlyEarlier && subscriptions.some((sub) => follows(sub, one))));

/** Does it follow what speaks for another, and have a message of it, or was it told when it subscribed? */
const knowsOf = (larger: NonNullable<FillMatcher['spokenFor']>, { subscriptions, notifiedOf, toldOf }: ChatFacts) =>
  subscriptions.some(
    (one) => follows(one, larger) && (notifiedOf.has(larger.incidentId) || toldOf(larger.incidentId, one)),
  );

/** Is there one among these that the chat follows since early enough, and did not silence? */
function wishOf(
  matchers: readonly FillMatcher[],
  { subscriptions, silences }: ChatFacts,
): 'wanted' | Extract<NotHeard, 'not-followed' | 'followed-later' | 'silenced'> {
  const followed = matchers.filter((matcher) => subscriptions.some((one) => follows(one, matcher)));
  if (followed.length === 0) return 'not-followed';
  const since = followed.filter((matcher) =>
    subscriptions.some((one) => follows(one, matcher) && (!matcher.onlyEarlier || one.before(matcher.incidentId))),
  );
  if (since.length === 0) return 'followed-later';
  const isLoud = since.some((one) => !isSilenced(silences, { ...one, id: one.incidentId }));
  return isLoud ? 'wanted' : 'silenced';
}

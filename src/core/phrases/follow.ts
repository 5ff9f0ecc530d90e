import type { Plain } from './plain.ts';

/** Following, falling silent, stopping. */
export interface FollowPhrases {
  'start.hello': Plain;
  'start.what': Plain;
  'start.ask': Plain;
  'start.type': { command: string };
  'start.open': { n: number };
  'start.none': Plain;

  'subscribe.pick': { country: string; service: string; both: string; all: string };
  /** Above what can be tapped; what is tapped is followed and gets a tick. */
  'pick.country': Plain;
  'pick.service': Plain;
  /** Where a name may simply be typed. */
  'pick.search': Plain;
  'pick.type': { command: string };
  /** Where nothing can be tapped: several in one command. */
  'pick.typed': { command: string };
  'pick.found': Plain;
  'subscribe.done': Plain;
  'subscribe.already': Plain;
  'subscribe.open': Plain;
  'subscribe.none': Plain;
  'subscribe.standing': Plain;
  'subscribe.tooMany': { n: number };
  'subscribe.when': { level: string; command: string };

  'line.since': { when: string };

  'channel.head': { title: string };
  'channel.none': { name: string };
  'channel.usage': { command: string };

  'merged.nothing': { command: string };
  'merged.forgotten': Plain;

  'subscriptions.none': { command: string };
  'subscriptions.head': Plain;
  'subscriptions.settings': { level: string; language: string; zone: string };
  'subscriptions.muted': { what: string; when: string };
  'subscriptions.remove': { command: string };

  'unsubscribe.ask': { n: number };
  'unsubscribe.confirm': { command: string };
  'unsubscribe.done': Plain;
  'unsubscribe.not': Plain;
  'unsubscribe.still': { what: string; command: string };
  'unsubscribe.all': { command: string };

  'mute.usage': { one: string; two: string; three: string };
  'mute.done': { what: string; when: string };
  'mute.end': { command: string };
  'mute.badTime': { time: string };
  'mute.tooMany': { n: number };

  'unmute.done': { what: string };
  'unmute.all': { n: number };
  'unmute.none': Plain;
  'unmute.not': { what: string };
  'unmute.which': Plain;
}

import type { FollowPhrases } from '../../core/phrases/follow.ts';
import type { TextsOf } from '../../core/ports/translate.ts';

export const follow: TextsOf<FollowPhrases> = {
  'start.hello': 'Hello! I am Tocsin. I warn you when something on the internet gets blocked.',
  'start.what':
    'I write here as soon as access to a service or a network changes in a country: blocked, slowed down, shut down, back again. And I always say how sure that is.',
  'start.ask': 'What should I watch for you?',
  'start.type': 'Or type it: {command}',
  'start.open': {
    one: 'Blocked or slowed down now ({n}):',
    other: 'Blocked or slowed down now ({n}), the newest:',
  },
  'start.none':
    'I know of nothing new that is cut off right now. What has long been blocked in a country stands in its status.',

  'subscribe.pick': 'What should I watch? Type a country ({country}), a service ({service}), both ({both}), or {all}',
  'pick.country': 'Which countries? Tap one or several: what has a ✅ I watch.',
  'pick.service': 'Which services? Tap one or several: what has a ✅ I watch.',
  'pick.search': 'Not here? Just type its name.',
  'pick.type': 'Not here? Type: {command}',
  'pick.typed': 'Which ones? Several go in one command: {command}',
  'pick.found': 'Found – tap what you mean:',
  'subscribe.done': 'Done! This chat follows:',
  'subscribe.already': 'This chat follows that already:',
  'subscribe.open': 'Of this, blocked or slowed down now:',
  'subscribe.none': 'Of this, I know of nothing new that is cut off right now. I will write when that changes.',
  'subscribe.standing': 'Restricted for long, by the public record:',
  'subscribe.tooMany': {
    one: 'A chat can follow {n} thing at most. Follow whole countries instead.',
    other: 'A chat can follow {n} things at most. Follow whole countries instead.',
  },
  'subscribe.when': 'How sure before I write – {level}. To change that: {command}',

  'line.since': 'since {when}',

  'channel.head': 'Channel “{title}”',
  'channel.none':
    'I find no channel “{name}” that we both administer. Add me there as an admin who may post, then try again.',
  'channel.usage':
    'A channel is set up here, where its readers do not see it. Add me to the channel as an admin who may post, then type {command}',

  'merged.nothing': 'Done. This chat follows nothing now. To follow something: {command}',
  'merged.forgotten': 'Done. I keep nothing about this chat.',

  'subscriptions.none': 'This chat follows nothing yet. Begin with {command}',
  'subscriptions.head': 'This chat follows:',
  'subscriptions.settings': 'How sure: {level} · language: {language} · time zone: {zone}',
  'subscriptions.muted': 'Muted: {what}, until {when}',
  'subscriptions.remove': 'To stop one of them: {command}',

  'unsubscribe.ask': {
    one: 'Stop the only subscription of this chat? You will hear nothing any more.',
    other: 'Stop all {n} subscriptions of this chat? You will hear nothing any more.',
  },
  'unsubscribe.confirm': 'To confirm, type {command}',
  'unsubscribe.done': 'No longer followed:',
  'unsubscribe.not': 'This chat does not follow that:',
  'unsubscribe.still': 'You still hear of it, because this chat follows: {what}. To hear nothing of it: {command}',
  'unsubscribe.all': 'Done. This chat follows nothing any more. Come back with {command}',

  'mute.usage': 'What, and for how long? For example {one}, {two} or {three}',
  'mute.done': 'Quiet about {what} until {when}.',
  'mute.end': 'To end it earlier: {command}',
  'mute.badTime': 'I do not understand the time “{time}”. Try 8h, 3d, or until 18:00; a year at most.',
  'mute.tooMany': { one: 'At most {n} mute at a time.', other: 'At most {n} mutes at a time.' },

  'unmute.done': 'You hear of {what} again.',
  'unmute.all': {
    one: 'Ended {n} mute. You hear of everything again.',
    other: 'Ended {n} mutes. You hear of everything again.',
  },
  'unmute.none': 'Nothing is muted here.',
  'unmute.not': 'Not muted: {what}',
  'unmute.which': 'Which of these should I write about again?',
};

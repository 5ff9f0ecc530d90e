import type { Texts } from '../../core/ports/translate.ts';

/** Where several people talk in what they call a room, with threads in it. */
export const rooms: Partial<Texts> = {
  'command.subscriptions': 'what this room follows',
  'command.settings': 'all settings of this room, and their values',
  'settings.head': 'Settings of this room',
  'command.language': 'language of this room',
  'command.timezone': 'time zone of this room',
  'command.export': 'everything that I keep about this room',
  'export.head': 'Everything that I keep about this room, one row a line (JSON, times in UTC):',
  'command.forget': 'delete everything about this room',
  'error.admins': 'Only moderators can change what this room gets. Everyone may ask: try {command}',
  'thread.whole': 'This holds for the whole room, in all its threads.',
  'thread.follows': 'This thread follows:',
  'thread.done': 'Done! This thread follows:',
  'thread.already': 'This thread follows that already:',
  'thread.ask': {
    one: 'Stop the only subscription of this thread? What the room follows stays.',
    other: 'Stop all {n} subscriptions of this thread? What the room follows stays.',
  },
  'thread.stopped': 'Done. This thread follows nothing of its own any more. Come back with {command}',
  'subscribe.done': 'Done! This room follows:',
  'subscribe.already': 'This room follows that already:',
  'subscribe.tooMany': {
    one: 'A room can follow {n} thing at most. Follow whole countries instead.',
    other: 'A room can follow {n} things at most. Follow whole countries instead.',
  },
  'subscriptions.none': 'This room follows nothing yet. Begin with {command}',
  'subscriptions.head': 'This room follows:',
  'unsubscribe.ask': {
    one: 'Stop the only subscription of this room? You will hear nothing any more.',
    other: 'Stop all {n} subscriptions of this room? You will hear nothing any more.',
  },
  'unsubscribe.not': 'This room does not follow that:',
  'unsubscribe.still': 'You still hear of it, because this room follows: {what}. To hear nothing of it: {command}',
  'unsubscribe.all': 'Done. This room follows nothing any more. Come back with {command}',
  'merged.nothing': 'Done. This room follows nothing now. To follow something: {command}',
  'merged.forgotten': 'Done. I keep nothing about this room.',
  'status.followed': 'What this room follows',
  'language.ask': 'This room speaks English. To change that: {command}',
  'about.privacy':
    'I keep what this room follows, its language and time zone, and nothing you write. {command} deletes all of it.',
  'forget.ask':
    'Delete everything about this room and its threads: what they follow, mutes, settings? Alerts end; nothing can be brought back.',
  'forget.done': 'Everything about this room is deleted. Farewell, and stay connected.',
  'forget.nothing': 'I keep nothing about this room.',
};

import type { PlacePhrases } from '../../core/phrases/place.ts';
import type { TextsOf } from '../../core/ports/translate.ts';

export const place: TextsOf<PlacePhrases> = {
  'thread.whole': 'This holds for the whole group, in all its topics.',
  'thread.follows': 'This topic follows:',
  'thread.done': 'Done! This topic follows:',
  'thread.already': 'This topic follows that already:',
  'thread.ask': {
    one: 'Stop the only subscription of this topic? What the group follows stays.',
    other: 'Stop all {n} subscriptions of this topic? What the group follows stays.',
  },
  'thread.stopped': 'Done. This topic follows nothing of its own any more. Come back with {command}',

  'error.adminsLevel': 'This needs power level {needs} in this room; you have {has}. Everyone may ask: try {command}',
  'error.adminsNeeds':
    'This needs power level {needs} in this room, and I could not find out yours just now. Everyone may ask: try {command}',

  'missed.done': 'While I was away you wrote this. Done now:',
  'missed.notDone': 'This I could not do:',
  'missed.tooOld': 'Written more than a day ago, so I left it alone: {commands}. Write it again if you still want it.',
  'missed.asked': 'I was away when you asked: {commands}. Ask again, and I answer at once.',

  'mute.over': 'That would have been quiet until {when}, which is over. Nothing is muted.',

  'moved.here': 'This room has been upgraded, and I came along.',
};

import type { RegularPhrases } from '../../core/phrases/regular.ts';
import type { TextsOf } from '../../core/ports/translate.ts';

export const regular: TextsOf<RegularPhrases> = {
  'summary.head': {
    one: 'During your quiet hours: {n} change. This is how things stand now.',
    other: 'During your quiet hours: {n} changes. This is how things stand now.',
  },
  'summary.lead': 'This happened during your quiet hours.',

  'digest.head.day': 'The last day, in what you follow here',
  'digest.head.week': 'The last week, in what you follow here',
  'digest.new': 'New:',
  'digest.over': 'Over:',
  'digest.open': 'Cut off before, and still so:',
  'digest.nothing': 'Nothing changed, and I know of nothing new that is cut off.',

  'remind.head': { one: 'Still so, {n} incident:', other: 'Still so, {n} incidents:' },
  'remind.for': 'for {duration}',
  'remind.stop': 'No more reminders: {command}',

  'report.head': 'A quiet week',
  'report.what': 'Nothing changed in what you follow here, as far as I can see.',
  'report.open': {
    one: '{n} incident from before is still open: {command}',
    other: '{n} incidents from before are still open: {command}',
  },
  'report.sources': {
    one: 'I read {n} source; {ok} of them answers.',
    other: 'I read {n} sources; {ok} of them answer.',
  },
  'report.often': 'Half of them I read at least every {age}.',
  'report.vantages': {
    one: '{n} vantage point of mine measures from inside a network.',
    other: '{n} vantage points of mine measure from inside networks.',
  },
  'report.dates': 'Next known dates:',
  'report.date': '{when}: {what}',
  'report.stop': 'No more such reports: {command}',
};

import type { IncidentPhrases } from '../../core/phrases/incidents.ts';
import type { TextsOf } from '../../core/ports/translate.ts';

export const incidents: TextsOf<IncidentPhrases> = {
  'change.opened': 'first told: {what}',
  'change.confidence-up': 'more certain: {what}',
  'change.claimed': 'one source says that it is worse; not certain yet',
  'change.escalated': 'got worse: {what}',
  'change.method-revealed': 'how it is done: {what}',
  'change.widened': 'more was hit',
  'change.named': 'now it is known which service',
  'change.easing': 'signs that it is over',
  'change.partly-lifted': 'a part works again',
  'change.lifted': 'over: works again',
  'change.lift-confidence-up': 'more certain that it is over: {what}',
  'change.resumed': 'not over after all',
  'change.withdrawn': 'withdrawn',
  'change.expired': 'no news for a long time',

  'incident.none': 'I know no incident {id}. Its id stands at the end of each alert.',
  'incident.usage': 'Which incident? Its id stands at the end of each alert: {command}',
  'incident.log': 'What happened',
  'incident.evidence': { one: 'Evidence: {n} report', other: 'Evidence: {n} reports' },
  'incident.report': '{title} ({when})',
  'incident.measured': 'Measured on {networks}: {verdict} ({when})',
  'incident.anomaly': 'An anomaly alone is no proof of a block.',
  'incident.copies': 'Copies of one story count once.',
  'incident.open': 'Incidents about this:',

  'history.head': { one: '{what}, the last day', other: '{what}, the last {n} days' },
  'history.none': {
    one: 'I know of no incident in the last day. That is not the same as “nothing happened”.',
    other: 'I know of no incident in the last {n} days. That is not the same as “nothing happened”.',
  },
  'history.span': '{from} – {to}',
  'history.longer': 'To look further back: {command}',
};

import type { AlertPhrases } from '../../core/phrases/alerts.ts';
import type { TextsOf } from '../../core/ports/translate.ts';

export const alerts: TextsOf<AlertPhrases> = {
  'method.dns': 'DNS (its name no longer resolves, or resolves wrongly)',
  'method.ip': 'by IP address',
  'method.sni': 'by the site name in the connection (SNI)',
  'method.http': 'a block page instead of the site',
  'method.throttle': 'traffic is slowed down',
  'method.app-store': 'removed from app stores',
  'method.legal': 'by official order',
  'method.bgp': 'by routing (BGP)',

  'confidence.reported': 'reported',
  'confidence.suspected': 'suspected',
  'confidence.corroborated': 'corroborated',
  'confidence.confirmed': 'confirmed',

  'sure.reported': 'Reported, not confirmed yet: {why}',
  'sure.suspected': 'Suspected, not confirmed: {why}',
  'sure.corroborated': 'Corroborated: {why}',
  'sure.confirmed': 'Confirmed: {why}',

  'why.outlets': { one: '{n} outlet', other: '{n} outlets' },
  'why.authority': 'official notice ({name})',
  'why.networks': { one: 'measured on one network', other: 'measured from {n} networks' },
  'why.anomalies': {
    one: 'measurements on one network look like it',
    other: 'measurements on {n} networks look like it',
  },
  'why.blockpage': 'a block page was seen',
  'why.sign': '{name} sees signs of it',
  'why.silence': 'measurements from there have stopped ({name})',

  'count.measurements': { one: '{n} measurement', other: '{n} measurements' },
  'count.networks': { one: '{n} network', other: '{n} networks' },
  'count.signals': { one: '{n} signal: {names}', other: '{n} signals: {names}' },

  'why.each': '{sure} – each of them, at least',

  'alert.since': 'Since {when}',
  'alert.earlier': 'Earlier: {label}, since {when}',
  'alert.sinceEarliest': 'Since {when} at the earliest',
  'alert.warnedAt': 'Announced {when}',
  'alert.lasted': 'Lasted {duration}: {from} – {to}',
  'alert.backAt': 'Back since {when}',
  'alert.was': 'Before: {what}',
  'alert.how': 'How: {method}',
  'alert.where': 'Where: {regions}',
  'alert.backIn': 'Works again in: {regions}',
  'alert.part': 'Affected: {parts}',
  'alert.sources': 'Sources: {sources}',
  'alert.worse.throttle': {
    one: '{n} outlet says the whole service is slowed down; not certain yet',
    other: '{n} outlets say the whole service is slowed down; not certain yet',
  },
  'alert.worse.block': {
    one: '{n} outlet says it is fully blocked; not certain yet',
    other: '{n} outlets say it is fully blocked; not certain yet',
  },
  'alert.worse.shutdown': {
    one: '{n} outlet says it is switched off completely; not certain yet',
    other: '{n} outlets say it is switched off completely; not certain yet',
  },
  'alert.disagree': {
    one: '{name} sees it from {n} network; our own probe in {ours} does not',
    other: '{name} sees it from {n} networks; our own probe in {ours} does not',
  },
  'alert.disagreeAll': '{name} sees it; our own probe in {ours} does not',
  'alert.easing': {
    one: '{n} outlet says it is back; not certain yet',
    other: '{n} outlets say it is back; not certain yet',
  },
  'alert.easingMeasured': 'Measurements say it may be back; not certain yet',
  'alert.because': 'Because: {why}',
  'alert.withdrawn': 'We were wrong: what we told you does not hold. Sorry.',
  'alert.linked': 'See also {id}',
  'alert.cameTrue': 'It was announced before: {id}',

  'reply.escalated': 'It got worse.',
  'reply.widened': 'More is hit than before.',
  'reply.resumed': 'It is not over after all.',
  'reply.surer': 'More certain now.',
  'reply.partly': 'Part of it works again.',
  'reply.easing': 'It may be easing.',

  'test.head': 'This is a test alert.',
  'test.what': 'Nothing has happened. An alert looks like this, and it reaches you here:',
  'test.country': 'Exampleland',
};

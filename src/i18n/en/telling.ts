import type { TellingPhrases } from '../../core/phrases/telling.ts';
import type { Texts } from '../../core/ports/translate.ts';

export const telling: Pick<Texts, keyof TellingPhrases> = {
  'noun.internet': 'internet',
  'noun.mobile': 'mobile internet',

  'place.one': '{regions}, {country}',
  'place.several': '{regions} ({country})',
  'place.many': { one: '{country}, {n} region', other: '{country}, {n} regions' },

  'place.unknown': 'I know of nothing about {region} alone. {country} as a whole:',
  'network.seen': 'Measured on this network, of what is open now:',
  'network.none':
    'Nobody has measured a block on this network lately, as far as I know. That does not mean that all works there.',
  'network.country': 'Its country as a whole: {command}',

  'part.calls': 'calls in {service} do not work',
  'part.media': 'photos and videos do not go through in {service}',
  'part.registration': 'signing up for {service} does not work',
  'part.web': '{service} does not open in the browser',
  'part.messages': '{what}, messages do',

  'component.web': 'website or web version',
  'component.calls': 'calls',
  'component.media': 'photos and videos',
  'component.registration': 'signing up',
  'component.bridges': 'bridges',
  'component.persian': 'Persian edition',
  'component.russian': 'Russian edition',
  'component.servers': 'the app’s servers',

  'advice.works': 'Still works there: {services}.',
  'advice.unblocked': 'Not known to be blocked there: {services}.',
  'advice.calls': 'Write instead of calling; ordinary phone calls work, too, but others can listen in.',
  'advice.media': 'Text still goes through: write what a picture would show.',
  'advice.slow': 'Text gets through sooner than photos and video; try again later, or by Wi-Fi instead of mobile data.',
  'advice.messenger':
    'Tell your people now where else you can be reached: another app, e-mail or phone. Others can listen to ordinary calls and read SMS.',
  'advice.shutdown':
    'Ordinary phone calls and SMS may still work, but others can listen and read along. Save battery and agree when to try again.',
  'advice.mobile':
    'Wi-Fi at home or at work may still work. Phone calls and SMS may, too, but others can listen and read along.',
  'advice.site': 'It may still open on another network: not all providers block alike or at once.',
  'advice.store': 'If you have the app, do not delete it: what is installed usually goes on working.',
  'advice.warn': 'Nothing is cut yet. Now is the time to agree with your people on a second way to reach each other.',

  'reply.lasted': 'lasted {duration}',

  'probe.own': 'our own measurement ({network})',
  'probe.agent': 'a measuring agent ({network})',
};

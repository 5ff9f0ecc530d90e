import type { TellingPhrases } from '../../core/phrases/telling.ts';
import type { Texts } from '../../core/ports/translate.ts';

export const telling: Pick<Texts, keyof TellingPhrases> = {
  'noun.internet': 'Internet',
  'noun.mobile': 'mobiles Internet',

  'place.one': '{regions}, {country}',
  'place.several': '{regions} ({country})',
  'place.many': { one: '{country}, {n} Region', other: '{country}, {n} Regionen' },

  'place.unknown': 'Über {region} allein weiß ich nichts. {country} im Ganzen:',
  'network.seen': 'Von dem, was gerade gesperrt ist, in diesem Netz gemessen:',
  'network.none':
    'In diesem Netz hat, soweit ich weiß, zuletzt niemand eine Sperre gemessen. Das heißt nicht, dass dort alles geht.',
  'network.country': 'Das ganze Land: {command}',

  'part.calls': 'Anrufe in {service} gehen nicht',
  'part.media': 'Fotos und Videos kommen in {service} nicht an',
  'part.registration': 'Anmelden bei {service} geht nicht',
  'part.web': '{service} öffnet sich nicht im Browser',
  'part.messages': '{what}, Nachrichten schon',

  'component.web': 'Website oder Webversion',
  'component.calls': 'Anrufe',
  'component.media': 'Fotos und Videos',
  'component.registration': 'Anmeldung',
  'component.bridges': 'Brücken',
  'component.persian': 'persische Ausgabe',
  'component.russian': 'russische Ausgabe',
  'component.servers': 'Server der App',

  'advice.works': 'Dort geht noch: {services}.',
  'advice.unblocked': 'Dort meines Wissens nicht gesperrt: {services}.',
  'advice.calls': 'Schreiben Sie, statt anzurufen; das gewöhnliche Telefon geht auch, kann aber abgehört werden.',
  'advice.media': 'Text kommt noch durch: Beschreiben Sie, was das Bild zeigen würde.',
  'advice.slow':
    'Text kommt eher durch als Fotos und Videos; versuchen Sie es später wieder, oder über WLAN statt mobiler Daten.',
  'advice.messenger':
    'Sagen Sie Ihren Leuten jetzt, wo Sie sonst zu erreichen sind: andere App, E-Mail oder Telefon. Gewöhnliche Anrufe und SMS können andere mithören und mitlesen.',
  'advice.shutdown':
    'Gewöhnliche Anrufe und SMS gehen vielleicht noch, aber andere können mithören und mitlesen. Schonen Sie den Akku und verabreden Sie, wann Sie es wieder versuchen.',
  'advice.mobile':
    'WLAN zu Hause oder bei der Arbeit geht vielleicht noch. Anrufe und SMS auch, aber andere können mithören und mitlesen.',
  'advice.site':
    'In einem anderen Netz öffnet es sich vielleicht noch: Nicht alle Anbieter sperren gleich und zur gleichen Zeit.',
  'advice.store': 'Wenn Sie die App haben, löschen Sie sie nicht: Was installiert ist, geht meist weiter.',
  'advice.warn': 'Noch ist nichts gesperrt. Jetzt ist Zeit, mit Ihren Leuten einen zweiten Weg zu verabreden.',

  'reply.lasted': 'dauerte {duration}',

  'probe.own': 'eigene Messung ({network})',
  'probe.agent': 'ein Messagent ({network})',
};

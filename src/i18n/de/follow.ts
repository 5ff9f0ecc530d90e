import type { FollowPhrases } from '../../core/phrases/follow.ts';
import type { TextsOf } from '../../core/ports/translate.ts';
import { oneOther } from '../plural.ts';

export const follow: TextsOf<FollowPhrases> = {
  'start.hello': 'Hallo! Ich bin Tocsin und warne vor Sperren im Internet.',
  'start.what':
    'Ich schreibe hier, sobald sich in einem Land der Zugang zu einem Dienst oder Netz ändert: gesperrt, gedrosselt, abgeschaltet, wieder da. Und ich sage immer dazu, wie sicher das ist.',
  'start.ask': 'Worauf soll ich für Sie achten?',
  'start.type': 'Oder schreiben Sie: {command}',
  'start.open': oneOther('Gerade läuft {n} Vorfall:', 'Gerade laufen {n} Vorfälle. Die neuesten:'),
  'start.none':
    'Gerade weiß ich von keiner neuen Sperre. Was in einem Land schon lange gesperrt ist, steht in seinem Status.',

  'subscribe.pick':
    'Worauf soll ich achten? Schreiben Sie ein Land ({country}), einen Dienst ({service}), beides ({both}) oder {all}',
  'pick.country': 'Welche Länder? Tippen Sie eines oder mehrere an: Worauf ich achte, hat ein ✅.',
  'pick.service': 'Welche Dienste? Tippen Sie einen oder mehrere an: Worauf ich achte, hat ein ✅.',
  'pick.search': 'Nicht dabei? Schreiben Sie einfach den Namen.',
  'pick.type': 'Nicht dabei? Schreiben Sie: {command}',
  'pick.typed': 'Welche? Mehrere gehen in einem Befehl: {command}',
  'pick.found': 'Gefunden – tippen Sie an, was Sie meinen:',
  'subscribe.done': 'Fertig! Ich achte auf:',
  'subscribe.already': 'Darauf achte ich schon:',
  'subscribe.open': 'Davon gerade aktuell:',
  'subscribe.none': 'Davon ist, soweit ich weiß, gerade nichts neu gesperrt. Ich schreibe, wenn sich das ändert.',
  'subscribe.standing': 'Laut öffentlichen Angaben seit Langem eingeschränkt:',
  'subscribe.tooMany': oneOther(
    'Ein Chat kann höchstens {n} Sache folgen. Folgen Sie lieber ganzen Ländern.',
    'Ein Chat kann höchstens {n} Sachen folgen. Folgen Sie lieber ganzen Ländern.',
  ),
  'subscribe.when': 'Wie sicher, bevor ich schreibe – {level}. Ändern: {command}',

  'line.since': 'seit {when}',

  'channel.head': 'Kanal „{title}“',
  'channel.none':
    'Ich finde keinen Kanal „{name}“, in dem wir beide Admins sind. Machen Sie mich dort zum Admin mit Schreibrecht und versuchen Sie es noch einmal.',
  'channel.usage':
    'Ein Kanal wird hier eingerichtet, wo seine Leser es nicht sehen. Machen Sie mich dort zum Admin mit Schreibrecht und schreiben Sie {command}',

  'merged.nothing': 'Fertig. Dieser Chat folgt jetzt nichts mehr. Wieder folgen: {command}',
  'merged.forgotten': 'Fertig. Über diesen Chat speichere ich nichts.',

  'subscriptions.none': 'Dieser Chat folgt noch nichts. Fangen Sie an mit {command}',
  'subscriptions.head': 'Dieser Chat folgt:',
  'subscriptions.settings': 'Wie sicher: {level} · Sprache: {language} · Zeitzone: {zone}',
  'subscriptions.muted': 'Ruhe: {what}, bis {when}',
  'subscriptions.remove': 'Etwas davon beenden: {command}',

  'unsubscribe.ask': oneOther(
    'Das Einzige beenden, dem dieser Chat folgt? Sie hören dann nichts mehr.',
    'Alles beenden, dem dieser Chat folgt ({n})? Sie hören dann nichts mehr.',
  ),
  'unsubscribe.confirm': 'Zum Bestätigen schreiben Sie {command}',
  'unsubscribe.done': 'Ich achte nicht mehr auf:',
  'unsubscribe.not': 'Dem folgt dieser Chat nicht:',
  'unsubscribe.still':
    'Sie hören trotzdem davon, denn dieser Chat folgt: {what}. Um nichts mehr davon zu hören: {command}',
  'unsubscribe.all': 'Fertig. Dieser Chat folgt nichts mehr. Zurück geht es mit {command}',

  'mute.usage': 'Worüber, und wie lange? Zum Beispiel {one}, {two} oder {three}',
  'mute.done': 'Ruhe bis {when}: {what}.',
  'mute.end': 'Früher beenden: {command}',
  'mute.badTime': 'Die Zeit „{time}“ verstehe ich nicht. Schreiben Sie 8h, 3d oder until 18:00; höchstens ein Jahr.',
  'mute.tooMany': oneOther('Höchstens {n} Ruhezeit gleichzeitig.', 'Höchstens {n} Ruhezeiten gleichzeitig.'),

  'unmute.done': 'Sie hören wieder davon: {what}.',
  'unmute.all': oneOther(
    '{n} Ruhezeit beendet. Sie hören wieder von allem.',
    '{n} Ruhezeiten beendet. Sie hören wieder von allem.',
  ),
  'unmute.none': 'Hier ist nichts stummgeschaltet.',
  'unmute.not': 'Nicht stummgeschaltet: {what}',
  'unmute.which': 'Worüber soll ich wieder schreiben?',
};

import type { PairPhrases } from '../../core/phrases/pairs.ts';
import type { TextsOf } from '../../core/ports/translate.ts';
import { oneOther } from '../plural.ts';

export const pairs: TextsOf<PairPhrases> = {
  'pair.private': 'ein privater Chat auf {platform}',
  'pair.group': 'eine Gruppe auf {platform}',
  'pair.channel': 'ein Kanal auf {platform}',

  'link.what':
    'Ein zweiter Chat auf einer anderen Plattform bekommt Ihre Meldungen, wenn sie nicht hierher kommen können: wenn {platform} fünf Minuten lang nichts annimmt oder wenn es diesen Chat nicht mehr gibt. Und wird diese Plattform in einem Land, dem Sie folgen, neu gesperrt oder gedrosselt, oder schlimmer als bisher, kommen sie in beide.',
  'link.how': 'Schreiben Sie mir dort innerhalb von {time} dies. Es gilt einmal:',
  'link.alone': 'Ich bin auf keiner anderen Plattform, es gibt also nichts zu verbinden.',
  'link.spare': 'Das ist ein Zweitchat. Der erste: {other}. Was dort nicht ankommen kann, kommt hier an.',
  'link.now': 'Zurzeit kommen Meldungen in beide, weil {platform} gesperrt oder gedrosselt ist ({country}).',
  'link.bothOff': 'Nur wenn dieser ausfällt, nie in beide: {command}',
  'link.bothOn': 'In beide, wenn diese Plattform in einem Land, dem Sie folgen, neu gesperrt wird: {command}',
  'link.long':
    '{platform} ist seit Langem gesperrt oder gedrosselt ({country}), deshalb kommen Meldungen nur dann in beide, wenn es schlimmer wird. Immer in beide: {command}',
  'link.always':
    'Solange diese Plattform gesperrt oder gedrosselt ist, wie lange auch immer, kommen alle Meldungen in beide. Nur wenn es schlimmer wird: {command}',
  'link.monthlyOff': 'Einmal im Monat schicke ich dorthin eine Probe. Damit aufhören: {command}',
  'link.monthlyOn': 'Einmal im Monat eine harmlose Probe dorthin: {command}',
  'link.end': 'Wieder trennen: {command}',
  'link.joined':
    'Verbunden. Das ist jetzt ein Zweitchat. Der erste: {other}. Was dort nicht ankommen kann, kommt hier an; und wird jene Plattform in einem Land, dem er folgt, neu gesperrt, kommt alles in beide.',
  'link.asked':
    'Ich habe dort gefragt: Sobald ein Admin zustimmt ({other}), ist das hier der Zweitchat. Die Frage dort trägt das Zeichen {mark}: Stimmen Sie keiner anderen zu.',
  'link.wrong':
    'Diesen Code kenne ich nicht. Ein Code gilt einmal und nicht lange: {time}. Einen neuen gibt {command} im ersten Chat.',
  'link.tries': 'Das waren zu viele falsche Codes. Bitte versuchen Sie es in einer Viertelstunde noch einmal.',
  'link.same': 'Dieser Code ist für Ihren anderen Chat: Schreiben Sie ihn dort, nicht hier.',
  'link.account': 'Der Zweitchat muss auf einer anderen Plattform sein: Hier fiele er zusammen mit dem ersten aus.',
  'link.taken': 'Einer der beiden ist schon mit einem anderen verbunden. Zum Trennen schreiben Sie dort {command}',
  'link.tested': 'Eine Probe ist unterwegs. Wohin: {other}.',
  'link.onlyMain': 'Das wird im ersten der beiden Chats entschieden, nicht hier.',
  'unlink.done': 'Erledigt. Dieser Chat ist nicht mehr verbunden ({other}).',
  'unlink.none': 'Dieser Chat ist mit keinem anderen verbunden. Das ändern: {command}',

  'notice.joined': 'Verbunden. Der Zweitchat: {other}.',
  'notice.notYou': 'Wenn das nicht Sie waren, trennen Sie es: {command}',
  'notice.asks':
    'Jemand hat den Code dieser Gruppe anderswo geschrieben ({other}). Dorthin käme dann, was hier nicht ankommen kann. Ist das richtig? Zustimmen kann nur ein Admin. Stimmen Sie nur zu, wenn dort das Zeichen {mark} steht.',
  'notice.agree': 'Zustimmen: {command}',
  'notice.parted': 'Dieser Chat ist nicht mehr verbunden ({other}): So wurde es dort entschieden.',
  'notice.lost': 'Ihr Zweitchat ({other}) ist nicht mehr erreichbar, Sie haben also keinen. Einen neuen: {command}',
  'notice.heir':
    'Ihr erster Chat ({other}) ist nicht mehr erreichbar. Dem, was er verfolgt hat, folgt jetzt dieser Chat. Das ändern: {command}',
  'notice.test':
    'Das ist nur eine Probe: Es ist nichts geschehen. Wäre der erste Chat ({other}) nicht erreichbar, käme Ihre Meldung hier an.',
  'notice.announce': 'Ein Wort von denen, die diesen Bot betreiben',

  'via.failing': 'Hier gemeldet, weil {platform} keine Nachrichten annahm.',
  'via.gone': 'Hier gemeldet, weil es Ihren Chat auf {platform} nicht mehr gibt.',
  'via.country': 'Auch hier gemeldet, weil {platform} gesperrt oder gedrosselt ist ({country}).',

  'board.head': 'Zurzeit gesperrt, von dem, was hier verfolgt wird',
  'board.none': 'Zurzeit ist mir nichts Neues bekannt, das gesperrt wäre.',
  'board.as': 'Stand: {when}. Ich halte diese Nachricht aktuell.',
  'board.days': 'Tag für Tag, {from} – {to}:',
  'board.unpinned':
    'Ich darf hier keine Nachrichten anheften. Heften Sie die Tafel selbst an, oder geben Sie mir das Recht und schreiben Sie noch einmal {command}.',
  'board.off':
    'Hier gibt es keine Tafel. Eine Tafel ist eine angeheftete Nachricht, die immer zeigt, was jetzt gesperrt ist. Eine haben: {command}',
  'board.on': 'Die Tafel hier wird aktuell gehalten. Das beenden: {command}',
  'board.made':
    'Die Tafel kommt gleich und bleibt aktuell. Ist sie nicht angeheftet, darf ich das nicht: Bitte heften Sie sie selbst an.',
  'board.ended': 'Die Tafel wird nicht mehr aktuell gehalten.',

  'error.adminsAs':
    'Sie schreiben als Kanal, ich sehe also nicht, ob Sie hier Admin sind. Schreiben Sie als Sie selbst oder als diese Gruppe, dann geht es.',

  'announce.usage': 'Was sollen alle lesen? Schreiben Sie es hinter den Befehl: {command}',
  'announce.ask': 'Das geht nach allen Meldungen hinaus, an {chats}:',
  'announce.confirm': 'Zum Absenden schreiben Sie innerhalb einer Viertelstunde {command}',
  'announce.long': 'Das ist zu lang: höchstens {most} Zeichen. Nichts wurde gesendet.',
  'announce.sent': 'Unterwegs an {chats}.',
  'announce.gone': 'Das wurde schon gesendet, oder es hat zu lange gewartet. Jetzt wird nichts gesendet.',

  'stats.chats': oneOther('{n} Chat', '{n} Chats'),
  'stats.gone': 'Beendet: {chats}',
  'stats.pairs': 'Chatpaare auf zwei Plattformen: {count}',
  'stats.countries': 'Abonnements: {count}. Nach Ländern:',

  'settings.pair': 'Zweitchat',
  'settings.noPair': 'keiner',
  'button.bothAlways': 'Immer in beide',
  'button.test': 'Probe senden',
  'button.unlink': 'Trennen',
  'button.boardOn': 'Tafel einrichten',
  'button.boardOff': 'Keine Tafel',
  'button.agree': 'Zustimmen',
  'button.yesSend': 'Ja, senden',
};

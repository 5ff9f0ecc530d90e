import type { CommandPhrases } from '../../core/phrases/commands.ts';
import type { TextsOf } from '../../core/ports/translate.ts';

export const commands: TextsOf<CommandPhrases> = {
  'what.everything': 'alles, überall',
  'what.country': '{country}: alles',
  'what.service': '{service} überall',
  'what.pair': '{country}: {service}',

  'error.unknown': '„{word}“ kenne ich nicht.',
  'error.meant': 'Meinten Sie {command}?',
  'error.help': 'Alles, was ich kann: {command}',
  'error.admins': 'Was diese Gruppe bekommt, ändern nur ihre Admins. Fragen dürfen alle: {command}',
  'error.readers': 'Was hierher kommt, entscheiden die Admins. Für eigene Meldungen schreiben Sie mir bitte privat.',
  'error.operators': 'Das können nur die Betreiber dieses Bots.',
  'error.slow':
    'Das war viel auf einmal: Ihre letzten Befehle habe ich nicht ausgeführt. Bitte schicken Sie sie in einer halben Minute noch einmal.',
  'error.unanswered':
    'Ich konnte nicht alles beantworten, was hier gefragt wurde. Fehlt etwas, fragen Sie bitte in einer Minute noch einmal.',
  'error.failed':
    'Bei mir ist etwas schiefgegangen. Es steht im Protokoll; bitte versuchen Sie es in einer Minute noch einmal.',
  'error.word': '„{word}“ kenne ich nicht.',
  'error.nearest': '„{word}“ kenne ich nicht. Meinten Sie: {options}?',
  'error.ambiguous': '„{word}“ kann mehreres heißen: {options}. Was meinen Sie?',
  'error.nothing': 'Es wurde nichts geändert.',
  'error.targets': 'Nennen Sie Länder und Dienste, zum Beispiel {command}',

  'ask.hello': 'Hallo! Ich weiß, wo Internetdienste gesperrt sind, und schreibe sofort, wenn sich etwas ändert.',
  'ask.try': 'Fragen Sie einfach, zum Beispiel: {example}',
  'ask.example': '„Ist WhatsApp in Russland gesperrt?“',
  'ask.none': 'Damit kenne ich mich nicht aus: Ich weiß nur, was wo im Internet gesperrt ist.',
  'ask.host':
    '{host} kenne ich nicht: Niemand berichtet mir davon, also kann ich nicht sagen, ob die Seite erreichbar ist.',
  'ask.where': 'In welchem Land? Zum Beispiel {command}',

  'help.head': 'Was ich kann',
  'help.more': 'Mehr zu einem Befehl: {command}',
  'help.forms': 'Auch: {forms}',

  'about.what':
    'Tocsin liest Nachrichten, amtliche Register und Messungen und sagt Ihnen, wenn sich in einem Land der Zugang zu einem Dienst oder Netz ändert. Er gehört niemandem außer denen, die ihn betreiben.',
  'about.sure': 'Wie sicher ist das?',
  'about.reported': 'Gemeldet: Ein Medium berichtet es',
  'about.suspected': 'Verdacht: Messungen sehen danach aus; eine Auffälligkeit ist noch keine Sperre',
  'about.corroborated':
    'Bestätigt: zwei unabhängige Medien, eine amtliche Mitteilung aus erster Hand oder unsere eigene Messung in einem Netz',
  'about.confirmed':
    'Gesichert: in mehreren Netzen oder auf mehreren Wegen gemessen, oder eine Sperrseite war zu sehen',
  'about.marks':
    '🔴 gesperrt · 🟠 gedrosselt oder teilweise eingeschränkt · ⚫ Netz abgeschaltet · 🟡 bedroht · 🟢 geht · ❔ unbekannt · ⚪ zurückgezogen',
  'about.privacy':
    'Ich speichere, wem dieser Chat folgt, seine Sprache und Zeitzone, und nichts von dem, was Sie schreiben. Alles löschen: {command}',

  'ping.pong': 'Ich bin da.',
  'ping.chat': 'Jetzt: {time} ({zone}).',
  'ping.you': 'In der Konfiguration sind Sie {id}.',
};

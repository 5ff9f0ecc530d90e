import type { MenuPhrases } from '../../core/ports/phrases/menu.ts';
import type { TextsOf } from '../../core/ports/translate.ts';

export const menu: TextsOf<MenuPhrases> = {
  'command.start': 'hier anfangen',
  'command.subscribe': 'einem Land, einem Dienst oder beidem folgen',
  'command.unsubscribe': 'nicht mehr folgen',
  'command.subscriptions': 'wem dieser Chat folgt',
  'command.status': 'was gerade gesperrt ist, und ob es dem Bot gut geht',
  'command.incident': 'Verlauf und Quellen eines Vorfalls',
  'command.history': 'was früher gesperrt war, und wie lange',
  'command.mute': 'eine Weile keine Meldungen',
  'command.unmute': 'Ruhe beenden',
  'command.settings': 'alle Einstellungen dieses Chats',
  'command.language': 'Sprache dieses Chats',
  'command.timezone': 'Zeitzone dieses Chats',
  'command.level': 'wie sicher es sein muss, bevor ich schreibe',
  'command.help': 'alle Befehle',
  'command.about': 'was das ist, und was Wörter und Zeichen bedeuten',
  'command.ping': 'ist da jemand?',
  'command.channel': 'einen Kanal aus einem privaten Chat einrichten',
  'command.export': 'alles, was ich über diesen Chat speichere',
  'command.forget': 'alles über diesen Chat löschen',
  'command.sources': 'Quellen und ihr Zustand (für Betreiber)',
  'command.retract': 'einen Vorfall zurückziehen (für Betreiber)',
};

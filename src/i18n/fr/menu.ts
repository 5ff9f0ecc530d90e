import type { MenuPhrases } from '../../core/ports/phrases/menu.ts';
import type { TextsOf } from '../../core/ports/translate.ts';

export const menu: TextsOf<MenuPhrases> = {
  'command.start': 'commencer ici',
  'command.subscribe': 'suivre un pays, un service, ou les deux',
  'command.unsubscribe': 'ne plus suivre',
  'command.subscriptions': 'ce que suit cette discussion',
  'command.status': 'ce qui est coupé en ce moment, et si le bot va bien',
  'command.incident': 'l’histoire et les sources d’un incident',
  'command.history': 'ce qui a été coupé avant, et combien de temps',
  'command.mute': 'pas d’alertes pendant un moment',
  'command.unmute': 'fin du silence',
  'command.settings': 'tous les réglages de cette discussion',
  'command.language': 'langue de cette discussion',
  'command.timezone': 'fuseau horaire de cette discussion',
  'command.level': 'à quel point il faut être sûr avant que j’écrive',
  'command.help': 'toutes les commandes',
  'command.about': 'ce que c’est, et le sens des mots et des signes',
  'command.ping': 'il y a quelqu’un ?',
  'command.channel': 'régler un canal depuis une discussion privée',
  'command.export': 'tout ce que je garde sur cette discussion',
  'command.forget': 'tout effacer sur cette discussion',
  'command.sources': 'les sources et leur état (opérateurs)',
  'command.retract': 'retirer un incident (opérateurs)',
};

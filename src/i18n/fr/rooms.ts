import type { Texts } from '../../core/ports/translate.ts';
import { millions } from '../plural.ts';

/** Where several people talk in what they call a room, with threads in it. */
export const rooms: Partial<Texts> = {
  'command.subscriptions': 'ce que suit ce salon',
  'command.settings': 'tous les réglages de ce salon',
  'settings.head': 'Réglages de ce salon',
  'command.language': 'langue de ce salon',
  'command.timezone': 'fuseau horaire de ce salon',
  'command.export': 'tout ce que je garde sur ce salon',
  'export.head': 'Tout ce que je garde sur ce salon, une ligne par entrée (JSON, heures en UTC) :',
  'command.forget': 'tout effacer sur ce salon',
  'error.admins': 'Seuls les modérateurs changent ce que reçoit ce salon. Tout le monde peut demander : {command}',
  'thread.whole': 'Cela vaut pour tout le salon, dans tous ses fils.',
  'thread.follows': 'Ce fil suit :',
  'thread.done': 'C’est fait ! Ce fil suit :',
  'thread.already': 'Ce fil suit déjà cela :',
  'thread.ask': millions(
    'Arrêter la seule chose que suit ce fil ? Ce que suit le salon reste.',
    'Arrêter les {n} choses que suit ce fil ? Ce que suit le salon reste.',
  ),
  'thread.stopped': 'C’est fait. Ce fil ne suit plus rien en propre. Pour revenir : {command}',
  'subscribe.done': 'C’est fait ! Dans ce salon, je surveille :',
  'subscribe.already': 'Dans ce salon, je surveille déjà :',
  'subscribe.tooMany': millions(
    'Un salon peut suivre {n} chose au plus. Suivez plutôt des pays entiers.',
    'Un salon peut suivre {n} choses au plus. Suivez plutôt des pays entiers.',
  ),
  'subscriptions.none': 'Ce salon ne suit encore rien. Commencez par {command}',
  'subscriptions.head': 'Ce salon suit :',
  'unsubscribe.ask': millions(
    'Arrêter la seule chose que suit ce salon ? Vous ne recevrez plus rien.',
    'Arrêter les {n} choses que suit ce salon ? Vous ne recevrez plus rien.',
  ),
  'unsubscribe.not': 'Ce salon ne suit pas cela :',
  'unsubscribe.still':
    'Vous en recevez encore, car ce salon suit : {what}. Pour ne plus rien recevoir là-dessus : {command}',
  'unsubscribe.all': 'C’est fait. Ce salon ne suit plus rien. Pour revenir : {command}',
  'merged.nothing': 'C’est fait. Ce salon ne suit plus rien. Pour suivre à nouveau : {command}',
  'merged.forgotten': 'C’est fait. Je ne garde rien sur ce salon.',
  'status.followed': 'Ce que suit ce salon',
  'language.ask': 'Ce salon est en français. Changer : {command}',
  'about.privacy':
    'Je garde ce que suit ce salon, sa langue et son fuseau horaire, et rien de ce que vous écrivez. Tout effacer : {command}',
  'forget.ask':
    'Tout effacer sur ce salon et ses fils : ce qu’ils suivent, les silences, les réglages ? Les alertes s’arrêtent, et rien ne peut être récupéré.',
  'forget.done': 'Tout est effacé sur ce salon. Au revoir, et restez en contact.',
  'forget.nothing': 'Je ne garde rien sur ce salon.',
};

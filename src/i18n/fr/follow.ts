import type { FollowPhrases } from '../../core/phrases/follow.ts';
import type { TextsOf } from '../../core/ports/translate.ts';
import { millions } from '../plural.ts';

export const follow: TextsOf<FollowPhrases> = {
  'start.hello': 'Bonjour ! Je suis Tocsin, je préviens des blocages d’internet.',
  'start.what':
    'J’écris ici dès que l’accès à un service ou à un réseau change dans un pays : bloqué, ralenti, coupé, rétabli. Et je dis toujours à quel point c’est certain.',
  'start.ask': 'Que dois-je surveiller pour vous ?',
  'start.type': 'Ou écrivez : {command}',
  'start.open': millions(
    '{n} incident est en cours :',
    '{n} incidents sont en cours. Les plus récents :',
    '{n} d’incidents sont en cours. Les plus récents :',
  ),
  'start.none':
    'Je ne connais aucun nouveau blocage en ce moment. Ce qui est bloqué depuis longtemps dans un pays figure dans son état.',

  'subscribe.pick':
    'Que dois-je surveiller ? Écrivez un pays ({country}), un service ({service}), les deux ({both}) ou {all}',
  'pick.country': 'Quels pays ? Touchez-en un ou plusieurs : je surveille déjà ceux qui ont un ✅.',
  'pick.service': 'Quels services ? Touchez-en un ou plusieurs : je surveille déjà ceux qui ont un ✅.',
  'pick.search': 'Pas dans la liste ? Écrivez simplement son nom.',
  'pick.type': 'Pas dans la liste ? Écrivez : {command}',
  'pick.typed': 'Lesquels ? Plusieurs tiennent dans une commande : {command}',
  'pick.found': 'Voici ce que j’ai trouvé, touchez ce que vous cherchez :',
  'subscribe.done': 'C’est fait ! Je surveille :',
  'subscribe.already': 'Je surveille déjà :',
  'subscribe.open': 'En cours en ce moment :',
  'subscribe.none': 'Là-dessus, je ne connais aucun nouveau blocage en ce moment. J’écrirai si cela change.',
  'subscribe.standing': 'Limité depuis longtemps, d’après les sources publiques :',
  'subscribe.tooMany': millions(
    'Une discussion peut suivre {n} chose au plus. Suivez plutôt des pays entiers.',
    'Une discussion peut suivre {n} choses au plus. Suivez plutôt des pays entiers.',
  ),
  'subscribe.when': 'Certitude voulue avant d’écrire – {level}. Changer : {command}',

  'line.since': 'depuis {when}',

  'channel.head': 'Canal « {title} »',
  'channel.none':
    'Je ne trouve pas de canal « {name} » dont nous soyons admins tous les deux. Ajoutez-moi comme admin autorisé à publier, puis réessayez.',
  'channel.usage':
    'Un canal se règle ici, où ses lecteurs ne le voient pas. Ajoutez-moi au canal comme admin autorisé à publier, puis écrivez {command}',

  'merged.nothing': 'C’est fait. Cette discussion ne suit plus rien. Pour suivre à nouveau : {command}',
  'merged.forgotten': 'C’est fait. Je ne garde rien sur cette discussion.',

  'subscriptions.none': 'Cette discussion ne suit encore rien. Commencez par {command}',
  'subscriptions.head': 'Cette discussion suit :',
  'subscriptions.settings': 'Certitude : {level} · langue : {language} · fuseau horaire : {zone}',
  'subscriptions.muted': 'Silence : {what}. Fin : {when}',
  'subscriptions.remove': 'Pour en arrêter un : {command}',

  'unsubscribe.ask': millions(
    'Arrêter la seule chose que suit cette discussion ? Vous ne recevrez plus rien.',
    'Arrêter les {n} choses que suit cette discussion ? Vous ne recevrez plus rien.',
  ),
  'unsubscribe.confirm': 'Pour confirmer, écrivez {command}',
  'unsubscribe.done': 'Je ne surveille plus :',
  'unsubscribe.not': 'Cette discussion ne suit pas cela :',
  'unsubscribe.still':
    'Vous en recevez encore, car cette discussion suit : {what}. Pour ne plus rien recevoir là-dessus : {command}',
  'unsubscribe.all': 'C’est fait. Cette discussion ne suit plus rien. Pour revenir : {command}',

  'mute.usage': 'Sur quoi, et combien de temps ? Par exemple {one}, {two} ou {three}',
  'mute.done': 'Silence : {what}. Fin : {when}.',
  'mute.end': 'Pour y mettre fin plus tôt : {command}',
  'mute.badTime': 'Je ne comprends pas la durée « {time} ». Écrivez 8h, 3d ou until 18:00 ; un an au plus.',
  'mute.tooMany': millions('{n} silence au plus à la fois.', '{n} silences au plus à la fois.'),

  'unmute.done': 'J’écris à nouveau sur {what}.',
  'unmute.all': millions(
    '{n} silence levé. J’écris à nouveau sur tout.',
    '{n} silences levés. J’écris à nouveau sur tout.',
  ),
  'unmute.none': 'Aucun silence en cours ici.',
  'unmute.not': 'Pas de silence là-dessus : {what}',
  'unmute.which': 'Sur quoi dois-je écrire à nouveau ?',
};

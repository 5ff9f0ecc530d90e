import type { CommandPhrases } from '../../core/phrases/commands.ts';
import type { TextsOf } from '../../core/ports/translate.ts';

export const commands: TextsOf<CommandPhrases> = {
  'what.everything': 'tout, partout',
  'what.country': '{country} : tout',
  'what.service': '{service} partout',
  'what.pair': '{country} : {service}',

  'error.unknown': 'Je ne connais pas « {word} ».',
  'error.meant': 'Vouliez-vous dire {command} ?',
  'error.help': 'Tout ce que je sais faire : {command}',
  'error.admins': 'Seuls les admins changent ce que reçoit ce groupe. Tout le monde peut demander : {command}',
  'error.readers':
    'Ce sont les admins qui décident de ce qui arrive ici. Pour vos propres alertes, écrivez-moi en privé.',
  'error.operators': 'Seuls ceux qui font tourner ce bot peuvent faire cela.',
  'error.slow':
    'C’était beaucoup d’un coup : je n’ai pas exécuté vos dernières commandes. Renvoyez-les dans une demi-minute, s’il vous plaît.',
  'error.unanswered':
    'Je n’ai pas pu répondre à tout ce qui a été demandé ici. S’il manque quelque chose, redemandez dans une minute.',
  'error.failed': 'Quelque chose n’a pas marché de mon côté. C’est noté ; réessayez dans une minute, s’il vous plaît.',
  'error.word': 'Je ne connais pas « {word} ».',
  'error.nearest': 'Je ne connais pas « {word} ». Vouliez-vous dire : {options} ?',
  'error.ambiguous': '« {word} » peut vouloir dire plusieurs choses : {options}. Laquelle ?',
  'error.nothing': 'Rien n’a été changé.',
  'error.targets': 'Donnez des pays et des services, par exemple {command}',

  'ask.hello': 'Bonjour ! Je sais où les services d’internet sont bloqués, et je vous écris dès que cela change.',
  'ask.try': 'Demandez simplement, par exemple : {example}',
  'ask.example': '« WhatsApp est-il bloqué en Russie ? »',
  'ask.none': 'Je n’y connais rien : je sais seulement ce qui est bloqué sur internet, et où.',
  'ask.host': 'Je ne connais pas {host} : personne ne m’en parle, je ne peux donc pas dire si le site est accessible.',
  'ask.where': 'Dans quel pays ? Par exemple {command}',

  'help.head': 'Ce que je sais faire',
  'help.more': 'En savoir plus sur une commande : {command}',
  'help.forms': 'Aussi : {forms}',

  'about.what':
    'Tocsin lit l’actualité, les registres officiels et les mesures, et vous dit quand l’accès à un service ou à un réseau change dans un pays. Il n’appartient à personne d’autre que ceux qui le font tourner.',
  'about.sure': 'Est-ce bien certain ?',
  'about.reported': 'Signalé : un média l’écrit',
  'about.suspected': 'Soupçonné : les mesures y ressemblent ; une anomalie n’est pas un blocage',
  'about.corroborated':
    'Recoupé : deux médias indépendants, une annonce officielle lue à la source, ou notre propre mesure sur un réseau',
  'about.confirmed':
    'Confirmé : mesuré sur plusieurs réseaux ou par plusieurs moyens, ou une page de blocage a été vue',
  'about.marks':
    '🔴 bloqué · 🟠 ralenti ou partiellement limité · ⚫ réseau coupé · 🟡 menacé · 🟢 fonctionne · ❔ inconnu · ⚪ retiré',
  'about.privacy':
    'Je garde ce que suit cette discussion, sa langue et son fuseau horaire, et rien de ce que vous écrivez. Tout effacer : {command}',

  'ping.pong': 'Je suis là.',
  'ping.chat': 'Nous sommes {time} ({zone}).',
  'ping.you': 'Dans la configuration, vous êtes {id}.',
};

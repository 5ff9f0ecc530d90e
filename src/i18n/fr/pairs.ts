import type { PairPhrases } from '../../core/phrases/pairs.ts';
import type { TextsOf } from '../../core/ports/translate.ts';
import { millions } from '../plural.ts';

export const pairs: TextsOf<PairPhrases> = {
  'pair.private': 'une conversation privée sur {platform}',
  'pair.group': 'un groupe sur {platform}',
  'pair.channel': 'un canal sur {platform}',

  'link.what':
    'Un second chat sur une autre plateforme reçoit vos alertes quand elles ne peuvent pas arriver ici : si {platform} n’accepte aucun message pendant cinq minutes, ou si ce chat n’existe plus. Et si cette plateforme vient à être bloquée ou ralentie dans un pays que vous suivez, ou davantage qu’avant, elles arrivent dans les deux.',
  'link.how': 'Écrivez-moi ceci là-bas, dans les {time}. Cela marche une seule fois :',
  'link.alone': 'Je ne suis sur aucune autre plateforme : il n’y a rien à relier.',
  'link.spare': 'C’est un second chat. Le premier : {other}. Ce qui ne peut pas arriver là-bas arrive ici.',
  'link.now': 'En ce moment, les alertes arrivent dans les deux, car {platform} est bloqué ou ralenti ({country}).',
  'link.bothOff': 'Seulement quand celui-ci tombe, jamais dans les deux : {command}',
  'link.bothOn': 'Dans les deux si cette plateforme vient à être bloquée dans un pays que vous suivez : {command}',
  'link.long':
    '{platform} est bloqué ou ralenti depuis longtemps ({country}) : les alertes n’arrivent dans les deux que si cela empire. Toujours dans les deux : {command}',
  'link.always':
    'Tant que cette plateforme est bloquée ou ralentie, même pendant des années, toutes les alertes arrivent dans les deux. Seulement si cela empire : {command}',
  'link.monthlyOff': 'Une fois par mois, j’y envoie un essai. Pour arrêter : {command}',
  'link.monthlyOn': 'Un essai sans conséquence une fois par mois : {command}',
  'link.end': 'Pour les séparer : {command}',
  'link.joined':
    'Reliés. C’est maintenant un second chat. Le premier : {other}. Ce qui ne peut pas arriver là-bas arrive ici ; et si cette plateforme-là vient à être bloquée dans un pays qu’il suit, tout arrive dans les deux.',
  'link.asked':
    'J’ai demandé là-bas : dès qu’un admin accepte ({other}), ce chat devient le second. La question là-bas porte la marque {mark} : n’en acceptez pas d’autre.',
  'link.wrong':
    'Je ne connais pas ce code. Un code marche une fois, et peu de temps : {time}. Pour un nouveau, écrivez {command} dans le premier chat.',
  'link.tries': 'Trop de codes faux. Réessayez dans un quart d’heure.',
  'link.same': 'Ce code est pour votre autre chat : écrivez-le là-bas, pas ici.',
  'link.account': 'Le second chat doit être sur une autre plateforme : ici, il tomberait avec le premier.',
  'link.taken': 'L’un des deux est déjà relié à un autre. Pour les séparer, écrivez-y {command}',
  'link.tested': 'Un essai est en route. Vers : {other}.',
  'link.onlyMain': 'Cela se décide dans le premier des deux chats, pas ici.',
  'unlink.done': 'C’est fait. Ce chat n’est plus relié ({other}).',
  'unlink.none': 'Ce chat n’est relié à aucun autre. Pour changer cela : {command}',

  'notice.joined': 'Reliés. Le second chat : {other}.',
  'notice.notYou': 'Si ce n’était pas vous, séparez-les : {command}',
  'notice.asks':
    'Quelqu’un a écrit le code de ce groupe ailleurs ({other}). Là-bas arriverait ce qui ne peut pas arriver ici. Est-ce bien voulu ? Seul un admin peut accepter. N’acceptez que si là-bas s’affiche la marque {mark}.',
  'notice.agree': 'Pour accepter : {command}',
  'notice.parted': 'Ce chat n’est plus relié ({other}) : on l’a décidé là-bas.',
  'notice.lost': 'Votre second chat ({other}) n’est plus joignable : vous n’en avez plus. Pour un nouveau : {command}',
  'notice.heir':
    'Votre premier chat ({other}) n’est plus joignable. Ce qu’il suivait, ce chat le suit désormais. Pour changer cela : {command}',
  'notice.test':
    'Ce n’est qu’un essai : il ne s’est rien passé. Si le premier chat ({other}) n’avait pas été joignable, votre alerte serait arrivée ici.',
  'notice.announce': 'Un mot de ceux qui font tourner ce bot',

  'via.failing': 'Annoncé ici, car {platform} n’acceptait pas de messages.',
  'via.gone': 'Annoncé ici, car votre chat sur {platform} n’existe plus.',
  'via.country': 'Annoncé ici aussi, car {platform} est bloqué ou ralenti ({country}).',

  'board.head': 'Coupé en ce moment, parmi ce qui est suivi ici',
  'board.none': 'Je ne sais rien de nouveau qui soit coupé en ce moment.',
  'board.as': 'État : {when}. Je tiens ce message à jour.',
  'board.days': 'Jour par jour, {from} – {to} :',
  'board.unpinned':
    'Je ne peux pas épingler de messages ici. Épinglez le tableau vous-même, ou donnez-moi ce droit et écrivez encore {command}.',
  'board.off':
    'Il n’y a pas de tableau ici. Un tableau est un message épinglé qui montre toujours ce qui est coupé en ce moment. Pour en avoir un : {command}',
  'board.on': 'Le tableau est tenu à jour ici. Pour arrêter : {command}',
  'board.made':
    'Le tableau arrive dans un instant et reste à jour. S’il n’est pas épinglé, je n’en ai pas le droit : épinglez-le vous-même.',
  'board.ended': 'Le tableau n’est plus tenu à jour.',

  'error.adminsAs':
    'Vous écrivez au nom d’un canal : je ne peux pas voir si vous êtes admin ici. Écrivez en votre nom ou au nom de ce groupe, et cela marchera.',

  'announce.usage': 'Que doivent lire tous les chats ? Écrivez-le après la commande : {command}',
  'announce.ask': 'Cela part après toutes les alertes, vers {chats} :',
  'announce.confirm': 'Pour l’envoyer, écrivez dans le quart d’heure {command}',
  'announce.long': 'C’est trop long : {most} caractères au plus. Rien n’a été envoyé.',
  'announce.sent': 'En route vers {chats}.',
  'announce.gone': 'C’est déjà envoyé, ou cela a attendu trop longtemps. Rien n’est envoyé maintenant.',

  'stats.chats': millions('{n} conversation', '{n} conversations'),
  'stats.gone': 'Terminés : {chats}',
  'stats.pairs': 'Paires de chats sur deux plateformes : {count}',
  'stats.countries': 'Abonnements : {count}. Par pays :',

  'settings.pair': 'Chat de secours',
  'settings.noPair': 'aucun',
  'button.bothAlways': 'Toujours dans les deux',
  'button.test': 'Envoyer un essai',
  'button.unlink': 'Séparer',
  'button.boardOn': 'Avoir un tableau',
  'button.boardOff': 'Pas de tableau',
  'button.agree': 'Accepter',
  'button.yesSend': 'Oui, envoyer',
};

import type { TellingPhrases } from '../../core/phrases/telling.ts';
import type { Texts } from '../../core/ports/translate.ts';

export const telling: Pick<Texts, keyof TellingPhrases> = {
  'noun.internet': 'internet',
  'noun.mobile': 'internet mobile',

  'place.one': '{regions}, {country}',
  'place.several': '{regions} ({country})',
  'place.many': {
    one: '{country}, {n} région',
    many: '{country}, {n} de régions',
    other: '{country}, {n} régions',
  },

  'place.unknown': 'Je ne sais rien de {region} en particulier. {country} dans son ensemble :',
  'network.seen': 'Mesuré sur ce réseau, parmi ce qui est bloqué :',
  'network.none':
    'À ma connaissance, personne n’a mesuré de blocage sur ce réseau ces derniers temps. Cela ne veut pas dire que tout y marche.',
  'network.country': 'Le pays entier : {command}',

  'part.calls': 'les appels {service} ne passent pas',
  'part.media': 'photos et vidéos ne passent pas sur {service}',
  'part.registration': 'impossible de s’inscrire sur {service}',
  'part.web': '{service} ne s’ouvre pas dans le navigateur',
  'part.messages': '{what}, les messages si',

  'component.web': 'site ou version web',
  'component.calls': 'appels',
  'component.media': 'photos et vidéos',
  'component.registration': 'inscription',
  'component.bridges': 'ponts',
  'component.persian': 'édition persane',
  'component.russian': 'édition russe',
  'component.servers': 'serveurs de l’application',

  'advice.works': 'Là-bas marchent encore : {services}.',
  'advice.unblocked': 'À ma connaissance, pas bloqués là-bas : {services}.',
  'advice.calls': 'Écrivez au lieu d’appeler ; le téléphone ordinaire marche aussi, mais d’autres peuvent écouter.',
  'advice.media': 'Le texte passe encore : décrivez ce que montrerait l’image.',
  'advice.slow':
    'Le texte passe plus vite que les photos et les vidéos ; réessayez plus tard, ou en Wi-Fi plutôt qu’en données mobiles.',
  'advice.messenger':
    'Dites dès maintenant à vos proches où vous joindre autrement : autre application, courriel ou téléphone. D’autres peuvent écouter les appels ordinaires et lire les SMS.',
  'advice.shutdown':
    'Les appels ordinaires et les SMS passent peut-être encore, mais d’autres peuvent écouter et lire. Économisez la batterie et convenez de l’heure d’un nouvel essai.',
  'advice.mobile':
    'Le Wi-Fi, chez vous ou au travail, marche peut-être encore. Les appels et les SMS aussi, mais d’autres peuvent écouter et lire.',
  'advice.site':
    'Par un autre réseau, cela s’ouvre peut-être encore : tous les opérateurs ne bloquent ni pareil ni en même temps.',
  'advice.store':
    'Si vous avez l’application, ne la supprimez pas : ce qui est installé continue le plus souvent de marcher.',
  'advice.warn': 'Rien n’est encore coupé. C’est le moment de convenir avec vos proches d’un second moyen de contact.',

  'reply.lasted': 'a duré {duration}',

  'probe.own': 'notre propre mesure ({network})',
  'probe.agent': 'un agent de mesure ({network})',
};

import type { SettingsPhrases } from '../../core/phrases/settings.ts';
import type { TextsOf } from '../../core/ports/translate.ts';
import { millions } from '../plural.ts';

export const settings: TextsOf<SettingsPhrases> = {
  'level.early': 'tôt : dès le premier signalement ; certains se révèlent faux',
  'level.corroborated': 'recoupé : deux médias indépendants, une annonce officielle ou une mesure',
  'level.confirmed': 'confirmé : seulement ce que les mesures ont établi sans aucun doute',

  'settings.head': 'Réglages de cette discussion',
  'settings.language': 'Langue',
  'settings.timezone': 'Fuseau horaire',
  'settings.level': 'Certitude avant d’écrire',
  'settings.zone': '{zone} (maintenant {time})',
  'settings.type': 'Pour en changer un, écrivez ce qui le suit avec votre propre valeur.',

  'language.ask': 'Cette discussion est en français. Changer : {command}',
  'language.done': 'Désormais, je parle français ici.',
  'language.unknown': 'Je ne parle pas encore « {word} ».',

  'timezone.now': 'Les heures sont données pour {zone} ; nous sommes {time}.',
  'timezone.ask': 'Pour changer, donnez une ville : {command}',
  'timezone.done': 'Les heures sont maintenant données pour {zone} ; nous sommes {time}.',
  'timezone.unknown': 'Je ne connais pas de fuseau horaire « {word} ».',
  'timezone.share': 'Ou partagez ici votre position : je ne garde que le fuseau horaire.',
  'timezone.here': 'Le bouton ci-dessous m’envoie où vous êtes. Je ne garde que le fuseau horaire, jamais le lieu.',
  'timezone.kept': 'Je ne garde que le fuseau horaire, pas le lieu.',
  'timezone.others': 'Si votre montre indique une autre heure, touchez la vôtre :',
  'timezone.nowhere': 'Je ne connais aucune ville près de ce lieu.',

  'level.now': 'Certitude voulue avant d’écrire – {level}.',
  'level.done': 'C’est fait. Certitude voulue avant d’écrire – {level}.',
  'level.more': 'Aussi en cours en ce moment, avec moins de certitude :',
  'level.unknown': 'Je ne connais pas de degré « {word} ».',

  'export.head': 'Tout ce que je garde sur cette discussion, une ligne par entrée (JSON, heures en UTC) :',
  'export.part': 'Partie {part} sur {parts}.',
  'export.next': 'La partie suivante : {command}',
  'export.rest': millions(
    '{n} entrée plus ancienne n’y est pas.',
    '{n} entrées plus anciennes n’y sont pas.',
    '{n} d’entrées plus anciennes n’y sont pas.',
  ),

  'forget.ask':
    'Tout effacer sur cette discussion : ce qu’elle suit, les silences, les réglages ? Les alertes s’arrêtent, et rien ne peut être récupéré.',
  'forget.confirm': 'Pour confirmer, écrivez {command}',
  'forget.done': 'Tout est effacé sur cette discussion. Au revoir, et restez en contact.',
  'forget.nothing': 'Je ne garde rien sur cette discussion.',
};

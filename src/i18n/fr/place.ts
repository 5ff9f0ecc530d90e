import type { PlacePhrases } from '../../core/phrases/place.ts';
import type { TextsOf } from '../../core/ports/translate.ts';
import { millions } from '../plural.ts';

export const place: TextsOf<PlacePhrases> = {
  'mute.over': 'Ce silence devait finir {when}, et c’est passé. Aucun silence en cours.',

  'thread.whole': 'Cela vaut pour tout le groupe, dans tous ses sujets.',
  'thread.follows': 'Ce sujet suit :',
  'thread.done': 'C’est fait ! Ce sujet suit :',
  'thread.already': 'Ce sujet suit déjà cela :',
  'thread.ask': millions(
    'Arrêter la seule chose que suit ce sujet ? Ce que suit le groupe reste.',
    'Arrêter les {n} choses que suit ce sujet ? Ce que suit le groupe reste.',
  ),
  'thread.stopped': 'C’est fait. Ce sujet ne suit plus rien en propre. Pour revenir : {command}',

  'error.adminsLevel':
    'Il faut pour cela le niveau {needs} dans ce salon ; vous avez {has}. Tout le monde peut demander : {command}',
  'error.adminsNeeds':
    'Il faut pour cela le niveau {needs} dans ce salon ; je n’ai pas pu trouver le vôtre à l’instant. Tout le monde peut demander : {command}',

  'missed.done': 'Vous avez écrit ceci en mon absence. C’est fait maintenant :',
  'missed.notDone': 'Ceci, je n’ai pas pu le faire :',
  'missed.tooOld':
    'C’est écrit depuis plus d’un jour, je n’y ai donc pas touché : {commands}. Réécrivez-le si vous le voulez toujours.',
  'missed.asked': 'J’étais absent quand vous avez demandé : {commands}. Redemandez, je réponds tout de suite.',

  'moved.here': 'Ce salon a été mis à niveau, et j’ai suivi.',
};

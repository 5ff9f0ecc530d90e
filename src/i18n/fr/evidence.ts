import type { EvidencePhrases } from '../../core/phrases/evidence.ts';
import type { Texts } from '../../core/ports/translate.ts';

export const evidence: Pick<Texts, keyof EvidencePhrases> = {
  'evidence.title': 'Fiche de preuves {id}',
  'evidence.times': 'Heures, en UTC ({zone})',
  'evidence.since': 'Depuis',
  'evidence.ended': 'Fin',
  'evidence.last': 'Dernière nouvelle',
  'evidence.wording': 'Comment la formulation a changé',
  'evidence.vantages': 'Mesuré depuis',
  'evidence.cite': 'Comment citer :',
  'evidence.citation': 'Tocsin, incident {id} : « {headline} », depuis {since} ; état : {made}, SHA-256 {hash}…',
  'evidence.hash': 'SHA-256 du JSON sans madeAt ni sha256 : {hash}',
  'evidence.made': 'Établie {when}',
  'evidence.usage': 'La fiche de quel incident ? Son numéro est à la fin de chaque alerte : {command}',
  'evidence.other': 'La même pour les machines ou pour les personnes : {command}',
  'evidence.files': 'La fiche à garder, en texte et en JSON. Le JSON permet de vérifier l’empreinte.',
  'button.card': 'Fiche à garder',
  'button.text': 'En texte',
};

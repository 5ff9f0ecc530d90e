import type { EvidencePhrases } from '../../core/phrases/evidence.ts';
import type { Texts } from '../../core/ports/translate.ts';

export const evidence: Pick<Texts, keyof EvidencePhrases> = {
  'evidence.title': 'Belegkarte {id}',
  'evidence.times': 'Zeiten, in UTC ({zone})',
  'evidence.since': 'Seit',
  'evidence.ended': 'Ende',
  'evidence.last': 'Letzte Meldung',
  'evidence.wording': 'Wie sich der Wortlaut änderte',
  'evidence.vantages': 'Gemessen von',
  'evidence.cite': 'So zitieren Sie:',
  'evidence.citation': 'Tocsin, Vorfall {id}: „{headline}“, seit {since}; Stand {made}, SHA-256 {hash}…',
  'evidence.hash': 'SHA-256 des JSON ohne madeAt und sha256: {hash}',
  'evidence.made': 'Erstellt {when}',
  'evidence.usage': 'Eine Karte welches Vorfalls? Seine Nummer steht am Ende jeder Meldung: {command}',
  'evidence.other': 'Dasselbe für Maschinen oder für Menschen: {command}',
  'evidence.files': 'Die Karte zum Aufheben, als Text und als JSON. Mit dem JSON lässt sich die Prüfsumme prüfen.',
  'button.card': 'Belegkarte',
  'button.text': 'Als Text',
};

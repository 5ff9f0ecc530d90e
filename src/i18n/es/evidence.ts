import type { EvidencePhrases } from '../../core/phrases/evidence.ts';
import type { Texts } from '../../core/ports/translate.ts';

export const evidence: Pick<Texts, keyof EvidencePhrases> = {
  'evidence.title': 'Ficha de pruebas {id}',
  'evidence.times': 'Horas, en UTC ({zone})',
  'evidence.since': 'Desde',
  'evidence.ended': 'Fin',
  'evidence.last': 'Última noticia',
  'evidence.wording': 'Cómo cambió la redacción',
  'evidence.vantages': 'Medido desde',
  'evidence.cite': 'Cómo citarlo:',
  'evidence.citation': 'Tocsin, incidente {id}: «{headline}», desde {since}; datos: {made}, SHA-256 {hash}…',
  'evidence.hash': 'SHA-256 del JSON sin madeAt ni sha256: {hash}',
  'evidence.made': 'Hecha {when}',
  'evidence.usage': '¿La ficha de qué incidente? Su número está al final de cada aviso: {command}',
  'evidence.other': 'Lo mismo para máquinas o para personas: {command}',
  'evidence.files': 'La ficha para guardar, en texto y en JSON. Con el JSON se puede comprobar la huella.',
  'button.card': 'Ficha',
  'button.text': 'En texto',
};

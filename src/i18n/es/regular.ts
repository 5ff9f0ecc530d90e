import type { RegularPhrases } from '../../core/phrases/regular.ts';
import type { TextsOf } from '../../core/ports/translate.ts';
import { millions } from '../plural.ts';

export const regular: TextsOf<RegularPhrases> = {
  'summary.head': millions(
    'En sus horas de silencio: {n} cambio. Así están las cosas ahora.',
    'En sus horas de silencio: {n} cambios. Así están las cosas ahora.',
  ),
  'summary.lead': 'Esto pasó en sus horas de silencio.',
  'digest.head.day': 'El último día, en lo que sigue aquí',
  'digest.head.week': 'La última semana, en lo que sigue aquí',
  'digest.new': 'Nuevo:',
  'digest.over': 'Terminado:',
  'digest.open': 'De antes, y sigue:',
  'digest.nothing': 'Nada cambió, y no sé de nada nuevo que esté cortado.',
  'remind.head': millions('Sigue igual, {n} incidente:', 'Siguen igual, {n} incidentes:'),
  'remind.for': 'desde hace {duration}',
  'remind.stop': 'No más recordatorios: {command}',
  'report.head': 'Una semana tranquila',
  'report.what': 'Nada cambió en lo que sigue aquí, hasta donde alcanzo a ver.',
  'report.open': millions(
    '{n} incidente de antes sigue abierto: {command}',
    '{n} incidentes de antes siguen abiertos: {command}',
  ),
  'report.sources': millions('Leo {n} fuente; responde {ok}.', 'Leo {n} fuentes; responden {ok}.'),
  'report.often': 'La mitad la leo al menos cada {age}.',
  'report.vantages': millions(
    '{n} punto de medición mío mide desde dentro de una red.',
    '{n} puntos de medición míos miden desde dentro de redes.',
  ),
  'report.dates': 'Fechas conocidas:',
  'report.date': '{when}: {what}',
  'report.stop': 'No más informes así: {command}',
};

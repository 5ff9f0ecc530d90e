import type { RegularPhrases } from '../../core/phrases/regular.ts';
import type { TextsOf } from '../../core/ports/translate.ts';
import { oneOther } from '../plural.ts';

export const regular: TextsOf<RegularPhrases> = {
  'summary.head': oneOther(
    'In Ihrer Ruhezeit: {n} Änderung. So steht es jetzt.',
    'In Ihrer Ruhezeit: {n} Änderungen. So steht es jetzt.',
  ),
  'summary.lead': 'Das geschah in Ihrer Ruhezeit.',
  'digest.head.day': 'Der letzte Tag, von dem, was Sie hier verfolgen',
  'digest.head.week': 'Die letzte Woche, von dem, was Sie hier verfolgen',
  'digest.new': 'Neu:',
  'digest.over': 'Vorbei:',
  'digest.open': 'Schon länger, und noch immer:',
  'digest.nothing': 'Nichts hat sich geändert, und von neuen Sperren weiß ich nichts.',
  'remind.head': oneOther('Noch immer, {n} Vorfall:', 'Noch immer, {n} Vorfälle:'),
  'remind.for': 'schon {duration}',
  'remind.stop': 'Keine Erinnerungen mehr: {command}',
  'report.head': 'Eine ruhige Woche',
  'report.what': 'Soweit ich sehe, hat sich an dem, was Sie hier verfolgen, nichts geändert.',
  'report.open': oneOther(
    '{n} Vorfall von früher dauert an: {command}',
    '{n} Vorfälle von früher dauern an: {command}',
  ),
  'report.sources': oneOther(
    'Ich lese {n} Quelle; {ok} davon antwortet.',
    'Ich lese {n} Quellen; {ok} davon antworten.',
  ),
  'report.often': 'Die Hälfte davon lese ich mindestens einmal in {age}.',
  'report.vantages': oneOther('{n} eigener Messpunkt misst in einem Netz.', '{n} eigene Messpunkte messen in Netzen.'),
  'report.dates': 'Bekannte Termine:',
  'report.date': '{when}: {what}',
  'report.stop': 'Keine solchen Berichte mehr: {command}',
};

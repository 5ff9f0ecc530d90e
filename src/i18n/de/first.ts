import type { FirstPhrases } from '../../core/phrases/first.ts';
import type { TextsOf } from '../../core/ports/translate.ts';
import { oneOther } from '../plural.ts';

export const first: TextsOf<FirstPhrases> = {
  'first.zone': 'Wie spät ist es bei Ihnen? Dann schreibe ich Zeiten, wie Ihre Uhr sie zeigt.',
  'first.zoneOther': 'Ein anderer Ort: {command}',
  'first.heard': 'Das hätten Sie in den letzten 30 Tagen gehört:',
  'first.messages': oneOther('{n} Nachricht', '{n} Nachrichten'),
  'first.nothing': 'nichts',
  'first.choose': 'Wie sicher soll ich sein, bevor ich schreibe?',
  'first.none': 'In den letzten 30 Tagen ist hier nichts geschehen, wovon ich weiß.',
};

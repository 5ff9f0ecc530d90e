import type { PlacePhrases } from '../../core/phrases/place.ts';
import type { TextsOf } from '../../core/ports/translate.ts';
import { oneOther } from '../plural.ts';

export const place: TextsOf<PlacePhrases> = {
  'mute.over': 'Diese Ruhe wäre bis {when} gegangen, und das ist vorbei. Nichts ist stummgeschaltet.',

  'thread.whole': 'Das gilt für die ganze Gruppe, in allen Themen.',
  'thread.follows': 'Dieses Thema folgt:',
  'thread.done': 'Fertig! Dieses Thema folgt:',
  'thread.already': 'Dem folgt dieses Thema schon:',
  'thread.ask': oneOther(
    'Das Einzige beenden, dem dieses Thema folgt? Was die Gruppe verfolgt, bleibt.',
    'Alles beenden, dem dieses Thema folgt ({n})? Was die Gruppe verfolgt, bleibt.',
  ),
  'thread.stopped': 'Fertig. Dieses Thema folgt nichts Eigenem mehr. Zurück geht es mit {command}',

  'error.adminsLevel':
    'Dafür braucht es in diesem Raum die Berechtigungsstufe {needs}; Sie haben {has}. Fragen dürfen alle: {command}',
  'error.adminsNeeds':
    'Dafür braucht es in diesem Raum die Berechtigungsstufe {needs}; Ihre konnte ich gerade nicht herausfinden. Fragen dürfen alle: {command}',

  'missed.done': 'Das haben Sie geschrieben, während ich weg war. Jetzt ist es erledigt:',
  'missed.notDone': 'Das ging nicht:',
  'missed.tooOld':
    'Das ist über einen Tag alt, darum habe ich es gelassen: {commands}. Schreiben Sie es noch einmal, wenn Sie es noch wollen.',
  'missed.asked': 'Ich war weg, als Sie fragten: {commands}. Fragen Sie noch einmal, dann antworte ich sofort.',

  'moved.here': 'Der Raum wurde erneuert, und ich bin mitgekommen.',
};

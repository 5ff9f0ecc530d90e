import type { OperatorPhrases } from '../../core/phrases/operators.ts';
import type { TextsOf } from '../../core/ports/translate.ts';
import { unchanged } from '../plural.ts';

export const operators: TextsOf<OperatorPhrases> = {
  'sources.head': unchanged('{n} kaynak'),
  'sources.ok': '{age} önce okundu',
  'sources.failing': '{age} süredir yanıt vermiyor: {problem}',
  'sources.waiting': 'henüz okunmadı',
  'sources.off': 'kapalı: belirteç yok',
  'sources.leftOut': 'Gözlemevlerine sorulabilenden fazlası takip ediliyor. En az istenenler dışarıda kaldı: {what}',
  'sources.leftOutMore':
    'Gözlemevlerine sorulabilenden fazlası takip ediliyor. En az istenenler dışarıda kaldı: en az {what}',
  'sources.leftOutCountries': unchanged('{n} ülke'),
  'sources.leftOutServices': unchanged('{n} hizmet'),

  'agents.head': unchanged('{n} ölçüm noktası'),
  'agents.at': '{country}, {asn}: {state}',
  'agents.heard': '{age} önce haber geldi',
  'agents.missing': '{age} süredir sessiz',
  'agents.never': 'henüz haber gelmedi',
  'agents.stopping': 'durduruldu; {state}',

  'sources.held': 'Tutuldu: tek seferde gerçek bir olaydan fazlası',
  'sources.heldSince': unchanged('{n} bildirim, {age} önceden beri'),
  'sources.heldDropped': unchanged('{state}; {n} eski bildirim atıldı'),
  'sources.heldUsage': 'Bunlar kimseye bildirilmedi. Doğruysalar sayılmalarını sağlayın: {command}',
  'sources.released': unchanged('{id} kaynağından {n} bildirim artık sayılıyor.'),
  'sources.notHeld': '“{id}” için tutulan bir şey yok. Liste: {command}',

  'agents.dropped': unchanged('{state}; belleği doldu, {n} paket kayboldu'),
  'agents.refused': unchanged('{state}; {n} ölçüm kabul edilmedi (nedeni günlükte)'),
  'agents.usage': 'Bir ölçüm noktasını durdurmak için: {stop}. Sürdürmek için: {start}',
  'agents.none': '“{id}” diye bir ölçüm noktası bilmiyorum. Liste: {command}',
  'agents.stopped': '{id} bir sonraki bağlantısında, birkaç dakika içinde, ölçmeyi bırakır. Sürdürmek için: {command}',
  'agents.started': '{id} bir sonraki bağlantısında, birkaç dakika içinde, yeniden ölçmeye başlar.',

  'retract.usage': 'Hangi olay, neden? {command}',
  'retract.done': '{id} geri alındı. Ondan haber alan herkes bunu gerekçenizle birlikte duyar.',
};

import type { PlacePhrases } from '../../core/phrases/place.ts';
import type { TextsOf } from '../../core/ports/translate.ts';

export const place: TextsOf<PlacePhrases> = {
  'mute.over': 'O sessizlik {when} itibarıyla bitecekti, o zaman geçti. Sessizde bir şey yok.',

  'thread.whole': 'Bu, bütün konularıyla grubun tamamı için geçerli.',
  'thread.follows': 'Bu konunun takip ettikleri:',
  'thread.done': 'Tamam! Bu konunun takip ettikleri:',
  'thread.already': 'Bu konu bunları zaten takip ediyor:',
  'thread.ask': {
    one: 'Bu konunun takip ettiği tek şey bırakılsın mı? Grubun takip ettikleri kalır.',
    other: 'Bu konunun takip ettiği {n} şeyin hepsi bırakılsın mı? Grubun takip ettikleri kalır.',
  },
  'thread.stopped': 'Tamam. Bu konu artık kendi başına bir şey takip etmiyor. Geri dönmek için: {command}',

  'error.adminsLevel':
    'Bunun için bu odada {needs} yetki düzeyi gerekir; sizinki {has}. Sormak herkese açık: {command}',
  'error.adminsNeeds':
    'Bunun için bu odada {needs} yetki düzeyi gerekir; sizinkini şu an öğrenemedim. Sormak herkese açık: {command}',

  'missed.done': 'Ben yokken bunu yazmışsınız. Şimdi yapıldı:',
  'missed.notDone': 'Bunu yapamadım:',
  'missed.tooOld': 'Bir günden önce yazılmış, o yüzden dokunmadım: {commands}. Hâlâ istiyorsanız yeniden yazın.',
  'missed.asked': 'Siz sorduğunuzda yoktum: {commands}. Yeniden sorun, hemen yanıtlarım.',

  'moved.here': 'Oda yükseltildi, ben de birlikte geldim.',
};

import type { SettingsPhrases } from '../../core/phrases/settings.ts';
import type { TextsOf } from '../../core/ports/translate.ts';
import { unchanged } from '../plural.ts';

export const settings: TextsOf<SettingsPhrases> = {
  'level.early': 'erken: ilk haberden itibaren; bazıları yanlış çıkar',
  'level.corroborated': 'doğrulanmış: iki bağımsız yayın, resmî bir duyuru ya da bir ölçüm',
  'level.confirmed': 'kesin: yalnızca ölçümlerin kuşkusuz gösterdikleri',

  'settings.head': 'Bu sohbetin ayarları',
  'settings.language': 'Dil',
  'settings.timezone': 'Saat dilimi',
  'settings.level': 'Ne kadar kesin',
  'settings.zone': '{zone} (şu an {time})',
  'settings.type': 'Değiştirmek için o satırdaki komutu kendi değerinizle yazın.',

  'language.ask': 'Bu sohbetin dili Türkçe. Değiştirmek için: {command}',
  'language.done': 'Artık burada Türkçe konuşuyorum.',
  'language.unknown': '“{word}” dilini henüz bilmiyorum.',

  'timezone.now': 'Buradaki saatler {zone} saatine göre; şu an {time}.',
  'timezone.ask': 'Değiştirmek için bir şehir yazın: {command}',
  'timezone.done': 'Artık buradaki saatler {zone} saatine göre; şu an {time}.',
  'timezone.unknown': '“{word}” diye bir saat dilimi bilmiyorum.',
  'timezone.share': 'Ya da konumunuzu buraya gönderin: yalnızca saat dilimini saklarım.',
  'timezone.here': 'Aşağıdaki düğme bana nerede olduğunuzu gönderir. Yalnızca saat dilimini saklarım, yeri asla.',
  'timezone.kept': 'Yalnızca saat dilimini sakladım, yeri değil.',
  'timezone.others': 'Saatiniz başka gösteriyorsa kendinizinkine dokunun:',
  'timezone.nowhere': 'O yerin yakınında bildiğim bir şehir yok.',

  'level.now': 'Yazmam için ne kadar kesin olmalı – {level}.',
  'level.done': 'Tamam. Yazmam için ne kadar kesin olmalı – {level}.',
  'level.more': 'Daha az kesin olmakla birlikte şu anda bunlar da sürüyor:',
  'level.unknown': '“{word}” diye bir düzey bilmiyorum.',

  'export.head': 'Bu sohbet hakkında sakladığım her şey, her satırda bir kayıt (JSON, saatler UTC):',
  'export.part': 'Bölüm {part} / {parts}.',
  'export.next': 'Sonraki bölüm: {command}',
  'export.rest': unchanged('{n} eski kayıt sığmadı.'),

  'forget.ask':
    'Bu sohbetle ilgili her şey silinsin mi: takip ettikleri, sessizlikler, ayarlar? Uyarılar biter; hiçbir şey geri gelmez.',
  'forget.confirm': 'Onaylamak için yazın: {command}',
  'forget.done': 'Bu sohbetle ilgili her şey silindi. Hoşça kalın, bağlantıda kalın.',
  'forget.nothing': 'Bu sohbet hakkında hiçbir şey saklamıyorum.',
};

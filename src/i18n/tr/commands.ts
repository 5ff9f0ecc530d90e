import type { CommandPhrases } from '../../core/phrases/commands.ts';
import type { TextsOf } from '../../core/ports/translate.ts';

export const commands: TextsOf<CommandPhrases> = {
  'what.everything': 'her yerde her şey',
  'what.country': '{country}: her şey',
  'what.service': 'her yerde {service}',
  'what.pair': '{country}: {service}',

  'error.unknown': '“{word}” komutunu bilmiyorum.',
  'error.meant': 'Bunu mu demek istediniz: {command}',
  'error.help': 'Yapabildiklerim: {command}',
  'error.admins': 'Grubun ayarlarını yalnızca yöneticiler değiştirebilir. Sormak herkese açık: {command}',
  'error.readers': 'Buraya ne geleceğine yöneticiler karar verir. Kendi uyarılarınız için bana özelden yazın.',
  'error.operators': 'Bunu yalnızca bu botu işletenler yapabilir.',
  'error.slow':
    'Bir anda çok fazla oldu: son komutlarınızı yerine getirmedim. Lütfen yarım dakika sonra yeniden gönderin.',
  'error.unanswered': 'Burada sorulanların hepsine yetişemedim. Eksik kaldıysa lütfen bir dakika sonra yeniden sorun.',
  'error.failed': 'Benden kaynaklanan bir sorun oldu. Kayda geçti; lütfen bir dakika sonra yeniden deneyin.',
  'error.word': '“{word}” nedir bilmiyorum.',
  'error.nearest': '“{word}” nedir bilmiyorum. Bunlardan biri mi: {options}?',
  'error.ambiguous': '“{word}” birden fazla anlama gelebilir: {options}. Hangisi?',
  'error.nothing': 'Hiçbir şey değişmedi.',
  'error.targets': 'Ülke ve hizmet adı yazın, örneğin {command}',

  'ask.hello': 'Merhaba! İnternet hizmetlerinin nerede engellendiğini bilirim, bir şey değişince hemen yazarım.',
  'ask.try': 'Sormanız yeter, örneğin: {example}',
  'ask.example': '“Türkiye’de Instagram engelli mi?”',
  'ask.none': 'Bu konuda bir şey bilmiyorum: yalnızca internette neyin nerede engellendiğini bilirim.',
  'ask.host': '{host} sitesini tanımıyorum: bana ondan haber veren yok, açık mı diyemem.',
  'ask.where': 'Hangi ülkede? Örneğin {command}',

  'help.head': 'Neler yapabilirim',
  'help.more': 'Biri hakkında daha fazlası: {command}',
  'help.forms': 'Ayrıca: {forms}',

  'about.what':
    'Tocsin haberleri, resmî listeleri ve ölçümleri okur; bir ülkede bir internet hizmetine ya da ağa erişim değişince size söyler. Onu işletenlerden başka kimseye ait değildir.',
  'about.sure': 'Ne kadar kesin?',
  'about.reported': 'Haber var: bir yayın yazıyor',
  'about.suspected': 'Şüphe var: ölçümler buna benziyor; anormallik tek başına engel demek değildir',
  'about.corroborated':
    'Doğrulandı: iki bağımsız yayın, kaynağından okunmuş resmî bir duyuru ya da bir ağdaki kendi ölçümümüz',
  'about.confirmed': 'Kesinleşti: birkaç ağda ya da birkaç yoldan ölçüldü ya da engelleme sayfası görüldü',
  'about.marks':
    '🔴 engelli · 🟠 yavaş ya da kısmen kısıtlı · ⚫ ağ kesik · 🟡 tehdit altında · 🟢 çalışıyor · ❔ bilinmiyor · ⚪ geri alındı',
  'about.privacy':
    'Bu sohbetin neleri takip ettiğini, dilini ve saat dilimini saklarım; yazdığınız hiçbir şeyi saklamam. Hepsini silmek için: {command}',

  'ping.pong': 'Buradayım.',
  'ping.chat': 'Şu an {time} ({zone}).',
  'ping.you': 'Yapılandırmada siz: {id}.',
};

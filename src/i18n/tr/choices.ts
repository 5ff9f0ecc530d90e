import type { ChoicePhrases } from '../../core/phrases/choices.ts';
import type { TextsOf } from '../../core/ports/translate.ts';

export const choices: TextsOf<ChoicePhrases> = {
  'settings.on': 'açık',
  'settings.off': 'kapalı',
  'settings.turnOff': 'Kapat',
  'settings.unknown': 'Burada “{word}” sözünü anlamadım.',
  'settings.other': 'Başka saatler: {command}',
  'settings.utc': 'Saat diliminiz henüz seçilmedi, bunlar UTC saatleri: {command}',
  'settings.quiet': 'Sessiz saatler',
  'settings.quiet.what':
    'Sessiz saatlerde hiçbir şey çalmaz. İzlemeyi sürdürürüm; bitince tek bir ileti olanları anlatır. İzin verirseniz en acil olanlar yine çalar: bütün bir ülkenin interneti kesildi, adıyla takip ettiğiniz bir hizmetin engellendiği doğrulandı ya da bunu okuduğunuz uygulama engellendi.',
  'settings.quiet.hours': '{from}–{to}',
  'settings.quiet.critical': '{from}–{to}; acil olanlar yine çalar',
  'settings.critical.turnOn': 'Acil olanlar çalsın',
  'settings.critical.turnOff': 'Acil olanlar da beklesin',
  'settings.critical.none': 'Önce sessiz saatleri seçin.',
  'settings.digest': 'Özet',
  'settings.digest.what':
    'Düzenli, sessiz bir ileti: sonuncusundan beri ne değişti, şu anda ne kesik. Uyarılar yine gelir.',
  'settings.digest.day': 'her gün {time}',
  'settings.digest.week': 'pazartesileri {time}',
  'settings.sound': 'Ses',
  'settings.sound.what': 'Ses kapalıyken uyarılar sessiz gelir.',
  'settings.sound.turnOn': 'Sesi aç',
  'settings.sound.turnOff': 'Sesi kapat',
  'settings.pictures': 'Görseller',
  'settings.pictures.what': 'Bazı yanıtlar bir görselle gelir, örneğin bir zaman çizelgesiyle.',
  'settings.pictures.turnOn': 'Görselleri aç',
  'settings.pictures.turnOff': 'Görselleri kapat',
  'settings.reminders': 'Hatırlatmalar',
  'settings.reminders.what': 'Size yazdığım bir şey sürdükçe öğlenleri sessizce hatırlatırım.',
  'settings.reminders.1': 'her gün',
  'settings.reminders.3': 'üç günde bir',
  'settings.reminders.7': 'her hafta',
  'settings.report': 'Sakin haftalar',
  'settings.report.what':
    'Anlatacak bir şeyin olmadığı haftanın ardından pazartesi: sakin geçtiğini ve ne kadar iyi gördüğümü yazarım.',
  'settings.report.turnOn': 'Sakin haftaları bildir',
  'settings.report.turnOff': 'Sakin haftaları bildirme',
};

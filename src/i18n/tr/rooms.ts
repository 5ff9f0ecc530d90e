import type { Texts } from '../../core/ports/translate.ts';
import { unchanged } from '../plural.ts';

/** Where several people talk in what they call a room, with threads in it. */
export const rooms: Partial<Texts> = {
  'command.subscriptions': 'bu odanın takip ettikleri',
  'command.settings': 'bu odanın bütün ayarları',
  'settings.head': 'Bu odanın ayarları',
  'command.language': 'bu odanın dili',
  'command.timezone': 'bu odanın saat dilimi',
  'command.export': 'bu oda hakkında sakladığım her şey',
  'export.head': 'Bu oda hakkında sakladığım her şey, her satırda bir kayıt (JSON, saatler UTC):',
  'command.forget': 'bu odayla ilgili her şeyi silin',
  'error.admins': 'Odanın ayarlarını yalnızca yöneticiler değiştirebilir. Sormak herkese açık: {command}',
  'thread.whole': 'Bu, bütün ileti dizileriyle odanın tamamı için geçerli.',
  'thread.follows': 'Bu dizinin takip ettikleri:',
  'thread.done': 'Tamam! Bu dizinin takip ettikleri:',
  'thread.already': 'Bu dizi bunları zaten takip ediyor:',
  'thread.ask': {
    one: 'Bu dizinin takip ettiği tek şey bırakılsın mı? Odanın takip ettikleri kalır.',
    other: 'Bu dizinin takip ettiği {n} şeyin hepsi bırakılsın mı? Odanın takip ettikleri kalır.',
  },
  'thread.stopped': 'Tamam. Bu dizi artık kendi başına bir şey takip etmiyor. Geri dönmek için: {command}',
  'subscribe.done': 'Tamam! Bu odada takip ettiklerim:',
  'subscribe.already': 'Bu odada bunları zaten takip ediyorum:',
  'subscribe.tooMany': unchanged('Bir oda en çok {n} şeyi takip edebilir. Bunun yerine ülkeleri bütünüyle takip edin.'),
  'subscriptions.none': 'Bu oda henüz hiçbir şeyi takip etmiyor. Başlamak için: {command}',
  'subscriptions.head': 'Bu odanın takip ettikleri:',
  'unsubscribe.ask': {
    one: 'Bu odanın takip ettiği tek şey bırakılsın mı? Artık haber almazsınız.',
    other: 'Bu odanın takip ettiği {n} şeyin hepsi bırakılsın mı? Artık haber almazsınız.',
  },
  'unsubscribe.not': 'Bu oda bunu takip etmiyor:',
  'unsubscribe.still':
    'Bundan yine de haber alırsınız, çünkü bu oda şunu takip ediyor: {what}. Hiç almamak için: {command}',
  'unsubscribe.all': 'Tamam. Bu oda artık hiçbir şeyi takip etmiyor. Geri dönmek için: {command}',
  'merged.nothing': 'Tamam. Bu oda artık hiçbir şeyi takip etmiyor. Takip etmek için: {command}',
  'merged.forgotten': 'Tamam. Bu oda hakkında hiçbir şey saklamıyorum.',
  'status.followed': 'Bu odanın takip ettikleri',
  'language.ask': 'Bu odanın dili Türkçe. Değiştirmek için: {command}',
  'about.privacy':
    'Bu odanın neleri takip ettiğini, dilini ve saat dilimini saklarım; yazdığınız hiçbir şeyi saklamam. Hepsini silmek için: {command}',
  'forget.ask':
    'Bu oda ve dizileriyle ilgili her şey silinsin mi: takip ettikleri, sessizlikler, ayarlar? Uyarılar biter; hiçbir şey geri gelmez.',
  'forget.done': 'Bu odayla ilgili her şey silindi. Hoşça kalın, bağlantıda kalın.',
  'forget.nothing': 'Bu oda hakkında hiçbir şey saklamıyorum.',
};

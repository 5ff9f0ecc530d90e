import type { FollowPhrases } from '../../core/phrases/follow.ts';
import type { TextsOf } from '../../core/ports/translate.ts';
import { unchanged } from '../plural.ts';

export const follow: TextsOf<FollowPhrases> = {
  'start.hello': 'Merhaba! Ben Tocsin; internetteki engelleri haber veririm.',
  'start.what':
    'Bir ülkede bir hizmete ya da ağa erişim değişir değişmez buraya yazarım: engellendi, yavaşladı, kesildi, geri geldi. Ne kadar kesin olduğunu da her seferinde söylerim.',
  'start.ask': 'Sizin için neyi takip edeyim?',
  'start.type': 'Ya da yazın: {command}',
  'start.open': unchanged('Şu anda süren {n} olay var. En yenileri:'),
  'start.none': 'Şu anda yeni bir engel bilmiyorum. Bir ülkede uzun süredir engelli olanlar o ülkenin durumunda yazar.',

  'subscribe.pick':
    'Neyi takip edeyim? Bir ülke ({country}), bir hizmet ({service}), ikisi birden ({both}) ya da {all} yazın',
  'pick.country': 'Hangi ülkeler? Birine ya da birkaçına dokunun: ✅ olanları izliyorum.',
  'pick.service': 'Hangi hizmetler? Birine ya da birkaçına dokunun: ✅ olanları izliyorum.',
  'pick.search': 'Burada yok mu? Adını yazmanız yeter.',
  'pick.type': 'Burada yok mu? Yazın: {command}',
  'pick.typed': 'Hangileri? Birkaçı tek komutla olur: {command}',
  'pick.found': 'Bulunanlar; istediğinize dokunun:',
  'subscribe.done': 'Tamam! Takip ettiklerim:',
  'subscribe.already': 'Bunları zaten takip ediyorum:',
  'subscribe.open': 'Bunlardan şu anda sürenler:',
  'subscribe.none': 'Bunlarda şu anda yeni bir engel bilmiyorum. Değişirse yazarım.',
  'subscribe.standing': 'Açık kaynaklara göre uzun süredir kısıtlı:',
  'subscribe.tooMany': unchanged(
    'Bir sohbet en çok {n} şeyi takip edebilir. Bunun yerine ülkeleri bütünüyle takip edin.',
  ),
  'subscribe.when': 'Yazmam için ne kadar kesin olmalı – {level}. Değiştirmek için: {command}',

  'line.since': 'başlangıç: {when}',

  'channel.head': '“{title}” kanalı',
  'channel.none':
    'İkimizin de yönetici olduğu “{name}” adlı bir kanal bulamadım. Beni oraya gönderi izni olan yönetici olarak ekleyip yeniden deneyin.',
  'channel.usage':
    'Kanal burada ayarlanır, okurları bunu görmez. Beni kanala gönderi izni olan yönetici olarak ekleyin ve yazın: {command}',

  'merged.nothing': 'Tamam. Bu sohbet artık hiçbir şeyi takip etmiyor. Takip etmek için: {command}',
  'merged.forgotten': 'Tamam. Bu sohbet hakkında hiçbir şey saklamıyorum.',

  'subscriptions.none': 'Bu sohbet henüz hiçbir şeyi takip etmiyor. Başlamak için: {command}',
  'subscriptions.head': 'Bu sohbetin takip ettikleri:',
  'subscriptions.settings': 'Ne kadar kesin: {level} · dil: {language} · saat dilimi: {zone}',
  'subscriptions.muted': 'Sessizde: {what}, bitiş {when}',
  'subscriptions.remove': 'Birini bırakmak için: {command}',

  'unsubscribe.ask': {
    one: 'Bu sohbetin takip ettiği tek şey bırakılsın mı? Artık haber almazsınız.',
    other: 'Bu sohbetin takip ettiği {n} şeyin hepsi bırakılsın mı? Artık haber almazsınız.',
  },
  'unsubscribe.confirm': 'Onaylamak için yazın: {command}',
  'unsubscribe.done': 'Artık takip edilmiyor:',
  'unsubscribe.not': 'Bu sohbet bunu takip etmiyor:',
  'unsubscribe.still':
    'Bundan yine de haber alırsınız, çünkü bu sohbet şunu takip ediyor: {what}. Hiç almamak için: {command}',
  'unsubscribe.all': 'Tamam. Bu sohbet artık hiçbir şeyi takip etmiyor. Geri dönmek için: {command}',

  'mute.usage': 'Ne hakkında, ne kadar süre? Örneğin {one}, {two} ya da {three}',
  'mute.done': 'Sessizde: {what}. Bitiş: {when}.',
  'mute.end': 'Daha erken bitirmek için: {command}',
  'mute.badTime': '“{time}” süresini anlamadım. 8h, 3d ya da until 18:00 yazın; en çok bir yıl.',
  'mute.tooMany': unchanged('Aynı anda en çok {n} sessizlik olabilir.'),

  'unmute.done': 'Bununla ilgili yeniden yazacağım: {what}.',
  'unmute.all': unchanged('{n} sessizlik bitti. Her şey hakkında yeniden yazacağım.'),
  'unmute.none': 'Burada sessize alınmış bir şey yok.',
  'unmute.not': 'Bu zaten sessizde değil: {what}',
  'unmute.which': 'Hangisi hakkında yeniden yazayım?',
};

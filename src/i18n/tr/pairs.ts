import type { PairPhrases } from '../../core/phrases/pairs.ts';
import type { TextsOf } from '../../core/ports/translate.ts';
import { unchanged } from '../plural.ts';

export const pairs: TextsOf<PairPhrases> = {
  'pair.private': '{platform} üzerindeki özel sohbet',
  'pair.group': '{platform} üzerindeki grup',
  'pair.channel': '{platform} üzerindeki kanal',

  'link.what':
    'Uyarılarınız buraya gelemediğinde başka bir platformdaki ikinci sohbete gider: {platform} beş dakika boyunca mesaj kabul etmezse ya da bu sohbet artık yoksa. O platform takip ettiğiniz bir ülkede yeni engellenir ya da yavaşlatılırsa veya durum kötüleşirse ikisine birden gelir.',
  'link.how': 'Orada bana şunu yazın (bir kez geçerlidir, süre: {time}):',
  'link.alone': 'Başka bir platformda değilim, bu sohbeti bağlayacak bir yer yok.',
  'link.spare': 'Bu, ikinci sohbettir. Birincisi: {other}. Oraya gelemeyen uyarılar buraya gelir.',
  'link.now': 'Şu an uyarılar ikisine de geliyor, çünkü {platform} engelli ya da yavaşlatılmış ({country}).',
  'link.bothOff': 'Yalnızca burası çalışmadığında, asla ikisine birden değil: {command}',
  'link.bothOn': 'Takip ettiğiniz bir ülkede bu platform yeni engellenirse ikisine de: {command}',
  'link.long':
    '{platform} uzun süredir engelli ya da yavaşlatılmış ({country}); bu yüzden uyarılar ancak durum kötüleşirse ikisine birden gelir. Hep ikisine de gelsin: {command}',
  'link.always':
    'Bu platform engelli ya da yavaşlatılmış olduğu sürece, ne kadar uzun olursa olsun, uyarılar ikisine de gelir. Yalnızca durum kötüleşirse: {command}',
  'link.monthlyOff': 'Ayda bir oraya deneme gönderiyorum. Durdurmak için: {command}',
  'link.monthlyOn': 'Ayda bir zararsız bir deneme: {command}',
  'link.end': 'Ayırmak için: {command}',
  'link.joined':
    'Bağlandı. Burası artık ikinci sohbet. Birincisi: {other}. Oraya gelemeyen uyarılar buraya gelir; o platform takip edilen bir ülkede yeni engellenirse ikisine birden gelir.',
  'link.asked':
    'Orada sordum: bir yönetici kabul eder etmez ({other}) burası ikinci sohbet olur. Oradaki soruda {mark} işareti var; başkasını kabul etmeyin.',
  'link.wrong':
    'Bu kodu tanımıyorum. Bir kod bir kez ve kısa süre geçerlidir: {time}. Yenisi için birinci sohbette {command} yazın.',
  'link.tries': 'Çok fazla yanlış kod. Lütfen on beş dakika sonra yeniden deneyin.',
  'link.same': 'Bu kod öteki sohbetiniz için: buraya değil, oraya yazın.',
  'link.account': 'İkinci sohbet başka bir platformda olmalı: burada birincisiyle birlikte o da susar.',
  'link.taken': 'İkisinden biri zaten başka bir sohbete bağlı. Ayırmak için orada şunu yazın: {command}',
  'link.tested': 'Deneme yola çıktı. Nereye: {other}.',
  'link.onlyMain': 'Buna burada değil, birinci sohbette karar verilir.',
  'unlink.done': 'Tamam. Bu sohbet artık bağlı değil ({other}).',
  'unlink.none': 'Bu sohbet hiçbir sohbete bağlı değil. Değiştirmek için: {command}',

  'notice.joined': 'Bağlandı. İkinci sohbet: {other}.',
  'notice.notYou': 'Bunu siz yapmadıysanız sona erdirin: {command}',
  'notice.asks':
    'Biri bu grubun kodunu başka bir sohbette yazdı ({other}). Buraya gelemeyen uyarılar oraya gider. Doğru mu? Yalnızca bir yönetici kabul edebilir. Yalnızca orada {mark} işareti görünüyorsa kabul edin.',
  'notice.agree': 'Kabul etmek için: {command}',
  'notice.parted': 'Bu sohbet artık bağlı değil ({other}): orada öyle karar verildi.',
  'notice.lost': 'İkinci sohbetinize ({other}) artık ulaşılamıyor, yani ikinci sohbetiniz yok. Yenisi için: {command}',
  'notice.heir':
    'Birinci sohbetinize ({other}) artık ulaşılamıyor. Onun takip ettiklerini bundan sonra bu sohbet takip ediyor. Değiştirmek için: {command}',
  'notice.test':
    'Bu yalnızca bir deneme: bir şey olmadı. Birinci sohbete ({other}) ulaşamasaydım uyarınız buraya gelirdi.',
  'notice.announce': 'Bu botu işletenlerden birkaç söz',

  'via.failing': '{platform} mesaj kabul etmediği için buraya yazıyorum.',
  'via.gone': '{platform} üzerindeki sohbetiniz artık olmadığı için buraya yazıyorum.',
  'via.country': '{platform} engelli ya da yavaşlatılmış olduğu için buraya da yazıyorum ({country}).',

  'board.head': 'Burada takip edilenlerden şu an kapalı olanlar',
  'board.none': 'Şu an bildiğim yeni bir engelleme yok.',
  'board.as': 'Güncelleme: {when}. Bu mesajı güncel tutuyorum.',
  'board.days': 'Gün gün, {from} – {to}:',
  'board.unpinned':
    'Burada mesaj sabitleme iznim yok. Panoyu siz sabitleyin ya da bana bu izni verip yeniden {command} yazın.',
  'board.off':
    'Burada pano yok. Pano, şu an neyin kapalı olduğunu hep gösteren sabitlenmiş bir mesajdır. İsterseniz: {command}',
  'board.on': 'Buradaki pano güncel tutuluyor. Bitirmek için: {command}',
  'board.made': 'Pano birazdan gelir ve güncel kalır. Sabitlenmediyse buna yetkim yoktur: lütfen siz sabitleyin.',
  'board.ended': 'Pano artık güncel tutulmuyor.',

  'error.adminsAs':
    'Kanal olarak yazıyorsunuz, burada yönetici olup olmadığınızı göremiyorum. Kendi adınızla ya da bu grup adına yazın, olur.',

  'announce.usage': 'Herkes ne okusun? Komutun arkasına yazın: {command}',
  'announce.ask': 'Bu, bütün uyarılardan sonra şuraya gider: {chats}',
  'announce.confirm': 'Göndermek için on beş dakika içinde şunu yazın: {command}',
  'announce.long': 'Çok uzun: en çok {most} karakter. Hiçbir şey gönderilmedi.',
  'announce.sent': 'Yola çıktı: {chats}.',
  'announce.gone': 'Bu zaten gönderildi ya da çok bekledi. Şimdi bir şey gönderilmiyor.',

  'stats.chats': unchanged('{n} sohbet'),
  'stats.gone': 'Kapananlar: {chats}',
  'stats.pairs': 'İki platformdaki sohbet çiftleri: {count}',
  'stats.countries': 'Abonelikler: {count}. Ülkelere göre:',

  'settings.pair': 'İkinci sohbet',
  'settings.noPair': 'yok',
  'button.bothAlways': 'Hep ikisine',
  'button.test': 'Deneme gönder',
  'button.unlink': 'Ayır',
  'button.boardOn': 'Pano kur',
  'button.boardOff': 'Pano olmasın',
  'button.agree': 'Kabul et',
  'button.yesSend': 'Evet, gönder',
};

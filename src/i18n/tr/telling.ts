import type { TellingPhrases } from '../../core/phrases/telling.ts';
import type { Texts } from '../../core/ports/translate.ts';
import { unchanged } from '../plural.ts';

export const telling: Pick<Texts, keyof TellingPhrases> = {
  'noun.internet': 'internet',
  'noun.mobile': 'mobil internet',

  'place.one': '{regions}, {country}',
  'place.several': '{regions} ({country})',
  'place.many': unchanged('{country}, {n} bölge'),

  'place.unknown': 'Yalnızca {region} hakkında bir şey bilmiyorum. {country} geneli:',
  'network.seen': 'Şu anki engellerden bu ağda ölçülenler:',
  'network.none':
    'Bildiğim kadarıyla bu ağda son zamanlarda kimse engel ölçmedi. Bu, orada her şeyin çalıştığı anlamına gelmez.',
  'network.country': 'Ülkenin tamamı: {command}',

  'part.calls': '{service} aramaları çalışmıyor',
  'part.media': '{service} üzerinde fotoğraf ve videolar açılmıyor',
  'part.registration': '{service} kaydı yapılamıyor',
  'part.web': '{service} tarayıcıda açılmıyor',
  'part.messages': '{what}, mesajlar gidiyor',

  'component.web': 'web sitesi veya web sürümü',
  'component.calls': 'aramalar',
  'component.media': 'fotoğraf ve videolar',
  'component.registration': 'kayıt',
  'component.bridges': 'köprüler',
  'component.persian': 'Farsça sürüm',
  'component.russian': 'Rusça sürüm',
  'component.servers': 'uygulamanın sunucuları',

  'advice.works': 'Orada hâlâ çalışanlar: {services}.',
  'advice.unblocked': 'Bildiğim kadarıyla orada engelli değil: {services}.',
  'advice.calls': 'Aramak yerine yazın; normal telefon da çalışır, ama dinlenebilir.',
  'advice.media': 'Yazı hâlâ gidiyor: göstermek istediğinizi yazıyla anlatın.',
  'advice.slow':
    'Yazı, fotoğraf ve videodan daha çabuk gider; daha sonra ya da mobil veri yerine Wi-Fi ile yeniden deneyin.',
  'advice.messenger':
    'Yakınlarınıza size başka nereden ulaşabileceklerini şimdiden söyleyin: başka bir uygulama, e-posta ya da telefon. Normal aramalar ve SMS’ler dinlenebilir ve okunabilir.',
  'advice.shutdown':
    'Normal aramalar ve SMS hâlâ çalışıyor olabilir, ama başkaları dinleyip okuyabilir. Pilinizi koruyun ve ne zaman yeniden deneyeceğinizi kararlaştırın.',
  'advice.mobile':
    'Evdeki ya da işteki Wi-Fi hâlâ çalışıyor olabilir. Aramalar ve SMS de, ama başkaları dinleyip okuyabilir.',
  'advice.site': 'Başka bir ağda hâlâ açılabilir: bütün sağlayıcılar aynı anda ve aynı biçimde engellemez.',
  'advice.store': 'Uygulama sizde varsa silmeyin: yüklü olan genellikle çalışmaya devam eder.',
  'advice.warn': 'Henüz hiçbir şey kesilmedi. Yakınlarınızla ikinci bir iletişim yolu kararlaştırmanın tam zamanı.',

  'reply.lasted': '{duration} sürdü',

  'probe.own': 'kendi ölçümümüz ({network})',
  'probe.agent': 'ölçüm aracısı ({network})',
};

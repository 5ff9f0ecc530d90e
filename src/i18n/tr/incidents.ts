import type { IncidentPhrases } from '../../core/phrases/incidents.ts';
import type { TextsOf } from '../../core/ports/translate.ts';
import { unchanged } from '../plural.ts';

export const incidents: TextsOf<IncidentPhrases> = {
  'change.opened': 'ilk bilgi: {what}',
  'change.confidence-up': 'daha kesin: {what}',
  'change.claimed': 'bir kaynak durumun daha kötü olduğunu söylüyor; henüz kesin değil',
  'change.escalated': 'kötüleşti: {what}',
  'change.method-revealed': 'yöntemi belli oldu: {what}',
  'change.widened': 'etki genişledi',
  'change.named': 'hangi hizmet olduğu belli oldu',
  'change.easing': 'bittiğine dair belirtiler var',
  'change.partly-lifted': 'bir kısmı yeniden çalışıyor',
  'change.lifted': 'bitti: yeniden çalışıyor',
  'change.lift-confidence-up': 'bittiği daha kesin: {what}',
  'change.resumed': 'meğer bitmemiş',
  'change.withdrawn': 'geri alındı',
  'change.expired': 'uzun süredir haber yok',

  'incident.none': '{id} diye bir olay bilmiyorum. Kimlik her uyarının sonunda yazar.',
  'incident.usage': 'Hangi olay? Kimliği her uyarının sonunda yazar: {command}',
  'incident.log': 'Neler oldu',
  'incident.evidence': unchanged('Kaynaklar: {n} bildirim'),
  'incident.report': '{title} ({when})',
  'incident.measured': 'Ölçüldüğü ağ: {networks}: {verdict} ({when})',
  'incident.anomaly': 'Anormallik tek başına engellemeyi kanıtlamaz.',
  'incident.copies': 'Aynı haberin kopyaları bir kez sayılır.',
  'incident.open': 'Bununla ilgili olaylar:',

  'history.head': { one: '{what}, son gün', other: '{what}, son {n} gün' },
  'history.none': {
    one: 'Son gün için bildiğim bir olay yok. Bu, “hiçbir şey olmadı” demek değildir.',
    other: 'Son {n} gün için bildiğim bir olay yok. Bu, “hiçbir şey olmadı” demek değildir.',
  },
  'history.span': '{from} – {to}',
  'history.longer': 'Daha geriye bakmak için: {command}',
};

/** Which part of a service is cut, where only a part is: what the reports of a `restrict` name, or what was measured. Pure. */
import { type Incident, NETWORK, type Part } from '../model/incident.ts';
import type { Report } from '../model/report.ts';

const MAX_TEXT = 800;

/** As texts write it, in the languages that the extractor knows best. */
const CALLS =
  /\b(?:voice|video|audio|phone|internet)?[ -]?calls?\b|\bcalling\b|звонк|звонок|звонить|дзвінк|дзвінок|anrufe?\b|sprachanruf|telefonie|videotelefon|llamadas|\bappels?\b|\barama(?:lar|ları|larını|sı)?\b|görüntülü|sesli görüşme|تماس|مکالمه|مكالمات|اتصالات? صوتي|الاتصال الصوتي|通话|通話|语音|語音|chamadas|chiamate|panggilan|rozmow[yę] (?:głos|wideo)/iu;
const MEDIA =
  /\bphotos?\b|\bpictures?\b|\bvideos?\b(?![ -]?(?:calls?|chat))|\bmedia files?\b|\bvoice (?:messages?|notes?)\b|фото|видео(?!звон|вызов|связ)|відео(?!дзвін|зв)|голосовы[ех] сообщен|медиафайл|\bbilder?\b|fotos|\bvídeos?\b|\bvidéos?\b|fotoğraf|عکس|ویدی?و|صور|图片|照片|视频(?!通话)/iu;
const REGISTRATION =
  /\bregistration\b|\bsign(?:ing)?[ -]?ups?\b|\bnew (?:users?|accounts?)\b|\b(?:verification|sms) codes?\b|регистраци|новы[ех] (?:пользовател|аккаунт)|коды? (?:подтвержден|из sms)|реєстраці|registrierung|neuanmeldung|registro de (?:usuarios|nuevos)|nuevas cuentas|\binscriptions?\b|nouveaux comptes|kayıt|ثبت.?نام|تسجيل (?:حساب|مستخدم|الدخول)|注册/iu;
const MOBILE =
  /\b(?:mobile|cellular|cell[- ]?phone|4g|3g|lte)(?: phone)?(?: and [a-z]+)? (?:internet|data|networks?|service|broadband|connecti\w+)\b|\bmobile internet\b|мобильн\p{L}* (?:интернет|связ|сет|данн)|мобільн\p{L}* (?:інтернет|зв|мереж)|мобильник|mobil(?:es|funk|em|e)?[ -]?(?:internet|netz|daten)|(?:internet|datos|red(?:es)?) móvil(?:es)?|(?:internet|données|réseaux?) mobiles?|mobil (?:internet|veri|şebeke)|اینترنت (?:همراه|موبایل|سیار)|(?:انترنت|إنترنت|الإنترنت|البيانات) (?:ال)?(?:هاتف|محمول|جوال|خلوي)|移动(?:网络|互联网|数据)|手机(?:网络|上网|没网)|internet mobile|internet seluler/iu;
const MESSAGES =
  /\bmessag(?:es?|ing)\b|\btexts?\b|сообщени|переписк|повідомлен|nachrichten|mensajes|\bmessages\b|mesaj|پیام(?!.?رسان)|رسائل|消息/iu;

const textOf = (report: Report): string => `${report.title.slice(0, MAX_TEXT)} ${report.summary.slice(0, MAX_TEXT)}`;

/** Components of `service-components.yaml` that are a part in everyday words. */
const COMPONENTS: Readonly<Record<string, Part>> = {
  calls: 'calls',
  media: 'media',
  pictures: 'media',
  video: 'media',
  registration: 'registration',
  web: 'web',
};

/** Parts that one report names; none where it speaks of the whole. */
export function partsOf(report: Report): Part[] {
  const component = report.measured?.component;
  if (component) return COMPONENTS[component] ? [COMPONENTS[component]] : [];
  if (report.kind === 'measurement') return [];
  const text = textOf(report);
  if (report.service === NETWORK) return MOBILE.test(text) ? ['mobile'] : [];
  if (report.action !== 'restrict') return [];
  const parts: Part[] = [];
  if (CALLS.test(text)) parts.push('calls');
  if (MEDIA.test(text)) parts.push('media');
  if (REGISTRATION.test(text)) parts.push('registration');
  return parts;
}

/**
 * The one part that is cut, by more than half of the voices that report what is in force; null where it is the whole, or where they name
 * several. `reports`: of what is in force.
 */
export function partCut(
  incident: Pick<Incident, 'service' | 'action' | 'family'>,
  reports: readonly Report[],
): Part | null {
  const { service, action, family } = incident;
  const isNetwork = service === NETWORK;
  if (service === null || (!isNetwork && (action !== 'restrict' || family === 'warn'))) return null;
  const voices = new Map<string, Set<Part>>();
  for (const report of reports) {
    const parts = voices.get(report.voice) ?? new Set();
    for (const part of partsOf(report)) parts.add(part);
    voices.set(report.voice, parts);
  }
  const counts = new Map<Part, number>();
  for (const part of [...voices.values()].flatMap((parts) => [...parts])) counts.set(part, (counts.get(part) ?? 0) + 1);
  const wide = [...counts].filter(([, n]) => n * 2 > voices.size);
  return wide.length === 1 ? wide[0]![0] : null;
}

/** Does no report speak of messages at all? Then those of a service of which only the calls are cut go through. */
export const leavesMessages = (reports: readonly Report[]): boolean =>
  reports.every((report) => report.kind === 'measurement' || !MESSAGES.test(withoutVoice(textOf(report))));

/** "Voice messages" and "messenger" are no messages; what "still works" is not cut. */
const withoutVoice = (text: string): string =>
  text
    .replace(/\bvoice messages?\b|голосовы\p{L}+ сообщени\p{L}*/giu, ' ')
    .replace(
      /\b(?:text )?messag(?:es?|ing)\b[^.;]{0,20}\b(?:still|continue|keep|unaffected|not affected|work)\w*/giu,
      ' ',
    )
    .replace(/(?:сообщени|переписк)\p{L}*[^.;]{0,20}(?:работа|доход|продолжа|не затронут)\p{L}*/giu, ' ');

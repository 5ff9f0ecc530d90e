import type { Language } from '../language.ts';
import { alerts } from './alerts.ts';
import { buttons } from './buttons.ts';
import { choices } from './choices.ts';
import { commands } from './commands.ts';
import { evidence } from './evidence.ts';
import { first } from './first.ts';
import { follow } from './follow.ts';
import { headlines } from './headlines.ts';
import { incidents } from './incidents.ts';
import { menu } from './menu.ts';
import { operators } from './operators.ts';
import { pairs } from './pairs.ts';
import { pictures } from './pictures.ts';
import { place } from './place.ts';
import { regular } from './regular.ts';
import { rooms } from './rooms.ts';
import { settings } from './settings.ts';
import { site } from './site.ts';
import { status } from './status.ts';
import { telling } from './telling.ts';

export const language: Language = {
  code: 'ar',
  // Western figures everywhere: ids, commands and networks stand beside them.
  locale: 'ar-u-nu-latn-ca-gregory',
  units: 'long',
  moment: 'أقل من دقيقة',
  month: 'long',
  dash: ' – ',
  separator: '، ',
  article: '',
  zones: {
    'Africa/Cairo': 'بتوقيت القاهرة',
    'Africa/Khartoum': 'بتوقيت الخرطوم',
    'Asia/Baghdad': 'بتوقيت بغداد',
    'Asia/Beirut': 'بتوقيت بيروت',
    'Asia/Damascus': 'بتوقيت دمشق',
    'Asia/Dubai': 'بتوقيت دبي',
    'Asia/Riyadh': 'بتوقيت الرياض',
    'Europe/Moscow': 'بتوقيت موسكو',
  },
  ages: { يومان: 'يومين', ساعتان: 'ساعتين', دقيقتان: 'دقيقتين' },
  services: { internet: 'الإنترنت', vpn: 'خدمات VPN' },
  countries: {
    AE: 'الإمارات',
    CD: 'الكونغو الديمقراطية',
    CG: 'جمهورية الكونغو',
    HK: 'هونغ كونغ',
    MM: 'ميانمار',
    MO: 'ماكاو',
    PS: 'فلسطين',
    SA: 'السعودية',
    GB: 'بريطانيا',
  },
  rooms,
  texts: {
    ...headlines,
    ...telling,
    ...alerts,
    ...menu,
    ...commands,
    ...follow,
    ...status,
    ...incidents,
    ...pictures,
    ...settings,
    ...first,
    ...regular,
    ...choices,
    ...operators,
    ...buttons,
    ...place,
    ...pairs,
    ...site,
    ...evidence,
  },
};

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
  code: 'fa',
  // Persian figures and the Persian calendar, as it is lived by in Iran.
  locale: 'fa',
  units: 'long',
  moment: 'کمتر از یک دقیقه',
  month: 'long',
  dash: ' – ',
  separator: '، ',
  article: '',
  zones: { 'Asia/Tehran': 'به وقت تهران', 'Asia/Kabul': 'به وقت کابل', 'Europe/Moscow': 'به وقت مسکو' },
  services: { internet: 'اینترنت', vpn: 'وی‌پی‌ان‌ها' },
  countries: {
    AE: 'امارات',
    CD: 'جمهوری دموکراتیک کنگو',
    CG: 'جمهوری کنگو',
    HK: 'هنگ‌کنگ',
    KP: 'کرهٔ شمالی',
    KR: 'کرهٔ جنوبی',
    MM: 'میانمار',
    MO: 'ماکائو',
    PS: 'فلسطین',
    US: 'آمریکا',
  },
  rooms,
  texts: {
    ...headlines,
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
    ...telling,
  },
};

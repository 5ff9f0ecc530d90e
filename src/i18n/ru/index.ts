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

/** Names of services and countries are never declined: every sentence keeps them in the nominative, or after "доступ к" + Latin name. */
export const language: Language = {
  code: 'ru',
  locale: 'ru-RU',
  units: 'short',
  moment: 'меньше минуты',
  month: 'long',
  dash: ' — ',
  separator: ', ',
  article: '',
  // What a clock in Russia is read by: so many hours from Moscow's.
  zones: {
    'Europe/Kaliningrad': 'МСК−1',
    'Europe/Moscow': 'МСК',
    'Europe/Samara': 'МСК+1',
    'Asia/Yekaterinburg': 'МСК+2',
    'Asia/Omsk': 'МСК+3',
    'Asia/Novosibirsk': 'МСК+4',
    'Asia/Krasnoyarsk': 'МСК+4',
    'Asia/Irkutsk': 'МСК+5',
    'Asia/Yakutsk': 'МСК+6',
    'Asia/Vladivostok': 'МСК+7',
    'Asia/Magadan': 'МСК+8',
    'Asia/Kamchatka': 'МСК+9',
  },
  services: { internet: 'Интернет', vpn: 'VPN' },
  countries: {
    US: 'США',
    HK: 'Гонконг',
    MO: 'Макао',
    PS: 'Палестина',
    MM: 'Мьянма',
    KR: 'Южная Корея',
    KP: 'Северная Корея',
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
    ...choices,
    ...regular,
    ...operators,
    ...buttons,
    ...place,
    ...evidence,
    ...telling,
    ...pairs,
    ...site,
  },
};

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
  code: 'uk',
  locale: 'uk',
  units: 'short',
  moment: 'менш ніж хвилину',
  month: 'long',
  dash: ' — ',
  separator: ', ',
  article: '',
  zones: { 'Europe/Kyiv': 'за Києвом', 'Europe/Kiev': 'за Києвом', 'Europe/Moscow': 'за Москвою' },
  services: { internet: 'Інтернет', vpn: 'VPN' },
  countries: {
    CD: 'ДР Конго',
    CG: 'Республіка Конго',
    EU: 'Європейський Союз',
    HK: 'Гонконг',
    MM: 'Мʼянма',
    MO: 'Макао',
    PS: 'Палестина',
    US: 'США',
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

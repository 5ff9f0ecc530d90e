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
  code: 'tr',
  locale: 'tr',
  units: 'long',
  moment: 'bir dakikadan az',
  month: 'long',
  dash: ' – ',
  separator: ', ',
  article: '',
  zones: { 'Europe/Istanbul': 'TSİ', 'Europe/Moscow': 'Moskova saati' },
  services: { internet: 'İnternet', vpn: 'VPN hizmetleri' },
  countries: {
    CD: 'Demokratik Kongo Cumhuriyeti',
    CG: 'Kongo Cumhuriyeti',
    HK: 'Hong Kong',
    MM: 'Myanmar',
    MO: 'Makao',
    PS: 'Filistin',
    US: 'ABD',
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

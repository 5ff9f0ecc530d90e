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
  code: 'de',
  locale: 'de',
  units: 'long',
  moment: 'weniger als einer Minute',
  ages: { Tage: 'Tagen' },
  month: 'long',
  dash: ' – ',
  separator: ', ',
  article: '',
  zones: { 'Europe/Moscow': 'Moskauer Zeit' },
  services: { internet: 'Internet', vpn: 'VPN-Dienste' },
  countries: {
    CD: 'DR Kongo',
    CG: 'Republik Kongo',
    HK: 'Hongkong',
    MD: 'Moldau',
    MO: 'Macau',
    PS: 'Palästina',
    US: 'USA',
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

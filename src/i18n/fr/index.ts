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
  code: 'fr',
  locale: 'fr',
  units: 'long',
  moment: 'moins d’une minute',
  month: 'long',
  dash: ' – ',
  separator: ', ',
  article: 'le ',
  zones: { 'Europe/Paris': 'heure de Paris', 'Europe/Moscow': 'heure de Moscou' },
  services: { internet: 'Internet', vpn: 'VPN' },
  countries: {
    CD: 'RD Congo',
    CG: 'République du Congo',
    HK: 'Hong Kong',
    MM: 'Birmanie',
    MO: 'Macao',
    PS: 'Palestine',
    VA: 'Vatican',
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

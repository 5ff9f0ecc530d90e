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
  code: 'es',
  locale: 'es',
  units: 'long',
  moment: 'menos de un minuto',
  month: 'long',
  dash: ' – ',
  separator: ', ',
  article: 'el ',
  zones: {
    'America/Caracas': 'hora de Caracas',
    'America/Havana': 'hora de La Habana',
    'America/Managua': 'hora de Managua',
    'Europe/Moscow': 'hora de Moscú',
  },
  services: { internet: 'Internet', vpn: 'Servicios VPN' },
  countries: {
    CD: 'RD del Congo',
    CG: 'República del Congo',
    CI: 'Costa de Marfil',
    HK: 'Hong Kong',
    MM: 'Birmania',
    MO: 'Macao',
    PS: 'Palestina',
    VA: 'Vaticano',
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

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
  code: 'en',
  locale: 'en-GB',
  units: 'long',
  moment: 'less than a minute',
  month: 'short',
  dash: ' – ',
  separator: ', ',
  article: '',
  zones: { 'Europe/Moscow': 'MSK' },
  services: {},
  countries: { HK: 'Hong Kong', MO: 'Macao', PS: 'Palestine', MM: 'Myanmar' },
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

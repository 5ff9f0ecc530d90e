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
  code: 'zh',
  locale: 'zh-Hans',
  units: 'long',
  moment: '不到一分钟',
  month: 'long',
  dash: ' – ',
  separator: '、',
  article: '',
  zones: {
    'Asia/Shanghai': '北京时间',
    'Asia/Urumqi': '乌鲁木齐时间',
    'Asia/Hong_Kong': '香港时间',
    'Asia/Taipei': '台北时间',
    'Europe/Moscow': '莫斯科时间',
  },
  services: { internet: '互联网', vpn: 'VPN 服务' },
  countries: { AE: '阿联酋', HK: '香港', MO: '澳门', PS: '巴勒斯坦', SA: '沙特' },
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

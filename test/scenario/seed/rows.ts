import type { Action } from '../../../src/core/model/incident.ts';

/** One row of the seed table: what was done to it in Russia, and how that is told by each way that there is. */
export interface Row {
  name: string;
  service: string;
  action: Extract<Action, 'block' | 'throttle'>;
  /** In the words of probes.md. */
  verdict: string;
  /** Two outlets, each in words of its own: one in English, one in Russian. */
  news: readonly [string, string];
  /** As the register has it. */
  domain: string;
  /** What `/status` says on the first day, in both languages; null = nothing is known, since nobody has blocked it. */
  dayOne: readonly [RegExp, RegExp] | null;
}

const BLOCKED = (since: string, c: string) =>
  [new RegExp(`<https://\\S+> · blocked since ${since}`), new RegExp(`<https://\\S+> · заблокировано с ${c}`)] as const;

export const ROWS: readonly Row[] = [
  {
    name: 'WhatsApp',
    service: 'whatsapp',
    action: 'block',
    verdict: 'sni_blocked:rst',
    news: ['Russia blocks WhatsApp nationwide', 'Роскомнадзор заблокировал WhatsApp в России'],
    domain: 'whatsapp.com',
    dayOne: BLOCKED('11 Feb', '11 февр'),
  },
  {
    name: 'MAX',
    service: 'max',
    action: 'block',
    verdict: 'ip_blocked:timeout',
    news: ['Russia blocks the messenger MAX', 'В России заблокировали мессенджер MAX'],
    domain: 'max.ru',
    dayOne: null,
  },
  {
    name: 'Facebook',
    service: 'facebook',
    action: 'block',
    verdict: 'sni_blocked:rst',
    news: ['Russia blocks Facebook', 'Роскомнадзор заблокировал Facebook'],
    domain: 'facebook.com',
    dayOne: BLOCKED('4 Mar 2022', '4 мар'),
  },
  {
    name: 'Instagram',
    service: 'instagram',
    action: 'block',
    verdict: 'sni_blocked:rst',
    news: ['Russia blocks access to Instagram', 'В России заблокирован Instagram'],
    domain: 'instagram.com',
    dayOne: BLOCKED('14 Mar 2022', '14 мар'),
  },
  {
    name: 'DW',
    service: 'dw',
    action: 'block',
    verdict: 'sni_blocked:rst',
    news: ['Russia blocks the website of Deutsche Welle', 'Роскомнадзор заблокировал сайт Deutsche Welle'],
    domain: 'dw.com',
    dayOne: BLOCKED('4 Mar 2022', '4 мар'),
  },
  {
    name: 'BBC',
    service: 'bbc',
    action: 'block',
    verdict: 'sni_blocked:rst',
    news: ['Russia blocks the BBC website', 'Роскомнадзор заблокировал сайт BBC'],
    domain: 'bbc.com',
    dayOne: BLOCKED('4 Mar 2022', '4 мар'),
  },
  {
    name: 'The Moscow Times',
    service: 'themoscowtimes',
    action: 'block',
    verdict: 'sni_blocked:rst',
    news: ['Russia blocks The Moscow Times website', 'Роскомнадзор заблокировал сайт The Moscow Times'],
    domain: 'themoscowtimes.com',
    dayOne: BLOCKED('15 Apr 2022', '15 апр'),
  },
  {
    name: 'Signal',
    service: 'signal',
    action: 'block',
    verdict: 'sni_blocked:timeout',
    news: ['Russia blocks the Signal messenger', 'Роскомнадзор заблокировал мессенджер Signal'],
    domain: 'signal.org',
    dayOne: BLOCKED('9 Aug 2024', '9 авг'),
  },
  {
    name: 'Telegram (throttled)',
    service: 'telegram',
    action: 'throttle',
    verdict: 'throttled:0.01',
    news: ['Russia slows down Telegram', 'Роскомнадзор начал замедлять Telegram'],
    domain: 'telegram.org',
    dayOne: [/<https:\/\/\S+> · slowed down since 10 Feb/, /<https:\/\/\S+> · замедлено с 10 февр/],
  },
  {
    name: 'FaceTime',
    service: 'facetime',
    action: 'block',
    verdict: 'sni_blocked:rst',
    news: ['Russia blocks FaceTime', 'Роскомнадзор заблокировал FaceTime'],
    domain: 'facetime.apple.com',
    dayOne: BLOCKED('4 Dec 2025', '4 дек'),
  },
];

/** Thirteen names that were taken out of the national DNS in February 2026. */
export const DELISTED =
  'youtube whatsapp facebook instagram messenger windscribe tor bbc dw rferl currenttime themoscowtimes signal'.split(
    ' ',
  );

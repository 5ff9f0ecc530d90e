/** Sixty things that somebody does in a chat, in order; what stands behind each must be in every platform's answer. */
import type { ConversationBot } from './bot.ts';

export interface Step {
  /** Written by the person; absent = something happens in the world. */
  write?: string;
  happens?: (bot: ConversationBot) => Promise<void>;
  /** Facts that the answer must hold on each platform. Empty = nothing may come. */
  says: (string | RegExp)[];
  /** A line that stands above buttons, and only where there are some. */
  prompt?: RegExp;
  /** A line that stands beside typed forms, and only where there are no buttons. */
  typed?: RegExp;
  /** The answer is made of commands: their names and descriptions are compared, too. */
  commands?: true;
}

const hour = 3_600_000;
const SURE = 'I write once two outlets, an official notice or a measurement agree';

export const STEPS: Step[] = [
  // The first minute.
  {
    write: '/start',
    says: ['I am Tocsin', 'Blocked or slowed down now (2)', 'RU-whatsapp-aaaa'],
    prompt: /^What should I watch/,
  },
  { write: 'subscribe ru', says: ['Done', 'Russia: everything', '🔴 Russia: WhatsApp blocked', SURE] },
  { write: 'subscribe 🇮🇷', says: ['Iran: everything', 'IR-telegram-cccc'] },
  { write: 'subscribe signal, Вотсап', says: ['Signal everywhere', 'WhatsApp everywhere'] },
  { write: 'subscribe германия youtube', says: ['Germany: YouTube'] },
  { write: 'подписаться на турцию', says: ['Türkiye: everything'] },
  { write: 'subscribe ru', says: ['Russia: everything'] },
  { write: 'subscriptions', says: ['I watch here:', 'Iran: everything', 'Germany: YouTube', 'time zone: UTC'] },
  // What is known.
  {
    write: 'status ru',
    says: ['🔴 WhatsApp · blocked, first reported 11 Feb', '🟠 YouTube · slowed down'],
  },
  { write: 'status whatsapp', says: ['🔴 Russia · blocked, first reported 11 Feb'] },
  { write: 'status de youtube', says: ['Germany', '❔ YouTube · unknown · no evidence'] },
  { write: 'is whatsapp blocked in russia?', says: ['Russia', '🔴 WhatsApp · blocked, first reported 11 Feb'] },
  { write: 'инста в беларуси работает?', says: ['Belarus', '❔ Instagram · unknown'] },
  { write: 'ist telegram in deutschland gesperrt?', says: ['Germany', '❔ Telegram · unknown'] },
  {
    write: 'est-ce que youtube est bloqué en russie ?',
    says: ['🟠 YouTube · slowed down, first reported 11 Feb'],
  },
  {
    write: '¿está bloqueado telegram en irán?',
    says: ['🔴 Telegram · blocked, first reported 11 Feb', 'IR-telegram-cccc'],
  },
  { write: 'آیا تلگرام در ایران فیلتر است؟', says: ['Iran', '🔴 Telegram · blocked, first reported 11 Feb'] },
  { write: 'WhatsApp Rusya’da engelli mi?', says: ['🔴 WhatsApp · blocked, first reported 11 Feb'] },
  { write: '俄罗斯能用WhatsApp吗?', says: ['🔴 WhatsApp · blocked, first reported 11 Feb'] },
  { write: 'https://youtu.be/', says: ['Russia', '🟠 YouTube · slowed down, first reported 11 Feb'] },
  { write: 'TG', says: [/“TG” can mean more than one thing: Togo, Telegram/] },
  { write: 'korea', says: [/North Korea, South Korea/] },
  {
    write: 'history ru',
    says: ['Russia: everything, the last 30 days', '🔴 Russia: WhatsApp blocked', 'RU-youtube-bbbb'],
  },
  { write: 'history whatsapp 90', says: ['the last 90 days', 'RU-whatsapp-aaaa'] },
  {
    write: 'incident RU-whatsapp-aaaa',
    says: ['Corroborated: 2 outlets', 'How: DNS', 'Evidence: 2 reports', 'first told'],
  },
  { write: 'incident ru-whatsapp-AAAA', says: ['Corroborated: 2 outlets', 'RU-whatsapp-aaaa'] },
  // Settings.
  {
    write: 'settings',
    says: ['Settings', 'Language: English', 'How sure: corroborated'],
    typed: /^To change one|^More: /,
  },
  { write: 'timezone Europe/Moscow', says: ['Times here are now in Europe/Moscow', /11 Feb, 1\d:\d\d MSK/] },
  { write: 'status ru whatsapp', says: ['🔴 WhatsApp · blocked, first reported 11 Feb'] },
  { write: 'level early', says: ['Done', 'I write at the first report'] },
  { write: 'level', says: ['I write at the first report'] },
  { write: 'language', says: ['I speak English here'] },
  { write: 'language ru', says: ['Теперь я говорю здесь по-русски'] },
  {
    write: 'статус ру',
    says: ['Россия', '🔴 WhatsApp · заблокировано, впервые сообщили 11 февраля', 'RU-whatsapp-aaaa'],
  },
  { write: 'подписки', says: ['Россия'] },
  { write: 'настройки', says: ['Язык: Русский'], typed: /^Чтобы изменить/ },
  { write: 'in english please', says: ['English'] },
  // Quiet, and what rings.
  { write: 'mute whatsapp for 8h', says: ['🔕 Quiet about WhatsApp everywhere until 12 Feb, 00:'] },
  { happens: (bot) => bot.says('gamma', 'throttle IR signal'), says: [] },
  { happens: (bot) => bot.pass(hour), says: ['Iran: Signal', '1 outlet', 'IR-signal-dddd'] },
  { happens: (bot) => bot.says('alpha', 'block IR signal'), says: [/Signal/] },
  { write: 'unmute', says: ['WhatsApp'], prompt: /./ },
  { write: 'unmute whatsapp', says: ['You hear of WhatsApp everywhere again'] },
  { write: 'be quiet for 2 hours', says: ['🔕 Quiet about everything, everywhere until'] },
  { happens: (bot) => bot.says('delta', 'block TR youtube').then(() => bot.pass(hour)), says: [] },
  { write: 'unmute all', says: ['🔔', 'You hear of everything again'] },
  // One outlet's word that it is over ends nothing: an edit, without a sound.
  { happens: (bot) => bot.says('alpha', 'unblock RU whatsapp'), says: [] },
  { happens: (bot) => bot.says('beta', 'unblock RU whatsapp'), says: ['🟢', 'RU-whatsapp-aaaa'] },
  { write: 'status ru whatsapp', says: ['🟢 WhatsApp'] },
  // What goes wrong.
  { write: 'status atlantis', says: ['I do not know “atlantis”'] },
  { write: 'subscribe atlantis', says: ['I do not know “atlantis”', 'Nothing was changed'] },
  { write: 'timezone nowhere', says: ['I know no time zone “nowhere”'] },
  { write: 'mute ru for 100y', says: ['I do not understand the time “100y”', 'a year at most'] },
  { write: 'incident RU-nosuch-zzzz', says: [/RU-nosuch-zzzz/] },
  { write: '<b>blocked</b> & *bold* _x_ `y` [z](http://example.org)', says: [/./] },
  { write: 'thank you', says: [/./] },
  // Help, and the end.
  { write: 'help', says: ['What I can do', 'subscribe ru whatsapp – follow'], commands: true },
  { write: 'help mute', says: ['mute'], commands: true },
  { write: 'about', says: ['🔴 blocked', 'Reported: one outlet', 'Confirmed: measured'] },
  { write: 'ping', says: ['Here I am', 'Sending works'] },
  { write: 'export', says: ['"table":"subscriptions","country":"IR"', '"level":"early"'] },
  { write: 'unsubscribe tr', says: ['No longer followed', 'Türkiye: everything'] },
  { write: 'unsubscribe all', says: ['Stop all of it?', 'Iran: everything'] },
  { write: 'subscriptions', says: ['Iran: everything'] },
  { write: 'unsubscribe all yes', says: [/./] },
  { write: 'forget', says: ['Delete everything'] },
  { write: 'forget yes', says: ['Everything about you here is deleted'] },
  { write: 'subscriptions', says: ['I watch nothing here yet'] },
];

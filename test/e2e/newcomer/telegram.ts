import { sayIn } from '../../../src/i18n/packs.ts';
import type { FakeTelegram } from '../../fakes/fake-telegram/client.ts';
import { type Happens, type Lang, type Line, newcomer, type Screen, type Transcript } from './scene.ts';

const RUSSIA = { en: 'Russia', ru: 'Россия', de: 'Russland', fa: 'روسیه' };
const NAMES = { en: 'Ann', ru: 'Аня', de: 'Anna', fa: 'مریم' };

/** On Telegram, with its official limits: a private chat, everything by taps where there are buttons. */
export async function onTelegram(telegram: FakeTelegram, happens: Happens, lang: Lang): Promise<Transcript> {
  const ann = await telegram.user({ first_name: NAMES[lang], language_code: lang });
  const seen = new Map<number, string>();
  const screen: Screen = {
    begin: [
      { say: '/start' },
      ...[sayIn(lang, 'button.country'), RUSSIA[lang], sayIn(lang, 'button.done')].map((tap) => ({ tap })),
    ],
    say: async (text) => void (await ann.send(COMMANDS.test(text) ? `/${text}` : text)),
    async tap(label) {
      const all = (await ann.chat.transcript({ from: 'bot' })) as Sent[];
      const labelled = (one: Sent) =>
        labelsOf(one)
          .flat()
          .find((text) => text.includes(label));
      const holder = all.findLast((one) => labelled(one) !== undefined);
      if (!holder) throw new Error(`No button says ${label}`);
      await ann.click({ button: labelled(holder)!, message_id: holder.message_id }, { wait_ms: 0 });
    },
    async read() {
      const all = (await ann.chat.transcript({ from: 'bot' })) as Sent[];
      return all.flatMap((one): Line[] => {
        const { message_id, text = '', media } = one;
        const buttons = labelsOf(one);
        const state = JSON.stringify([text, buttons]);
        const before = seen.get(message_id);
        if (before === state) return [];
        seen.set(message_id, state);
        const file = media?.file_name;
        return [{ who: 'bot', text, buttons, edited: before !== undefined, ...(file ? { file } : {}) }];
      });
    },
  };
  const told = await newcomer(screen, happens, lang);
  return { ...told, violations: await telegram.violations() };
}

/** Commands as people type them; whatever else is said is a sentence. */
const COMMANDS = /^(?:start|status|settings|history|subscribe|mute|unmute|about|help|export)\b/;

interface Sent {
  message_id: number;
  text?: string;
  media?: { file_name?: string };
  reply_markup?: { inline_keyboard?: { text: string }[][] };
}
const labelsOf = (one: Sent): string[][] =>
  (one.reply_markup?.inline_keyboard ?? []).map((row) => row.map(({ text }) => text));

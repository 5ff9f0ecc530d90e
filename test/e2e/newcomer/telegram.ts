import { FakeTelegram } from '../../fakes/fake-telegram/client.ts';
import { type Lang, type Line, newcomer, type Screen, type Transcript, withProgram } from './scene.ts';

const LABELS = { en: ['A country', 'Russia', 'Done'], ru: ['Страна', 'Россия', 'Готово'] };

/** On Telegram, with its official limits: a private chat, everything by taps where there are buttons. */
export async function onTelegram(lang: Lang): Promise<Transcript> {
  const telegram = await FakeTelegram.start({ limits: 'official', rejectUnknown: true });
  try {
    const account = { id: 'tg', platform: 'telegram', token: telegram.token, apiRoot: telegram.apiRoot };
    return await withProgram(account, async (feeds) => {
      const ann = await telegram.user({ first_name: lang === 'ru' ? 'Аня' : 'Ann', language_code: lang });
      const seen = new Map<number, string>();
      const screen: Screen = {
        begin: [{ say: '/start' }, ...LABELS[lang].map((tap) => ({ tap }))],
        say: async (text) => void (await ann.send(/^[a-z]+ ?/.test(text) && COMMANDS.test(text) ? `/${text}` : text)),
        async tap(label) {
          const all = await ann.chat.transcript({ from: 'bot' });
          const holder = all.findLast((one) =>
            labelsOf(one)
              .flat()
              .some((text) => text.includes(label)),
          );
          const button = labelsOf(holder)
            .flat()
            .find((text) => text.includes(label));
          await ann.click({ button: button!, message_id: holder.message_id }, { wait_ms: 0 });
        },
        async read() {
          const all = await ann.chat.transcript({ from: 'bot' });
          const fresh: Line[] = [];
          for (const one of all) {
            const state = JSON.stringify([one.text, labelsOf(one)]);
            if (seen.get(one.message_id) === state) continue;
            const edited = seen.has(one.message_id);
            seen.set(one.message_id, state);
            const file = one.media?.file_name as string | undefined;
            fresh.push({
              who: 'bot',
              text: String(one.text ?? ''),
              buttons: labelsOf(one),
              edited,
              ...(file ? { file } : {}),
            });
          }
          return fresh;
        },
      };
      const told = await newcomer(screen, feeds, lang);
      return { ...told, violations: await telegram.violations() };
    });
  } finally {
    await telegram.stop();
  }
}

/** Commands as people type them; whatever else is said is a sentence. */
const COMMANDS = /^(?:start|status|settings|history|subscribe|mute|unmute|about|help|export)\b/;

interface Keyed {
  reply_markup?: { inline_keyboard?: { text: string }[][] };
  markup?: { inline_keyboard?: { text: string }[][] };
  buttons?: { text: string }[][];
}
const labelsOf = (one: Keyed | undefined): string[][] =>
  (one?.reply_markup?.inline_keyboard ?? one?.markup?.inline_keyboard ?? one?.buttons ?? []).map((row) =>
    row.map((button) => (typeof button === 'string' ? button : button.text)),
  );

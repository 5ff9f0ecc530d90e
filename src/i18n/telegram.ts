/** The Telegram adapter's own few words to people; everything else comes as a document. Keyed by ISO 639-1, English when missing. */
const SHORTENED: Record<string, string> = {
  en: '(shortened)',
  ru: '(сокращено)',
  uk: '(скорочено)',
  de: '(gekürzt)',
  es: '(abreviado)',
  fr: '(abrégé)',
  tr: '(kısaltıldı)',
  fa: '(کوتاه شده)',
  ar: '(مختصر)',
  zh: '（已截短）',
};

const TOO_OLD: Record<string, string> = {
  en: 'This button is too old. Type /help to see the commands.',
  ru: 'Эта кнопка устарела. Наберите /help, чтобы увидеть команды.',
  uk: 'Ця кнопка застаріла. Наберіть /help, щоб побачити команди.',
  de: 'Diese Schaltfläche ist zu alt. Tippen Sie /help für die Befehle.',
  es: 'Este botón es demasiado antiguo. Escribe /help para ver los comandos.',
  fr: 'Ce bouton est trop ancien. Tapez /help pour voir les commandes.',
  tr: 'Bu düğme çok eski. Komutlar için /help yazın.',
  fa: 'این دکمه قدیمی است. برای دیدن فرمان‌ها /help را بنویسید.',
  ar: 'هذا الزر قديم جدًا. اكتب /help لعرض الأوامر.',
  zh: '此按钮已过期。输入 /help 查看命令。',
};

export const shortened = (lang: string): string => SHORTENED[lang] ?? SHORTENED.en!;
/** At most 200 characters: the bound of answerCallbackQuery. */
export const tooOld = (lang: string | null): string => TOO_OLD[lang ?? 'en'] ?? TOO_OLD.en!;

/** What people read before they begin. Telegram takes 512 characters of a description and 120 of a short one. */
export const PROFILE: Record<string, { description: string; short: string }> = {
  en: {
    description: `An alarm bell for the internet.

I write as soon as access to a service or a network changes in a country: blocked, slowed down, shut down, back again. And I always say how sure that is, and who says so.

Follow a country, a service, or both: here, in a group or in a channel. Or just ask: /status ru whatsapp

I keep what this chat follows and its settings, and nothing you write. /forget deletes all of it.`,
    short:
      'Tells you when a country blocks, slows down or shuts down a service or the internet – and how sure that is.',
  },
  ru: {
    description: `Набат для интернета.

Пишу сразу, как только в какой-то стране меняется доступ к сервису или сети: заблокировали, замедлили, отключили, вернули. И всегда говорю, насколько это точно и кто об этом сообщает.

Следить можно за страной, за сервисом или за тем и другим: здесь, в группе или в канале. А можно просто спросить: /status ru whatsapp

Храню подписки и настройки этого чата и ничего из написанного вами. Удалить всё: /forget`,
    short:
      'Предупреждаю о блокировках в интернете: что закрыли, замедлили, отключили или вернули — и насколько это точно.',
  },
};

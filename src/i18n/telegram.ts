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
  es: 'Este botón es demasiado antiguo. Escriba /help para ver los comandos.',
  fr: 'Ce bouton est trop ancien. Tapez /help pour voir les commandes.',
  tr: 'Bu düğme çok eski. Komutlar için /help yazın.',
  fa: 'این دکمه قدیمی است. برای دیدن فرمان‌ها /help را بنویسید.',
  ar: 'هذا الزر قديم. اكتبوا /help لعرض الأوامر.',
  zh: '此按钮已过期。输入 /help 查看命令。',
};

export const shortened = (lang: string): string => SHORTENED[lang] ?? SHORTENED.en!;
/** At most 200 characters: the bound of answerCallbackQuery. */
export const tooOld = (lang: string | null): string => TOO_OLD[lang ?? 'en'] ?? TOO_OLD.en!;

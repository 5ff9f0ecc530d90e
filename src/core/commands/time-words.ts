/** Words for times and how long, in ten languages; "|" between them. Read as folded words (`keyOf`). */
import { cyrillicForms } from './ask/endings.ts';
import { keyOf } from './target-names.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const byKey = <T>(rows: readonly (readonly [T, string])[]): ReadonlyMap<string, T> =>
  new Map(rows.flatMap(([value, words]) => words.split('|').map((word) => [keyOf(word), value] as const)));
const keys = (words: string): ReadonlySet<string> => new Set(words.split('|').map(keyOf));

export const UNITS = byKey<number>([
  [
    MINUTE,
    'm|min|mins|minute|minutes|м|мин|минута|минуту|минуты|минут|минутку|минуток|хв|хвилина|хвилину|хвилини|хвилин|minuten|minuto|minutos|dk|dakika|دقیقه|دقايق|دقائق|دقیقة|分钟|分',
  ],
  [
    HOUR,
    'h|hr|hrs|hour|hours|ч|час|часа|часов|часик|година|годину|години|годин|std|stunde|stunden|hora|horas|heure|heures|saat|saatlik|saatliğine|ساعت|ساعة|ساعات|小时|钟头',
  ],
  [
    DAY,
    'd|day|days|д|дн|день|дня|дней|денек|сутки|суток|дні|днів|доба|добу|доби|діб|tag|tage|tagen|día|días|j|jour|jours|gün|günlük|günlüğüne|روز|روزه|يوم|يوما|أيام|天|日',
  ],
  [
    7 * DAY,
    'w|week|weeks|н|нед|неделя|неделю|недели|недель|недельку|тиждень|тижня|тижні|тижнів|woche|wochen|semana|semanas|semaine|semaines|hafta|haftalık|haftalığına|هفته|أسبوع|أسابيع|周|星期|礼拜',
  ],
  [
    30 * DAY,
    'mo|month|months|мес|месяц|месяца|месяцев|місяць|місяця|місяці|місяців|monat|monate|monaten|mes|meses|mois|ay|aylık|aylığına|ماه|شهر|أشهر|شهور|月|个月',
  ],
  [365 * DAY, 'year|years|год|года|рік|року|jahr|año|an|année|yıl|سال|سنة|عام|年'],
]);

/** One word that is a whole duration. */
export const WHOLE = byKey<number>([
  [HOUR / 2, 'полчаса|получаса|півгодини|пів години'],
  [12 * HOUR, 'полдня|півдня|halbtags'],
  [2 * HOUR, 'ساعتين|ساعتان'],
  [2 * DAY, 'يومين|يومان'],
  [14 * DAY, 'أسبوعين|fortnight'],
  [60 * DAY, 'شهرين'],
]);

export const NUMBERS = byKey<number>([
  [0.5, 'half|пол|пів|halb|halbe|halben|halber|medio|media|demi|demie|yarım|نیم|نصف|半'],
  [1, 'a|an|one|один|одну|одна|одни|одного|одну|ein|eine|einen|einer|un|una|uno|une|bir|یک|یه|واحد|واحدة|一'],
  [1.5, 'полтора|полторы|півтора|півтори|anderthalb|eineinhalb'],
  [2, 'two|couple|два|две|двое|двух|пару|пара|дві|двоє|zwei|paar|dos|par|deux|iki|دو|اثنين|两|二|俩'],
  [3, 'three|три|трое|троє|drei|tres|trois|üç|سه|ثلاث|ثلاثة|三'],
  [4, 'four|четыре|чотири|vier|cuatro|quatre|dört|چهار|أربع|أربعة|四'],
  [5, 'five|пять|п ять|fünf|cinco|cinq|beş|پنج|خمس|خمسة|五'],
  [6, 'six|шесть|шість|sechs|seis|altı|شش|ست|ستة|六'],
  [7, 'seven|семь|сім|sieben|siete|sept|yedi|هفت|سبع|سبعة|七'],
  [8, 'eight|восемь|вісім|acht|ocho|huit|sekiz|هشت|ثمان|ثماني|ثمانية|八'],
  [9, 'nine|девять|дев ять|neun|nueve|neuf|dokuz|نه|تسع|تسعة|九'],
  [10, 'ten|десять|zehn|diez|dix|on|ده|عشر|عشرة|十'],
  [12, 'twelve|двенадцать|дванадцять|zwölf|doce|douze|oniki|دوازده|اثنا عشر|十二'],
  [24, 'twenty-four|двадцать четыре|vierundzwanzig|veinticuatro|yirmi dört'],
]);

/** Said between a number and its unit, and before it. */
export const MEASURES = keys('个|of|more|next|ещё|ще|noch|más|encore|daha|دیگه|دیگر');

export type DayPart = 'morning' | 'noon' | 'evening' | 'night' | 'midnight';
export const PARTS = byKey<DayPart>([
  [
    'morning',
    'morning|am|a m|утро|утра|утру|утром|ранок|ранку|ранком|früh|morgens|vormittag|vormittags|madrugada|la mañana|matin|matinée|sabah|sabaha|sabahı|sabahın|sabahki|صبح|الصبح|الصباح|صباحا|早上|早晨|早|上午|凌晨|清晨',
  ],
  [
    'noon',
    'noon|midday|lunch|полдень|полудня|обед|обеда|полудень|обіду|обід|mittag|mittags|mediodía|midi|öğle|öğlen|öğlene|öğleye|ظهر|الظهر|ظهرا|中午',
  ],
  [
    'evening',
    'evening|tonight|pm|p m|afternoon|вечер|вечера|вечером|вечір|вечора|ввечері|abend|abends|heute abend|nachmittag|tarde|la tarde|soir|ce soir|akşam|akşama|akşamı|عصر|غروب|المساء|مساء|下午|傍晚|晚上|今晚|晚',
  ],
  ['night', 'night|ночь|ночи|ніч|ночі|nacht|nachts|noche|la noche|nuit|gece|geceye|شب|الليل|ليلا|夜里|夜晚'],
  [
    'midnight',
    'midnight|полночь|полуночи|північ|півночі|mitternacht|medianoche|minuit|geceyarısı|gece yarısı|نیمه شب|نیمه‌شب|منتصف الليل|半夜|午夜',
  ],
]);

export const TOMORROW = keys(
  'tomorrow|tmrw|tmr|завтра|завтрашнего|завтрашнього|завтрашній|morgen|mañana|demain|yarın|yarına|yarınki|فردا|فردای|غدا|الغد|بكرا|بكرة|بكره|明天|明日|明',
);
export const TODAY = keys('today|сегодня|сегодняшнего|сьогодні|heute|hoy|aujourd hui|bugün|امروز|امشب|اليوم|今天|今日');

/** Beside the hour: "at 9 o'clock", "las 9", "saat 9'a". */
export const BESIDE_HOURS = keys(
  'o|clock|the|at|in|on|h|uhr|um|am|zum|der|dem|las|la|el|los|de|por|à|du|le|les|au|heures|heure|час|часа|часов|ч|год|година|годину|години|години|в|во|к|утра|о|об|saat|saati|ya|ye|a|e|ساعت|الساعة|في|في الصباح|点|点钟|时|dan|horas|hora',
);

/** Before a time that ends it; the longer first. */
export const UNTIL = keys(
  'until|till|til|untill|up to|before|not before|до|по|аж до|bis|bis zu|bis zum|vor|hasta|antes de|jusqu à|jusqu au|jusqu|jusque|avant|تا|حتى|لحد|إلى|الى|لغاية|لين|到|直到|至',
);
/** Written together with what follows: the prefix, the word for it, the article that it swallowed. */
export const UNTIL_PREFIXES: readonly (readonly [prefix: string, until: string, article: string])[] = [
  ['لل', keyOf('حتى'), 'ال'],
  ['ل', keyOf('حتى'), ''],
];
/** After one. */
export const UNTIL_AFTER = keys('kadar|dek|değin|önce|之前|以前|前|为止');
/** Before how long it lasts. */
export const DURING = keys(
  'for|for the|for another|for the next|the next|next|ближайшие|в ближайшие|следующие|на ближайшие|на следующие|наступні|найближчі|на найближчі|die nächsten|den nächsten|nächsten|nächste|los próximos|las próximas|durante los próximos|durante las próximas|por las próximas|les prochaines|les prochains|pour les prochaines|pendant les prochaines|önümüzdeki|接下来|未来|during|the last|in the last|the past|last|past|за|за последние|за последний|за последнюю|за останні|за останній|на|во время|протягом|in den nächsten|in den letzten|der letzten|letzte|letzten|für|für die nächsten|por|durante|para|en los últimos|en las últimas|los últimos|las últimas|pour|pendant|durant|ces|les derniers|les dernières|ces derniers|برای|به مدت|در|بمدت|لمدة|مدة|为期',
);
/** After it. */
export const DURING_AFTER = keys('boyunca|süreyle|için|içinde|long|lang|长|آینده|القادمة|القادم|المقبلة');
/** What only "for" or "until" can mean, whatever follows: a time that is none is said to be none. */
export const SURELY = keys(
  'for|на|für|por|durante|pour|pendant|به مدت|بمدت|لمدة|until|till|до|bis|hasta|jusqu à|حتى|kadar|boyunca',
);

/** Forms of the days that calendars do not have. */
const OTHER_DAYS: readonly (readonly [day: number, words: string])[] = [
  [0, 'sun|воскресенья|вс|周日|周天|星期天|礼拜天|domingo|الاحد'],
  [1, 'mon|пн|понеділка|周一|礼拜一|الاثنين'],
  [2, 'tue|вт|вівторка|周二|礼拜二|الثلاثا'],
  [3, 'wed|ср|周三|礼拜三'],
  [4, 'thu|чт|周四|礼拜四'],
  [5, 'fri|пт|п ятниці|п ятницю|周五|礼拜五'],
  [6, 'sat|сб|周六|礼拜六'],
];

let known: ReadonlyMap<string, number> | null = null;
/** Days of the week from Sunday (0) on, as calendars write them and as people do. */
export function weekdays(): ReadonlyMap<string, number> {
  if (known) return known;
  const named = LANGUAGES.split(' ').flatMap((lang) => {
    const format = new Intl.DateTimeFormat(`${lang}-u-ca-gregory`, { weekday: 'long', timeZone: 'UTC' });
    return Array.from({ length: 7 }, (_, day) => [keyOf(format.format(Date.UTC(2026, 0, 4 + day))), day] as const);
  });
  const other = OTHER_DAYS.flatMap(([day, words]) => words.split('|').map((word) => [keyOf(word), day] as const));
  const all = [...named, ...other];
  known = new Map(all.flatMap(([key, day]) => [key, ...cyrillicForms(key)].map((form) => [form, day] as const)));
  return known;
}
const LANGUAGES = 'en ru uk de es fr tr fa ar zh';

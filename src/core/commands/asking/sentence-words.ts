import { cyrillicForms, keyOf, TWINS } from './name-index.ts';

/** Words for times and how long, in ten languages; "|" between them. Read as folded words (`keyOf`). */

const MINUTE = 60_000;
const HOUR_MS = 60 * MINUTE;
const DAY = 24 * HOUR_MS;

const byKey = <T>(rows: readonly (readonly [T, string])[]): ReadonlyMap<string, T> =>
  new Map(rows.flatMap(([value, words]) => words.split('|').map((word) => [keyOf(word), value] as const)));
const keys = (words: string): ReadonlySet<string> => new Set(words.split('|').map(keyOf));

export const UNITS = byKey<number>([
  [
    MINUTE,
    'm|min|mins|minute|minutes|м|мин|минута|минуту|минуты|минут|минутку|минуток|хв|хвилина|хвилину|хвилини|хвилин|minuten|minuto|minutos|dk|dakika|دقیقه|دقايق|دقائق|دقیقة|分钟|分',
  ],
  [
    HOUR_MS,
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
  [HOUR_MS / 2, 'полчаса|получаса|півгодини|пів години'],
  [12 * HOUR_MS, 'полдня|півдня|halbtags'],
  [2 * HOUR_MS, 'ساعتين|ساعتان'],
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

/** What settings and their values are called, in ten languages; "|" between words. Read as folded words (`keyOf`). */

const SETTINGS = {
  quiet:
    'quiet|quiet hours|night|night mode|silent hours|do not disturb|dnd|тихие часы|тихие|тишина|ночь|ночью|ночной режим|не беспокоить|тихі години|тихі|тиша|ніч|вночі|не турбувати' +
    '|ruhezeit|ruhezeiten|ruhe|nacht|nachtruhe|nachtmodus|nicht stören|horas de silencio|horas tranquilas|silencio|noche|no molestar|heures calmes|calme|nuit|silence|ne pas déranger' +
    '|sessiz saatler|sessiz saat|sessiz|sessizlik|gece|rahatsız etme|ساعت های آرام|ساعت‌های آرام|ساعات آرام|آرام|سکوت|شب|مزاحم نشوید|ساعات الهدوء|ساعات هادئة|هدوء|الهدوء|ليل|الليل|عدم الإزعاج|安静时段|安静|免打扰|勿扰|夜间|静音时段',
  critical:
    'critical|urgent|emergency|срочное|важное|критичное|термінове|важливе|критичне|dringend|dringendes|kritisch|wichtig|wichtiges|urgente|crítico|importante|urgent|critique|important|acil|kritik|önemli|فوری|بحرانی|مهم|عاجل|حرج|مهم جدا|紧急|重要',
  digest:
    'digest|summary|summaries|сводка|сводки|сводку|дайджест|зведення|дайджест|підсумок|übersicht|überblick|zusammenfassung|digest|resumen|resúmenes|résumé|résumés|récapitulatif|özet|özetler|خلاصه|خلاصه ها|گزارش روزانه|ملخص|الملخص|موجز|摘要|汇总|日报',
  sound:
    'sound|sounds|ring|ringtone|звук|звуки|ton|töne|klang|sonido|sonidos|sonar|son|sons|sonnerie|ses|sesler|صدا|صداها|زنگ|صوت|الصوت|رنين|声音|铃声|响铃',
  pictures:
    'pictures|picture|images|image|photos|charts|картинки|картинка|картинок|графики|изображения|зображення|картинки|малюнки|bilder|bild|grafiken|imágenes|imagen|fotos|gráficos|images|image|photos|graphiques|görseller|görsel|resimler|resim|تصویرها|تصویر|تصاویر|عکس|عکس ها|الصور|صور|صورة|图片|图像|图表',
  reminders:
    'reminders|reminder|remind|напоминания|напоминание|напоминать|нагадування|нагадувати|erinnerungen|erinnerung|erinnern|recordatorios|recordatorio|recordar|rappels|rappel|rappeler|hatırlatmalar|hatırlatma|hatırlat|یادآوری|یادآوری ها|التذكير|تذكير|تذكيرات|提醒|催醒',
  report:
    'report|all quiet|weekly|quiet weeks|quiet week|отчет|отчёт|всё спокойно|все спокойно|спокойные недели|спокойная неделя|неделя|звіт|все спокійно|спокійні тижні|тиждень|bericht|wochenbericht|alles ruhig|ruhige wochen|ruhige woche|informe|todo tranquilo|semanas tranquilas|semana tranquila|rapport|tout est calme|semaines calmes|semaine calme|rapor|sakin haftalar|sakin hafta|her şey sakin|گزارش|هفته های آرام|هفته‌های آرام|همه چیز آرام|تقرير|أسابيع هادئة|كل شيء هادئ|报告|平静的一周|平静|周报',
} as const;
/** The settings that `settings` itself changes; language, time zone, level and the second chat have commands of their own. */
export type SettingName = keyof typeof SETTINGS;

const OTHER_SETTINGS = {
  language: 'language|lang|язык|мова|sprache|idioma|lengua|langue|dil|زبان|اللغة|لغة|语言',
  timezone:
    'timezone|time zone|tz|clock|часовой пояс|пояс|время|часовий пояс|час|zeitzone|uhrzeit|zona horaria|huso horario|hora|fuseau horaire|fuseau|heure|saat dilimi|saat|منطقه زمانی|منطقهٔ زمانی|ساعت|المنطقة الزمنية|التوقيت|时区|时间',
  level:
    'level|sure|how sure|certainty|когда писать|уровень|точность|наскільки певно|рівень|певність|stufe|sicherheit|wie sicher|nivel|certeza|cuán seguro|niveau|certitude|düzey|seviye|kesinlik|ne kadar kesin|اطمینان|سطح|چقدر مطمئن|درجة التأكد|درجة|المستوى|确定程度|等级|级别',
  link: 'link|pair|second chat|fallback|if this platform fails|запасной чат|второй чат|запасной|запасний чат|другий чат|zweitchat|zweiter chat|segundo chat|chat de secours|second chat|ikinci sohbet|گفتگوی دوم|المحادثة الثانية|备用聊天|备用',
} as const;
/** Settings that are commands by themselves. */
export type OtherSetting = keyof typeof OTHER_SETTINGS;

const byWord = <T extends string>(table: Readonly<Record<T, string>>): ReadonlyMap<string, T> =>
  new Map(
    (Object.entries(table) as [T, string][]).flatMap(([name, words]) =>
      words.split('|').map((word) => [keyOf(word), name] as const),
    ),
  );
const settingKeys = (words: string): ReadonlySet<string> => new Set(words.split('|').map(keyOf));

export const settingNames = byWord<SettingName>(SETTINGS);
export const otherSettings = byWord<OtherSetting>(OTHER_SETTINGS);

export const ON = settingKeys(
  'on|yes|true|enable|enabled|start|вкл|включить|включи|включено|да|есть|увімк|увімкнути|увімкни|так|є|an|ein|einschalten|ja|aktivieren|sí|activar|activa|activado|encendido|encender|oui|activer|active|activé|allumer|marche|açık|aç|evet|etkin|روشن|بله|آره|فعال|وصل|نعم|تشغيل|تفعيل|شغل|مفعل|开|打开|开启|是|启用',
);
export const OFF = settingKeys(
  'off|no|none|never|false|disable|disabled|stop|end|выкл|выключить|выключи|отключить|отключи|выключено|нет|никогда|без|вимк|вимкнути|вимкни|ні|ніколи|aus|ausschalten|nein|nie|deaktivieren|nunca|desactivar|desactiva|desactivado|apagado|apagar|apaga|non|jamais|désactiver|désactive|désactivé|éteindre|coupé|kapalı|kapat|hayır|asla|devre dışı|خاموش|نه|هرگز|غیرفعال|لا|أبدا|إيقاف|ايقاف|تعطيل|أطفئ|معطل|关|关闭|关掉|否|不要|停用',
);
export const DAILY = settingKeys(
  'day|daily|день|ежедневно|каждый|щодня|кожен|щоденно|täglich|tag|tage|diario|diaria|diariamente|día|días|cada|quotidien|quotidienne|jour|jours|chaque|günlük|gün|her gün|gunluk|روزانه|روز|هر روز|هرروز|يومي|يوميا|يوم|كل يوم|每天|每日|天天',
);
export const WEEKLY = settingKeys(
  'week|weekly|monday|mondays|неделя|неделю|неделе|еженедельно|понедельник|понедельникам|тиждень|щотижня|понеділок|понеділка|понеділках|wöchentlich|woche|montag|montags|semanal|semanalmente|semana|lunes|hebdomadaire|semaine|lundi|lundis|haftalık|hafta|pazartesi|هفتگی|هفته|دوشنبه|أسبوعي|أسبوعيا|أسبوع|الاثنين|每周|每星期|周一|星期一',
);
/** Said beside a value: "every day at 9", "по понедельникам в 10". */
export const BESIDE = settingKeys(
  'todos|todo|tout|every|each|at|on|in|the|a|once|per|of|каждые|раз|в|по|на|кожні|раз|щодо|о|об|alle|jeden|jede|um|uhr|am|einmal|pro|por|cada|los|las|la|el|una|vez|a|al|tous|toutes|les|le|à|a|par|fois|une|her|bir|kez|saat|kere|هر|در|ساعت|بار|یک|كل|في|الساعة|مرة|每|点|次|一|在|天',
);
export const DAYS = settingKeys(
  'd|day|days|дня|дней|день|дн|дні|днів|tag|tage|tagen|día|días|jour|jours|j|gün|günde|روز|يوم|أيام|天|日',
);

/** "From 23 to 8". */
export const FROM = 'from|с|со|з|із|зі|від|von|ab|de|desde|entre|à partir de|از|من|بین|بين|从|自|between';
export const TO =
  "to|until|till|and|до|по|й|та|и|bis|und|a|hasta|y|à|au|jusqu à|jusqu'à|jusqu’à|et|ile|ila|تا|و|إلى|الى|حتى|到|至";
/** After an hour: "23 Uhr", "23h", "23点". */
export const HOUR =
  "uhr|h|o’clock|o'clock|часов|часа|час|ч|година|години|годин|год|horas|hora|heures|heure|点钟|点|时|00";

/** How sure, in words. */
export const LEVEL_NAMES: Readonly<Record<'early' | 'corroborated' | 'confirmed', string>> = {
  early:
    'early|reported|first|soon|asap|рано|ранний|раньше|сразу|раніше|одразу|früh|früher|sofort|pronto|temprano|cuanto antes|tôt|au plus tôt|erken|hemen|زود|زودتر|فوری|مبكر|مبكرا|باكرا|尽早|早|早期|立即',
  corroborated:
    'corroborated|normal|default|подтверждение|с подтверждением|подтвержденное|надежно|обычно|з підтвердженням|підтверджене|зазвичай|bestätigt|contrastado|corroborado|recoupé|corroboré|doğrulanmış|doğrulanınca|تأییدشده|تایید شده|متحقق منه|متحقق|已核实|核实|默认',
  confirmed:
    'confirmed|certain|наверняка|точно|напевно|напевне|gesichert|sicher|gewiss|confirmado|seguro|cierto|confirmé|sûr|kesin|kesinleşmiş|قطعی|مطمئن|مؤكد|مؤكدا|أكيد|已确认|确认|确定',
};

/** Names of languages in all languages, in the forms in which people ask for them ("in English", "по-русски"); "|" between them. */
const NAMES: Record<string, string> = {
  en: 'англійську|english|eng|английски|английском|английский|англійською|англійська|englisch|inglés|anglais|ingilizce|انگلیسی|الإنجليزية|بالإنجليزية|الانجليزي|بالانجليزي|英语|英文',
  ru: 'російську|russian|rus|русски|русском|русский|російською|російська|russisch|ruso|russe|rusça|روسی|الروسية|بالروسية|俄语|俄文|ру|российский',
  fa: 'перську|persian|farsi|فارسی|персидски|персидский|фарси|перською|перська|persisch|persa|persan|farsça|الفارسية|بالفارسية|波斯语',
  tr: 'турецьку|turkish|türkçe|турецки|турецкий|турецком|турецькою|турецька|türkisch|turco|turc|ترکی|التركية|بالتركية|土耳其语',
  uk: 'українську|ukrainian|українською|українська|украински|украинский|украинском|ukrainisch|ucraniano|ukrainien|ukraynaca|اوکراینی|الأوكرانية|بالأوكرانية|乌克兰语',
  de: 'німецьку|german|deutsch|немецки|немецкий|немецком|німецькою|німецька|alemán|allemand|almanca|آلمانی|الألمانية|بالألمانية|德语|德文',
  es: 'іспанську|spanish|español|castellano|испански|испанский|испанском|іспанською|іспанська|spanisch|espagnol|ispanyolca|اسپانیایی|الإسبانية|بالإسبانية|西班牙语',
  fr: 'французьку|french|français|французски|французский|французском|французькою|французька|französisch|francés|fransızca|فرانسوی|فرانسه|الفرنسية|بالفرنسية|法语|法文',
  ar: 'арабську|arabic|عربی|عربي|العربية|بالعربية|арабски|арабский|арабском|арабською|арабська|arabisch|árabe|arabe|arapça|阿拉伯语',
  zh: 'китайську|chinese|mandarin|中文|汉语|简体中文|китайски|китайский|китайском|китайською|китайська|chinesisch|chino|chinois|çince|چینی|الصينية|بالصينية',
};

const languageByWord: ReadonlyMap<string, string> = new Map(
  Object.entries(NAMES).flatMap(([code, words]) => words.split('|').map((word) => [keyOf(word), code] as const)),
);

/** ISO 639-1 of a language that is named so; `key`: a folded word (`keyOf`). */
export const languageNamed = (key: string): string | undefined => languageByWord.get(key);

/** Words of plain sentences in ten languages: what asks about access, and what says nothing. Read as folded words (`keyOf`), "|" between them. */

/** Words that ask about access (beginnings of them): without one a country alone, in a sentence about something else, is none of our business. */
export const STATE_WORDS =
  'block|ban|bans|banned|banning|ban|work|down|open|access|cens|restrict|throttl|slow|shut|outage|reach|availab|cut|cuts|cutting|online|offline|load|status|news|unblock|disrupt|filter|blackout|vpn|app|apps|call=|calls=|calling=|site=|sites=|websit|social|messag|messeng|network|kill|switched off|switch off|turn off|shutdown|down|unreach|inaccess|broke|broken|dead=|alive|connect|disconnect|reconnect|login|log in|lag|lags|laggy|stuck|error|fail|issue|problem|wrong|trouble|glitch|jammed|jamming|surf|browse|allow|forbid|forbad|illegal|legal|permit|unlock|lift|restor|return|resum|off|happen|situation|crackdown|curb|limit' +
  '|блок|заблок|разблок|розблок|работ|прац|доступ|запре|забор|огранич|обмеж|замедл|сповільн|уповільн|отключ|відключ|вимк|увімк|ввімк|откры|відкри|недоступ|ценз|глуш|лага|тормоз|гальм|лежит|лежить|упал|упало|впав|сбой|сбои|сбоев|сбоит|збій|збої|статус|новост|новин|шатдаун|глюч|закры|закри|связ|груз|включ|выруб|вруб|обруб|отруб|рубят|пашет|пашут|фурыч|лёг|легл|ляж|ложит|умер|сдох|мертв|жив|жива|живая|живой|живий|виснет|завис|висит|тупит|лаги|лагает|лагают|недост|приложен|мессенджер|месенджер|сайт|соцсет|сервис|сервіс|звонк|звон|дзвін|дзвон|позвон|додат|застосун|мереж|сети|сеть|вернул|верну|повернул|поверн|восстанов|віднов|сняли|снят|снял|зняли|знят|ограни|пропал|пропад|зник|исчез|перебо|перебі|проблем|ошиб|поміл|закон|легал|нелегал|разреш|дозвол|можно ли|ловит|ловить|открыв|ограж|бан|разбан|забан|банят|чебур|белые списки|выключ|виключ|перекр|тормо|пашут|фильтр|фільтр|ситуац' +
  '|gesperr|sperr|funktion|erreich|verfügb|offen|gedrossel|drossel|langsam|zensur|zensier|abgeschalt|ausfall|gestört|störung|geht|läuft|verbot|zugang|zugäng|geh|gehen|gehts|laufen|lädt|läd|ladet|nutzbar|nutz|benutz|erlaub|legal|illegal|untersag|zugreif|zugriff|abschalt|abstell|abgestell|abgeklemmt|kapp|gekappt|unterbroch|unterbrech|weg|tot|down|lahm=|freigeg|frei=|freie=|aufgehob|entsperr|wiederher|problem|einschränk|eingeschränkt|beschränk|drossel|netzsperr|seite|seiten|webseit|website|dienst|app|apps|messenger|soziale|netzwerk|anruf|anrufe|telefonier|kaputt|hängt|los|lage=|verfüg|filter|dicht|zensu' +
  '|bloque|funcion|caíd|dispon|acces|abiert|abre|restring|lent|cort|prohib|apag|bloqu|marche|fonction|ouvert|restrei|ralenti|coup|interdi|panne|dispo|usar|usa|utiliz|utilis|permit|permis|ilegal|legal|illegal|illégal|autori|censur|filtr|vetad|cayo|caid|cae|caen|anda=|andan=|carga|conect|conex|connex|connect|desconect|restable|restaur|volvi|vuelve|regres|desbloq|débloq|debloq|levant|levé|rétabl|revien|revenu|marcha|sitio=|sitios=|site=|sites=|página|paginas|aplicac|appli|applis|apps|red|redes=|réseau|réseaux|mensajer|messager|llamad|llamar|appels=|appeler|appeler|problem|problèm|falla=|fallo=|fallas=|fallan=|suspend|limit|lenteur|ralent|lento|cortes=|corte=|apagón|coupure|éteint|fermé|fermée|cerrad|cerrar|abren|entrar|navega|navigu|servic|mort=|morte=|hs|tombé=|situation|situación|état|accessible' +
  '|engel|çalış|yasak|erişim|erişil|açık|açıl|kapal|kapat|kapan|yavaş|sansür|kesin|kesil|kesik|çök|kısıt|kısıl|bant|daralt|engell|yasakl|açmıyor|açılmı|girile|girem|giriş|girebil|bağlan|bağlantı|kullan|arama|arıyor|arayab|sorun|problem|uygulama|sitesi=|siteler|sosyal|medya|mesajlaş|durum|durumu|serbest|kaldır|kalk|geri=|donuyor|takıl|gitti|gidik|koptu|kopuk|yok mu|var mı|filtre|hızı=|çalıs|kapat|erişe|ulaş' +
  '|فیلتر|مسدود|قطع|وصل|باز|کار|دسترس|کند|بسته|اختلال|محدود|وضعیت|محجوب|حجب|تحجب|یعمل|تعمل|مقطوع|انقطع|مفتوح|بطی|متاح|محظور|حظر|شغال|یشتغل|معطل|وصول|رفع|مسدود|بند|نت ملی|ملی|کندی|ضعیف|خراب|خرابه|کند|آزاد|ازاد|ممنوع|اجازه|تماس|برنامه|پیام رسان|پیامرسان|سایت|شبکه|دسترسی|متصل|لود|وا|هنگ|ضعف|برگشت|برمیگرد|اتصال|وضع|مشکل|سرعت|فیلترینگ|تحریم|رفعفیلتر|ایراد|خاموش|تعطیل|شغال|شغاله|ماشی|یفتح|بیفتح|تفتح|افتح|فاتح|فتح|محجوبه|المحجوبه|محظوره|المحظوره|ممنوعه|مقطوعه|قطعوا|قطعو|یقطع|انقطاع|فاصل|فصل|ضعیف|بطیء|بطیی|واقف|توقف|تعطل|عطل|مشکله|مشاکل|تطبیق|تطبیقات|التطبیقات|موقع|مواقع|المواقع|شبکات|الشبکات|مکالمات|اتصال|اتصل|خدمه|خدمات|رجع|رجعت|عاد|عادت|اعاد|رفعت|حجبوا|حجبت|یحجب|حجبها|ممکن|مسموح|مسموحه|تقیید|قیود|حاله|الوضع|وضع|استخدام|استخدم|یستخدم';

export const STATE_SIGNS =
  /[封禁断墙挂]|屏蔽|有网|没网|能上|打不开|能用|打开|打不|用不|[用上连]得?了|[封关停掐切]|解封|解禁|禁[了止用]|合法|违法|宕机|崩|瘫痪|中断|故障|问题|慢|卡|断|通|可以[用上]|哪些|网站|应用|软件|社交|翻墙|上网|连不|情况|限速|访问|上不了|正常|可用|恢复|状态/u;
/** "断网" names no network, and means it. */
export const OFFLINE_SIGNS =
  /断网|停网|断了网|[有没]网|没有网|上不了网|连不上网|能上网|上得了网|(?:нет|нема|немає|без|пропала|пропал|зник|зникла|отключили|отрубили) (?:мобильн\p{L}+ |мобільн\p{L}+ )?(?:связи|связь|зв.?язку|зв.?язок|сети|мережі)/iu;

/** Words that say nothing: they are no codes of countries, no typing errors, and may stand in a request without making it doubtful. */
const NOISE =
  'a an the is it its in at on to for from of off and or with about if when as me my i we us our you your he she they them this that these those there here so no not now right please can could would should will do does did done be been being am are was were has have had any some still already again yet just what whats which who why where how s t re ll d m ok okay hey hi hello thanks people someone somebody everyone there by up get gets got give send sending tell telling write writing news alerts alert messages updates notifications everything anything say speak talk switch want need like soon about over there today tonight currently really also too then than bot tocsin sir dear one more less all anybody comes come back returns return goes go rn bro yo pls plz wtf hell going happening use using it into while whether wont wouldnt cant dont doesnt didnt isnt arent wasnt werent hasnt havent couldnt shouldnt won wouldn couldn shouldn don doesn didn isn aren wasn weren hasn haven ain im ive id ill youre theyre hes shes thats whats wheres hows lets gonna wanna gotta kinda cuz cos bc because since during after before until till but if else though however maybe perhaps probably think know knows knew said says tell told heard hear see seen look looks looking try tried trying keep keeps make makes made let take takes put been being much many lot lots few every each other another same such own only even ever never always often sometimes usually day days week weeks month months year years hour hours minute minutes time times moment minute long ago today yesterday tomorrow morning evening night mum mom mother dad father parents family sister brother wife husband son daughter friend friends cousin aunt uncle grandma grandpa colleague relatives boss guys folks mate mates dude lads man woman kids child children anyone anything nothing nobody something somewhere anywhere everywhere country state city region place home house phone computer laptop android iphone pc device person question answer info information check update latest new old good bad fine great nice sure true false real really actually seriously literally totally completely fully partly partially very pretty quite rather almost nearly around near outside inside without within across through via per between thats stuff thing things way able possible trying visiting visit travel travelling traveling live living stay staying born based located reports report reported officially official apparently allegedly confirmed rumour rumor rumours according government authorities officials regulator users user public since whole entire entirely anymore any more longer u ur r n w o y plzz thx pls ty lol omg damn idk btw fyi asap tbh past last previous notification notices notice reminders reminder stuff digest daily weekly receive receiving receives subscription subscriptions feed list' +
  ' а и но или не да же ли бы ещё еще уже тут там вот это эта этот то того тот что чего как где когда почему зачем кто у с со в во на за по из от до о об про для к ко мы вы я ты он она они мне меня мной нам нас вам вас ему ей её ее его их мой моя моё мои наш наша у неё нее сейчас теперь опять снова пожалуйста плиз можно можешь будет был была были есть нет все всё всем если или так такое вообще сегодня почему-то больше новости новостей уведомления сообщения сообщениями оповещения писать слать присылать говори давай хочу бот эй привет дела скажи скажите подскажи подскажите расскажи ответь знаешь знаете знает кто-нибудь кто-то кому что-то что-нибудь чё че чо шо кстати короче типа просто прям прямо ваще вобще реально правда вроде кажется похоже наверное может мочь мог могу можем могут нельзя надо нужно пора хотел хотела хочется очень сильно совсем полностью частично почти только лишь даже либо чтобы чтоб потому поэтому пока пусть пускай тоже также снова заново обратно давно недавно скоро вчера завтра утром днём вечером ночью день дня дней неделя неделю недели неделе месяц год часа час минут раз разу первый второй третий день мама маме мамы мать папа папы отец родители родителей родственники семья семьи брат брата сестра сестры сестре жена муж сын дочь друг друга друзья друзей подруга подруги бабушка бабушки дед тётя дядя коллега коллеги знакомый знакомые народ люди человек ребят ребята чувак братан дома домой доме город городе стране страна страны страну области область регион регионе республика республике край крае районе место месте телефон телефоне телефона компьютер компе комп ноуте айфоне андроиде девайс через без под над между около рядом возле вместо кроме среди свой свои своего какой какая какие каких каком какое который которые которая сколько куда откуда туда сюда этом этой этого этих такой такая такие тем тех чём чем всех всём весь всю вся каждый каждую каждые кажд другой другие другом самый самая сам сама опять-таки нибудь либо вопрос ответ инфа информация инфо проверь проверка узнай узнать глянь посмотри посмотреть видел слышал слышно говорят пишут пишет сообщают заявил заявили сказал сказала сказали власти власть официально официальный слух слухи правительство никто ничего никак нигде никогда нет-нет ага угу блин блять чёрт бляха капец пипец жесть ё-моё пж плз спс оч норм нормально нормас ок окей пользоваться использовать зайти войти заходит заходить попасть смотреть слушать поехать еду едем приехал приехали живу живёт живут живет находится находимся сижу родом работать звонить уже-то мне-то у-меня у-нас последнюю последние последний последних последнее прошлую прошлой прошлый уведомление уведомлений сообщение сообщений оповещение оповещений алерты алертов сводки рассылка рассылку рассылки получать получить слышать слушать видеть знать узнавать читать подписка подписки подписок подписку подпиской список списка' +
  ' та й і або чи ні так вже ще тут там ось це цей ця те що чого як де коли чому навіщо хто у в з із зі на за по від до про для ми ви я ти він вона вони мені мене нам нас вам моя мій мої наш зараз тепер знову будь ласка можна можеш буде був була були є немає усі все якщо сьогодні більше новини повідомлення хочу бот привіт скажи скажіть підкажи підкажіть розкажи знаєш знаєте знає хтось щось чогось якийсь десь колись взагалі просто прямо реально правда мабуть здається може могти можу можемо можуть треба потрібно дуже сильно зовсім повністю частково майже тільки лише навіть або щоб тому поки нехай теж також знову назад давно нещодавно скоро вчора завтра вранці вдень ввечері вночі день дня днів тиждень тижня місяць рік години годину хвилин раз мама мами мамі тато батьки родичі родина сім брат сестра сестри дружина чоловік син дочка донька друг друзі друзів подруга бабуся дідусь колега люди людина народ вдома додому місто місті країна країні країни область області регіон регіоні край район місце телефон телефоні комп через без під над між біля поруч замість крім серед свій свої який яка які яких якому якою котрий скільки куди звідки туди сюди цьому цієї цього цих такий така такі тим тих чим всіх всім весь всю вся кожен кожну кожні інший інші сам сама питання відповідь інфа інформація перевір дізнайся глянь подивись подивитися чув чути кажуть пишуть пише повідомляють заявив заявили сказав сказала сказали влада влади офіційно чутки уряд ніхто нічого ніяк ніде ніколи ага блін чорт капець жесть норм нормально ок добре користуватися зайти увійти потрапити дивитися слухати їхати їду приїхав живу живе живуть знаходиться сиджу дзвонити зателефонувати нардеп депутат хочуть хоче хтіли нема останній останню останні минулий минулого сповіщень повідомлень повідомлення сповіщення розсилка отримувати чути бачити знати читати підписка підписки підписок підписку список списку' +
  ' der die das den dem des ein eine einen einer ist sind hat haben wird werden kann können in im am an auf aus bei mit nach von vom zu zum zur über und oder nicht kein keine noch schon mal jetzt gerade da dort hier was wer wie wo wann warum wieso wenn ob ich mir mich du dir er sie es wir uns ihr man mein meine gibt bitte heute wieder auch mehr nachrichten meldungen bescheid auf für nur sehr ganz komplett völlig teilweise fast etwa ungefähr wohl vielleicht wahrscheinlich eigentlich wirklich echt tatsächlich denn doch halt eben ja nein nee ne okay ok aber sondern sowie als wie dass daß damit weil da obwohl während bis seit vor hinter unter neben zwischen durch gegen ohne um statt trotz wegen außer aufgrund laut gerade eben sofort bald später früher immer nie niemals oft manchmal meistens heute gestern morgen übermorgen früh abend abends mittag nacht nachts woche wochen monat monate jahr jahre stunde stunden minute minuten tag tage zeit moment mama mutter mami papa vater eltern familie verwandte verwandten bruder schwester frau mann sohn tochter freund freunde freundin freundinnen oma opa tante onkel kollege kollegen kollegin leute menschen jemand niemand alle alles nichts etwas irgendwas irgendwo irgendwie überall nirgends land ländern länder stadt region ort hause zuhause handy telefon smartphone rechner computer laptop gerät frage antwort info infos information prüf prüfe schau guck sag sage sagt sagen weißt weisst weiß weiss wissen wisst kennst höre gehört gelesen meldet melden berichtet berichten regierung behörde behörden offiziell angeblich welche welcher welches welchen welchem wessen wohin woher diese dieser dieses diesen diesem jede jeder jedes jeden manche solche selbst selber eigen eigene mich dich sich euch ihnen ihm ihn ihre ihrer ihren sein seine seiner seinen unser unsere euer deine dein deiner darf dürfen dürft muss müssen soll sollen sollte will wollen wollte möchte möchten mag mögen würde würden könnte könnten wäre wären hätte gewesen worden geworden werde werdet bin bist seid habe habt hatte hatten macht machen gemacht komme kommt kommen komm reise reisen fahre fahren bin wohne wohnt wohnen lebe lebt leben schauen sehen anschauen telefonieren rufe anrufen schreiben schicken zeig zeige endlich leider hoffentlich danke dankeschön letzte letzten letzter vergangene vergangenen benachrichtigung benachrichtigungen nachricht meldung hinweise alarme alarm warnungen erhalten bekommen empfangen hören lesen abo abos abonnement abonnements liste ab nehmen raus' +
  ' va mal bien el la los las un una unos de del al en y o u no si sí es está están hay que qué cómo como dónde donde cuándo cuando por para con se me mi mis te tu le lo su sus ya aún ahora sigue puede pueden favor quiero noticias avisos mensajes hoy más avisarme escribirme enviarme mandarme de ser fue pero porque porqué pues aunque mientras hasta desde entre sobre bajo tras sin según durante contra hacia mediante salvo excepto muy mucho mucha muchos muchas poco poca tanto tan casi solo sólo solamente también tampoco nunca siempre jamás quizás quizá tal vez a veces todavía luego después antes ayer mañana tarde noche día días semana semanas mes meses año años hora horas minuto minutos momento tiempo rato mamá mama madre papá papa padre padres familia familiares hermano hermana esposa esposo mujer marido hijo hija amigo amiga amigos amigas primo prima abuela abuelo tía tío colega gente persona personas alguien nadie todos todo toda todas nada algo cualquier cada otro otra otros otras mismo misma país países ciudad región lugar casa teléfono telefono celular móvil movil computadora ordenador pregunta respuesta información informacion info dime di decir dice dicen sabes sabe saben saber escuché oí leí informa informan gobierno autoridades oficial oficialmente cuál cual cuáles cuales quién quien quiénes quienes cuánto cuanto adónde adonde este esta estos estas ese esa esos esas aquel esto eso ello ella ellos ellas él nosotros ustedes usted vosotros yo mío mía mis tus nuestro nuestra soy eres es somos son era eran fue fueron sido siendo estoy estás estamos estaba estaban haber he has ha hemos han había habían tengo tienes tiene tenemos tienen hacer hace hacen hizo poder puedo puedes podemos pudo ver veo ir voy vas vamos van iba vivo vive viven vivimos viajo viajar llego llegar logro intento intentar trata quiere quieren quería parece parecen posible bueno buena malo mala mejor peor completamente totalmente parcialmente oye che wey güey tío ok vale porfa xfa q k xq pq tb también favor última último últimas últimos pasada pasado alerta alertas aviso mensaje notificaciones notificación cosas recibir oír leer saber suscripción suscripciones lista' +
  ' le les des du de la l d un une et ou ne pas plus en au aux à a y il elle est es sont était ont que qu quoi qui où quand comment pourquoi pour avec sur dans par ce cet cette ça se s me m moi mon ma mes te t toi tu vous nous on là bas ici si encore toujours maintenant plait plaît écrire envoyer messages nouvelles alertes aujourd hui est-ce je j ils elles lui leur leurs eux celui celle ceux ses son sa nos notre votre vos mais donc or ni car puisque parce comme lorsque pendant depuis jusque avant après entre sous sans selon vers chez contre malgré sauf très trop beaucoup peu assez presque seulement juste aussi non jamais toujours souvent parfois peut être peux peut peuvent pouvez pouvons pourrait pourrais veux veut voulez voudrais dois doit faut fait faire fais font va vas vais vont aller allons allez avoir ai as avons avez avait avaient eu suis es sommes êtes étaient été étant était serait sera seront hier demain matin soir nuit jour jours semaine semaines mois an ans année heure heures minute minutes moment temps fois maman mère papa père parents famille frère soeur sœur femme mari fils fille ami amie amis amies copain copine cousin cousine mamie papi tante oncle collègue gens personne personnes quelqu quelque quelques chose rien tout toute tous toutes chaque autre autres même pays ville région endroit maison téléphone telephone portable ordinateur question réponse info infos information dis dire dit disent sais sait savez savoir entendu lu vu paraît parait semble gouvernement autorités officiel officiellement quel quelle quels quelles combien depuis lequel laquelle cela ceci ça ca celui-ci voilà voici oui ouais bah ben alors bon bien mal mieux complètement totalement partiellement vraiment peut-être sûrement possible impossible essaie essayer voir vois regarder écouter aller habite habitent vis vit vivent voyage arrive arriver arrives svp stp merci slt cc tjs tjrs pk pq koi svp actuellement dernière dernier dernières derniers passée passé notifications notification alerte message trucs truc recevoir entendre lire savoir abonnement abonnements liste' +
  ' mi mı mu mü da de ta te ve ya bir bu şu o ne neden niye nasıl nerede kim var yok için ile mı hâlâ hala şimdi lütfen bana beni biz siz ben sen haber haberleri bildirim bildirimlerini bildirimleri mesaj mesajları bugün artık daha et ol ama fakat ancak çünkü eğer ise gibi kadar göre sonra önce beri üzere rağmen hem ya veya yoksa çok az biraz pek hiç hep her herkes kimse hiçbir bazı bütün tüm hepsi şey şeyi şeyler öyle böyle şöyle acaba galiba sanırım belki herhalde gerçekten cidden tamamen kısmen neredeyse sadece yalnızca bile hangi hangisi kaç nereye nereden ne zaman zaman dün yarın sabah akşam gece gün günler hafta ay yıl saat dakika an şuan annem anne babam baba ailem aile kardeşim kardeş ablam abim eşim karım kocam oğlum kızım arkadaşım arkadaş arkadaşlar arkadaşlarım kuzenim teyzem amcam insanlar kişi birisi biri burada burda orada orda şurada ülke ülkede ülkeler şehir bölge yer ev evde telefon telefonum bilgisayar soru cevap bilgi biliyor biliyorsun bilen bilgin söyle söyler söyleyin diyor diyorlar duydum gördüm haberin hükümet yetkililer resmi resmen miyim misin miyiz musun musunuz mısın mısınız muyum mıyım edebilir edebilirim ediyor eder olur oldu olan olarak olacak olmuş olduğu oluyor olursa değil değilmi yapıyor yapabilir istiyorum istiyor istemiyorum lazım gerek gerekiyor tekrar yine gene halen durumda abi ya lan kanka canım hocam bakar bakın bak tam iyi kötü evet hayır mümkün konuda hakkında bilgilendir devam yaşıyor yaşıyorum gidiyorum seyahat izlemek izleyebilir izlenir geçen son bildirimi bildirimler bildirimim mesajlar uyarı uyarılar uyarıları duyuru haberler şeyler haberlerini haberini haberleriyle mesajlarını uyarılarını almak duymak okumak bilmek abonelik aboneliği aboneliğim aboneliklerim takip takibi takibini takibim liste listeden listemden' +
  ' در اگه اگر وقتی از به با و یا که را رو تو توی برای این آن ما من شما او چه چی چیه چرا کجا کی آیا است هست شد شده نیست می کند کنه میکنه میکند الان لطفا هنوز درباره خبر اخبار پیام کن نکن بده دیگر دیگه هم نفرست کنید اما ولی چون پس تا بین بدون جز طبق مثل باید شاید حتما احتمالا گویا انگار واقعا کاملا تقریبا فقط حتی همه هیچ هیچکس کسی کس چیز چیزی همین همان این‌ها اون اونا اونجا اینجا آنجا همه جا کدام کدوم چند چقدر چطور چطوره چجوری چگونه امروز دیروز فردا صبح شب عصر ظهر روز هفته ماه سال ساعت دقیقه موقع وقت بار مامان مامانم مادر مادرم بابا بابام پدر پدرم خانواده خانوادم خواهر خواهرم برادر برادرم داداش همسر همسرم شوهرم زنم پسرم دخترم دوست دوستم دوستان رفیق رفیقم عمو خاله همکار مردم آدم نفر کشور کشورها شهر منطقه استان جا خانه خونه گوشی گوشیم موبایل کامپیوتر لپتاپ سوال جواب اطلاعات بگو بگید میدونی میدونید میدونه میگن میگه گفت گفتند شنیدم دیدم خبرگزاری دولت مقامات رسمی رسما دارد داره دارن داریم دارم داشت بود بودن بوده باشه باشد باشم شدن میشه میشود نمیشه نمیشود نمی میشن کرد کردن کرده کردند میکنن میکنم میتونم میتوانم می تونم میتونن میتوان تونستم بتونم میخوام میخواهم میخواد خواست استفاده رفتن میرم هستم هستی هستن هستند زندگی میکنند سفر دیدن شما خودم خودت ما ها های ای ام ات اش مان تان شان یه یک دو آره نه بله خیر سلام ممنون مرسی خواهش لطفاً واسه توسط روی زیر کنار پیش مال گذشته اخیر پیام‌ها پیامها اعلان اعلانها اعلان‌ها هشدار هشدارها هشدارهای خبرهای خبرها بگیرم بگیری بشنوم ببینم بدونم بدانم دریافت بخونم مرا اشتراک اشتراک‌ها اشتراکها اشتراکم لیست فهرست' +
  ' هل فی من الی عن على مع هذا هذه ما ماذا لماذا لیش کیف متى این أو لا نعم هناک هنا انا انت لی عند اذا الان لو سمحت من فضلک بعد لم لن قد کل اخبار رسائل ارسال الکتابه شی لکن لان کی حتی منذ خلال بین دون بدون غیر سوی مثل حسب ضد نحو فوق تحت قبل حول عبر لدی ان انه انها انی اننا هو هی هم هن نحن انتم هذی هاد هاذا ذلک تلک هؤلاء اللی الذی التی الذین شو ایش وش ایه لیه وین فین منین امتی کم ای ایه اذ یوم یومین الیوم امس غدا بکرا الصبح المساء اللیل اسبوع شهر سنه ساعه دقیقه وقت مره امی ماما ابی بابا اهلی عایلتی اخی اختی زوجتی زوجی ابنی بنتی صدیقی صدیقتی اصدقایی خالی عمی جدتی الناس ناس شخص احد حد اشخاص کلهم جمیع بعض ایضا کمان برضه لسا لسه للحین حالیا هلق هلا هسه دلوقتی دحین بلد بلاد البلد دوله الدول مدینه مدینتی منطقه مکان بیت البیت جوال جوالی موبایل هاتف کمبیوتر سوال جواب معلومات خبر الاخبار قل قولی تعرف بتعرف یعرف عارف سمعت شفت قال قالوا یقولون تقول حکومه الحکومه السلطات رسمی رسمیا عندی عندکم عنده عندهم عندنا لنا لهم له لها لکم فیه فیها بها به منها منه عنها عنه کان کانت یکون تکون صار صارت راح رح سوف سیتم تم یتم ممکن یمکن یقدر اقدر نقدر تقدر بقدر استطیع یستطیع ارید بدی عاوز عایز ابی ابغی تبی لازم صح نعم ایوه لا مش مو ماهو ما فی مافی مافیش لیس لیست جدا کثیر قلیل شوی شویه تماما کلیا جزییا تقریبا فقط بس یعنی طب طیب یا اخی حبیبی رجاء اعیش یعیش ساکن مسافر سافرت موجود الموجود شاهد اشوف الماضی الاخیر تنبیه تنبیهات تنبیهاتک التنبیهات اشعار اشعارات الاشعارات رساله رسایل الرسایل رسائل اشیاء استقبال تصلنی توصلنی استلم اسمع اقرا اعرف بعد اشتراک اشتراکی اشتراکاتی الاشتراک قایمه قایمتی';
/** Before these an everyday word is no name: "which messengers". */
export const WHICH_WORDS =
  'which what any all other какой какие каких какая все любые який які яка welche welcher welches alle quel quels quelle quelles cuáles cuales hangi کدام کدوم چه ای اي';
export const NOISE_SIGNS =
  /^[的了吗呢吧啊呀哦嘛么在是我你他她它们您请能不还有和现上在怎么样时候为什么再给发送消息新闻说用讲一下帮到都也就很这那哪里个些被把从对与及以于要想会可得去来看过让跟最近今天昨明后前目已经真突然全部完面国家地区人朋友家妈爸关于通知提醒推送关注订阅任何东西事谢麻烦没无只而但如果因为所以又才吧吗几点年月日天周早晚午内外边里头网收接下听读看知道]+$/u;

/** Names in a sentence that are asked about, whatever the catalogue says: two Koreas, two Congos, the country and the state. */
export const DOUBTFUL: readonly (readonly [words: string, codes: readonly string[]])[] = [
  ...TWINS,
  ['georgia georgie', ['GE', 'US']],
];

/** What is asked of others: the hour, the weather, scores, prices. A country in such a sentence is not asked about. */
export const ELSEWHERE =
  'weather|what time|the time in|score|scored|match|football|soccer|price|prices|exchange rate|dollar|euro|bitcoin|stock|recipe|flight|flights|visa|hotel|hotels|election result|president of|capital of|population|joke|song|movie|film|poem|translate' +
  '|погода|погоду|температура|который час|сколько времени|сколько время|курс|доллар|евро|биткоин|матч|футбол|счет|счёт|цена|цены|рецепт|билет|билеты|виза|столица|население|президент|анекдот|фильм|песня|переведи' +
  '|котра година|долар|євро|рахунок|ціна|ціни|квиток|квитки|столиця|населення|анекдот|пісня|переклади' +
  '|wetter|wie spät|uhrzeit|wechselkurs|fußball|spiel|spielstand|preis|preise|flug|flüge|visum|hauptstadt|einwohner|witz|rezept|lied|übersetze' +
  '|clima|tiempo hace|qué hora es|que hora es|partido|fútbol|precio|precios|tipo de cambio|dólar|vuelo|vuelos|visado|capital de|población|chiste|receta|canción|traduce' +
  '|météo|quel temps|quelle heure|heure est|match|prix|taux de change|vol|vols|capitale|habitants|blague|recette|chanson|traduis' +
  '|hava durumu|hava nasıl|saat kaç|maç|futbol|fiyat|fiyatı|dolar|kur|döviz|uçuş|uçak bileti|vize|başkenti|nüfus|fıkra|tarif|şarkı|çevir' +
  '|هوا|آب و هوا|ساعت چند|دلار|یورو|قیمت|مسابقه|فوتبال|بازی|پرواز|بلیط|ویزا|پایتخت|جمعیت|جوک|آهنگ|ترجمه' +
  '|طقس|الطقس|كم الساعة|الساعة كم|سعر|أسعار|الدولار|دولار|مباراة|كرة القدم|رحلة|تأشيرة|فيزا|عاصمة|سكان|نكتة|أغنية|ترجم';
export const ELSEWHERE_SIGNS = /天气|几点|汇率|美元|比赛|足球|价格|多少钱|机票|签证|首都|人口|笑话|歌|股市|翻译/u;

/** Words that say nothing. */
export const noise: ReadonlySet<string> = new Set(NOISE.split(' ').flatMap((word) => keyOf(word).split(' ')));

/**
 * What a person asks to be done, in ten languages, as the command that does it. "|" between forms, read as folded words (`keyOf`). A form begins the
 * sentence; "… form" ends it, "form … form" does both ends, with names between them or after the second. The longest that fits is meant.
 */

/** Commands that are about countries and services, or everything. */
export const TARGET_VERBS: Readonly<Record<string, string>> = {
  subscribe:
    'if … let me know|when … let me know|if … tell me|when … tell me|once … tell me|if … notify me|when … notify me|if … ping me|when … ping me|i want to know when|i want to be told|i d like to be told|id like to be told|i would like to be told|i want to be notified|i d like to be notified|id like to be notified|id like to follow|i d like to follow|i would like to follow|id like to know when|i d like to know when|i want to know as soon as|subscribe|sub|follow|watch|track|monitor|notify me|alert me|warn me|let me know|keep me posted|keep an eye on|keep me updated|tell me when|tell me if|tell me once|tell me as soon as|ping me when|ping me if|write me when|write me if|text me when|text me if|message me when|message me if|sign me up|add|turn on alerts|turn on notifications|switch on alerts|i want to hear|i want to follow|i want to subscribe|i want alerts|i want news|want alerts|give me alerts|get alerts|start watching|start following' +
    '|если … скажи|если … напиши|когда … скажи|когда … напиши|как только … напиши|хочу знать когда|хочу знать если|подпиши|подпишите|подпиши меня|подписать|подписаться|подпишусь|подписка на|подпишись|следи|следите|следить|последи|отслеживай|мониторь|уведомляй|уведоми|уведомляйте|сообщай|сообщи|сообщайте|сообщите|скажи когда|скажи если|говори когда|говори если|напиши когда|напиши если|пиши когда|пиши если|пиши про|пиши о|пиши мне про|пиши мне о|присылай|присылай про|шли|кидай|держи в курсе|маякни|предупреди|предупреждай|оповещай|оповести|извещай|дай знать|хочу получать|хочу следить|хочу подписаться|добавь|включи уведомления|включи оповещения|… подпиши|… подписаться|… сообщи|… сообщай|… дай знать|… маякни|… предупреди|… следи' +
    '|якщо … скажи|якщо … напиши|коли … скажи|коли … напиши|хочу знати коли|хочу знати якщо|підпиши|підпишіть|підписати|підписатися|підпишись|підписка на|стеж|стежити|слідкуй|відстежуй|повідомляй|повідом|повідомте|повідомляйте|повідом коли|повідом якщо|скажи коли|скажи якщо|напиши коли|напиши якщо|пиши коли|пиши якщо|пиши про|сповіщай|сповісти|попередь|попереджай|дай знати|хочу отримувати|хочу стежити|хочу підписатися|додай|увімкни сповіщення|… повідом|… дай знати|… підписатися' +
    '|wenn … sag es mir|wenn … schreib mir|sobald … schreib mir|wenn … sag bescheid|ich will wissen wenn|ich will wissen sobald|abonniere|abonnieren|folge|folgen|verfolge|beobachte|überwache|benachrichtige|benachrichtige mich|informiere mich|informier mich|warne mich|warn mich|sag mir bescheid|sag bescheid|gib bescheid|gib mir bescheid|melde dich|meld dich|schreib mir wenn|schreib mir sobald|sag mir wenn|halt mich auf dem laufenden|halt mich … auf dem laufenden|halte mich … auf dem laufenden|halt mich … laufenden|sag mir … bescheid|gib mir … bescheid|halte mich auf dem laufenden|füge hinzu|… abonnieren|… folgen|… verfolgen|… bescheid geben|… bescheid sagen|… informiert werden|… benachrichtigt werden|… sag bescheid|… gib bescheid|… melde dich' +
    '|si … dime|si … avísame|cuando … dime|cuando … avísame|quiero que me avises|necesito que me avises|me avisas si|me avisas cuando|me puedes avisar|puedes avisarme|suscríbeme|suscribirme|suscribir|suscribe|sigue a|seguir|seguir a|vigila|monitorea|avísame|avisa|avíseme|avisarme|notifícame|alértame|infórmame|dime cuando|dime si|escríbeme cuando|escríbeme si|mantenme al tanto|mantenme informado|quiero recibir|quiero seguir|quiero saber cuando|quiero suscribirme|quiero avisos|quiero alertas|añade|agrega|activa avisos|activa alertas|… avísame|… me avisas' +
    '|si … dis moi|si … préviens moi|quand … dis moi|quand … préviens moi|abonne moi|abonner|abonne|m abonner|suivre|surveille|surveiller|préviens moi|prévenez moi|avertis moi|alerte moi|notifie moi|informe moi|informez moi|dis moi quand|dis moi si|écris moi quand|écris moi si|tiens moi au courant|tiens moi informé|inscris moi|ajoute|je veux suivre|je veux recevoir|je veux savoir quand|je voudrais suivre|je voudrais recevoir|j aimerais suivre|je veux m abonner|… préviens moi|… tiens moi au courant' +
    '|… kesilirse yaz|… kesilirse söyle|… engellenirse yaz|… engellenirse söyle|… kapanırsa yaz|… kapanırsa söyle|… açılırsa yaz|… açılınca yaz|… açılınca söyle|abone et|abone ol|abone olmak|takip et|takip etmek|haber ver|bildir|uyar|bana bildir|beni uyar|bildirimleri aç|bildirim aç|… abone et|… abone ol|… abone olmak istiyorum|… takip et|… takip etmek istiyorum|… haber ver|… haberim olsun|… bana yaz|… bana söyle|… bana haber et|… bilgi ver|… bilgilendir|… bildir|… bildirin|… uyar|… bildirimlerini aç|… bildirimleri aç|… ekle' +
    '|اگه … بهم بگو|اگر … بهم بگو|اگر … به من بگو|اگه … پیام بده|اگر … پیام بده|وقتی … بهم بگو|وقتی … به من بگو|وقتی … پیام بده|میخوام … دنبال کنم|می خواهم … دنبال کنم|میخواهم … دنبال کنم|میخوام … خبردار بشم|مشترک کن|مشترکم کن|دنبال کن|خبر بده|خبرم کن|خبرم کن اگر|اطلاع بده|می خواهم دنبال کنم|میخواهم دنبال کنم|… مشترک کن|… مشترکم کن|… کن مشترک|مشترک … کن|منو مشترک … کن|من را مشترک … کن|… دنبال کن|… دنبال کنم|… را دنبال کنم|… خبر بده|… باخبر کن|… باخبرم کن|… مطلع کن|… مطلعم کن|… آگاه کن|… در جریان بگذار|… خبرم کن|… خبرم کنید|… اطلاع بده|… اضافه کن' +
    '|اذا … خبرني|إذا … أخبرني|لما … خبرني|عندما … أخبرني|أريد أن أعرف عندما|أريد أن أعرف إذا|اشترك|اشترك لي|اشتركني|اشترکلی|سجلني|تابع|تابع لي|تابعلي|راقب|نبهني|نبهني إذا|أخبرني|اخبرني|خبرني|بلغني|أعلمني|اعلمني|أبلغني|ابلغني|ابعتلي|ابعث لي|أرسل لي|ارسل لي|أريد متابعة|اريد متابعة|بدي تابع|بدي اتابع|أضف|اضف|… نبهني' +
    '|如果 … 告诉我|一旦 … 告诉我|要是 … 告诉我|… 了告诉我|… 的话告诉我|… 告诉我一声|… 就告诉我|… 时告诉我|… 后告诉我|… 的时候告诉我|订阅|关注|跟踪|监控|通知我|提醒我|告诉我|帮我订阅|帮我关注|我想订阅|我想关注|我要订阅|我要关注|添加|… 告诉我一声|… 通知我|… 提醒我|… 叫我|… 跟我说|… 跟我说一声|… 的时候告诉我|… 的话告诉我',
  unsubscribe:
    'stop messages about|stop messages on|stop getting messages about|stop getting messages on|stop getting alerts about|stop getting news about|i want to stop getting messages about|i want to stop getting alerts about|i want to stop getting news about|i want to stop getting|i want to stop receiving|i want to stop messages about|i would like to stop getting|i d like to stop getting|id like to stop getting|stop getting|stop receiving|stop|delete|unsubscribe|unsub|unfollow|remove|cancel|do not tell me|do not write me|do not write|don t write|dont write|do not text me|don t text me|dont text me|do not message|don t message|do not ping me|don t ping me|dont ping me|do not send|do not notify me|do not message me|don t tell me|don t write me|don t send|don t notify me|don t message me|dont tell me|dont send|dont notify me|dont message me|enough|enough about|stop sending|kill the|… don t write|… dont write|… do not write|… don t text me|… dont text me|stop following|turn off alerts|turn off notifications|switch off alerts|get rid of|i do not want|i don t want|i dont want|i am tired of|im tired of|not interested in|i no longer want|take me off' +
    '|отпиши|отпишите|отпишись|отпишусь|отписаться|отписать|отпишите меня|хватит|хватит про|перестань|прекрати|прекрати слать|достаточно|достал|надоел|надоела|надоело|надоели|не пиши|не пиши больше|не пиши мне|больше не пиши|больше не пиши мне|не присылай|больше не присылай|больше не присылай мне|не шли|больше не шли|не сообщай|больше не сообщай|не уведомляй|больше не уведомляй|не надо|не надо больше|больше не надо|не хочу больше|больше не хочу|больше не следи|не следи|не следи больше|отмени|отмени подписку|отменить подписку|убери|убери уведомления|убрать|удали подписку|выключи уведомления|отключи уведомления|… отпиши|… отписаться|… больше не надо|… больше не нужно|… не надо больше|… не надо|… не нужно|… хватит|… надоел|… надоела|… надоело|… убери|… больше не интересует|… больше не пиши|… не пиши|… не пиши мне|… не писать|… не слать|… не присылай' +
    '|відпиши|відпишіть|відпишись|відпишусь|відписатися|досить|досить про|годі|годі про|припини|перестань|не пиши|не пиши більше|більше не пиши|не надсилай|більше не надсилай|не шли|не сповіщай|не повідомляй|більше не повідомляй|не треба|не треба більше|більше не треба|не хочу більше|більше не хочу|не стеж|більше не стеж|скасуй|скасуй підписку|скасувати підписку|прибери|вимкни сповіщення|… відписатися|… більше не треба|… не треба|… досить|… більше не цікавить|… не пиши|… не писати|… не надсилай' +
    '|stopp|stoppe|hör auf|hör auf mit|nimm … aus|nimm … raus|streich|streiche|schalte … aus|schalt … aus|stell … ab|bestelle ab|bestell ab|abbestellen|abmelden|melde mich ab|entfolge|entfolgen|lösche|entferne|nichts mehr|nichts mehr über|nichts mehr zu|schick mir nichts mehr|schick nichts mehr|schreib mir nichts mehr|sag mir nichts mehr|schick … nicht mehr|schreib … nicht mehr|schick keine … mehr|schick mir keine … mehr|keine nachrichten mehr|keine meldungen mehr|schreib nicht mehr|ich will nichts mehr|ich will kein … mehr|ich will keine … mehr|ich möchte nichts mehr|ich möchte keine … mehr|ich möchte kein … mehr|ich brauche keine … mehr|genug von|genug|schluss mit|… abbestellen|… bestelle ab|… entfolgen|… abmelden|… reicht|… abstellen|… abschalten|… ausschalten|… nichts schreiben|… nichts mehr schreiben|… nicht mehr schreiben|… nicht schreiben|… nichts schicken|… nichts senden|… nicht mehr schicken' +
    '|para de|deja de|dejar de|deja|basta|basta de|cancela|cancelar|anula|anular|elimina|quita|quítame|borra la suscripción|desuscríbeme|desuscribirme|desuscribe|date de baja|dame de baja|darme de baja|ya no quiero|ya no me interesa|no quiero más|no me avises|no me avises más|no me escribas|no me escribas más|no me mandes|no me mandes más|no me envíes|no me envíes más|no me hables|no me hables más|no sigas|deja de seguir|deja de mandarme|deja de enviarme|deja de avisarme|deja de escribirme' +
    '|désabonne moi|désabonner|désabonne|me désabonner|désinscris moi|arrête|arrêtez|stoppe|cesse|cesse de|arrête de|arrête avec|plus rien sur|enlève|retire|supprime|annule|ne m écris plus|ne m écris pas|ne m écrivez pas|ne m écrivez plus|n écris pas|n écris plus|ne m envoie rien|ne m envoie pas|ne me contacte pas|ne me préviens pas|ne m envoie plus|ne me parle plus|ne me préviens plus|ne me notifie plus|ne me dis plus rien|je ne veux plus|je ne veux pas|je ne suis plus intéressé|ça suffit|ça suffit avec|assez|assez de|marre de|… ça suffit' +
    '|durdur|aboneliği iptal et|takibi bırak|takip etme|iptal et|bırak|yeter|yeter artık|kes|çıkar|kaldır|istemiyorum|artık istemiyorum|gönderme|yazma|bildirme|haber verme|… durdur|… iptal et|… takip etme|… takibi bırak|… bırak|… yeter|… istemiyorum|… istemiyorum artık|… artık istemiyorum|… gönderme|… gönderme artık|… yazma|… yazma artık|… bildirme|… haber verme|… çıkar|… kaldır|… kes|… aboneliğini iptal et|… aboneliğimi iptal et|… aboneliğinden çık|… bildirimlerini kapat|… bildirimleri kapat' +
    '|دیگه … نده|دیگه … نفرست|دیگه … برام نفرست|دیگه … واسم نفرست|دیگر … برایم نفرست|… برام نفرست|دیگر … نفرست|دیگر … نده|دیگه … نمیخوام|دیگه … نمی خوام|دیگه … ننویس|دیگه … نگو|لغو کن|لغو اشتراک|دنبال نکن|نفرست|بسه|کافیه|نمی خواهم|نمیخواهم|نمی خوام|نمیخوام|قطع کن|حذف کن|پیام نده|… لغو کن|… لغو اشتراک|… دنبال نکن|… نفرست|… پیام نده|… خبر نده|… خبر نفرست|… نمی خواهم|… نمیخواهم|… نمی خوام|… نمیخوام|… بسه|… کافیه|… حذف کن|… را حذف کن|… رو حذف کن|… پیام نفرست|… چیزی نفرست|… نگو|… ننویس' +
    '|توقف|أوقف|اوقف|وقف|ألغ|الغ|ألغي|الغي|إلغاء|إلغاء الاشتراك|الغاء الاشتراك|ألغ الاشتراك|ألغي الاشتراك|الغي اشتراك|الغي اشتراكي|لا ترسل|لا ترسلي|لا ترسل شي|لا ترسل شيئا|لا تكتب|لا تكتب لي|لا ترسل لي|لا تراسلني|لا تخبرني|لا تنبهني|لا تبعث|لا تبعتلي|لا تبعت|ما تبعتلي|ما ترسل|لم أعد أريد|لم اعد اريد|ما عاد بدي|ما بدي|ما ابي|ما أبغى|ما ابغى|مش عايز|مش عاوز|بطل|بطل تبعتلي|بطلوا|كفى|كفاية|يكفي|احذف|شيل|… كفاية|… خلاص' +
    '|取消订阅|取消关注|退订|取关|关闭|关掉|停止|停止订阅|停止关注|停止发送|别再|别再发|不要再|不要再发|不要再给我发|别给我发|别发|不要发|不想再|我不想再|不想要|不要|不用再|不再|够了|删除|… 不用了|… 不要了|… 取消|… 够了|… 别发了|… 退订',
  mute:
    'be quiet|quiet|mute|silence|hush|shush|shh|pipe down|shut up|snooze|pause|be silent|stay quiet|keep quiet|keep silent|leave me alone|do not disturb|don t disturb|dont disturb|do not bother me|don t bother me|dont bother me|stop bothering me|give me a break|zip it|… be quiet|… leave me alone' +
    '|тихо|тише|заглуши|заглушить|помолчи|замолчи|молчи|молчать|молчание|заткнись|цыц|тишина|пауза|поставь на паузу|приглуши|не беспокой|не трогай|не трогай меня|… не трогай|не беспокоить|не тревожь|не отвлекай|отстань|оставь меня в покое|усни|спи|дай поспать|… помолчи|… тихо|… молчи|… тишина|… не беспокой|… не отвлекай' +
    '|тихо|тихіше|помовч|помовчи|помовчіть|замовкни|мовчи|мовчати|мовчання|замовч|тиша|пауза|постав на паузу|заглуши|не турбуй|не чіпай|не чіпай мене|… не чіпай|не турбувати|не відволікай|відчепись|дай поспати|… помовч|… помовчи|… тихо|… тиша|… не турбуй' +
    '|sei still|sei ruhig|sei leise|ruhe|ruhe bitte|stille|leise|stumm|stummschalten|schalte stumm|schweig|schweige|halt die klappe|halt den mund|pause|pausiere|stör mich nicht|störe mich nicht|nicht stören|lass mich in ruhe|lass mich schlafen|… ruhe|… bitte ruhe|… sei still|… stumm|… stummschalten|… nicht stören|… pause|… ruhig' +
    '|silencio|silencia|silenciar|calla|cállate|callado|pausa|pausa los avisos|no molestes|no me molestes|no molestar|déjame en paz|déjame dormir|guarda silencio|… silencio|… cállate|… calla|… callado' +
    '|silence|tais toi|taisez vous|chut|pause|mets en pause|mets en sourdine|en sourdine|muet|ne me dérange pas|me dérange pas|ne pas déranger|laisse moi tranquille|laisse moi dormir|fous moi la paix|… tais toi|… chut|… sourdine|… muet' +
    '|sessiz ol|sessiz|sessizlik|sus|susun|sessize al|sustur|rahatsız etme|rahat bırak|beni rahat bırak|duraklat|ara ver|… sessiz ol|… sessiz kal|… sus|… sessize al|… sustur|… rahatsız etme|… sessizlik|… ara ver' +
    '|ساکت باش|ساکت شو|ساکت|سکوت|سکوت کن|بی صدا کن|بی صدا|خفه شو|خفه|حرف نزن|مزاحم نشو|مزاحمم نشو|وقفه|… ساکت باش|… ساکت شو|… ساکت|… سکوت کن|… بی صدا کن|… بی صدا|… مزاحم نشو|… حرف نزن' +
    '|اصمت|أسكت|اسكت|اسکت|سكوت|صمت|صه|اكتم|كتم|اخرس|هدوء|لا تزعجني|لا تزعج|لا ازعاج|عدم الازعاج|خليني انام|دعني انام|اتركني وشأني|… اسكت|… هدوء|… صمت|… لا تزعجني' +
    '|安静|静音|闭嘴|别吵|别闹|别说话|不要说话|别打扰|别打扰我|不要打扰|不要打扰我|请勿打扰|勿扰|暂停|消音|住口|… 安静|… 静音|… 别打扰|… 别打扰我|… 不要打扰我|… 别吵|… 请勿打扰|… 暂停',
  unmute:
    'unmute|unsilence|resume|you can talk|you can talk again|you can write again|speak again|talk again|write again|wake up|turn alerts back on|sound on' +
    '|пиши снова|снова пиши|можешь писать|можешь снова писать|говори снова|включи звук|отбой тишины|хватит молчать|проснись|размуть|верни уведомления' +
    '|пиши знову|знову пиши|можеш писати|увімкни звук|досить мовчати|прокинься' +
    '|stummschaltung aufheben|ton an|wieder schreiben|du kannst wieder schreiben|schreib wieder|wach auf|ruhe beenden|puedes hablar|puedes escribir|vuelve a escribir|vuelve a avisarme|despierta|reactiva|reactiva los avisos' +
    '|tu peux parler|tu peux écrire|réécris moi|réveille toi|réactive|réactive les alertes|sesi aç|konuşabilirsin|yazabilirsin|tekrar yaz|uyan|دوباره بنویس|سکوت را بردار|بیدار شو|صدا را باز کن|الغاء الكتم|إلغاء الصمت|ارجع اكتب|取消静音|恢复通知|可以说话了|可以发了',
  history:
    'history|history of|show history|show me the history|timeline|what was blocked|past blocks|what did i miss|catch me up' +
    '|история|покажи историю|хроника|что я пропустил|что я пропустила|історія|покажи історію|хроніка|що я пропустив' +
    '|verlauf|zeig den verlauf|was habe ich verpasst|was wurde gesperrt|historial|muestra el historial|qué me perdí|qué bloquearon|historique|montre l historique|qu ai je manqué|qu est ce qui a été bloqué' +
    '|geçmiş|geçmişi göster|neyi kaçırdım|ne kaçırdım|تاریخچه|تاریخچه را نشان بده|سجل|تاريخ الحجب|ماذا فاتني|历史|历史记录|我错过了什么',
};

/** "No more Telegram": about the bot's messages, unless it says that people have none ("no more internet in Iran"). */
export const ABSENCE_VERBS =
  'no more|no messages|no alerts|no notifications|без сообщений|без уведомлений|никаких сообщений|никаких уведомлений|без повідомлень|ніяких повідомлень|keine nachrichten|keine meldungen|keine benachrichtigungen|sin mensajes|sin avisos|sin alertas|ningún mensaje|pas de message|pas de messages|pas de notification|pas de notifications|aucun message|aucune alerte|mesaj yok|bildirim yok|لا رسائل|不要消息|不要通知|don t want|dont want|не хочу|не хочу больше|kein … mehr|keine … mehr|keinen … mehr|plus de|plus d|plus aucune|je veux plus|je veux pas|no más|no quiero|لا أريد|لا اريد';

/** Commands that name nothing; what is typed after their name stands with it. */
export const PLAIN_VERBS: Readonly<Record<string, string>> = {
  history:
    'what happened|what has happened|what did they block|what got blocked|что было|что произошло|что случилось|что происходило|что нового|что заблокировали|что заблочили|что блокировали|що було|що сталося|що відбулося|що нового|що заблокували|was ist passiert|was war|was gibt es neues|was gibt s neues|was ist neu|qué pasó|qué ha pasado|qué hay de nuevo|que s est il passé|qu est ce qui s est passé|quoi de neuf|quoi de nouveau' +
    '|ne oldu|neler oldu|ne var ne yok|چه شد|چی شد|چه اتفاقی افتاد|چه خبر جدید|ماذا حدث|شو صار|ما الجديد|شو الجديد|发生了什么|有什么新消息|最近封了什么',
  'settings digest off':
    'no digest|no digests|digest off|stop the digest|stop digests|no summary|без сводки|не надо сводки|не надо сводок|отключи сводку|выключи сводку|убери сводку|без зведення|вимкни зведення|keine übersicht|keine übersicht mehr|keine zusammenfassung|sin resumen|quita el resumen|sans résumé|pas de résumé|özet istemiyorum|özet gönderme|özeti kapat|خلاصه نفرست|خلاصه نمیخوام|بدون ملخص|لا أريد ملخصا|不要摘要|别发摘要|关闭摘要',
  'settings quiet off':
    'no quiet hours|quiet hours off|turn off quiet hours|без тихих часов|отключи тихие часы|выключи тихие часы|вимкни тихі години|keine ruhezeit|ruhezeit aus|sin horas de silencio|quita las horas de silencio|sans heures calmes|sessiz saatleri kapat|关闭安静时段|取消安静时段',
  forget:
    'forget me|forget us|forget this chat|forget everything|forget all about me|delete my data|delete all my data|delete everything|delete this chat|delete me|erase me|erase my data|wipe my data|remove my data|remove me|забудь меня|забудь нас|забудь всё|забудь всё обо мне|забудь про меня|удали мои данные|удали все мои данные|удали меня|удали всё|сотри мои данные|сотри всё|стереть всё|забудь мене|забудь нас|забудь усе|забудь все про мене|видали мої дані|видали мене|зітри мої дані|зітри все' +
    '|vergiss mich|vergiss uns|vergiss alles|vergiss alles über mich|lösche meine daten|lösch meine daten|lösche alles|lösche mich|meine daten löschen|olvídame|olvídanos|olvida todo|olvida todo sobre mí|borra mis datos|borra todo|elimina mis datos|bórrame|oublie moi|oubliez moi|oublie tout|oublie nous|efface mes données|efface tout|supprime mes données|supprime moi|beni unut|bizi unut|her şeyi unut|verilerimi sil|her şeyi sil|beni sil|bilgilerimi sil' +
    '|من را فراموش کن|منو فراموش کن|فراموشم کن|مرا فراموش کن|همه چیز را فراموش کن|داده های من را پاک کن|داده هایم را پاک کن|اطلاعات من را پاک کن|اطلاعاتمو پاک کن|انسني|انساني|انسنا|انس كل شيء|احذف بياناتي|امسح بياناتي|احذف معلوماتي|امسح كل شيء|忘记我|忘了我|忘记一切|删除我的数据|清除我的数据|删掉我的数据|删除我的信息',
  help:
    'help me|help|what can you do|what do you do|how do you work|how does this work|how do i use this|how to use|how does it work|what commands|show commands|list commands|menu|instructions|что ты умеешь|что ты можешь|что умеешь|как ты работаешь|как это работает|как пользоваться|как тобой пользоваться|помоги|помоги мне|помощь|команды|какие команды|инструкция|меню|що ти вмієш|що ти можеш|як ти працюєш|як це працює|як користуватися|допоможи|допомога|команди|які команди|меню' +
    '|was kannst du|was machst du|wie funktionierst du|wie funktioniert das|wie geht das|hilfe|hilf mir|befehle|welche befehle|anleitung|qué puedes hacer|qué sabes hacer|qué haces|cómo funcionas|cómo funciona|cómo se usa|ayuda|ayúdame|comandos|que sais tu faire|que peux tu faire|qu est ce que tu sais faire|tu fais quoi|comment tu marches|comment ça marche|comment ça fonctionne|aide|aide moi|à l aide|commandes' +
    '|ne yapabilirsin|neler yapabilirsin|nasıl çalışıyorsun|nasıl kullanılır|yardım|yardım et|bana yardım et|komutlar|چه کار می توانی بکنی|چه کار میتوانی بکنی|چیکار میکنی|چه کاری بلدی|چطور کار می کنی|چطور کار میکنی|کمک|کمکم کن|راهنما|راهنمایی|دستورها|ماذا تستطيع|ماذا تستطيع أن تفعل|ماذا يمكنك أن تفعل|شو بتعمل|شو بتقدر تعمل|كيف تعمل|كيف استخدمك|مساعدة|ساعدني|الأوامر|帮助|帮我|你能做什么|你会什么|你能干什么|怎么用|怎么使用|如何使用|使用说明|有什么命令',
  about:
    'who are you|what are you|what is this|what is this bot|who made you|who runs you|are you a bot|are you human|are you real|about you|tell me about yourself|кто ты|ты кто|что ты такое|что это|что это за бот|что за бот|ты бот|ты человек|кто тебя сделал|расскажи о себе|о себе|хто ти|ти хто|що ти таке|що це|що це за бот|ти бот|хто тебе зробив|розкажи про себе' +
    '|wer bist du|was bist du|was ist das|was ist das für ein bot|bist du ein bot|bist du ein mensch|wer hat dich gemacht|quién eres|qué eres|qué es esto|eres un bot|eres humano|quién te hizo|qui es tu|tu es qui|c est quoi ce bot|c est quoi|tu es un bot|es tu un robot|qui t a fait|sen kimsin|kimsin|sen nesin|nesin sen|bu ne|bu bot ne|sen bot musun|seni kim yaptı' +
    '|تو کی هستی|کی هستی|تو چی هستی|این چیه|این ربات چیه|تو رباتی|من أنت|من انت|مين انت|انت مين|ما هذا|شو هذا|هل أنت روبوت|你是谁|你是什么|这是什么|你是机器人吗|谁做的你',
  ping: 'are you there|are you alive|are you up|are you awake|are you ok|you there|anybody there|still alive|still there|ping|test|ты тут|ты здесь|ты жив|ты живой|ты живая|ты работаешь|есть кто|есть кто живой|тест|ау|ти тут|ти живий|ти працюєш|є хтось|bist du da|bist du noch da|lebst du|lebst du noch|funktionierst du|jemand da|estás ahí|estás vivo|sigues ahí|hay alguien|tu es là|t es là|es tu là|tu marches|il y a quelqu un|orada mısın|burada mısın|çalışıyor musun|kimse var mı|هستی|اونجایی|زنده ای|کار می کنی|کار میکنی|هل أنت هنا|انت هنا|انت موجود|هل تعمل|在吗|你在吗|在不在|还在吗|活着吗',
  subscriptions:
    'what do i follow|what am i following|what am i subscribed to|what have i subscribed to|what do i get|my subscriptions|my alerts|my list|show my subscriptions|list my subscriptions|show subscriptions|list subscriptions|what are my subscriptions|subscriptions|на что я подписан|на что я подписана|на что подписан|на что подписана|за чем я слежу|мои подписки|покажи подписки|покажи мои подписки|какие у меня подписки|список подписок|на що я підписаний|на що я підписана|на що підписаний|за чим я стежу|мої підписки|покажи підписки|покажи мої підписки|які в мене підписки' +
    '|was verfolge ich|was habe ich abonniert|wem folge ich|meine abos|meine abonnements|zeig meine abos|zeige meine abos|a qué estoy suscrito|a qué estoy suscrita|qué sigo|mis suscripciones|muestra mis suscripciones|mis avisos|à quoi je suis abonné|à quoi suis je abonné|qu est ce que je suis|que suis je|mes abonnements|montre mes abonnements|liste mes abonnements|neye aboneyim|nelere aboneyim|neyi takip ediyorum|neleri takip ediyorum|aboneliklerim|aboneliklerimi göster|takip ettiklerim' +
    '|چه چیزی را دنبال می کنم|چی رو دنبال می کنم|چی رو دنبال میکنم|چه چیزی را دنبال میکنم|چی دنبال می کنم|چی دنبال میکنم|به چی مشترکم|اشتراک های من|اشتراکهام|اشتراک هایم|اشتراکهای من|ما الذي أتابعه|ماذا أتابع|شو متابع|بماذا أنا مشترك|اشتراكاتي|أرني اشتراكاتي|我关注了什么|我订阅了什么|我的关注|我的订阅|看看我的订阅|显示我的订阅',
  export:
    'what do you know about me|what do you know of me|what data do you have|what data do you keep|what do you keep about me|what do you store about me|what have you stored|my data|show me my data|give me my data|download my data|export my data|export|что ты знаешь обо мне|что ты обо мне знаешь|что ты про меня знаешь|что ты хранишь|что ты хранишь обо мне|какие данные ты хранишь|какие данные обо мне|мои данные|покажи мои данные|дай мои данные|выгрузи мои данные|скачать мои данные|що ти знаєш про мене|що ти про мене знаєш|що ти зберігаєш|які дані ти зберігаєш|мої дані|покажи мої дані|вивантаж мої дані' +
    '|was weißt du über mich|was weißt du von mir|was speicherst du|was hast du über mich gespeichert|welche daten hast du|meine daten|zeig mir meine daten|gib mir meine daten|exportiere meine daten|qué sabes de mí|qué sabes sobre mí|qué guardas de mí|qué datos tienes|mis datos|muéstrame mis datos|dame mis datos|exporta mis datos|que sais tu de moi|que sais tu sur moi|qu est ce que tu sais sur moi|tu sais quoi sur moi|quelles données as tu|mes données|montre moi mes données|donne moi mes données|exporte mes données|benim hakkımda ne biliyorsun|hakkımda ne biliyorsun|hangi verileri saklıyorsun|verilerim|verilerimi göster|verilerimi ver' +
    '|درباره من چه می دانی|درباره من چه میدانی|درباره من چی میدونی|راجع به من چی میدونی|از من چی میدونی|چه داده ای از من داری|داده های من|داده هایم را نشان بده|ماذا تعرف عني|شو بتعرف عني|ما الذي تعرفه عني|ما بياناتي|بياناتي|أرني بياناتي|أعطني بياناتي|你知道我什么|你了解我什么|你知道我的什么|你存了我什么|你有我什么数据|我的数据|导出我的数据|给我我的数据',
  settings:
    'settings|my settings|show settings|show me the settings|open settings|preferences|options|настройки|мои настройки|покажи настройки|открой настройки|налаштування|мої налаштування|покажи налаштування|відкрий налаштування|einstellungen|meine einstellungen|zeig die einstellungen|öffne die einstellungen|ajustes|mis ajustes|muestra los ajustes|configuración|abre los ajustes|réglages|mes réglages|montre les réglages|paramètres|ouvre les réglages|ayarlar|ayarlarım|ayarları göster|ayarları aç|تنظیمات|تنظیمات من|تنظیمات را نشان بده|الإعدادات|اعدادات|إعداداتي|أرني الإعدادات|设置|我的设置|打开设置|显示设置',
  'settings sound off':
    'no sound|without sound|sound off|turn off the sound|turn the sound off|turn sound off|make no sound|silent messages|send silently|без звука|выключи звук|звук выключи|звук отключи|звук выкл|звук вимкни|отключи звук|убери звук|не звени|без звуку|вимкни звук|прибери звук|ohne ton|ton aus|schalte den ton aus|mach den ton aus|sin sonido|quita el sonido|apaga el sonido|sans son|coupe le son|enlève le son|sesi kapat|sesi kıs|sessiz bildirim|صدا را قطع کن|صدا رو قطع کن|بدون صدا|بدون صوت|أطفئ الصوت|اطفي الصوت|关闭声音|关掉声音|不要声音|无声',
  'settings sound on':
    'turn on the sound|turn the sound on|turn sound on|with sound|со звуком|верни звук|зі звуком|поверни звук|mit ton|schalte den ton ein|con sonido|activa el sonido|avec son|remets le son|صدا را وصل کن|با صدا|شغل الصوت|打开声音|开启声音',
  'settings pictures off':
    'no pictures|without pictures|pictures off|turn off pictures|turn pictures off|no images|без картинок|выключи картинки|отключи картинки|не надо картинок|убери картинки|без зображень|вимкни зображення|не треба картинок|ohne bilder|keine bilder|keine bilder mehr|bilder aus|schalte die bilder aus|sin imágenes|sin fotos|quita las imágenes|sans images|sans photos|enlève les images|resimsiz|görselleri kapat|resimleri kapat|resim gönderme|بدون تصویر|بدون عکس|تصویرها را خاموش کن|بدون صور|أطفئ الصور|不要图片|关闭图片',
  'level early':
    'tell me early|tell me as early as possible|as early as possible|tell me even if not sure|also unconfirmed|even rumours|even rumors|report everything early|сообщай сразу|сообщай как можно раньше|пиши сразу|как можно раньше|даже если не точно|даже слухи|якнайшвидше|повідомляй одразу|навіть чутки|so früh wie möglich|auch gerüchte|auch unbestätigtes|lo antes posible|cuanto antes|incluso rumores|también sin confirmar|le plus tôt possible|même les rumeurs|même non confirmé|mümkün olduğunca erken|söylentileri de bildir|هر چه زودتر|حتی شایعه|بأسرع وقت|في أسرع وقت|حتى الشائعات|尽早通知|越早越好|尽早告诉我',
  'level confirmed':
    'only confirmed|only when confirmed|only when certain|only what is certain|only when sure|only if sure|only if confirmed|tell me only when confirmed|tell me only when sure|tell me only what is confirmed|только наверняка|только точное|только когда точно|пиши только когда точно|сообщай только наверняка|только подтвержденное измерениями|тільки напевно|тільки коли точно|пиши тільки напевно|nur wenn es sicher ist|nur sicheres|nur wenn sicher|nur gemessenes|solo confirmado|solo cuando sea seguro|solo lo seguro|solo lo confirmado|seulement si c est sûr|seulement le sûr|seulement confirmé|uniquement confirmé|que le confirmé|sadece kesin olanları|sadece kesinleşince|yalnızca kesin|فقط قطعی|فقط تاییدشده|فقط وقتی مطمئنی|فقط المؤكد|المؤكد فقط|فقط عند التأكد|只要确认的|只发确认的|确定了再告诉我',
};

/** With the times of day that are named: "a digest every day at 9", "no messages from 23 to 8". */
export const TIMED_VERBS: Readonly<Record<string, string>> = {
  'settings digest':
    'digest|a digest|send a digest|send me a digest|send me one digest|send me the digest|i want a digest|give me a digest|daily digest|weekly digest|summary|a summary|send a summary|send me a summary|daily summary|weekly summary|morning summary|once a day|once a week|сводка|сводку|присылай сводку|шли сводку|хочу сводку|дай сводку|дайджест|присылай дайджест|хочу дайджест|ежедневная сводка|еженедельная сводка|раз в день|раз в неделю|зведення|надсилай зведення|хочу зведення|дайджест|надсилай дайджест|раз на день|раз на тиждень' +
    '|übersicht|schick mir eine übersicht|schick mir täglich|tägliche übersicht|wöchentliche übersicht|zusammenfassung|schick mir eine zusammenfassung|tägliche zusammenfassung|wöchentliche zusammenfassung|einmal am tag|einmal pro woche|resumen|un resumen|mándame un resumen|envíame un resumen|quiero un resumen|resumen diario|resumen semanal|una vez al día|una vez por semana|résumé|un résumé|envoie moi un résumé|je veux un résumé|résumé quotidien|résumé hebdomadaire|une fois par jour|une fois par semaine' +
    '|özet|günlük özet|haftalık özet|bana özet gönder|günde bir|haftada bir|… özet gönder|… özet yolla|… özet istiyorum|… özet at|خلاصه|خلاصه بفرست|خلاصه روزانه|خلاصه هفتگی|روزی یک بار|هفته ای یک بار|… خلاصه بفرست|… خلاصه بده|… خلاصه می خواهم|… خلاصه میخواهم|ملخص|أرسل لي ملخصا|ارسل لي ملخص|ابعتلي ملخص|ملخص يومي|ملخص أسبوعي|مرة في اليوم|مرة في الأسبوع|摘要|每日摘要|每周摘要|发摘要|给我发摘要|每天发摘要|每天一次|每周一次|… 发摘要|… 发一次摘要|… 给我发摘要|… 发一份摘要|… 发个摘要',
  'settings quiet':
    'quiet hours|set quiet hours|night mode|no messages at night|no alerts at night|do not write at night|do not wake me|do not wake me at night|don t wake me|dont wake me|don t write at night|dont write at night|do not disturb at night|quiet at night|no messages from|no alerts from|quiet from|silence from|тихие часы|поставь тихие часы|не пиши ночью|не пиши мне ночью|не буди|не буди меня|ночью не пиши|ночью не буди|по ночам не пиши|ночной режим|тихо ночью|не пиши с|не пиши мне с|тихо с|тихі години|не пиши вночі|не буди мене|вночі не пиши|нічний режим|не пиши з' +
    '|ruhezeit|ruhezeiten|nachts ruhe|nachts nicht|schreib nachts nicht|nachts nicht stören|weck mich nicht|nachtmodus|ruhe von|keine nachrichten von|horas de silencio|horas tranquilas|no me escribas de noche|no me escribas por la noche|no me despiertes|modo noche|modo nocturno|silencio de|heures calmes|pas de messages la nuit|ne m écris pas la nuit|ne me réveille pas|mode nuit|silence de|silence entre' +
    '|sessiz saatler|gece yazma|geceleri yazma|beni uyandırma|gece modu|ساعت های آرام|ساعات آرام|شب ها پیام نده|شب پیام نده|شبا پیام نده|بیدارم نکن|حالت شب|ساعات الهدوء|لا تراسلني ليلا|لا ترسل لي بالليل|لا توقظني|الوضع الليلي|安静时段|免打扰时段|晚上别发|晚上不要发|夜里别打扰|夜间模式|别吵醒我|晚上别打扰我',
};

/** With a place whose clock is meant. */
export const ZONE_VERBS: Readonly<Record<string, string>> = {
  timezone:
    'my time zone is|my timezone is|my time zone|my timezone|time zone|timezone|set time zone to|set timezone to|set my time zone to|set my timezone to|set the time to|change time zone to|change timezone to|use time zone|use … time|use the time of|i live in … time|i am in … time|im in … time|my time is|show times in|my clock is' +
    '|мой часовой пояс|часовой пояс|поставь часовой пояс|измени часовой пояс|смени часовой пояс|время по|поставь время|показывай время по|пиши время по|я в … время|я живу в … время|моё время|у меня время|мій часовий пояс|часовий пояс|постав часовий пояс|зміни часовий пояс|час за|постав час|показуй час за|я в … час|я живу в … час|я у … час' +
    '|meine zeitzone ist|meine zeitzone|zeitzone|stell die zeitzone auf|zeitzone auf|nimm die zeit von|ich bin in … zeit|ich wohne in … zeit|ich lebe in … zeit|mi zona horaria es|mi zona horaria|zona horaria|pon la hora de|cambia la zona horaria a|usa la hora de|estoy en … hora|vivo en … hora|mon fuseau horaire est|mon fuseau horaire|mon fuseau est|fuseau horaire|mets le fuseau de|mets l heure de|utilise l heure de|je suis à … heure|je vis à … heure|j habite à … heure' +
    '|saat dilimim|saat dilimi|saat dilimini … yap|saatim|saati … yap|… saatini kullan|… saatine göre yaz|منطقه زمانی من|منطقه زمانی|ساعت را به … تغییر بده|به وقت|به وقت … بنویس|منطقتي الزمنية|المنطقة الزمنية|توقيتي|بتوقيت|استخدم توقيت|我的时区是|我的时区|时区|时区改成|时区改为|把时区改成|用 … 时间|按 … 时间',
};

/** What narrows an order down: such a one is not understood by half. */
export const LIMITS =
  'except excepting excluding but only besides without instead unless every each daily weekly hourly кроме только лишь без исключая вместо кажд каждый каждую каждые каждое ежедневно еженедельно крім окрім тільки лише замість щодня щотижня кожен кожну кожні außer nur ohne ausgenommen statt täglich wöchentlich jeden jede excepto salvo menos solo sólo solamente sin cada diario sauf excepté seulement uniquement sans chaque quotidien hariç dışında sadece yalnız yalnızca her günlük haftalık بجز جز غیر فقط بدون هر الا عدا ماعدا باستثناء فقط بدون کل یومیا 除了 只 仅 每天 每周';

/** What is to be told when it happens. */
export const CONDITIONS =
  'if when once whenever soon если когда коли якщо только як-тільки wenn sobald falls si cuando quand dès lorsque اگه اگر وقتی هروقت اذا لما عندما لو بمجرد 如果 一旦 要是 eğer';
export const CONDITION_ENDINGS =
  /(?:[iıuü]nc[ae]|[iıuüae]rs[ae]|dığında|diğinde|duğunda|düğünde|tığında|tiğinde)$|^如果|^一旦|^要是/u;

/** No time that a mute may last. */
export const FOREVER =
  'forever ever always навсегда вечно всегда назавжди завжди вічно immer ewig siempre toujours jamais sonsuza hep همیشه ابد للابد دایما الابد 永远 一直';

/** Before a verb: whom it is said to, and manners. */
const POLITE =
  'please pls plz well alright everything fine enough also listen всё все ладно так ой слышь ну короче добре слухай na also gut okay vale bueno mira oye bon alors écoute dis tamam hadi şey خب خوب ببین بچه یا جماعه طیب اسمع خلص 那 好 can could would will you hey hi hello ok okay so bot tocsin just kindly пожалуйста плиз пж можешь можете мог бы не мог ли ты эй бот а ну слушай привет давай будь ласка чи можеш можете бот bitte kannst könntest können könnten sie du mal hallo hey por favor puedes podrías puede hola oye s il te vous plait plaît peux tu pouvez pourrais salut lütfen beni bana bizi bir rica etsem lütfen من را منو برای من لطفا میشه می شه من فضلک لو سمحت ممکن رجاء ارجوک 请 帮我 麻烦 i d like to want i want to would like me id quiero quisiera je voudrais veux хочу хотел бы хотела ich möchte will|please pls plz can could would will you hey hi hello ok okay so bot tocsin just kindly пожалуйста плиз пж можешь можете мог бы не мог ли ты эй бот а ну слушай привет давай будь ласка чи можеш можете бот bitte kannst könntest können könnten sie du mal hallo hey por favor puedes podrías puede hola oye s il te vous plait plaît peux tu pouvez pourrais salut lütfen beni bana bizi bir rica etsem lütfen من را منو برای من لطفا میشه میشه من فضلک لو سمحت ممکن رجاء ارجوک 请 帮我 麻烦 i d like to want i want to would like me id quiero quisiera je voudrais veux хочу хотел бы хотела ich möchte will';

export const polite: ReadonlySet<string> = new Set(POLITE.split(' ').flatMap((word) => keyOf(word).split(' ')));

export const GREETINGS =
  'hi|hello|hey|hiya|yo|sup|hi there|hello there|hey there|good morning|good evening|good day|good afternoon|good night|morning|thanks|thank you|thx|ty|cheers|bye|goodbye|ok|okay|great|cool|nice|well done|good bot|good job|how are you|how are you doing|whats up|what s up|lol|haha' +
  '|привет|приветик|приветствую|здравствуйте|здравствуй|здрасте|здрасьте|добрый день|добрый вечер|доброе утро|доброго дня|доброй ночи|доброго времени суток|хай|салют|ку|спасибо|спс|благодарю|пока|до свидания|ок|окей|хорошо|отлично|круто|супер|молодец|ясно|понятно|понял|поняла|как дела|как ты|как жизнь|ты лучший|ты молодец|ты супер' +
  '|привіт|вітаю|добрий день|добрий вечір|доброго ранку|доброго дня|доброго вечора|на добраніч|здоров|дякую|дякую дуже|щиро дякую|спасибі|бувай|до побачення|добре|чудово|супер|молодець|зрозуміло|як справи|як ти|слава україні' +
  '|hallo|hallöchen|moin|guten tag|guten morgen|guten abend|gute nacht|grüß dich|grüß gott|grüezi|servus|na|danke|danke schön|dankeschön|danke dir|vielen dank|tschüss|auf wiedersehen|ok|super|toll|prima|wie geht s|wie geht es dir|wie geht s dir|alles klar' +
  '|hola|buenas|buenos días|buenas tardes|buenas noches|qué tal|cómo estás|cómo andas|gracias|muchas gracias|mil gracias|adiós|chao|hasta luego|vale|genial|perfecto|bien|crack|eres un crack' +
  '|bonjour|salut|coucou|bonsoir|bonne nuit|bonne journée|merci|merci beaucoup|merci bien|au revoir|à bientôt|ok|super|parfait|génial|d accord|ça va|comment ça va|comment vas tu' +
  '|merhaba|merhabalar|selam|selamlar|selamün aleyküm|günaydın|iyi günler|iyi akşamlar|iyi geceler|teşekkürler|teşekkür ederim|çok teşekkürler|sağ ol|sağol|eyvallah|hoşça kal|görüşürüz|tamam|süper|harika|nasılsın|naber|ne haber|nasıl gidiyor' +
  '|سلام|سلام علیکم|درود|درود بر شما|صبح بخیر|شب بخیر|عصر بخیر|روز بخیر|وقت بخیر|ممنون|ممنونم|خیلی ممنون|مرسی|سپاس|متشکرم|تشکر|دمت گرم|خداحافظ|بای|باشه|اوکی|عالی|خوبی|خوبین|چطوری|حالت چطوره|چه خبر|خسته نباشی|خسته نباشید' +
  '|مرحبا|مرحبا بك|أهلا|أهلا وسهلا|هلا|السلام عليكم|سلام عليكم|السلام عليكم ورحمة الله|صباح الخير|مساء الخير|تصبح على خير|شكرا|شكرا جزيلا|شكرا لك|مشكور|يسلمو|يعطيك العافية|مع السلامة|تمام|طيب|ممتاز|كيفك|كيف حالك|كيف الحال|شلونك|شو الأخبار|ازيك' +
  '|你好|您好|你好呀|你好啊|嗨|哈喽|哈罗|嘿|早|早上好|早安|下午好|晚上好|晚安|谢谢|谢谢你|多谢|感谢|再见|拜拜|好的|好|很好|太好了|辛苦了|你好吗|最近怎么样|在吗';

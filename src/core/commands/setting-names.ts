/** What settings and their values are called, in ten languages; "|" between words. Read as folded words (`keyOf`). */
import { keyOf } from './target-names.ts';

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

const ELSEWHERE = {
  language: 'language|lang|язык|мова|sprache|idioma|lengua|langue|dil|زبان|اللغة|لغة|语言',
  timezone:
    'timezone|time zone|tz|clock|часовой пояс|пояс|время|часовий пояс|час|zeitzone|uhrzeit|zona horaria|huso horario|hora|fuseau horaire|fuseau|heure|saat dilimi|saat|منطقه زمانی|منطقهٔ زمانی|ساعت|المنطقة الزمنية|التوقيت|时区|时间',
  level:
    'level|sure|how sure|certainty|когда писать|уровень|точность|наскільки певно|рівень|певність|stufe|sicherheit|wie sicher|nivel|certeza|cuán seguro|niveau|certitude|düzey|seviye|kesinlik|ne kadar kesin|اطمینان|سطح|چقدر مطمئن|درجة التأكد|درجة|المستوى|确定程度|等级|级别',
  link: 'link|pair|second chat|fallback|if this platform fails|запасной чат|второй чат|запасной|запасний чат|другий чат|zweitchat|zweiter chat|segundo chat|chat de secours|second chat|ikinci sohbet|گفتگوی دوم|المحادثة الثانية|备用聊天|备用',
} as const;
/** Settings that are commands by themselves. */
export type OtherSetting = keyof typeof ELSEWHERE;

const byWord = <T extends string>(table: Readonly<Record<T, string>>): ReadonlyMap<string, T> =>
  new Map(
    (Object.entries(table) as [T, string][]).flatMap(([name, words]) =>
      words.split('|').map((word) => [keyOf(word), name] as const),
    ),
  );
const keys = (words: string): ReadonlySet<string> => new Set(words.split('|').map(keyOf));

export const settingNames = byWord<SettingName>(SETTINGS);
export const otherSettings = byWord<OtherSetting>(ELSEWHERE);

export const ON = keys(
  'on|yes|true|enable|enabled|start|вкл|включить|включи|включено|да|есть|увімк|увімкнути|увімкни|так|є|an|ein|einschalten|ja|aktivieren|sí|activar|activa|activado|encendido|encender|oui|activer|active|activé|allumer|marche|açık|aç|evet|etkin|روشن|بله|آره|فعال|وصل|نعم|تشغيل|تفعيل|شغل|مفعل|开|打开|开启|是|启用',
);
export const OFF = keys(
  'off|no|none|never|false|disable|disabled|stop|end|выкл|выключить|выключи|отключить|отключи|выключено|нет|никогда|без|вимк|вимкнути|вимкни|ні|ніколи|aus|ausschalten|nein|nie|deaktivieren|nunca|desactivar|desactiva|desactivado|apagado|apagar|apaga|non|jamais|désactiver|désactive|désactivé|éteindre|coupé|kapalı|kapat|hayır|asla|devre dışı|خاموش|نه|هرگز|غیرفعال|لا|أبدا|إيقاف|ايقاف|تعطيل|أطفئ|معطل|关|关闭|关掉|否|不要|停用',
);
export const DAILY = keys(
  'day|daily|день|ежедневно|каждый|щодня|кожен|щоденно|täglich|tag|tage|diario|diaria|diariamente|día|días|cada|quotidien|quotidienne|jour|jours|chaque|günlük|gün|her gün|gunluk|روزانه|روز|هر روز|هرروز|يومي|يوميا|يوم|كل يوم|每天|每日|天天',
);
export const WEEKLY = keys(
  'week|weekly|monday|mondays|неделя|неделю|неделе|еженедельно|понедельник|понедельникам|тиждень|щотижня|понеділок|понеділка|понеділках|wöchentlich|woche|montag|montags|semanal|semanalmente|semana|lunes|hebdomadaire|semaine|lundi|lundis|haftalık|hafta|pazartesi|هفتگی|هفته|دوشنبه|أسبوعي|أسبوعيا|أسبوع|الاثنين|每周|每星期|周一|星期一',
);
/** Said beside a value: "every day at 9", "по понедельникам в 10". */
export const BESIDE = keys(
  'todos|todo|tout|every|each|at|on|in|the|a|once|per|of|каждые|раз|в|по|на|кожні|раз|щодо|о|об|alle|jeden|jede|um|uhr|am|einmal|pro|por|cada|los|las|la|el|una|vez|a|al|tous|toutes|les|le|à|a|par|fois|une|her|bir|kez|saat|kere|هر|در|ساعت|بار|یک|كل|في|الساعة|مرة|每|点|次|一|在|天',
);
export const DAYS = keys(
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

/** What is typed after "settings". */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readSetting } from '../../../src/core/commands/settings/settings.ts';
import { type ChatSettings, DEFAULT_SETTINGS } from '../../../src/core/model/chat.ts';
import { known } from '../../fakes/known.ts';

const night: ChatSettings = { ...DEFAULT_SETTINGS, quiet: { from: 1_380, to: 480, critical: true } };
const weekly: ChatSettings = { ...DEFAULT_SETTINGS, digest: { every: 'week', at: 600 } };

/** What the words change, as the changed part alone; else the kind. */
function changeOf(text: string, before: ChatSettings = DEFAULT_SETTINGS): unknown {
  const read = readSetting(text, known);
  if (read.kind === 'other') return `other ${read.name} ${read.args}`;
  if (read.kind !== 'set') return read.kind === 'page' ? `page ${read.name}` : read.kind;
  const after = read.to(before);
  const changed = Object.entries(after).filter(([key, value]) => value !== before[key as keyof ChatSettings]);
  return Object.fromEntries(changed);
}

describe('settings, typed', () => {
  test.each<[string, unknown, ChatSettings?]>([
    ['', 'menu'],
    ['quiet', 'page quiet'],
    ['тихие часы', 'page quiet'],
    ['quiet 23-8', { quiet: { from: 1_380, to: 480, critical: false } }],
    ['quiet 23:00–08:00', { quiet: { from: 1_380, to: 480, critical: false } }],
    ['quiet hours from 22:30 to 6.45', { quiet: { from: 1_350, to: 405, critical: false } }],
    ['тихие часы с 23 до 8', { quiet: { from: 1_380, to: 480, critical: false } }],
    ['ночь 0:00 9:00', { quiet: { from: 0, to: 540, critical: false } }],
    ['quiet 22-24', { quiet: { from: 1_320, to: 0, critical: false } }],
    ['quiet 22-7', { quiet: { from: 1_320, to: 420, critical: true } }, night],
    ['quiet off', { quiet: null }, night],
    ['тихие часы выкл', { quiet: null }, night],
    ['quiet 8-8', 'unknown'],
    ['quiet 24-0', 'unknown'],
    ['quiet 25-8', 'unknown'],
    ['quiet 23:61-8', 'unknown'],
    ['quiet 23', 'unknown'],
    ['quiet on', 'unknown'],
    ['critical off', { quiet: { from: 1_380, to: 480, critical: false } }, night],
    ['critical on', {}],
    ['digest', 'page digest'],
    ['digest daily 9:00', { digest: { every: 'day', at: 540 } }],
    ['digest weekly', { digest: { every: 'week', at: 540 } }],
    ['digest on', { digest: { every: 'day', at: 540 } }],
    ['digest 18:30', { digest: { every: 'week', at: 1_110 } }, weekly],
    ['digest every day at 7', { digest: { every: 'day', at: 420 } }, weekly],
    ['сводка каждый день в 9:30', { digest: { every: 'day', at: 570 } }],
    ['сводка по понедельникам в 10:00', { digest: { every: 'week', at: 600 } }],
    ['digest off', { digest: null }, weekly],
    ['digest 25:00', 'unknown'],
    ['digest sometimes', 'unknown'],
    ['sound off', { sound: false }],
    ['звук выключить', { sound: false }],
    ['sound on', {}],
    ['pictures нет', { pictures: false }],
    ['reminders', 'page reminders'],
    ['reminders 3', { reminders: 3 }],
    ['reminders every 3 days', { reminders: 3 }],
    ['напоминания раз в 7 дней', { reminders: 7 }],
    ['reminders daily', { reminders: 1 }],
    ['reminders weekly', { reminders: 7 }],
    ['reminders 4', 'unknown'],
    ['report on', { allQuiet: true }],
    ['отчёт вкл', { allQuiet: true }],
    ['nonsense', 'unknown'],
    ['toString', 'unknown'],
    ['level early', 'other level early'],
    ['time zone Europe/Berlin', 'other timezone Europe/Berlin'],
    ['язык english', 'other language english'],
    ['digest daily 9 10', 'unknown'],
    ['digest every parsec', 'unknown'],
  ])('“%s”', (text, expected, before) => expect(changeOf(text, before)).toEqual(expected));

  const at23 = { quiet: { from: 1_380, to: 480, critical: false } };
  const nine = { digest: { every: 'day', at: 540 } };
  test.each<[string, string[], unknown]>([
    [
      'quiet hours',
      [
        'тихі години з 23 до 8',
        'тиша 23-8',
        'Ruhezeit von 23 Uhr bis 8 Uhr',
        'Nacht 23:00–08:00',
        'Horas de silencio de 23 a 8',
        'silencio 23h-8h',
        'Heures calmes de 23h à 8h',
        "silence 23 jusqu'à 8",
        "Sessiz saatler 23'ten 8'e",
        'gece 23:00-08:00',
        'ساعت‌های آرام از ۲۳ تا ۸',
        'شب ۲۳-۸',
        'ساعات الهدوء من ٢٣ إلى ٨',
        'الليل 23:00-08:00',
        '安静时段 23点到8点',
        '免打扰 从23到8',
      ],
      at23,
    ],
    [
      'a digest',
      [
        'зведення щодня о 9',
        'Übersicht täglich um 9 Uhr',
        'Zusammenfassung jeden Tag 9:00',
        'resumen cada día a las 9',
        'Résumé tous les jours à 9h00',
        "özet her gün saat 9'da",
        'özet günlük 9:00',
        'خلاصه هر روز ساعت ۹',
        'ملخص يوميا الساعة ٩',
        '摘要 每天9点',
      ],
      nine,
    ],
    [
      'a weekly digest',
      [
        'зведення щотижня',
        'Übersicht wöchentlich',
        'resumen semanal',
        'résumé hebdomadaire',
        'özet haftalık',
        'خلاصه هفتگی',
        'ملخص أسبوعي',
        '摘要 每周',
      ],
      { digest: { every: 'week', at: 540 } },
    ],
    [
      'no sound',
      ['звук вимкни', 'Ton aus', 'sonido no', 'son désactivé', 'ses kapalı', 'صدا خاموش', 'الصوت إيقاف', '声音 关闭'],
      { sound: false },
    ],
    [
      'no pictures',
      [
        'картинки вимк',
        'Bilder ausschalten',
        'imágenes desactivar',
        'images non',
        'görseller kapat',
        'تصویرها خاموش',
        'الصور تعطيل',
        '图片 关',
      ],
      { pictures: false },
    ],
    [
      'a reminder every three days',
      [
        'нагадування кожні 3 дні',
        'Erinnerungen alle 3 Tage',
        'recordatorios cada 3 días',
        'rappels tous les 3 jours',
        'hatırlatmalar 3 günde bir',
        'یادآوری هر ۳ روز',
        'تذكير كل ٣ أيام',
        '提醒 每3天',
      ],
      { reminders: 3 },
    ],
    [
      'quiet weeks are told',
      [
        'спокійні тижні увімк',
        'ruhige Wochen an',
        'semanas tranquilas sí',
        'semaines calmes oui',
        'sakin haftalar açık',
        'هفته‌های آرام روشن',
        'أسابيع هادئة تشغيل',
        '平静的一周 开',
      ],
      { allQuiet: true },
    ],
  ])('%s, in the eight newer languages', (_, typed, expected) => {
    for (const text of typed) expect(changeOf(text), text).toEqual(expected);
  });

  test('whatever is typed: an answer, and settings that may be kept', () => {
    const names = fc.constantFrom('quiet', 'digest', 'sound', 'reminders', 'critical', 'report', 'pictures', 'x');
    fc.assert(
      fc.property(
        names,
        fc.string({ maxLength: 100 }),
        fc.constantFrom(DEFAULT_SETTINGS, night, weekly),
        (name, rest, before) => {
          const read = readSetting(`${name} ${rest}`, known);
          if (read.kind !== 'set') return;
          const { quiet, digest, reminders } = read.to(before);
          if (quiet)
            expect(quiet.from !== quiet.to && [quiet.from, quiet.to].every((one) => one >= 0 && one < 1_440)).toBe(
              true,
            );
          if (digest) expect(digest.at >= 0 && digest.at < 1_440).toBe(true);
          expect([0, 1, 3, 7]).toContain(reminders);
        },
      ),
    );
  });
});

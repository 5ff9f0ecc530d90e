/** The console adapter's one word of its own, before a message that takes the place of an earlier one. */
const UPDATE: Record<string, string> = {
  en: 'Update',
  ru: 'Обновление',
  fa: 'به‌روز شد',
  tr: 'Güncelleme',
  uk: 'Оновлення',
  de: 'Neuer Stand',
  es: 'Actualización',
  fr: 'Mise à jour',
  ar: 'تحديث',
  zh: '更新',
};

/** By ISO 639-1; English where it is missing. */
export const updateWord = (lang: string): string => UPDATE[lang] ?? UPDATE.en!;

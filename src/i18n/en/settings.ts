import type { SettingsPhrases } from '../../core/phrases/settings.ts';
import type { TextsOf } from '../../core/ports/translate.ts';

export const settings: TextsOf<SettingsPhrases> = {
  'level.early': 'early: from the first report on; some turn out wrong',
  'level.corroborated': 'corroborated: two independent outlets, an official notice, or a measurement',
  'level.confirmed': 'confirmed: only what was measured beyond doubt',

  'settings.head': 'Settings of this chat',
  'settings.language': 'Language',
  'settings.timezone': 'Time zone',
  'settings.level': 'How sure before I write',
  'settings.zone': '{zone} (now {time})',
  'settings.type': 'To change one of them, type what stands behind it, with a value of your own.',

  'language.ask': 'This chat speaks English. To change that: {command}',
  'language.done': 'From now on I speak English here.',
  'language.unknown': 'I do not speak “{word}” yet.',

  'timezone.now': 'Times here are in {zone}; it is {time}.',
  'timezone.ask': 'To change that, name a city: {command}',
  'timezone.done': 'Times here are now in {zone}; it is {time}.',
  'timezone.unknown': 'I know no time zone “{word}”.',
  'timezone.share': 'Or share your location here: I keep only the time zone.',
  'timezone.here': 'The button below sends me where you are. I keep only the time zone, never the place.',
  'timezone.kept': 'I keep only the time zone, not the place.',
  'timezone.others': 'If your clock shows another time, tap yours:',
  'timezone.nowhere': 'I know no town near that place.',

  'level.now': 'How sure before I write – {level}.',
  'level.done': 'Done. How sure before I write – {level}.',
  'level.more': 'Also open right now, though less sure:',
  'level.unknown': 'I know no level “{word}”.',

  'export.head': 'Everything that I keep about this chat, one row a line (JSON, times in UTC):',
  'export.part': 'Part {part} of {parts}.',
  'export.next': 'The next part: {command}',
  'export.rest': { one: '{n} older row is left out.', other: '{n} older rows are left out.' },

  'forget.ask':
    'Delete everything about this chat: what it follows, mutes, settings? Alerts end; nothing can be brought back.',
  'forget.confirm': 'To confirm, type {command}',
  'forget.done': 'Everything about this chat is deleted. Farewell, and stay connected.',
  'forget.nothing': 'I keep nothing about this chat.',
};

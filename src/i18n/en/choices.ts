import type { ChoicePhrases } from '../../core/phrases/choices.ts';
import type { TextsOf } from '../../core/ports/translate.ts';

export const choices: TextsOf<ChoicePhrases> = {
  'settings.on': 'on',
  'settings.off': 'off',
  'settings.turnOff': 'Turn off',
  'settings.unknown': 'I do not understand “{word}” here.',
  'settings.other': 'Other times: {command}',
  'settings.utc': 'Your time zone is not set yet, so these are times of UTC: {command}',
  'settings.quiet': 'Quiet hours',
  'settings.quiet.what':
    'In quiet hours nothing rings. I go on watching, and one message at their end tells what happened. If you allow it, what is critical rings all the same: the internet of a whole country switched off, a confirmed block of a service that you follow by name, or a block of the app that you read this in.',
  'settings.quiet.hours': '{from}–{to}',
  'settings.quiet.critical': '{from}–{to}; what is critical rings all the same',
  'settings.critical.turnOn': 'Let critical alerts ring',
  'settings.critical.turnOff': 'Hold critical ones, too',
  'settings.critical.none': 'Choose quiet hours first.',
  'settings.digest': 'Digest',
  'settings.digest.what':
    'A regular message without a sound: what changed since the last one, and what is cut off now. Alerts come all the same.',
  'settings.digest.day': 'every day at {time}',
  'settings.digest.week': 'on Mondays at {time}',
  'settings.sound': 'Sound',
  'settings.sound.what': 'Without sound, alerts arrive silently.',
  'settings.sound.turnOn': 'Turn sound on',
  'settings.sound.turnOff': 'Turn sound off',
  'settings.pictures': 'Pictures',
  'settings.pictures.what': 'Some answers come with a picture, such as a timeline.',
  'settings.pictures.turnOn': 'Turn pictures on',
  'settings.pictures.turnOff': 'Turn pictures off',
  'settings.reminders': 'Reminders',
  'settings.reminders.what':
    'While something that I wrote to you about lasts, I remind you of it at noon, without a sound.',
  'settings.reminders.1': 'every day',
  'settings.reminders.3': 'every three days',
  'settings.reminders.7': 'every week',
  'settings.report': 'Quiet weeks',
  'settings.report.what':
    'On the Monday after a week in which I had nothing to tell you: that it was quiet, and how well I can see.',
  'settings.report.turnOn': 'Report quiet weeks',
  'settings.report.turnOff': 'No report of quiet weeks',
};

/** How each setting of `settings` is told, and what may be chosen instead. Pure. */
import { type ChatSettings, REMINDERS } from '../model/settings.ts';
import type { Translator } from '../ports/translate.ts';
import type { SettingName } from './setting-names.ts';
import { clockText, DIGEST_AT, QUIET_CHOICES } from './settings-words.ts';

type Shown = Exclude<SettingName, 'critical'>;

export interface Choice {
  label: string;
  command: string;
}

/** "23:00–08:00; what is critical rings all the same". */
export function settingText(name: Shown, settings: ChatSettings, words: Translator): string {
  const { quiet, digest, reminders } = settings;
  const off = words.say('settings.off');
  const onOff = (on: boolean): string => (on ? words.say('settings.on') : off);
  switch (name) {
    case 'quiet': {
      if (quiet === null) return off;
      const hours = { from: clockText(quiet.from), to: clockText(quiet.to) };
      return words.say(quiet.critical ? 'settings.quiet.critical' : 'settings.quiet.hours', hours);
    }
    case 'digest':
      return digest === null ? off : words.say(`settings.digest.${digest.every}`, { time: clockText(digest.at) });
    case 'sound':
      return onOff(settings.sound);
    case 'pictures':
      return onOff(settings.pictures);
    case 'reminders':
      return reminders === 0 ? off : words.say(`settings.reminders.${reminders}`);
    case 'report':
      return onOff(settings.allQuiet);
  }
}

/** What it is not now, the likely ones first. */
export function choicesOf(name: Shown, settings: ChatSettings, words: Translator): Choice[] {
  switch (name) {
    case 'quiet':
      return quietChoices(settings, words);
    case 'digest':
      return digestChoices(settings, words);
    case 'sound':
      return [switched(name, settings.sound, words)];
    case 'pictures':
      return [switched(name, settings.pictures, words)];
    case 'report':
      return [switched(name, settings.allQuiet, words)];
    case 'reminders':
      return REMINDERS.filter((days) => days !== settings.reminders).map((n) => ({
        label: n === 0 ? words.say('settings.turnOff') : words.say(`settings.reminders.${n}`),
        command: `settings reminders ${n === 0 ? 'off' : n}`,
      }));
  }
}

const switched = (name: 'sound' | 'pictures' | 'report', on: boolean, words: Translator): Choice => ({
  label: words.say(on ? `settings.${name}.turnOff` : `settings.${name}.turnOn`),
  command: `settings ${name} ${on ? 'off' : 'on'}`,
});

function quietChoices({ quiet }: ChatSettings, words: Translator): Choice[] {
  const hours = QUIET_CHOICES.filter(({ from, to }) => quiet?.from !== from || quiet.to !== to).map(({ from, to }) => {
    const [begin, end] = [clockText(from), clockText(to)];
    return {
      label: words.say('settings.quiet.hours', { from: begin, to: end }),
      command: `settings quiet ${begin}-${end}`,
    };
  });
  if (quiet === null) return hours;
  const critical: Choice = {
    label: words.say(quiet.critical ? 'settings.critical.turnOff' : 'settings.critical.turnOn'),
    command: `settings critical ${quiet.critical ? 'off' : 'on'}`,
  };
  return [critical, { label: words.say('settings.turnOff'), command: 'settings quiet off' }, ...hours];
}

function digestChoices({ digest }: ChatSettings, words: Translator): Choice[] {
  const at = digest?.at ?? DIGEST_AT;
  const other = (['day', 'week'] as const)
    .filter((every) => digest?.every !== every)
    .map((every) => ({
      label: words.say(`settings.digest.${every}`, { time: clockText(at) }),
      command: `settings digest ${every === 'day' ? 'daily' : 'weekly'} ${clockText(at)}`,
    }));
  return digest === null ? other : [...other, { label: words.say('settings.turnOff'), command: 'settings digest off' }];
}

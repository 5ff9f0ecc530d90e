import { type ChatSettings, DEFAULT_SETTINGS, REMINDERS } from '../../core/model/settings.ts';

/** What of it differs from the default, as JSON; '' = nothing does. What is added later needs no migration. */
export function storedSettings(settings: ChatSettings): string {
  const kept = Object.entries(settings).filter(
    ([key, value]) => JSON.stringify(value) !== JSON.stringify(DEFAULT_SETTINGS[key as keyof ChatSettings]),
  );
  return kept.length === 0 ? '' : JSON.stringify(Object.fromEntries(kept.sort(([a], [b]) => (a < b ? -1 : 1))));
}

/** Never throws: what a newer version or a hand has written there counts as not chosen. */
export function readSettings(text: string): ChatSettings {
  if (text === '') return DEFAULT_SETTINGS;
  const read = parsed(text);
  const { quiet, digest, sound, pictures, reminders, allQuiet } = DEFAULT_SETTINGS;
  return {
    quiet: quietOf(read.quiet) ?? quiet,
    digest: digestOf(read.digest) ?? digest,
    sound: typeof read.sound === 'boolean' ? read.sound : sound,
    pictures: typeof read.pictures === 'boolean' ? read.pictures : pictures,
    reminders: REMINDERS.find((one) => one === read.reminders) ?? reminders,
    allQuiet: typeof read.allQuiet === 'boolean' ? read.allQuiet : allQuiet,
  };
}

type Fields = Readonly<Record<string, unknown>>;

const fieldsOf = (value: unknown): Fields | null =>
  typeof value === 'object' && value !== null ? (value as Fields) : null;

function parsed(text: string): Fields {
  try {
    return fieldsOf(JSON.parse(text)) ?? {};
  } catch {
    return {};
  }
}

const isClockTime = (value: unknown): value is number =>
  Number.isInteger(value) && Number(value) >= 0 && Number(value) < 1_440;

function quietOf(value: unknown): ChatSettings['quiet'] {
  const { from, to, critical } = fieldsOf(value) ?? {};
  return isClockTime(from) && isClockTime(to) && from !== to ? { from, to, critical: critical === true } : null;
}

function digestOf(value: unknown): ChatSettings['digest'] {
  const { every, at } = fieldsOf(value) ?? {};
  return (every === 'day' || every === 'week') && isClockTime(at) ? { every, at } : null;
}

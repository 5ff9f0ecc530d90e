import type { Regular } from '../model/alert.ts';
import type { Chat } from '../model/chat.ts';
import type { DueChat } from '../ports/outbox.ts';
import { quietUntil } from '../quiet.ts';
import { nextAt } from '../wall-clock.ts';

/** Reminders come at noon, the report of a quiet week on Monday at ten. */
const REMIND_AT = 12 * 60;
const REPORT_AT = 10 * 60;

/** What comes now, each at most once however long the bot was away; and when the chat is to be looked at again, null = never. */
export interface WakePlan {
  now: Regular[];
  next: number | null;
}

/** Something that comes again and again: of each `days`-th day at `time`. */
interface Rhythm {
  what: Exclude<Regular, 'summary'>;
  time: number;
  days: number;
}

/** Only a row that follows something has anything to hear of. */
function rhythmsOf({ settings }: Pick<Chat, 'settings'>, follows: boolean): Rhythm[] {
  if (!follows) return [];
  const { digest, reminders, allQuiet } = settings;
  const rhythms: Rhythm[] = [];
  if (digest) rhythms.push({ what: 'digest', time: digest.at, days: digest.every === 'week' ? 7 : 1 });
  if (reminders > 0) rhythms.push({ what: 'reminder', time: REMIND_AT, days: reminders });
  if (allQuiet) rhythms.push({ what: 'report', time: REPORT_AT, days: 7 });
  return rhythms;
}

/**
 * What is due for a chat. Pure. `wakeAt` is the moment that was reckoned for the first thing to come, or that of a change of settings:
 * whatever fell due since comes now. A row that follows nothing is looked at once a day, since it may follow something by then.
 */
export function planWake({ chat, wakeAt, held, follows }: DueChat, now: number): WakePlan {
  const { settings, timeZone } = chat;
  const due: Regular[] = [];
  const times: number[] = [];
  if (held) {
    const quiet = quietUntil(settings.quiet, timeZone, now);
    if (quiet === null) due.push('summary');
    else times.push(quiet);
  }
  for (const { what, time, days } of rhythmsOf(chat, follows)) {
    if (nextAt(time, days, timeZone, wakeAt - 1) <= now) due.push(what);
    times.push(nextAt(time, days, timeZone, now));
  }
  if (!follows && rhythmsOf(chat, true).length > 0) times.push(now + 24 * 3_600_000);
  return { now: due, next: times.length === 0 ? null : Math.min(...times) };
}

/** Somebody asks to verify the running bot, which nobody could answer for: they are told how it is done. */
import type { Clock } from '../../core/ports/clock.ts';
import type { Log } from '../../core/ports/log.ts';
import { sayIn } from '../../i18n/packs.ts';
import type { Json, SyncAnswer } from './port.ts';
import { isEventId, isRoomId, json } from './sync-answer.ts';

interface Parts {
  self(): string;
  lang: string;
  /** Into a room, encrypted where that is. */
  say(roomId: string, txnId: string, content: object): Promise<unknown>;
  clock: Clock;
  log: Log;
}

const REQUEST = 'm.key.verification.request';
/** In one room, and in the log, ms. */
const ONCE_IN_MS = 3_600_000;
const MAX_ROOMS = 1_000;
const MAX_EVENTS = 200;
/** A request lives ten minutes. */
const MAX_AGE_MS = 600_000;

/** To be called with each answer whose timelines are decrypted. Never throws. */
export function createAskedToVerify({ self, lang, say, clock, log }: Parts): (answer: SyncAnswer) => void {
  const told = new Map<string, number>();

  /** True at most once in an hour. */
  function first(name: string): boolean {
    const now = clock.monotonic();
    const before = told.get(name);
    if (before !== undefined && now - before < ONCE_IN_MS) return false;
    if (told.size >= MAX_ROOMS) told.delete(told.keys().next().value!);
    told.delete(name);
    told.set(name, now);
    return true;
  }

  function noted(user: unknown): void {
    if (first('log'))
      log.warn('Somebody asks to verify the bot, which is done from a terminal while it is stopped', {
        user: String(user).slice(0, 255),
        remedy: 'stop the bot, run tocsin matrix verify --with anybody, and let them ask again',
      });
  }

  const isMeant = (event: Json): boolean => {
    const { msgtype, to } = json(event.content);
    const { age } = json(event.unsigned);
    const fresh = typeof age !== 'number' || age < MAX_AGE_MS;
    return event.type === 'm.room.message' && msgtype === REQUEST && to === self() && event.sender !== self() && fresh;
  };

  return (answer) => {
    for (const event of list(json(answer.to_device).events)) if (event.type === REQUEST) noted(event.sender);
    for (const [roomId, room] of Object.entries(json(json(answer.rooms).join))) {
      const asked = list(json(json(room).timeline).events).find(isMeant);
      if (!asked || !isRoomId(roomId) || !isEventId(asked.event_id)) continue;
      noted(asked.sender);
      if (!first(roomId)) continue;
      const content = { msgtype: 'm.notice', body: sayIn(lang, 'encrypted.verify'), 'm.mentions': {} };
      say(roomId, `verify.${asked.event_id.replace(/[^\w-]/g, '')}`, content).catch((error: unknown) =>
        log.info('Unable to say in a room how the bot is verified', { error: String(error).slice(0, 200) }),
      );
    }
  };
}

const list = (value: unknown): Json[] => (Array.isArray(value) ? value.slice(-MAX_EVENTS).map(json) : []);

const MINUTE = 60_000;
const CHATS_KEPT = 2_000;

/** Answers may take half of what a platform allows in one group: an alert must not wait behind its members' questions. */
export interface GroupShare {
  /** When answers may go on in this group, by a clock that only goes forward, ms. */
  readyAt(chat: string, now: number): number;
  note(chat: string, now: number): void;
}

/** `perMinute` 0 = the platform has no such limit. */
export function createGroupShare(perMinute: number): GroupShare {
  const most = Math.max(1, Math.floor(perMinute / 2));
  const times = new Map<string, number[]>();
  return {
    readyAt(chat, now) {
      const sent = perMinute > 0 ? times.get(chat) : undefined;
      return sent && sent.length >= most ? Math.max(now, sent[sent.length - most]! + MINUTE) : now;
    },
    note(chat, now) {
      if (perMinute === 0) return;
      const sent = [...(times.get(chat) ?? []), now].slice(-most);
      times.delete(chat);
      times.set(chat, sent);
      if (times.size > CHATS_KEPT) times.delete(times.keys().next().value!);
    },
  };
}

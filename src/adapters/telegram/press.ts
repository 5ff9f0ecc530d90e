import type { MessageDocument } from '../../core/model/message.ts';
import type { AdapterHandlers } from '../../core/ports/chat-adapter.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { Forgettable } from '../../core/ports/state.ts';
import { sayIn } from '../../i18n/packs.ts';
import type { Acks } from './acks.ts';
import type { ButtonEvent } from './events.ts';
import { commandPressed, type Whose } from './incoming.ts';
import { readCallback } from './keyboard.ts';
import { popupOf } from './popup.ts';

/** A pressed button spins no longer than this, even when what it asks for takes longer. */
const PRESS_MS = 5000;
const MAX_COMMAND = 1000;

/** What happens to a press, in this order but for `whispered` and `late`, which come when they come or not at all. */
export type PressInput =
  | { type: 'found'; command: string | null; privately: boolean }
  | { type: 'whispered'; popup: string }
  | { type: 'late' }
  | { type: 'handled' };

/** `forgotten`: its command is not known any more. `private`: nobody reads along, so there is nothing to be said aside. */
export type AckReason = 'forgotten' | 'private' | 'whispered' | 'late' | 'handled';

export type PressAction =
  | { type: 'acknowledge'; popup: string | null; reason: AckReason }
  | { type: 'carry out'; command: string };

/**
 * What to do next about a press; `open` = its button still spins. Each press is acknowledged once, the sooner the better, and with a popup
 * where one is there in time; its command is carried out whatever became of the acknowledgement.
 */
export function planPress(open: boolean, input: PressInput): { open: boolean; actions: PressAction[] } {
  const actions: PressAction[] = [];
  const acknowledge = (reason: AckReason, popup: string | null = null): void => {
    if (open) actions.push({ type: 'acknowledge', popup, reason });
    open = false;
  };
  switch (input.type) {
    case 'found':
      if (input.command === null) acknowledge('forgotten');
      else {
        if (input.privately) acknowledge('private');
        actions.push({ type: 'carry out', command: input.command });
      }
      break;
    case 'whispered':
      acknowledge('whispered', input.popup);
      break;
    case 'late':
    case 'handled':
      acknowledge(input.type);
  }
  return { open, actions };
}

export interface PressParts {
  acks: Acks;
  clock: Clock;
  cache: Forgettable;
  handlers: AdapterHandlers;
  whose: Whose;
  /** Our name, for the end of a popup. */
  username: string;
  /** Aborts at a stop. */
  signal: AbortSignal;
}

/** Carries one press out; resolves when its command is handled. */
export async function press(event: ButtonEvent, ref: string, parts: PressParts): Promise<void> {
  const { acks, clock, handlers, whose, signal } = parts;
  const privately = event.chatKind === 'private';
  let open = true;
  const next = (input: PressInput): string | null => {
    const planned = planPress(open, input);
    open = planned.open;
    let command: string | null = null;
    for (const action of planned.actions) {
      if (action.type === 'carry out') command = action.command;
      else if (action.reason === 'forgotten')
        acks.add({ queryId: event.queryId, popup: sayIn(event.from.lang ?? whose.lang, 'button.tooOld') });
      else acks.add({ queryId: event.queryId, popup: action.popup });
    }
    return command;
  };
  const command = next({ type: 'found', command: await commandOf(event.data, parts.cache), privately });
  if (command === null) return;
  const patience = new AbortController();
  void clock.sleep(PRESS_MS, AbortSignal.any([signal, patience.signal])).then(
    () => next({ type: 'late' }),
    () => {},
  );
  const messageRef = String(event.messageId);
  const whisper = (document: MessageDocument): void =>
    void next({ type: 'whispered', popup: popupOf(document, parts.username) });
  try {
    const button = privately ? { messageRef } : { messageRef, whisper };
    await handlers.incoming({ ...commandPressed(event, command, button, whose), ref });
  } finally {
    patience.abort();
    next({ type: 'handled' });
  }
}

/** The command that a button stands for, or null when nobody knows it any more. */
async function commandOf(data: string, cache: Forgettable): Promise<string | null> {
  const read = readCallback(data);
  if (read === null) return null;
  const command = 'command' in read ? read.command : await cache.get(read.kept).catch(() => null);
  return typeof command === 'string' ? command.slice(0, MAX_COMMAND) : null;
}

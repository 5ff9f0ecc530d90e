import { logFailure } from '../failures.ts';
import type { ChatAddress, ChatKind } from '../model/chat.ts';
import type { Reply } from '../outbox/answer-plan.ts';
import type {
  Incoming,
  IncomingCommand,
  IncomingMembership,
  IncomingMissed,
  IncomingMove,
  Sender,
} from '../ports/chat-adapter.ts';
import type { Log } from '../ports/log.ts';
import type { Store } from '../ports/store.ts';
import { type AskedQuestions, answerKey } from './asked-questions.ts';
import { line } from './document.ts';
import { answerMissed } from './missed.ts';
import type { Router, RouterAnswer } from './routing.ts';

export interface IntakeDeps {
  store: Pick<Store, 'chats' | 'subscriptions'>;
  router(): Router;
  log: Log;
  /** Keeps what changes nothing until it is answered, and what was answered; absent = whoever asked asks again. */
  asked?: Pick<AskedQuestions, 'note' | 'answered'>;
  /** Who sends for an account; null = nobody (any more). */
  sender(accountId: string): { reply(reply: Reply): Promise<void> | void; crowded(): boolean } | null;
}

/**
 * What people and platforms did. Resolves when it is carried out and stored, and that its answer is owed, whatever waits to be said; never
 * throws. Only the answer waits its turn: a crowd of newcomers is nothing to turn anybody away for.
 */
export function createIntake({ store, router, log, sender, asked }: IntakeDeps): (event: Incoming) => Promise<void> {
  async function command(event: IncomingCommand): Promise<void> {
    if (asked?.answered(event)) return;
    const out = sender(event.address.accountId);
    const answer = await router().handle(event, out?.crowded() ?? false);
    if (!answer) return;
    if (answer.aside) {
      const [document] = answer.documents;
      if (document) event.button?.whisper?.(document);
      return;
    }
    const { kind } = answer;
    const isKept = kind === 'question' || kind === 'text' || (kind === 'change' && !answer.forgotten);
    const handed = isKept ? await asked?.note(event, kind) : null;
    for (const reply of repliesOf(event, answer)) await out?.reply(reply);
    handed?.();
  }

  /** A console that starts again "joins" again: whoever follows something needs no greeting. */
  async function followsAlready({ address, chatKind }: IncomingMembership): Promise<boolean> {
    const chat = chatKind === 'private' ? await store.chats.find(address) : null;
    return chat !== null && (await store.subscriptions.list(chat.id)).length > 0;
  }

  async function missed(event: IncomingMissed): Promise<void> {
    const given = await answerMissed(event, router());
    const group = event.chatKind !== 'private';
    if (given) await sender(event.address.accountId)?.reply({ ...given, group, edit: null });
  }

  /** Where people see another place, it is said there that the bot came along, and what it follows. */
  async function moved({ address, to, upgraded }: IncomingMove): Promise<void> {
    await store.chats.move(address, to);
    if (!upgraded) return;
    const asked: IncomingCommand = { ...hello(to, upgraded.chatKind, null), text: 'subscriptions' };
    const { words } = await router().words(asked);
    const [overview] = (await router().handle(asked))?.documents ?? [];
    if (!overview) return;
    const document = { ...overview, blocks: [line(words.say('moved.here')), ...overview.blocks] };
    const group = upgraded.chatKind !== 'private';
    await sender(to.accountId)?.reply({ address: to, group, document, replyTo: null, edit: null });
  }

  return async (event) => {
    try {
      if (event.kind === 'moved') await moved(event);
      else if (event.kind === 'command') await command(event);
      else if (event.kind === 'joined') {
        const first = (await followsAlready(event)) ? null : greeting(event);
        if (first) await command(first);
      } else if (event.kind === 'missed') await missed(event);
      else {
        const chat = await store.chats.find(event.address);
        if (chat) await store.chats.end(chat.id);
      }
    } catch (error) {
      logFailure(log, 'Unable to answer', error, { account: event.address.accountId });
    }
  };
}

/** Each document as a message; none yet = one that is made when its turn comes. */
function repliesOf(event: IncomingCommand, { documents, replaces, ...answer }: RouterAnswer): Reply[] {
  const { address, messageRef, button, chatKind, ref } = event;
  const common = { address, group: chatKind !== 'private', replyTo: messageRef };
  const { kind, asker, forgotten, later } = answer;
  const keyOf = (i: number) => (ref === undefined ? {} : { key: answerKey(ref, i) });
  return (documents.length > 0 ? documents : [null]).map((document, i) =>
    document && (document.picture ?? document.file)
      ? { ...common, ...keyOf(i), kind: 'picture', asker, document, replyTo: null, edit: null }
      : {
          ...common,
          ...keyOf(i),
          kind,
          asker,
          forgotten,
          later,
          document,
          edit: i === 0 && replaces ? (button?.messageRef ?? null) : null,
        },
  );
}

/** A chat that takes the bot in is greeted as if it had typed `start`; a channel's readers are not, but who set it up is asked what for. */
function greeting(event: IncomingMembership): IncomingCommand | null {
  if (event.chatKind === 'channel') {
    if (!event.privately || !event.sender) return null;
    const text = `channel ${event.address.chat} subscribe`;
    const { privately: address, sender } = event;
    return { kind: 'command', address, chatKind: 'private', sender, text, button: null, messageRef: null };
  }
  return hello(event.address, event.chatKind, event.sender);
}

/** Nobody typed it, so it is nobody's budget: whoever invites us into a hundred rooms has each of them greeted. */
function hello(address: ChatAddress, chatKind: ChatKind, by: Sender | null): IncomingCommand {
  const nobody = { id: '', name: '', lang: null, isAdmin: () => Promise.resolve(true) };
  const sender = { ...(by ?? nobody), id: '' };
  return { kind: 'command', address, chatKind, sender, text: 'start', button: null, messageRef: null };
}

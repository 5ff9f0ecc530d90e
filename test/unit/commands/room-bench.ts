import { createIntake } from '../../../src/core/commands/intake.ts';
import { createRouter } from '../../../src/core/commands/router.ts';
import { DEFAULT_POLICY } from '../../../src/core/model/alert.ts';
import type { Reply } from '../../../src/core/outbox/reply-queue.ts';
import { type Incoming, type IncomingCommand, PLAIN_TALK } from '../../../src/core/ports/chat-adapter.ts';
import type { Store } from '../../../src/core/ports/store.ts';
import { openStore } from '../../../src/store/open.ts';
import { deps } from '../../contract/store/samples.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';
import { likely } from '../../fakes/known.ts';
import { NOW, asText, catalogue, translators } from '../render/support.ts';
import { healthy } from './support.ts';

export interface Typed {
  room?: string;
  thread?: string | null;
  by?: string;
  /** Power level; 100 when absent. Null: not to be found out. */
  power?: number | null;
  agoMs?: number;
}

/** A bot in rooms with threads, on a real store: what comes in, and what is said where. */
export async function roomBench(): Promise<{
  store: Store;
  clock: FakeClock;
  said: { thread: string | null; chat: string; text: string; replyTo: string | null }[];
  command(text: string, how?: Typed): IncomingCommand;
  intake(event: Incoming): Promise<void>;
  say(text: string, how?: Typed): Promise<string>;
  close(): Promise<void>;
}> {
  const clock = new FakeClock(NOW);
  const store = await openStore(':memory:', { ...deps, clock });
  const said: { thread: string | null; chat: string; text: string; replyTo: string | null }[] = [];
  let events = 0;
  const router = createRouter({
    likely,
    baseline: [],
    cache: store.cache,
    accounts: async () => [],
    wake() {},
    store,
    clock,
    ids: deps.ids,
    log: deps.log,
    catalogue,
    translators,
    policy: DEFAULT_POLICY,
    operators: [],
    health: async () => healthy,
    retract: async () => false,
    stopAgent: async () => false,
    account: () => ({
      platform: 'matrix',
      talk: { ...PLAIN_TALK, prefix: '!tocsin ', place: 'room' },
      pace: { perSecond: 5, perChatMs: 0, perGroupMinute: 0, window: 4 },
    }),
  });
  const reply = ({ address, document, replyTo }: Reply): void => {
    said.push({ thread: address.thread, chat: address.chat, text: document ? asText(document) : '', replyTo });
  };
  const sender = () => ({ reply, crowded: () => false });
  const intake = createIntake({ store, router: () => router, log: deps.log, sender });
  const command = (text: string, how: Typed = {}): IncomingCommand => {
    const power = how.power === undefined ? 100 : how.power;
    return {
      kind: 'command',
      address: { accountId: 'mx', chat: how.room ?? '!room', thread: how.thread ?? null },
      chatKind: 'group',
      sender: {
        id: `matrix:${how.by ?? '@ann:hs'}`,
        name: 'Ann',
        lang: null,
        isAdmin: async () => (power ?? 0) >= 50,
        power: async () => ({ needs: 50, has: power }),
      },
      text,
      button: null,
      messageRef: `$${++events}`,
      ...(how.agoMs === undefined ? {} : { sentAt: clock.now() - how.agoMs }),
    };
  };
  return {
    store,
    clock,
    said,
    command,
    intake,
    async say(text, how) {
      const before = said.length;
      await intake(command(text, how));
      return said
        .slice(before)
        .map((one) => one.text)
        .join('\n---\n');
    },
    close: () => store.close(),
  };
}

import { createAdapter } from '../../src/adapters/matrix/adapter.ts';
import { FakeHomeserver } from '../fakes/matrix-homeserver.ts';
import { testDeps } from './adapter-deps.ts';
import { type AdapterBench, chatAdapterContract, type Seen } from './chat-adapter.suite.ts';

interface Message {
  event_id: string;
  content: Record<string, unknown>;
}

/** The message that holds `text` as a reader sees it: edits applied. */
export function seenIn(events: Message[], text: string): Seen | undefined {
  for (const event of events) {
    const relation = event.content['m.relates_to'] as Record<string, unknown> | undefined;
    if (relation?.rel_type === 'm.replace') continue;
    const edits = events.filter((other) => {
      const to = other.content['m.relates_to'] as Record<string, unknown> | undefined;
      return to?.rel_type === 'm.replace' && to.event_id === event.event_id;
    });
    const shown = (edits.at(-1)?.content['m.new_content'] as Record<string, unknown> | undefined) ?? event.content;
    if (!String(shown.body).includes(text)) continue;
    const replyTo = (relation?.['m.in_reply_to'] as { event_id?: string } | undefined)?.event_id ?? null;
    return { text: String(shown.body), edited: edits.length > 0, replyTo };
  }
  return undefined;
}

async function open(): Promise<AdapterBench> {
  const fake = await FakeHomeserver.start();
  const account = {
    id: 'mx',
    platform: 'matrix' as const,
    homeserver: fake.baseUrl,
    accessToken: fake.token,
    inviteFrom: ['*'],
  };
  const adapter = createAdapter(account, testDeps());
  return {
    adapter,
    async chat() {
      const chat = fake.room('@ann:fake.test', { direct: true });
      return { address: { accountId: 'mx', chat, thread: null }, kind: 'group' };
    },
    async write({ chat }, command) {
      fake.say(chat, '@ann:fake.test', `!tocsin ${command}`);
    },
    async see({ chat }, text) {
      const seen = seenIn(fake.said(chat), text);
      if (!seen) throw new Error(`not said: ${text}`);
      return seen;
    },
    async end({ chat }) {
      fake.member(chat, '@ann:fake.test', fake.userId, 'leave');
    },
    async fail(how) {
      fake.fault(how === 'busy' ? '429-body' : 'drop-after', '/send/');
    },
    async close() {
      await adapter.stop();
      await fake.stop();
    },
  };
}

chatAdapterContract('matrix', open);

/** A chat's board over hours, restarts and deletions: by the core as the running bot puts it together, on a fake clock. */
import { afterEach, describe, expect, test } from 'vitest';
import { composeCore } from '../../src/app/compose.ts';
import { createVirtualClock } from '../../src/cli/replay.ts';
import { createBoardWatch } from '../../src/core/board.ts';
import { DEFAULT_POLICY } from '../../src/core/model/alert.ts';
import { createOutage } from '../../src/core/outbox/sender.ts';
import { type ChatAdapter, type Outgoing, PLAIN_TALK, type SendOutcome } from '../../src/core/ports/chat-adapter.ts';
import type { Store } from '../../src/core/ports/store.ts';
import { createWorld } from '../../src/core/state/world.ts';
import { createIds } from '../../src/platform/ids.ts';
import { openStore } from '../../src/store/open.ts';
import { quietLog as log } from '../fakes/fake-log.ts';
import { asText, NOW, report, translators } from '../unit/render/support.ts';

const MINUTE = 60_000;
const { signal } = new AbortController();
let store: Store | null = null;
afterEach(async () => {
  await store?.close();
  store = null;
});

/** One process: looks, and sends what is due, when the test says so. */
function processOf(
  own: Store,
  clock: ReturnType<typeof createVirtualClock>,
  group: { messages: Map<string, string>; pinned: string[]; elsewhere?: boolean; mayWrite: boolean; mayPin: boolean },
) {
  const ids = createIds(clock);
  const ops: Outgoing['op'][] = [];
  const core = composeCore({
    store: own,
    clock,
    ids,
    log,
    translators,
    extractor: { extract: () => ({ relevant: false, events: [], lang: 'en', credit: null }) },
    policy: { ...DEFAULT_POLICY, groupWait: 0 },
  });
  const adapter: ChatAdapter = {
    accountId: 'tg',
    platform: 'telegram',
    talk: { ...PLAIN_TALK, prefix: '/', buttons: true },
    pace: { perSecond: 0, perChatMs: 0, perGroupMinute: 0, window: 4 },
    start: async () => undefined,
    stop: async () => undefined,
    health: () => ({ ok: true, problem: null }),
    async send(message): Promise<SendOutcome> {
      if (!group.mayWrite) return { kind: 'rejected', reason: 'client', detail: 'not enough rights' };
      const ref = message.op === 'edit' ? message.messageRef : String(group.messages.size + 1);
      if (message.op === 'edit' && !group.messages.has(ref))
        return { kind: 'rejected', reason: 'client', detail: 'message to edit not found' };
      ops.push(message.op);
      group.messages.set(ref, asText(message.document));
      return { kind: 'delivered', messageRef: ref };
    },
  };
  core.addAccount({ adapter, outage: createOutage() });
  const watch = createBoardWatch({
    store: own,
    world: createWorld({ ...own, log }),
    clock,
    ids,
    log,
    async pin(_address, ref) {
      group.pinned.push(ref);
      return group.elsewhere ? 'elsewhere' : group.mayPin ? 'pinned' : 'refused';
    },
    wake: () => undefined,
  });
  const run = async (ms: number, step = 15_000): Promise<void> => {
    for (let t = 0; t < ms; t += step) {
      clock.moveTo(clock.now() + step);
      await watch.look();
      await core.broadcaster.run(signal);
      await core.sender('tg')!.drain(signal);
    }
  };
  const tell = async (service: string): Promise<void> => {
    const at = clock.now();
    await core.pipeline.reports(
      ['bbc', 'dw'].map((voice) => report({ voice, service, id: `${voice}-${service}`, itemId: null, at })),
    );
  };
  return { run, tell, ops };
}

async function world() {
  const clock = createVirtualClock(NOW);
  const own = await openStore(':memory:', { clock, log, ids: createIds(clock) });
  store = own;
  const init = { platform: 'telegram', kind: 'group' as const, lang: 'en', now: NOW };
  const chat = await own.chats.ensure({ accountId: 'tg', chat: '-1', thread: null }, init);
  await own.subscriptions.add(chat.id, [{ country: 'RU', service: '*' }], NOW);
  await own.boards.add(chat.id);
  const group = {
    messages: new Map<string, string>(),
    pinned: [] as string[],
    elsewhere: false,
    mayWrite: true,
    mayPin: true,
  };
  const boardsIn = () => [...group.messages].filter(([, text]) => text.startsWith('Cut off now'));
  return { ...processOf(own, clock, group), own, clock, group, boardsIn, chat };
}

describe('a board', () => {
  test('comes, is pinned once, shows what opens, in the same message', async () => {
    const { run, tell, group, boardsIn } = await world();
    await run(MINUTE);
    expect(boardsIn().map(([, text]) => text)).toEqual([
      expect.stringContaining('I know of nothing new that is cut off right now'),
    ]);
    expect(group.pinned).toEqual(['1']);
    await tell('whatsapp');
    await run(3 * MINUTE);
    expect(boardsIn()).toEqual([['1', expect.stringContaining('WhatsApp')]]);
    expect(group.pinned).toEqual(['1']);
  });

  test('the bot may not pin: said once, and kept up to date all the same', async () => {
    const { run, tell, group, boardsIn } = await world();
    group.mayPin = false;
    await run(MINUTE);
    await tell('whatsapp');
    await run(10 * MINUTE);
    const said = [...group.messages.values()].filter((text) => text.includes('pin'));
    expect(said).toEqual([expect.stringContaining('/board on')]);
    expect(boardsIn()).toEqual([['1', expect.stringContaining('WhatsApp')]]);
  });

  test('its account is in the configuration of another process alone: that one pins it, when it makes boards', async () => {
    const { run, group } = await world();
    group.elsewhere = true;
    await run(MINUTE);
    group.elsewhere = false;
    group.pinned.length = 0;
    await run(5 * MINUTE);
    expect(group.pinned).toEqual(['1']);
  });

  test('its last days: what went on and ended, a sign a day', async () => {
    const { run, tell, boardsIn } = await world();
    await run(MINUTE);
    await tell('whatsapp');
    await run(3 * MINUTE);
    const [, text] = boardsIn()[0]!;
    expect(text).toContain('Day by day, 1 Feb – 14 Feb:');
    expect(text).toContain('·············█▸█  WhatsApp · Russia');
    expect(text).toContain('█ blocked | · no reports');
  });

  test('an hour in which something opens each minute: an edit a minute at most', async () => {
    const { run, tell, ops, boardsIn } = await world();
    await run(MINUTE);
    for (const service of ['whatsapp', 'signal', 'telegram', 'youtube', 'x', 'vk', 'max', 'line', 'dw', 'rt']) {
      await tell(service);
      await run(30_000);
    }
    await run(2 * MINUTE);
    expect(ops.filter((op) => op === 'edit').length).toBeLessThanOrEqual(8);
    expect(boardsIn()[0]![1]).toContain('LINE');
  });

  test('nothing happens for a day: refreshed every six hours, so that its time is true', async () => {
    const { run, boardsIn, ops } = await world();
    await run(MINUTE);
    await run(25 * 60 * MINUTE, 5 * MINUTE);
    expect(ops.filter((op) => op === 'edit')).toHaveLength(4);
    expect(boardsIn()[0]![1]).toContain('As of 15 Feb');
  });

  test('a restart: goes on in the same message', async () => {
    const { run, own, clock, group, boardsIn } = await world();
    await run(MINUTE);
    const again = processOf(own, clock, group);
    await again.tell('whatsapp');
    await again.run(3 * MINUTE);
    expect(boardsIn()).toEqual([['1', expect.stringContaining('WhatsApp')]]);
    expect(again.ops.filter((op) => op === 'edit')).toHaveLength(1);
  });

  test('deleted by somebody: made anew at the next change, and pinned', async () => {
    const { run, tell, group, boardsIn } = await world();
    await run(MINUTE);
    group.messages.set('1', 'deleted');
    group.messages.delete('1');
    group.messages.set('other', 'talk');
    await tell('whatsapp');
    await run(4 * MINUTE);
    expect(boardsIn()).toHaveLength(1);
    expect(boardsIn()[0]![1]).toContain('WhatsApp');
    expect(group.pinned).toHaveLength(2);
  });

  test('the bot may not write: tried again after an hour, not each minute', async () => {
    const { run, own, group, boardsIn, chat } = await world();
    group.mayWrite = false;
    await run(30 * MINUTE);
    expect((await own.chats.copy(chat.id, 100)).deliveries.total).toBe(1);
    group.mayWrite = true;
    await run(40 * MINUTE);
    expect(boardsIn()).toHaveLength(1);
  });

  test('not wanted any more: stays as it is', async () => {
    const { run, tell, own, chat, boardsIn } = await world();
    await run(MINUTE);
    await own.boards.remove(chat.id);
    await tell('whatsapp');
    await run(5 * MINUTE);
    expect(boardsIn()[0]![1]).toContain('I know of nothing new that is cut off right now');
  });
});

import type { RouterAnswer, RouterDeps } from '../../../src/core/commands/context.ts';
import type { BotHealth } from '../../../src/core/commands/look/health.ts';
import { createRouter } from '../../../src/core/commands/router.ts';
import { DEFAULT_POLICY } from '../../../src/core/model/alert.ts';
import type { ChatKind } from '../../../src/core/model/chat.ts';
import { PLAIN_TALK, type PressedButton } from '../../../src/core/ports/chat-adapter.ts';
import type { Forgettable, Log } from '../../../src/core/ports/runtime.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';
import { likely } from '../../fakes/known.ts';
import { asText, catalogue, NOW, translators } from '../render/support.ts';
import { FakeTables } from './fake-tables.ts';

export const source = (over: Partial<BotHealth['sources'][number]> = {}): BotHealth['sources'][number] => ({
  id: 'bbc',
  kind: 'rss',
  label: 'BBC',
  lastPollAt: NOW - 120_000,
  lastOkAt: NOW - 120_000,
  failingSince: null,
  failures: 0,
  lastCode: null,
  lastMessage: null,
  nextDueAt: NOW + 60_000,
  stale: false,
  ...over,
});

export const healthy: BotHealth = {
  sources: [source(), source({ id: 'dw', label: 'DW' })],
  accounts: [{ id: 'tg', platform: 'telegram', ok: true, problem: null, rate: 27 }],
  queue: [{ accountId: 'tg', queued: 0, sending: 0, oldestCreatedAt: null }],
  agents: [],
  missingVantages: [],
};

export interface Say {
  chat?: string;
  chatKind?: ChatKind;
  lang?: string | null;
  sender?: string;
  admin?: boolean;
  button?: boolean;
  /** Pressed, where a popup is possible. */
  whisper?: PressedButton['whisper'];
  forwarded?: true;
  /** Account that it was said to: `tg` (buttons), or `mx` (none). */
  account?: 'tg' | 'mx';
  /** Many people write. */
  crowded?: boolean;
}

const unbounded = { burst: Number.MAX_SAFE_INTEGER, everyMs: 1, maxKeys: 1_000 };
const UNBOUNDED = { person: unbounded, chat: unbounded };

function forgettable(
  kept: Map<string, { value: unknown; until: number }>,
  namespace: string,
  clock: FakeClock,
): Forgettable {
  const at = (key: string): string => `${namespace}/${key}`;
  return {
    get: async (key) => {
      const one = kept.get(at(key));
      return one && one.until > clock.now() ? one.value : undefined;
    },
    set: async (key, value, ttlMs) => {
      kept.set(at(key), { value, until: ttlMs === null ? Number.POSITIVE_INFINITY : clock.now() + ttlMs });
      return true;
    },
    delete: async (key) => kept.delete(at(key)),
  };
}

/** A bot in a test: say something, read what it answers. */
export function createBot(
  over: Partial<RouterDeps> & {
    hasButtons?: boolean;
    prefix?: string;
    unbudgeted?: boolean;
    shows?: boolean;
    places?: boolean;
  } = {},
) {
  const tables = new FakeTables();
  const clock = new FakeClock(NOW);
  const errors: string[] = [];
  const retracted: { id: string; because: string }[] = [];
  const kept = new Map<string, { value: unknown; until: number }>();
  const wakes: number[] = [];
  const switched: { id: string; stopped: boolean }[] = [];
  const log: Log = {
    debug: () => {},
    info: () => {},
    warn: () => {},
    error: (message) => void errors.push(message),
    child: () => log,
  };
  const router = createRouter({
    likely,
    baseline: [],
    store: tables.asStore(),
    clock,
    ids: { next: () => 'id', tail: () => '3f9k', random: () => 0.5 },
    log,
    catalogue,
    translators,
    policy: DEFAULT_POLICY,
    operators: ['telegram:1'],
    health: async () => healthy,
    retract: async (id, because) => {
      retracted.push({ id, because });
      return id === 'RU-whatsapp-3f9k';
    },
    stopAgent: async (id, stopped) => {
      switched.push({ id, stopped });
      return id === 'tallinn';
    },
    account: (id) => ({
      platform: id === 'mx' ? 'matrix' : 'telegram',
      service: id === 'mx' ? 'element' : 'telegram',
      talk: {
        ...PLAIN_TALK,
        prefix: id === 'mx' ? '!tocsin ' : (over.prefix ?? '/'),
        buttons: id === 'mx' ? false : (over.hasButtons ?? true),
        attachments: over.shows ?? false,
        ...(over.places ? { locations: id === 'mx' ? 'message' : 'button' } : {}),
      },
      pace: { perSecond: 27, perChatMs: 0, perGroupMinute: 0, window: 1 },
    }),
    cache: (namespace) => forgettable(kept, namespace, clock),
    accounts: async () => [
      { id: 'tg', platform: 'telegram', commandPrefix: '/', name: '@tocsin_bot' },
      { id: 'mx', platform: 'matrix', commandPrefix: '!tocsin ', name: '@tocsin:example.org' },
    ],
    wake: () => void wakes.push(clock.now()),
    ...(over.unbudgeted ? { budgets: UNBOUNDED } : {}),
    ...over,
  });
  const answer = (text: string, how: Say = {}): Promise<RouterAnswer | null> =>
    router.handle(
      {
        kind: 'command',
        address: { accountId: how.account ?? 'tg', chat: how.chat ?? '100', thread: null },
        chatKind: how.chatKind ?? 'private',
        sender: {
          id: how.sender ?? 'telegram:100',
          name: 'Ann',
          lang: how.lang === undefined ? 'en' : how.lang,
          isAdmin: async () => how.admin ?? true,
        },
        text,
        button: how.button || how.whisper ? { messageRef: '7', ...(how.whisper && { whisper: how.whisper }) } : null,
        messageRef: '5',
        ...(how.forwarded ? { forwarded: how.forwarded } : {}),
      },
      how.crowded,
    );
  const say = async (text: string, how: Say = {}): Promise<string> =>
    ((await answer(text, how))?.documents ?? []).map(asText).join('\n---\n');
  return { router, wakes, tables, clock, log, errors, retracted, switched, answer, say };
}

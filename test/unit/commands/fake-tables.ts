import {
  type Chat,
  type ChatAddress,
  DEFAULT_SETTINGS,
  type Silence,
  type Subscription,
} from '../../../src/core/model/chat.ts';
import type { Incident, Transition } from '../../../src/core/model/incident.ts';
import type { Link, Notice } from '../../../src/core/model/link.ts';
import type { Report } from '../../../src/core/model/report.ts';
import type { Board, ChatCopy, ChatFigures, CopiedRow, IncidentFilter, Store } from '../../../src/core/ports/store.ts';
import type { IncidentWithReports } from '../../../src/core/render/alert.ts';

export type CommandTables = Pick<
  Store,
  'incidents' | 'reports' | 'subscriptions' | 'silences' | 'chats' | 'links' | 'notices' | 'boards'
>;

/** The five tables that commands use, in arrays. Only what commands call is there. */
export class FakeTables {
  stored: IncidentWithReports[] = [];
  log: Transition[] = [];
  rows: Chat[] = [];
  followed: Subscription[] = [];
  quiet: Silence[] = [];
  /** What was sent to the chat, as `copy` gives it. */
  sent: ChatCopy['deliveries'] = { rows: [], total: 0 };
  figures: ChatFigures = { kinds: [], gone: 0, pairs: 0, subscriptions: 0, countries: [] };
  pairs: Link[] = [];
  /** Notices with the chats that they were queued for; `null` = all. */
  told: { notice: Notice; chatIds: number[] | null }[] = [];
  /** When set, every call of the chats table fails so. */
  broken: Error | null = null;

  asStore(): CommandTables {
    return {
      incidents: this.incidents,
      reports: this.reports,
      subscriptions: this.subscriptions,
      silences: this.silences,
      chats: this.chats,
      links: this.links,
      notices: this.notices,
      boards: this.boards,
    } as unknown as CommandTables;
  }

  incidents = {
    get: async (id: string): Promise<Incident | null> => this.stored.find((one) => one.id === id) ?? null,
    getMany: async (ids: string[]): Promise<Incident[]> => this.stored.filter((one) => ids.includes(one.id)),
    list: async (filter: IncidentFilter): Promise<Incident[]> =>
      this.stored
        .filter(
          (one) =>
            (filter.country === undefined || one.country === filter.country) &&
            (filter.service === undefined || one.service === filter.service) &&
            (filter.family === undefined || one.family === filter.family) &&
            (filter.open === undefined || one.open === filter.open) &&
            (filter.since === undefined || Math.max(one.openedAt, one.closedAt ?? 0, one.lastReportAt) >= filter.since),
        )
        .sort((a, b) => b.lastReportAt - a.lastReportAt)
        .slice(0, filter.limit),
    openByKey: async (country: string | null, service: string | null, family: string) =>
      this.stored.find(
        (one) => one.open && one.country === country && one.service === service && one.family === family,
      ) ?? null,
    transitionsOf: async (ids: string[]): Promise<Map<string, Transition[]>> =>
      Map.groupBy(
        this.log.filter((one) => ids.includes(one.incidentId)),
        (one) => one.incidentId,
      ),
    transitions: async (id: string): Promise<Transition[]> => this.log.filter((one) => one.incidentId === id),
  };

  reports = {
    byIncident: async (id: string, limit: number): Promise<Report[]> =>
      (this.stored.find((one) => one.id === id)?.reports ?? []).slice(0, limit),
    countByIncident: async (ids: string[]): Promise<Map<string, number>> =>
      new Map(this.stored.filter((one) => ids.includes(one.id)).map((one) => [one.id, one.reports.length])),
  };

  /** "RU whatsapp", "TR *": what all chats follow, in order. */
  follows = (): string[] => this.followed.map((one) => `${one.country} ${one.service}`).sort();

  links = {
    of: async (id: number): Promise<Link | null> =>
      this.pairs.find((one) => one.mainId === id || one.spareId === id) ?? null,
    join: async (mainId: number, spareId: number, createdAt: number): Promise<boolean> => {
      const [main, spare] = [this.rows[mainId - 1], this.rows[spareId - 1]];
      if (main?.accountId === spare?.accountId || (await this.links.of(mainId)) || (await this.links.of(spareId)))
        return false;
      this.pairs.push({ mainId, spareId, createdAt, both: 'new', because: null, monthlyTest: false, testedAt: null });
      return true;
    },
    part: async (id: number): Promise<Link | null> => {
      const link = await this.links.of(id);
      this.pairs = this.pairs.filter((one) => one !== link);
      return link;
    },
    update: async (mainId: number, change: Partial<Link>): Promise<void> => {
      Object.assign(this.pairs.find((one) => one.mainId === mainId) ?? {}, change);
    },
    mains: async (ids: number[]): Promise<Map<number, number[]>> =>
      new Map(this.pairs.filter((one) => ids.includes(one.spareId)).map((one) => [one.spareId, [one.mainId]])),
  };

  notices = {
    tell: async (_id: string, notice: Notice, chatIds: number[]): Promise<number> => {
      this.told.push({ notice, chatIds });
      return chatIds.length;
    },
    toAll: async (id: string, notice: Notice): Promise<boolean> => {
      if (this.announced.has(id)) return false;
      this.announced.add(id);
      this.told.push({ notice, chatIds: null });
      return true;
    },
  };
  withBoard = new Set<number>();
  boardsMade = 0;
  boards = {
    of: async (chatId: number) => (this.withBoard.has(chatId) ? ({ chatId } as Board) : null),
    add: async (chatId: number) => {
      if (this.withBoard.has(chatId)) return false;
      this.boardsMade++;
      this.withBoard.add(chatId);
      return true;
    },
    remove: async (chatId: number) => this.withBoard.delete(chatId),
  };
  private announced = new Set<string>();

  chats = {
    get: async (id: number): Promise<Chat | null> => this.rows.find((one) => one.id === id) ?? null,
    counts: async () => ({ active: this.rows.length, gone: 0 }),
    figures: async (): Promise<ChatFigures> => this.figures,
    find: async (address: ChatAddress): Promise<Chat | null> => {
      if (this.broken) throw this.broken;
      return (
        this.rows.find(
          (one) => one.accountId === address.accountId && one.chat === address.chat && one.thread === address.thread,
        ) ?? null
      );
    },
    ensure: async (address: ChatAddress, init: { platform: string; kind: Chat['kind']; lang: string; now: number }) => {
      const known = await this.chats.find(address);
      if (known) return Object.assign(known, { state: 'active' as const });
      const { now: createdAt, ...rest } = init;
      const made: Chat = {
        ...address,
        ...rest,
        id: this.rows.length + 1,
        timeZone: 'UTC',
        level: 'corroborated',
        settings: DEFAULT_SETTINGS,
        state: 'active',
        createdAt,
      };
      this.rows.push(made);
      return made;
    },
    update: async (id: number, change: Partial<Chat>): Promise<void> => {
      Object.assign(
        this.rows.find((one) => one.id === id)!,
        change,
      );
    },
    copy: async (id: number): Promise<ChatCopy> => {
      const all = (rows: object[]) => ({ rows: rows as CopiedRow[], total: rows.length });
      return {
        chats: all(this.rows.filter((one) => one.id === id).map(({ settings: _settings, ...row }) => row)),
        subscriptions: all(this.followed.filter((one) => one.chatId === id)),
        unfollowed: all([]),
        silences: all(this.quiet.filter((one) => one.chatId === id)),
        links: all(this.pairs.filter((one) => one.mainId === id || one.spareId === id)),
        boards: all([]),
        messages: all([]),
        deliveries: this.sent,
      };
    },
    forget: async (id: number): Promise<void> => {
      this.rows = this.rows.filter((one) => one.id !== id);
      this.followed = this.followed.filter((one) => one.chatId !== id);
      this.quiet = this.quiet.filter((one) => one.chatId !== id);
    },
  };

  subscriptions = {
    list: async (chatId: number): Promise<Subscription[]> => this.followed.filter((one) => one.chatId === chatId),
    listMany: async (ids: number[]): Promise<Map<number, Subscription[]>> =>
      Map.groupBy(
        this.followed.filter((one) => ids.includes(one.chatId)),
        (one) => one.chatId,
      ),
    add: async (
      chatId: number,
      matchers: { country: string; service: string }[],
      createdAt: number,
    ): Promise<number> => {
      this.followed.push(...matchers.map((one) => ({ chatId, ...one, createdAt })));
      return matchers.length;
    },
    remove: async (chatId: number, matchers: { country: string; service: string }[]): Promise<number> => {
      const before = this.followed.length;
      this.followed = this.followed.filter(
        (one) => one.chatId !== chatId || !matchers.some((m) => m.country === one.country && m.service === one.service),
      );
      return before - this.followed.length;
    },
    removeAll: async (chatId: number): Promise<number> => {
      const before = this.followed.length;
      this.followed = this.followed.filter((one) => one.chatId !== chatId);
      return before - this.followed.length;
    },
  };

  silences = {
    list: async (chatId: number, now: number): Promise<Silence[]> =>
      this.quiet.filter((one) => one.chatId === chatId && one.until > now),
    add: async (silence: Silence): Promise<void> => {
      this.quiet.push(silence);
    },
    remove: async (chatId: number, target: Pick<Silence, 'country' | 'service' | 'incidentId'>): Promise<number> => {
      const before = this.quiet.length;
      this.quiet = this.quiet.filter(
        (one) =>
          one.chatId !== chatId ||
          one.country !== target.country ||
          one.service !== target.service ||
          one.incidentId !== target.incidentId,
      );
      return before - this.quiet.length;
    },
    removeAll: async (chatId: number): Promise<number> => {
      const before = this.quiet.length;
      this.quiet = this.quiet.filter((one) => one.chatId !== chatId);
      return before - this.quiet.length;
    },
  };
}

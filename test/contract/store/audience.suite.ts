import fc from 'fast-check';
import { expect, test } from 'vitest';
import { contentFor, follows, inhibition, recipientsOf } from '../../../src/core/audience.ts';
import { type Broadcast, type BroadcastKind, type DeliveryOp, deliveryKey } from '../../../src/core/model/alert.ts';
import { ANY, type Silence } from '../../../src/core/model/chat.ts';
import { type Incident, LEVELS, type Level, NETWORK } from '../../../src/core/model/incident.ts';
import type { MessageDocument } from '../../../src/core/model/message.ts';
import { createBroadcaster } from '../../../src/core/outbox/broadcaster.ts';
import { createCompose } from '../../../src/core/outbox/compose.ts';
import type { Store } from '../../../src/core/ports/store.ts';
import { nothingKnown } from '../../unit/render/support.ts';
import { deliveriesFor } from './deliveries-for.ts';
import { clock, deps, incident, NOW } from './samples.ts';

const COUNTRIES = ['RU', 'RU', 'IR', null] as const;
const SERVICES = ['whatsapp', 'signal', NETWORK, null] as const;
const PAIRS = [ANY, 'RU', 'IR'].flatMap((country) =>
  [ANY, 'whatsapp', 'signal', NETWORK].map((service) => ({ country, service })),
);
const CHATS = 4;
const INCIDENTS = 3;
const ALERTS = 2;

const index = (below: number) => fc.nat(below - 1);
const silence = fc.record({
  country: fc.constantFrom('RU', 'IR', null, null),
  service: fc.constantFrom('whatsapp', 'signal', null, null),
  incident: fc.option(index(INCIDENTS)),
});
const change = fc.record({
  kind: fc.constantFrom<BroadcastKind>('new', 'new', 'update', 'update', 'lifted', 'correction'),
  loud: fc.boolean(),
  reason: fc.constantFrom<Broadcast['reason']>('opened', 'escalated', 'widened', 'named', 'confidence-up'),
  incidents: fc.uniqueArray(index(INCIDENTS), { minLength: 1, maxLength: 2 }),
});
const step = fc.oneof(
  { weight: 9, arbitrary: fc.record({ do: fc.constant('broadcast'), alert: index(ALERTS), change }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('join'), alert: index(ALERTS), incident: index(INCIDENTS) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('send') }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('fail') }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('follow'), chat: index(CHATS), pair: fc.constantFrom(...PAIRS) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('unfollow'), chat: index(CHATS), pair: fc.constantFrom(...PAIRS) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('silence'), chat: index(CHATS), silence }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('level'), chat: index(CHATS), level: fc.constantFrom(...LEVELS) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('withdraw'), incident: index(INCIDENTS) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('leave'), chat: index(CHATS) }) },
);
const world = fc.record({
  incidents: fc.array(fc.record({ country: fc.constantFrom(...COUNTRIES), service: fc.constantFrom(...SERVICES) }), {
    minLength: INCIDENTS,
    maxLength: INCIDENTS,
  }),
  alerts: fc.array(
    fc.record({
      level: fc.constantFrom<Level>('early', 'corroborated'),
      members: fc.uniqueArray(index(INCIDENTS), { minLength: 1 }),
    }),
    { minLength: ALERTS, maxLength: ALERTS },
  ),
  chats: fc.array(
    fc.record({
      level: fc.constantFrom<Level>('early', 'corroborated', 'corroborated'),
      pairs: fc.uniqueArray(fc.constantFrom(...PAIRS), { maxLength: 2 }),
      silences: fc.array(silence, { maxLength: 1 }),
    }),
    { minLength: CHATS, maxLength: CHATS },
  ),
  steps: fc.array(step, { minLength: 4, maxLength: 20, size: 'max' }),
});
type Change = typeof change extends fc.Arbitrary<infer T> ? T : never;
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;
type World = typeof world extends fc.Arbitrary<infer T> ? T : never;

interface Queued {
  key: string;
  broadcast: Broadcast;
  op: DeliveryOp;
  /** What the first attempt fixed. */
  fixed: string | null;
}

interface ModelChat {
  id: number;
  active: boolean;
  level: Level;
  subscriptions: { country: string; service: string; order: number }[];
  silences: Silence[];
  /** What it followed, and until when, by the order of writing. */
  once: { country: string; service: string; until: number }[];
  /** Alerts of which it has a message, or one on its way. */
  holds: Set<string>;
  queue: Queued[];
}

interface ModelAlert {
  id: string;
  level: Level;
  /** When its incidents joined it, by the order of writing. */
  joined: Map<string, number>;
}

const documentOf = (text: string): MessageDocument =>
  ({ blocks: [{ type: 'paragraph', inline: [text] }], buttons: [], lang: 'en', tone: 'alert' }) as MessageDocument;
const shown = (incidents: readonly Incident[]): string =>
  incidents
    .map((one) => one.id)
    .sort()
    .join(' ');

let cases = 0;

/** The store on one side, what `audience.ts` says on the other. */
class Twin {
  readonly #store: Store;
  readonly #name = `case${++cases}`;
  readonly #world: World;
  #order = 0;
  #broadcasts = 0;
  #incidents: Incident[] = [];
  #alerts: ModelAlert[] = [];
  #chats: ModelChat[] = [];
  readonly #compose: ReturnType<typeof createCompose>;
  readonly #fill: (signal: AbortSignal) => Promise<unknown>;
  readonly #byAlert = new Map<string, Broadcast[]>();

  constructor(store: Store, of: World) {
    this.#store = store;
    this.#world = of;
    this.#compose = createCompose({
      renderNotice: () => {
        throw new Error('no notices here');
      },
      store,
      clock,
      known: () => nothingKnown,
      renderAlert: (view) => documentOf(shown(view.incidents)),
      renderReply: (view) => documentOf(shown(view.incidents)),
      renderLate: (view) => documentOf(shown(view.incidents)),
      renderSummary: (view) => documentOf(shown(view.incidents)),
      regular: async () => new Map(),
    });
    this.#fill = createBroadcaster({
      ...deps,
      store,
      lookAtWithheld: async () => {},
      onFilled: () => {},
      chunk: 3,
    }).run;
  }

  async run(): Promise<void> {
    const { incidents, alerts, chats, steps } = this.#world;
    for (const [i, one] of incidents.entries()) {
      // A network that is off speaks for the services there. All are as sure as their alerts ask.
      const action = one.service === NETWORK ? 'shutdown' : 'block';
      this.#incidents.push(incident({ ...one, action, confidence: 'corroborated', id: `${this.#name}-i${i}` }));
      await this.#store.incidents.insert(this.#incidents[i]!);
    }
    for (const one of chats) await this.#addChat(one);
    for (const one of alerts) await this.#addAlert(one);
    for (const one of steps) await this.#do(one);
    await this.#send();
    for (const { id } of this.#chats) await this.#store.chats.end(id);
    for (const one of this.#incidents) await this.#store.incidents.update({ ...one, open: false });
  }

  async #addChat({ level, pairs, silences }: World['chats'][number]): Promise<void> {
    const chat = await this.#store.chats.ensure(
      { accountId: this.#name, chat: `${this.#chats.length}`, thread: null },
      { platform: 'fake', kind: 'private', lang: 'en', now: NOW },
    );
    await this.#store.chats.update(chat.id, { level });
    this.#chats.push({
      id: chat.id,
      active: true,
      level,
      subscriptions: [],
      silences: [],
      once: [],
      holds: new Set(),
      queue: [],
    });
    const no = this.#chats.length - 1;
    for (const pair of pairs) await this.#do({ do: 'follow', chat: no, pair });
    for (const one of silences) await this.#do({ do: 'silence', chat: no, silence: one });
  }

  async #addAlert({ level, members }: World['alerts'][number]): Promise<void> {
    const alert: ModelAlert = { id: `${this.#name}-a${this.#alerts.length}`, level, joined: new Map() };
    this.#alerts.push(alert);
    const ids = members.map((one) => this.#incidents[one]!.id);
    for (const id of ids) alert.joined.set(id, ++this.#order);
    await this.#store.alerts.insert({
      id: alert.id,
      country: null,
      level,
      createdAt: NOW,
      notifiedAt: NOW,
      widenRepliedAt: null,
      incidents: ids.map((incidentId) => ({ incidentId, addedAt: NOW })),
    });
  }

  async #do(one: Step): Promise<void> {
    if ('chat' in one) return await this.#wish(this.#chats[one.chat]!, one);
    switch (one.do) {
      case 'broadcast':
        return await this.#broadcast(this.#alerts[one.alert]!, one.change);
      case 'join': {
        const { joined, id } = this.#alerts[one.alert]!;
        const incidentId = this.#incidents[one.incident]!.id;
        if (joined.has(incidentId)) return;
        joined.set(incidentId, ++this.#order);
        return await this.#store.alerts.addIncident(id, incidentId, NOW);
      }
      case 'send':
        return await this.#send();
      case 'fail':
        return await this.#fail();
      case 'withdraw': {
        const before = this.#incidents[one.incident]!;
        const after: Incident = { ...before, state: 'withdrawn', open: false, version: before.version + 1 };
        this.#incidents[one.incident] = after;
        return await this.#store.incidents.update(after);
      }
    }
  }

  /** What a chat asks for. */
  async #wish(chat: ModelChat, one: Extract<Step, { chat: number }>): Promise<void> {
    switch (one.do) {
      case 'follow': {
        const known = chat.subscriptions.some((sub) => follows(sub, one.pair) && follows(one.pair, sub));
        await this.#store.subscriptions.add(chat.id, [one.pair], NOW);
        if (chat.active && !known) chat.subscriptions.push({ ...one.pair, order: ++this.#order });
        return;
      }
      case 'unfollow':
        await this.#store.subscriptions.remove(chat.id, [one.pair]);
        for (const { country, service } of chat.subscriptions)
          if (country === one.pair.country && service === one.pair.service)
            chat.once.push({ country, service, until: this.#order });
        chat.subscriptions = chat.subscriptions.filter(
          ({ country, service }) => country !== one.pair.country || service !== one.pair.service,
        );
        return;
      case 'silence': {
        if (!chat.active) return;
        const { country, service } = one.silence;
        const incidentId = one.silence.incident === null ? null : this.#incidents[one.silence.incident]!.id;
        const made = { chatId: chat.id, country, service, incidentId, until: NOW + 1 };
        chat.silences.push(made);
        return await this.#store.silences.add(made);
      }
      case 'level':
        chat.level = one.level;
        return await this.#store.chats.update(chat.id, { level: one.level });
      default:
        chat.active = false;
        chat.subscriptions = [];
        chat.silences = [];
        for (const { op, broadcast, fixed } of chat.queue)
          if (op === 'send' && fixed === null) chat.holds.delete(broadcast.alertId);
        chat.queue = [];
        return await this.#store.chats.end(chat.id);
    }
  }

  async #broadcast(alert: ModelAlert, of: Change): Promise<void> {
    const broadcast: Broadcast = {
      id: `${this.#name}-b${++this.#broadcasts}`,
      alertId: alert.id,
      kind: of.kind,
      loud: of.kind === 'new' || of.loud,
      reason: of.reason,
      incidentIds: of.incidents.map((one) => this.#incidents[one]!.id),
      priority: 'alert',
      createdAt: NOW,
      dueAt: NOW,
      phase: of.kind === 'new' ? 'others' : 'holders',
      cursor: 0,
      state: 'waiting',
    };
    const all = [broadcast, ...(this.#byAlert.get(alert.id) ?? [])];
    this.#byAlert.set(alert.id, all);
    this.#expect(alert, broadcast, all);
    await this.#store.broadcasts.insert(broadcast);
    await this.#fill(new AbortController().signal);
    // As the store has it now: what was filled waits no more.
    broadcast.state = 'done';
  }

  /** What audience says of the broadcast goes into the queues of the model. */
  #expect(alert: ModelAlert, broadcast: Broadcast, all: Broadcast[]): void {
    const ids = broadcast.kind === 'new' ? [...alert.joined.keys()] : broadcast.incidentIds;
    const incidents = this.#incidents.filter((one) => ids.includes(one.id));
    const members = [...alert.joined.keys()].map((incidentId) => ({ incidentId, addedAt: NOW }));
    const stored = {
      ...alert,
      country: null,
      createdAt: NOW,
      notifiedAt: NOW,
      widenRepliedAt: null,
      incidents: members,
    };
    const plan = recipientsOf(broadcast, stored, incidents, all, this.#largerThan(incidents, alert.level));
    for (const chat of this.#chats) {
      const others = this.#alerts.filter((one) => chat.holds.has(one.id)).flatMap((one) => [...one.joined.keys()]);
      const own = chat.queue.filter((one) => one.broadcast.alertId === alert.id && one.fixed === null);
      const { ops } = deliveriesFor(broadcast, plan, {
        active: chat.active,
        level: chat.level,
        subscriptions: chat.subscriptions.map((sub) => ({
          ...sub,
          before: (id) => sub.order < (alert.joined.get(id) ?? Number.POSITIVE_INFINITY),
        })),
        silences: chat.silences,
        once: (id) => this.#once(chat, alert).has(id),
        holds: chat.holds.has(alert.id),
        notifiedOf: new Set(others),
        toldOf: (id, sub) => {
          const told = this.#alerts
            .filter((one) => one.level === alert.level)
            .flatMap((one) => one.joined.get(id) ?? []);
          const order = chat.subscriptions.find((one) => follows(one, sub) && follows(sub, one))?.order ?? 0;
          return order >= Math.min(...told, Number.POSITIVE_INFINITY);
        },
        queued: new Set(own.map((one) => one.op)),
      });
      if ((ops as DeliveryOp[]).includes('reply'))
        chat.queue = chat.queue.filter(
          (one) => one.op !== 'reply' || one.fixed !== null || !plan.supersedes.includes(one.broadcast.id),
        );
      for (const op of ops) {
        const key = deliveryKey({ broadcastId: broadcast.id, chatId: chat.id, op });
        chat.queue.push({ key, broadcast, op, fixed: null });
        if (op === 'send') chat.holds.add(alert.id);
      }
    }
  }

  /** Incidents of the alert that the chat followed when they joined it. */
  #once(chat: ModelChat, { joined }: ModelAlert): Set<string> {
    const once = this.#incidents.filter((one) =>
      chat.once.some((was) => follows(was, one) && was.until >= (joined.get(one.id) ?? Number.POSITIVE_INFINITY)),
    );
    return new Set(once.map(({ id }) => id));
  }

  /** What speaks for these at that level, as the store would find it: the newest by its id. */
  #largerThan(incidents: readonly Incident[], level: Level): Map<string, Incident> {
    const larger = new Map<string, Incident>();
    for (const one of incidents) {
      const off = this.#incidents.filter(({ country, service, open }) => {
        return open && one.country !== null && country === one.country && service === NETWORK;
      });
      const found = one.service === NETWORK ? undefined : off.at(-1);
      if (found && inhibition(one, found, level, NOW)) larger.set(one.id, found);
    }
    return larger;
  }

  /** What audience says that a queued piece shows now: ids of incidents, or why nothing. */
  #contentOf(chat: ModelChat, { broadcast, op, fixed }: Queued): string {
    if (fixed !== null) return fixed;
    const alert = this.#alerts.find((one) => one.id === broadcast.alertId)!;
    const members = this.#incidents.filter((one) => alert.joined.has(one.id));
    const wishes = { ...chat, once: this.#once(chat, alert) };
    const content = contentFor(op, op === 'reply' ? broadcast : null, wishes, members);
    return content.show ? shown(content.show) : `skip ${content.skip}`;
  }

  /** Everything that is queued is composed and sent; it must be what the model holds. */
  async #send(): Promise<void> {
    const got: string[] = [];
    for (;;) {
      const claims = await this.#store.outbox.peek(this.#name, 50, NOW, []);
      if (claims.length === 0) break;
      const composed = await this.#compose(claims);
      for (const [i, claim] of claims.entries()) {
        const what = composed[i]!;
        if ('later' in what) throw new Error('no chat of this world has quiet hours');
        got.push(`${deliveryKey(claim)} ${'skip' in what ? `skip ${what.skip}` : textOf(what.document)}`);
        if ('skip' in what) {
          await this.#store.outbox.advance([{ id: claim.id, outcome: 'superseded', reason: what.skip }], [], NOW);
          continue;
        }
        await this.#store.outbox.advance([], [{ id: claim.id, payload: JSON.stringify(what.document) }], NOW);
        const messageRef = claim.messageRef ?? `m${claim.id}`;
        await this.#store.outbox.advance([{ id: claim.id, outcome: 'sent', messageRef }], [], NOW);
      }
    }
    const expected = this.#chats.flatMap((chat) => chat.queue.map((one) => `${one.key} ${this.#contentOf(chat, one)}`));
    expect(got.sort()).toEqual(expected.sort());
    for (const chat of this.#chats) {
      for (const one of chat.queue)
        if (one.op === 'send' && this.#contentOf(chat, one).startsWith('skip'))
          chat.holds.delete(one.broadcast.alertId);
      chat.queue = [];
    }
  }

  /** One attempt each at what comes next in every chat: it fails, will be made again, and says then what it said now. */
  async #fail(): Promise<void> {
    const claims = await this.#store.outbox.peek(this.#name, 50, NOW, []);
    const composed = await this.#compose(claims);
    for (const [i, claim] of claims.entries()) {
      const what = composed[i]!;
      if (!('document' in what)) continue;
      await this.#store.outbox.advance([], [{ id: claim.id, payload: JSON.stringify(what.document) }], NOW);
      await this.#store.outbox.advance([{ id: claim.id, outcome: 'retry', nextAt: NOW }], [], NOW);
      const queue = this.#chats.find((one) => one.id === claim.chatId)!.queue;
      const piece = queue.find((one) => one.key === deliveryKey(claim));
      if (piece) piece.fixed ??= textOf(what.document);
    }
  }
}

const textOf = (document: MessageDocument): string => {
  const [block] = document.blocks;
  return block?.type === 'paragraph' ? String(block.inline[0]) : '';
};

/** The fan-out in SQL and what is composed of it, against `core/audience.ts`. */
export function audienceSuite(open: () => Store, runs: number): void {
  test('any changes, wishes and earlier messages: fan-out and composing give each chat what audience says', async () => {
    await fc.assert(
      fc.asyncProperty(world, (one) => new Twin(open(), one).run()),
      { numRuns: runs },
    );
  }, 120_000);
}

import { beforeEach, expect, test } from 'vitest';
import type { Chat } from '../../../src/core/model/chat.ts';
import type { Store } from '../../../src/core/ports/store.ts';
import { address, announced, broadcast, fillAll, follower, incident, NOW, pairs, takeAll } from './samples.ts';

const MINUTE = 60_000;
const OTHER = { incidentId: 'RU-signal-1111', country: 'RU', service: 'signal', onlyEarlier: false };

/** Pairs of chats: joined once, told instead of each other, and never twice. */
export function linksSuite(open: () => Store): void {
  let store: Store;
  let main: Chat;
  let spare: Chat;
  beforeEach(async () => {
    store = open();
    main = await follower(store, 'main', 'RU *');
    spare = await second('spare');
    expect(await store.links.join(main.id, spare.id, NOW)).toBe(true);
  });

  const second = (name: string, accountId = 'mx'): Promise<Chat> =>
    store.chats.ensure(address(name, null, accountId), { platform: 'matrix', kind: 'private', lang: 'en', now: NOW });

  /** What waits for an account, as "chat op". */
  const queued = async (accountId: string): Promise<string[]> =>
    (await store.outbox.peek(accountId, 100, NOW + 60 * MINUTE, [])).map((one) => `${one.chat.chat} ${one.op}`);
  const told = async (): Promise<string> => {
    await store.incidents.insert(incident({ confidence: 'corroborated' }));
    const id = await announced(store);
    await fillAll(store, id);
    return id;
  };
  const stuck = () => store.links.stuck(['tg'], NOW, 100);
  const divertAll = async (how: 'divert' | 'drop' = 'divert') =>
    store.links.divert(
      (await stuck()).map(({ id }) => ({ id, do: how })),
      NOW,
    );

  test('joined: both know it, by any of their rows; neither can be in another pair, nor with itself or on one account', async () => {
    const link = await store.links.of(main.id);
    expect(link).toEqual({
      mainId: main.id,
      spareId: spare.id,
      createdAt: NOW,
      both: 'new',
      because: null,
      monthlyTest: false,
      testedAt: null,
    });
    const thread = await store.chats.ensure(address('main', '7'), { ...main, now: NOW });
    expect(await store.links.of(spare.id)).toEqual(link);
    expect(await store.links.of(thread.id)).toEqual(link);
    const [third, fourth] = [await second('third', 'xx'), await follower(store, 'fourth')];
    for (const [one, two] of [
      [main, third],
      [third, main],
      [spare, fourth],
      [third, spare],
      [third, third],
      [fourth, await follower(store, 'fifth')],
    ] as const)
      expect(await store.links.join(one.id, two.id, NOW)).toBe(false);
    expect(await store.links.list(0, 10)).toEqual([link]);
    expect(await store.links.list(main.id, 10)).toEqual([]);
  });

  test('changed and taken apart: by either, once', async () => {
    await store.links.update(main.id, { both: 'never', because: 'RU', monthlyTest: true, testedAt: NOW });
    const changed = { both: 'never', because: 'RU', monthlyTest: true, testedAt: NOW };
    expect(await store.links.of(main.id)).toMatchObject(changed);
    expect(await store.links.part(spare.id)).toMatchObject(changed);
    expect(await store.links.part(main.id)).toBeNull();
  });

  test('a message that the first cannot get: the second gets it, the first does not any more, and its account has an empty queue', async () => {
    await told();
    expect(await queued('mx')).toEqual([]);
    expect(await stuck()).toMatchObject([{ op: 'send', state: 'queued', spareHas: false, accountId: 'tg' }]);
    expect(await divertAll()).toBe(1);
    expect([await queued('tg'), await queued('mx')]).toEqual([[], ['spare send']]);
    const [claim] = await store.outbox.peek('mx', 1, NOW, []);
    expect(claim?.via).toEqual({ reason: 'failing', platform: 'telegram', country: null });
    expect(await stuck()).toEqual([]);
    expect(await store.outbox.depth()).toMatchObject([{ accountId: 'mx', queued: 1 }]);
  });

  test('only what is old, or of accounts that are named: the rest is not even looked at', async () => {
    await told();
    expect(await store.links.stuck([], NOW, 100)).toEqual([]);
    expect(await store.links.stuck([], NOW + 1, 100)).toHaveLength(1);
    expect(await store.links.stuck(['mx'], NOW, 100)).toEqual([]);
  });

  test('what waits for the end of quiet hours: is not stuck', async () => {
    await told();
    const [claim] = await store.outbox.peek('tg', 1, NOW, []);
    await store.outbox.advance([], [{ id: claim!.id, payload: 'text' }], NOW);
    await store.outbox.advance([{ id: claim!.id, outcome: 'retry', nextAt: NOW + 8 * 60 * MINUTE }], [], NOW);
    expect(await stuck()).toEqual([]);
  });

  test('diverted twice, or while it was settled: nothing more', async () => {
    await told();
    const [one] = await stuck();
    await store.links.divert([{ id: one!.id, do: 'divert' }], NOW);
    expect(await store.links.divert([{ id: one!.id, do: 'divert' }], NOW)).toBe(0);
    expect(await queued('mx')).toEqual(['spare send']);
  });

  test('under way when it is diverted: its attempt is the last, whatever becomes of it', async () => {
    await told();
    const [claim] = await store.outbox.peek('tg', 1, NOW, []);
    await store.outbox.advance([], [{ id: claim!.id, payload: 'text' }], NOW);
    expect(await divertAll()).toBe(1);
    expect(await stuck()).toEqual([]);
    await store.outbox.advance([{ id: claim!.id, outcome: 'retry', nextAt: NOW }], [], NOW);
    expect([await queued('tg'), await queued('mx')]).toEqual([[], ['spare send']]);
  });

  test('under way when the process was killed, and diverted: not sent again at the start', async () => {
    await told();
    const [claim] = await store.outbox.peek('tg', 1, NOW, []);
    await store.outbox.advance([], [{ id: claim!.id, payload: 'text' }], NOW);
    await divertAll();
    expect(await store.outbox.recover('tg', null)).toEqual({ requeued: 0, unknown: 0 });
    expect([await queued('tg'), await queued('mx')]).toEqual([[], ['spare send']]);
    expect((await store.outbox.depth()).map(({ accountId }) => accountId)).toEqual(['mx']);
  });

  /** The second chat got a message in place of the first; then something became of it. */
  async function becameOfDiverted(loud: boolean): Promise<void> {
    await told();
    await divertAll();
    const [claim] = await store.outbox.peek('mx', 1, NOW, []);
    await store.outbox.advance([], [{ id: claim!.id, payload: 'text' }], NOW);
    await store.outbox.advance([{ id: claim!.id, outcome: 'sent', messageRef: 'm' }], [], NOW);
    await store.broadcasts.insert(broadcast({ id: 'b2', kind: 'lifted', phase: 'holders', loud }));
    await fillAll(store, 'b2');
  }

  test('what became of it, quietly: told where it was told, though the second follows nothing itself', async () => {
    await becameOfDiverted(false);
    expect([await queued('tg'), await queued('mx')]).toEqual([[], ['spare edit']]);
    const [edit] = await store.outbox.peek('mx', 1, NOW, []);
    expect(edit?.via?.reason).toBe('failing');
  });

  test('what became of it, loudly: rings in the first, and is put right in the second', async () => {
    await becameOfDiverted(true);
    const { deliveries } = await store.chats.copy(spare.id, 100);
    expect([await queued('tg'), deliveries.rows.map(({ op }) => op).sort()]).toEqual([['main send'], ['edit', 'send']]);
  });

  test('and the first cannot be reached then: the second rings, once', async () => {
    await becameOfDiverted(true);
    expect(await stuck()).toMatchObject([{ op: 'send', spareHas: true }]);
    expect([await divertAll('drop'), await divertAll('drop')]).toEqual([1, 0]);
    const { deliveries } = await store.chats.copy(spare.id, 100);
    expect([await queued('tg'), deliveries.rows.map(({ op }) => op).sort()]).toEqual([[], ['edit', 'reply', 'send']]);
  });

  test('the second follows it as well, or the pair was taken apart: it rings as any other', async () => {
    await store.subscriptions.add(spare.id, pairs(['* whatsapp']), NOW - 1);
    await becameOfDiverted(true);
    const { deliveries } = await store.chats.copy(spare.id, 100);
    expect(deliveries.rows.map(({ op }) => op).sort()).toEqual(['edit', 'reply', 'send']);
  });

  test('the summary of quiet hours that the first cannot get: what it would tell waits for the second, which is looked at at once', async () => {
    await told();
    const [claim] = await store.outbox.peek('tg', 1, NOW, []);
    await store.outbox.advance([{ id: claim!.id, outcome: 'held', until: NOW + MINUTE }], [], NOW);
    await store.alerts.insert({ ...(await store.alerts.get('alert-1'))!, id: 'night', incidents: [] });
    await store.broadcasts.insert(broadcast({ id: 'morning', alertId: 'night', kind: 'summary', incidentIds: [] }));
    await store.outbox.put('morning', [main.id], NOW);
    expect(await stuck()).toMatchObject([{ op: 'send', spareHas: false }]);
    expect(await divertAll()).toBe(1);
    expect([await queued('tg'), await queued('mx')]).toEqual([[], []]);
    const held = await store.outbox.heldOf([main.id, spare.id], 10);
    expect([...held.keys()]).toEqual([spare.id]);
    expect(held.get(spare.id)).toMatchObject([{ alertId: 'alert-1', via: { reason: 'failing' } }]);
    expect((await store.chats.due(NOW, 10)).map(({ chat }) => chat.id)).toEqual([spare.id]);
  });

  test('of a first chat that has the alert, the reply is diverted and the quiet edit waits', async () => {
    const id = await told();
    await takeAll(store);
    await store.broadcasts.insert(broadcast({ id: 'b2', kind: 'lifted', phase: 'holders' }));
    await fillAll(store, 'b2');
    expect((await stuck()).map(({ op }) => op)).toEqual(['reply']);
    expect(await divertAll()).toBe(1);
    expect([await queued('tg'), await queued('mx')]).toEqual([['main edit'], ['spare send']]);
    expect(id).toBe('broadcast-1');
  });

  test('the second follows it as well: it has its own, so nothing is diverted', async () => {
    await store.subscriptions.add(spare.id, pairs(['* whatsapp']), NOW - 1);
    await told();
    expect(await stuck()).toMatchObject([{ spareHas: true }]);
    expect(await divertAll('drop')).toBe(0);
    expect([await queued('tg'), await queued('mx')]).toEqual([[], ['spare send']]);
  });

  test('the platform is cut off where the first chat lives: both get it, in one transaction, and each change of it', async () => {
    await store.links.update(main.id, { because: 'RU' });
    await told();
    expect([await queued('tg'), await queued('mx')]).toEqual([['main send'], ['spare send']]);
    const [claim] = await store.outbox.peek('mx', 1, NOW, []);
    expect(claim?.via).toEqual({ reason: 'country', platform: 'telegram', country: 'RU' });
    expect(await store.outbox.depth()).toMatchObject([
      { accountId: 'mx', queued: 1 },
      { accountId: 'tg', queued: 1 },
    ]);
  });

  test.each(['new', 'always'] as const)('the wish for both is kept as it was made: %s', async (both) => {
    await store.links.update(main.id, { both });
    expect((await store.links.of(main.id))?.both).toBe(both);
  });

  test('cut off, and the wish is otherwise: only the first', async () => {
    await store.links.update(main.id, { because: 'RU', both: 'never' });
    await told();
    expect([await queued('tg'), await queued('mx')]).toEqual([['main send'], []]);
  });

  test('cut off since then: the alert that told of it is copied, once', async () => {
    await told();
    const via = { reason: 'country', platform: 'telegram', country: 'RU' } as const;
    expect(await store.links.copy(main.id, 'alert-1', via, NOW)).toBe(1);
    expect(await store.links.copy(main.id, 'alert-1', via, NOW)).toBe(0);
    expect(await store.links.copy(main.id, 'unknown', via, NOW)).toBe(0);
    expect(await queued('mx')).toEqual(['spare send']);
  });

  test('a topic of the first chat follows it: diverted as well', async () => {
    const thread = await store.chats.ensure(address('main', '7'), { ...main, now: NOW });
    await store.subscriptions.removeAll(main.id);
    await store.subscriptions.add(thread.id, pairs(['RU whatsapp']), NOW - 1);
    await told();
    expect(await divertAll()).toBe(1);
    expect([await queued('tg'), await queued('mx')]).toEqual([[], ['spare send']]);
    expect(await store.links.mains([spare.id])).toEqual(new Map([[spare.id, [main.id, thread.id]]]));
  });

  test('first chat gone: the second takes over what it followed, what waits and its mutes, and is told so', async () => {
    await told();
    await store.chats.update(main.id, { level: 'early' });
    await store.silences.add({ chatId: main.id, country: 'IR', service: null, incidentId: null, until: NOW + MINUTE });
    await store.chats.end(main.id);
    expect(await store.subscriptions.list(spare.id)).toMatchObject([{ country: 'RU', service: '*' }]);
    expect((await store.chats.get(spare.id))?.level).toBe('early');
    expect(await store.silences.list(spare.id, NOW)).toMatchObject([{ country: 'IR' }]);
    expect(await store.links.of(spare.id)).toBeNull();
    const claims: string[] = [];
    for (const id of [1, 2]) {
      const [claim] = await store.outbox.peek('mx', 1, NOW + id, []);
      claims.push(`${claim?.alertId.split('-')[0]} ${claim?.via?.reason ?? null}`);
      await store.outbox.advance([], [{ id: claim!.id, payload: 'text' }], NOW);
      await store.outbox.advance([{ id: claim!.id, outcome: 'sent', messageRef: `m${id}` }], [], NOW);
    }
    expect(claims.sort()).toEqual(['alert gone', 'pair null']);
    expect(await queued('mx')).toEqual([]);
  });

  test('first chat gone, by its own word to a message: the second gets that message', async () => {
    await told();
    await takeAll(store, (id) => ({ id, outcome: 'gone', reason: 'blocked' }));
    const alerts = await store.outbox.peek('mx', 1, NOW, []);
    expect(alerts[0]?.via?.reason).toBe('gone');
    expect((await store.outbox.depth()).map(({ accountId, queued }) => [accountId, queued])).toEqual([['mx', 2]]);
  });

  test('second chat gone: the first is told, and goes on by itself', async () => {
    await store.chats.end(spare.id);
    expect(await queued('tg')).toEqual(['main send']);
    expect(await store.links.of(main.id)).toBeNull();
    const [claim] = await store.outbox.peek('tg', 1, NOW + MINUTE, []);
    expect(await store.notices.getMany([claim!.alertId])).toEqual(
      new Map([[claim!.alertId, { kind: 'link-lost', other: { platform: 'matrix', kind: 'private' } }]]),
    );
  });

  test('both gone, or one forgotten: nobody is told, the pair is over', async () => {
    await store.chats.forget(spare.id);
    expect(await store.links.of(main.id)).toBeNull();
    expect(await queued('tg')).toEqual([]);
  });

  test('the first chat moves (a group that becomes another): its pair moves along, also into a chat that is there already', async () => {
    await store.chats.move(address('main'), address('main-2'));
    expect((await store.links.of(spare.id))?.mainId).toBe(main.id);
    const there = await follower(store, 'main-3', 'IR *');
    await store.chats.move(address('main-2'), address('main-3'));
    expect((await store.links.of(spare.id))?.mainId).toBe(there.id);
  });

  test('the first chat becomes another that has a pair of its own: one pair is left, and the other second chat is told', async () => {
    const [there, other] = [await follower(store, 'main-2', 'IR *'), await second('other')];
    expect(await store.links.join(there.id, other.id, NOW)).toBe(true);
    await store.chats.move(address('main'), address('main-2'));
    expect(await store.links.list(0, 10)).toMatchObject([{ mainId: there.id, spareId: other.id }]);
    expect(await queued('mx')).toEqual(['spare send']);
    const [claim] = await store.outbox.peek('mx', 1, NOW + MINUTE, []);
    expect(await store.notices.getMany([claim!.alertId])).toEqual(
      new Map([[claim!.alertId, { kind: 'link-parted', other: { platform: 'telegram', kind: 'private' } }]]),
    );
  });

  test('an alert of which the second knows one incident of two: diverted all the same', async () => {
    await store.subscriptions.add(spare.id, pairs(['* whatsapp']), NOW - 1);
    await store.incidents.insert(incident({ confidence: 'corroborated' }));
    await store.incidents.insert(incident({ id: OTHER.incidentId, service: 'signal', confidence: 'corroborated' }));
    const id = await announced(store);
    await fillAll(store, id);
    const next = await announced(store, OTHER.incidentId, 2);
    await store.alerts.addIncident('alert-2', 'RU-whatsapp-3f9k', NOW);
    await fillAll(store, next, { matchers: [OTHER] });
    const found = await stuck();
    expect(found.map(({ spareHas }) => spareHas)).toEqual([true, false]);
  });

  test('a notice: queued once for those who are active, and never diverted', async () => {
    const gone = await follower(store, 'gone');
    await store.chats.end(gone.id);
    const notice = { kind: 'link-test', other: { platform: 'telegram', kind: 'group' } } as const;
    const tell = () => store.notices.tell('n1', notice, [main.id, gone.id, 12_345], { priority: 'digest', now: NOW });
    expect([await tell(), await tell()]).toEqual([1, 0]);
    expect(await stuck()).toEqual([]);
    expect(await store.notices.getMany(['n1', 'alert-1'])).toEqual(new Map([['n1', notice]]));
  });

  test('an announcement: every active chat once, chunk by chunk, threads and gone ones left out, behind alerts', async () => {
    for (const name of ['a', 'b', 'c']) await follower(store, name);
    await store.chats.end((await follower(store, 'gone')).id);
    await store.chats.ensure(address('main', '7'), { ...main, now: NOW });
    const notice = { kind: 'announce', text: 'hello' } as const;
    expect([await store.notices.toAll('n1', notice, NOW), await store.notices.toAll('n1', notice, NOW)]).toEqual([
      true,
      false,
    ]);
    await told();
    await fillAll(store, 'n1', { chunk: 2, matchers: [] });
    expect((await queued('tg')).sort()).toEqual(['a send', 'b send', 'c send', 'main send']);
    expect(await queued('mx')).toEqual(['spare send']);
    const [first] = await store.outbox.peek('tg', 1, NOW, []);
    expect(first?.alertId).toBe('alert-1');
  });

  test('figures: numbers of chats and of what they follow', async () => {
    await follower(store, 'other', 'RU whatsapp', 'IR *');
    await store.chats.end((await follower(store, 'gone')).id);
    expect(await store.chats.figures(10)).toEqual({
      kinds: [
        { platform: 'matrix', kind: 'private', chats: 1 },
        { platform: 'telegram', kind: 'private', chats: 2 },
      ],
      gone: 1,
      pairs: 1,
      subscriptions: 3,
      countries: [
        { country: 'RU', chats: 2 },
        { country: 'IR', chats: 1 },
      ],
    });
    expect((await store.chats.figures(1)).countries).toHaveLength(1);
  });
}

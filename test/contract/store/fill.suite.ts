import { expect, test } from 'vitest';
import type { Store } from '../../../src/core/ports/store.ts';
import { alert, announced, broadcast, DAY, fillAll, follower, incident, matcher, NOW, takeAll } from './samples.ts';

/** Who gets what of a broadcast. */
export function fillSuite(open: () => Store): void {
  test.each([
    ['RU *', 'RU', 'whatsapp', true],
    ['RU whatsapp', 'RU', 'whatsapp', true],
    ['* whatsapp', 'RU', 'whatsapp', true],
    ['* *', 'RU', 'whatsapp', true],
    ['RU signal', 'RU', 'whatsapp', false],
    ['IR *', 'RU', 'whatsapp', false],
    ['RU *', null, 'whatsapp', false],
    ['* whatsapp', null, 'whatsapp', true],
    ['RU whatsapp', 'RU', null, false],
    ['RU *', 'RU', null, true],
    ['* *', null, null, true],
  ])('subscription %s, incident %s %s: told %s', async (follows, country, service, told) => {
    const store = open();
    await follower(store, 'a', follows);
    await fillAll(store, await announced(store), { matchers: [matcher({ country, service })] });
    expect(await takeAll(store)).toEqual(told ? ['a send'] : []);
  });

  test('several matching subscriptions, several incidents: one message', async () => {
    const store = open();
    await follower(store, 'a', 'RU *', 'RU whatsapp', '* signal', '* *');
    const matchers = [matcher(), matcher({ incidentId: 'i2', service: 'signal' })];
    expect(await fillAll(store, await announced(store), { matchers })).toEqual([1, 0]);
    expect(await takeAll(store)).toEqual(['a send']);
  });

  test.each([
    ['clocks that agree', NOW - DAY, NOW, NOW + DAY],
    ['the clock ahead while both subscribed', NOW + 9 * DAY, NOW, NOW + 9 * DAY],
    ['the clock behind while both subscribed', NOW - 9 * DAY, NOW, NOW - 9 * DAY],
  ])(
    '%s: who followed before the incident was added is notified, who did later is not (the answer showed it)',
    async (_, before, at, after) => {
      const store = open();
      const early = await follower(store, 'early');
      const late = await follower(store, 'late');
      await store.subscriptions.add(early.id, [{ country: 'RU', service: '*' }], before);
      await store.alerts.insert(alert({ incidents: [{ incidentId: 'i0', addedAt: at }] }));
      await store.alerts.addIncident('alert-1', 'RU-whatsapp-3f9k', at);
      await store.subscriptions.add(late.id, [{ country: 'RU', service: '*' }], after);
      await store.broadcasts.insert(broadcast());
      await fillAll(store, 'broadcast-1', { matchers: [matcher({ onlyEarlier: true })] });
      expect(await takeAll(store)).toEqual(['early send']);
    },
  );

  test('an update for holders that an addition caused: who followed it only later has it from the answer', async () => {
    const store = open();
    const ann = await follower(store, 'ann', 'RU whatsapp');
    await fillAll(store, await announced(store));
    await takeAll(store);
    await store.alerts.addIncident('alert-1', 'i2', NOW - 9 * DAY);
    await store.subscriptions.add(ann.id, [{ country: 'RU', service: 'signal' }], NOW - 10 * DAY);
    await store.broadcasts.insert(broadcast({ id: 'b2', kind: 'update', loud: false, phase: 'holders' }));
    const added = matcher({ incidentId: 'i2', service: 'signal', onlyEarlier: true });
    await fillAll(store, 'b2', { matchers: [added] });
    expect(await takeAll(store)).toEqual([]);
    await store.broadcasts.insert(broadcast({ id: 'b3', kind: 'update', loud: false, phase: 'holders' }));
    await fillAll(store, 'b3', { matchers: [{ ...added, onlyEarlier: false }] });
    expect(await takeAll(store)).toEqual(['ann edit']);
  });

  test.each<[string, string, string, string[]]>([
    ['has a message of what speaks for it', 'before', 'RU *', []],
    ['subscribed after that was told', 'after', 'RU *', []],
    ['does not follow what speaks for it', 'before', 'RU whatsapp', ['ann send']],
    ['does not follow it, and subscribed after that was told', 'after', 'RU whatsapp', ['ann send']],
  ])('a larger incident speaks for it, and the chat %s', async (_, when, follows, expected) => {
    const store = open();
    const off = { incidentId: 'RU-internet-1', country: 'RU', service: 'internet' };
    if (when === 'before') await follower(store, 'ann', follows);
    await fillAll(store, await announced(store, off.incidentId, 2), { matchers: [matcher(off)] });
    await takeAll(store);
    if (when === 'after') await follower(store, 'ann', follows);
    await fillAll(store, await announced(store), { matchers: [matcher({ spokenFor: off })] });
    expect(await takeAll(store)).toEqual(expected);
  });

  test.each<[string, (store: Store, chat: number) => Promise<unknown>]>([
    ['unsubscribed', (store, chat) => store.subscriptions.removeAll(chat)],
    [
      'muted',
      (store, chatId) =>
        store.silences.add({ chatId, country: 'RU', service: null, incidentId: null, until: NOW + DAY }),
    ],
  ])(
    'a loud change of what it has, and the chat has %s: its message is kept true, without a sound',
    async (_, quiet) => {
      const store = open();
      const ann = await follower(store, 'ann', 'RU *');
      await fillAll(store, await announced(store));
      await takeAll(store);
      await quiet(store, ann.id);
      await store.broadcasts.insert(broadcast({ id: 'b2', kind: 'correction', phase: 'holders' }));
      await fillAll(store, 'b2');
      expect(await takeAll(store)).toEqual(['ann edit']);
    },
  );

  test('what it never followed changes in its alert, and what joined that after it unsubscribed: no edit', async () => {
    const store = open();
    await store.incidents.insert(incident());
    await store.incidents.insert(incident({ id: 'i2', service: 'signal' }));
    const ann = await follower(store, 'ann', 'RU whatsapp');
    const bob = await follower(store, 'bob', 'RU *');
    await fillAll(store, await announced(store));
    await takeAll(store);
    await store.subscriptions.removeAll(bob.id);
    await store.alerts.addIncident('alert-1', 'i2', NOW);
    await store.broadcasts.insert(broadcast({ id: 'b2', kind: 'update', phase: 'holders' }));
    await fillAll(store, 'b2', { matchers: [matcher({ incidentId: 'i2', service: 'signal' })] });
    expect(await takeAll(store)).toEqual([]);
    const once = await store.subscriptions.once([ann.id, bob.id], ['alert-1', 'none']);
    expect(once).toEqual(new Map([[bob.id, new Set(['RU-whatsapp-3f9k'])]]));
  });

  test('in chunks along the cursor: each chat once, and each call goes on where the last ended', async () => {
    const store = open();
    for (let i = 0; i < 7; i++) await follower(store, `c${i}`, 'RU *', ...(i % 2 ? ['RU whatsapp'] : []));
    const id = await announced(store);
    expect(await fillAll(store, id, { chunk: 3 })).toEqual([3, 3, 1, 0]);
    expect((await takeAll(store)).toSorted()).toEqual([0, 1, 2, 3, 4, 5, 6].map((i) => `c${i} send`));
    expect(await store.broadcasts.get(id)).toMatchObject({ state: 'done' });
    const again = await store.outbox.fill((await store.broadcasts.get(id))!, {
      level: 'corroborated',
      matchers: [matcher()],
      supersedes: [],
      othersToo: true,
      now: NOW,
      chunk: 10,
    });
    expect(again.written).toBe(0);
  });

  test('chunk rolled back: the cursor stays, the next try fills it in', async () => {
    const store = open();
    for (let i = 0; i < 4; i++) await follower(store, `c${i}`, 'RU *');
    const id = await announced(store);
    const plan = {
      level: 'corroborated',
      matchers: [matcher()],
      supersedes: [],
      othersToo: true,
      now: NOW,
      chunk: 2,
    } as const;
    const current = (await store.broadcasts.get(id))!;
    const failed = store.transaction(async (tables) => {
      await tables.outbox.fill(current, { ...plan, matchers: [matcher()], supersedes: [] });
      throw new Error('crash');
    });
    await expect(failed).rejects.toThrow('crash');
    expect(await store.broadcasts.get(id)).toEqual(current);
    expect(await fillAll(store, id, { chunk: 2 })).toEqual([2, 2, 0]);
  });

  test.each([
    ['everything', { country: null, service: null, incidentId: null }, []],
    ['the country', { country: 'RU', service: null, incidentId: null }, []],
    ['another country', { country: 'IR', service: null, incidentId: null }, ['a send']],
    ['the service', { country: null, service: 'whatsapp', incidentId: null }, []],
    ['the service elsewhere', { country: 'IR', service: 'whatsapp', incidentId: null }, ['a send']],
    ['the incident', { country: null, service: null, incidentId: 'RU-whatsapp-3f9k' }, []],
    ['another incident', { country: null, service: null, incidentId: 'other' }, ['a send']],
  ])('silenced %s: told accordingly', async (_, target, expected) => {
    const store = open();
    const { id } = await follower(store, 'a', 'RU *');
    await store.silences.add({ chatId: id, ...target, until: NOW + 1 });
    await fillAll(store, await announced(store));
    expect(await takeAll(store)).toEqual(expected);
  });

  test('one of two matching incidents silenced: notified; both: not; over: notified', async () => {
    const store = open();
    const matchers = [matcher(), matcher({ incidentId: 'i2', service: 'signal' })];
    const a = await follower(store, 'a', 'RU *');
    const b = await follower(store, 'b', 'RU *');
    const c = await follower(store, 'c', 'RU *');
    const silence = (chatId: number, service: string, until: number) =>
      store.silences.add({ chatId, country: null, service, incidentId: null, until });
    await silence(a.id, 'signal', NOW + 1);
    await silence(b.id, 'signal', NOW + 1);
    await silence(b.id, 'whatsapp', NOW + 1);
    await silence(c.id, 'whatsapp', NOW);
    await silence(c.id, 'signal', NOW);
    await fillAll(store, await announced(store), { matchers });
    expect((await takeAll(store)).toSorted()).toEqual(['a send', 'c send']);
  });

  test('notified by another alert: not again; of an incident that is news to it: notified', async () => {
    const store = open();
    await follower(store, 'a', 'RU *');
    await fillAll(store, await announced(store));
    await takeAll(store);
    await announced(store, 'RU-whatsapp-3f9k', 2);
    await fillAll(store, 'broadcast-2');
    expect(await takeAll(store)).toEqual([]);
    await store.alerts.insert(
      alert({
        id: 'alert-3',
        incidents: [
          { incidentId: 'RU-whatsapp-3f9k', addedAt: NOW },
          { incidentId: 'i2', addedAt: NOW },
        ],
      }),
    );
    await store.broadcasts.insert(broadcast({ id: 'broadcast-3', alertId: 'alert-3' }));
    await fillAll(store, 'broadcast-3', { matchers: [matcher(), matcher({ incidentId: 'i2', service: 'signal' })] });
    expect(await takeAll(store)).toEqual(['a send']);
  });

  test('quiet update: holders get an edit, others nothing', async () => {
    const store = open();
    await follower(store, 'a', 'RU *');
    await fillAll(store, await announced(store));
    await takeAll(store);
    await follower(store, 'late', 'RU *');
    await store.broadcasts.insert(broadcast({ id: 'b2', kind: 'update', loud: false, phase: 'holders' }));
    await fillAll(store, 'b2');
    expect(await takeAll(store)).toEqual(['a edit']);
  });

  test('loud lift: holders get edit then reply, a matching chat without the message gets a send', async () => {
    const store = open();
    await follower(store, 'a', 'RU *');
    await fillAll(store, await announced(store));
    await takeAll(store);
    await follower(store, 'late', 'RU *');
    await follower(store, 'elsewhere', 'IR *');
    await store.broadcasts.insert(broadcast({ id: 'b2', kind: 'lifted', phase: 'holders' }));
    const written = await fillAll(store, 'b2', { matchers: [matcher({ onlyEarlier: false })] });
    expect(written.reduce((sum, n) => sum + n)).toBe(3);
    expect(await takeAll(store)).toEqual(['a edit', 'late send', 'a reply']);
    expect(await store.outbox.depth()).toEqual([]);
  });

  test('holder that follows none of the changed incidents: nothing; that has silenced them: an edit', async () => {
    const store = open();
    await follower(store, 'both', 'RU *');
    await follower(store, 'one', 'RU whatsapp');
    const muted = await follower(store, 'muted', 'RU *');
    const matchers = [matcher(), matcher({ incidentId: 'i2', service: 'signal' })];
    await fillAll(store, await announced(store), { matchers });
    await takeAll(store);
    await store.silences.add({
      chatId: muted.id,
      country: null,
      service: 'signal',
      incidentId: null,
      until: NOW + DAY,
    });
    await store.broadcasts.insert(broadcast({ id: 'b2', kind: 'lifted', phase: 'holders', incidentIds: ['i2'] }));
    await fillAll(store, 'b2', { matchers: [matchers[1]!] });
    expect(await takeAll(store)).toEqual(['both edit', 'muted edit', 'both reply']);
  });

  test('holder whose level is another now: still hears of its alert', async () => {
    const store = open();
    const chat = await follower(store, 'a', 'RU *');
    await fillAll(store, await announced(store));
    await takeAll(store);
    await store.chats.update(chat.id, { level: 'confirmed' });
    await store.broadcasts.insert(broadcast({ id: 'b2', kind: 'lifted', phase: 'holders' }));
    await fillAll(store, 'b2');
    expect(await takeAll(store)).toEqual(['a edit', 'a reply']);
  });

  test('send still queued untried: no edit and no reply, it will show the newest version', async () => {
    const store = open();
    await follower(store, 'a', 'RU *');
    await fillAll(store, await announced(store));
    await store.broadcasts.insert(broadcast({ id: 'b2', kind: 'lifted', phase: 'holders' }));
    await fillAll(store, 'b2');
    expect(await takeAll(store)).toEqual(['a send']);
  });

  test('send tried already: edit and reply wait behind it', async () => {
    const store = open();
    await follower(store, 'a', 'RU *');
    await fillAll(store, await announced(store));
    const [send] = await store.outbox.peek('tg', 10, NOW, []);
    await store.outbox.advance([], [{ id: send!.id, payload: 'v1' }], NOW);
    await store.outbox.advance([{ id: send!.id, outcome: 'retry', nextAt: NOW + 100 }], [], NOW);
    await store.broadcasts.insert(broadcast({ id: 'b2', kind: 'lifted', phase: 'holders' }));
    await fillAll(store, 'b2');
    expect(await store.outbox.peek('tg', 10, NOW, [])).toEqual([]);
    expect(await takeAll(store, undefined, NOW + 100)).toEqual(['a send', 'a edit', 'a reply']);
  });

  test('edit still queued untried: not a second one; the reply comes', async () => {
    const store = open();
    await follower(store, 'a', 'RU *');
    await fillAll(store, await announced(store));
    await takeAll(store);
    await store.broadcasts.insert(broadcast({ id: 'b2', kind: 'update', loud: false, phase: 'holders' }));
    await fillAll(store, 'b2');
    await store.broadcasts.insert(broadcast({ id: 'b3', kind: 'lifted', phase: 'holders' }));
    await fillAll(store, 'b3');
    expect(await takeAll(store)).toEqual(['a edit', 'a reply']);
  });

  test('older untried replies in `supersedes`: superseded; those of others stay', async () => {
    const store = open();
    await follower(store, 'a', 'RU *');
    await follower(store, 'b', 'RU whatsapp');
    await fillAll(store, await announced(store));
    await takeAll(store);
    for (const id of ['b2', 'b3']) {
      await store.broadcasts.insert(broadcast({ id, kind: 'update', phase: 'holders' }));
      await fillAll(store, id);
    }
    await store.broadcasts.insert(broadcast({ id: 'b4', kind: 'lifted', phase: 'holders' }));
    await fillAll(store, 'b4', { supersedes: ['b2', 'b4', 'unknown'] });
    expect((await takeAll(store)).toSorted()).toEqual(['a edit', 'a reply', 'a reply', 'b edit', 'b reply', 'b reply']);
    expect(await store.outbox.depth()).toEqual([]);
  });

  test('send that failed for good: a loud change reaches the chat afresh, a quiet one does not', async () => {
    const store = open();
    await follower(store, 'a', 'RU *');
    await fillAll(store, await announced(store));
    await takeAll(store, (id) => ({ id, outcome: 'failed', reason: 'client' }));
    await store.broadcasts.insert(broadcast({ id: 'b2', kind: 'update', loud: false, phase: 'holders' }));
    await fillAll(store, 'b2');
    expect(await takeAll(store)).toEqual([]);
    await store.broadcasts.insert(broadcast({ id: 'b3', kind: 'lifted', phase: 'holders' }));
    await fillAll(store, 'b3');
    expect(await takeAll(store)).toEqual(['a send']);
  });
}

/** The second client by itself: what it says of the program's encryption is worth as much as this. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeIf } from '../fakes/shared.ts';
import { hasNio, NEEDS_NIO, Nio, type NioPerson } from './nio.ts';
import { hasSynapse, type Synapse, startSynapse } from './synapse.ts';

describeIf(hasNio() && hasSynapse(), NEEDS_NIO, 'a second client, by itself', () => {
  let hs: Synapse;
  let nio: Nio;
  let ann: NioPerson;
  let boris: NioPerson;
  let carl: NioPerson;

  beforeAll(async () => {
    hs = await startSynapse();
    nio = Nio.start(hs);
    ann = await nio.person('ann', { crossSign: true, strict: true });
    boris = await nio.person('boris', { crossSign: true });
    carl = await nio.person('carl');
  }, 90_000);
  afterAll(async () => {
    await nio?.stop();
    await hs?.stop();
  });

  test('strict: reads who is cross-signed, drops who is not, and the server has ciphertext alone', async () => {
    const room = await ann.createRoom({ encrypted: true, invite: [boris.userId, carl.userId] });
    await boris.join(room);
    await carl.join(room);
    await boris.send(room, 'from boris');
    await carl.send(room, 'from carl');
    await ann.send(room, 'from ann');
    expect(await ann.waitForMessage(room, (m) => m.body === 'from boris')).toMatchObject({
      encrypted: true,
      crossSigned: true,
      device: boris.device,
      index: 0,
    });
    const dropped = await ann.waitForMessage(room, (m) => m.sender === carl.userId);
    expect(dropped).toMatchObject({ dropped: true, crossSigned: false, undecryptable: false, body: '' });
    await boris.waitForMessage(room, (m) => m.body === 'from ann');
    expect(await carl.waitForMessage(room, (m) => m.sender === ann.userId)).toMatchObject({ undecryptable: true });
    const kept = await hs.kept(room);
    expect(kept.filter((event) => event.type === 'm.room.encrypted')).toHaveLength(3);
    expect(kept.filter((event) => event.type === 'm.room.message')).toEqual([]);
    expect(await ann.reused()).toEqual({ reused: [], messages: 3 });
    expect(await ann.devices(boris.userId)).toMatchObject({ chain: true, devices: [{ crossSigned: true }] });
    expect(await ann.devices(carl.userId)).toMatchObject({
      chain: false,
      devices: [{ selfSigned: true, crossSigned: false }],
    });
  }, 60_000);

  test('emoji: the same on both sides; other emoji end it', async () => {
    const [asked, asking] = await Promise.all([
      boris.verify(ann.userId),
      ann.verify(boris.userId, { device: boris.device }),
    ]);
    expect(asked).toEqual(asking);
    expect(asked).toMatchObject({ ended: 'done' });
    const [first, second] = await Promise.allSettled([
      boris.verify(ann.userId),
      ann.verify(boris.userId, { device: boris.device, match: false }),
    ]);
    expect(first).toMatchObject({
      status: 'rejected',
      reason: { message: expect.stringContaining('m.mismatched_sas') },
    });
    expect(second).toMatchObject({ status: 'fulfilled', value: { ended: 'cancel' } });
  }, 60_000);
});

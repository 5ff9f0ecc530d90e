/**
 * Two processes on one PostgreSQL and an account that encrypts: whoever holds it is killed in the middle of a broadcast, or stopped and woken when the other has taken
 * over. Both go on from the same keys: an account of every message index, from what a second client could read.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { FeedServer } from '../../fakes/feed-server.ts';
import { encryptedRooms } from '../encrypted-rooms.ts';
import { Program } from '../program.ts';
import { Bell } from './bell.ts';
import type { EncryptedOptions, EncryptedReport } from './encrypted.ts';
import { randomOf } from './rig.ts';
import { ownSchema } from './schema.ts';
import { seed } from './subscribers.ts';

const UNTIL_HEARD = 300_000;

export async function encryptedPair(options: EncryptedOptions): Promise<EncryptedReport> {
  const random = randomOf(options.seed);
  const schema = await ownSchema();
  const world = await encryptedRooms(options.rooms);
  const feeds = await FeedServer.start();
  const bell = new Bell(feeds);
  const { config: account, chats } = world.account;
  await seed(schema.database, [{ account: 'mx', platform: 'matrix', chats, kind: 'group' }]);
  const config = {
    database: schema.database,
    accounts: [account],
    sources: [bell.source],
    policy: { groupWait: '0s' },
    network: { allowPrivateAddresses: true },
  };
  const programs = [await Program.create(config), await Program.create(config)] as const;
  const identities = new Set<string>();
  let midway = 0;
  let startMs = 0;
  let starts = 0;

  async function untilReached(change: string, rooms: number, ms = UNTIL_HEARD): Promise<boolean> {
    const deadline = performance.now() + ms;
    while ((await world.reached(change)) < rooms) {
      if (performance.now() > deadline) return false;
      await sleep(5);
    }
    return true;
  }
  async function note(): Promise<void> {
    for (const key of await world.identities()) identities.add(key);
  }

  try {
    for (const one of programs) startMs += await one.start();
    starts += programs.length;
    await world.vouch();
    await untilReached(bell.ring(), options.rooms);
    for (let n = 1; n <= options.kills; n++) {
      if (n % 3 === 0) await world.stir();
      const change = bell.ring();
      await untilReached(change, 1 + Math.floor(random() * options.rooms * 0.5), 60_000);
      const victim = programs[random() < 0.5 ? 0 : 1];
      const killed = random() < 0.5;
      if (killed) await victim.kill();
      else victim.signal('SIGSTOP');
      await sleep(200);
      const heard = await world.reached(change);
      if (heard < options.rooms) midway++;
      // The other one goes on with it; whoever was stopped wakes in the middle of that, or after it.
      await untilReached(change, random() < 0.5 ? options.rooms : heard + 1, 60_000);
      if (killed) {
        startMs += await victim.start();
        starts++;
      } else victim.signal('SIGCONT');
      if (!(await untilReached(change, options.rooms))) break;
      await note();
      options.say(`${n}: ${killed ? 'killed' : 'stopped'} when ${heard} of ${options.rooms} had heard`);
    }
    await sleep(3_000);
    const { senders, ...counts } = await world.accountFor(bell.rung);
    return {
      kills: options.kills,
      midway,
      pairs: options.rooms * bell.rung.length,
      ...counts,
      identities: identities.size,
      devices: senders.length,
      startMs: Math.round(startMs / starts),
    };
  } finally {
    await Promise.all(programs.map((one) => one.remove()));
    await feeds.stop();
    await world.stop();
    await schema.drop();
  }
}

/**
 * `kill -9` in the middle of broadcasts to encrypted rooms, then an account of what could be read there: by a second, independent client that hears
 * cross-signed devices alone, and by the homeserver's own record.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Account, encryptedRooms } from '../encrypted-rooms.ts';
import { Rig, randomOf } from './rig.ts';

export interface EncryptedOptions {
  seed: number;
  kills: number;
  rooms: number;
  say(line: string): void;
}

/** Counts over three readers: one who accepts cross-signed devices alone, and somebody with two devices. */
export interface EncryptedReport extends Omit<Account, 'senders'> {
  kills: number;
  /** Kills after which some rooms had heard and others not. */
  midway: number;
  /** (room, change) pairs that should have arrived, for each reader. */
  pairs: number;
  /** Keys of devices that the bot's account had at any time, and devices that its events came from. */
  identities: number;
  devices: number;
  /** From a start to the word that it is ready, on average. */
  startMs: number;
}

/** Telegram is in it so that the outbox has two accounts, and as the rig needs one. */
const CHATS = 5;
const UNTIL_HEARD = 300_000;
/** From the answer that held the change to the last of the rooms, roughly: a kill falls somewhere in it. */
const BROADCAST_MS = 900;

export async function encrypted(options: EncryptedOptions): Promise<EncryptedReport> {
  const random = randomOf(options.seed);
  const world = await encryptedRooms(options.rooms);
  const rig = await Rig.create({ chats: CHATS, limits: 'off', rate: 0, accounts: [world.account] });
  const identities = new Set<string>();
  let midway = 0;
  let startMs = 0;

  const note = async (): Promise<void> => {
    for (const key of await world.identities()) identities.add(key);
  };
  /** Waits until so many rooms have heard of a change; whether the time was enough. */
  async function untilReached(change: string, rooms: number, ms: number): Promise<boolean> {
    const deadline = performance.now() + ms;
    while ((await world.reached(change)) < rooms) {
      if (performance.now() > deadline) return false;
      await sleep(5);
    }
    return true;
  }
  async function untilHeard(from: number): Promise<void> {
    for (const change of rig.bell.rung.slice(from))
      if (!(await untilReached(change, options.rooms, UNTIL_HEARD))) return;
  }

  try {
    await rig.program.start();
    await world.vouch();
    await note();
    // The first broadcast makes the sessions; the kills meet those, and new ones as they come.
    rig.bell.ring();
    await untilHeard(0);
    for (let n = 1; n <= options.kills; n++) {
      if (n % 3 === 0) await world.stir();
      const change = rig.bell.ring();
      // Two of three kills meet a broadcast that some have heard; what the reader has is a moment old. The others meet it anywhere.
      if (random() < 0.66) await untilReached(change, 1 + Math.floor(random() * options.rooms * 0.5), 20_000);
      else {
        while (!(rig.bell.servedAt(rig.bell.rung.length - 1) > 0)) await sleep(5);
        await sleep(random() * BROADCAST_MS);
      }
      await rig.program.kill();
      // The reader has what the homeserver has by then.
      await sleep(200);
      const heard = await world.reached(change);
      if (heard > 0 && heard < options.rooms) midway++;
      startMs += await rig.program.start();
      if (n % 10 === 0 || n === options.kills) {
        await untilHeard(Math.max(n - 10, 0));
        await note();
        options.say(`${n} kills, ${midway} of them midway`);
      }
    }
    // What would come a second time has time to.
    await sleep(3_000);
    await rig.program.stop();
    rig.checkDatabase();
    const { senders, ...account } = await world.accountFor(rig.bell.rung);
    return {
      kills: options.kills,
      midway,
      pairs: options.rooms * rig.bell.rung.length,
      ...account,
      identities: identities.size,
      devices: senders.length,
      startMs: Math.round(startMs / options.kills),
    };
  } finally {
    await rig.remove();
    await world.stop();
  }
}

/** What must be true of a report, in one word each where it is not. */
export function faultsOf(report: EncryptedReport): string[] {
  const { lost, repeats, undecryptable, dropped, reused, plain, identities, devices, midway, kills } = report;
  const bad = Object.entries({ lost, repeats, undecryptable, dropped, reused, plain }).filter(([, count]) => count > 0);
  return [
    ...bad.map(([name, count]) => `${name}: ${count}`),
    ...(identities === 1 && devices === 1 ? [] : [`identities: ${identities}, devices: ${devices}`]),
    // Kills that all fall before or after the broadcasts prove nothing.
    ...(midway * 5 >= kills ? [] : [`midway: ${midway} of ${kills}`]),
  ];
}

/** Encrypted rooms on a Synapse of our own that the bot is in, and what people in them can read. */
import type { MatrixUser } from './matrix-user.ts';
import { Nio, type NioPerson, type Tally } from './nio.ts';
import { type Synapse, startSynapse } from './synapse.ts';

export interface EncryptedRooms {
  account: { config: Record<string, unknown>; chats: string[] };
  /** Rooms where somebody who accepts cross-signed devices alone has read of this change. */
  reached(change: string): Promise<number>;
  /** Somebody else joins all rooms, or leaves them again: then every room needs a new session. */
  stir(): Promise<void>;
  /** Once the bot has published its device: its owner signs it. */
  vouch(): Promise<void>;
  /** Keys of the devices that the bot's account has now, but for that of its owner's app. */
  identities(): Promise<string[]>;
  /** (room, change) pairs and what was wrong with any event of the bot. */
  accountFor(rung: readonly string[]): Promise<Account>;
  stop(): Promise<void>;
}

export interface Account {
  lost: number;
  repeats: number;
  events: number;
  undecryptable: number;
  late: number;
  dropped: number;
  reused: number;
  plain: number;
  /** Devices that encrypted them. */
  senders: string[];
}

/** The configuration of an account that encrypts. */
export const encryptingAccount = (hs: Synapse, bot: MatrixUser, more: object = {}): Record<string, unknown> => ({
  id: 'mx',
  platform: 'matrix',
  homeserver: hs.baseUrl,
  accessToken: bot.token,
  inviteFrom: ['*:localhost'],
  rate: 0,
  e2ee: true,
  ...more,
});

/** As an operator does it who has an app of the bot's account: makes its identity there, and signs the bot's device with it. */
export async function vouchFor(nio: Nio, bot: MatrixUser): Promise<string> {
  const name = bot.userId.slice(1).split(':')[0]!;
  nio.knows(name);
  const owner = await nio.person(`${name}/app`, { crossSign: true, listen: false });
  const { device_id: device } = (await bot.call('GET', '/_matrix/client/v3/account/whoami')) as { device_id: string };
  await owner.sign(device);
  await owner.call('POST', '/_matrix/client/v3/logout', {});
  await owner.close();
  return device;
}

export async function encryptedRooms(count: number): Promise<EncryptedRooms> {
  const hs = await startSynapse();
  const nio = Nio.start(hs);
  const bot = await hs.register('bot');
  const ann = await nio.person('ann', { crossSign: true, strict: true });
  // Somebody with two devices, neither of them vouched for: they are told as well.
  const others = [await nio.person('boris'), await nio.person('boris/2')] as const;
  const carl = await nio.person('carl', { listen: false });
  await carl.sync();
  let inside = false;
  const chats: string[] = [];
  for (let i = 0; i < count; i++) {
    const room = await ann.createRoom({ invite: [bot.userId, others[0].userId], encrypted: true });
    for (const one of [bot, others[0]])
      await one.call('POST', `/_matrix/client/v3/join/${encodeURIComponent(room)}`, {});
    await ann.state(room, 'm.room.join_rules', { join_rule: 'public' });
    chats.push(room);
  }
  const senders = new Set<string>();
  return {
    account: { config: encryptingAccount(hs, bot), chats },
    reached: (change) => ann.reached(chats, change),
    async stir() {
      await Promise.all(chats.map((room) => (inside ? carl.leave(room) : carl.join(room))));
      inside = !inside;
    },
    vouch: async () => void (await vouchFor(nio, bot)),
    identities: async () => (await ann.devices(bot.userId)).devices.map(({ ed25519 }) => ed25519),
    async accountFor(rung) {
      const account = { lost: 0, repeats: 0, events: 0, undecryptable: 0, late: 0, dropped: 0, reused: 0, plain: 0 };
      for (const person of [ann, ...others]) await addReader(account, person, { chats, rung, bot: bot.userId });
      for (const room of chats) {
        account.plain += (await hs.kept(room)).filter((event) => event.type === 'm.room.message').length;
        for (const { sender, device } of await ann.messages(room))
          if (sender === bot.userId) senders.add(device ?? 'unknown');
      }
      return { ...account, senders: [...senders] };
    },
    async stop() {
      await nio.stop();
      await hs.stop();
    },
  };
}

type Reading = { chats: string[]; rung: readonly string[]; bot: string };

async function addReader(
  account: Omit<Account, 'senders'>,
  person: NioPerson,
  { chats, rung, bot }: Reading,
): Promise<void> {
  const tally = await person.tally(chats, bot);
  for (const room of chats) {
    const heard: Tally = tally[room] ?? { bodies: [], undecryptable: 0, plain: 0, dropped: 0, late: 0, events: 0 };
    for (const change of rung) {
      const times = timesOf(heard, change);
      if (times === 0) account.lost++;
      else account.repeats += times - 1;
    }
    for (const key of ['events', 'undecryptable', 'late', 'dropped', 'plain'] as const) account[key] += heard[key];
  }
  account.reused += (await person.reused()).reused.length;
}

const timesOf = ({ bodies }: Tally, change: string): number =>
  bodies.filter(({ body }) => body.includes(change)).length;

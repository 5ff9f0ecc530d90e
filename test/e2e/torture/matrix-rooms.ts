import { setTimeout as sleep } from 'node:timers/promises';
import type { MatrixUser } from '../matrix-user.ts';
import { startSynapse } from '../synapse.ts';
import type { RigOptions } from './rig.ts';

/** Rooms of a Synapse of our own that the bot is in, and what they heard. */
export interface MatrixRooms {
  account: NonNullable<RigOptions['accounts']>[number];
  /** (room, change) pairs, from what a member reads there. */
  accountFor(rung: readonly string[]): Promise<{ pairs: number; lost: number; repeats: number }>;
  /** Waits until every room heard of every change, or the time is over. */
  untilHeard(rung: readonly string[], ms: number): Promise<void>;
  /** The homeserver goes away, as in a crash, and comes back with its data. */
  kill(): Promise<void>;
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export async function matrixRooms(count: number): Promise<MatrixRooms> {
  const synapse = await startSynapse();
  const bot = await synapse.register('bot');
  const ann = await synapse.register('ann');
  const chats: string[] = [];
  for (let i = 0; i < count; i++) {
    const room = await ann.createRoom({ invite: [bot.userId] });
    await bot.call('POST', `/_matrix/client/v3/join/${encodeURIComponent(room)}`, {});
    chats.push(room);
  }
  const config = {
    id: 'mx',
    platform: 'matrix',
    homeserver: synapse.baseUrl,
    accessToken: bot.token,
    rate: 0,
  };
  async function accountFor(rung: readonly string[]) {
    let lost = 0;
    let repeats = 0;
    for (const room of chats) {
      const bodies = await bodiesOf(ann, bot, room);
      for (const change of rung) {
        const times = bodies.filter((body) => body.includes(change)).length;
        if (times === 0) lost++;
        else repeats += times - 1;
      }
    }
    return { pairs: chats.length * rung.length, lost, repeats };
  }
  return {
    account: { config, chats },
    accountFor,
    async untilHeard(rung: readonly string[], ms: number) {
      const deadline = performance.now() + ms;
      while ((await accountFor(rung)).lost > 0 && performance.now() < deadline) await sleep(1_000);
    },
    kill: () => synapse.kill(),
    restart: () => synapse.restart(),
    stop: () => synapse.stop(),
  };
}

/** First versions of everything that the bot said in a room. */
async function bodiesOf(reader: MatrixUser, bot: MatrixUser, room: string): Promise<string[]> {
  return (await reader.messages(room, 1_000))
    .filter((message) => message.sender === bot.userId && !message.body.startsWith('* '))
    .map((message) => message.body);
}

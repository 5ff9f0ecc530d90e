import type { Rig } from '../test/e2e/torture/rig.ts';

/** Sends a second of one change to `chats` chats, from the first to the last message as the server saw them. */
export async function rateOf(rig: Rig, change: string, chats: number): Promise<number> {
  await rig.untilHeard(120_000, [change]);
  const seen = await rig.telegram.transcript({ from: 'bot', regex: change, limit: chats + 1 });
  const times = seen.map((message) => Number(message.at)).sort((a, b) => a - b);
  return ((times.length - 1) / (times.at(-1)! - times[0]!)) * 1_000;
}

/**
 * One alert to 20,000 chats, limits off, `rate: 0`, outbox durable: the built program against the bare limit, to the same server process, in
 * turns. `node bench/fanout.ts [chats] [rounds]`.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { FIRST_CHAT, Rig } from '../test/e2e/torture/rig.ts';
import { rateOf } from './rate-of.ts';
import { cpuOf, inChild, median, say, spread } from './shared.ts';

const BARE = fileURLToPath(new URL('bare-sends.ts', import.meta.url));
const FLOOR = 0.6;
const chats = Number(process.argv[2] ?? 20_000);
const rounds = Number(process.argv[3] ?? 5);

const rig = await Rig.create({ chats, limits: 'off', rate: 0, telegram: { callLog: 0 } });
try {
  await rig.program.start();
  // The first alert warms both sides and gives the message that the bare loop sends.
  await rateOf(rig, rig.bell.ring(), chats);
  const [sample] = await rig.telegram.transcript({ chat_id: FIRST_CHAT, from: 'bot' });
  const { text, entities, reply_markup, link_preview_options } = sample;
  const message = JSON.stringify({ text, entities, reply_markup, link_preview_options });
  const ours: number[] = [];
  const bares: number[] = [];
  const cpu = { ours: [] as number[], bare: [] as number[] };
  for (let i = 0; i < rounds; i++) {
    const args = [rig.telegram.apiRoot, rig.telegram.token, String(FIRST_CHAT), String(chats)];
    const bare = await inChild<{ perSecond: number; cpuMicros: number }>(BARE, args, message);
    bares.push(bare.perSecond);
    cpu.bare.push(bare.cpuMicros);
    await sleep(300);
    const before = cpuOf(rig.program.pid);
    ours.push(await rateOf(rig, rig.bell.ring(), chats));
    cpu.ours.push((cpuOf(rig.program.pid) - before) / chats);
    await sleep(300);
  }
  const ratio = median(ours.map((rate, i) => rate / bares[i]!));
  say({
    name: `one alert to ${chats} chats, limits off, rate 0, sends/s`,
    value: spread(ours),
    bare: spread(bares),
    ratio,
    floor: `≥ ${FLOOR} × grammY over undici`,
    ok: ratio >= FLOOR,
    notes: `${rounds} rounds in turns; every send durable before and after, window 128, 64 sockets; CPU µs a send ${spread(cpu.ours)} against ${spread(cpu.bare)}`,
  });
} finally {
  await rig.remove();
}

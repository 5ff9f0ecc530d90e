/** The bare limit of sends: grammY with `client.fetch` over `undici.request`, 64 in flight, keep-alive. `bare-sends.ts ROOT TOKEN FIRST COUNT`; the message on stdin. */
import { text } from 'node:stream/consumers';
import { Api } from 'grammy';
import { Agent, request } from 'undici';

const IN_FLIGHT = 64;
const [apiRoot = '', token = '', first = '1', count = '1'] = process.argv.slice(2);
const message = JSON.parse(await text(process.stdin)) as { text: string; [key: string]: unknown };
const dispatcher = new Agent({ connections: IN_FLIGHT, pipelining: 1 });
const api = new Api(token, {
  apiRoot,
  fetch: (async (url: string, init: { method: string; headers: Record<string, string>; body: string }) => {
    const { method, headers, body } = init;
    const answer = await request(url, { method: method as 'POST', headers, body, dispatcher });
    return { json: () => answer.body.json() };
  }) as never,
});
const { text: words, ...rest } = message;
let next = 0;
async function sends(most: number): Promise<void> {
  const worker = async () => {
    while (next < most) await api.sendMessage(Number(first) + (next++ % Number(count)), words, rest as never);
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
}
// Connections and code warm, as a bot that runs is.
const WARM = 2_000;
await sends(WARM);
const cpu = process.cpuUsage();
const began = performance.now();
await sends(WARM + Number(count));
const ms = performance.now() - began;
const { user, system } = process.cpuUsage(cpu);
process.stdout.write(
  JSON.stringify({ perSecond: (Number(count) / ms) * 1_000, cpuMicros: (user + system) / Number(count) }),
);
await dispatcher.destroy();

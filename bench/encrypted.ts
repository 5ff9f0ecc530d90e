/**
 * Encrypted rooms of a real Synapse, with the built program: `node bench/encrypted.ts [idle] [room] [rooms] [--rooms 50] [--people 100] [--devices 50]`.
 * Needs a Synapse and matrix-nio (.ci/synapse-install, .ci/nio-install). `idle`: memory at rest; `room`: from a command to its answer in a room of so many
 * devices, from the first message on; `rooms`: until so many rooms with so many people are told.
 */
import { parseArgs } from 'node:util';
import { encryptingAccount, vouchFor } from '../test/e2e/encrypted-rooms.ts';
import { type MatrixUser, waitFor } from '../test/e2e/matrix-user.ts';
import { Nio, type NioPerson } from '../test/e2e/nio.ts';
import { Program } from '../test/e2e/program.ts';
import { type Synapse, startSynapse } from '../test/e2e/synapse.ts';
import { Bell } from '../test/e2e/torture/bell.ts';
import { FeedServer } from '../test/fakes/feed-server.ts';
import { quantile, round, rssOf, say } from './shared.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rooms: { type: 'string', default: '50' },
    people: { type: 'string', default: '100' },
    devices: { type: 'string', default: '50' },
  },
});
const [ROOMS, PEOPLE, DEVICES] = [Number(values.rooms), Number(values.people), Number(values.devices)];
const wanted = (part: string): boolean => positionals.length === 0 || positionals.includes(part);
const IDLE_MS = 30_000;
/** With the first ones below what one person may ask in a minute. */
const COMMANDS = 12;
const PATIENCE = 300_000;

interface World {
  hs: Synapse;
  nio: Nio;
  bot: MatrixUser;
  bell: Bell;
  program: Program;
}

async function inWorld(work: (world: World) => Promise<void>): Promise<void> {
  const hs = await startSynapse();
  const nio = Nio.start(hs);
  const feeds = await FeedServer.start();
  const bell = new Bell(feeds);
  const bot = await hs.register('tocsin');
  const program = await Program.create({
    database: 'tocsin.db',
    accounts: [encryptingAccount(hs, bot)],
    sources: [bell.source],
    policy: { groupWait: '0s' },
    network: { allowPrivateAddresses: true },
  });
  try {
    // The very first start compiles what later ones find in the cache.
    await program.start();
    await vouchFor(nio, bot);
    await program.stop();
    await program.start();
    await work({ hs, nio, bot, bell, program });
  } finally {
    await program.remove();
    await feeds.stop();
    await nio.stop();
    await hs.stop();
  }
}

/** A room that the bot is invited to once the others are there, as people do it; or, `botFirst`, which they join after it. */
async function roomOf(
  person: NioPerson,
  bot: MatrixUser,
  { others = [], botFirst = false }: { others?: MatrixUser[]; botFirst?: boolean } = {},
): Promise<string> {
  const room = await person.createRoom({ encrypted: true });
  await person.state(room, 'm.room.join_rules', { join_rule: 'public' });
  if (!botFirst) await inBatches(others, (one) => one.join(room));
  await person.invite(room, bot.userId);
  await person.waitForMembership(room, bot.userId, 'join', PATIENCE);
  if (botFirst) await inBatches(others, (one) => one.join(room));
  return room;
}

async function inBatches<T>(all: readonly T[], work: (one: T) => Promise<unknown>, size = 8): Promise<void> {
  for (let i = 0; i < all.length; i += size) await Promise.all(all.slice(i, i + size).map(work));
}

/** From the moment the homeserver has a command to the one at which the sender can read the answer, ms. */
async function answered(person: NioPerson, room: string, bot: MatrixUser, body: string): Promise<number> {
  const { eventId, answeredAt } = await person.sendTimed(room, { msgtype: 'm.text', body });
  const answer = await person.waitForMessage(
    room,
    ({ sender, content }) => {
      const relation = content['m.relates_to'] as { 'm.in_reply_to'?: { event_id: string } } | undefined;
      return sender === bot.userId && relation?.['m.in_reply_to']?.event_id === eventId;
    },
    PATIENCE,
  );
  return answer.heardAt - answeredAt;
}

if (wanted('idle'))
  await inWorld(async ({ nio, bot, program }) => {
    const ann = await nio.person('ann', { crossSign: true, strict: true });
    for (let i = 0; i < 3; i++) await answered(ann, await roomOf(ann, bot), bot, '!tocsin subscribe ru');
    await new Promise((r) => setTimeout(r, IDLE_MS));
    const rss = round(rssOf(program.pid));
    say({ name: 'idle memory, 3 encrypted rooms', value: `${rss} MB`, floor: '≤ 200 MB', ok: rss <= 200 });
  });

if (wanted('room'))
  await inWorld(async ({ nio, bot }) => {
    const ann = await nio.person('ann', { crossSign: true, strict: true });
    const devices: NioPerson[] = [];
    // Ten people; the first device of each joins, the others are there with it.
    for (let i = 0; i < DEVICES - 1; i++)
      devices.push(await nio.person(i < 10 ? `p${i}` : `p${i % 10}/${i}`, { listen: false }));
    await inBatches(devices, (one) => one.sync());
    const people = devices.slice(0, 10);
    const times: number[] = [];
    const firsts: number[] = [];
    let room = '';
    for (const botFirst of [false, false, true, true]) {
      room = await roomOf(ann, bot, { others: people, botFirst });
      firsts.push(await answered(ann, room, bot, '!tocsin status ru'));
    }
    for (let n = 0; n < COMMANDS; n++) times.push(await answered(ann, room, bot, '!tocsin status ru'));
    await inBatches(devices, (one) => one.sync());
    let deaf = 0;
    for (const one of devices) {
      // All answers: what the bot said before somebody came is not for them.
      const heard = (await one.messages(room)).filter(({ sender }) => sender === bot.userId).slice(-COMMANDS - 1);
      if (heard.length <= COMMANDS || heard.some(({ undecryptable }) => undecryptable)) deaf++;
    }
    const most = Math.max(...firsts, ...times);
    say({
      name: `a command in an encrypted room of ${DEVICES} devices`,
      value: `first of a room ${firsts.map((ms) => round(ms, 0)).join(', ')} ms (the last two: all others came after the bot); then p50 ${round(quantile(times, 0.5), 0)} ms, most ${round(Math.max(...times), 0)} ms`,
      floor: '< 1000 ms, no device deaf',
      ok: most < 1_000 && deaf === 0,
      notes: `${deaf} of ${devices.length} devices could not read all of it`,
    });
  });

if (wanted('rooms'))
  await inWorld(async ({ nio, bot, bell }) => {
    const ann = await nio.person('ann', { crossSign: true, strict: true });
    const people: NioPerson[] = [];
    for (let i = 0; i < PEOPLE - 2; i++) people.push(await nio.person(`p${i}`, { listen: false }));
    await inBatches(people, (one) => one.sync());
    const rooms: string[] = [];
    for (let i = 0; i < ROOMS; i++) {
      const room = await roomOf(ann, bot, { others: people });
      await answered(ann, room, bot, '!tocsin subscribe * *');
      rooms.push(room);
    }
    // Somebody left every room: each needs a new session for all who stay.
    const gone = people.pop()!;
    await inBatches(rooms, (room) => gone.leave(room));
    for (const what of ['new sessions', 'sessions that are there']) {
      const change = bell.ring();
      await waitFor(() => (bell.servedAt(bell.rung.length - 1) > 0 ? true : undefined), PATIENCE, 'the poll');
      const began = bell.servedAt(bell.rung.length - 1);
      const heard = await waitFor(
        async () => {
          const told = Object.values(await ann.tally(rooms, bot.userId)).map(({ bodies }) =>
            bodies.find(({ body }) => body.includes(change)),
          );
          return told.length === ROOMS && told.every(Boolean) ? told.map((one) => one!.heardAt) : undefined;
        },
        PATIENCE,
        'all rooms',
      );
      const seconds = (Math.max(...heard) - began) / 1_000;
      say({
        name: `${ROOMS} encrypted rooms of ${PEOPLE} people told (${what})`,
        value: `${round(seconds)} s; the first after ${round((Math.min(...heard) - began) / 1_000)} s`,
        floor: '< 60 s',
        ok: seconds < 60,
      });
    }
    const [one] = people;
    await one!.sync();
    const tally = Object.values(await one!.tally(rooms, bot.userId));
    const deaf = tally.reduce((sum, { undecryptable }) => sum + undecryptable, 0);
    say({ name: 'of these, unreadable for one of the people', value: String(deaf), floor: '0', ok: deaf === 0 });
  });

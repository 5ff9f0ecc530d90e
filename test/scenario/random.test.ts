import { expect, test } from 'vitest';
import { type Incident, type Level, reaches } from '../../src/core/model/incident.ts';
import { DAY, HOUR, MINUTE } from './harness.ts';
import { Town } from './town.ts';

/** Numbers that are the same for the same seed. */
function dice(seed: number): <T>(of: readonly T[]) => T {
  let state = seed;
  return (of) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return of[Math.floor((state / 0x80000000) * of.length)]!;
  };
}

const FOLLOWS = ['RU', 'RU whatsapp', '* whatsapp', '*', 'RU signal', 'RU internet', 'IR'];
const SAYS = `
  block RU whatsapp
  block RU whatsapp,signal
  throttle RU whatsapp
  unblock RU whatsapp
  block RU -
  unblock RU signal
  unblock RU -
  shutdown RU internet
  unblock RU internet
  warn RU whatsapp
  shutdown RU internet @dagestan
  unblock RU internet @dagestan
  block - whatsapp
  restrict RU facebook
  block RU signal; ~block RU whatsapp
  block IR signal
  unblock IR signal
  block RU facebook,whatsapp dns
`
  .trim()
  .split(/\n\s*/);
const MEASURED = ['block RU whatsapp', 'unblock RU whatsapp', 'throttle RU signal', 'unblock RU signal'];
const LEVELS: Level[] = ['early', 'corroborated', 'corroborated', 'confirmed'];

interface Follower {
  name: string;
  follows: string[];
  level: Level;
}

const matches = ({ follows }: Follower, { country, service }: Incident): boolean =>
  follows
    .map((one) => one.split(' '))
    .some(([where, what = '*']) => (where === '*' || where === country) && (what === '*' || what === service));

/** What is wrong about what this chat heard, in the end. */
function wrongs(chat: Follower, heard: string[], texts: string[], incidents: Incident[]): string[] {
  const wrong: string[] = [];
  if (heard[0] !== undefined && !heard[0].startsWith('send')) wrong.push(`begins with ${heard[0]}`);
  for (const one of incidents) {
    // The id's own line, not a mention of the warning that came true.
    const about = texts.filter((text) => text.split('\n').some((line) => line.split(' ').includes(one.id)));
    if (about.length > 0 && !matches(chat, one)) wrong.push(`told of ${one.id}, which it does not follow`);
    if (!matches(chat, one) || one.family === 'warn') continue;
    const last = about.at(-1);
    const inForce = one.state === 'active' || one.state === 'easing';
    const covered = incidents.some(
      (other) => other.action === 'shutdown' && other.country === one.country && other.closedAt === null,
    );
    if (last === undefined) {
      if (inForce && reaches(one.confidence, chat.level) && !covered) wrong.push(`never told of ${one.id}`);
      continue;
    }
    const lifted = one.state === 'lifted' && one.liftConfidence !== null && reaches(one.liftConfidence, chat.level);
    const mark = one.state === 'withdrawn' ? /⚪/u : lifted ? /🟢/u : one.state === 'active' ? /[🔴🟠⚫]/u : /./u;
    if (!mark.test(last)) wrong.push(`${one.id} is ${one.state}, last said: ${last.split('\n')[0]}`);
  }
  return wrong;
}

test.each([1, 7, 99, 2026, 288_514_048, 1_629_292_864, 1_752_461_312, 2_116_390_912])(
  'any course of events (%i): every chat has heard of what it follows, as it stands now, and of nothing else',
  async (seed) => {
    const pick = dice(seed);
    const town = await Town.create();
    const chats: Follower[] = [];
    for (let i = 0; i < 5; i++) {
      const chat = { name: `c${i}`, follows: [pick(FOLLOWS), pick(FOLLOWS)], level: pick(LEVELS) };
      await town.chat(chat.name, chat.follows, chat.level);
      chats.push(chat);
    }
    const log: string[] = [];
    const steps = {
      say: async () => {
        const [voice, says] = [pick(['a', 'b', 'c', 'd', 'e', 'authority:x']), pick(SAYS)];
        log.push(`${voice} ${says}`);
        await town.say(voice, says);
      },
      measure: async () => {
        const [network, says] = [pick(['AS1', 'AS2']), pick(MEASURED)];
        const strength = pick(['anomaly', 'round-rule', 'fingerprint'] as const);
        log.push(`${network} ${says} ${strength}`);
        await town.measure(network, says, strength);
      },
      pass: async () => {
        const ms = pick([10_000, MINUTE, 10 * MINUTE, HOUR, DAY, 8 * DAY]);
        log.push(`${ms / MINUTE} minutes pass`);
        await town.pass(ms);
      },
      retract: async () => {
        const all = await town.incidents();
        if (all.length > 0) await town.retract('wrong', all.indexOf(pick(all)));
      },
      stall: async () => {
        town.sends = !town.sends;
      },
    };
    const order = Object.keys(steps) as (keyof typeof steps)[];
    const often = [...order, ...Array<'say'>(8).fill('say'), ...Array<'pass'>(4).fill('pass')];
    for (let step = 0; step < 40; step++) await steps[pick(often)]();
    town.sends = true;
    await town.pass(2 * HOUR);
    const incidents = await town.incidents();
    const wrong = chats.flatMap((chat) =>
      wrongs(chat, town.heard(chat.name), town.texts(chat.name), incidents).map(
        (what) => `${chat.name} (${chat.follows.join(', ')}; ${chat.level}): ${what}`,
      ),
    );
    expect(wrong, log.join('\n')).toEqual([]);
    expect(await town.store.outbox.depth()).toEqual([]);
    await town.store.close();
  },
);

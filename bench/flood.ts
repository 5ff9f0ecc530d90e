/**
 * 1,000 people send 2,000 commands a second together while alerts go out: are the alerts undisturbed, is a flood answered once, is memory bounded?
 * `node bench/flood.ts [seconds] [commands a second] [people]`. Bot, stand-in and senders share the machine.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, request } from 'undici';
import { Rig } from '../test/e2e/torture/rig.ts';
import { peakRss, round, rssOf, say } from './shared.ts';

const seconds = Number(process.argv[2] ?? 60);
const perSecond = Number(process.argv[3] ?? 2_000);
const PEOPLE = Number(process.argv[4] ?? 1_000);
/** More than a minute at the full pace reaches: there are alerts to disturb until the end. */
const CHATS = 2_000;
const FIRST = 900_000_001;
// Answers of every kind.
const COMMANDS = ['/status ru', '/ping', '/subscriptions', '/nonsense', '/help', '/incident FR-nobody-aaaa'];

const rig = await Rig.create({ chats: CHATS, limits: 'official', rate: 27 });
try {
  await rig.telegram.users(PEOPLE, { first_id: FIRST, started: true });
  await rig.program.start();
  const { pid } = rig.program;
  const change = rig.bell.ring();
  while ((await rig.heard([change])).total < 50) await sleep(50);
  const calm = rssOf(pid);
  const dispatcher = new Agent({ connections: 32, pipelining: 1 });
  let sent = 0;
  const began = performance.now();
  const alertsBefore = (await rig.heard([change])).total;
  const acceptedBefore = await rig.accepted();
  const person = async (): Promise<void> => {
    while (performance.now() - began < seconds * 1_000) {
      const due = ((performance.now() - began) / 1_000) * perSecond;
      if (sent >= due) {
        await sleep(5);
        continue;
      }
      const n = sent++;
      const body = JSON.stringify({ user_id: FIRST + (n % PEOPLE), text: COMMANDS[(n >> 3) % COMMANDS.length] });
      const answer = await request(`${rig.telegram.apiRoot}/_control/send`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
        dispatcher,
      });
      await answer.body.dump();
    }
  };
  const { peak } = await peakRss(pid, () => Promise.all(Array.from({ length: 32 }, person)).then(() => undefined));
  const took = (performance.now() - began) / 1_000;
  const alerts = (await rig.heard([change])).total - alertsBefore;
  const answers = (await rig.accepted()) - acceptedBefore - alerts;
  await rig.untilHeard(180_000, [change]);
  const { pairs, doubled } = await rig.heard([change]);
  const { served_429, violations_total } = await rig.telegram.stats();
  const crashed = /A mistake in the program/.test(rig.program.stderr);
  const left = CHATS - alertsBefore;
  const floor = Math.min(left, (2 / 3) * 26.5 * took) * 0.9;
  await sleep(2_000);
  const after = rssOf(pid);
  say({
    name: `${PEOPLE} people send ${Math.round(sent / took)} commands/s for ${Math.round(took)} s during a broadcast: alerts/s meanwhile`,
    value: (alerts / took).toFixed(1),
    bare: '27 (the pace itself)',
    ratio: round(alerts / took / 27, 2),
    floor: 'every alert once, at two thirds of the pace or more while questions wait; RSS + < 150 MB',
    ok: pairs === CHATS && doubled === 0 && alerts >= floor && !crashed && peak - calm < 150,
    notes: `${round(answers / took, 1)} answers/s; ${CHATS - pairs} lost, ${doubled} twice, ${served_429} refusals, ${violations_total} violations; RSS ${round(calm, 0)} → ${round(peak, 0)} → ${round(after, 0)} MB; ${rig.warnings().length} warnings`,
  });
  await dispatcher.destroy();
} finally {
  await rig.remove();
}

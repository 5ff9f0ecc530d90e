/**
 * Newcomers write `/subscribe all` within seconds, and an alert rings meanwhile: is everybody stored, answered and alerted, and what does it take?
 * `node bench/surge.ts [people] [seconds]`. Bot, stand-in and senders share the machine.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import {
  alertOf,
  FIRST_NEWCOMER,
  reached,
  rigOfNewcomers,
  type Said,
  sayAll,
  storedIn,
  until,
} from '../test/e2e/surge.ts';
import { cpuOf, peakRss, round, rssOf, say } from './shared.ts';

const people = Number(process.argv[2] ?? 2_000);
const seconds = Number(process.argv[3] ?? 5);
const PACE = 27;
/** Answers and alerts at the pace, and half as much again. */
const patience = 60_000 + ((2 * people) / PACE) * 1_500;

const rig = await rigOfNewcomers(people);
try {
  await sleep(2_000);
  const { pid } = rig.program;
  const calm = rssOf(pid);
  const cpuBefore = cpuOf(pid);
  const said = Array.from({ length: people }, (_, n): Said => ({ userId: FIRST_NEWCOMER + n, text: '/subscribe all' }));
  const { peak, result } = await peakRss(pid, async () => {
    await sayAll(rig, said, seconds);
    const stored = await until(() => storedIn(rig.database), people, 60_000);
    const cpu = cpuOf(pid) - cpuBefore;
    const change = alertOf(rig.bell.ring());
    const rungAt = performance.now();
    while ((await reached(rig, people, change)).people === 0 && performance.now() - rungAt < 60_000) await sleep(100);
    const before = {
      alerts: (await reached(rig, people, change)).messages,
      all: await rig.accepted(),
      at: performance.now(),
    };
    await sleep(10_000);
    const alerts =
      ((await reached(rig, people, change)).messages - before.alerts) / ((performance.now() - before.at) / 1_000);
    const answered = await until(async () => (await reached(rig, people, 'I watch here')).people, people, patience);
    const alerted = await until(async () => (await reached(rig, people, change)).people, people, patience);
    return { stored, cpu, alerts, answered, alerted };
  });
  const { stored, cpu, alerts, answered, alerted } = result;
  const { served_429, violations_total } = await rig.telegram.stats();
  say({
    name: `${people} people write /subscribe all within ${seconds} s, an alert meanwhile: stored after the last of them, s`,
    value: stored.count === people ? (stored.took / 1_000).toFixed(1) : `${stored.count} of ${people}`,
    floor:
      'all stored within 30 s, answered and alerted; alerts at half the pace or more; ≤ 2 refusals; RSS + < 100 MB',
    ok:
      stored.count === people &&
      stored.took < 30_000 &&
      answered.count === people &&
      alerted.count === people &&
      alerts >= PACE / 2 &&
      served_429 <= 2 &&
      peak - calm < 100,
    notes: `${answered.count} answered, ${alerted.count} alerted (${round(alerts, 1)} alerts/s while answers wait); ${round(cpu / people, 0)} µs of processor a command; ${served_429} refusals, ${violations_total} violations; RSS ${round(calm, 0)} → ${round(peak, 0)} MB; ${rig.warnings().length} warnings`,
  });
} finally {
  await rig.remove();
}

/** Whatever one liar says among outlets that always come in pairs: it makes no difference to what the default level knows, and rings nobody. */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isCut } from '../../../src/core/state/fold.ts';
import { createWorld } from '../../../src/core/state/world.ts';
import { quietLog } from '../../fakes/fake-log.ts';
import { DAY, HOUR, MINUTE } from '../harness.ts';
import { liarsTown } from './feeds.ts';

const SERVICES = ['whatsapp', 'signal', 'internet'] as const;
const PLACES = ['', ' @Dagestan', ' @Tuva'] as const;

const truth = fc.record({
  who: fc.constant('pair' as const),
  service: fc.constantFrom(...SERVICES),
  place: fc.constantFrom(...PLACES),
  over: fc.boolean(),
  after: fc.constantFrom(HOUR, DAY, 9 * DAY),
});
const lie = fc.record({
  who: fc.constant('liar' as const),
  service: fc.constantFrom(...SERVICES, '-'),
  place: fc.constantFrom(...PLACES),
  over: fc.boolean(),
  after: fc.constantFrom(5 * MINUTE, HOUR, DAY),
});
type Step = typeof truth extends fc.Arbitrary<infer T> ? T : never;
type Lie = typeof lie extends fc.Arbitrary<infer T> ? T : never;

/** Words that no other text has, however many there are: texts that differ in a number alone may pass for copies. */
const wordsOf = (n: number): string =>
  Array.from({ length: 14 }, (_, k) =>
    createHash('md5').update(`${n} ${k}`).digest('hex').replace(/\d/gu, '').slice(0, 9),
  ).join(' ');

/** What is surely cut, place by place; and what rang. */
async function lived(steps: readonly (Step | Lie)[], hasLiar: boolean): Promise<{ cut: string[][]; rang: string[] }> {
  const at = await liarsTown();
  const world = createWorld({ ...at.town.store, log: quietLog });
  const cut: string[][] = [];
  const rang: string[] = [];
  for (const [i, { who, service, place, over, after }] of steps.entries()) {
    const text = (voice: number): string => wordsOf(3 * i + voice);
    const action = over ? 'unblock' : service === 'internet' ? 'shutdown' : 'block';
    const says = `${action} RU ${service}${service === 'internet' ? place : ''}`;
    await at.town.pass(after);
    if (who === 'pair') {
      await at.poll('a', [{ publisher: 'a', says, text: text(0) }]);
      await at.poll('b', [{ publisher: 'b', says, text: text(1) }]);
    } else if (hasLiar) await at.poll('liar', [{ publisher: 'liar', says, text: text(2) }]);
    await at.town.pass(10 * MINUTE);
    if (who !== 'pair') continue;
    const { states } = await world.of({ matchers: [{ country: 'RU', service: '*' }] }, at.town.clock.now());
    const sure = states.filter(
      (one) => isCut(one) && !one.covered && one.confidence !== 'reported' && one.service !== null,
    );
    cut.push(sure.map((one) => `${one.service} ${one.region ?? ''} ${one.action}`).toSorted());
  }
  await at.town.pass(DAY);
  // That something is over may be told of what the liar alone had said before: narrower, and true.
  rang.push(...at.town.heard('corroborated').filter((one) => /^(?:send|reply) (?:🔴|⚫)/u.test(one)));
  await at.town.store.close();
  return { cut, rang };
}

const said = (steps: readonly (Step | Lie)[]): string =>
  steps
    .map((one) => `${one.who}: ${one.over ? 'over' : 'cut'} ${one.service}${one.place} +${one.after / HOUR}h`)
    .join('\n');

test(
  'with the liar and without: the same is surely cut at every moment, and the same rings',
  { timeout: 300_000 },
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(truth, lie), { minLength: 2, maxLength: 7 }), async (steps) => {
        const [honest, bent] = [await lived(steps, false), await lived(steps, true)];
        expect(bent.cut, said(steps)).toEqual(honest.cut);
        // All that rings without it rings with it; what else rings is true.
        for (const one of honest.rang) expect(bent.rang, said(steps)).toContain(one);
        const isCutSurely = honest.cut.flat().map((one) => one.split(' ')[0]!);
        const covered = steps.filter(({ who, over }) => who === 'pair' && !over).map(({ service }) => service);
        for (const one of bent.rang)
          expect(
            [...isCutSurely, ...covered].some((service) => one.toLowerCase().includes(service)),
            `${one}\n${said(steps)}`,
          ).toBe(true);
      }),
      { numRuns: Number(process.env.TOCSIN_LIES ?? 40), endOnFailure: true },
    );
  },
);

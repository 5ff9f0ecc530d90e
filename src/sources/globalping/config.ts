import * as v from 'valibot';
import { base, countries, name, optionalToken, schedule } from '../fields.ts';
import type { SourceKind } from '../kind.ts';

/** Probes of volunteers all over the world. Asked when an incident turns, or by an operator; never on a schedule of its own. */
const globalpingSchema = v.strictObject({
  id: name,
  kind: v.literal('globalping'),
  url: base('https://api.globalping.io'),
  /** Of a free account: more tests an hour. */
  token: optionalToken,
  /** Only there; without it wherever an incident turns. */
  countries,
  /** How often it looks whether something was asked. */
  cron: schedule('*/10 * * * * *'),
  /**
   * Watch over the names of followed services in the country's own DNS (`config/national-resolvers.yaml`), with half of the tests: for who has no vantage point
   * there. Otherwise it only looks when it is asked to.
   */
  watch: v.optional(v.boolean(), false),
  /** Tests of one hour at most, whatever the account allows: a probe that looks once is one test. */
  testsPerHour: v.optional(v.pipe(v.number(), v.integer(), v.minValue(12), v.maxValue(500)), 40),
});
export type GlobalpingConfig = v.InferOutput<typeof globalpingSchema>;

export const globalpingKind: SourceKind<GlobalpingConfig> = {
  kind: 'globalping',
  schema: globalpingSchema,
  secrets: ['token'],
  optional: ['token'],
  polite: true,
  elsewhere: true,
  idle: 'is asked when an incident turns',
  load: () => import('./index.ts'),
};

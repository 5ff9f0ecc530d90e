import * as v from 'valibot';
import { base, countries, name, optionalToken, schedule } from '../fields.ts';
import type { SourceKind } from '../kind.ts';

const radarSchema = v.strictObject({
  id: name,
  kind: v.literal('radar'),
  url: base('https://api.cloudflare.com/client/v4'),
  cron: schedule('*/15 * * * *'),
  /** With the permission Account, Radar, Read. Without it nothing is asked. */
  token: optionalToken,
  /** Outages that no government ordered (power, cables, weather), and anomalies of traffic, too: as a sign for chats of the level `early`. */
  outages: v.optional(v.boolean(), false),
  countries,
});
export type RadarConfig = v.InferOutput<typeof radarSchema>;

export const radarKind: SourceKind<RadarConfig> = {
  kind: 'radar',
  polite: true,
  follows: true,
  schema: radarSchema,
  secrets: ['token'],
  optional: ['token'],
  off: ({ token }) => (token === null ? 'no-token' : null),
  load: () => import('./index.ts'),
};

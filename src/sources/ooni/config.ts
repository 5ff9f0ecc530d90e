import * as v from 'valibot';
import { base, countries, name, schedule, services } from '../fields.ts';
import type { SourceKind } from '../kind.ts';

const ooniSchema = v.strictObject({
  id: name,
  kind: v.literal('ooni'),
  url: base('https://api.ooni.io'),
  cron: schedule('*/30 * * * *'),
  countries,
  services,
});
export type OoniConfig = v.InferOutput<typeof ooniSchema>;

export const ooniKind: SourceKind<OoniConfig> = {
  kind: 'ooni',
  polite: true,
  follows: true,
  schema: ooniSchema,
  secrets: [],
  load: () => import('./index.ts'),
};

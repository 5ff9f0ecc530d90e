import * as v from 'valibot';
import { base, countries, name, schedule } from '../fields.ts';
import type { SourceKind } from '../kind.ts';

const iodaSchema = v.strictObject({
  id: name,
  kind: v.literal('ioda'),
  url: base('https://api.ioda.inetintel.cc.gatech.edu/v2'),
  cron: schedule('*/10 * * * *'),
  countries,
});
export type IodaConfig = v.InferOutput<typeof iodaSchema>;

export const iodaKind: SourceKind<IodaConfig> = {
  kind: 'ioda',
  polite: true,
  follows: true,
  schema: iodaSchema,
  secrets: [],
  load: () => import('./index.ts'),
};

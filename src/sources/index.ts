/** The register of sources: one line each. A new source is a copied folder plus a line here; its `config.ts` exports a `SourceKind`. */
import { globalpingKind } from './globalping/config.ts';
import { iodaKind } from './ioda/config.ts';
import type { SourceKind } from './kind.ts';
import { ooniKind } from './ooni/config.ts';
import { probeKind } from './probe/config.ts';
import { pushKind } from './push/config.ts';
import { radarKind } from './radar/config.ts';
import { registryKind } from './registry/config.ts';
import { rssKind } from './rss/config.ts';
import { searchKind } from './search/config.ts';

const all = [rssKind, probeKind, pushKind, registryKind, ooniKind, iodaKind, radarKind, globalpingKind, searchKind];
// oxlint-disable-next-line typescript/no-explicit-any -- each kind has its own config type; the schema checks it
export const sourceKinds: readonly SourceKind<any>[] = all;

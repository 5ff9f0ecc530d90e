/**
 * The register of chat platforms: one line each. A new platform is a copied folder (start from `console/`) plus a line here. Each
 * folder's `config.ts` exports an `AdapterKind`: platform name, valibot schema of its account, `fromEnv`, and a lazy loader.
 */
import { consoleKind } from './console/config.ts';
import type { AdapterKind } from './kind.ts';
import { matrixKind } from './matrix/config.ts';
import { telegramKind } from './telegram/config.ts';
import { webhookKind } from './webhook/config.ts';

// oxlint-disable-next-line typescript/no-explicit-any -- each kind has its own account type; the schema checks it
export const adapterKinds: readonly AdapterKind<any>[] = [consoleKind, telegramKind, matrixKind, webhookKind];

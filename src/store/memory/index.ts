import type { Store } from '../../core/ports/store.ts';
import { openStore, type StoreDeps } from '../open.ts';

/** The SQL store without a file, for `replay` and tests: the same statements, gone when closed. */
export const memoryStore = (deps: StoreDeps): Promise<Store> => openStore(':memory:', deps);

import type { SitePart } from './deps.ts';
import { pages } from './pages/index.ts';

/** Everything on the site, a line a part; the first that takes a path has it. */
export const parts: readonly SitePart[] = [pages];

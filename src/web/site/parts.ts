import type { SitePart } from './deps.ts';
import { api } from './machines/api.ts';
import { badges } from './machines/badges.ts';
import { events } from './machines/events.ts';
import { feeds } from './machines/feeds.ts';
import { pages } from './pages/index.ts';

/** Everything on the site, a line a part; the first that takes a path has it. */
export const parts: readonly SitePart[] = [feeds, api, badges, events, pages];

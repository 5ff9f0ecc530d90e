/** Every surface of one store at one moment, by the real parts: what /status, /history, a board, a picture, pages, badges and the API say of it. */
import { siteDeps } from '../../src/app/open-site.ts';
import { bundledRegions } from '../../src/config/catalogue.ts';
import { boardOf, renderBoard } from '../../src/core/board.ts';
import type { RouterDeps } from '../../src/core/commands/context.ts';
import type { BaselineEntry } from '../../src/core/model/catalogue.ts';
import type { Chat } from '../../src/core/model/chat.ts';
import { ANY } from '../../src/core/model/chat.ts';
import type { Level } from '../../src/core/model/incident.ts';
import type { Clock } from '../../src/core/ports/runtime.ts';
import type { Store } from '../../src/core/ports/store.ts';
import type { State } from '../../src/core/state/fold.ts';
import { createWorld } from '../../src/core/state/world.ts';
import { createTranslators } from '../../src/i18n/index.ts';
import { createIds } from '../../src/platform/ids.ts';
import { openServer } from '../../src/web/server.ts';
import { mountSite } from '../../src/web/site/index.ts';
import { bundledCatalogue } from '../fakes/bundled.ts';
import { quietLog as log } from '../fakes/fake-log.ts';
import { fakePictures } from '../fakes/fake-pictures.ts';
import { createBot, healthy } from '../unit/commands/support.ts';
import { chat } from '../unit/outbox/samples.ts';
import { asText } from '../unit/render/support.ts';

export interface Surfaces {
  /** The fold itself: all that is known of a country. */
  states(country: string): Promise<State[]>;
  /** A command's answer as text; pictures are told by their words. */
  say(command: string, lang?: string): Promise<string>;
  /** The picture of /status: its title, and a line a row that ends with how it stands now. */
  picture(command: string, lang?: string): Promise<string[]>;
  /** The board of a chat that follows this country. */
  board(country: string, level?: Level, lang?: string): Promise<string>;
  /** The text of a page, a line an element that begins one. */
  page(path: string): Promise<string[]>;
  /** What a badge says: "Russia: WhatsApp – blocked". */
  badge(name: string): Promise<string>;
  /** Status and body. */
  get(path: string): Promise<{ status: number; text: string }>;
  close(): Promise<void>;
}

/** Nothing of it is remembered from an earlier moment, unless the same object is asked again. */
export async function surfacesOf(
  store: Store,
  clock: Clock,
  baseline: readonly BaselineEntry[] = [],
): Promise<Surfaces> {
  const catalogue = bundledCatalogue();
  const translators = createTranslators(catalogue, bundledRegions());
  const world = createWorld({ ...store, baseline, log });
  const bot = createBot({
    store: store as unknown as RouterDeps['store'],
    clock: clock as never,
    catalogue,
    translators,
    gazetteer: bundledRegions(),
    baseline,
    unbudgeted: true,
    shows: true,
    pictures: fakePictures(),
    watched: async () => [[0, clock.now()] as const],
  });
  const server = await openServer({ host: '127.0.0.1', port: 0, trustProxy: ['127.0.0.1'] }, log);
  const stopping = new AbortController();
  const parts = {
    config: {
      web: { host: '127.0.0.1', port: 0, publicUrl: null, pages: true, measure: false, trustProxy: [] },
      catalogue,
      baseline: [...baseline],
      vantage: null,
    },
    store,
    clock,
    ids: createIds(clock),
    log,
    translators,
    pictures: { png: async () => null },
    health: async () => healthy,
    leases: () => ({ leases: [], processes: [] }),
    watched: async () => [[0, clock.now()] as const],
    instance: async () => 'testinstance0001',
    stopping: stopping.signal,
  };
  mountSite(server.mount, siteDeps(parts));
  let asked = 0;
  const get = async (path: string) => {
    asked++;
    const from = { 'x-forwarded-for': `10.0.${asked >> 8}.${asked & 255}` };
    const answer = await fetch(`http://127.0.0.1:${server.address.port}${path}`, { headers: from, redirect: 'manual' });
    return { status: answer.status, text: await answer.text() };
  };
  const documents = async (command: string, lang: string) => (await bot.answer(command, { lang }))?.documents ?? [];
  return {
    states: async (country) => (await world.of({ matchers: [{ country, service: ANY }] }, clock.now())).states,
    say: async (command, lang = 'en') =>
      (await documents(command, lang))
        .filter((one) => !one.picture)
        .map((one) => asText({ ...one, buttons: [] }))
        .join('\n---\n'),
    async picture(command, lang = 'en') {
      const alt = (await documents(command, lang)).find((one) => one.picture)?.picture?.alt ?? '';
      return alt.split(/(?<=\.) (?=\S+[^.]*: )/u);
    },
    async board(country, level = 'corroborated', lang = 'en') {
      const now = clock.now();
      const own: Chat = { ...chat({ level, timeZone: 'UTC' }), lang };
      const followed = [{ chatId: own.id, country, service: ANY, createdAt: 0 }];
      const board = await boardOf(own, followed, world, now);
      return asText(renderBoard(own, { states: board.states, timeline: [] }, translators.of(lang), now));
    },
    page: async (path) => textOf((await get(path)).text),
    badge: async (name) => /<title>(.*?)<\/title>/u.exec((await get(`/badge/${name}.svg`)).text)?.[1] ?? '',
    get,
    async close() {
      stopping.abort();
      await server.close();
    },
  };
}

/** What a reader of the page reads: without what frames every page. */
export function textOf(html: string): string[] {
  const main = /<main[^>]*>([\s\S]*?)<\/main>/u.exec(html)?.[1] ?? html;
  return main
    .replace(/<(?:style|script|svg)[\s\S]*?<\/(?:style|script|svg)>/gu, '')
    .replace(/<(?:li|h\d|p|tr|section|div|ul|details|summary)\b[^>]*>/gu, '\n')
    .replace(/<[^>]*>/gu, ' ')
    .replace(/&#(\d+);/gu, (_all, code: string) => String.fromCodePoint(Number(code)))
    .replaceAll('&amp;', '&')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .split('\n')
    .map((line) => line.replace(/\s+/gu, ' ').trim())
    .filter((line) => line !== '');
}

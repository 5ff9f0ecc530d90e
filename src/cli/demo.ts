import { fileURLToPath } from 'node:url';
import TEXTS from '../../config/terminal-texts.json' with { type: 'json' };
import { openSite } from '../app/open-site.ts';
import { isConsole } from '../config/accounts.ts';
import { parseListen } from '../config/secrets.ts';
import { TocsinError } from '../core/errors.ts';
import { ANY } from '../core/model/chat.ts';
import type { Block, MessageDocument } from '../core/model/message.ts';
import { MAX_COLUMNS } from '../core/picture.ts';
import { emptyState } from '../core/poll/source-state.ts';
import type { Outgoing } from '../core/ports/chat-adapter.ts';
import { captionOf, timelineView } from '../core/render/timeline.ts';
import { keysOf } from '../core/state/fold.ts';
import { createWorld } from '../core/state/world.ts';
import { columnsOf } from '../core/timeline.ts';
import { filled } from '../i18n/packs.ts';
import { createPictureHost } from '../pictures/host.ts';
import { systemClock } from '../platform/clock.ts';
import { openServer } from '../web/server.ts';
import { passingAdapter } from './check.ts';
import { isWatched, play, type RecordedSend, type Stage } from './replay.ts';
import { onEnding, optionsOf } from './runtime.ts';
import { whyOf } from './test-alert.ts';

/** A person is given so long, ms, to read each message; twice that where there is a page to look at, too. */
const READING = 2_500;
const SAYS = TEXTS.demo;
const say = (text: string): void => void process.stdout.write(`${text}\n`);

/** The invented week that comes with Tocsin: a person sees it pass in the terminal, on its page, in a chat; a program gets it at once. */
export async function run(args: string[]): Promise<number> {
  const { values } = optionsOf(args, ['level', 'lang', 'page', 'to', 'config']);
  const week = fileURLToPath(new URL('../../docs/demo.jsonl', import.meta.url));
  return await play([week], values, {
    pause: isWatched() ? (values.page === undefined ? READING : 2 * READING) : 0,
    async open(stage) {
      say(`${stage.translators.of(stage.lang).say('demo.note')}\n`);
      const pictures = createPictureHost(stage.log);
      const page = values.page === undefined ? null : await openPage(values.page, stage, pictures);
      const chat = values.to === undefined ? null : await openChat(values.to, stage, pictures);
      return {
        onSend: chat?.onSend,
        below: page?.below,
        async end() {
          await chat?.end();
          await page?.end();
          await pictures.stop();
        },
      };
    },
  });
}

type PictureHost = ReturnType<typeof createPictureHost>;

/** The page of that week, as it passes. */
async function openPage(written: string, { config, clock, translators, lang, ...stage }: Stage, pictures: PictureHost) {
  const listen = parseListen(/^\d+$/.test(written) ? `127.0.0.1:${written}` : written);
  if (!listen) throw new TocsinError('usage', filled(SAYS.port, { written: written.slice(0, 60) }));
  const server = await openServer({ ...listen, trustProxy: [] }, stage.log, '--page');
  const stopping = new AbortController();
  const { host, port } = server.address;
  const publicUrl = `http://${host}:${port}`;
  const from = clock.now();
  const read = { id: 'demo', kind: 'replay', label: 'demo.jsonl', stale: false, ...emptyState(), lastOkAt: from };
  openSite(server.mount, {
    ...stage,
    config: { ...config, baseline: [], vantage: null, web: { publicUrl } },
    invented: true,
    clock: { ...clock, monotonic: systemClock.monotonic },
    translators,
    pictures,
    health: async () => ({ sources: [read], accounts: [], queue: [], agents: [], missingVantages: [] }),
    leases: () => ({ leases: [], processes: [] }),
    watched: async () => [[from, clock.now()]],
    instance: async () => 'demo',
    stopping: stopping.signal,
  });
  say(filled(SAYS.page, { url: `${publicUrl}/?lang=${lang}` }));
  /** At the end nothing is cut off any more: the last one tells it all. */
  let story = '';
  return {
    below: ({ incidents }: { incidents: string[] }) =>
      incidents.map((id) => `${(story = `${publicUrl}/incident/${id}?lang=${lang}`)}\n`).join(''),
    async end() {
      say(`\n${filled(SAYS.stays, { url: `${publicUrl}/?lang=${lang}`, story })}`);
      await new Promise<void>((resolve) => void onEnding(resolve));
      stopping.abort();
      await server.close();
    },
  };
}

const DAYS = 14;
const DAY = 86_400_000;
const TRIES = 5;
const PAUSE_MS = 2_000;

/** A chat of one's own: each message says that nothing of it has happened, and has no buttons, since nobody would hear them. */
async function openChat(
  written: string,
  { config, store, clock, ids, log, translators, lang }: Stage,
  pictures: PictureHost,
) {
  const [, name = written, chat = null] = /^([^:]+):(.+)$/.exec(written) ?? [];
  const accounts = config.accounts.filter((one) => !isConsole(one));
  const account = accounts.find(({ id, platform }) => id === name || platform === name);
  const known = accounts.map(({ id, platform }) => `${id} (${platform})`).join(', ') || 'none';
  const wrong = (why: string) => new TocsinError('usage', `--to ${written.slice(0, 100)}: ${why}`);
  if (!account) throw wrong(filled(SAYS.noAccount, { known }));
  const adapter = await passingAdapter(account, { config, clock: systemClock, ids, log, pictures });
  const to = adapter.onlyChat?.chat ?? chat;
  if (to === null) throw wrong(SAYS.noChat);
  const address = { accountId: account.id, chat: to, thread: null };
  const { signal } = new AbortController();
  const keyOf = (): string => `tocsin.demo.${ids.next()}`;
  const words = translators.of(lang);
  const note: Block = { type: 'note', inline: [words.say('demo.note')] };
  const document = (blocks: Block[], more: Partial<MessageDocument> = {}): MessageDocument => ({
    buttons: [],
    lang,
    tone: 'notice',
    ...more,
    blocks,
  });

  /** By what the replay calls them. */
  const refs = new Map<string, string>();
  async function onSend({ op, document: told, messageRef, replyTo }: RecordedSend): Promise<void> {
    const { picture: _, ...rest } = told;
    const own = { address, document: { ...rest, buttons: [], blocks: [...rest.blocks, note] }, key: keyOf() };
    const there = refs.get(messageRef);
    if (op === 'edit' && there !== undefined) await send({ ...own, op: 'edit', messageRef: there });
    else refs.set(messageRef, await send({ ...own, op: 'send', replyTo: refs.get(replyTo ?? '') ?? null }));
  }
  async function send(message: Outgoing): Promise<string> {
    for (let tries = 1; ; tries++) {
      const outcome = await adapter.send(message, signal);
      if (outcome.kind === 'delivered') return outcome.messageRef;
      if (outcome.kind !== 'retry' || tries === TRIES) throw wrong(whyOf(outcome));
      await systemClock.sleep(outcome.afterMs ?? PAUSE_MS);
    }
  }
  const begin = (own: MessageDocument) => send({ op: 'send', address, document: own, key: keyOf(), replyTo: null });
  await begin(document([note]));
  return {
    onSend,
    /** The week as a picture. */
    async end() {
      const now = clock.now();
      const world = createWorld({ ...store, log });
      const answer = await world.of(
        { matchers: [{ country: ANY, service: ANY }], reach: DAYS * DAY, everything: true },
        now,
      );
      const keys = answer.incidents.flatMap((one) => keysOf(one));
      const columns = columnsOf(now, 'UTC', DAYS, MAX_COLUMNS);
      const days = await world.days(keys, columns, answer, now);
      const rows = days.map((row, at) => ({ label: words.service(keys[at]!.service ?? ''), ...row }));
      const title = words.list([...new Set(keys.map(({ country }) => words.country(country)))]);
      const view = { title, columns, rows, more: 0, timeZone: 'UTC', now };
      const caption: Block = { type: 'paragraph', inline: [captionOf(view, words)] };
      await begin(document([caption, note], { picture: timelineView(view, words) }));
      await adapter.stop();
    },
  };
}

import { ANY } from '../model/chat.ts';
import type { LeftOut } from '../model/measurement.ts';
import type { Block, MessageDocument } from '../model/message.ts';
import type { Store } from '../ports/store.ts';
import { announcement, labelOf, MAX_ANNOUNCEMENT } from '../render/pair.ts';
import { oneLine } from '../render/plain.ts';
import { answer, button, code, head, line, note } from './answer.ts';
import { splitIds } from './asking/targets.ts';
import type { Can } from './capabilities.ts';
import type { Command, CommandContext } from './command.ts';
import { asideText, type BotHealth, isIdle, type PressHealth } from './look/health.ts';

const MAX_ROWS = 60;
const MAX_BECAUSE = 300;

type SourcesCapabilities = Pick<Can, 'health' | 'press' | 'stopAgent' | 'release'>;

/** Every source and agent with its state, those in trouble first; and the switch of an agent. */
export const sourcesCommand = (can: SourcesCapabilities): Command => ({
  name: 'sources',
  examples: ['sources', 'sources stop AGENT', 'sources start AGENT', 'sources release SOURCE'],
  who: 'operators',
  async run(context) {
    const { words, now, hint } = context;
    const named = (order: 'stop' | 'start' | 'release'): string | undefined =>
      new RegExp(`^(?:${context.known.anyOf(`agent.${order}`)})\\s+(\\S+)$`, 'iu').exec(context.args.trim())?.[1];
    const [stop, start] = [named('stop'), named('start')];
    if (stop ?? start) return [await switchAgent((stop ?? start)!, stop !== undefined)];
    const release = named('release');
    if (release !== undefined && can.release) return [await releaseHeld(release, can.release)];
    const { sources, agents, held = [], off = [], leftOut } = await can.health();
    const press = (await can.press?.()) ?? null;
    if (sources.length + agents.length + held.length + off.length + (press?.countries.length ?? 0) === 0)
      return [answer(words, [line(words.say('health.none'))])];
    const ordered = [...sources].sort(
      (a, b) => Number(b.failingSince !== null) - Number(a.failingSince !== null) || Number(b.stale) - Number(a.stale),
    );
    const table = ordered.slice(0, MAX_ROWS).map((source) => {
      // No mark where it was read: how old the last look is says more than a green light.
      const mark =
        source.failingSince !== null
          ? '🔴 '
          : source.stale || source.blind || (source.lastOkAt === null && !isIdle(source))
            ? '❔ '
            : '';
      return [`${mark}${oneLine(source.label, 60)}`, stateOf(source)];
    });
    if (ordered.length > MAX_ROWS) table.push([words.say('list.more', { n: ordered.length - MAX_ROWS })]);
    for (const { id } of off.slice(0, MAX_ROWS)) table.push([`⚪ ${oneLine(id, 60)}`, words.say('sources.off')]);
    const blocks: Block[] = [head(words.say('sources.head', { n: sources.length + off.length }))];
    if (table.length > 0) blocks.push({ type: 'table', head: null, rows: table });
    blocks.push(...leftOutBlocks(leftOut ?? null, context), ...pressBlocks(press, context));
    return [answer(words, [...blocks, ...heldBlocks(held, context), ...agentBlocks(agents, context)])];

    function stateOf(source: BotHealth['sources'][number]): string {
      if (source.failingSince !== null) {
        const problem = oneLine([source.lastCode, source.lastMessage].filter(Boolean).join(': ') || '?', 120);
        const failing = words.say('sources.failing', { age: words.age(now - source.failingSince), problem });
        return `${readOf(source)}; ${failing}`;
      }
      return readOf(source);
    }

    function readOf(source: BotHealth['sources'][number]): string {
      const { lastOkAt, aside } = source;
      const never = isIdle(source) ? 'sources.idle' : 'sources.waiting';
      const read =
        lastOkAt === null ? words.say(never) : words.say('sources.ok', { age: words.age(Math.max(0, now - lastOkAt)) });
      return aside ? `${read}; ${asideText(aside, words, now)}` : read;
    }

    async function releaseHeld(id: string, free: NonNullable<typeof can.release>): Promise<MessageDocument> {
      const n = await free(id);
      const shown = { id: oneLine(id, 60) };
      const text =
        n === null ? hint('sources.notHeld', 'sources', shown) : words.rich('sources.released', { n, ...shown });
      return answer(words, [line(...text)]);
    }

    async function switchAgent(id: string, stopped: boolean): Promise<MessageDocument> {
      const known = await can.stopAgent(id, stopped);
      if (!known) return answer(words, [line(...hint('agents.none', 'sources', { id: oneLine(id, 40) }))]);
      const text = stopped
        ? hint('agents.stopped', `sources start ${id}`, { id })
        : words.rich('agents.started', { id });
      return answer(words, [line(...text)]);
    }
  },
});

/** What is followed here, and looked after by no observatory. */
function leftOutBlocks(leftOut: LeftOut | null, { words }: CommandContext): Block[] {
  if (leftOut === null) return [];
  const { countries, services, isMore } = leftOut;
  const parts = [
    countries > 0 && words.say('sources.leftOutCountries', { n: countries }),
    services > 0 && words.say('sources.leftOutServices', { n: services }),
  ];
  const what = words.list(parts.filter((part) => part !== false));
  return [note(`🟠 ${words.say(isMore ? 'sources.leftOutMore' : 'sources.leftOut', { what })}`)];
}

/** The press by country, the worst heard first, and by which rule it is asked. */
function pressBlocks(press: PressHealth | null, { words, now }: CommandContext): Block[] {
  if (press === null || press.countries.length === 0) return [];
  const rows = press.countries.slice(0, MAX_ROWS).map((one) => {
    const { country, heard, owners, newestAt, languages, waiting } = one;
    const said = words.say('press.row', { heard: String(heard), of: String(owners) });
    const newest =
      newestAt === null ? [] : [words.say('press.newest', { age: words.age(Math.max(0, now - newestAt)) })];
    const spoken = languages.length > 0 ? [words.list(languages)] : [];
    const mark = waiting ? '❔ ' : heard === 0 ? '🔴 ' : heard === 1 ? '🟠 ' : '';
    return [
      `${mark}${words.country(country)}`,
      waiting ? words.say('sources.waiting') : [said, ...newest, ...spoken].join('; '),
    ];
  });
  if (press.countries.length > MAX_ROWS) rows.push([words.say('list.more', { n: press.countries.length - MAX_ROWS })]);
  const { pollsAMinute, megabytesAnHour, firstMs, othersMs } = press;
  const most = { polls: String(pollsAMinute), megabytes: String(megabytesAnHour) };
  const first = words.duration(firstMs);
  const rule =
    firstMs === othersMs
      ? words.say('press.every', { first })
      : words.say('press.turns', { first, others: words.duration(othersMs) });
  return [
    head(words.say('press.head')),
    { type: 'table', head: null, rows },
    note(`${words.say('press.most', most)} ${rule}`),
  ];
}

/** Who reported more at once than any event brings, and how to let it count after all. */
function heldBlocks(held: NonNullable<BotHealth['held']>, { words, now, hint }: CommandContext): Block[] {
  if (held.length === 0) return [];
  const rows = held.slice(0, MAX_ROWS).map(({ sourceId, since, reports, dropped }) => {
    const state = words.say('sources.heldSince', { n: reports, age: words.age(Math.max(0, now - since)) });
    return [
      `🟠 ${oneLine(sourceId, 60)}`,
      dropped > 0 ? words.say('sources.heldDropped', { state, n: dropped }) : state,
    ];
  });
  return [
    head(words.say('sources.held')),
    { type: 'table', head: null, rows },
    note(...hint('sources.heldUsage', `sources release ${held[0]!.sourceId}`)),
  ];
}

function agentBlocks(agents: BotHealth['agents'], { words, now, typed }: CommandContext): Block[] {
  if (agents.length === 0) return [];
  const table = agents.slice(0, MAX_ROWS).map((agent) => {
    const mark = agent.stopped ? '⚪' : agent.missing ? '🔴' : agent.lastSeenAt === null || agent.blind ? '❔' : '🟢';
    const country = words.country(agent.country);
    return [`${mark} ${agent.id}`, words.say('agents.at', { country, asn: agent.asn, state: stateOf(agent) })];
  });
  if (agents.length > MAX_ROWS) table.push([words.say('list.more', { n: agents.length - MAX_ROWS })]);
  const [stop, start] = ['stop', 'start'].map((word) => code(typed(`sources ${word} ${agents[0]!.id}`)));
  return [
    head(words.say('agents.head', { n: agents.length })),
    { type: 'table', head: null, rows: table },
    note(...words.rich('agents.usage', { stop: stop!, start: start! })),
  ];

  function stateOf(agent: BotHealth['agents'][number]): string {
    const age = agent.lastSeenAt === null ? null : words.age(now - agent.lastSeenAt);
    const heard =
      age === null ? words.say('agents.never') : words.say(agent.missing ? 'agents.missing' : 'agents.heard', { age });
    const state = agent.stopped ? words.say('agents.stopping', { state: heard }) : heard;
    const lost = agent.dropped > 0 ? words.say('agents.dropped', { state, n: agent.dropped }) : state;
    return agent.refused ? words.say('agents.refused', { state: lost, n: agent.refused }) : lost;
  }
}

export const retractCommand = (can: Pick<Can, 'retract'>): Command => ({
  name: 'retract',
  examples: ['retract RU-whatsapp-3f9k because the outlet took it back'],
  who: 'operators',
  async run(context: CommandContext) {
    const { words, hint, args } = context;
    const id = splitIds(args, 1).ids[0];
    const because = oneLine(
      args.replace(/^\s*\S+\s*/u, '').replace(new RegExp(`^(?:${context.known.anyOf('because')})\\s+`, 'iu'), ''),
      MAX_BECAUSE,
    );
    if (!id || because === '') {
      const example = 'retract RU-whatsapp-3f9k because the outlet took it back';
      return [answer(words, [line(...hint('retract.usage', example))])];
    }
    const done = await can.retract(id, because);
    const text = words.rich(done ? 'retract.done' : 'incident.none', { id: code(id) });
    return [answer(words, [line(...text)])];
  },
});

const DRAFT_MS = 15 * 60_000;

/** An operator's words to every chat. The draft is shown first; only whoever wrote it sends it, once. */
export const announceCommand = (can: Pick<Can, 'store' | 'drafts' | 'ids' | 'wake'>): Command => ({
  name: 'announce',
  examples: ['announce The bot moves to a new server tonight'],
  who: 'operators',
  replaces: true,
  async run(context) {
    const { words, hint, args, senderId, now } = context;
    const sent = /^(yes|no)\s+([0-9a-z]{16})$/iu.exec(args.trim());
    if (sent) return [await decide(sent[2]!, sent[1]!.toLowerCase() === 'yes')];
    if (args.trim() === '')
      return [answer(words, [line(...hint('announce.usage', 'announce The bot moves to a new server tonight'))])];
    if (args.length > MAX_ANNOUNCEMENT)
      return [answer(words, [line(words.say('announce.long', { most: String(MAX_ANNOUNCEMENT) }))])];
    return [await ask(args.trim())];

    async function ask(text: string): Promise<MessageDocument> {
      const id = can.ids.next();
      await can.drafts.set(id, { text, senderId }, DRAFT_MS);
      const { active } = await can.store.chats.counts();
      return answer(
        words,
        [
          line(words.say('announce.ask', { chats: words.say('stats.chats', { n: active }) })),
          ...announcement(text, words).blocks,
          ...(context.hasButtons ? [] : [note(...hint('announce.confirm', `announce yes ${id}`))]),
        ],
        [
          [
            button(words.say('button.yesSend'), `announce yes ${id}`),
            button(words.say('button.no'), `announce no ${id}`),
          ],
        ],
      );
    }

    /** The draft's id is the announcement's: sent twice, it is one. */
    async function decide(id: string, yes: boolean): Promise<MessageDocument> {
      const draft = (await can.drafts.get(id)) as { text?: unknown; senderId?: unknown } | undefined;
      if (typeof draft?.text !== 'string' || draft.senderId !== senderId)
        return answer(words, [line(words.say('announce.gone'))]);
      const fresh = yes && (await can.store.notices.toAll(id, { kind: 'announce', text: draft.text }, now));
      await can.drafts.delete(id);
      if (!yes) return answer(words, [line(words.say('error.nothing'))]);
      if (!fresh) return answer(words, [line(words.say('announce.gone'))]);
      can.wake();
      const { active } = await can.store.chats.counts();
      return answer(words, [line(words.say('announce.sent', { chats: words.say('stats.chats', { n: active }) }))]);
    }
  },
});

const MAX_COUNTRIES = 40;

/** Numbers alone: no chat, no person. */
export const statsCommand = (can: { chats: Pick<Store['chats'], 'figures'> }): Command => ({
  name: 'stats',
  examples: ['stats'],
  who: 'operators',
  async run({ words }) {
    const { kinds, gone, pairs, subscriptions, countries } = await can.chats.figures(MAX_COUNTRIES);
    const n = kinds.reduce((sum, one) => sum + one.chats, 0);
    const blocks: Block[] = [head(words.say('stats.chats', { n }))];
    const rows = kinds.map(({ platform, kind, chats }) => [
      labelOf({ platform, kind }, words),
      words.say('stats.chats', { n: chats }),
    ]);
    if (rows.length > 0) blocks.push({ type: 'table', head: null, rows });
    if (pairs > 0) blocks.push(line(words.say('stats.pairs', { count: String(pairs) })));
    if (gone > 0) blocks.push(note(words.say('stats.gone', { chats: words.say('stats.chats', { n: gone }) })));
    blocks.push(head(words.say('stats.countries', { count: String(subscriptions) })));
    const followed = countries.map(({ country, chats }) => [
      country === ANY ? words.say('status.world') : words.country(country),
      words.say('stats.chats', { n: chats }),
    ]);
    if (followed.length > 0) blocks.push({ type: 'table', head: null, rows: followed });
    return [answer(words, blocks)];
  },
});

import USUAL from '../../../../config/usual.json' with { type: 'json' };
import { ANY } from '../../model/chat.ts';
import { NETWORK } from '../../model/incident.ts';
import type { Block, Button, MessageDocument } from '../../model/message.ts';
import type { Forgettable } from '../../ports/runtime.ts';
import { newestFirst } from '../../state/fold.ts';
import { answer, button, code, followedHere, line, type Matcher, note, rows } from '../answer.ts';
import type { TargetIndex } from '../asking/targets.ts';
import { keyOf, type Vocabulary } from '../asking/vocabulary.ts';
import { flagOf } from '../asking/zones.ts';
import type { Can } from '../capabilities.ts';
import { type CommandContext, withoutBeside } from '../command.ts';

type ListPage = 'country' | 'service';

interface Draft {
  page: ListPage;
  /** The chat followed nothing when it was opened. */
  isFirst: boolean;
  /** When it was last touched, ms since the epoch. */
  at: number;
}

/** Which picker somebody has open: a name that is typed meanwhile is meant for it. What is ticked is what the chat follows, and is kept with the chat. */

/** So many names are taken from one text, at most. */
const MAX_CHOSEN = 20;
/** A picker can be gone on with for so long, ms. */
const KEEP_MS = 6 * 3_600_000;
/** What is typed is looked up as a name for so long after the last tap, ms. */
const SEARCH_MS = 5 * 60_000;
/** Longer texts are no names. */
const MAX_SOUGHT = 60;
const MAX_FOUND = 12;

/** What somebody has open here (by `CommandContext.personHere`: nobody taps for anybody else); null: nothing is known of it, or not any more. */
export async function draftOf(who: string, picks: Forgettable): Promise<Draft | null> {
  const kept = (await picks.get(who)) as Partial<Draft> | null | undefined;
  if (!kept || (kept.page !== 'country' && kept.page !== 'service')) return null;
  return { page: kept.page, isFirst: kept.isFirst === true, at: Number(kept.at) };
}

/** The picker that a typed name is meant for. */
export async function searching(who: string, now: number, picks: Forgettable): Promise<ListPage | null> {
  const draft = await draftOf(who, picks);
  return draft && Math.abs(now - draft.at) < SEARCH_MS ? draft.page : null;
}

/** What a typed text finds: whole names are meant, beginnings are offered. */
interface Found {
  meant: string[];
  near: string[];
}

/** Null: it is no name of what the page lists, nor the beginning of one. Pure. */
export function seek(text: string, page: ListPage, targets: TargetIndex): Found | null {
  if (text.length > MAX_SOUGHT) return null;
  const key = keyOf(text);
  if (key === '') return null;
  const parsed = targets.parse(text);
  const [meant, others] =
    page === 'country' ? [parsed.countries, parsed.services] : [parsed.services, parsed.countries];
  const whole = parsed.problems.length === 0 && meant.length > 0;
  if (parsed.all > 0 || (parsed.problems.length === 0 && others.length > 0)) return null;
  // Two letters are a code, and the beginning of many names.
  const isShort = /^\p{Script=Latin}{1,2}$/u.test(key);
  if (whole && !isShort) return { meant: meant.slice(0, MAX_CHOSEN), near: [] };
  const near = new Set(whole ? meant : []);
  for (const [name, entries] of targets.names()) {
    if (near.size >= MAX_FOUND) break;
    if (name.startsWith(key)) for (const { kind, id } of entries) if (kind === page) near.add(id);
  }
  return near.size > 0 ? { meant: [], near: [...near].slice(0, MAX_FOUND) } : null;
}

/** Where access is cut most often: shown when nothing is open there right now. */
export const USUAL_COUNTRIES: readonly string[] = USUAL.countries;
const MAX_BUTTONS = 15;
/** Ticked ones beside those that are offered: the latest. */
const MAX_OTHERS = 15;
/** A chat follows so many things at most. */
export const MAX_SUBSCRIPTIONS = 200;

/** What is done in a picker: `+RU`, `-RU`, `done`, and `? ger`, which is a name that was typed. */
type Step = { do: 'open' | 'done' } | { do: 'add' | 'drop' | 'find'; what: string };

const STEPS = { '+': 'add', '-': 'drop', '?': 'find' } as const;

/** Null: names to be followed, not a page of the picker. */
export function readPage(args: string, known: Vocabulary): { page: ListPage; step: Step } | null {
  const [, word = '', rest = ''] = /^(\S+)\s*(.*)$/u.exec(args) ?? [];
  const page = known.pages.get(keyOf(word));
  if (!page) return null;
  if (withoutBeside(` ${rest}`) === '' || rest === '') return { page, step: { do: 'open' } };
  if (rest === 'done') return { page, step: { do: 'done' } };
  const sign = STEPS[rest.charAt(0) as keyof typeof STEPS];
  return sign ? { page, step: { do: sign, what: rest.slice(1).trim() } } : null;
}

export type PickerCapabilities = Pick<Can, 'world' | 'catalogue' | 'subscriptions' | 'targets' | 'picks'>;

/** `beside`: as `BESIDE`. */
export const firstButtons = ({ words }: CommandContext, beside = ''): Button[] => [
  button(words.say('button.country'), `subscribe country${beside}`),
  button(words.say('button.service'), `subscribe service${beside}`),
  button(words.say('button.everything'), `subscribe all${beside}`),
];

/** Typed forms, for platforms without buttons and for those who like to type. */
export const pickLine = ({ words, typed }: CommandContext) =>
  line(
    ...words.rich('subscribe.pick', {
      country: code(typed('subscribe ru')),
      service: code(typed('subscribe whatsapp')),
      both: code(typed('subscribe ru whatsapp telegram')),
      all: code(typed('subscribe all')),
    }),
  );

export async function firstPage(context: CommandContext, { picks }: Pick<PickerCapabilities, 'picks'>) {
  await picks.delete(context.personHere);
  return answer(context.words, [pickLine(context)], [firstButtons(context)]);
}

/** A page after one more tap. A tick is what this chat follows: a tap follows at once or ends it, so that nobody is lost who forgets "Done". */
export async function picker(
  page: ListPage,
  step: Step,
  context: CommandContext,
  can: PickerCapabilities,
): Promise<MessageDocument> {
  const { words, personHere } = context;
  const ids = await offered(page, context, can);
  if (!context.hasButtons) return typedPage(page, ids, context);
  const found = step.do === 'find' ? seek(step.what, page, can.targets) : null;
  const wanted = step.do === 'add' ? idsIn(step.what, page, can.targets) : (found?.meant ?? []);
  const before = await followedOn(page, context, can);
  const draft = await draftOf(personHere, can.picks);
  const isFirst = step.do === 'open' || draft?.page !== page ? before.count === 0 : draft.isFirst;
  await can.picks.set(personHere, { page, isFirst, at: context.now } satisfies Draft, KEEP_MS);
  const fresh = wanted.filter((id) => !before.ids.includes(id));
  const isTooMuch = before.count + fresh.length > MAX_SUBSCRIPTIONS;
  if (!isTooMuch && fresh.length > 0) {
    const ticks = fresh.map((id) => matcherOf(page, id));
    await can.subscriptions.add((await context.here()).id, ticks, context.now);
    context.changed();
  }
  if (step.do === 'drop' && before.ids.includes(step.what)) {
    await can.subscriptions.remove((await context.here()).id, [matcherOf(page, step.what)]);
    context.changed();
  }
  const ticked = [...before.ids, ...(isTooMuch ? [] : fresh)].filter((id) => step.do !== 'drop' || id !== step.what);
  const near = found?.near ?? [];
  const others = ticked.filter((id) => !ids.includes(id)).slice(-MAX_OTHERS);
  const shown = near.length > 0 ? near : [...others, ...ids];
  const buttons = shown.map((id) =>
    ticked.includes(id)
      ? button(`✅ ${nameOf(page, id, words)}`, `subscribe ${page} -${id}`)
      : button(labelOf(page, id, words), `subscribe ${page} +${id}`),
  );
  const blocks: Block[] = [];
  if (isTooMuch) blocks.push(line(words.say('subscribe.tooMany', { most: MAX_SUBSCRIPTIONS })));
  if (near.length > 0) blocks.push(line(words.say('pick.found')));
  else blocks.push(line(words.say(`pick.${page}`)), notHere(page, context));
  const label = words.say('text.brackets', { text: words.say('button.done'), more: ticked.length });
  const done = ticked.length > 0 ? [button(label, `subscribe ${page} done`)] : [];
  const back = near.length > 0 ? `subscribe ${page} ?` : 'subscribe';
  return answer(words, blocks, [...rows(buttons, 3), done, [button(words.say('button.back'), back)]]);
}

/** What is ticked when somebody is done; null: nothing. `isFirst`: the chat followed nothing before this picker was opened. */
export async function chosenIn(page: ListPage, context: CommandContext, can: PickerCapabilities) {
  const draft = await draftOf(context.personHere, can.picks);
  await can.picks.delete(context.personHere);
  const { ids } = await followedOn(page, context, can);
  const isFirst = draft?.page === page && draft.isFirst;
  return ids.length === 0 ? null : { chosen: ids.map((id) => matcherOf(page, id)), isFirst };
}

/** What a page can tick, of what is followed here (a thread follows things of its own), and how much is followed in all. */
async function followedOn(page: ListPage, context: CommandContext, { subscriptions }: PickerCapabilities) {
  const { thread, chat } = await followedHere(context, subscriptions);
  const here = context.thread ? thread : chat;
  const ids = here.flatMap(({ country, service }) => {
    if (page === 'country') return service === ANY && country !== ANY ? country : [];
    return country === ANY && service !== ANY ? service : [];
  });
  return { ids, count: here.length };
}

const matcherOf = (page: ListPage, id: string): Matcher =>
  page === 'country' ? { country: id, service: ANY } : { country: ANY, service: id };

/** Only what the page lists: buttons can be forged. */
function idsIn(text: string, page: ListPage, targets: TargetIndex): string[] {
  const { countries, services, problems } = targets.parse(text);
  if (problems.length > 0) return [];
  return (page === 'country' ? countries : services).slice(0, 1);
}

const nameOf = (page: ListPage, id: string, words: CommandContext['words']): string =>
  page === 'country' ? words.country(id) : words.service(id);

export const labelOf = (page: ListPage, id: string, words: CommandContext['words']): string =>
  page === 'country' ? `${flagOf(id)} ${words.country(id)}`.trim() : words.service(id);

/** In a private chat all that is typed reaches us; elsewhere it takes a command. */
function notHere(page: ListPage, { words, hint, chat }: CommandContext): Block {
  if (chat.kind === 'private') return note(words.say('pick.search'));
  const example = page === 'country' ? words.country('DE') : 'wikipedia';
  return note(...hint('pick.type', `subscribe ${example}`));
}

/** Where nothing can be tapped each line is a command of its own, and several go in one. */
function typedPage(page: ListPage, ids: readonly string[], { words, hint }: CommandContext): MessageDocument {
  const several = ids.slice(0, 3).join(' ').toLowerCase();
  const text = hint('pick.typed', `subscribe ${several}`);
  const buttons = ids.map((id) => button(labelOf(page, id, words), `subscribe ${id}`));
  return answer(words, [line(...text)], [...rows(buttons, 3), [button(words.say('button.back'), 'subscribe')]]);
}

/** The language's own country, then what is cut off right now: most people come because of it. */
async function offered(
  page: ListPage,
  { words, known, now }: CommandContext,
  can: PickerCapabilities,
): Promise<string[]> {
  const open = newestFirst(await can.world.present([{ country: ANY, service: ANY }], 'early', now));
  if (page === 'country') {
    const cut = open.flatMap((one) => one.country ?? []);
    const homes = known.words.homes(words.lang);
    return bounded([...homes.slice(0, 1), ...cut, ...homes, ...USUAL_COUNTRIES]);
  }
  const services = new Set([NETWORK, ...can.catalogue.services.map((service) => service.id)]);
  return bounded([...open.flatMap((one) => one.service ?? []), ...USUAL.services]).filter((id) => services.has(id));
}

const bounded = (ids: readonly string[]): string[] => [...new Set(ids)].slice(0, MAX_BUTTONS);

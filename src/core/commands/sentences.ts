import { ANY } from '../model/chat.ts';
import { NETWORK } from '../model/incident.ts';
import type { Block, Button, MessageDocument } from '../model/message.ts';
import { foreign } from '../render/plain.ts';
import { isCut } from '../state/fold.ts';
import { answer, button, code, followedHere, line, list, type Matcher, note, problemsAnswer, rows } from './answer.ts';
import { BUTTONS, type Intent, INTENTS } from './asking/intents.ts';
import type { About, Asked, IntentName, Offer } from './asking/interpret.ts';
import { nightOf } from './asking/times.ts';
import { clocksNow } from './asking/zones.ts';
import type { Can } from './capabilities.ts';
import type { CommandContext } from './command.ts';
import { USUAL_COUNTRIES, firstButtons } from './follow/pickers.ts';
import { namedList } from './follow/subscribe.ts';

/** What is said to a sentence that is no command by itself. */

type SentenceCapabilities = Pick<Can, 'world' | 'command' | 'subscriptions' | 'catalogue'>;

/** People who help in many languages, for nothing. */
const INDEPENDENT = ['accessnow.org/help', 'ssd.eff.org'];

/** Countries of a chat that one answer looks at, and those that are offered. */
const MAX_COUNTRIES = 6;
const MAX_NAMED = 8;
const CHANGING = new Set(['subscribe', 'unsubscribe', 'mute']);
export function createSentences(can: SentenceCapabilities) {
  async function followed(context: CommandContext): Promise<Matcher[]> {
    const { thread, chat } = await followedHere(context, can.subscriptions);
    return [...thread, ...chat];
  }

  /** Where it is meant: what was named; else where the chat follows something; else where most live who speak so, which is said (`lines`). */
  async function places(
    named: readonly string[],
    context: CommandContext,
  ): Promise<{ countries: string[]; lines: Block[] }> {
    const here = named.length > 0 ? named : (await followed(context)).map(({ country }) => country);
    const countries = [...new Set(here)].filter((one) => one !== ANY).slice(0, MAX_COUNTRIES);
    const [home] = context.known.words.in(context.chat.lang, 'assumed');
    if (countries.length > 0 || home === undefined) return { countries, lines: [] };
    const { words } = context;
    return { countries: [home], lines: [line(words.say('ask.assumed', { country: words.country(home) }))] };
  }

  /** Which country is meant, as buttons. */
  function where(
    command: string,
    rest: string,
    { words, hint }: CommandContext,
  ): { lines: Block[]; buttons: Button[][] } {
    const likely = USUAL_COUNTRIES.slice(0, MAX_COUNTRIES);
    const typed = (country: string): string => `${command} ${country} ${rest}`.trim();
    const buttons = likely.map((id) => button(words.country(id), typed(id)));
    return { lines: [line(...hint('ask.where', typed(words.country(likely[0]!))))], buttons: rows(buttons, 3) };
  }

  /** How it stands with services, in places that may not have been named: then wherever they are cut off, and the question which country is meant. */
  async function status(named: readonly string[], rest: string, context: CommandContext): Promise<MessageDocument[]> {
    const { countries, lines } = await places(named, context);
    const [first, ...others] = await can
      .command('status')
      .run({ ...context, args: [...countries, rest].join(' ').trim() });
    if (!first) return [];
    const asked = countries.length > 0 ? { lines: [], buttons: [] } : where('status', rest, context);
    const document = {
      ...first,
      blocks: [...lines, ...first.blocks, ...asked.lines],
      buttons: [...first.buttons, ...asked.buttons],
    };
    return [document, ...others];
  }

  async function intent(name: IntentName, about: About, context: CommandContext): Promise<MessageDocument[]> {
    const { words } = context;
    const table = INTENTS[name] ?? {};
    const isAbout = table.shows !== undefined || name === 'alternatives';
    if (isAbout && about.lost !== null && about.countries.length === 0) return [unknownPlace(about.lost, context)];
    if (table.thing && about.strange !== null && about.services.length + about.countries.length === 0)
      return [unknownThing(about.strange, context)];
    if (name === 'clock') return [await clock(about, context)];
    if (name === 'alternatives') return [await alternatives(about, context)];
    if (name === 'language' && about.lang) return [inLanguage(about.lang, context)];
    if (name === 'overview' && about.services.every((one) => one === NETWORK))
      return await can.command('history').run({ ...context, args: `${NETWORK} 7` });
    const { also = [], shows } = table;
    const here = shows?.includes(NETWORK) && about.countries.length === 0 ? await followed(context) : [];
    const own = here.map(({ service }) => service).filter((one) => one !== ANY);
    const usual = about.services.length > 0 ? [] : own.length > 0 ? own : (shows ?? []);
    const services = [...new Set([...about.services, ...also, ...usual])];
    const [state, ...pictures] =
      shows || name === 'overview'
        ? await status(about.countries, [...about.regions, ...services].join(' '), context)
        : [];
    // Of what is known to be cut nobody says that no source tells it.
    const isSilent = name === 'since' || name === 'overview' || (name === 'rumour' && (await isTold(about, context)));
    const mine = table.followed ? await followed(context) : [];
    const asked = name === 'shutdowns' && (await places(about.countries, context)).countries.length === 0;
    const blocks = [
      ...(isSilent ? [] : [line(words.say(`intent.${name}`))]),
      ...(table.example ? [line(words.say('ask.try', { example: words.say('ask.example') }))] : []),
      ...(mine.length > 0 ? [line(words.say('subscriptions.head')), namedList(mine, context)] : []),
      ...(about.strange?.includes('.') ? strangeLines(about, context) : []),
      ...(state?.blocks ?? []),
      ...(table.help ? [line(words.say('ask.independent', { links: words.list(INDEPENDENT) }))] : []),
      ...(asked ? where('subscribe', NETWORK, context).lines : []),
    ];
    const pressed = name === 'unfollow' ? await endings(about, context) : await buttonsOf(table, about, context);
    const more = [
      ...(table.first ? [firstButtons(context)] : []),
      ...(asked ? where('subscribe', NETWORK, context).buttons : []),
      ...(pressed.length > 0 ? [] : (state?.buttons ?? [])),
    ];
    return [withButtons(blocks, pressed, more, context), ...pictures];
  }

  /** Where nothing can be pressed, it is told what to type. Hours are told with the zone where none was chosen. */
  function withButtons(
    blocks: Block[],
    own: readonly Button[],
    more: Button[][],
    context: CommandContext,
  ): MessageDocument {
    const { words, chat, hint, hasButtons, typed } = context;
    const commands = own.flatMap(({ press }) => ('command' in press ? [press.command] : []));
    const isTimed = commands.some((one) => /\d\d:\d\d/u.test(one)) && chat.timeZone === 'UTC';
    const zone = isTimed ? [line(words.say('first.zone')), note(...hint('first.zoneOther', 'timezone Berlin'))] : [];
    const list_ =
      hasButtons || own.length === 0
        ? []
        : [list(own.map((one, i) => [`${one.label}${words.dash}`, code(typed(commands[i]!))]))];
    return answer(words, [...blocks, ...list_, ...zone], [...rows(own, 2), ...more]);
  }

  async function isTold({ countries, services }: About, { now }: CommandContext): Promise<boolean> {
    const things = services.length > 0 ? services : [ANY];
    const matchers = countries.flatMap((country) => things.map((service) => ({ country, service })));
    if (matchers.length === 0) return false;
    const { states } = await can.world.of({ matchers }, now);
    // Of a named service the record tells, too; of a whole country it always tells of something.
    return states.some((one) => isCut(one) && (services.length > 0 || one.incident !== null));
  }

  async function buttonsOf(
    { buttons = [], followed: isOwn }: Intent,
    about: About,
    context: CommandContext,
  ): Promise<Button[]> {
    const { words } = context;
    // What is about the chat is about what it follows, whatever else is named.
    const named = isOwn ? [] : about.countries;
    const places_ = (await places(named, context)).countries.join(' ');
    const what = `${places_} ${about.services.join(' ')}`.trim();
    // Who was woken names the hour of that.
    const [clock, end] = isOwn && about.clocks.length < 2 ? [] : about.clocks;
    return buttons.flatMap((one) => {
      const [label, command] = BUTTONS[one]!;
      if (command.includes('{where}') && places_ === '') return [];
      if (command.includes('{about}') && what === '') return [];
      if (one === 'night' && clock !== undefined) {
        const [from, to] = nightOf(clock, end);
        return [button(words.say('settings.quiet.hours', { from, to }), `settings quiet ${from}-${to}`)];
      }
      return [button(words.say(label), command.replace('{about}', what).replace('{where}', places_))];
    });
  }

  /** Of several, each may end by itself. */
  async function endings({ countries, services }: About, context: CommandContext): Promise<Button[]> {
    const { words } = context;
    const here = new Set((await followed(context)).map(({ country }) => country));
    // "Cuba, please, and no more of Venezuela."
    const isNew = (id: string): boolean => here.size > 0 && !here.has(id) && !here.has(ANY);
    const ofCountry = (id: string): Button =>
      isNew(id)
        ? button(`➕ ${words.country(id)}`, `subscribe ${id}`)
        : button(`✖ ${words.country(id)}`, `unsubscribe ${id}`);
    return [
      ...(services.length > 0 ? [] : countries).map(ofCountry),
      ...services.map((id) => button(`✖ ${words.service(id)}`, `unsubscribe ${[...countries, id].join(' ')}`)),
    ];
  }

  const strangeLines = ({ strange }: Pick<About, 'strange'>, { words }: CommandContext): Block[] =>
    strange === null ? [] : [line(words.say('ask.host', { host: foreign(strange, 80) }))];

  const unknownThing = (strange: string, context: CommandContext): MessageDocument =>
    answer(context.words, [...strangeLines({ strange }, context), line(...context.hint('error.help', 'help'))]);

  const unknownPlace = (word: string, { words }: CommandContext): MessageDocument =>
    answer(words, [line(words.say('ask.place', { word: foreign(word, 40) }))]);

  /** "Shall I write Turkish?", in Turkish. */
  function inLanguage(lang: string, context: CommandContext): MessageDocument {
    const words = context.wordsOf(lang);
    return withButtons(
      [line(words.say('intent.language'))],
      [button(words.say('button.yes'), `language ${lang}`)],
      [],
      { ...context, words },
    );
  }

  /** A time of a day, or two, that nobody asked for. */
  async function clock({ clocks, said }: About, context: CommandContext): Promise<MessageDocument> {
    const { words, now, known } = context;
    const [from, to] = clocks;
    const hours = button(words.say('button.hours'), 'settings quiet');
    if (from === undefined)
      return withButtons([line(words.say('intent.clock', { time: foreign(said, 40) }))], [hours], [], context);
    if (to !== undefined) {
      const both = button(words.say('settings.quiet.hours', { from, to }), `settings quiet ${from}-${to}`);
      return withButtons([line(words.say('intent.night'))], [both], [], context);
    }
    const zones = clocksNow(from, now, await followed(context), words.lang, known).slice(0, 2);
    const buttons = [
      ...zones.map((zone) => button(words.say('button.clockHere', { time: from, zone }), `timezone ${zone}`)),
      button(words.say('button.quietUntil', { time: from }), `mute all until ${from}`),
      button(words.say('button.digestAt', { time: from }), `settings digest daily ${from}`),
    ];
    return withButtons([line(words.say('intent.clock', { time: from }))], buttons, [], context);
  }

  /** Messengers that are not known to be cut off, and those that are: there, and where most live who speak so. */
  async function alternatives(about: About, context: CommandContext): Promise<MessageDocument> {
    const { words, now, known } = context;
    const { countries, lines } = await places(about.countries, context);
    const both = [...new Set([...countries, ...known.words.in(context.chat.lang, 'assumed')])].slice(0, MAX_COUNTRIES);
    const messengers = can.catalogue.services.filter(({ category }) => category === 'messenger').map(({ id }) => id);
    const blocks: Block[] = [...lines];
    if (about.services.length > 0)
      blocks.push(...((await status(both, about.services.join(' '), context))[0]?.blocks ?? []));
    for (const id of both) {
      const always = [...messengers, NETWORK].map((service) => ({ country: id, service }));
      const { states } = await can.world.of({ matchers: always, always }, now);
      const cut = new Set(states.filter(isCut).map(({ service }) => service));
      const country = words.country(id);
      const say = (key: 'ask.notCut' | 'ask.cut', isIn: boolean): Block[] => {
        const some = messengers
          .filter((one) => cut.has(one) === isIn)
          .slice(0, MAX_NAMED)
          .map((one) => words.service(one));
        return some.length > 0 ? [line(words.say(key, { country, services: words.list(some) }))] : [];
      };
      blocks.push(
        ...(cut.has(NETWORK) ? [line(words.say('ask.networkCut', { country }))] : say('ask.notCut', false)),
        ...say('ask.cut', true),
      );
    }
    const asked = both.length === 0 ? where('status', '', context) : { lines: [], buttons: [] };
    return answer(words, [...blocks, line(words.say('intent.alternatives')), ...asked.lines], asked.buttons);
  }

  const offered = (offers: readonly Offer[], blocks: Block[], context: CommandContext): MessageDocument =>
    withButtons(
      blocks,
      offers.map(({ name, command }) => button(context.words.say(`want.${name}`), command)),
      [],
      context,
    );

  async function told(asked: Asked, context: CommandContext): Promise<MessageDocument[]> {
    const { words, hint } = context;
    switch (asked.kind) {
      case 'command': {
        const [first, ...others] = asked.open
          ? await status([], asked.args, context)
          : await can.command(asked.name).run({ ...context, args: asked.args });
        return first ? [{ ...first, blocks: [...strangeLines(asked, context), ...first.blocks] }, ...others] : [];
      }
      case 'which':
        return [problemsAnswer(context, asked.name, asked.parsed, CHANGING.has(asked.name))];
      case 'host':
        return [unknownThing(asked.host, context)];
      case 'place':
        return [unknownPlace(asked.word, context)];
      case 'intent':
        return await intent(asked.name, asked.about, context);
      case 'offer':
        return [offered(asked.offers, [line(words.say('ask.meant'))], context)];
      case 'none': {
        const example = line(words.say('ask.try', { example: words.say('ask.example') }));
        const blocks = [line(words.say('ask.none')), example, line(...hint('error.help', 'help'))];
        return [answer(words, blocks, [[button(words.say('button.help'), 'help')]])];
      }
    }
  }

  return {
    async answer(asked: Asked, context: CommandContext): Promise<MessageDocument[]> {
      const [first, ...others] = await told(asked, context);
      const other = 'other' in asked ? asked.other : null;
      if (!first || !other?.length) return first ? [first, ...others] : [];
      const { blocks, buttons } = offered(other, [...first.blocks], context);
      return [{ ...first, blocks, buttons: [...first.buttons, ...buttons] }, ...others];
    },
  };
}

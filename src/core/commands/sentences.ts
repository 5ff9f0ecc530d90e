import { ANY } from '../model/chat.ts';
import { NETWORK } from '../model/incident.ts';
import type { Block, Button, MessageDocument } from '../model/message.ts';
import { foreign, oneLine } from '../render/plain.ts';
import { countriesAt } from '../state/disputed.ts';
import { isCut } from '../state/fold.ts';
import { answer, button, code, followedHere, line, list, type Matcher, note, problemsAnswer, rows } from './answer.ts';
import { BUTTONS, type Intent, INTENTS } from './asking/intents.ts';
import type { About, Asked, IntentName, Offer } from './asking/interpret.ts';
import { nightOf } from './asking/times.ts';
import { keyOf, saysAny } from './asking/vocabulary.ts';
import { clocksNow, findZone, zoneAmong, zoneLabel } from './asking/zones.ts';
import type { Can } from './capabilities.ts';
import type { CommandContext } from './command.ts';
import { USUAL_COUNTRIES, firstButtons } from './follow/pickers.ts';
import { namedList } from './follow/subscribe.ts';
import { lastDay, MAX_DAYS } from './look/history.ts';
import { muteButtons } from './settings/mute.ts';
import { zoneQuestion } from './settings/timezone.ts';

/** What is said to a sentence that is no command by itself. */

type SentenceCapabilities = Pick<Can, 'world' | 'command' | 'subscriptions' | 'catalogue' | 'targets' | 'gazetteer'>;

/** People who help in many languages, for nothing. */
const INDEPENDENT = ['accessnow.org/help', 'ssd.eff.org'];

/** Countries of a chat that one answer looks at, and those that are offered. */
const MAX_COUNTRIES = 6;
const MAX_NAMED = 8;
const MAX_LABEL = 40;
/** Buttons and offers that say what they are about: it may be less, or more, than was meant. */
const NAMING = new Set(['cuts', 'only', 'followThis', 'unfollow', 'status', 'past']);
/** Of "help ?unfollow VE", "status VE". */
const namesOf = (command: string): string => command.replace(/^(?:help )?\S+/u, '').replace(/\d\d:\d\d/gu, '');
/** Something is followed here, and it is not this. */
const isNewHere = (country: string, mine: readonly Matcher[]): boolean =>
  mine.length > 0 && !mine.some((one) => one.country === country || one.country === ANY);
const MESSENGER = 'messenger';
/** How it stands says enough. */
const TEXTLESS = new Set<IntentName>(['status', 'since', 'overview']);
type Said = Exclude<IntentName, 'status' | 'since' | 'overview' | 'timezone' | 'forget'>;
const NOTHING = { countries: [], services: [] };
/** "… How it stands:" without that, where nothing follows, or another says it. */
const closed = (text: string): string => text.replace(/(?<=^|[.!?。！？؟])[^.!?。！？؟]*[:：]\s*$/u, '').trim();
/** One of those that do the same. */
const onceEach = (buttons: readonly Button[]): Button[] => [
  ...new Map(buttons.map((one) => [JSON.stringify(one.press), one])).values(),
];
/** Kinds that change what is followed. */
const CHANGING_WHAT = new Set<IntentName>(['unfollow', 'follow', 'only', 'stop', 'shutdowns']);
/** What else is followed would end. */
const NARROWING = new Set<IntentName>(['only', 'shutdowns']);
/** Answered by a command, or like one. */
const APART = new Set<string>(['past', 'alternatives', 'overview', 'timezone', 'forget', 'language', 'clock']);
/** All that two of them tell and offer. */
const withBoth = (first: Intent, second: Intent): Intent => ({
  ...(second.tells || first.shows ? second : {}),
  ...first,
  also: [...new Set([...(first.also ?? []), ...(second.also ?? [])])],
  buttons: [...new Set([...(first.buttons ?? []), ...(second.buttons ?? [])])],
});
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
    said = '',
  ): Promise<{ countries: string[]; lines: Block[] }> {
    const { words, known, chat } = context;
    // "In which countries is it blocked?"
    if (named.length === 0 && saysAny(said, known.list('anywhere'))) return { countries: [], lines: [] };
    const here = named.length > 0 ? named : (await followed(context)).map(({ country }) => country);
    const countries = [...new Set(here)].filter((one) => one !== ANY).slice(0, MAX_COUNTRIES);
    const [home] = known.words.in(chat.lang, 'assumed');
    // "When is it back with them?" may be meant of others.
    const isOurs = named.length > 0 || !saysAny(said, known.list('them'));
    const assumed = countries.length > 0 || home === undefined ? countries : [home];
    if (assumed.length === 0 || (countries.length > 0 && isOurs)) return { countries, lines: [] };
    const country = words.list(assumed.map((id) => words.country(id)));
    return { countries: assumed, lines: [line(words.say('ask.assumed', { country }))] };
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
  async function status(
    named: readonly string[],
    rest: string,
    context: CommandContext,
    said = '',
  ): Promise<MessageDocument[]> {
    const { countries, lines } = await places(named, context, said);
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

  /** `also`: what may be meant as well. */
  async function intent(
    wanted: IntentName,
    given: About,
    context: CommandContext,
    second?: IntentName,
  ): Promise<MessageDocument[]> {
    const { words } = context;
    const mine = await followed(context);
    if (given.changes.length > 0 && CHANGING_WHAT.has(wanted)) {
      const changed = endings(given, false, mine, context);
      const countries = given.changes.flatMap(([id, isAdded]) => (!isAdded && isNewHere(id, mine) ? [id] : []));
      const notOurs = countries.length > 0 ? notFollowed({ countries, services: [] }, mine, context) : [];
      return [
        withButtons([...notOurs, ...(changed.length > 0 ? [line(words.say('ask.change'))] : [])], changed, [], context),
      ];
    }
    // "Take Venezuela in, but only X", "Syria too, if it is all off": nothing else ends, unless that is chosen.
    const isNew = NARROWING.has(wanted) && mine.length > 0 && given.countries.some((id) => isNewHere(id, mine));
    const about = isNew && wanted === 'shutdowns' ? { ...given, services: [NETWORK] } : given;
    const isAdded = isNew && (wanted === 'shutdowns' || saysAny(given.said, context.known.list('add')));
    const name = isAdded ? 'follow' : wanted;
    // "Only when they touch Signal": that, or shutdowns.
    const isEither = name === 'shutdowns' && about.services.some((one) => one !== NETWORK);
    const chosen = isAdded
      ? ['followThis', 'only']
      : isNew
        ? ['only', 'followThis']
        : isEither
          ? ['only', 'cuts']
          : null;
    const own = chosen ? { ...INTENTS[name], buttons: chosen } : (INTENTS[name] ?? {});
    // Of a named service nothing is asked about us.
    const isOfUs = own.besides !== undefined && about.services.length === 0;
    const isUnwatched = own.shows !== undefined && saysAny(about.said, context.known.list('unwatched'));
    const also = second ?? (isOfUs ? (own.besides as IntentName) : isUnwatched ? 'beyond' : undefined);
    const table = withBoth(own, (also && INTENTS[also]) || {});
    const isAbout = table.shows !== undefined || name === 'alternatives';
    // What is not watched is not watched there either.
    if (isAbout && !(own.named && isUnwatched) && about.lost !== null && about.countries.length === 0)
      return [unknownPlace(about.lost, context)];
    if (table.thing && about.strange !== null && about.services.length + about.countries.length === 0)
      return [unknownThing(about.strange, context)];
    if (name === 'clock') return [await clock(about, context)];
    if (name === 'timezone') return [timezone(about, mine, context)];
    if (name === 'forget') return await can.command('forget').run({ ...context, args: '' });
    if (name === 'past') return await past(about, context);
    if (name === 'alternatives') return [await alternatives(about, context)];
    if (name === 'language' && about.lang) return [inLanguage(about.lang, context)];
    if (name === 'overview' && about.services.every((one) => one === NETWORK))
      return await can.command('history').run({ ...context, args: `${NETWORK} 7` });
    // How it stands with a country is all of it, where that was asked first.
    const shows = name === 'status' && about.countries.length > 0 ? [] : table.shows;
    const here = shows?.includes(NETWORK) && about.countries.length === 0 ? mine : [];
    const followedHere_ = here.map(({ service }) => service).filter((one) => one !== ANY);
    const usual = about.services.length > 0 ? [] : followedHere_.length > 0 ? followedHere_ : (shows ?? []);
    const services = [...new Set([...about.services, ...(table.also ?? []), ...usual])];
    const isNamed = about.countries.length + about.services.length > 0;
    const [state, ...pictures] =
      (shows && !isOfUs && (isNamed || !table.named)) || name === 'overview'
        ? await status(
            about.countries,
            [...about.regions, ...about.networks, ...services].join(' '),
            context,
            about.said,
          )
        : [];
    // Of what is known to be cut nobody says that no source tells it.
    const isSilent =
      (name === 'rumour' && (await isTold(about, context))) ||
      (name === 'whitelist' && about.services.some((one) => one !== NETWORK));
    const ends = name === 'unfollow' || table.followed ? endings(about, name === 'unfollow', mine, context) : [];
    const isNotOurs = name === 'unfollow' && ends.length === 0;
    const told = state?.blocks ?? [];
    const isFirst = name === 'status' && also !== undefined && !INTENTS[also]?.shows;
    const isExchange = isEither || (name === 'unfollow' && ends.some(({ label }) => label.startsWith('➕')));
    const texts = isNotOurs
      ? notFollowed(about, mine, context)
      : isExchange
        ? [line(words.say('ask.change'))]
        : [isSilent ? null : name, also && INTENTS[also]?.tells ? also : null]
            .flatMap((one) => (one === null || TEXTLESS.has(one) ? [] : [words.say(`intent.${one as Said}`)]))
            .map((text, i, all) => (i === all.length - 1 && told.length > 0 && !isFirst ? text : closed(text)))
            .flatMap((text) => (text === '' ? [] : [line(text)]));
    const asked = name === 'shutdowns' && (await places(about.countries, context)).countries.length === 0;
    // Why it rang, if it was for anything.
    const reasons = name === 'woken' && mine.length > 0 ? await lastDay(mine, context, can.world) : [];
    const blocks = [
      ...(isFirst ? [...told, ...texts] : texts),
      ...reasons,
      ...(table.example ? [line(words.say('ask.try', { example: words.say('ask.example') }))] : []),
      ...(table.followed && mine.length > 0 ? [line(words.say('subscriptions.head')), namedList(mine, context)] : []),
      ...(about.strange !== null && /\.|^\p{Lu}/u.test(about.strange) ? strangeLines(about, context) : []),
      ...(isFirst ? [] : told),
      ...(table.help ? [line(words.say('ask.independent', { links: words.list(INDEPENDENT) }))] : []),
      ...(asked ? where('subscribe', NETWORK, context).lines : []),
      ...((table.buttons?.includes('night') || name === 'unfollow') &&
      saysAny(about.said, context.known.list('weekend'))
        ? [note(words.say('ask.nightly'))]
        : []),
    ];
    // Who complains of one country may end it alone, where it is followed.
    const pressed = name === 'unfollow' ? ends : [...ends, ...(await buttonsOf(table, about, context))];
    // "Only about Ukraine, and by day alone."
    if (pressed.length > 0 && !table.buttons?.includes('night') && saysAny(about.said, context.known.list('daytime')))
      pressed.push(...(await buttonsOf(INTENTS.night!, about, context)));
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
    const isTimed = /^(?:settings|mute) .*\d\d:\d\d/u.test(commands[0] ?? '') && chat.timeZone === 'UTC';
    const zone = isTimed ? [line(words.say('first.zone')), note(...hint('first.zoneOther', 'timezone Berlin'))] : [];
    const list_ =
      hasButtons || own.length === 0
        ? []
        : [list(own.map((one, i) => [`${one.label}${words.dash}`, code(typed(commands[i]!))]))];
    return answer(words, [...blocks, ...list_, ...zone], [...rows(onceEach(own), 2), ...more]);
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
      if (one === 'pause') {
        const typed = [...named, ...(isOwn ? [] : about.services)].join(' ');
        const name = typed === '' ? '' : naming('', { countries: named, services: about.services }, context);
        return muteButtons({ typed: typed || 'all', name, time: about.time }, context);
      }
      if (one === 'night' && clock !== undefined) {
        const [from, to] = nightOf(clock, end);
        return [button(words.say('settings.quiet.hours', { from, to }), `settings quiet ${from}-${to}`)];
      }
      const own = isOwn ? NOTHING : one === 'cuts' ? { ...about, services: [] } : about;
      const said = NAMING.has(one) ? naming(words.say(label), own, context) : words.say(label);
      return [button(said, command.replace('{about}', what).replace('{where}', places_))];
    });
  }

  const notFollowed = (
    what: Pick<About, 'countries' | 'services'>,
    mine: readonly Matcher[],
    context: CommandContext,
  ): Block[] => [
    line(context.words.say('unsubscribe.not')),
    line(naming('', what, context)),
    line(context.words.say('subscriptions.head')),
    namedList(mine, context),
  ];

  /** "Only this: Venezuela, X"; names alone without a label. */
  function naming(
    label: string,
    { countries, services }: Pick<About, 'countries' | 'services'>,
    { words }: CommandContext,
  ): string {
    const names = [...countries.map((id) => words.country(id)), ...services.map((id) => words.service(id))];
    if (label === '') return words.list(names);
    return names.length === 0 ? label : oneLine(`${label}: ${words.list(names)}`, MAX_LABEL);
  }

  /** Of several, each may end by itself; "Cuba, please, and no more of Venezuela". */
  function endings(
    { countries, services, changes }: About,
    isAdding: boolean,
    mine: readonly Matcher[],
    { words }: CommandContext,
  ): Button[] {
    const isPart = isAdding && countries.some((id) => !isNewHere(id, mine));
    const each = changes.length > 0 ? changes : countries.map((id) => [id, isPart && isNewHere(id, mine)] as const);
    return [
      ...(services.length > 0 ? [] : each).flatMap(([id, isAdded]) => {
        if (isAdded !== isNewHere(id, mine)) return [];
        const [mark, order] = isAdded ? ['➕', 'subscribe'] : ['✖', 'unsubscribe'];
        return [button(`${mark} ${words.country(id)}`, `${order} ${id}`)];
      }),
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

  /** The zone that is named, or whose clock shows what is said; else it is asked for. */
  function timezone({ said, clocks }: About, mine: readonly Matcher[], context: CommandContext): MessageDocument {
    const { words, chat, now, known } = context;
    const named = zoneAmong(said, keyOf(said).split(' '), known);
    const likely = named ? [named] : clocks.length > 0 ? clocksNow(clocks[0]!, now, mine, words.lang, known) : [];
    const zones = likely.flatMap((one) => {
      const found = findZone(one, known);
      return 'zone' in found ? [found.zone] : [];
    });
    const question = zoneQuestion(mine, '', context);
    if (zones.length === 0) return answer(words, question.blocks, question.buttons);
    const time = words.dateTime(now, chat.timeZone, now);
    const buttons = zones.slice(0, 2).map((zone) => button(zoneLabel(zone, words.lang, now), `timezone ${zone}`));
    return withButtons([line(words.say('timezone.now', { zone: chat.timeZone, time }))], buttons, [], context);
  }

  /** All that the record has of it. */
  async function past({ countries, services }: About, context: CommandContext): Promise<MessageDocument[]> {
    const { words } = context;
    const there = (await places(countries, context)).countries;
    const args = [...there, ...services, MAX_DAYS].join(' ');
    const [first, ...others] = await can.command('history').run({ ...context, args });
    return first ? [{ ...first, blocks: [line(words.say('intent.past')), ...first.blocks] }, ...others] : [];
  }

  /** What can stand for what was named (else messengers), cut off and not known to be. */
  async function alternatives(about: About, context: CommandContext): Promise<MessageDocument> {
    const { words, now, known } = context;
    const { countries, lines } = await places(about.countries, context);
    // Whoever's blocks hold there.
    const ruling = about.regions.flatMap((id) => countriesAt(id, can.gazetteer?.disputed(id) ?? null));
    const both = [...new Set([...ruling.reverse(), ...countries])].slice(0, MAX_COUNTRIES);
    const { services } = can.catalogue;
    // "Facebook is gone, how do I talk to my daughter?"
    const isOfPeople = known.kin(keyOf(about.said).split(' '));
    const category = (!isOfPeople && services.find(({ id }) => id === about.services[0])?.category) || MESSENGER;
    const alike = services.filter((one) => one.category === category && !one.retired);
    const blocks: Block[] = [...lines];
    if (about.services.length > 0)
      blocks.push(...((await status(both, [...about.regions, ...about.services].join(' '), context))[0]?.blocks ?? []));
    for (const id of both) {
      const always = [...alike.map((one) => one.id), NETWORK].map((service) => ({ country: id, service }));
      const { states } = await can.world.of({ matchers: always, always }, now);
      const cut = new Set(states.filter(isCut).map(({ service }) => service));
      const country = words.country(id);
      const say = (key: 'ask.notCut' | 'ask.cut', isIn: boolean): Block[] => {
        const some = alike
          .filter((one) => cut.has(one.id) === isIn && (isIn || !about.services.includes(one.id)))
          .slice(0, MAX_NAMED)
          .map(({ id: one, ofState }) =>
            ofState ? words.say('ask.ofState', { service: words.service(one) }) : words.service(one),
          );
        return some.length > 0 ? [line(words.say(key, { country, services: words.list(some) }))] : [];
      };
      blocks.push(
        ...(cut.has(NETWORK) ? [line(words.say('ask.networkCut', { country }))] : say('ask.notCut', false)),
        ...say('ask.cut', true),
      );
    }
    if (category === MESSENGER) blocks.push(line(words.say('intent.alternatives')));
    const asked = both.length === 0 ? where('status', '', context) : { lines: [], buttons: [] };
    return answer(words, [...blocks, ...asked.lines], asked.buttons);
  }

  const offered = (offers: readonly Offer[], blocks: Block[], context: CommandContext): MessageDocument =>
    withButtons(
      blocks,
      offers.map(({ name, command }) => {
        const label = context.words.say(`want.${name}`);
        const isNaming = INTENTS[name]?.shows || NAMING.has(name);
        return button(isNaming ? naming(label, can.targets.parse(namesOf(command)), context) : label, command);
      }),
      [],
      context,
    );

  /** Two wishes: what is answered by a document of its own comes behind. */
  async function both({ name, about, also }: Asked & { kind: 'intent' }, context: CommandContext) {
    const isApart = also !== undefined && (APART.has(name) || APART.has(also));
    const names = isApart && also === 'status' ? [also, name] : [name, also];
    const [first, ...others] = await intent(names[0]!, about, context, isApart ? undefined : also);
    const [second] = isApart ? await intent(names[1]!, about, context) : [];
    if (!first || !second) return first ? [first, ...others] : [];
    // What both say is said once.
    const said = new Set(first.blocks.map((one) => JSON.stringify(one)));
    const blocks = [...first.blocks, ...second.blocks.filter((one) => !said.has(JSON.stringify(one)))];
    const pressed = new Set(first.buttons.flat().map(({ press }) => JSON.stringify(press)));
    const isNew = ({ press }: Button): boolean => !pressed.has(JSON.stringify(press));
    const buttons = [...first.buttons, ...rows(second.buttons.flat().filter(isNew), 2)];
    return [{ ...first, blocks, buttons }, ...others];
  }

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
        return await both(asked, context);
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

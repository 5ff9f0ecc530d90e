import { ANY, type Silence } from '../../model/chat.ts';
import type { Block, Button, MessageDocument } from '../../model/message.ts';
import type { Translator } from '../../ports/translate.ts';
import { foreign, oneLine } from '../../render/plain.ts';
import { answer, button, code, line, list, nameOfMatcher, note, problemsAnswer, rows, wholeChat } from '../answer.ts';
import { aboutOf, matchersOf, splitIds } from '../asking/targets.ts';
import { splitTime } from '../asking/times.ts';
import type { Can } from '../capabilities.ts';
import type { Command, CommandContext } from '../command.ts';

const DEFAULT_MS = 8 * 3_600_000;
const MAX_SILENCES = 50;

type SilenceTarget = Pick<Silence, 'country' | 'service' | 'incidentId'>;

type MuteCapabilities = Pick<Can, 'silences' | 'incidents' | 'targets'>;

export const muteCommand = (can: MuteCapabilities): Command => ({
  name: 'mute',
  examples: ['mute ru for 8h', 'mute RU-whatsapp-3f9k for 3d', 'mute all until 18:00'],
  who: 'admins',
  async run(context) {
    const { words, chat, now, hint, typedAt } = context;
    if (context.args === '') return [usage(context)];
    const { what, until, bad } = splitTime(context.args, typedAt, chat.timeZone, context.known);
    if (bad !== null) {
      const said = line(words.say('mute.badTime', { time: foreign(bad, 40) }));
      const { countries, services } = can.targets.parse(context.args);
      const name = words.list([
        ...countries.map((id) => words.country(id)),
        ...services.map((id) => words.service(id)),
      ]);
      const typed = [...countries, ...services].join(' ');
      const buttons = typed === '' ? [] : muteButtons({ typed, name }, context);
      return [
        answer(
          words,
          buttons.length > 0 && context.hasButtons ? [said] : [said, ...usage(context).blocks],
          rows(buttons, 2),
        ),
      ];
    }
    const named = await silenceTargets(what, context, can, 'mute');
    if ('problem' in named) return [named.problem];
    const row = await context.row();
    const running = await can.silences.list(row.id, now);
    if (running.length + named.targets.length > MAX_SILENCES) {
      return [answer(words, [line(words.say('mute.tooMany', { most: MAX_SILENCES }))])];
    }
    const end = until ?? typedAt + DEFAULT_MS;
    if (end <= now)
      return [answer(words, [line(words.say('mute.over', { when: words.dateTime(end, chat.timeZone, now) }))])];
    // A shorter mute ends no longer one.
    const longer = named.targets.map((target) =>
      running.find((one) => typedSilence(one) === typedSilence(target) && one.until > end),
    );
    if (longer.every((one) => one !== undefined)) {
      const when = words.dateTime(Math.min(...longer.map((one) => one.until)), chat.timeZone, now);
      return [answer(words, [line('🔕 ', words.say('mute.longer', { when }))])];
    }
    for (const [i, target] of named.targets.entries())
      if (longer[i] === undefined) await can.silences.add({ chatId: row.id, ...target, until: end });
    context.changed();
    const name = words.list(named.targets.map((target) => nameOfSilence(target, words)));
    const when = words.dateTime(end, chat.timeZone, now);
    const undo = `unmute ${typedSilence(named.targets[0]!)}`;
    const blocks: Block[] = [line('🔕 ', words.say('mute.done', { what: oneLine(name, 400), when }))];
    blocks.push(...wholeChat(context));
    if (!context.hasButtons) blocks.push(note(...hint('mute.end', undo)));
    return [answer(words, blocks, [named.targets.length === 1 ? [button(words.say('button.unmute'), undo)] : []])];
  },
});

/** So long something is mostly to be quiet, ms. */
const USUAL_MS = [DEFAULT_MS, 7 * 86_400_000, 30 * 86_400_000];

/** "🔕 Russia: 7 days": what is typed, what it is called (empty: everything), and the time as it was said; else usual ones. */
export function muteButtons(
  { typed, name, time = '' }: { typed: string; name: string; time?: string },
  { words, chat, now, known }: CommandContext,
): Button[] {
  const labelled = (value: string): string =>
    oneLine(`🔕 ${name === '' ? value : words.say('text.named', { name, value })}`, 40);
  const { until } = splitTime(time, now, chat.timeZone, known);
  if (until === null)
    return USUAL_MS.map((ms) => button(labelled(words.duration(ms)), `mute ${typed} for ${ms / 3_600_000}h`));
  const when = words.dateTime(until, chat.timeZone, now);
  const label = time.startsWith('for ') ? words.duration(until - now) : words.say('button.quietUntil', { time: when });
  return [button(labelled(label), `mute ${typed} ${time}`)];
}

/** What to type. */
function usage({ words, typed }: CommandContext): MessageDocument {
  const [one, two, three] = ['mute ru for 8h', 'mute whatsapp for 3d', 'mute all until 18:00'].map((text) =>
    code(typed(text)),
  );
  return answer(words, [line(...words.rich('mute.usage', { one: one!, two: two!, three: three! }))]);
}

function nameOfSilence(target: SilenceTarget, words: Translator): string {
  if (target.incidentId !== null) {
    const about = aboutOf(target.incidentId);
    if (!about) return target.incidentId;
    return words.say('text.brackets', { text: nameOfMatcher(about, words), more: target.incidentId });
  }
  return nameOfMatcher({ country: target.country ?? ANY, service: target.service ?? ANY }, words);
}

const typedSilence = ({ country, service, incidentId }: SilenceTarget): string =>
  incidentId ?? ([country, service].filter((one) => one !== null).join(' ') || 'all');

/** What to mute or unmute: ids of incidents, countries, services, pairs, or everything. */
async function silenceTargets(
  what: string,
  context: CommandContext,
  can: Pick<MuteCapabilities, 'incidents' | 'targets'>,
  command: string,
): Promise<{ targets: SilenceTarget[] } | { problem: MessageDocument }> {
  const { words } = context;
  const { ids, rest } = splitIds(what, 20);
  const targets: SilenceTarget[] = [];
  const unknown: string[] = [];
  for (const id of ids) {
    if (await can.incidents.get(id)) targets.push({ country: null, service: null, incidentId: id });
    else unknown.push(id);
  }
  // "ru-google-play" looks like an id and is none.
  const parsed = can.targets.parse([rest, ...unknown].join(' '));
  if (parsed.problems.length > 0 && unknown.length > 0) {
    const id = code(oneLine(unknown[0]!, 60));
    return { problem: answer(words, [line(...words.rich('incident.none', { id }))]) };
  }
  if (parsed.problems.length > 0) return { problem: problemsAnswer(context, command, parsed, true) };
  for (const { country, service } of matchersOf(parsed)) {
    targets.push({
      country: country === ANY ? null : country,
      service: service === ANY ? null : service,
      incidentId: null,
    });
  }
  return targets.length > 0 ? { targets } : { problem: usage(context) };
}

const MAX_SHOWN = 10;

/** "🔕 Russia: WhatsApp until 18:00", each; the first ones. */
export const mutedTexts = (silences: readonly Silence[], { words, chat, now }: CommandContext): string[] =>
  silences.slice(0, MAX_SHOWN).map((silence) => {
    const when = words.dateTime(silence.until, chat.timeZone, now);
    return words.say('subscriptions.muted', { what: nameOfSilence(silence, words), when });
  });

const silenceList = (silences: readonly Silence[], context: CommandContext): Block =>
  list(mutedTexts(silences, context).map((text) => [text]));

export const unmuteCommand = (can: MuteCapabilities): Command => ({
  name: 'unmute',
  examples: ['unmute ru', 'unmute all'],
  who: 'admins',
  replaces: true,
  async run(context) {
    const { words, chat, now } = context;
    const running = chat.id === null ? [] : await can.silences.list(chat.id, now);
    if (chat.id === null || running.length === 0)
      return [answer(words, [line(words.say('unmute.none')), ...usage(context).blocks])];
    if (context.args === '') {
      const shown = running.slice(0, MAX_SHOWN);
      return [answer(words, [line(words.say('unmute.which')), silenceList(shown, context)], buttonsOf(shown, context))];
    }
    const named = await silenceTargets(context.args, context, can, 'unmute');
    if ('problem' in named) return [named.problem];
    // "all" ends every silence, not just the one about everything: nobody who types it wants to miss what is still muted.
    if (named.targets.some((one) => typedSilence(one) === 'all')) {
      await can.silences.removeAll(chat.id);
      context.changed();
      return [answer(words, [line('🔔 ', words.say('unmute.all')), ...wholeChat(context)])];
    }
    context.changed();
    const lines: Block[] = [];
    for (const target of named.targets) {
      let ended = await can.silences.remove(chat.id, target);
      // Who names what an incident is about means that as well.
      for (const one of running.filter((silence) => isAbout(silence, target)))
        ended += await can.silences.remove(chat.id, one);
      const what = oneLine(nameOfSilence(target, words), 100);
      lines.push(line(ended > 0 ? words.say('unmute.done', { what }) : words.say('unmute.not', { what })));
    }
    lines.push(...wholeChat(context));
    const isNamed = (one: Silence): boolean =>
      named.targets.some((target) => typedSilence(target) === typedSilence(one) || isAbout(one, target));
    const still = running.filter((one) => !isNamed(one)).slice(0, MAX_SHOWN);
    if (still.length > 0) lines.push(silenceList(still, context));
    const all = still.length > 1 ? [[button(`🔔 ${words.say('what.everything')}`, `unmute ${ANY}`)]] : [];
    return [answer(words, lines, [...buttonsOf(still, context), ...all])];
  },
});

const buttonsOf = (silences: readonly Silence[], { words }: CommandContext) =>
  silences.map((one) => [button(`🔔 ${nameOfSilence(one, words)}`, `unmute ${typedSilence(one)}`)]);

/** Is it a mute of one incident, about just this country and service (or either of them)? */
function isAbout({ incidentId }: Silence, { country, service }: SilenceTarget): boolean {
  const about = incidentId === null ? null : aboutOf(incidentId);
  if (about === null || (country === null && service === null)) return false;
  return (country === null || about.country === country) && (service === null || about.service === service);
}

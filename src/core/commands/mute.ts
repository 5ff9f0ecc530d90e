import { ANY, type Silence } from '../model/chat.ts';
import type { Block, MessageDocument } from '../model/message.ts';
import type { IncidentTable, SilenceTable } from '../ports/store.ts';
import type { Translator } from '../ports/translate.ts';
import { foreign } from '../render/foreign.ts';
import { oneLine } from '../render/plain.ts';
import type { Command, CommandContext } from './command.ts';
import { nameOfMatcher, problemsAnswer } from './describe.ts';
import { answer, button, code, line, list, note } from './document.ts';
import { aboutOf, splitIds } from './incident-id.ts';
import { matchersOf, type TargetIndex } from './targets.ts';
import { wholeChat } from './threads.ts';
import { splitTime } from './times.ts';

const DEFAULT_MS = 8 * 3_600_000;
const MAX_SILENCES = 50;

export type SilenceTarget = Pick<Silence, 'country' | 'service' | 'incidentId'>;

export interface MuteCapabilities {
  silences: Pick<SilenceTable, 'list' | 'add'>;
  incidents: Pick<IncidentTable, 'get'>;
  targets: TargetIndex;
}

export const muteCommand = (can: MuteCapabilities): Command => ({
  name: 'mute',
  aliases: ['silence', 'snooze'],
  examples: ['mute ru for 8h', 'mute RU-whatsapp-3f9k for 3d', 'mute all until 18:00'],
  who: 'admins',
  replaces: false,
  async run(context) {
    const { words, chat, now, typed, typedAt } = context;
    if (context.args === '') return [usage(context)];
    const { what, until, bad } = splitTime(context.args, typedAt, chat.timeZone);
    if (bad !== null)
      return [answer(words, [line(words.say('mute.badTime', { time: foreign(bad, 40) })), ...usage(context).blocks])];
    const named = await silenceTargets(what, context, can, 'mute');
    if ('problem' in named) return [named.problem];
    const row = await context.row();
    const running = await can.silences.list(row.id, now);
    if (running.length + named.targets.length > MAX_SILENCES) {
      return [answer(words, [line(words.say('mute.tooMany', { n: MAX_SILENCES }))])];
    }
    const end = until ?? typedAt + DEFAULT_MS;
    if (end <= now)
      return [answer(words, [line(words.say('mute.over', { when: words.dateTime(end, chat.timeZone, now) }))])];
    for (const target of named.targets) await can.silences.add({ chatId: row.id, ...target, until: end });
    context.changed();
    const name = words.list(named.targets.map((target) => nameOfSilence(target, words)));
    const when = words.dateTime(end, chat.timeZone, now);
    const undo = `unmute ${typedSilence(named.targets[0]!)}`;
    const blocks: Block[] = [line('🔕 ', words.say('mute.done', { what: oneLine(name, 400), when }))];
    blocks.push(...wholeChat(context));
    if (!context.hasButtons) blocks.push(note(...words.rich('mute.end', { command: code(typed(undo)) })));
    return [answer(words, blocks, [named.targets.length === 1 ? [button(words.say('button.unmute'), undo)] : []])];
  },
});

/** What to type. */
export function usage({ words, typed }: CommandContext): MessageDocument {
  const [one, two, three] = ['mute ru for 8h', 'mute whatsapp for 3d', 'mute all until 18:00'].map((text) =>
    code(typed(text)),
  );
  return answer(words, [line(...words.rich('mute.usage', { one: one!, two: two!, three: three! }))]);
}

export function nameOfSilence(target: SilenceTarget, words: Translator): string {
  if (target.incidentId !== null) {
    const about = aboutOf(target.incidentId);
    return about ? `${nameOfMatcher(about, words)} (${target.incidentId})` : target.incidentId;
  }
  return nameOfMatcher({ country: target.country ?? ANY, service: target.service ?? ANY }, words);
}

export const typedSilence = ({ country, service, incidentId }: SilenceTarget): string =>
  incidentId ?? ([country, service].filter((one) => one !== null).join(' ') || 'all');

/** What to mute or unmute: ids of incidents, countries, services, pairs, or everything. */
export async function silenceTargets(
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

export const silenceList = (silences: readonly Silence[], { words, chat, now }: CommandContext): Block =>
  list(
    silences.map((one) => [
      words.say('subscriptions.muted', {
        what: nameOfSilence(one, words),
        when: words.dateTime(one.until, chat.timeZone, now),
      }),
    ]),
  );

import { ANY, type Silence } from '../model/chat.ts';
import type { Block } from '../model/message.ts';
import type { IncidentTable, SilenceTable } from '../ports/store.ts';
import { oneLine } from '../render/plain.ts';
import type { Command, CommandContext } from './command.ts';
import { answer, button, line, rows } from './document.ts';
import { aboutOf } from './incident-id.ts';
import { nameOfSilence, type SilenceTarget, silenceList, silenceTargets, typedSilence, usage } from './mute.ts';
import type { TargetIndex } from './targets.ts';
import { wholeChat } from './threads.ts';

const MAX_SHOWN = 10;

export interface UnmuteCapabilities {
  silences: Pick<SilenceTable, 'list' | 'remove' | 'removeAll'>;
  incidents: Pick<IncidentTable, 'get'>;
  targets: TargetIndex;
}

export const unmuteCommand = (can: UnmuteCapabilities): Command => ({
  name: 'unmute',
  aliases: ['unsilence'],
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
    const everything = named.targets.some(
      (one) => one.incidentId === null && one.country === null && one.service === null,
    );
    if (everything) {
      const n = await can.silences.removeAll(chat.id);
      context.changed();
      return [answer(words, [line('🔔 ', words.say('unmute.all', { n })), ...wholeChat(context)])];
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
  rows(
    silences.map((one) => button(`🔔 ${nameOfSilence(one, words)}`, `unmute ${typedSilence(one)}`)),
    1,
  );

/** Is it a mute of one incident, about just this country and service (or either of them)? */
function isAbout({ incidentId }: Silence, { country, service }: SilenceTarget): boolean {
  const about = incidentId === null ? null : aboutOf(incidentId);
  if (about === null || (country === null && service === null)) return false;
  return (country === null || about.country === country) && (service === null || about.service === service);
}

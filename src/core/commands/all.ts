import type { BaselineEntry, Catalogue } from '../model/catalogue.ts';
import type { Ids, Log } from '../ports/runtime.ts';
import type { Forgettable } from '../ports/state.ts';
import type { Store } from '../ports/store.ts';
import type { Translators } from '../ports/translate.ts';
import type { Spell } from '../timeline.ts';
import type { TargetIndex } from './asking/targets.ts';
import type { Vocabulary } from './asking/vocabulary.ts';
import type { Command, CommandContext } from './command.ts';
import type { Home } from './context.ts';
import type { Picks } from './follow/pickers.ts';
import { startCommand } from './follow/start.ts';
import { subscribeCommand } from './follow/subscribe.ts';
import { subscriptionsCommand, unsubscribeCommand } from './follow/subscriptions.ts';
import { type BotHealth, pingCommand } from './look/health.ts';
import { aboutCommand, helpCommand } from './look/help.ts';
import { historyCommand } from './look/history.ts';
import { evidenceCommand, incidentCommand } from './look/incident.ts';
import { createLately, createLifted } from './look/known.ts';
import { statusCommand } from './look/status.ts';
import { announceCommand, retractCommand, sourcesCommand, statsCommand } from './operators.ts';
import { boardCommand, channelCommand } from './settings/channel-and-board.ts';
import { languageCommand, levelCommand } from './settings/language-and-level.ts';
import { muteCommand, unmuteCommand } from './settings/mute.ts';
import { exportCommand, forgetCommand } from './settings/own-data.ts';
import { type AccountName, linkCommand, unlinkCommand } from './settings/pairs.ts';
import { settingsCommand } from './settings/settings.ts';
import { timezoneCommand } from './settings/timezone.ts';

interface Capabilities {
  store: Pick<
    Store,
    'incidents' | 'reports' | 'subscriptions' | 'silences' | 'chats' | 'links' | 'notices' | 'boards'
  > &
    Partial<Pick<Store, 'measurements'>>;
  catalogue: Catalogue;
  /** Long-standing blocks by the public record; absent = none. */
  baseline?: readonly BaselineEntry[];
  targets: TargetIndex;
  known: Vocabulary;
  translators: Translators;
  health(): Promise<BotHealth>;
  /** When this bot looked at all; absent = that is not known. */
  watched?(): Promise<readonly Spell[]>;
  log: Log;
  retract(id: string, because: string): Promise<boolean>;
  stopAgent(id: string, stopped: boolean): Promise<boolean>;
  release?(id: string): Promise<number | null>;
  isOperator(context: CommandContext): boolean;
  ids: Ids;
  cache(namespace: string): Forgettable;
  picks: Picks;
  accounts?(): Promise<AccountName[]>;
  account(id: string): Pick<Home, 'service'> | null;
  wake?(): void;
}

/** The register of commands, in the order of menus and help; each is handed no more than it needs. */
export function createCommands(can: Capabilities): readonly Command[] {
  const { incidents, reports, subscriptions, silences, chats, measurements } = can.store;
  const { catalogue, targets, translators, health } = can;
  const baseline = can.baseline ?? [];
  const { picks } = can;
  const lifted = createLifted(incidents);
  const categories = new Map(catalogue.services.map(({ id, category }) => [id, category]));
  const categoryOf = (service: string): string | null => categories.get(service) ?? null;
  const watched = async () => (await can.watched?.()) ?? [];
  const drawn = { reports, baseline, lifted, watched, log: can.log };
  const commands: Command[] = [
    startCommand({ incidents, subscriptions, catalogue, targets, baseline, lifted, picks, health }),
    subscribeCommand({ incidents, subscriptions, catalogue, targets, baseline, lifted, picks }),
    unsubscribeCommand({ subscriptions, silences, targets, translators, store: can.store }),
    subscriptionsCommand({ subscriptions, silences, translators, store: can.store }),
    statusCommand({
      ...drawn,
      incidents,
      subscriptions,
      targets,
      health,
      ...(measurements ? { lately: createLately(measurements) } : {}),
    }),
    incidentCommand({ incidents, reports, targets, categoryOf }),
    evidenceCommand({ incidents, reports, targets }),
    historyCommand({ ...drawn, incidents, subscriptions, targets, health }),
    muteCommand({ silences, incidents, targets }),
    unmuteCommand({ silences, incidents, targets }),
    settingsCommand({
      known: can.known,
      translators,
      store: can.store,
      other: (name) => commands.find((command) => command.name === name)!,
    }),
    levelCommand({ chats, incidents, subscriptions }),
    languageCommand({ chats, translators }),
    timezoneCommand({ chats, incidents, subscriptions, asked: can.cache('place') }),
    helpCommand({ commands: () => commands, isOperator: can.isOperator }),
    aboutCommand(),
    pingCommand({ health }),
    linkCommand({
      store: can.store,
      ids: can.ids,
      codes: can.cache('link'),
      accounts: can.accounts ?? (async () => []),
      baseline,
      serviceOf: (accountId) => can.account(accountId)?.service ?? null,
    }),
    unlinkCommand({ store: can.store, ids: can.ids }),
    boardCommand({ boards: can.store.boards }),
    exportCommand({ chats }),
    forgetCommand({ store: can.store, ids: can.ids }),
    channelCommand(),
    sourcesCommand({ health, stopAgent: can.stopAgent, ...(can.release ? { release: can.release } : {}) }),
    retractCommand({ retract: can.retract }),
    announceCommand({ store: can.store, ids: can.ids, drafts: can.cache('announce'), wake: () => can.wake?.() }),
    statsCommand({ chats }),
  ];
  return commands;
}

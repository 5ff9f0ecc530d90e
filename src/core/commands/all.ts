import type { MenuEntry } from '../ports/chat-adapter.ts';
import type { Translators } from '../ports/translate.ts';
import { createKnowledge, createWorld } from '../state/world.ts';
import type { TargetIndex } from './asking/targets.ts';
import { vocabularyOf } from './asking/vocabulary.ts';
import type { Can } from './capabilities.ts';
import type { Command, CommandContext } from './command.ts';
import type { RouterDeps } from './context.ts';
import { startCommand, subscribeCommand } from './follow/subscribe.ts';
import { subscriptionsCommand, unsubscribeCommand } from './follow/subscriptions.ts';
import { familyCommand } from './look/family.ts';
import { pingCommand } from './look/health.ts';
import { aboutCommand, helpCommand } from './look/help.ts';
import { historyCommand } from './look/history.ts';
import { evidenceCommand, incidentCommand } from './look/incident.ts';
import { readersCommand } from './look/readers.ts';
import { statusCommand } from './look/status.ts';
import { announceCommand, retractCommand, sourcesCommand, statsCommand } from './operators.ts';
import { boardCommand, channelCommand } from './settings/channel-and-board.ts';
import { languageCommand, levelCommand } from './settings/language-and-level.ts';
import { muteCommand, unmuteCommand } from './settings/mute.ts';
import { exportCommand, forgetCommand } from './settings/own-data.ts';
import { linkCommand, unlinkCommand } from './settings/pairs.ts';
import { settingsCommand } from './settings/settings.ts';
import { timezoneCommand } from './settings/timezone.ts';

/** The register of commands, in the order of menus and help. */
const MAKERS: readonly ((can: Can) => Command)[] = [
  startCommand,
  subscribeCommand,
  unsubscribeCommand,
  subscriptionsCommand,
  statusCommand,
  readersCommand,
  familyCommand,
  incidentCommand,
  evidenceCommand,
  historyCommand,
  muteCommand,
  unmuteCommand,
  settingsCommand,
  levelCommand,
  languageCommand,
  timezoneCommand,
  helpCommand,
  aboutCommand,
  pingCommand,
  linkCommand,
  unlinkCommand,
  boardCommand,
  exportCommand,
  forgetCommand,
  channelCommand,
  sourcesCommand,
  retractCommand,
  announceCommand,
  statsCommand,
];

export function createCommands(deps: RouterDeps, targets: TargetIndex): Can {
  const { cache } = deps;
  const categories = new Map(deps.catalogue.services.map(({ id, category }) => [id, category]));
  const operators = new Set(deps.operators);
  const world = createWorld({ ...deps.store, ...deps, watched: async () => (await deps.watched?.()) ?? [] });
  const can: Can = {
    ...deps,
    ...deps.store,
    known: vocabularyOf(deps.translators.typed),
    targets,
    credits: deps.credits ?? [],
    world,
    knowledgeOf: createKnowledge({ ...deps, world }),
    categoryOf: (service) => categories.get(service) ?? null,
    picks: cache('pick'),
    codes: cache('link'),
    drafts: cache('announce'),
    placeAsked: cache('place'),
    serviceOf: (accountId) => deps.account(accountId)?.service ?? null,
    isOperator: (context: CommandContext) => operators.has(context.senderId),
    commands: () => commands,
    command: (name) => byName.get(name)!,
  };
  const commands = MAKERS.map((make) => make(can));
  const byName = new Map(commands.map((command) => [command.name, command]));
  return can;
}

/** Names and descriptions for the platforms' menus: what a command is called needs nothing of what it runs with. */
export function menusIn(translators: Translators): { lang: string; commands: MenuEntry[] }[] {
  const shown = MAKERS.map((make) => make({} as Can)).filter(({ who }) => who !== 'operators');
  return translators.languages.map(({ code: lang }) => ({
    lang,
    commands: shown.map(({ name, who }) => ({
      name,
      description: translators.descriptions(lang)[`command.${name}`],
      inGroups: name === 'channel' ? 'nobody' : who === 'anyone' ? 'everyone' : 'admins',
    })),
  }));
}

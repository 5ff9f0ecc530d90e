import type { ChangeKind, Level } from '../model/incident.ts';

type Plain = Record<never, never>;

/** Every command that a chat knows; the list that help, menus and catalogues share. */
const COMMAND_NAMES = [
  'start',
  'subscribe',
  'unsubscribe',
  'subscriptions',
  'status',
  'incident',
  'history',
  'mute',
  'unmute',
  'settings',
  'language',
  'timezone',
  'level',
  'help',
  'about',
  'ping',
  'export',
  'forget',
  'channel',
  'sources',
  'retract',
] as const;
export type CommandName = (typeof COMMAND_NAMES)[number];

/** What `status` can say of a service; `degraded` is stated by its action. */
export type StateWord = 'open' | 'throttle' | 'restrict' | 'block' | 'shutdown' | 'unknown' | 'warn';

type WithHeadline = 'opened' | 'escalated' | 'confidence-up' | 'method-revealed' | 'lift-confidence-up';

type Lists = { [C in CommandName as `command.${C}`]: Plain } & { [S in StateWord as `state.${S}`]: Plain } & {
  [L in Level as `level.${L}`]: Plain;
} & { [K in WithHeadline as `change.${K}`]: { what: string } } & {
  [K in Exclude<ChangeKind, WithHeadline> as `change.${K}`]: Plain;
};

/** What the bot says when spoken to. */
export interface ChatPhrases extends Lists {
  'what.everything': Plain;
  'what.country': { country: string };
  'what.service': { service: string };
  'what.pair': { country: string; service: string };

  'error.unknown': { word: string };
  'error.meant': { command: string };
  'error.help': { command: string };
  'error.admins': { command: string };
  /** To a reader of a group or channel who pressed what only its admins may. */
  'error.readers': Plain;
  'error.operators': Plain;
  /** Commands past a budget; the time is `QUIET_MS`. */
  'error.slow': Plain;
  /** One answer stands for several questions. */
  'error.unanswered': Plain;
  'error.failed': Plain;
  'error.word': { word: string };
  'error.nearest': { word: string; options: string };
  'error.ambiguous': { word: string; options: string };
  'error.nothing': Plain;
  'error.targets': { command: string };

  'ask.hello': Plain;
  'ask.try': { example: string };
  'ask.example': Plain;
  'ask.none': Plain;
  'ask.host': { host: string };
  'ask.where': { command: string };

  'start.hello': Plain;
  'start.what': Plain;
  'start.ask': Plain;
  'start.type': { command: string };
  'start.open': { n: number };
  'start.none': Plain;

  'subscribe.pick': { country: string; service: string; both: string; all: string };
  'subscribe.country': { command: string };
  'subscribe.service': { command: string };
  'subscribe.done': Plain;
  'subscribe.already': Plain;
  'subscribe.open': Plain;
  'subscribe.none': Plain;
  'subscribe.standing': Plain;
  'subscribe.tooMany': { n: number };
  'subscribe.when': { level: string; command: string };

  'line.since': { when: string };

  'channel.head': { title: string };
  'channel.none': { name: string };
  'channel.usage': { command: string };

  'merged.nothing': { command: string };
  'merged.forgotten': Plain;

  'subscriptions.none': { command: string };
  'subscriptions.head': Plain;
  'subscriptions.settings': { level: string; language: string; zone: string };
  'subscriptions.muted': { what: string; when: string };
  'subscriptions.remove': { command: string };

  'unsubscribe.ask': { n: number };
  'unsubscribe.confirm': { command: string };
  'unsubscribe.done': Plain;
  'unsubscribe.not': Plain;
  'unsubscribe.still': { what: string; command: string };
  'unsubscribe.all': { command: string };

  'status.followed': Plain;
  'status.world': Plain;
  'status.since': { state: string; when: string };
  'status.was': { unknown: string; was: string };
  'status.network': { state: string };
  'status.part': { state: string; regions: string };
  'status.age': { age: string };
  'status.no': Plain;
  'status.reference': { url: string };
  'status.confirmed': { when: string };
  'status.nothing': { what: string };
  'status.worldNone': Plain;
  'status.rest': Plain;
  'status.unnamed': Plain;

  'sight.dim': { ok: number; n: number };
  'sight.blind': Plain;
  'sight.noSources': Plain;
  'sight.waiting': Plain;

  'health.head': Plain;
  'health.store': Plain;
  'health.polled': { age: string; ok: number; n: number };
  'health.never': { n: number };
  'health.none': Plain;
  'health.oldest': { name: string; age: string };
  'health.failing': { names: string };
  'health.held': { names: string };
  'health.stale': { names: string };
  'health.blind': { names: string };
  'health.agent': { id: string; country: string; asn: string; age: string };
  'health.agentMissing': { id: string; country: string; asn: string; age: string };
  'health.agentStopped': { id: string; country: string; asn: string };
  'health.agentNever': { id: string; country: string; asn: string };
  'health.vantages': { names: string };
  'health.idle': Plain;
  'health.queue': { n: number; age: string };
  'health.eta': { duration: string };
  'health.sending': Plain;
  'health.account': { account: string; problem: string };

  'incident.none': { id: string };
  'incident.usage': { command: string };
  'incident.log': Plain;
  'incident.evidence': { n: number };
  'incident.report': { title: string; when: string };
  'incident.measured': { networks: string; verdict: string; when: string };
  'incident.anomaly': Plain;
  'incident.copies': Plain;
  'incident.open': Plain;

  'history.head': { what: string; n: number };
  'history.none': { n: number };
  'history.span': { from: string; to: string };
  'history.longer': { command: string };

  'mute.usage': { one: string; two: string; three: string };
  'mute.done': { what: string; when: string };
  'mute.end': { command: string };
  'mute.badTime': { time: string };
  'mute.tooMany': { n: number };
  'unmute.done': { what: string };
  'unmute.all': { n: number };
  'unmute.none': Plain;
  'unmute.not': { what: string };
  'unmute.which': Plain;

  'settings.head': Plain;
  'settings.language': Plain;
  'settings.timezone': Plain;
  'settings.level': Plain;
  'settings.zone': { zone: string; time: string };
  /** Where there are no buttons. */
  'settings.type': Plain;

  'language.ask': { command: string };
  'language.done': Plain;
  'language.unknown': { word: string };
  'timezone.now': { zone: string; time: string };
  'timezone.ask': { command: string };
  'timezone.done': { zone: string; time: string };
  'timezone.unknown': { word: string };
  'level.now': { level: string };
  'level.done': { level: string };
  /** Before the open incidents that only this level tells. */
  'level.more': Plain;
  'level.unknown': { word: string };

  'help.head': Plain;
  'help.more': { command: string };
  'help.forms': { forms: string };
  'about.what': Plain;
  'about.sure': Plain;
  'about.reported': Plain;
  'about.suspected': Plain;
  'about.corroborated': Plain;
  'about.confirmed': Plain;
  'about.marks': Plain;
  'about.privacy': { command: string };
  'ping.pong': Plain;
  'ping.chat': { zone: string; time: string };
  /** In private chats: how the config names this person. */
  'ping.you': { id: string };

  'export.head': Plain;
  'export.part': { part: number; parts: number };
  'export.next': { command: string };
  'export.rest': { n: number };

  'forget.ask': Plain;
  'forget.confirm': { command: string };
  'forget.done': Plain;
  'forget.nothing': Plain;

  'sources.head': { n: number };
  'sources.ok': { age: string };
  'sources.failing': { age: string; problem: string };
  'sources.waiting': Plain;
  'agents.head': { n: number };
  'agents.at': { country: string; asn: string; state: string };
  'agents.heard': { age: string };
  'agents.missing': { age: string };
  'agents.never': Plain;
  /** Asked to stop; `state` is how long ago it was heard of. */
  'agents.stopping': { state: string };
  'sources.held': Plain;
  'sources.heldSince': { n: number; age: string };
  'sources.heldDropped': { state: string; n: number };
  'sources.heldUsage': { command: string };
  'sources.released': { n: number; id: string };
  'sources.notHeld': { id: string; command: string };
  'agents.dropped': { state: string; n: number };
  'agents.refused': { state: string; n: number };
  'agents.usage': { stop: string; start: string };
  'agents.none': { id: string; command: string };
  'agents.stopped': { id: string; command: string };
  'agents.started': { id: string };
  'retract.usage': { command: string };
  'retract.done': { id: string };

  'button.country': Plain;
  'button.service': Plain;
  'button.everything': Plain;
  'button.back': Plain;
  'button.mine': Plain;
  'button.sure': Plain;
  'button.yesStop': Plain;
  'button.yesForget': Plain;
  'button.no': Plain;
  'button.follow': { what: string };
  'button.unmute': Plain;
  'button.help': Plain;
  'button.settings': Plain;
  'button.next': Plain;
  'button.days': { n: number };
}

/** What people type, and what chats are notified of hostile news. */
import fc from 'fast-check';
import { plainText } from '../../src/adapters/console/adapter.ts';
import { ACTIONS, CONFIDENCES, type IncidentState, METHODS } from '../../src/core/model/incident.ts';
import type { Report } from '../../src/core/model/report.ts';
import { type IncidentWithReports, renderAlert, renderReply } from '../../src/core/render/alert.ts';
import { createBot, healthy, source } from '../unit/commands/support.ts';
import { NOW, catalogue, incident, known, report, translators, view } from '../unit/render/support.ts';
import { hold, holdsEverywhere, onMatrix, onTelegram } from './invariants.ts';
import { type Target, target } from './target.ts';
import { hostileLink, hostileText } from './words.ts';

const LANGS = ['en', 'ru', 'fa', 'xx'];
const STATES: IncidentState[] = ['threatened', 'active', 'easing', 'lifted', 'withdrawn'];
const SERVICES = [...catalogue.services.map((service) => service.id), 'unknown-service', null];
const COUNTRIES = ['RU', 'IR', 'EU', 'XX', 'ZZ', null];
const time = fc.integer({ min: NOW - 400 * 86_400_000, max: NOW });

const hostileReport: fc.Arbitrary<Report> = fc
  .record({
    title: hostileText(500),
    url: fc.option(hostileLink),
    publisherName: hostileText(100),
    voice: hostileText(60),
    summary: hostileText(600),
    region: fc.option(hostileText(100)),
    action: fc.constantFrom(...ACTIONS),
    kind: fc.constantFrom('news' as const, 'authority' as const),
    at: time,
  })
  .map((over) => report(over));

export const hostileIncident: fc.Arbitrary<IncidentWithReports> = fc
  .record({
    id: fc.constantFrom('RU-whatsapp-3f9k', 'XX-any-0000', 'IR-internet-zzzz'),
    country: fc.constantFrom(...COUNTRIES),
    service: fc.constantFrom(...SERVICES),
    action: fc.constantFrom(...ACTIONS),
    family: fc.constantFrom('access' as const, 'warn' as const),
    state: fc.constantFrom(...STATES),
    confidence: fc.constantFrom(...CONFIDENCES),
    liftConfidence: fc.option(fc.constantFrom(...CONFIDENCES)),
    method: fc.option(fc.constantFrom(...METHODS)),
    regions: fc.array(hostileText(120), { maxLength: 8 }),
    openedAt: time,
    closedAt: fc.option(time),
    withdrawnBecause: fc.option(hostileText(600)),
    reports: fc.array(hostileReport, { maxLength: 8 }),
  })
  .map((over) => incident(over));

const alerts = target({
  name: 'alerts of hostile news',
  input: fc.tuple(
    fc.array(hostileIncident, { minLength: 1, maxLength: 30 }),
    fc.constantFrom(...LANGS),
    fc.constantFrom('UTC', 'Asia/Tehran', 'America/Sao_Paulo'),
    fc.constantFrom('escalated' as const, 'widened' as const, 'lifted' as const, 'withdrawn' as const),
  ),
  run([incidents, lang, timeZone, reason]) {
    const words = translators.of(lang);
    const seen = view(incidents, { lang, timeZone, known: known({ works: ['telegram', 'signal'] }) });
    const documents = [
      renderAlert(seen, words),
      renderReply(seen, words, { reason, incidentIds: ['RU-whatsapp-3f9k'] }),
    ];
    for (const document of documents) {
      // The words are of the catalogue's language; the direction is the chat's.
      holdsEverywhere({ ...document, lang });
      hold(plainText(document).length < 30_000, 'the console is flooded');
    }
  },
});

const COMMANDS =
  'start subscribe unsubscribe subscriptions status incident evidence mute unmute level language timezone help about ping forget sources retract /status@tocsin_bot подписка статус'.split(
    ' ',
  );
const ARGUMENTS =
  'ru whatsapp all * yes for until 8h 99999999999d tomorrow 25:99 RU-whatsapp-3f9k 🇷🇺 corroborated Europe/Moscow Etc/../passwd en because … россия иран'.split(
    ' ',
  );
export const typed = fc
  .array(
    fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom(...COMMANDS) },
      { weight: 3, arbitrary: fc.constantFrom(...ARGUMENTS) },
      { weight: 3, arbitrary: hostileText(120) },
      { weight: 1, arbitrary: hostileText(4_000) },
    ),
    { minLength: 1, maxLength: 10 },
  )
  .map((parts) => parts.join(' '));

let shownLabel = '';
/** One for all: its index of names is built once, at the first command. */
const bot = createBot({
  unbudgeted: true,
  health: async () => ({
    ...healthy,
    sources: [source({ label: shownLabel, failingSince: NOW - 1, lastMessage: shownLabel, lastCode: shownLabel })],
    accounts: [{ id: 'tg', platform: 'telegram', ok: false, problem: shownLabel, rate: 0 }],
  }),
});

const commands = target({
  name: 'commands',
  input: fc.tuple(
    typed,
    fc.array(hostileIncident, { maxLength: 6 }),
    fc.constantFrom(...LANGS, null),
    fc.boolean(),
    fc.boolean(),
    hostileText(100),
  ),
  async run([text, incidents, lang, group, operator, label]) {
    Object.assign(bot.tables, { stored: incidents, rows: [], followed: [], quiet: [] });
    bot.errors.length = 0;
    bot.retracted.length = 0;
    shownLabel = label;
    const answer = await bot.answer(text, {
      lang,
      chatKind: group ? 'group' : 'private',
      sender: operator ? 'telegram:1' : 'telegram:2',
      button: group,
    });
    hold(bot.errors.length === 0, 'a command failed', bot.errors);
    hold((answer?.documents.length ?? 0) <= 5, 'too many answers');
    for (const document of answer?.documents ?? []) {
      onTelegram(document);
      onMatrix(document);
    }
    for (const { because } of bot.retracted)
      hold([...because].length <= 300 && !/[\u202a-\u202e]/.test(because), 'a reason past bounds');
  },
});

export const chatTargets: Target[] = [alerts, commands];

import { readBaseline } from '../../../src/config/catalogue.ts';
import { Problems } from '../../../src/config/problems.ts';
import { PACKAGE_ROOT } from '../../../src/config/secrets.ts';
import { createRouter } from '../../../src/core/commands/router.ts';
import { DEFAULT_POLICY } from '../../../src/core/model/alert.ts';
import type { Item } from '../../../src/core/model/item.ts';
import type { Measurement } from '../../../src/core/model/measurement.ts';
import type { Statement } from '../../../src/core/model/report.ts';
import { PLAIN_TALK } from '../../../src/core/ports/chat-adapter.ts';
import { createTranslators } from '../../../src/i18n/index.ts';
import { bundledCatalogue, bundledExtractor, bundledHosts } from '../../fakes/bundled.ts';
import { quietLog as silent } from '../../fakes/fake-log.ts';
import { likely } from '../../fakes/known.ts';
import { healthy } from '../../unit/commands/support.ts';
import { asText } from '../../unit/render/support.ts';
import { Town } from '../town.ts';

const MINUTE = 60_000;
export const catalogue = bundledCatalogue();
const extractor = bundledExtractor();
export const hosts = await bundledHosts();
const place = {
  name: 'test',
  folder: PACKAGE_ROOT,
  env: {},
  cwd: PACKAGE_ROOT,
  problems: new Problems(),
  redactions: new Set<string>(),
  files: new Set<string>(),
  unset: [],
};
export const baseline = await readBaseline(undefined, catalogue, place);

export type Lang = 'en' | 'ru';

/** A chat that follows Russia, the real reader and judge, and what the chat hears in its language. */
export async function world(lang: Lang) {
  const town = await Town.create({}, { extractor, lang });
  await town.chat('c', ['ru']);
  let n = 0;
  const measurement = (target: string, spelled: string, over: Partial<Measurement>): Measurement => {
    const [verdict = '', detail = null] = spelled.split(':');
    return {
      id: `m${++n}`,
      sourceId: 'probe',
      kind: 'probe',
      at: town.clock.now(),
      probeCc: 'RU',
      probeAsn: 'AS64501',
      vantageId: 'moscow',
      target,
      component: null,
      verdict,
      detail,
      notes: [],
      raw: null,
      ...over,
    };
  };
  const hear = async (): Promise<string> => {
    await town.pass(5 * MINUTE);
    town.heard('c');
    return town.texts('c').at(-1) ?? '';
  };
  return {
    town,
    hear,
    /** Rounds of one vantage point, so many minutes apart. */
    async rounds(
      count: number,
      everyMinutes: number,
      targets: readonly string[],
      verdict: string,
      over: Partial<Measurement> = {},
    ) {
      for (let i = 0; i < count; i++) {
        await town.pass(everyMinutes * MINUTE);
        await town.pipeline.measurements(targets.map((target) => measurement(target, verdict, over)));
      }
    },
    async news(texts: readonly string[]) {
      for (const [i, title] of texts.entries()) {
        const publisher = `outlet-${i}`;
        const item: Item = {
          sourceId: publisher,
          guid: title,
          url: `https://${publisher}.example/story`,
          title,
          summary: '',
          lang: /\p{Script=Cyrillic}/u.test(title) ? 'ru' : 'en',
          publishedAt: town.clock.now(),
          dated: true,
          publisher,
          publisherName: `Outlet ${i + 1}`,
          authority: false,
        };
        await town.pipeline.items(publisher, [item], false);
      }
    },
    async states(statements: Statement[]) {
      await town.pipeline.statements('register', statements, { firstPoll: false, pushed: false });
    },
    async status(question: string): Promise<string> {
      const router = createRouter({
        likely,
        cache: town.store.cache,
        accounts: async () => [],
        wake() {},
        store: town.store,
        clock: town.clock,
        ids: town.ids,
        log: silent,
        catalogue,
        baseline,
        translators: createTranslators(catalogue),
        policy: DEFAULT_POLICY,
        operators: [],
        health: async () => healthy,
        retract: async () => false,
        stopAgent: async () => false,
        account: () => ({
          platform: 'telegram',
          talk: { ...PLAIN_TALK, prefix: '/' },
          pace: { perSecond: 27, perChatMs: 0, perGroupMinute: 0, window: 1 },
        }),
      });
      const answer = await router.handle({
        kind: 'command',
        address: { accountId: 'a', chat: `asks-${lang}`, thread: null },
        chatKind: 'private',
        sender: { id: 'x', name: 'Ann', lang, isAdmin: async () => true },
        text: `/status ${question}`,
        button: null,
        messageRef: null,
      });
      return (answer?.documents ?? []).map(asText).join('\n');
    },
    close: () => town.store.close(),
  };
}

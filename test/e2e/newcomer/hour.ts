/** One program, and eight who have never seen it, at the same time: in four languages, on Telegram and on Matrix. */

import { FakeTelegram } from '../../fakes/fake-telegram/client.ts';
import { FeedServer } from '../../fakes/feed-server.ts';
import { waitFor } from '../matrix-user.ts';
import { OUTLETS, outletSources } from '../news.ts';
import { Program } from '../program.ts';
import { type Synapse, startSynapse } from '../synapse.ts';
import { onMatrix } from './matrix.ts';
import { type Happens, LANGS, type Transcript } from './scene.ts';
import { onTelegram } from './telegram.ts';

export type Platform = 'Telegram' | 'Matrix';

/** What each of them wrote and read, by `Telegram ru` and so on; of Matrix nobody's, where there is no Synapse. */
export async function playHour({ matrix }: { matrix: boolean }): Promise<Map<string, Transcript>> {
  await using closing = new AsyncDisposableStack();
  const feeds = await FeedServer.start();
  closing.defer(() => feeds.stop());
  const telegram = await FakeTelegram.start({ limits: 'official', rejectUnknown: true });
  closing.defer(() => telegram.stop());
  const hs = matrix ? await startSynapse() : null;
  closing.defer(async () => hs?.stop());
  const bot = await hs?.register('tocsin');
  const program = await Program.create(configuration(feeds, telegram, hs && { hs, token: bot!.token }));
  closing.defer(() => program.remove());
  for (const outlet of OUTLETS)
    feeds.add(outlet, { title: 'Weather for the weekend', summary: 'Sunny with some clouds.' });
  await program.start();
  // Their first look is over where it is asked whether anything is new: what comes next is news.
  const isRead = (outlet: string) => (feeds.hits.get(outlet)?.unchanged ?? 0) > 0;
  await waitFor(() => OUTLETS.every(isRead) || undefined, 30_000, 'a second look at each feed');
  const happens = together(feeds, LANGS.length * (hs ? 2 : 1));
  const all = await Promise.all(
    LANGS.flatMap((lang) => [
      onTelegram(telegram, happens, lang).then((told) => [`Telegram ${lang}`, told] as const),
      ...(hs ? [onMatrix(hs, bot!.userId, happens, lang).then((told) => [`Matrix ${lang}`, told] as const)] : []),
    ]),
  );
  return new Map(all);
}

const configuration = (feeds: FeedServer, telegram: FakeTelegram, on: { hs: Synapse; token: string } | null) => ({
  database: 'tocsin.db',
  accounts: [
    { id: 'tg', platform: 'telegram', token: telegram.token, apiRoot: telegram.apiRoot },
    ...(on
      ? [
          {
            id: 'mx',
            platform: 'matrix',
            homeserver: on.hs.baseUrl,
            accessToken: on.token,
            inviteFrom: ['*:localhost'],
          },
        ]
      : []),
  ],
  sources: outletSources(feeds.url),
  policy: { groupWait: '0s' },
  network: { allowPrivateAddresses: true },
});

/** The last of so many who comes sets it going. */
function together(feeds: FeedServer, people: number): Happens {
  const events = new Map<string, { missing: number; told: PromiseWithResolvers<void> }>();
  return async (what, news) => {
    const event = events.get(what) ?? { missing: people, told: Promise.withResolvers<void>() };
    events.set(what, event);
    if (--event.missing === 0) {
      for (const [outlet, item] of Object.entries(news)) feeds.add(outlet, item);
      event.told.resolve();
    }
    await event.told.promise;
  };
}

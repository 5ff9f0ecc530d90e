import type { MatrixUser, Shown } from '../matrix-user.ts';
import { startSynapse } from '../synapse.ts';
import { type Lang, type Line, newcomer, type Screen, type Transcript, withProgram } from './scene.ts';

const FOLLOW = { en: 'subscribe russia', ru: 'подписаться россия' };

/** On Matrix, with a real Synapse: a direct room, everything typed. */
export async function onMatrix(lang: Lang): Promise<Transcript> {
  const hs = await startSynapse();
  try {
    const [bot, ann] = [await hs.register('tocsin'), await hs.register('ann')];
    const account = {
      id: 'mx',
      platform: 'matrix',
      homeserver: hs.baseUrl,
      accessToken: bot.token,
      inviteFrom: ['*:localhost'],
    };
    return await withProgram(account, async (feeds) => {
      const room = await ann.createRoom({ direct: true, invite: [bot.userId] });
      await ann.waitForMembership(room, bot.userId, 'join', 30_000);
      const seen = new Set<string>();
      const ours = async (): Promise<Shown[]> =>
        (await ann.messages(room, 200)).filter((one) => one.sender === bot.userId);
      const screen: Screen = {
        begin: lang === 'ru' ? [{ say: 'language ru' }, { say: FOLLOW.ru }] : [{ say: 'start' }, { say: FOLLOW.en }],
        say: async (text) => void (await ann.send(room, `!tocsin ${text}`)),
        tap: () => Promise.reject(new Error('there are no buttons here')),
        read: async () => (await ours()).flatMap((one) => fresh(one, seen)),
      };
      const told = await newcomer(screen, feeds, lang);
      return { ...told, violations: violationsOf(await ours(), ann) };
    });
  } finally {
    await hs.stop();
  }
}

function fresh(one: Shown, seen: Set<string>): Line[] {
  if (seen.has(one.eventId)) return [];
  seen.add(one.eventId);
  const edit = one.content['m.new_content'] as { body?: string } | undefined;
  const file = one.content.msgtype === 'm.file' ? String(one.content.filename) : undefined;
  return [
    { who: 'bot', text: edit?.body ?? one.body, buttons: [], edited: edit !== undefined, ...(file ? { file } : {}) },
  ];
}

/** What the platform's manners forbid: a message that mentions somebody, or rings without being an alert. */
const violationsOf = (all: readonly Shown[], person: MatrixUser): unknown[] =>
  all.filter(({ content, body }) => {
    const mentions = (content['m.mentions'] as { user_ids?: string[] } | undefined)?.user_ids ?? [];
    const rings = content.msgtype === 'm.text' && !/^[*\s]*[🔴🟠⚫🟡🟢⚪]/u.test(body);
    return mentions.includes(person.userId) || rings;
  });

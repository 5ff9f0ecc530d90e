import type { MatrixUser, Shown } from '../matrix-user.ts';
import type { Synapse } from '../synapse.ts';
import { type Happens, type Lang, type Line, newcomer, type Screen, type Transcript } from './scene.ts';

const FOLLOW = { en: 'subscribe russia', ru: 'подписаться россия', de: 'folgen russland', fa: 'دنبال روسیه' };

/** On Matrix, with a real Synapse: a direct room, everything typed. */
export async function onMatrix(hs: Synapse, bot: string, happens: Happens, lang: Lang): Promise<Transcript> {
  const ann = await hs.register(`ann-${lang}`);
  const room = await ann.createRoom({ direct: true, invite: [bot] });
  await ann.waitForMembership(room, bot, 'join', 30_000);
  const screen: Screen = {
    begin: [{ say: lang === 'en' ? 'start' : `language ${lang}` }, { say: FOLLOW[lang] }],
    say: async (text) => void (await ann.send(room, `!tocsin ${text}`)),
    tap: () => Promise.reject(new Error('there are no buttons here')),
    read: asClient(ann, room, bot),
  };
  const told = await newcomer(screen, happens, lang);
  const ours = (await ann.messages(room, 200)).filter((one) => one.sender === bot);
  return { ...told, violations: violationsOf(ours, ann) };
}

/** As a client has it: what is new since the last time, as soon as it is there. */
function asClient(person: MatrixUser, room: string, bot: string): () => Promise<Line[]> {
  const timeline = { limit: 50, types: ['m.room.message'] };
  const filter = encodeURIComponent(JSON.stringify({ presence: { limit: 0 }, room: { rooms: [room], timeline } }));
  let since = '';
  return async () => {
    const after = since ? `&since=${since}&timeout=100` : '';
    const answer = (await person.call('GET', `/_matrix/client/v3/sync?filter=${filter}${after}`)) as unknown as Synced;
    since = answer.next_batch;
    const events = answer.rooms?.join?.[room]?.timeline.events ?? [];
    return events.filter(({ sender }) => sender === bot).map(({ content }) => lineOf(content));
  };
}

interface Content {
  body?: string;
  msgtype?: string;
  filename?: string;
  'm.new_content'?: { body?: string };
}
interface Synced {
  next_batch: string;
  rooms?: { join?: Record<string, { timeline: { events: { sender: string; content: Content }[] } }> };
}

function lineOf(content: Content): Line {
  const edit = content['m.new_content'];
  const file = content.msgtype === 'm.file' || content.msgtype === 'm.image' ? content.filename : undefined;
  const text = (edit ?? content).body ?? '';
  return { who: 'bot', text, buttons: [], edited: edit !== undefined, ...(file === undefined ? {} : { file }) };
}

/** What the platform's manners forbid: a message that mentions somebody, or rings without being an alert. */
const violationsOf = (all: readonly Shown[], person: MatrixUser): unknown[] =>
  all.filter(({ content, body }) => {
    const mentions = (content['m.mentions'] as { user_ids?: string[] } | undefined)?.user_ids ?? [];
    const rings = content.msgtype === 'm.text' && !/^[*\s\u200f]*[🔴🟠⚫🟡🟢⚪]/u.test(body);
    return mentions.includes(person.userId) || rings;
  });

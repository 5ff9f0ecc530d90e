import type { ChatLabel, Notice, Via } from '../model/link.ts';
import type { MessageDocument } from '../model/message.ts';
import type { Translator } from '../ports/translate.ts';
import { capital, oneLine } from './plain.ts';

/** As people write it: "Telegram". */
export const platformName = (platform: string): string => capital(oneLine(platform, 40));

/** What a question about a group's code is told apart by, in both chats. It opens nothing: an admin of the group has to agree all the same. */
export const markOf = (agreeing: string): string => agreeing.slice(0, 4).toUpperCase();

/** "a private chat on Telegram". */
export const labelOf = ({ platform, kind }: ChatLabel, words: Translator): string =>
  words.say(`pair.${kind}`, { platform: platformName(platform) });

/** An alert of what another chat follows says first how it came here. */
export function withVia(document: MessageDocument, via: Via | null | undefined, words: Translator): MessageDocument {
  if (!via) return document;
  const platform = platformName(via.platform);
  const country = words.country(via.country);
  const text =
    via.reason === 'country'
      ? words.say('via.country', { platform, country })
      : words.say(`via.${via.reason}`, { platform });
  return { ...document, blocks: [{ type: 'note', inline: [text] }, ...document.blocks] };
}

/** An announcement's words are an operator's: at most so many characters, which is less than what adapters and router let through. */
export const MAX_ANNOUNCEMENT = 900;

/** `typed`: how a command is typed in the chat that reads it. Boards are rendered by `core/board`. */
export function renderNotice(
  notice: Exclude<Notice, { kind: 'board' }>,
  words: Translator,
  typed: (command: string) => string,
): MessageDocument {
  const code = (command: string) => ({ code: typed(command) });
  const say = (inline: MessageDocument['blocks'][number][], rest: Partial<MessageDocument> = {}): MessageDocument => ({
    blocks: inline,
    buttons: [],
    lang: words.lang,
    tone: 'alert',
    ...rest,
  });
  const line = (...inline: ReturnType<Translator['rich']>) => ({ type: 'paragraph' as const, inline });
  if (notice.kind === 'announce') return announcement(notice.text, words);
  if (notice.kind === 'board-unpinned')
    return say([line(...words.rich('board.unpinned', { command: code('board on') }))], { tone: 'notice' });
  const other = labelOf(notice.other, words);
  switch (notice.kind) {
    case 'link-asks': {
      const command = `link agree ${notice.code}`;
      return say(
        [
          line(...words.rich('notice.asks', { other, mark: { code: markOf(notice.code) } })),
          line(...words.rich('notice.agree', { command: code(command) })),
        ],
        {
          buttons: [[{ label: words.say('button.agree'), press: { command } }]],
        },
      );
    }
    case 'link-joined': {
      const { ends, long } = notice;
      const about = long && {
        platform: platformName(long.platform),
        country: words.country(long.country),
        command: code('link both always'),
      };
      const always = { label: words.say('button.bothAlways'), press: { command: 'link both always' } };
      const end = { label: words.say('button.unlink'), press: { command: 'unlink' } };
      return say(
        [
          line(words.say('notice.joined', { other })),
          ...(ends ? [line(...words.rich('notice.notYou', { command: code('unlink') }))] : []),
          ...(about ? [line(...words.rich('link.long', about))] : []),
        ],
        { tone: 'notice', buttons: ends ? [[...(long ? [always] : []), end]] : [] },
      );
    }
    case 'link-parted':
      return say([line(words.say('notice.parted', { other }))], { tone: 'notice' });
    case 'link-lost':
      return say([line(...words.rich('notice.lost', { other, command: code('link') }))]);
    case 'link-heir':
      return say([line(...words.rich('notice.heir', { other, command: code('subscriptions') }))]);
    case 'link-test':
      return say([line(words.say('notice.test', { other }))]);
  }
}

/** As it will be read; also shown to the operator who is asked whether it may go. */
export function announcement(text: string, words: Translator): MessageDocument {
  const lines = text
    .slice(0, MAX_ANNOUNCEMENT)
    .split('\n')
    .map((one) => oneLine(one, MAX_ANNOUNCEMENT))
    .filter((one) => one !== '');
  return {
    blocks: [
      { type: 'paragraph', inline: [{ bold: [words.say('notice.announce')] }] },
      ...lines.map((one) => ({ type: 'paragraph' as const, inline: [one] })),
    ],
    buttons: [],
    lang: words.lang,
    tone: 'notice',
  };
}

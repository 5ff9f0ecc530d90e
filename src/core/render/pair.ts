import type { ChatLabel, Notice, Via } from '../model/link.ts';
import type { Block, Button, MessageDocument } from '../model/message.ts';
import type { PhraseKey, RichArguments, Translator } from '../ports/translate.ts';
import { capital, documentOf, head, note, oneLine, paragraph } from './plain.ts';

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
  const text = words.say(`via.${via.reason}`, via.reason === 'country' ? { platform, country } : { platform });
  return { ...document, blocks: [note(text), ...document.blocks] };
}

/** An announcement's words are an operator's: at most so many characters, which is less than what adapters and router let through. */
export const MAX_ANNOUNCEMENT = 900;

/** `typed`: how a command is typed in the chat that reads it. Boards are rendered by `core/board`. */
export function renderNotice(
  notice: Exclude<Notice, { kind: 'board' }>,
  words: Translator,
  typed: (command: string) => string,
): MessageDocument {
  if (notice.kind === 'announce') return announcement(notice.text, words);
  const code = (command: string) => ({ code: typed(command) });
  const button = (key: PhraseKey, command: string): Button => ({ label: words.say(key), press: { command } });
  const rich = (key: PhraseKey, args: RichArguments): Block => paragraph(...words.rich(key, args));
  const say = (blocks: Block[], tone: MessageDocument['tone'] = 'alert', buttons: Button[][] = []) =>
    documentOf(blocks, words, { tone, buttons });
  if (notice.kind === 'board-unpinned') return say([rich('board.unpinned', { command: code('board on') })], 'notice');
  if (notice.kind === 'backup-due')
    return say([rich('notice.backup', { command: { code: 'tocsin backup FILE' } })], 'notice');
  const other = labelOf(notice.other, words);
  switch (notice.kind) {
    case 'link-asks': {
      const command = `link agree ${notice.code}`;
      const asks = rich('notice.asks', { other, mark: { code: markOf(notice.code) } });
      return say([asks, rich('notice.agree', { command: code(command) })], 'alert', [
        [button('button.agree', command)],
      ]);
    }
    case 'link-joined': {
      const { ends, long } = notice;
      const blocks = [paragraph(words.say('notice.joined', { other }))];
      if (ends) blocks.push(rich('notice.notYou', { command: code('unlink') }));
      if (long) {
        const place = { platform: platformName(long.platform), country: words.country(long.country) };
        blocks.push(rich('link.long', { ...place, command: code('link both always') }));
      }
      if (!ends) return say(blocks, 'notice');
      const always = long ? [button('button.bothAlways', 'link both always')] : [];
      return say(blocks, 'notice', [[...always, button('button.unlink', 'unlink')]]);
    }
    case 'link-parted':
      return say([paragraph(words.say('notice.parted', { other }))], 'notice');
    case 'link-lost':
      return say([rich('notice.lost', { other, command: code('link') })]);
    case 'link-heir':
      return say([rich('notice.heir', { other, command: code('subscriptions') })]);
    case 'link-test':
      return say([paragraph(words.say('notice.test', { other }))]);
  }
}

/** As it will be read; also shown to the operator who is asked whether it may go. */
export function announcement(text: string, words: Translator): MessageDocument {
  const lines = text
    .slice(0, MAX_ANNOUNCEMENT)
    .split('\n')
    .map((one) => oneLine(one, MAX_ANNOUNCEMENT))
    .filter((one) => one !== '');
  const blocks = [head(words.say('notice.announce')), ...lines.map((one) => paragraph(one))];
  return documentOf(blocks, words, { tone: 'notice' });
}

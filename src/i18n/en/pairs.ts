import type { PairPhrases } from '../../core/phrases/pairs.ts';
import type { TextsOf } from '../../core/ports/translate.ts';
import { oneOther } from '../plural.ts';

export const pairs: TextsOf<PairPhrases> = {
  'pair.private': 'a private chat on {platform}',
  'pair.group': 'a group on {platform}',
  'pair.channel': 'a channel on {platform}',

  'link.what':
    'A second chat on another platform gets your alerts when they cannot come here: when {platform} has taken no messages for five minutes, or when this chat is gone. And once that platform is newly blocked or slowed down in a country that you follow, or worse than before, they come to both.',
  'link.how': 'Write this there, to me, within {time}. It works once:',
  'link.alone': 'I am on no other platform, so there is nothing to connect this chat with.',
  'link.spare': 'This is the second chat of {other}: it gets the alerts that cannot come there.',
  'link.now': 'Alerts come to both at present, because {platform} is blocked or slowed down ({country}).',
  'link.bothOff': 'Only when this one fails, never to both: {command}',
  'link.bothOn': 'To both once this platform is newly cut off in a country that you follow: {command}',
  'link.long':
    '{platform} has been blocked or slowed down for long ({country}), so alerts come to both only if that gets worse. To have all of them in both: {command}',
  'link.always':
    'While this platform is cut off, for however long, all alerts come to both. Only if something gets worse: {command}',
  'link.monthlyOff': 'Once a month I send a test there. To stop that: {command}',
  'link.monthlyOn': 'A harmless test there once a month: {command}',
  'link.end': 'To take them apart: {command}',
  'link.joined':
    'Connected. This is now the second chat of {other}: alerts come here when they cannot come there, and once that platform is newly cut off in a country that it follows.',
  'link.asked':
    'I have asked there: as soon as an admin of {other} agrees, this is its second chat. The question there has the mark {mark}: agree to no other.',
  'link.wrong':
    'I do not know this code. A code works once, and for {time}. For a new one, write {command} in the first chat.',
  'link.tries': 'Those were too many wrong codes. Please try again in a quarter of an hour.',
  'link.same': 'This code is for your other chat: write it there, not here.',
  'link.account': 'A second chat has to be on another platform: here it would fail together with the first.',
  'link.taken': 'One of the two belongs to a pair already. To take that apart, write {command} in it.',
  'link.tested': 'A test is on its way to {other}.',
  'link.onlyMain': 'That is decided in the first chat of the two, not here.',
  'unlink.done': 'Done. This chat and {other} are no longer connected.',
  'unlink.none': 'This chat is connected with no other. To change that: {command}',

  'notice.joined': 'Connected: the second chat of this one is now {other}.',
  'notice.notYou': 'If that was not you, end it: {command}',
  'notice.asks':
    'Somebody wrote the code of this group in {other}, which would then get the alerts that cannot come here. Is that right? Only an admin can agree. Agree only if that chat was shown this mark: {mark}.',
  'notice.agree': 'To agree: {command}',
  'notice.parted': 'This chat and {other} are no longer connected: that was decided there.',
  'notice.lost': 'Your second chat, {other}, cannot be reached any more, so you have none. For a new one: {command}',
  'notice.heir':
    'Your first chat, {other}, cannot be reached any more. What it followed, this chat follows from now on. To change that: {command}',
  'notice.test':
    'This is only a test: nothing has happened. Had I been unable to reach {other}, your alert would have come here.',
  'notice.announce': 'A word from those who run this bot',

  'via.failing': 'Told here, because {platform} was not taking messages.',
  'via.gone': 'Told here, because your chat on {platform} is gone.',
  'via.country': 'Told here as well, because {platform} is blocked or slowed down ({country}).',

  'board.head': 'Cut off now, of what is followed here',
  'board.none': 'Nothing new that I know of is cut off now.',
  'board.as': 'As of {when}. I keep this message up to date.',
  'board.days': 'Day by day, {from} – {to}:',
  'board.unpinned':
    'I may not pin messages here. Please pin the board yourself, or give me that right and write {command} again.',
  'board.off':
    'There is no board here. A board is one message at the top that always shows what is cut off now. To have one: {command}',
  'board.on': 'The board here is kept up to date. To end that: {command}',
  'board.made':
    'The board comes in a moment, and stays up to date. If it is not pinned, I may not do that: please pin it yourself.',
  'board.ended': 'The board is no longer kept up to date.',

  'error.adminsAs':
    'You write as a channel, so I cannot tell whether you are an admin here. Write as yourself, or as this group, and it works.',

  'announce.usage': 'What should everybody read? Write it behind the command: {command}',
  'announce.ask': 'This goes to {chats}, behind all alerts:',
  'announce.confirm': 'To send it, write {command} within a quarter of an hour.',
  'announce.long': 'That is too long: {most} characters are the most. Nothing was sent.',
  'announce.sent': 'On its way to {chats}.',
  'announce.gone': 'This was sent already, or it has waited for too long. Nothing is sent now.',

  'stats.chats': oneOther('{n} chat', '{n} chats'),
  'stats.gone': 'Ended: {chats}',
  'stats.pairs': 'Pairs of chats on two platforms: {count}',
  'stats.countries': 'Subscriptions: {count}. By country:',

  'settings.pair': 'If this platform fails',
  'settings.noPair': 'none',
  'button.bothAlways': 'All to both',
  'button.test': 'Send a test',
  'button.unlink': 'Disconnect',
  'button.boardOn': 'Have a board',
  'button.boardOff': 'No board',
  'button.agree': 'Agree',
  'button.yesSend': 'Yes, send',
};

import type { Plain } from './plain.ts';

/** Two chats on two platforms: how they are joined, and what the second is told. Boards, and operators' words to everybody. */
export interface PairPhrases {
  'pair.private': { platform: string };
  'pair.group': { platform: string };
  'pair.channel': { platform: string };

  'link.what': { platform: string };
  'link.how': { time: string };
  'link.alone': Plain;
  'link.spare': { other: string };
  /** While the first chat's platform is cut off where it follows something; `country` stands in brackets. */
  'link.now': { platform: string; country: string };
  'link.bothOff': { command: string };
  'link.bothOn': { command: string };
  /** The first chat's platform has been cut off since before, somewhere that it follows; once in both means always. */
  'link.long': { platform: string; country: string; command: string };
  'link.always': { command: string };
  'link.monthlyOff': { command: string };
  'link.monthlyOn': { command: string };
  'link.end': { command: string };
  'link.joined': { other: string };
  'link.asked': { other: string; mark: string };
  'link.wrong': { time: string; command: string };
  'link.tries': Plain;
  'link.same': Plain;
  'link.account': Plain;
  'link.taken': { command: string };
  'link.tested': { other: string };
  'link.onlyMain': Plain;
  'unlink.done': { other: string };
  'unlink.none': { command: string };

  'notice.joined': { other: string };
  /** After `notice.joined`: somebody else may have had the code. */
  'notice.notYou': { command: string };
  /** `mark`: four letters that both chats show. */
  'notice.asks': { other: string; mark: string };
  'notice.agree': { command: string };
  'notice.parted': { other: string };
  'notice.lost': { other: string; command: string };
  'notice.heir': { other: string; command: string };
  'notice.test': { other: string };
  'notice.announce': Plain;

  /** Under an alert of what another chat follows: how it came here. */
  'via.failing': { platform: string };
  'via.gone': { platform: string };
  'via.country': { platform: string; country: string };

  /** A pinned message that is kept up to date. */
  'board.head': Plain;
  'board.none': Plain;
  'board.as': { when: string };
  /** Above lines of signs, one a day. */
  'board.days': { from: string; to: string };
  /** Once, where we may not pin. */
  'board.unpinned': { command: string };
  'board.off': { command: string };
  'board.on': { command: string };
  'board.made': Plain;
  'board.ended': Plain;

  /** To whoever writes in a group as a channel of theirs. */
  'error.adminsAs': Plain;

  'announce.usage': { command: string };
  'announce.ask': { chats: string };
  'announce.confirm': { command: string };
  'announce.long': { most: string };
  'announce.sent': { chats: string };
  'announce.gone': Plain;

  'stats.chats': { n: number };
  'stats.gone': { chats: string };
  'stats.pairs': { count: string };
  'stats.countries': { count: string };

  'settings.pair': Plain;
  'settings.noPair': Plain;
  'button.bothAlways': Plain;
  'button.test': Plain;
  'button.unlink': Plain;
  'button.agree': Plain;
  'button.boardOn': Plain;
  'button.boardOff': Plain;
  'button.yesSend': Plain;
}

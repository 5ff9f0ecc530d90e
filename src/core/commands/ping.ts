import type { Command } from './command.ts';
import { answer, code, line, list } from './document.ts';
import type { BotHealth } from './health.ts';
import { healthLines } from './health-view.ts';

export const pingCommand = (can: { health(): Promise<BotHealth> }): Command => ({
  name: 'ping',
  aliases: [],
  examples: ['ping'],
  who: 'anyone',
  replaces: false,
  async run({ words, chat, now, senderId }) {
    const time = words.dateTime(now, chat.timeZone, now);
    return [
      answer(words, [
        line(`${words.say('ping.pong')} ${words.say('ping.chat', { time, zone: chat.timeZone })}`),
        list(healthLines(await can.health(), words, now).map((text) => [text])),
        ...(chat.kind === 'private' ? [line(...words.rich('ping.you', { id: code(senderId) }))] : []),
      ]),
    ];
  },
});

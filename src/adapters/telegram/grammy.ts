/**
 * The one door to grammY's runtime. `grammy/web` is the same library without node-fetch, which costs 4 MB; of its own transport (the global
 * `fetch`) nothing is used, see `bot.ts`.
 */
import './no-web-storage.ts';

export { Bot, BotError, Context, GrammyError, HttpError } from 'grammy/web';

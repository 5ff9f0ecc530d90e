import { createHash } from 'node:crypto';
import type { LanguageCode } from 'grammy/types';
import type { AdapterDeps } from '../../core/ports/chat-adapter.ts';
import type { Bot } from './grammy.ts';
import { head, oneLine } from './text.ts';

const KEY = 'menu';

/** Puts the commands' descriptions into Telegram's menu, once after each change. A failure is no error: the next start tries again. */
export async function setMenu({ api, botInfo }: Bot, deps: AdapterDeps): Promise<void> {
  const menus = deps
    .commandMenu()
    .map(({ lang, commands }) => ({
      lang,
      commands: commands
        .map(({ name, description }) => ({ command: name, description: head(oneLine(description), 256) }))
        .filter(({ command, description }) => /^[a-z0-9_]{1,32}$/.test(command) && description !== '')
        .slice(0, 100),
    }))
    .filter(({ lang, commands }) => /^[a-z]{2}$/.test(lang) && commands.length > 0);
  if (menus.length === 0) return;
  const fingerprint = createHash('sha256')
    .update(JSON.stringify([botInfo.id, menus]))
    .digest('base64url');
  try {
    if ((await deps.state.get(KEY)) === fingerprint) return;
    const fallback = menus.find(({ lang }) => lang === 'en') ?? menus[0]!;
    for (const { lang, commands } of [{ lang: null, commands: fallback.commands }, ...menus])
      await api.setMyCommands(commands, lang === null ? {} : { language_code: lang as LanguageCode });
    await deps.state.set(KEY, fingerprint);
  } catch (error) {
    deps.log.debug('Unable to set the command menu', { detail: (error as Error).message });
  }
}

import { createHash } from 'node:crypto';
import type { AdapterDeps } from '../../core/ports/chat-adapter.ts';
import type { ApiClient } from './client.ts';
import { head, oneLine } from './text.ts';

const KEY = 'menu';

/** Puts the commands' descriptions into Telegram's menu, once after each change. A failure is no error: the next start tries again. */
export async function setMenu(client: ApiClient, deps: AdapterDeps, botId: number): Promise<void> {
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
  const mark = createHash('sha256')
    .update(JSON.stringify([botId, menus]))
    .digest('base64url');
  try {
    if ((await deps.state.get(KEY)) === mark) return;
    const fallback = menus.find(({ lang }) => lang === 'en') ?? menus[0]!;
    for (const { lang, commands } of [{ lang: null, commands: fallback.commands }, ...menus]) {
      const body = JSON.stringify({ commands, ...(lang === null ? {} : { language_code: lang }) });
      const answer = await client.call('setMyCommands', body, { deadlineMs: 10_000 });
      if (answer.kind === 'failure' || !answer.body.ok) {
        deps.log.debug('Unable to set the command menu', {
          detail: answer.kind === 'failure' ? answer.detail : answer.body.description,
        });
        return;
      }
    }
    await deps.state.set(KEY, mark);
  } catch (error) {
    deps.log.debug('Unable to keep the command menu', { detail: (error as Error).message });
  }
}

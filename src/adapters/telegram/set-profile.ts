/** What people see of the bot, set before its first start: menus and descriptions, as the running bot sets them, and a picture where it has none. */
import { readFile } from 'node:fs/promises';
import type { IntroduceDeps } from '../../core/ports/setup.ts';
import { createBot } from './bot.ts';
import type { ApiClient } from './client.ts';
import { inParts } from './form.ts';
import { metBy } from './meet.ts';
import { setProfile } from './profile.ts';

const PICTURE = new URL('../../../config/bot-picture.jpg', import.meta.url);
const DEADLINE_MS = 30_000;

/** Resolves with what did not work, a line each. */
export async function setWholeProfile(client: ApiClient, token: string, deps: IntroduceDeps): Promise<string[]> {
  const { clock, state, menus, signal } = deps;
  const met = metBy(await client.call('getMe', '{}', { deadlineMs: DEADLINE_MS, signal }), 0);
  if (met.type !== 'me') return ['Telegram cannot be reached now; the first start sets commands and descriptions'];
  const nothing = async (): Promise<void> => {};
  const routes = { moved: nothing, membership: nothing, command: nothing, pressed: nothing, inline: nothing };
  const bot = createBot({ token, me: met.me, client, routes });
  const problems: string[] = [];
  const log = {
    info: (text: string, { detail }: { detail: string | undefined }) => void problems.push(detail ?? text),
  };
  await setProfile(bot, { clock, state, commandMenu: () => menus, log }, signal);
  const picture = await setPicture(client, met.me.id, signal);
  if (picture !== null) problems.push(picture);
  return problems;
}

/** Null = it has one now. One of the operator's own stays. */
async function setPicture(client: ApiClient, id: number, signal: AbortSignal): Promise<string | null> {
  const limits = { deadlineMs: DEADLINE_MS, signal };
  const had = await client.call('getUserProfilePhotos', JSON.stringify({ user_id: id, limit: 1 }), limits);
  const count = had.kind === 'answer' && had.body.ok ? (had.body.result as { total_count?: number }).total_count : 0;
  if (count !== undefined && count > 0) return null;
  const fields = { photo: { type: 'static', photo: 'attach://picture' } };
  const file = { part: 'picture', name: 'tocsin.jpg', type: 'image/jpeg', bytes: await readFile(PICTURE) };
  const { body, contentType } = inParts(fields, file);
  const set = await client.call('setMyProfilePhoto', body, { ...limits, contentType });
  if (set.kind === 'answer' && set.body.ok) return null;
  return `setMyProfilePhoto: ${set.kind === 'answer' ? set.body.description : set.detail}`;
}

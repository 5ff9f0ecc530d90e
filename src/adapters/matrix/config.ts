import * as v from 'valibot';
import type { AdapterKind } from '../kind.ts';
import SETUP from './setup.json' with { type: 'json' };

export const DEFAULT_RATE = 5;
export const DEFAULT_MAX_ROOMS = 500;

const invitePattern = /^(\*|\*:[^\s:@*]+(:\d+)?|@[^\s:*]+:[^\s:@*]+(:\d+)?)$/;

const baseUrl = v.pipe(
  v.string('must be the URL of your homeserver, such as https://matrix.example.org'),
  v.trim(),
  v.check(isBaseUrl, 'must be the URL of your homeserver, such as https://matrix.example.org'),
  v.transform((url) => url.replace(/\/+$/, '')),
);

function isBaseUrl(text: string): boolean {
  const url = URL.parse(text);
  if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:')) return false;
  return !url.username && !url.password && !url.search && !url.hash && url.hostname !== '';
}

const RATE = 'must be a number of messages a second, 0 (unpaced) to 1000';
const ROOMS = 'must be a number of rooms, 1 to 100000';
const PATTERN = 'must be like "@ann:example.org", "*:example.org" or "*"';

const schema = v.strictObject({
  id: v.optional(v.pipe(v.string(), v.regex(/^[a-z0-9-]{1,32}$/, 'use 1 to 32 of a-z, 0-9 and "-"')), 'mx'),
  platform: v.literal('matrix'),
  /** Base URL of the homeserver's client API, without a trailing slash: "https://matrix.example.org". */
  homeserver: baseUrl,
  accessToken: v.pipe(
    v.string('must be an access token: docs/matrix.md tells how to get one'),
    v.trim(),
    v.regex(/^[\x21-\x7e]{1,4096}$/, 'must be an access token: docs/matrix.md tells how to get one'),
  ),
  /** Who may invite: "@ann:example.org", "*:example.org", "*". Not given: everyone of the bot's own homeserver. Empty: nobody. */
  inviteFrom: v.optional(
    v.array(
      v.pipe(v.string(PATTERN), v.regex(invitePattern, PATTERN)),
      'must be a list, such as ["@ann:example.org", "*:example.org"]',
    ),
  ),
  /** Messages a second while the homeserver does not object (it answers 429 when it does); 0 = unpaced. */
  rate: v.optional(v.pipe(v.number(RATE), v.minValue(0, RATE), v.maxValue(1000, RATE))),
  /** Rooms that the bot stays in at most; further invitations are declined. */
  maxRooms: v.optional(v.pipe(v.number(ROOMS), v.integer(ROOMS), v.minValue(1, ROOMS), v.maxValue(100_000, ROOMS))),
  /** Serves encrypted rooms. Not given: no, they are left with a word why. */
  e2ee: v.optional(v.boolean('must be true (serve encrypted rooms) or false')),
  /** Whose devices count in encrypted rooms: `all`, or those alone that their owner has verified (`signed`). Not given: all. */
  trust: v.optional(v.picklist(['all', 'signed'], 'must be all (every device of who is in the room) or signed')),
  /** The account's full Matrix name, to say that it is this user from now on, whoever it was before. */
  identity: v.optional(
    v.pipe(
      v.string(),
      v.regex(/^@[^\s:*]+:[^\s:@*]+(:\d+)?$/, 'must be a full Matrix name, such as "@bot:example.org"'),
    ),
  ),
  /** Language that rooms begin with, ISO 639-1; Matrix does not tell a person's. */
  lang: v.optional(v.pipe(v.string(), v.regex(/^[a-z]{2,3}$/, 'must be a language code, such as "en" or "ru"'))),
});

/** One Matrix account, as the config file has it (secrets resolved). */
export type MatrixAccount = v.InferOutput<typeof schema>;

/** Matrix: rooms and direct chats of one account on one homeserver. */
export const matrixKind: AdapterKind<MatrixAccount> = {
  platform: 'matrix',
  schema,
  secrets: ['accessToken'],
  fromEnv(env) {
    const homeserver = env.MATRIX_HOMESERVER?.trim();
    const accessToken = env.MATRIX_ACCESS_TOKEN?.trim();
    if (!homeserver && !accessToken) return null;
    // One without the other is left to the schema, which names what is missing.
    return {
      id: 'mx',
      platform: 'matrix',
      ...(homeserver && { homeserver }),
      ...(accessToken && { accessToken }),
      ...(env.MATRIX_IDENTITY && { identity: env.MATRIX_IDENTITY }),
    };
  },
  load: () => import('./adapter.ts'),
  setup: { ...SETUP, load: () => import('./setup.ts') },
  commands: { matrix: () => import('./verify-command.ts') },
  async about({ e2ee }, state) {
    if (e2ee !== true) return null;
    const { standingLine } = await import('./cipher.ts');
    return (await standingLine(state)) ?? 'encrypted rooms on; its device has not begun yet';
  },
};

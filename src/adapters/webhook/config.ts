import * as v from 'valibot';
import { LEVELS } from '../../core/model/incident.ts';
import type { AdapterKind } from '../kind.ts';
import SETUP from './setup.json' with { type: 'json' };

/** Forms in which a target takes its messages (docs/webhooks.md). */
export const PRESETS = ['standard', 'slack', 'discord', 'mattermost', 'ntfy', 'alertmanager'] as const;
export type Preset = (typeof PRESETS)[number];

/** Of a secret of Standard Webhooks, bytes. */
const [LEAST_BYTES, MOST_BYTES] = [24, 64];
const ROTATED = 4;
const MAKE_ONE = 'make one with: echo "whsec_$(openssl rand -base64 32)"';

/** `whsec_` and Base64, one or several between spaces; the newest first, for a receiver that learns a new one while the old one still holds. */
export const signingKeys = (secret: string): Buffer[] =>
  secret
    .trim()
    .split(/\s+/)
    .map((one) => Buffer.from(one.replace(/^whsec_/, ''), 'base64'));

function isSigningSecret(secret: string): boolean {
  const each = secret.trim().split(/\s+/);
  const keys = signingKeys(secret);
  return (
    each.length <= ROTATED &&
    each.every((one) => /^whsec_[A-Za-z0-9+/]+={0,2}$/.test(one)) &&
    keys.every(({ length }) => length >= LEAST_BYTES && length <= MOST_BYTES)
  );
}

const isTarget = (text: string): boolean => /^https?:\/\//i.test(text) && URL.canParse(text) && !text.includes('#');
const topicOf = (text: string): string => new URL(text).pathname.split('/').findLast((part) => part !== '') ?? '';

const schema = v.strictObject({
  id: v.optional(v.pipe(v.string(), v.regex(/^[a-z0-9-]{1,32}$/, 'use 1 to 32 of a-z, 0-9 and "-"')), 'hook'),
  platform: v.literal('webhook'),
  /** What is called. Slack's, Discord's and Mattermost's are secrets by themselves. */
  url: v.pipe(v.string(), v.trim(), v.check(isTarget, 'must be an http or https address, without "#"')),
  preset: v.optional(v.picklist(PRESETS), 'standard'),
  /** `standard`: the key that signs. `ntfy`, `alertmanager`: a token that is sent as `Authorization: Bearer`. */
  secret: v.optional(v.pipe(v.string(), v.trim(), v.nonEmpty(), v.maxLength(1_000))),
  /** Words of one `/subscribe`. */
  follow: v.pipe(
    v.array(v.pipe(v.string(), v.trim(), v.nonEmpty(), v.maxLength(200))),
    v.minLength(1, 'is empty; write what is followed, such as ["ru", "whatsapp"], or ["all"]'),
    v.maxLength(60),
  ),
  level: v.optional(v.picklist(LEVELS)),
  /** ISO 639-1, of the texts. */
  lang: v.optional(v.pipe(v.string(), v.regex(/^[a-z]{2}$/, 'use two letters, as in "en" or "ru"')), 'en'),
});
export type WebhookAccount = v.InferOutput<typeof schema>;

const secretFault = ({ preset, secret }: WebhookAccount): string | null => {
  if (preset === 'standard') {
    if (secret === undefined) return `is needed by the preset "standard"; ${MAKE_ONE}`;
    return isSigningSecret(secret) ? null : `must be whsec_ and the Base64 of 24 to 64 bytes; ${MAKE_ONE}`;
  }
  if (secret === undefined) return null;
  if (preset === 'ntfy' || preset === 'alertmanager')
    return /^[\x21-\x7e]+$/.test(secret) ? null : 'must be a token: letters, digits and signs of ASCII, without spaces';
  return `means nothing to the preset "${preset}", whose address is the secret; leave it out`;
};

const account = v.pipe(
  schema,
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    const { value: input } = dataset;
    const fault = secretFault(input);
    const at = (key: 'secret' | 'url') =>
      [{ type: 'object' as const, origin: 'value' as const, input, key, value: input[key] }] as const;
    if (fault !== null) addIssue({ message: fault, path: [...at('secret')] });
    if (input.preset === 'ntfy' && !/^[-_A-Za-z0-9]{1,64}$/.test(topicOf(input.url)))
      addIssue({ message: 'must end with the topic, as in https://ntfy.sh/my-topic', path: [...at('url')] });
  }),
);

/** The one "chat" of a target. */
export const TARGET = 'target';

export const webhookKind: AdapterKind<WebhookAccount> = {
  platform: 'webhook',
  schema: account,
  secrets: ['secret', 'url'],
  fromEnv: () => null,
  chat: ({ follow, lang, level = null }) => ({ chat: TARGET, kind: 'channel', follow, lang, level }),
  load: () => import('./adapter.ts'),
  setup: { ...SETUP, load: () => import('./setup.ts') },
};

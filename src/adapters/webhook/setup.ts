import { randomBytes } from 'node:crypto';
import { safeParse } from 'valibot';
import TEXTS from '../../../config/terminal-texts.json' with { type: 'json' };
import type { AccountSetup, Asker, MadeAccount, SetupDeps } from '../../core/ports/setup.ts';
import { PRESETS, webhookKind } from './config.ts';

const SAYS = TEXTS.webhook;

/** What `tocsin setup` asks of a webhook. Of one that is there only the address changes: its receiver knows its form and its key. */
async function ask(asker: Asker, _: SetupDeps, isThere = false): Promise<MadeAccount> {
  const preset = isThere
    ? undefined
    : await asker.ask({
        kind: 'one',
        flag: 'webhook-preset',
        says: SAYS.who,
        choices: PRESETS.map((value) => ({ value, ...SAYS.presets[value] })),
        initial: PRESETS[0],
      });
  const made: Record<string, string> =
    preset === 'standard' ? { secret: `whsec_${randomBytes(32).toString('base64')}` } : {};
  const url = await asker.ask({
    kind: 'secret',
    flag: 'webhook-url-file',
    says: SAYS.url,
    check(typed) {
      const account = { platform: 'webhook', url: typed, follow: ['all'], preset: preset ?? 'slack', ...made };
      const { issues } = safeParse(webhookKind.schema, account);
      return issues ? `It ${issues[0].message}.` : null;
    },
  });
  if (preset === 'standard') asker.say(SAYS.key);
  const keys = preset === undefined ? {} : { preset };
  return { id: 'hook', platform: 'webhook', keys, secrets: { url: url.trim(), ...made }, identity: null };
}

export const setup: AccountSetup = { ask, meet: async () => null };

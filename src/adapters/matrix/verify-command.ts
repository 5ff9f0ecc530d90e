/** `tocsin matrix verify`: the bot's device signed by its account's identity, and verified by people, from the terminal. */
import COMMANDS from '../../../config/commands-of-kinds.json' with { type: 'json' };
import TEXTS from '../../../config/terminal-texts.json' with { type: 'json' };
import TROUBLES from '../../../config/trouble-texts.json' with { type: 'json' };
import { afterwards, TocsinError } from '../../core/errors.ts';
import type { Asker } from '../../core/ports/setup.ts';
import type { PhraseKey } from '../../core/ports/translate.ts';
import { filled, sayIn } from '../../i18n/packs.ts';
import type { AccountCommand, AccountCommandDeps, BesideDeps } from '../kind.ts';
import { keepStanding, standingLine } from './cipher.ts';
import type { MatrixAccount } from './config.ts';
import { witnessBeside } from './crypto/beside.ts';
import { type Link, standing } from './crypto/cross-signing.ts';
import { openLink, secure } from './crypto/secure.ts';
import { meet, type Outcome, type Party, type Witness } from './crypto/verification.ts';
import { isUserId, json, shownId } from './untrusted.ts';

const SAYS = TEXTS.keys;

/** 0 all that was wished is done; 1 the device is not cross-signed, or a verification did not come to its end. */
async function run(account: MatrixAccount, deps: AccountCommandDeps): Promise<number> {
  const { asker, state, values } = deps;
  if (account.e2ee !== true) throw new TocsinError('usage', filled(SAYS.notServed, { account: account.id }));
  const { homeserver, accessToken } = account;
  const { link, close } = await openLink({ ...deps, homeserver, accessToken });
  await using _ = afterwards(close);
  const reset = values.get('reset') === 'yes';
  const renew = values.get('new-recovery-key') === 'yes';
  let now = await secure(link, { ...deps, password: null, reset, renew, prefix: '' });
  const whom = await askWhom(asker, link.identity.userId, now.signed);
  const ended = whom === null || (await verified(asker, whom, (who) => meetAt(link, deps, who)));
  if (whom !== null) now = await standing(link);
  await keepStanding(state, link, now);
  if (!now.signed) asker.say(SAYS.notSigned);
  return now.signed && ended ? 0 : 1;
}

/** The same beside the running bot, which has the keys: emoji alone. Null: that is not what was wished. */
async function beside(account: MatrixAccount, deps: BesideDeps): Promise<number | null> {
  const { asker, state, values, lang } = deps;
  const self = json(await state.get('sync')).owner;
  if (account.e2ee !== true || !asker.attended || values.size > 0 || !isUserId(self)) return null;
  const line = (await standingLine(state)) ?? 'its device has not begun yet';
  asker.say(filled(SAYS.runs, { line }));
  const whom = await askWhom(asker, self, json(await state.get('encryption')).signed === true);
  const see = (who: string | null) => witnessBeside(deps, who, atTerminal(asker, lang));
  return whom === null || (await verified(asker, whom, see)) ? 0 : 1;
}

/** A Matrix name, "anybody" who asks, or null for nobody. */
async function askWhom(asker: Asker, self: string, signed: boolean): Promise<string | null> {
  const given = asker.given('with');
  if (!asker.attended) {
    if (given && (await asker.ask({ kind: 'text', flag: 'with', says: 'Whom' })) !== 'no')
      throw new TocsinError('usage', SAYS.noTerminal);
    return null;
  }
  const says = signed ? SAYS.verifyNow : SAYS.verifyWithApp;
  const check = (text: string): string | null =>
    ['own', 'anybody', 'no'].includes(text) || isUserId(text) ? null : SAYS.writeWhom;
  const others = SAYS.whom;
  const choices = signed ? [{ value: 'no', label: 'No' }, ...others] : [...others, { value: 'no', label: 'Later' }];
  const answer = given
    ? await asker.ask({ kind: 'text', flag: 'with', says, check })
    : await asker.ask({ kind: 'one', flag: 'whom', says, choices, initial: signed ? 'no' : 'own' });
  if (answer === 'no') return null;
  return answer === 'own' ? self : answer;
}

async function meetAt(
  link: Link,
  { asker, state, clock, ids, signal, lang }: AccountCommandDeps,
  whom: string | null,
): Promise<Outcome | null> {
  const kept = json(await state.get('sync'));
  const since = kept.owner === link.identity.userId && typeof kept.token === 'string' ? kept.token : null;
  const witness = atTerminal(asker, lang);
  const begun = await state.get(BEGUN);
  const former: unknown[] = Array.isArray(begun) ? begun : [];
  return await meet(link, {
    whom,
    since,
    former: new Set(former),
    remember(flow) {
      former.push(flow);
      return state.set(BEGUN, former.slice(-MAX_BEGUN));
    },
    witness,
    clock,
    txnId: ids.next(),
    signal,
  });
}

/** Whether it came to its end. `see`: with this person, or null for whoever asks. */
async function verified(
  asker: Asker,
  whom: string,
  see: (who: string | null) => Promise<Outcome | null>,
): Promise<boolean> {
  asker.say(whom === 'anybody' ? SAYS.waiting : filled(SAYS.asking, { whom }));
  const outcome = await see(whom === 'anybody' ? null : whom);
  asker.say(said(outcome));
  return outcome?.end === 'done';
}

/** Where it is kept which verifications were begun. */
const BEGUN = 'verifications';
const MAX_BEGUN = 100;

/** What a device calls itself is anybody's choice. */
function named({ userId, deviceId, own }: Party): string {
  const device = shownId(deviceId ?? '');
  return own ? `your session ${device}`.trim() : `${shownId(userId)}${device && ` (device ${device})`}`;
}

function atTerminal(asker: Asker, lang: string): Witness {
  return {
    async accepts(who, signal) {
      const says = filled(SAYS.isThatYou, { who: named(who) });
      return (await asker.ask({ kind: 'yes-no', flag: 'accept', says, initial: false }, signal)) === 'yes';
    },
    async compare(emoji, who, signal) {
      asker.say(filled(SAYS.compare, { who: named(who) }));
      for (const { emoji: sign, name } of emoji.map((index) => signOf(index, lang))) asker.say(`    ${sign}  ${name}`);
      return (
        (await asker.ask({ kind: 'yes-no', flag: 'match', says: SAYS.areThese, initial: false }, signal)) === 'yes'
      );
    },
  };
}

/** Codes of the specification that people can do something about. */
const REASONS: Partial<Record<string, string>> = TROUBLES.verification;

function said(outcome: Outcome | null): string {
  if (outcome === null) return SAYS.nobodyCame;
  const who = named(outcome.who);
  if ('byUs' in outcome && outcome.byUs) return filled(SAYS.endsByUs[outcome.end], { who });
  const code = 'code' in outcome ? outcome.code : '';
  const known = Object.hasOwn(REASONS, code) ? REASONS[code] : null;
  return filled(SAYS.ends[outcome.end], { who, why: known ?? filled(SAYS.cancelled, { code: shownId(code) }) });
}

export const command: AccountCommand<MatrixAccount> = {
  help: COMMANDS.matrix,
  action: 'verify',
  flags: [
    { name: 'password-file', file: true },
    { name: 'recovery-key-file', file: true },
    { name: 'save-recovery-key' },
    { name: 'with' },
  ],
  switches: ['reset', 'new-recovery-key'],
  run,
  beside,
};

/**
 * The 64 emoji of an interactive verification, in their order. They and their names (`emoji.…` in `config/languages/`) are those of the table of
 * the Matrix specification ("SAS method: emoji", sas-emoji of its data; Apache License 2.0, The Matrix.org Foundation), which other apps show as
 * well; the Turkish names are our own, since it has none.
 */
const SIGNS =
  '🐶 🐱 🦁 🐎 🦄 🐷 🐘 🐰 🐼 🐓 🐧 🐢 🐟 🐙 🦋 🌷 🌳 🌵 🍄 🌏 🌙 ☁️ 🔥 🍌 🍎 🍓 🌽 🍕 🎂 ❤️ 😀 🤖 🎩 👓 🔧 🎅 👍 ☂️ ⌛ ⏰ 🎁 💡 📕 ✏️ 📎 ✂️ 🔒 🔑 🔨 ☎️ 🏁 🚂 🚲 ✈️ 🚀 🏆 ⚽ 🎸 🎺 🔔 ⚓ 🎧 📁 📌'.split(
    ' ',
  );

/** `index` 0 to 63; names in this language, English where it is not among ours. */
export function signOf(index: number, lang: string) {
  const emoji = SIGNS[index];
  return emoji === undefined ? { emoji: '?', name: '?' } : { emoji, name: sayIn(lang, `emoji.${emoji}` as PhraseKey) };
}

/** Writes docs/transcripts/ anew: `npm run transcripts`, or `npm run transcripts -- NAME…`. What needs ../shared or a Synapse is left out where that is missing. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Platform, playHour } from '../e2e/newcomer/hour.ts';
import { asPage } from '../e2e/newcomer/page.ts';
import { type Lang, LANGS, type Transcript as Played } from '../e2e/newcomer/scene.ts';
import { hasSynapse } from '../e2e/synapse.ts';
import { shared } from '../fakes/shared.ts';
import { oneState } from './one-state.ts';
import { asTranscript, DAYTIME, EPISODE, heardIn, NIGHT } from './replay-week.ts';

const FOLDER = resolve(import.meta.dirname, '../../docs/transcripts');

/** One page. `make` gives its text below the title, or null where this machine lacks what it is made of. */
interface Transcript {
  name: string;
  title: string;
  make(): Promise<string | null>;
}

const week = (name: string, title: string, lang: string, quiet: typeof NIGHT): Transcript => ({
  name,
  title,
  async make() {
    const file = shared(EPISODE);
    return file && asTranscript(await heardIn(file, lang, quiet));
  },
});

let hour: Promise<Map<string, Played>> | null = null;
/** A person who has never seen the bot, and the built program. */
const newcomer = (platform: Platform, lang: Lang): Transcript => ({
  name: `newcomer-${platform.toLowerCase()}-${lang}`,
  title: `A newcomer on ${platform}, in ${new Intl.DisplayNames('en', { type: 'language' }).of(lang)}`,
  async make() {
    hour ??= playHour({ matrix: hasSynapse() });
    const played = (await hour).get(`${platform} ${lang}`);
    return played ? asPage(played) : null;
  },
});

/** A new transcript is one more line. */
const TRANSCRIPTS: readonly Transcript[] = [
  ...LANGS.map((lang) => newcomer('Telegram', lang)),
  ...LANGS.map((lang) => newcomer('Matrix', lang)),
  week('replay-week-en', 'Russia, 6 to 16 February 2026: a chat in Moscow, asleep from 23:00 to 08:00', 'en', NIGHT),
  week('replay-week-ru', 'Россия, 6–16 февраля 2026: чат в Москве, тихие часы с 23:00 до 08:00', 'ru', NIGHT),
  {
    name: 'one-state',
    title: 'One state: Russia, Iran, China and Ukraine in a week of February 2026, from everywhere',
    async make() {
      const file = shared(EPISODE);
      return file && (await oneState(file));
    },
  },
  week('replay-week-by-day', 'The same week, asleep by day: quiet hours from 08:00 to 22:00', 'en', DAYTIME),
];

mkdirSync(FOLDER, { recursive: true });
const wanted = process.argv.slice(2);
for (const { name, title, make } of TRANSCRIPTS) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const text = await make();
  if (text === null) {
    process.stdout.write(`${name}: left out, this machine lacks what it is made of\n`);
    continue;
  }
  writeFileSync(join(FOLDER, `${name}.md`), `# ${title}\n\n${text}`);
  process.stdout.write(`${name}\n`);
}

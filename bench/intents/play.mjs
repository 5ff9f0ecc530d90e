/**
 * `node bench/intents/play.mjs OUT LIST…`: the built program on the Telegram stand-in, each sentence of the lists (id, language, sentence, what was wanted) by a
 * person of their own who follows one country. Writes what each of them reads to OUT, for somebody who judges it (`blind/README.md`).
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { OUTLETS, outletSources } from '../../test/e2e/news.ts';
import { Program } from '../../test/e2e/program.ts';
import { FakeTelegram } from '../../test/fakes/fake-telegram/client.ts';
import { FeedServer } from '../../test/fakes/feed-server.ts';

const [out, ...lists] = process.argv.slice(2);
const FOLLOWS = { fa: 'IR', uk: 'UA', tr: 'TR', ar: 'EG', zh: 'CN', es: 'VE', fr: 'SN' };
const feeds = await FeedServer.start();
const telegram = await FakeTelegram.start({ limits: 'official', rejectUnknown: true });
const program = await Program.create({
  baseline: undefined,
  database: 'tocsin.db',
  accounts: [{ id: 'tg', platform: 'telegram', token: telegram.token, apiRoot: telegram.apiRoot }],
  sources: outletSources(feeds.url),
  network: { allowPrivateAddresses: true },
});
for (const outlet of OUTLETS) feeds.add(outlet, { title: 'Weather for the weekend', summary: 'Sunny.' });
await program.start();

const labels = (one) =>
  (one.reply_markup?.inline_keyboard ?? []).map((row) => row.map(({ text }) => `[${text}]`).join(' ')).join('\n');
async function answer(person, text) {
  const before = (await person.chat.transcript({ from: 'bot' })).length;
  await person.send(text);
  let all = [];
  for (let quiet = 0, tries = 0; quiet < 6 && tries < 200; tries++) {
    await sleep(50);
    const now = await person.chat.transcript({ from: 'bot' });
    quiet = now.length > before && now.length === all.length ? quiet + 1 : 0;
    all = now;
  }
  return all
    .slice(before)
    .map((one) => [one.media?.file_name ?? '', one.text ?? one.caption ?? '', labels(one)].filter(Boolean).join('\n'))
    .join('\n---\n');
}

// The first sentence starts the encoder.
const first = await telegram.user({ first_name: 'P', language_code: 'en' });
await answer(first, 'why on earth did you wake me up at this hour');
await sleep(3_000);
const parts = [];
for (const list of lists)
  for (const row of readFileSync(list, 'utf8').trim().split('\n')) {
    const [id, lang, text, wanted] = row.split('\t');
    const follows = FOLLOWS[lang] ?? 'RU';
    const person = await telegram.user({ first_name: 'P', language_code: lang });
    await answer(person, `/subscribe ${follows}`);
    const said = await answer(person, text);
    parts.push(
      `## ${id} (${lang}; the chat follows ${follows})\n**${text}**\nwanted: ${wanted}\n\`\`\`\n${said}\n\`\`\`\n`,
    );
  }
writeFileSync(out, parts.join('\n'));
await program.remove();
await Promise.all([telegram.stop(), feeds.stop()]);

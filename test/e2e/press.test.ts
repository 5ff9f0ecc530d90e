/** A newcomer follows a country on a fresh bot: its press is read within a minute, in its own languages, and two owners ring where one does not. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readPress } from '../../src/config/press.ts';
import { FakeTelegram } from '../fakes/fake-telegram/client.ts';
import type { FeedEntry } from '../fakes/feed-server.ts';
import { addressOf, PressInternet } from '../fakes/press-internet.ts';
import { Program } from './program.ts';

const catalogue = readPress();
const WEATHER: Record<string, FeedEntry> = {
  en: { title: 'Weather for the weekend', summary: 'Sunny with some clouds in the north.' },
  tr: { title: 'Hafta sonu hava durumu', summary: 'Kuzeyde az bulutlu ve güneşli.' },
  es: { title: 'El tiempo del fin de semana', summary: 'Soleado, con algunas nubes en el norte.' },
  ur: { title: 'ہفتے کے آخر کا موسم', summary: 'شمال میں ہلکے بادل اور دھوپ رہے گی۔' },
};

interface Case {
  lang: string;
  country: string;
  /** As the newcomer's client says. */
  speaks: string;
  says: string;
  expected: RegExp;
  /** Ids of the catalogue. */
  first: string;
  second: string;
  /** Another outlet of the owner of the first, which this bot reads besides. */
  sister: { publisher: string; news: FeedEntry } | null;
  news: readonly [FeedEntry, FeedEntry];
}

const CASES: Case[] = [
  {
    lang: 'en',
    country: 'UG',
    speaks: 'en',
    says: 'subscribe uganda',
    expected: /^🔴 Uganda: WhatsApp blocked/,
    first: 'ug-pml-daily',
    second: 'ug-nile-post',
    sister: null,
    news: [
      {
        title: 'Uganda blocks WhatsApp ahead of the vote',
        summary:
          'The Uganda Communications Commission ordered operators to cut access to WhatsApp across the country on Wednesday evening, two providers said.',
      },
      {
        title: 'WhatsApp blocked in Uganda',
        summary:
          'Users in Kampala cannot send messages without a VPN; UCC confirmed that it has restricted access to the messenger until further notice.',
      },
    ],
  },
  {
    lang: 'tr',
    country: 'TR',
    speaks: 'tr',
    says: '/subscribe türkiye',
    expected: /^🔴 Türkiye: WhatsApp/,
    first: 'tr-hurriyet',
    second: 'tr-medyascope',
    sister: {
      publisher: 'milliyet.com.tr',
      news: {
        title: 'BTK WhatsApp’ı Türkiye genelinde engelledi',
        summary: 'Ankara ve İzmir’de kullanıcılar uygulamaya bağlanamıyor; WhatsApp erişime kapatıldı.',
      },
    },
    news: [
      {
        title: "Türkiye'de WhatsApp'a erişim engellendi",
        summary:
          "BTK'nın kararıyla WhatsApp'a erişim çarşamba akşamı ülke genelinde engellendi; üç operatörün kullanıcıları bağlanamıyor.",
      },
      {
        title: "WhatsApp Türkiye'de erişime kapatıldı",
        summary:
          'Kullanıcılar mesaj gönderemiyor. Yetkililer, uygulamanın ikinci bir duyuruya kadar erişime kapatıldığını doğruladı.',
      },
    ],
  },
  {
    lang: 'es',
    country: 'VE',
    speaks: 'es',
    says: '/subscribe venezuela',
    expected: /^🔴 Venezuela: WhatsApp/,
    first: 've-el-pitazo',
    second: 've-talcual',
    sister: null,
    news: [
      {
        title: 'Venezuela bloquea WhatsApp',
        summary:
          'Conatel ordenó a las operadoras bloquear el acceso a WhatsApp en todo el país desde la noche del miércoles, según dos proveedores.',
      },
      {
        title: 'Bloquean WhatsApp en Venezuela',
        summary:
          'Usuarios de Caracas no pueden enviar mensajes sin una VPN; las autoridades confirmaron el bloqueo de la aplicación hasta nuevo aviso.',
      },
    ],
  },
  {
    lang: 'ur',
    country: 'PK',
    speaks: 'en',
    says: 'subscribe pakistan',
    expected: /^🔴 Pakistan: WhatsApp blocked/,
    first: 'pk-urdupoint',
    second: 'pk-independent-urdu',
    sister: null,
    news: [
      {
        title: 'پاکستان میں واٹس ایپ بند کر دیا گیا',
        summary:
          'پی ٹی اے کے حکم پر بدھ کی شام ملک بھر میں واٹس ایپ تک رسائی بند کر دی گئی، تین کمپنیوں کے صارفین رابطہ نہیں کر سکتے۔',
      },
      {
        title: 'پاکستان میں واٹس ایپ بلاک',
        summary: 'صارفین پیغامات نہیں بھیج سکتے۔ حکام نے تصدیق کی ہے کہ پاکستان میں واٹس ایپ کو بلاک کر دیا گیا ہے۔',
      },
    ],
  },
];

const SISTER = 'https://sister.example/feed';

describe.each(CASES)('$says, in $lang', ({ lang, country, speaks, says, expected, first, second, sister, news }) => {
  let internet: PressInternet;
  let telegram: FakeTelegram;
  let program: Program;
  const feeds = catalogue.of(country);
  const addressBy = (id: string) =>
    id === 'sister' ? addressOf(SISTER) : addressOf(feeds.find(({ source }) => source.id === id)!.source.url);
  const written = new Map<string, FeedEntry[]>();
  let ahead = 0;
  const publish = (id: string, entry: FeedEntry) =>
    written.get(id)!.unshift({ ...entry, at: new Date(Date.now() + ahead) });

  beforeAll(async () => {
    internet = await PressInternet.start();
    telegram = await FakeTelegram.start({ limits: 'official', rejectUnknown: true });
    for (const { source } of feeds) {
      const entries = [{ ...WEATHER[lang]!, at: new Date(Date.now() - 3_600_000) }];
      written.set(source.id, entries);
      internet.feed(source.url, entries);
    }
    written.set('sister', [{ ...WEATHER[lang]!, at: new Date(Date.now() - 3_600_000) }]);
    internet.feed(SISTER, written.get('sister')!);
    program = await Program.create(
      {
        database: 'tocsin.db',
        accounts: [{ id: 'tg', platform: 'telegram', token: telegram.token, apiRoot: telegram.apiRoot }],
        sources: [{ id: 'sister', kind: 'rss', url: SISTER, publisher: sister?.publisher ?? 'sister', lang }],
        feeds: { follow: true },
        policy: { groupWait: '0s' },
        network: { allowPrivateAddresses: true, proxy: internet.proxy },
      },
      internet.env,
    );
    const file = join(program.folder, 'ahead');
    writeFileSync(file, '0');
    const shifted = join(import.meta.dirname, 'observatories/shifted-clock.mjs');
    program.extend({ NODE_OPTIONS: `--import=${shifted}`, TOCSIN_TEST_AHEAD: file });
    await program.start();
  }, 60_000);
  afterAll(async () => {
    await program?.remove();
    await telegram?.stop();
    await internet?.stop();
  });

  /** Six minutes on: whatever is read at default settings has been read. */
  const later = async (...ids: string[]) => {
    const from = internet.asked.length;
    ahead += 360_000;
    writeFileSync(join(program.folder, 'ahead'), String(ahead));
    const missing = () =>
      ids.filter((id) => !internet.asked.slice(from).some(({ address }) => address === addressBy(id)));
    await until(() => missing().length === 0, 30_000);
    await new Promise((wake) => setTimeout(wake, 3_000));
  };

  test('within a minute its press is polled; one owner, however many titles, does not ring; a second owner does', async () => {
    expect(
      internet.asked.filter(({ address }) => address !== addressOf(SISTER)),
      'nobody follows it',
    ).toEqual([]);
    const ann = await telegram.user({ first_name: 'Ann', language_code: speaks });
    await ann.send('/start');
    await ann.chat.waitFor({ regex: '.', timeout_ms: 10_000 });
    await ann.send(says);
    const unasked = () =>
      feeds.filter(({ source }) => !internet.asked.some(({ address }) => address === addressOf(source.url)));
    await until(() => unasked().length === 0, 60_000);
    expect(
      unasked().map(({ source }) => source.id),
      'asked within a minute',
    ).toEqual([]);

    const rung = async () =>
      (await ann.chat.botTexts()).filter((text: string) => text.includes(`${country}-whatsapp-`));
    publish(first, news[0]);
    if (sister) publish('sister', sister.news);
    await later(first, ...(sister ? ['sister'] : []));
    expect(await rung(), 'one owner').toEqual([]);
    publish(second, news[1]);
    await later(second);
    const alert = await ann.chat.waitFor({ contains: `${country}-whatsapp-`, timeout_ms: 15_000 });
    expect(alert.text).toMatch(expected);
    expect(await program.stop()).toBe(0);
  }, 240_000);
});

async function until(met: () => boolean, ms: number): Promise<void> {
  const deadline = performance.now() + ms;
  while (!met() && performance.now() < deadline) await new Promise((wake) => setTimeout(wake, 200));
}

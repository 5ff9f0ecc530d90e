/** What counts as a name, in many scripts and cases, whatever is then made of it. */
import { describe, expect, test } from 'vitest';
import { createAnalyser } from '../../../src/core/extract/analysis.ts';
import { candidatesOf } from '../../../src/core/extract/score/cells.ts';
import { casesOf, catalogue, lexicon, read } from './extractor.ts';

const analyse = createAnalyser(lexicon, catalogue);
const services = (lang: string, title: string): string[] =>
  candidatesOf(analyse({ title, summary: '', lang })).services.filter((id) => id !== '');
const countries = (lang: string, title: string): string[] =>
  analyse({ title, summary: '', lang }).fields.flatMap((field) => field.places.map((p) => p.code));

const cases = casesOf('names.txt');
describe('names in sentences', () => {
  test('the list: is there', () => expect(cases.length).toBeGreaterThan(25));
  test.each(cases)('$title: $want', ({ title, summary, lang, want }) => expect(read(title, summary, lang)).toBe(want));
});

describe('services in other scripts', () => {
  test.each([
    ['ur', 'پاکستان میں ریڈٹ بند', ['reddit']],
    ['ar', 'حجب غرايندر في لبنان', ['grindr']],
    ['fa', 'ساندکلاد فیلتر شد', ['soundcloud']],
    ['ko', '몽골, 쿼라 차단', ['quora']],
    ['ja', 'モンゴル、クオーラを遮断', ['quora']],
    ['th', 'บล็อกเรดดิท', ['reddit']],
    ['ka', 'ტელეგრამს ბლოკავენ', ['telegram']],
    ['hy', 'Թիքթոքն արգելափակվել է', ['tiktok']],
    ['he', 'נחסמה הגישה לפינטרסט', ['pinterest']],
    ['bn', 'রেডিট বন্ধ', ['reddit']],
    ['ta', 'ரெட்டிட்டை முடக்கியது', ['reddit']],
    ['ta', 'டெலிகிராமை முடக்கியது', ['telegram']],
    ['sr', 'Блокиран Твитер', ['x']],
    ['zh', '柬埔寨封锁领英', ['linkedin']],
  ])('%s: %s', (lang, title, want) => expect(services(lang, title)).toEqual(want));
});

describe('names in Latin letters take the endings of the language, and no others', () => {
  test.each([
    ['cs', 'Mongolsko vypnulo Quoru', ['quora']],
    ['cs', 'Soud zrušil blokaci Imguru', ['imgur']],
    ['pl', 'Mongolia blokuje Quorę', ['quora']],
    ['pl', 'Brak dostępu do Redditu, na YouTubie spokój', ['reddit', 'youtube']],
    ['sk', 'Úrad zablokoval Tumblru prístup', ['tumblr']],
    ['hr', 'Blokada Redditom nije riješena', ['reddit']],
    ['hu', 'Letiltották a Quorát és a Skype-ot', ['quora', 'skype']],
    ['fi', 'Mongolia esti Quoran ja Imgurin', ['quora', 'imgur']],
    ['et', 'Mongoolia blokeeris Redditi', ['reddit']],
    ['lv', 'Mongolija bloķē Redditu', ['reddit']],
    ['lt', 'Mongolija užblokavo Redditą', ['reddit']],
    ['uz', 'Telegramning ishi toʻxtadi, TikTokka yoʻl yoʻq', ['telegram', 'tiktok']],
    ['tr', 'Instagramda sorun', ['instagram']],
    ['de', 'Telegrams Sperre bleibt', ['telegram']],
    ['it', 'Il governo blocca il reddito', []],
    ['pt', 'Deputados vão discordar do bloqueio', []],
    ['fr', 'La reddition bloque la ville', []],
    ['de', 'Die Behörde will twittern, aber App Stores bleiben', []],
    ['cs', 'Kdy dojde k blokaci, úřad neví', []],
  ])('%s: %s', (lang, title, want) => expect(services(lang, title)).toEqual(want));
});

describe('names that are the beginning of another word', () => {
  test.each([
    ['uk', 'Уряд тримає блокування сайтів'],
    ['ru', 'Институт заблокировали, инстинкт сработал'],
    ['ru', 'Кворум заблокировал закон'],
    ['ja', 'インスタント食品とオンライン販売を停止'],
    ['zh', '输油管被封锁'],
    ['hi', 'ऐप इंस्टाल करने पर रोक'],
  ])('%s: %s', (lang, title) => expect(services(lang, title)).toEqual([]));
  test('in Katakana, with more behind it: a long name heads a compound', () =>
    expect(services('ja', 'ティックトックアプリを遮断')).toEqual(['tiktok']));
});

describe('countries as the press writes and declines them', () => {
  test.each([
    ['de', 'Kirgistan erlaubt Skype wieder', 'KG'],
    ['fr', 'Burkina : la BBC coupée', 'BF'],
    ['pt', 'Timor: TikTok sob ameaça', 'TL'],
    ['en', 'Trinidad to switch off Instagram Live', 'TT'],
    ['sq', 'Kosova bllokon Polymarket', 'XK'],
    ['sw', 'Jeshi la Guinea lazima intaneti', 'GN'],
    ['sl', 'V Rusiji blokirali Signal', 'RU'],
    ['lv', 'Krievijā bloķēts Signal', 'RU'],
    ['lv', 'Irānas varas iestādes bloķē WhatsApp', 'IR'],
    ['et', 'Iraanis on internet kinni', 'IR'],
    ['cs', 'V Čadu nejde internet', 'TD'],
    ['ky', 'Казакстанда TikTok бөгөттөлдү', 'KZ'],
    ['ro', 'Olandei i se cere blocarea X', 'NL'],
    ['th', 'สวิตเซอร์แลนด์บล็อกเว็บไซต์', 'CH'],
    ['th', 'สหรัฐอาหรับเอมิเรตส์บล็อก Skype', 'AE'],
    ['fa', 'هنگ‌کنگ تلگرام را مسدود کرد', 'HK'],
    ['tr', 'Hong Kong Telegramı engelledi', 'HK'],
    ['tr', 'KKTC’de Badoo’ya erişim engeli', 'CY'],
    ['ja', '豪、16歳未満のSNS禁止法が施行', 'AU'],
    ['ko', '美 의회, 틱톡 금지법 통과', 'US'],
  ])('%s: %s', (lang, title, want) => expect(countries(lang, title)).toEqual([want]));

  test.each([
    ['ar', 'أوجيرو تحجب التطبيق', 'LB'],
    ['en', 'Our Telekom switched off data at 8pm', 'SB'],
    ['tr', 'SPK’nın başvurusu üzerine erişim engeli', 'TR'],
    ['fr', 'GUILAB confirme la coupure', 'GN'],
    ['hu', 'A Dnyeszter menti hatóságok lekapcsolták a mobilnetet', 'MD'],
    ['ru', 'Алиев подписал закон', 'AZ'],
    ['cs', 'Slovenští poslanci chtějí blokovat Telegram', 'SK'],
    ['es', 'Corte de internet en Potosí', 'BO'],
    ['ko', '방송통신심의위원회, 접속 차단', 'KR'],
  ])('%s: %s: by a regulator, an operator, a city', (lang, title, want) =>
    expect(countries(lang, title)).toEqual([want]),
  );

  test.each([
    ['ja', 'ライフスタイルとタイトル、マリファナを規制'],
    ['ja', '混乱の中、豪雨でサイト停止'],
    ['ja', '東南アジアで遮断'],
    ['fi', 'Oikeus kumosi perusteet, peruna kallistui'],
    ['lv', 'Nepaliks bez interneta, jāpanāk vienošanās'],
    ['cs', 'Aplikace je jen anglicky'],
    ['es', 'La república bloquea TikTok'],
    ['ro', 'Tot mai puțin internet, oamenii vor trăi fără'],
    ['sr', 'Čak i sajtovi su blokirani'],
    ['cs', 'Úřad se ptá, kdo to robí'],
    ['tr', 'Yeni hesap açma engellendi'],
    ['id', 'Aplikasi dibuka lima hari di satu sisi'],
    ['bn', 'অসম্ভব, বলছেন আসামি'],
    ['sl', 'Beli golob je blokiral promet'],
  ])('%s: %s: words that begin like one are none', (lang, title) => expect(countries(lang, title)).toEqual([]));
});

describe('where no country is named', () => {
  const candidates = (lang: string, title: string): string[] =>
    candidatesOf(analyse({ title, summary: '', lang })).countries;
  test.each([
    ['a language of one country: that one', 'cs', 'Poslanci chtějí blokovat Telegram', ['CZ']],
    [
      'whose a thing is: leaves room for it',
      'uk',
      'У Раді пропонують заборонити китайську мережу TikTok',
      ['CN', 'UA'],
    ],
    ['the Union: leaves room for it', 'de', 'Medienaufsicht lässt RT nach den EU-Sanktionen sperren', ['EU', 'DE']],
    ['a scene: leaves none', 'cs', 'Írán blokuje Telegram', ['IR']],
    ['a language of many countries, without an institution: none', 'es', 'Bloquean Telegram', []],
    ['a language of many countries: by an institution', 'pt', 'Senado aprova bloqueio do TikTok', ['BR']],
  ])('%s', (_name, lang, title, want) => expect(candidates(lang, title)).toEqual(want));
});
